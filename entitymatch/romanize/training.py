"""Fit the transliteration model on pairs of names by expectation–maximisation.

Li, Zhang, Su (ACL 2004) model a name and its transliteration as one row of pairs: a Chinese character and the letters
it stands for. Where the letters of one character end is not written down; EM finds it: guess, for every pair, how
probable each cut is under the present emissions (forward–backward), count the letters each character then emits, and
make emissions of the counts.

Three things keep the model from learning its training names by heart. Emissions back off: from the character to its
syllable, from there to the skeletons (what is heard of a letter string) that the syllable emits, and at last to any
letters; each level gives up a fixed part of every count to the next (absolute discounting: Ney, Essen, Kneser 1994).
Half way, each pair is weighed by the probability that it is a transliteration at all, its letters under its characters
against the letters by themselves. And what is expected less often than the discount is not kept.

Everything is done in numpy over all pairs of equal lengths at once; 56,000 pairs and 6 rounds take about ten seconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from entitymatch.romanize.letters import BASE, LONGEST, letters, skeleton, spans, string
from entitymatch.romanize.pinyin import han, syllables
from entitymatch.romanize.transliteration import Level, Transliteration, prior

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_CHARACTERS = 10
MOST_LETTERS = 24
CHARACTER_STRENGTH = 8.0
"""How many occurrences the emissions of its syllable count for in a character."""
SYLLABLE_STRENGTH = 20.0
"""The same for the skeletons in a syllable, and for any letters in the skeletons of a syllable."""
SKELETON_DISCOUNT = 0.5
_NUMBERS = BASE**LONGEST


@dataclass(slots=True)
class _Group:
    """Pairs of one shape: ``cells[pair, character, position, length]`` is the parameter of that emission."""

    pairs: Ints
    characters: int
    width: int
    cells: NDArray[np.int32]


def _feasible(characters: int, width: int) -> NDArray[np.bool_]:
    """Which (character, position, length) can be part of a complete cut of ``width`` letters."""
    position = np.arange(width + 1)[:, None]
    size = np.arange(LONGEST + 1)[None, :]
    out = np.zeros((characters, width + 1, LONGEST + 1), np.bool_)
    for index in range(characters):
        after = characters - index - 1
        out[index] = (
            (position <= LONGEST * index) & (position + size <= width) & (width - position - size <= LONGEST * after)
        )
        if index == 0:
            out[index, 1:] = False
        if index == characters - 1:
            out[index] &= position + size == width
    return out


def _group(chinese: list[list[int]], latin: list[str]) -> tuple[list[_Group], Ints]:
    """Sort the pairs by shape, number the emissions that can occur; returns groups and the key of each parameter."""
    shapes: dict[tuple[int, int], list[int]] = {}
    for index, (units, name) in enumerate(zip(chinese, latin, strict=True)):
        if 1 <= len(units) <= MOST_CHARACTERS and 1 <= len(name) <= min(MOST_LETTERS, LONGEST * len(units)):
            shapes.setdefault((len(units), len(name)), []).append(index)
    raw = []
    for (characters, width), members in sorted(shapes.items()):
        rows = np.array([chinese[index] for index in members], np.int64)
        numbers = spans([latin[index] for index in members])
        keys = rows[:, :, None, None] * _NUMBERS + numbers[:, None]
        keys[:, ~_feasible(characters, width)] = -1
        raw.append((np.array(members, np.int64), characters, width, keys))
    known = np.unique(np.concatenate([keys.ravel() for *_, keys in raw])) if raw else np.zeros(0, np.int64)
    known = known[known >= 0]
    groups = []
    for members_array, characters, width, keys in raw:
        cells = np.where(keys >= 0, np.searchsorted(known, keys), len(known)).astype(np.int32)
        groups.append(_Group(members_array, characters, width, cells))
    return groups, known


def _expect(group: _Group, emission: Floats, weights: Floats, counts: Floats, likelihood: Floats) -> None:
    """Forward–backward over one group: adds expected emissions to ``counts``, writes P(letters | characters)."""
    width = group.width
    table = emission[group.cells]
    forward = np.zeros((group.characters + 1, len(group.pairs), width + 1))
    forward[0, :, 0] = 1.0
    sizes = range(min(LONGEST, width) + 1)
    for index in range(group.characters):
        for size in sizes:
            forward[index + 1, :, size:] += (
                forward[index, :, : width + 1 - size] * table[:, index, : width + 1 - size, size]
            )
    total = forward[-1, :, width]
    likelihood[group.pairs] = total
    share = weights[group.pairs] / np.maximum(total, 1e-290)
    backward = np.zeros((len(group.pairs), width + 1))
    backward[:, width] = 1.0
    for index in range(group.characters - 1, -1, -1):
        earlier = np.zeros_like(backward)
        for size in sizes:
            part = table[:, index, : width + 1 - size, size] * backward[:, size:]
            earlier[:, : width + 1 - size] += part
            table[:, index, : width + 1 - size, size] = part * forward[index, :, : width + 1 - size] * share[:, None]
        backward = earlier
    counts += np.bincount(group.cells.ravel(), table.ravel(), minlength=len(counts))


def _level(rows: Ints, columns: Ints, counts: Floats, contexts: int, discount: float, strength: float) -> Level:
    """Discount the counts of one level of the back-off; ``strength`` occurrences go to the level below as well."""
    total = np.bincount(rows, counts, minlength=contexts) + strength
    kept = counts > discount
    shares = (counts[kept] - discount) / total[rows[kept]]
    rest = np.asarray(1.0 - np.bincount(rows[kept], shares, minlength=contexts), np.float64)
    return Level(rows[kept], columns[kept], shares, rest)


def _letter_bigrams(names: Iterable[str]) -> Floats:
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


class _Fit:
    """The parameters of EM, one for each character and letter string that can meet, and the levels of back-off."""

    def __init__(self, keys: Ints, syllable_of: Ints, bigrams: Floats, discount: float) -> None:
        self.discount = discount
        self.syllable_of = syllable_of
        self.bigrams = bigrams
        self.strings, self.column = np.unique(keys % _NUMBERS, return_inverse=True)
        self.character = keys // _NUMBERS
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

    def model(
        self, levels: dict[str, Level], characters: str, syllable_names: tuple[str, ...], rows: list[list[int]]
    ) -> Transliteration:
        """Keep the strings and skeletons that some level knows; all others are unseen."""
        names = ("anything", "skeleton_of", "by_syllable", "by_character")
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
        return Transliteration(
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


def train(
    pairs: Iterable[tuple[str, str]],
    *,
    rounds: int = 6,
    discount: float = 0.9,
    noise: float = 0.1,
    progress: Callable[[int, float], None] | None = None,
) -> Transliteration:
    """Learn a transliteration model from pairs of names.

    Args:
        pairs: Chinese and Latin name; pairs without Han characters or letters, or longer than 10 characters or 24
            letters, are skipped.
        rounds: rounds of EM.
        discount: what is taken from the expected count of every emission and given to the level below, in occurrences.
        noise: share of pairs that are expected not to be transliterations.
        progress: called after each round with its number (from 1) and the mean log2 likelihood of a pair.

    Returns:
        The model. The same pairs in the same order give the same model.

    Raises:
        ValueError: if no pair can be used.
    """
    chinese_names, latin = [], []
    for zh, name in pairs:
        chinese_names.append(han(zh))
        latin.append(letters(name))
    position: dict[str, int] = {}
    units = [[position.setdefault(character, len(position)) for character in name] for name in chinese_names]
    characters = "".join(position)
    syllable_position: dict[str, int] = {}
    syllable_of = np.array(
        [syllable_position.setdefault(syllables(c)[0], len(syllable_position)) for c in characters], np.int64
    )
    groups, keys = _group(units, latin)
    if not groups:
        raise ValueError("no pair has Han characters on one side and letters on the other: nothing to learn from")
    fit = _Fit(keys, syllable_of, _letter_bigrams(latin), discount)
    emission = np.append(fit.prior[fit.column], 0.0)
    weights = np.ones(len(units))
    used = np.concatenate([group.pairs for group in groups])
    model = None
    for number in range(1, rounds + 1):
        counts = np.zeros(len(keys) + 1)
        likelihood = np.ones(len(units))
        for group in groups:
            _expect(group, emission, weights, counts, likelihood)
        levels = fit.levels(counts[:-1])
        emission = np.append(fit.probabilities(levels), 0.0)
        model = fit.model(levels, characters, tuple(syllable_position), units)
        if number == max(1, rounds // 2):
            weights = _trust(model, latin, likelihood, noise)
        if progress is not None:
            progress(number, float(np.log2(likelihood[used]).mean()))
    assert model is not None
    return model


def _trust(model: Transliteration, latin: list[str], likelihood: Floats, noise: float) -> Floats:
    """Probability that each pair is a transliteration at all: letters under characters against background."""
    place = {name: index for index, name in enumerate(dict.fromkeys(latin))}
    background = model.background(list(place)) - np.log2(26.0) * np.array([len(name) for name in place])
    odds = np.log2(np.maximum(likelihood, 1e-300)) - background[[place[name] for name in latin]]
    return np.asarray(1.0 / (1.0 + noise / (1.0 - noise) * 2.0 ** np.clip(-odds, -500, 500)))
