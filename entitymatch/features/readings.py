"""Latin words that a Han name may be spelled as: its pinyin, older and Cantonese spellings, and initials."""

from __future__ import annotations

from collections.abc import Container, Sequence
from functools import cache
from typing import NamedTuple

from entitymatch.features.name import CORE, LEGAL, UNIT, Origin, new_origin
from entitymatch.features.vocabulary import ANY_WORD
from entitymatch.romanize import character_spellings, syllable_spellings
from entitymatch.romanize.variants import postal_table
from entitymatch.translate.model import reach

# How likely a run of n syllables is written as one Latin word: a name of organisations is spelled in words of one
# to three syllables, of which a window is one of several. Counted on pairs of names of listed companies.
READING_PROBABILITY = {1: 0.06, 2: 0.3, 3: 0.25, 4: 0.12, 5: 0.05, 6: 0.04}
INITIALS_PROBABILITY = {2: 0.01, 3: 0.03, 4: 0.02, 5: 0.01}
_LONGEST = 6  # syllables
_MOST_SPELLINGS = 65_536  # kept at a time


class _Spellings(NamedTuple):
    """How one character is spelled in other systems than pinyin.

    Attributes:
        all: spelling, weight, system; those of the vocabulary.
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
            tuple(other for other in others if other[0] in self._vocabulary),
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
        origins: dict[str, Origin],
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
        vocabulary, known, spellings_of = self._vocabulary, origins.get, self._characters
        postal, postal_reach = postal_table(), _postal_reach()
        umlaut = "v" in "".join(syllables)

        # The loop runs fifty times a name: what offers a word most often is written out.
        def offer(word: str, probability: float, kind: str, start: int, end: int, source: str) -> None:
            if (held := known(word)) is None or held[0] < probability:
                origins[word] = new_origin((probability, kind, start, end, source))

        spelled = [spellings_of[pair] for pair in zip(han[first:last], syllables[first:last], strict=True)]
        for start in range(first, last):
            joined = initials = cantonese = older = ""
            at_start = start == first or parts[start] != parts[start - 1]
            named = at_start and parts[start] == CORE
            share = 1.0 if at_start else 0.5
            place_end, postal_end = place_until[start], start + postal_reach.get(han[start : start + 2], 0)
            for end in range(start + 1, min(start + _LONGEST, last) + 1):
                syllable = syllables[end - 1]
                if not syllable:
                    break
                size = end - start
                joined += syllable
                kind = "place" if end <= place_end else "reading"
                probability = READING_PROBABILITY[size] * share
                if joined in vocabulary and ((held := known(joined)) is None or held[0] < probability):
                    origins[joined] = new_origin((probability, kind, start, end, "pinyin"))
                if umlaut and "v" in joined:
                    for letters in ("u", "yu"):
                        if (word := joined.replace("v", letters)) in vocabulary:
                            offer(word, probability * 0.4, kind, start, end, "pinyin")
                if size == 1:
                    others, cantonese, older = spelled[start - first]
                    for spelling, weight, system in others:
                        offer(spelling, weight * probability, kind, start, end, system)
                elif end <= postal_end and (names := postal.get(han[start:end])) is not None:
                    for spelling, weight in names:
                        if spelling in vocabulary:
                            offer(spelling, 0.5 * weight, "place", start, end, "postal spelling")
                if 2 <= size <= 3:
                    spellings = spelled[end - 1 - first]
                    if cantonese:
                        cantonese = cantonese + spellings.cantonese if spellings.cantonese else ""
                        if cantonese and cantonese in vocabulary:
                            offer(cantonese, probability * 0.15, kind, start, end, "Cantonese spelling")
                    older += spellings.older
                    if older != joined and older in vocabulary:
                        offer(older, probability * 0.1, kind, start, end, "older spelling")
                if named:
                    initials += syllable[0]
                    if 2 <= size <= 5 and initials in vocabulary and initials not in origins:
                        origins[initials] = new_origin(
                            (INITIALS_PROBABILITY[size], "initials", start, end, "pinyin initials")
                        )


@cache
def _postal_reach() -> dict[str, int]:
    """Return how long the longest place with a postal spelling is that begins with two characters."""
    return reach(postal_table())
