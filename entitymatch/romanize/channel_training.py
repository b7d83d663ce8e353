"""Make the levels of the channel model from expected counts.

Three things keep the model from learning its training names by heart. Emissions back off: from the character to its
syllable, from there to the skeletons (what is heard of a letter string) that the syllable emits, and at last to any
letters; each level gives up a fixed part of every count to the next (absolute discounting: Ney, Essen, Kneser 1994).
And what is expected less often than the discount is not kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from entitymatch.romanize.channel import Channel
from entitymatch.romanize.cuts import NUMBERS
from entitymatch.romanize.letters import LONGEST, number, skeleton, string
from entitymatch.romanize.levels import Level, prior
from entitymatch.romanize.variants import character_spellings

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CHARACTER_STRENGTH = 8.0
"""How many occurrences the emissions of its syllable count for in a character."""
SYLLABLE_STRENGTH = 20.0
"""The same for the skeletons in a syllable, and for any letters in the skeletons of a syllable."""
SKELETON_DISCOUNT = 0.5
CANTONESE_SHARE = 0.01
"""How often a character is spelled as in Hong Kong (屈臣氏 Watsons, 恒生 Hang Seng), set on names of that city."""


def _level(rows: Ints, columns: Ints, counts: Floats, contexts: int, discount: float, strength: float) -> Level:
    """Discount the counts of one level of the back-off; ``strength`` occurrences go to the level below as well."""
    total = np.bincount(rows, counts, minlength=contexts) + strength
    kept = counts > discount
    shares = (counts[kept] - discount) / total[rows[kept]]
    rest = np.asarray(1.0 - np.bincount(rows[kept], shares, minlength=contexts), np.float64)
    return Level(rows[kept], columns[kept], shares, rest)


def letter_bigrams(names: Iterable[str]) -> Floats:
    """Probability of each letter after each other letter, or after the start (0), smoothed with the letter's own."""
    counts = np.zeros((27, 27))
    for name in names:
        codes = [0, *(ord(letter) - 96 for letter in name)]
        np.add.at(counts, (codes[:-1], codes[1:]), 1.0)
    single = counts.sum(0) + 1.0
    single[0] = 0.0
    single /= single.sum()
    return np.asarray((counts + 20.0 * single) / (counts.sum(1, keepdims=True) + 20.0))


def _syllable_bigrams(rows: list[list[int]], edge: int) -> Ints:
    """How often each syllable follows each, as rows (before, after, count); ``edge`` is the edge of a name."""
    counts: Counter[tuple[int, int]] = Counter()
    for row in rows:
        counts.update(pairwise([edge, *row, edge]))
    return np.array([(*pair, count) for pair, count in sorted(counts.items())], np.int64).reshape(-1, 3)


