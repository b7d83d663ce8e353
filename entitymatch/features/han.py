"""Latin words that a Han name may be written with: its translations, readings and initials."""

from __future__ import annotations

from collections.abc import Sequence

from entitymatch.features.name import CORE, LEGAL, PLACE, UNIT, Origin
from entitymatch.translate import TranslationModel

# How likely a run of n syllables is written as one Latin word: a name of organisations is spelled in words of one to three
# syllables, of which a window is one of several. Counted on pairs of names of listed companies.
READING_PROBABILITY = {1: 0.06, 2: 0.3, 3: 0.25, 4: 0.12, 5: 0.05, 6: 0.04}
INITIALS_PROBABILITY = {2: 0.01, 3: 0.03, 4: 0.02, 5: 0.01}
_GLOSSARY_SHARE = 0.5  # how far a dictionary's translation is trusted against a learned one
_LONGEST_WORD = 8


def translations(
    han: str, parts: Sequence[str], model: TranslationModel, origins: dict[str, Origin], places: dict[str, tuple[str, ...]]
) -> None:
    """Add the words that translate some stretch of ``han`` to ``origins``.

    The probabilities of a word add up over the stretches that a learned row supports (the stretches of IBM Model 1 share
    its mass); a dictionary's translations do not add, the best one counts. The origin names the stretch that gives most.
    """
    learned, glossary, in_glossary = model.learned, model.glossary.translations, model.glossary
    n = len(han)
    total: dict[str, float] = {}
    best: dict[str, tuple[float, int, int, str]] = {}
    for start in range(n):
        for end in range(start + 1, min(start + _LONGEST_WORD, n) + 1):
            stretch = han[start:end]
            if (rows := learned.get(stretch)) is not None:
                for stem, probability in rows:
                    total[stem] = total.get(stem, 0.0) + probability
                    if stem not in best or probability > best[stem][0]:
                        best[stem] = (probability, start, end, "learned translations")
            elif stretch in in_glossary:
                scale = _GLOSSARY_SHARE if end - start > 1 else _GLOSSARY_SHARE * 0.3
                for stem, probability in glossary(stretch):
                    probability *= scale
                    if stem not in best or probability > best[stem][0]:
                        best[stem] = (probability, start, end, "glossary")
            if (names := places.get(stretch)) is not None:
                for stem in names:
                    if stem not in best or best[stem][0] < 0.5:
                        best[stem] = (0.5, start, end, "places")
    for stem, (probability, start, end, source) in best.items():
        probability = min(max(probability, total.get(stem, 0.0)), 0.95)
        kind = "place" if source == "places" or all(p == PLACE for p in parts[start:end]) else "translation"
        origins[stem] = Origin(probability, kind, start, end, source)


def readings(
    syllables: Sequence[str], parts: Sequence[str], origins: dict[str, Origin], longest: int = 6
) -> None:
    """Add the joined pinyin of each run of characters of the name, and its initials, to ``origins``."""
    n = len(syllables)
    spans = [i for i in range(n) if parts[i] not in (LEGAL, UNIT)]
    if not spans:
        return
    first, last = spans[0], spans[-1] + 1
    for start in range(first, last):
        joined, initials = "", ""
        for end in range(start + 1, min(start + longest, last) + 1):
            syllable = syllables[end - 1]
            if not syllable:
                break
            joined += syllable
            initials += syllable[0]
            size = end - start
            kind = "place" if all(p == PLACE for p in parts[start:end]) else "reading"
            core_start = start == first or parts[start - 1] == PLACE or parts[start] != parts[start - 1]
            probability = READING_PROBABILITY[size] * (1.0 if core_start else 0.5)
            known = origins.get(joined)
            if known is None or known.probability < probability:
                origins[joined] = Origin(probability, kind, start, end, "pinyin")
            if "v" in joined:
                for spelling in (joined.replace("v", "u"), joined.replace("v", "yu")):
                    if spelling not in origins:
                        origins[spelling] = Origin(probability * 0.4, kind, start, end, "pinyin")
            if 2 <= size <= 5 and core_start and parts[start] == CORE and initials not in origins:
                origins[initials] = Origin(INITIALS_PROBABILITY[size], "initials", start, end, "pinyin initials")
