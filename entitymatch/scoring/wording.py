"""What comparisons need of a Latin name, whatever it is compared with: worked out once for each name of a list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NamedTuple

from entitymatch.features import NameFeatures, Word
from entitymatch.features.name import LEGAL, PLACE, TRADE, UNIT
from entitymatch.features.vocabulary import cuts
from entitymatch.lexicon.organizations import LIGHT_WORDS

MOST_BITS = 14.0  # one agreement never counts more: two strings may share a rare word by chance
_LIGHT_BITS = 5.0  # words below are borne by more than one name in thirty
_SOUND_LETTERS = 3
_MOST_JOINED = 4  # words that are one in pinyin: Shi Rong Zhao Ye

Information = Callable[[str], float]


class Piece(NamedTuple):
    """One explanation or left-over: the feature it counts for, its value, and the characters and words it rests on."""

    feature: str
    value: float
    han: tuple[int, int]
    words: tuple[int, int]
    source: str


new_piece = partial(tuple.__new__, Piece)
"""Makes a :class:`Piece` from a tuple in half the time; a comparison makes a dozen."""


class Joined(NamedTuple):
    """Neighbouring words written as one: their letters, the end of the last one, their bits together."""

    letters: str
    end: int
    bits: float


class Lookup(NamedTuple):
    """A word as it is looked up in a Han name: whole, in two parts, joined with its neighbours."""

    position: int
    stem: str
    legal: bool
    bits: float
    parts: tuple[tuple[str, str], ...]
    joined: tuple[Joined, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a Latin name.

    Attributes:
        bits: of each word.
        content: positions of the words, legal forms and light words aside.
        content_bits: of those together.
        heard: those of them that are long and rare enough to be compared by sound.
        lookups: the words that are looked up in a Han name: all but light ones.
        composed: those of them that may be composed of two.
        keys: the words and what they are joined to: all that is looked up but parts of words.
        left: what is left over of each word that nothing explains, with its position; nothing is of light words.
    """

    bits: tuple[float, ...]
    content: tuple[int, ...]
    content_bits: float
    heard: tuple[int, ...]
    lookups: tuple[Lookup, ...]
    composed: tuple[Lookup, ...]
    keys: frozenset[str]
    left: tuple[tuple[int, Piece], ...]


def wording(latin: NameFeatures, information: Information) -> Wording:
    """Return the wording of a Latin name, from its memo if it was worked out before.

    Args:
        latin: the name.
        information: stem → bits of surprise in meeting it in a name.
    """
    found: Wording | None = latin.memo.get(information)
    if found is None:
        found = latin.memo[information] = _read(latin.words, information)
    return found


def _read(words: tuple[Word, ...], information: Information) -> Wording:
    bits = [min(information(word.stem), MOST_BITS) for word in words]
    content = [i for i, word in enumerate(words) if word.part != LEGAL and word.stem not in LIGHT_WORDS]
    lookups = [
        Lookup(
            position=i,
            stem=word.stem,
            legal=word.part == LEGAL,
            bits=bits[i],
            parts=_parts(word.stem),
            joined=tuple(_joined(words[i : i + _MOST_JOINED], i, information)),
        )
        for i, word in enumerate(words)
        if word.part == LEGAL or word.stem not in LIGHT_WORDS
    ]
    return Wording(
        bits=tuple(bits),
        content=tuple(content),
        content_bits=sum(bits[i] for i in content),
        heard=tuple(i for i in content if _is_heard(words[i].stem) and bits[i] >= _LIGHT_BITS),
        lookups=tuple(lookups),
        composed=tuple(lookup for lookup in lookups if lookup.parts),
        keys=frozenset(
            key for lookup in lookups for key in (lookup.stem, *(joined.letters for joined in lookup.joined))
        ),
        left=tuple(
            (i, Piece(_left_word(word, bits[i]), bits[i], (0, 0), (i, i + 1), ""))
            for i, word in enumerate(words)
            if word.stem not in LIGHT_WORDS
        ),
    )


def _joined(words: tuple[Word, ...], start: int, information: Information) -> list[Joined]:
    found: list[Joined] = []
    letters = words[0].stem
    own, more = min(information(letters), MOST_BITS), 0.0
    for at, word in enumerate(words[1:], start + 1):
        letters += word.stem
        more += information(word.stem)
        found.append(Joined(letters, at + 1, min(own + more, MOST_BITS)))
    return found


@lru_cache(maxsize=16_384)
def _parts(word: str) -> tuple[tuple[str, str], ...]:
    """Return the ways to cut a word in two; the same words stand in many names."""
    return tuple((word[:cut], word[cut:]) for cut in cuts(word))


def _is_heard(stem: str) -> bool:
    return len(stem) >= _SOUND_LETTERS and stem.isalpha()


def _left_word(word: Word, bits: float) -> str:
    if word.part == LEGAL:
        return "left_legal_word"
    if word.part == UNIT:
        return "left_unit_word"
    if word.part == PLACE:
        return "left_place_word"
    if word.part == TRADE:
        return "left_trade_word"
    return "left_word" if bits >= _LIGHT_BITS else "left_light_word"