class ChannelFit:
    """The parameters of EM, one for each character and letter string that can meet, and the levels of back-off."""

    def __init__(self, keys: Ints, syllable_of: Ints, bigrams: Floats, discount: float) -> None:
        self.discount = discount
        self.syllable_of = syllable_of
        self.bigrams = bigrams
        self.strings, self.column = np.unique(keys % NUMBERS, return_inverse=True)
        self.character = keys // NUMBERS
        self.syllable = syllable_of[self.character]
        self.syllables = int(syllable_of.max()) + 1
        self.prior = prior(self.strings, bigrams)
        heard: dict[str, int] = {}
        self.heard = np.array([heard.setdefault(skeleton(string(int(n))), len(heard)) for n in self.strings], np.int64)
        self.skeletons = tuple(heard)
        self.string_keys, self.of_string = np.unique(
            self.syllable * len(self.strings) + self.column, return_inverse=True
        )
        heard_keys = self.syllable * len(heard) + self.heard[self.column]
        self.heard_keys, self.of_heard = np.unique(heard_keys, return_inverse=True)

    def levels(self, counts: Floats) -> dict[str, Level]:
        """Make the levels of the back-off from expected counts."""
        width, skeletons = len(self.strings), len(self.skeletons)
        anything = np.bincount(self.column, counts, minlength=width).astype(np.float64)
        in_syllable = np.bincount(self.of_string, counts, minlength=len(self.string_keys)).astype(np.float64)
        heard = np.bincount(self.of_heard, counts, minlength=len(self.heard_keys)).astype(np.float64)
        everything = np.arange(width)
        strings = _level(self.heard, everything, anything, skeletons, SKELETON_DISCOUNT, 1.0)
        # the strings of a skeleton share what is left in proportion to their prior
        open_share = strings.rest / np.maximum(np.bincount(self.heard, self.prior, minlength=skeletons), 1e-300)
        return {
            "anything": _level(np.zeros(width, np.int64), everything, anything, 1, SKELETON_DISCOUNT, 1.0),
            "skeleton_of": Level(strings.rows, strings.columns, strings.shares, open_share),
            "by_skeleton": _level(
                self.heard_keys // skeletons,
                self.heard_keys % skeletons,
                heard,
                self.syllables,
                SKELETON_DISCOUNT,
                SYLLABLE_STRENGTH,
            ),
            "by_syllable": _level(
                self.string_keys // width,
                self.string_keys % width,
                in_syllable,
                self.syllables,
                self.discount,
                SYLLABLE_STRENGTH,
            ),
            "by_character": _level(
                self.character, self.column, counts, len(self.syllable_of), self.discount, CHARACTER_STRENGTH
            ),
        }

    def probabilities(self, levels: dict[str, Level]) -> Floats:
        """P(string | character) of every parameter, through all levels."""
        width, skeletons = len(self.strings), len(self.skeletons)
        share = np.zeros(width)
        share[levels["skeleton_of"].columns] = levels["skeleton_of"].shares
        given_heard = share + levels["skeleton_of"].rest[self.heard] * self.prior
        heard = np.zeros(len(self.heard_keys))
        level = levels["by_skeleton"]
        heard[np.searchsorted(self.heard_keys, level.rows * skeletons + level.columns)] = level.shares
        out = heard[self.of_heard] * given_heard[self.column] + level.rest[self.syllable] * self.prior[self.column]
        level = levels["by_syllable"]
        own = np.zeros(len(self.string_keys))
        own[np.searchsorted(self.string_keys, level.rows * width + level.columns)] = level.shares
        out = own[self.of_string] + level.rest[self.syllable] * out
        level = levels["by_character"]
        out *= level.rest[self.character]
        out[np.searchsorted(self.character * width + self.column, level.rows * width + level.columns)] += level.shares
        return np.asarray(out)

    def _cantonese(self, characters: str) -> Level:
        """Hong Kong spellings of the characters, as far as the letter strings occur in the pairs at all."""
        rows, columns, shares, rest = [], [], [], np.ones(len(characters))
        for row, character in enumerate(characters):
            found = [
                (number(spelling), weight)
                for spelling, weight in character_spellings(character)
                if len(spelling) <= LONGEST
            ]
            place = np.searchsorted(self.strings, [value for value, _ in found])
            known = [
                (int(at), weight)
                for at, (value, weight) in zip(place, found, strict=True)
                if at < len(self.strings) and self.strings[at] == value
            ]
            total = sum(weight for _, weight in known)
            for at, weight in known:
                rows.append(row)
                columns.append(at)
                shares.append(CANTONESE_SHARE * weight / total)
            if known:
                rest[row] = 1.0 - CANTONESE_SHARE
        return Level(np.array(rows, np.int64), np.array(columns, np.int64), np.array(shares, np.float64), rest)

    def channel(
        self, levels: dict[str, Level], characters: str, syllable_names: tuple[str, ...], rows: list[list[int]]
    ) -> Channel:
        """Keep the strings and skeletons that some level knows; all others are unseen."""
        levels = {**levels, "cantonese": self._cantonese(characters)}
        names = ("anything", "skeleton_of", "by_syllable", "by_character", "cantonese")
        known = np.unique(np.concatenate([[0], *(levels[name].columns for name in names)]))
        heard = np.unique(np.concatenate([self.heard[known], levels["by_skeleton"].columns]))
        for name in names:
            level = levels[name]
            levels[name] = Level(level.rows, np.searchsorted(known, level.columns), level.shares, level.rest)
        level = levels["skeleton_of"]
        levels["skeleton_of"] = Level(
            np.searchsorted(heard, level.rows), level.columns, level.shares, level.rest[heard]
        )
        level = levels["by_skeleton"]
        levels["by_skeleton"] = Level(level.rows, np.searchsorted(heard, level.columns), level.shares, level.rest)
        return Channel(
            characters=characters,
            syllable_names=syllable_names,
            character_syllable=self.syllable_of,
            strings=self.strings[known],
            skeletons=tuple(self.skeletons[index] for index in heard),
            letter_bigrams=self.bigrams,
            syllable_bigrams=_syllable_bigrams(
                [[int(self.syllable_of[unit]) for unit in row] for row in rows], self.syllables
            ),
            **levels,
        )
