"""Latin words that a Han name may be written with: its translations, readings and initials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from entitymatch.features.name import CORE, LEGAL, PLACE, UNIT, Origin, new_origin
from entitymatch.romanize import character_spellings, syllable_spellings
from entitymatch.romanize.variants import postal_table
from entitymatch.translate import Glossary, TranslationModel

# How likely a run of n syllables is written as one Latin word: a name of organisations is spelled in words of one
# to three syllables, of which a window is one of several. Counted on pairs of names of listed companies.
READING_PROBABILITY = {1: 0.06, 2: 0.3, 3: 0.25, 4: 0.12, 5: 0.05, 6: 0.04}
INITIALS_PROBABILITY = {2: 0.01, 3: 0.03, 4: 0.02, 5: 0.01}
_NO_MODEL = TranslationModel(Glossary({}), {})
_MOST_SURE = 0.95
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
    model = model or _NO_MODEL
    learned, in_glossary = model.learned, model.glossary.words
    in_model, in_places = model.reach, place_reach
    place_until = _place_until(parts)
    n = len(han)
    total: dict[str, float] = {}  # of the words that several learned rows support
    taught: dict[str, Origin] = {}
    looked_up: dict[str, Origin] = {}
    placed: dict[str, Origin] = {}
    for start in range(n):
        first = han[start]
        reach, place_end = in_model.get(first, 0), start + in_places.get(first, 0)
        for end in range(start + 1, min(max(start + reach, place_end), n) + 1):
            stretch = han[start:end]
            if stretch in learned:
                found = _translated(model, stretch, start, end <= place_until[start])
                if not taught.keys().isdisjoint(found):
                    found = found.copy()
                    for stem in taught.keys() & found.keys():
                        held, new = taught[stem], found[stem]
                        total[stem] = total.get(stem, held[0]) + new[0]
                        if held[0] >= new[0]:
                            found[stem] = held
                taught.update(found)
            elif stretch in in_glossary:
                found = _translated(model, stretch, start, end <= place_until[start])
                if not looked_up.keys().isdisjoint(found):
                    found = {stem: o for stem, o in found.items() if stem not in looked_up or o[0] > looked_up[stem][0]}
                looked_up.update(found)
            if end <= place_end and (names := places.get(stretch)) is not None:
                for stem in names:
                    if stem not in placed or end - start > placed[stem].end - placed[stem].start:
                        placed[stem] = Origin(0.5, "place", start, end, "places")
    for stem in placed.keys() & looked_up.keys():
        if looked_up[stem][0] <= 0.5:
            looked_up[stem] = placed[stem]
    best = placed | looked_up
    for stem, probability in total.items():
        # The stretches of a word share its probability: together they outvote a dictionary's one.
        taught[stem] = taught[stem]._replace(probability=probability)
    for stem in best.keys() & taught.keys():
        if taught[stem][0] <= best[stem][0]:
            taught[stem] = best[stem]
    origins |= best | taught
    for stem, origin in taught.items():
        if origin[0] > _MOST_SURE:
            origins[stem] = origin._replace(probability=_MOST_SURE)


@lru_cache(maxsize=16_384)
def _translated(model: TranslationModel, stretch: str, start: int, is_place: bool) -> dict[str, Origin]:
    """Return the words that translate a stretch of a name; the names of a register share most of theirs."""
    kind, end = "place" if is_place else "translation", start + len(stretch)
    if (rows := model.learned.get(stretch)) is not None:
        return {stem: Origin(probability, kind, start, end, "learned translations") for stem, probability in rows}
    scale = _GLOSSARY_SHARE if len(stretch) > 1 else _GLOSSARY_SHARE * 0.3
    rows = model.glossary.translations(stretch)
    return {stem: Origin(probability * scale, kind, start, end, "glossary") for stem, probability in rows}


def _place_until(parts: Sequence[str]) -> list[int]:
    """Return, for each character, where the run of places that it stands in ends; its own position if in none."""
    until = list(range(len(parts)))
    end = -1
    for position in range(len(parts) - 1, -1, -1):
        if parts[position] != PLACE:
            end = -1
            continue
        if end < 0:
            end = position + 1
        until[position] = end
    return until


class _Spellings(NamedTuple):
    """How one character is spelled in other systems than pinyin.

    Attributes:
        all: spelling, weight, system.
        cantonese: the likeliest Cantonese spelling, "" if there is none.
        older: the likeliest older spelling, the pinyin if there is none.
    """

    all: tuple[tuple[str, float, str], ...]
    cantonese: str
    older: str


@lru_cache(maxsize=65_536)
def _spellings(character: str, syllable: str) -> _Spellings:
    """Return the other spellings of one character."""
    found: dict[str, tuple[float, str]] = {}
    for spelling, weight in character_spellings(character):
        found[spelling] = (weight, "Cantonese spelling")
    for spelling, weight in syllable_spellings(syllable):
        if spelling != syllable and weight > found.get(spelling, (0.0, ""))[0]:
            found[spelling] = (weight, "older spelling")
    others = tuple((spelling, weight, system) for spelling, (weight, system) in found.items() if spelling != syllable)
    first = {system: spelling for spelling, _, system in reversed(others)}
    return _Spellings(others, first.get("Cantonese spelling", ""), first.get("older spelling", syllable))


def readings(
    han: str, syllables: Sequence[str], parts: Sequence[str], origins: dict[str, Origin], longest: int = 6
) -> None:
    """Add the joined pinyin of each run of characters, its other spellings and its initials to ``origins``."""
    own = [i for i, part in enumerate(parts) if part != LEGAL and part != UNIT]
    if not own:
        return
    first, last = own[0], own[-1] + 1
    known = origins.get
    place_until, postal = _place_until(parts), postal_table()

    # The loop runs fifty times a name: what offers a word is written out.
    def offer(word: str, probability: float, kind: str, start: int, end: int, source: str) -> None:
        if (held := known(word)) is None or held[0] < probability:
            origins[word] = new_origin((probability, kind, start, end, source))

    spelled = [_spellings(han[i], syllables[i]) for i in range(first, last)]
    for start in range(first, last):
        joined = initials = cantonese = older = ""
        at_start = start == first or parts[start] != parts[start - 1]
        named = at_start and parts[start] == CORE
        share = 1.0 if at_start else 0.5
        place_end = place_until[start]
        for end in range(start + 1, min(start + longest, last) + 1):
            syllable = syllables[end - 1]
            if not syllable:
                break
            size = end - start
            joined += syllable
            kind = "place" if end <= place_end else "reading"
            probability = READING_PROBABILITY[size] * share
            if (held := known(joined)) is None or held[0] < probability:
                origins[joined] = new_origin((probability, kind, start, end, "pinyin"))
            if "v" in joined:
                offer(joined.replace("v", "u"), probability * 0.4, kind, start, end, "pinyin")
                offer(joined.replace("v", "yu"), probability * 0.4, kind, start, end, "pinyin")
            if size <= 4:
                spellings = spelled[end - 1 - first]
                if size == 1:
                    for spelling, weight, system in spellings.all:
                        weight *= probability
                        if (held := known(spelling)) is None or held[0] < weight:
                            origins[spelling] = new_origin((weight, kind, start, end, system))
                    cantonese, older = spellings.cantonese, spellings.older
                else:
                    if (names := postal.get(han[start:end])) is not None:
                        for spelling, weight in names:
                            offer(spelling, 0.5 * weight, "place", start, end, "postal spelling")
                    if size <= 3:
                        if cantonese:
                            cantonese = cantonese + spellings.cantonese if spellings.cantonese else ""
                        if cantonese:
                            offer(cantonese, probability * 0.15, kind, start, end, "Cantonese spelling")
                        older += spellings.older
                        if older != joined:
                            offer(older, probability * 0.1, kind, start, end, "older spelling")
            if named:
                initials += syllable[0]
                if 2 <= size <= 5 and initials not in origins:
                    origins[initials] = new_origin(
                        (INITIALS_PROBABILITY[size], "initials", start, end, "pinyin initials")
                    )
