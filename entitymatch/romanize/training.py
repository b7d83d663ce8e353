"""Fit the transliteration model on pairs of names by expectation–maximisation.

Li, Zhang, Su (ACL 2004) model a name and its transliteration as one row of pairs: a Chinese character and the letters it stands for.
Where the letters of one character end is not written down; EM finds it: guess, for every pair, how probable each cut is under the
present emissions (forward–backward), count the letters each character then emits, and make emissions of the counts.

Three things keep the model from learning its training names by heart. Emissions of a character back off to those of its syllable, these to
those of all syllables, and these to uniform letters; each level gives up a fixed part of every count to the next (absolute
discounting, Ney, Essen, Kneser 1994). Pairs that are no transliterations (translations, another name of the thing) weigh what the
model itself thinks of them: the probability that the letters come from the characters rather than from the background. Emissions that
are expected less than a fraction of once are dropped from the file.

Everything is done in numpy over all pairs of equal lengths at once; 56,000 pairs and 8 rounds take about 20 seconds on one core.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entitymatch.romanize.letters import LONGEST, lengths, letters, spans
from entitymatch.romanize.pinyin import han, syllables
from entitymatch.romanize.transliteration import LENGTH_PRIOR, Level, Transliteration, uniform_letters

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_CHARACTERS = 10
MOST_LETTERS = 24
_NUMBERS = 27**LONGEST


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
        out[index] = (position <= LONGEST * index) & (position + size <= width) & (width - position - size <= LONGEST * after)
        if index == 0:
            out[index, 1:] = False
        if index == characters - 1:
            out[index] &= position + size == width
    return out


def _group(chinese: list[list[int]], latin: list[str]) -> tuple[list[_Group], Ints]:
    """Sort the pairs by shape and number the emissions that can occur; returns the groups and the key of each parameter."""
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
    """Forward–backward over one group: adds expected emissions to ``counts``, writes P(letters | characters) to ``likelihood``."""
    width = group.width
    table = emission[group.cells]
    forward = np.zeros((group.characters + 1, len(group.pairs), width + 1))
    forward[0, :, 0] = 1.0
    sizes = range(min(LONGEST, width) + 1)
    for index in range(group.characters):
        for size in sizes:
            forward[index + 1, :, size:] += forward[index, :, : width + 1 - size] * table[:, index, : width + 1 - size, size]
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


def _level(rows: Ints, columns: Ints, counts: Floats, contexts: int, discount: float, strength: float) -> tuple[Level, NDArray[np.bool_]]:
    """Discount the counts of one level; also says which of the emissions given are kept."""
    total = np.bincount(rows, counts, minlength=contexts) + strength
    kept = counts > discount
    shares = (counts[kept] - discount) / total[rows[kept]]
    rest = 1.0 - np.bincount(rows[kept], shares, minlength=contexts)
    return Level(rows[kept], columns[kept], shares, rest), kept


@dataclass(frozen=True, slots=True)
class _Parameters:
    """Where each parameter of EM (character, letter string) sits in the levels of the back-off."""

    character: Ints
    column: Ints
    syllable_of: Ints
    strings: Ints
    syllable_pair: Ints
    syllable_keys: Ints

    @classmethod
    def of(cls, keys: Ints, syllable_of: Ints) -> _Parameters:
        strings, column = np.unique(keys % _NUMBERS, return_inverse=True)
        character = keys // _NUMBERS
        pair_keys, pair = np.unique(syllable_of[character] * len(strings) + column, return_inverse=True)
        return cls(character, column, syllable_of, strings, pair, pair_keys)

    def levels(self, counts: Floats, discount: float, strength: float) -> tuple[Level, Level, Level]:
        width = len(self.strings)
        by_syllable = np.bincount(self.syllable_pair, counts, minlength=len(self.syllable_keys))
        columns = self.syllable_keys % width
        anything = np.bincount(columns, by_syllable, minlength=width)
        return (
            _level(np.zeros(width, np.int64), np.arange(width), anything, 1, discount, strength)[0],
            _level(self.syllable_keys // width, columns, by_syllable, int(self.syllable_of.max()) + 1, discount, strength)[0],
            _level(self.character, self.column, counts, len(self.syllable_of), discount, strength)[0],
        )

    def probabilities(self, levels: tuple[Level, Level, Level]) -> Floats:
        """P(string | character) of every parameter, through all levels."""
        anything, by_syllable, by_character = levels
        width = len(self.strings)
        low = anything.over(uniform_letters(lengths(self.strings))[None, :])[0]
        middle = low[self.syllable_keys % width] * by_syllable.rest[self.syllable_keys // width]
        middle[np.searchsorted(self.syllable_keys, by_syllable.rows * width + by_syllable.columns)] += by_syllable.shares
        high = middle[self.syllable_pair] * by_character.rest[self.character]
        own = self.character * width + self.column
        high[np.searchsorted(own, by_character.rows * width + by_character.columns)] += by_character.shares
        return high


def train(
    pairs: Iterable[tuple[str, str]],
    *,
    rounds: int = 8,
    discount: float = 0.6,
    strength: float = 5.0,
    noise: float = 0.05,
    progress: Callable[[int, float], None] | None = None,
) -> Transliteration:
    """Learn a transliteration model from pairs of names.

    Args:
        pairs: Chinese and Latin name; pairs without Han characters or letters, or longer than 10 characters or 24 letters, are skipped.
        rounds: rounds of EM.
        discount: what is taken from the expected count of every emission and given to the level below, in occurrences.
        strength: what the level below counts for in every context, in occurrences.
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
    syllable_of = np.array([syllable_position.setdefault(syllables(c)[0], len(syllable_position)) for c in characters], np.int64)
    groups, keys = _group(units, latin)
    if not groups:
        raise ValueError("no pair has Han characters on one side and letters on the other: nothing to learn from")
    parameters = _Parameters.of(keys, syllable_of)
    emission = np.append(uniform_letters(lengths(keys % _NUMBERS)), 0.0)
    weights = np.ones(len(units))
    used = np.concatenate([group.pairs for group in groups])
    model = None
    for number in range(1, rounds + 1):
        counts = np.zeros(len(keys) + 1)
        likelihood = np.ones(len(units))
        for group in groups:
            _expect(group, emission, weights, counts, likelihood)
        levels = parameters.levels(counts[:-1], discount, strength)
        emission = np.append(parameters.probabilities(levels), 0.0)
        model = _pack(characters, tuple(syllable_position), parameters, levels, units)
        if number >= rounds // 2:
            weights = _trust(model, latin, likelihood, noise)
        if progress is not None:
            progress(number, float(np.log2(likelihood[used]).mean()))
    assert model is not None
    return model


def _trust(model: Transliteration, latin: list[str], likelihood: Floats, noise: float) -> Floats:
    """Probability that each pair is a transliteration at all, by the odds of its letters under characters and background."""
    uniform = np.array([-np.log2(26.0) * len(name) for name in latin])
    odds = np.log2(np.maximum(likelihood, 1e-300)) - model.background(latin) - uniform
    return np.asarray(1.0 / (1.0 + noise / (1.0 - noise) * 2.0 ** np.clip(-odds, -500, 500)))


def _pack(
    characters: str, syllable_names: tuple[str, ...], parameters: _Parameters, levels: tuple[Level, Level, Level], units: list[list[int]]
) -> Transliteration:
    """Keep the letter strings that some level knows; the rest are unseen strings."""
    known = np.unique(np.concatenate([[0], *(level.columns for level in levels)]))
    moved = [Level(level.rows, np.searchsorted(known, level.columns), level.shares, level.rest) for level in levels]
    return Transliteration(characters, syllable_names, parameters.syllable_of, parameters.strings[known], *moved)
