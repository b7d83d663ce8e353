"""The transliteration model turned round: Chinese syllables of a Latin name, Latin letters of a Chinese one.

``spell`` is the noisy channel: syllables follow one another as in the names the model was trained on (bigrams), and
each emits letters as the model has learned. Both functions search with a beam and add up the different ways to cut
one and the same answer. Probabilities are shares among the answers the beam has kept.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from entitymatch.romanize.letters import LONGEST, letters, string
from entitymatch.romanize.transliteration import Transliteration

BEAM = 40
CHOICES = 15


def spell(latin: str, n: int = 5, model: Transliteration | None = None) -> list[tuple[str, float]]:
    """Return the likeliest Chinese syllables of a Latin name.

    Args:
        latin: one name or several joined; accents are folded, other than letters are skipped.
        n: how many to return at most.
        model: the transliteration model; the package's own if None.

    Returns:
        Pairs of syllables (joined with spaces) and probability among the answers found, likeliest first; [] without
        letters.

    Example:
        >>> spell("Siemens", 1)[0][0]
        'xi men si'
    """
    channel = (model or Transliteration.load_default()).channel
    name = letters(latin)
    if not name:
        return []
    cells = channel.cells([name])[0]
    follows = channel.following
    edge = len(channel.syllable_names)
    emission = channel.syllable_table
    beams: list[dict[tuple[int, ...], float]] = [defaultdict(float) for _ in range(len(name) + 1)]
    beams[0][()] = 1.0
    for position in range(len(name)):
        kept = sorted(beams[position].items(), key=lambda item: (-item[1], item[0]))[:BEAM]
        if not kept:
            continue
        last = [syllables[-1] if syllables else edge for syllables, _ in kept]
        weights = np.array([weight for _, weight in kept])[:, None] * follows[last, :edge]
        for size in range(1, min(LONGEST, len(name) - position) + 1):
            joint = weights * (emission[:, cells.columns[position, size]] * cells.factors[position, size])[None, :]
            best = np.argpartition(-joint, CHOICES, axis=1)[:, :CHOICES]
            for row, (syllables, _) in enumerate(kept):
                for syllable in best[row].tolist():
                    beams[position + size][(*syllables, syllable)] += float(joint[row, syllable])
    final = {syllables: weight * float(follows[syllables[-1], edge]) for syllables, weight in beams[-1].items()}
    return _shares(
        {" ".join(channel.syllable_names[s] for s in syllables): weight for syllables, weight in final.items()}, n
    )


def spell_latin(zh: str, n: int = 5, model: Transliteration | None = None) -> list[tuple[str, float]]:
    """Return the likeliest Latin spellings of a Chinese name, as if it were a transliteration.

    Args:
        zh: Han characters; others are skipped.
        n: how many to return at most.
        model: the transliteration model; the package's own if None.

    Returns:
        Pairs of lowercase letters and probability among the answers found, likeliest first; [] without Han characters.

    Example:
        >>> "nokia" in dict(spell_latin("诺基亚", 10))
        True
    """
    channel = (model or Transliteration.load_default()).channel
    rows = [row for row in channel.rows(zh) if row < len(channel.characters) + len(channel.syllable_names)]
    if not rows:
        return []
    found = {"": 1.0}
    for row in rows:
        emission = channel.emission(row)
        best = np.argsort(-emission, kind="stable")[:CHOICES]
        longer: dict[str, float] = defaultdict(float)
        for so_far, weight in found.items():
            for column in best.tolist():
                longer[so_far + string(int(channel.strings[column]))] += weight * float(emission[column])
        found = dict(sorted(longer.items(), key=lambda item: (-item[1], item[0]))[: BEAM * CHOICES])
    found.pop("", None)
    return _shares(found, n)


def _shares(found: dict[str, float], n: int) -> list[tuple[str, float]]:
    total = sum(found.values()) or 1.0
    best = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:n]
    return [(answer, weight / total) for answer, weight in best]
