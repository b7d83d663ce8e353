"""What one name offers for comparison: its words, its characters, and what they may stand for in the other script.

A name is read once, whatever it is compared with. A Latin name gives its *words*; a Han name gives its *characters*
and, for every Latin word that it could be written with, an :class:`Origin`: by translation, by reading, by initials.
Comparing two names is then a matter of looking the words of one up in the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

WRAPPER, PLACE, CORE, TRADE, LEGAL, UNIT, OTHER = "wrapper", "place", "core", "trade", "legal_form", "unit", "other"


class Origin(NamedTuple):
    """How a Latin word may come from a Han name.

    Attributes:
        probability: how likely the word stands in the Latin name, given these characters, in (0, 1].
        kind: ``translation``, ``reading``, ``place`` or ``initials``.
        start, end: the characters it rests on.
        source: the table or rule that says so.
    """

    probability: float
    kind: str
    start: int
    end: int
    source: str


OriginRow: TypeAlias = tuple[float, str, int, int, str]
"""The fields of an :class:`Origin`: a name has sixty, of which its comparisons ask for a few."""


class Word(NamedTuple):
    """A Latin word of a name: its stem, the part of the name it stands in, how it is written."""

    stem: str
    part: str
    text: str
    upper: bool


class AliasSpan(NamedTuple):
    """Where a name of a known organisation stands in a name.

    ``start`` and ``end`` count characters in a Han name and words in a Latin one; a name of both scripts (TCL科技)
    counts as a Han one. ``common``: the name is also an ordinary word, or another organisation's; ``parents`` are the
    keys of the groups it belongs to; ``source`` is the table, or what the user gave, that says so.
    """

    key: str
    start: int
    end: int
    common: bool
    latin: bool
    parents: tuple[str, ...] = ()
    source: str = ""


@dataclass(slots=True)
class NameFeatures:
    """Everything that the later stages read of a name.

    Attributes:
        text: the normalised name.
        words: its Latin words.
        han: its Han characters without wrapper, brackets and punctuation.
        parts: the part (``core`` …) of each Han character.
        origins: Latin words that the Han characters may stand for (:meth:`origin`); of a matcher's query only those
            that are looked up in it (:mod:`.vocabulary`).
        aliases: names of known organisations in it.
        syllables: the pinyin of ``han``.
        numbers: ordinals and numbers in it.
        parent: how many of the first Han characters name a known organisation that the rest is a part of (中国科学院 |
            化学研究所), whether or not the whole is known too.
        foreign: probability that its own characters were written for their sound (:mod:`.foreign`); 0 without any.
        institution: whether it is the name of a school, a hospital, an authority … and not of a firm.
        memo: what comparisons worked out from the name alone, so that its other candidates need not.
    """

    text: str
    words: tuple[Word, ...] = ()
    han: str = ""
    parts: tuple[str, ...] = ()
    origins: dict[str, OriginRow] = field(default_factory=dict)
    aliases: tuple[AliasSpan, ...] = ()
    syllables: tuple[str, ...] = ()
    numbers: frozenset[int] = frozenset()
    institution: bool = False
    foreign: float = 0.0
    parent: int = 0
    memo: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    def origin(self, word: str) -> Origin:
        """Return how one of the words of ``origins`` may come from the name."""
        return Origin(*self.origins[word])

    def characters(self, *without: str) -> int:
        """Return a bit mask over the Han characters that are in none of these parts of the name.

        Example:
            >>> bin(NameFeatures("", han="上海银行", parts=("place", "place", "trade", "trade")).characters("place"))
            '0b1100'
        """
        mask: int | None = self.memo.get(without)
        if mask is None:
            mask, bit = 0, 1
            for part in self.parts:
                if part not in without:
                    mask |= bit
                bit <<= 1
            self.memo[without] = mask
        return mask


def runs(mask: int) -> list[tuple[int, int]]:
    """Return the runs of ones in a bit mask.

    Example:
        >>> runs(0b1100111)
        [(0, 3), (5, 7)]
    """
    found: list[tuple[int, int]] = []
    while mask:
        start = (mask & -mask).bit_length() - 1
        ones = mask >> start
        end = start + (~ones & (ones + 1)).bit_length() - 1
        found.append((start, end))
        mask = mask >> end << end
    return found


def place_until(parts: Sequence[str]) -> list[int]:
    """Return, for each character, where the run of places that it stands in ends; its own position if in none.

    Example:
        >>> place_until(["place", "place", "core", "place"])
        [2, 2, 2, 4]
    """
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
