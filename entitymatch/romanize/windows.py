"""Every short substring of a batch of Latin names with the letters around it, as numbers.

What a letter stands for depends on its neighbours: *c* before *e*, a silent *e* at the end. A window is a substring of
up to ``LONGEST`` letters with one letter before it and two after it, written as one number, so that the contexts of
a model are sorted arrays and a batch is looked up at once. Beyond its ends a name has the symbols ``START`` and
``END``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from entitymatch.romanize.letters import BASE, LONGEST

Ints = NDArray[np.int64]
_Kind = TypeVar("_Kind", np.int64, np.float64)

START, END = 27, 28
SYMBOLS = 29
AROUND = 5
"""How many contexts ``cut_keys`` has: from one letter to the letter before with the five from here."""


class Windows:
    """Folded Latin names laid end to end, each with one position more than letters.

    Attributes:
        starts, ends: ``(names,)``: first and last position of each name.
        keys: ``(LONGEST + 1, positions)``: the window of ``k`` letters from each position; -1 beyond the name's end.
    """

    def __init__(self, names: Sequence[str]) -> None:
        sizes = np.array([len(name) for name in names], np.int64)
        self.ends = np.cumsum(sizes + 1) - 1
        self.starts = self.ends - sizes
        self._first = np.repeat(self.starts, sizes + 1)
        self._last = np.repeat(self.ends, sizes + 1)
        self._position = np.arange(len(self._last))
        # "{" stands for the position after the last letter
        self._symbols = np.frombuffer("".join(f"{name}{{" for name in names).encode("ascii"), np.uint8) - np.int64(96)
        self._symbols = np.where(self._position == self._last, END, self._symbols)
        self.keys = np.full((LONGEST + 1, len(self._position)), -1, np.int64)
        number = np.zeros(len(self._position), np.int64)
        before = self.symbol(-1)
        for size in range(LONGEST + 1):
            key = ((number * SYMBOLS + before) * SYMBOLS + self.symbol(size)) * SYMBOLS + self.symbol(size + 1)
            self.keys[size] = np.where(self._position + size <= self._last, key, -1)
            number = number * BASE + self.symbol(size)

    def symbol(self, offset: int) -> Ints:
        """Return the symbol so many letters after each position (before it if negative)."""
        place = self._position + offset
        inside = (place >= self._first) & (place <= self._last)
        found = self._symbols[np.clip(place, 0, len(self._position) - 1)]
        return np.where(inside, found, END if offset > 0 else START)

    def turned(self, values: NDArray[_Kind]) -> NDArray[_Kind]:
        """Move values of substrings ``(LONGEST + 1, positions)`` to where they start in the names turned round."""
        size = np.arange(LONGEST + 1)[:, None]
        place = self._first + self._last - self._position - size
        inside = place >= self._first
        return np.where(inside, values[size, np.maximum(place, 0)], values.dtype.type(0))

    def cut_keys(self) -> Ints:
        """Return what the length of the next substring depends on, widest context last: ``(AROUND, positions)``."""
        here = [self.symbol(offset) for offset in range(-1, 5)]
        out = [here[1]]
        out.append(out[0] * SYMBOLS + here[2])
        out.append(out[1] * SYMBOLS + here[3])
        out.append(here[0] * SYMBOLS**3 + out[2])
        out.append((out[3] * SYMBOLS + here[4]) * SYMBOLS + here[5])
        return np.stack(out)


def without_neighbours(keys: Ints, kept: int) -> Ints:
    """Reduce windows to the substring (``kept`` 0) or to the substring and the letter after it (1)."""
    substring = keys // SYMBOLS**3
    return substring * SYMBOLS + keys // SYMBOLS % SYMBOLS if kept else substring
