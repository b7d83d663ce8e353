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
from entitymatch.romanize.pinyin import syllables
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
