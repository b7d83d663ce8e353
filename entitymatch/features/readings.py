"""Latin words that a Han name may be spelled as: its pinyin, older and Cantonese spellings, and initials."""

from __future__ import annotations

from collections.abc import Container, Sequence
from functools import cache
from typing import NamedTuple

from entitymatch.features.name import CORE, LEGAL, UNIT, OriginRow
from entitymatch.features.vocabulary import ANY_WORD
from entitymatch.romanize import character_spellings, syllable_spellings
from entitymatch.romanize.variants import postal_table
from entitymatch.translate.model import reach

# How likely a run of n syllables is written as one Latin word: a name of organisations is spelled in words of one
# to three syllables, of which a window is one of several. Counted on pairs of names of listed companies.
READING_PROBABILITY = {1: 0.06, 2: 0.3, 3: 0.25, 4: 0.12, 5: 0.05, 6: 0.04}
INITIALS_PROBABILITY = {2: 0.01, 3: 0.03, 4: 0.02, 5: 0.01}
_LONGEST, _LONGEST_OTHER = 6, 3  # syllables that are written as one word, in pinyin and in other spellings
_MOST_SPELLINGS = 65_536  # kept at a time


class _Spellings(NamedTuple):
    """How one character is spelled in other systems than pinyin.

    Attributes:
        all: spelling, probability, system; those of the vocabulary.
        cantonese: the likeliest Cantonese spelling, "" if there is none.
        older: the likeliest older spelling, the pinyin if there is none.
    """

    all: tuple[tuple[str, float, str], ...]
    cantonese: str
    older: str


class _Characters(dict[tuple[str, str], _Spellings]):
    """The other spellings of characters with their syllables, worked out when first asked for."""

    def __init__(self, vocabulary: Container[str]) -> None:
        self._vocabulary = vocabulary

    def __missing__(self, key: tuple[str, str]) -> _Spellings:
        character, syllable = key
        found: dict[str, tuple[float, str]] = {}
        for spelling, weight in character_spellings(character):
            found[spelling] = (weight, "Cantonese spelling")
        for spelling, weight in syllable_spellings(syllable):
            if spelling != syllable and weight > found.get(spelling, (0.0, ""))[0]:
                found[spelling] = (weight, "older spelling")
        others = [(spelling, weight, system) for spelling, (weight, system) in found.items() if spelling != syllable]
        first = {system: spelling for spelling, _, system in reversed(others)}
        if len(self) >= _MOST_SPELLINGS:
            self.clear()
        spellings = self[key] = _Spellings(
            tuple((s, READING_PROBABILITY[1] * w, system) for s, w, system in others if s in self._vocabulary),
            first.get("Cantonese spelling", ""),
            first.get("older spelling", syllable),
        )
        return spellings


class Readings:
    """Finds the joined pinyin of each run of characters, its other spellings and its initials.

    Args:
        vocabulary: the words to look for.
    """

    def __init__(self, vocabulary: Container[str] = ANY_WORD) -> None:
        self._vocabulary = vocabulary
        self._characters = _Characters(vocabulary)

    def add_to(
        self,
        origins: dict[str, OriginRow],
        han: str,
        syllables: Sequence[str],
        parts: Sequence[str],
        place_until: Sequence[int],
    ) -> None:
        """Add the readings of a name to ``origins``.

        Args:
            origins: its words so far; a reading that is likelier takes the place of a translation.
            han: its characters.
            syllables: the pinyin of each.
            parts: the part of the name that each is in.
            place_until: the :func:`.place_until` of the parts.
        """
        own = [i for i, part in enumerate(parts) if part != LEGAL and part != UNIT]
        if not own:
            return
        first, last = own[0], own[-1] + 1
        vocabulary, known = self._vocabulary, origins.get

        def offer(word: str, probability: float, kind: str, start: int, end: int, source: str) -> None:
            if word in vocabulary and ((held := known(word)) is None or held[0] < probability):
                origins[word] = probability, kind, start, end, source

        characters = self._characters
        spelled = [characters[pair] for pair in zip(han[first:last], syllables[first:last], strict=True)]
        umlaut = "v" in "".join(syllables)
        postal, postal_reach = postal_table(), _postal_reach().get
        for start in range(first, last):
            at_start = start == first or parts[start] != parts[start - 1]
            share = 1.0 if at_start else 0.5
            place_end = place_until[start]
            joined, end = "", start
            # Fifty rounds a name, of which ten find a word: what finds one is written out.
            for syllable in syllables[start : min(start + _LONGEST, last)]:
                if not syllable:
                    break
                end += 1
                joined += syllable
                if joined in vocabulary:
                    probability = READING_PROBABILITY[end - start] * share
                    if (held := known(joined)) is None or held[0] < probability:
                        kind = "place" if end <= place_end else "reading"
                        origins[joined] = probability, kind, start, end, "pinyin"
                if umlaut and "v" in joined:
                    kind, chance = "place" if end <= place_end else "reading", READING_PROBABILITY[end - start]
                    offer(joined.replace("v", "u"), chance * share * 0.4, kind, start, end, "pinyin")
                    offer(joined.replace("v", "yu"), chance * share * 0.4, kind, start, end, "pinyin")
            if end == start:
                continue
            others, cantonese, older = spelled[start - first]
            for spelling, probability, system in others:
                probability *= share
                if (held := known(spelling)) is None or held[0] < probability:
                    kind = "place" if start + 1 <= place_end else "reading"
                    origins[spelling] = probability, kind, start, start + 1, system
            for stop in range(start + 2, min(start + _LONGEST_OTHER, end) + 1):
                _, next_cantonese, next_older = spelled[stop - 1 - first]
                cantonese = cantonese and next_cantonese and cantonese + next_cantonese
                older += next_older
                if cantonese and cantonese in vocabulary:
                    kind, chance = "place" if stop <= place_end else "reading", READING_PROBABILITY[stop - start]
                    offer(cantonese, chance * share * 0.15, kind, start, stop, "Cantonese spelling")
                if older in vocabulary:
                    kind, chance = "place" if stop <= place_end else "reading", READING_PROBABILITY[stop - start]
                    offer(older, chance * share * 0.1, kind, start, stop, "older spelling")
            longest = postal_reach(han[start : start + 2], 0)
            for stop in range(start + 2, min(start + longest, end) + 1) if longest else ():
                for spelling, weight in postal.get(han[start:stop], ()):
                    offer(spelling, 0.5 * weight, "place", start, stop, "postal spelling")
            if at_start and parts[start] == CORE:
                initials = "".join(syllable[0] for syllable in syllables[start:end])
                for size, chance in INITIALS_PROBABILITY.items():
                    if size <= len(initials) and initials[:size] not in origins:
                        offer(initials[:size], chance, "initials", start, start + size, "pinyin initials")


@cache
def _postal_reach() -> dict[str, int]:
    """Return how long the longest place with a postal spelling is that begins with two characters."""
    return reach(postal_table())
