"""Latin words that a Han name may be written with: its translations, readings and initials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from entitymatch.features.name import CORE, LEGAL, PLACE, UNIT, Origin
from entitymatch.romanize import character_spellings, place_spellings, syllable_spellings
from entitymatch.translate import Glossary, TranslationModel

# How likely a run of n syllables is written as one Latin word: a name of organisations is spelled in words of one
# to three syllables, of which a window is one of several. Counted on pairs of names of listed companies.
READING_PROBABILITY = {1: 0.06, 2: 0.3, 3: 0.25, 4: 0.12, 5: 0.05, 6: 0.04}
INITIALS_PROBABILITY = {2: 0.01, 3: 0.03, 4: 0.02, 5: 0.01}
_GLOSSARY_SHARE = 0.5  # how far a dictionary's translation is trusted against a learned one


def translations(
    han: str,
    parts: Sequence[str],
    model: TranslationModel | None,
    origins: dict[str, Origin],
    places: dict[str, tuple[str, ...]],
    place_reach: Mapping[str, int],
) -> None:
    """Add the words that translate some stretch of ``han`` to ``origins``.

    The probabilities of a word add up over the stretches that a learned row supports (the stretches of IBM Model 1
    share its mass); a dictionary's translations do not add, the best one counts. The origin names the stretch that
    gives most. Without a model only the places are read.
    """
    model = model or TranslationModel(Glossary({}), {})
    learned, glossary, in_glossary = model.learned, model.glossary.translations, model.glossary
    in_model, in_places = model.reach, place_reach
    n = len(han)
    total: dict[str, float] = {}
    taught: dict[str, tuple[float, int, int]] = {}
    looked_up: dict[str, tuple[float, int, int]] = {}
    best: dict[str, tuple[float, int, int, str]] = {}
    for start in range(n):
        longest = max(in_model.get(han[start], 0), in_places.get(han[start], 0))
        for end in range(start + 1, min(start + longest, n) + 1):
            stretch = han[start:end]
            if (rows := learned.get(stretch)) is not None:
                for stem, probability in rows:
                    total[stem] = total.get(stem, 0.0) + probability
                    if stem not in taught or probability > taught[stem][0]:
                        taught[stem] = (probability, start, end)
            elif stretch in in_glossary:
                scale = _GLOSSARY_SHARE if end - start > 1 else _GLOSSARY_SHARE * 0.3
                for stem, probability in glossary(stretch):
                    probability *= scale
                    if stem not in looked_up or probability > looked_up[stem][0]:
                        looked_up[stem] = (probability, start, end)
            if (names := places.get(stretch)) is not None:
                for stem in names:
                    if stem not in best or end - start > best[stem][2] - best[stem][1]:
                        best[stem] = (0.5, start, end, "places")
    for stem, found in looked_up.items():
        if stem not in best or found[0] > 0.5:
            best[stem] = (*found, "glossary")
    for stem, found in taught.items():
        # The stretches of a word share its probability: together they outvote a dictionary's one.
        if stem not in best or total[stem] > best[stem][0]:
            best[stem] = (total[stem], *found[1:], "learned translations")
    for stem, (probability, start, end, source) in best.items():
        probability = min(probability, 0.95)
        kind = "place" if source == "places" or all(p == PLACE for p in parts[start:end]) else "translation"
        origins[stem] = Origin(probability, kind, start, end, source)


@lru_cache(maxsize=65_536)
def _other_spellings(character: str, syllable: str) -> tuple[tuple[str, float, str], ...]:
    """Return the spellings of one character in other systems than pinyin: spelling, weight, system."""
    found: dict[str, tuple[float, str]] = {}
    for spelling, weight in character_spellings(character):
        found[spelling] = (weight, "Cantonese spelling")
    for spelling, weight in syllable_spellings(syllable):
        if spelling != syllable and weight > found.get(spelling, (0.0, ""))[0]:
            found[spelling] = (weight, "older spelling")
    return tuple((spelling, weight, system) for spelling, (weight, system) in found.items() if spelling != syllable)


@lru_cache(maxsize=65_536)
def _first_spelling(character: str, syllable: str, system: str) -> str:
    """Return the likeliest spelling of a character in one system, "" if there is none."""
    return next((s for s, _, found in _other_spellings(character, syllable) if found == system), "")


def readings(
    han: str, syllables: Sequence[str], parts: Sequence[str], origins: dict[str, Origin], longest: int = 6
) -> None:
    """Add the joined pinyin of each run of characters, its other spellings and its initials to ``origins``."""
    own = [i for i in range(len(syllables)) if parts[i] not in (LEGAL, UNIT)]
    if not own:
        return
    first, last = own[0], own[-1] + 1

    def offer(word: str, probability: float, kind: str, start: int, end: int, source: str) -> None:
        known = origins.get(word)
        if known is None or known.probability < probability:
            origins[word] = Origin(probability, kind, start, end, source)

    for start in range(first, last):
        joined = initials = cantonese = older = ""
        is_place = True
        at_start = start == first or parts[start] != parts[start - 1]
        for end in range(start + 1, min(start + longest, last) + 1):
            character, syllable = han[end - 1], syllables[end - 1]
            if not syllable:
                break
            size = end - start
            joined += syllable
            initials += syllable[0]
            is_place = is_place and parts[end - 1] == PLACE
            kind = "place" if is_place else "reading"
            probability = READING_PROBABILITY[size] * (1.0 if at_start else 0.5)
            offer(joined, probability, kind, start, end, "pinyin")
            if "v" in joined:
                offer(joined.replace("v", "u"), probability * 0.4, kind, start, end, "pinyin")
                offer(joined.replace("v", "yu"), probability * 0.4, kind, start, end, "pinyin")
            if size == 1:
                for spelling, weight, system in _other_spellings(character, syllable):
                    offer(spelling, probability * weight, kind, start, end, system)
            for spelling, weight in place_spellings(han[start:end]) if 2 <= size <= 4 else ():
                offer(spelling, 0.5 * weight, "place", start, end, "postal spelling")
            if size <= 3:
                hong_kong = _first_spelling(character, syllable, "Cantonese spelling")
                cantonese = cantonese + hong_kong if hong_kong and (cantonese or size == 1) else ""
                older += _first_spelling(character, syllable, "older spelling") or syllable
                if size > 1:
                    if cantonese:
                        offer(cantonese, probability * 0.15, kind, start, end, "Cantonese spelling")
                    if older != joined:
                        offer(older, probability * 0.1, kind, start, end, "older spelling")
            if 2 <= size <= 5 and at_start and parts[start] == CORE and initials not in origins:
                origins[initials] = Origin(INITIALS_PROBABILITY[size], "initials", start, end, "pinyin initials")
