"""Parts of English compounds: *Citymedia*, *Worldunion*, *Linktel*.

Firms write words together that their Chinese names keep apart. A word that is not in the vocabulary of organisation
names is cut where both halves are known, or else where the longer half is; the other half stays as a word of its own.
"""

from __future__ import annotations

from functools import cache, lru_cache

from entitymatch.lexicon.tables import read_table

VOCABULARY = "models/background.tsv"
_SHORTEST, _SHORTEST_ALONE = 3, 4


@cache
def _vocabulary() -> dict[str, float]:
    return {
        row["value"]: float(row["share"])
        for row in read_table(VOCABULARY)
        if row["kind"] == "word" and row["value"].isalpha()
    }


@lru_cache(maxsize=262_144)
def parts_of(stem: str) -> tuple[str, ...]:
    """Return the two parts of a compound, or () if the word is none.

    Example:
        >>> parts_of("citymedia"), parts_of("technology")
        (('city', 'media'), ())
    """
    vocabulary = _vocabulary()
    if len(stem) < 2 * _SHORTEST or stem in vocabulary or not stem.isalpha():
        return ()
    best: tuple[float, tuple[str, ...]] = (0.0, ())
    for cut in range(_SHORTEST, len(stem) - _SHORTEST + 1):
        first, second = stem[:cut], stem[cut:]
        if first in vocabulary and second in vocabulary:
            best = max(best, (1.0 + min(cut, len(stem) - cut), (first, second)))
    if best[1]:
        return best[1]
    for cut in range(2, len(stem) - 1):
        first, second = stem[:cut], stem[cut:]
        for known in (first, second):
            if len(known) >= _SHORTEST_ALONE and known in vocabulary:
                best = max(best, (len(known) / len(stem), (first, second)))
    return best[1]
