"""Pairs of one shape at once: expected emissions (forward–backward), and the best cut of each (Viterbi)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entitymatch.romanize.letters import BASE, LONGEST, spans

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_CHARACTERS = 10
MOST_LETTERS = 24
NUMBERS = BASE**LONGEST


@dataclass(slots=True)
class Group:
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


def group_pairs(chinese: list[list[int]], latin: list[str]) -> tuple[list[Group], Ints]:
    """Sort the pairs by shape, number the emissions that can occur; returns groups and the key of each parameter."""
    shapes: dict[tuple[int, int], list[int]] = {}
    for index, (units, name) in enumerate(zip(chinese, latin, strict=True)):
        if 1 <= len(units) <= MOST_CHARACTERS and 1 <= len(name) <= min(MOST_LETTERS, LONGEST * len(units)):
            shapes.setdefault((len(units), len(name)), []).append(index)
    raw = []
    for (characters, width), members in sorted(shapes.items()):
        rows = np.array([chinese[index] for index in members], np.int64)
        numbers = spans([latin[index] for index in members])
        keys = rows[:, :, None, None] * NUMBERS + numbers[:, None]
        keys[:, ~_feasible(characters, width)] = -1
        raw.append((np.array(members, np.int64), characters, width, keys))
    known = np.unique(np.concatenate([keys.ravel() for *_, keys in raw])) if raw else np.zeros(0, np.int64)
    known = known[known >= 0]
    groups = []
    for members_array, characters, width, keys in raw:
        cells = np.where(keys >= 0, np.searchsorted(known, keys), len(known)).astype(np.int32)
        groups.append(Group(members_array, characters, width, cells))
    return groups, known


def expect(group: Group, emission: Floats, weights: Floats, counts: Floats, likelihood: Floats) -> None:
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


def best_cuts(group: Group, emission: Floats) -> Ints:
    """Return the best single cut of each pair of a group: the letters of each character, ``(pairs, characters)``."""
    width, count = group.width, len(group.pairs)
    table = emission[group.cells]
    best = np.zeros((count, width + 1))
    best[:, 0] = 1.0
    taken = np.zeros((group.characters, count, width + 1), np.int64)
    for index in range(group.characters):
        after = best * table[:, index, :, 0]
        for size in range(1, min(LONGEST, width) + 1):
            found = best[:, : width + 1 - size] * table[:, index, : width + 1 - size, size]
            better = found > after[:, size:]
            np.copyto(after[:, size:], found, where=better)
            np.copyto(taken[index, :, size:], size, where=better)
        best = after
    out = np.zeros((count, group.characters), np.int64)
    position, row = np.full(count, width), np.arange(count)
    for index in range(group.characters - 1, -1, -1):
        out[:, index] = taken[index, row, position]
        position = position - out[:, index]
    return out
