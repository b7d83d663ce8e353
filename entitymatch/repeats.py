"""How many ids of a register repeat an earlier one, told without keeping every id.

Most registers are numbered in order, some with letters in front. Of consecutive numbers only the first and the last
are kept, so that such a register may be of any length; of any other id eight bytes are kept.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]


class Repeats:
    """Ids that were met, each as a whole number.

    Example:
        >>> repeats = Repeats()
        >>> repeats.add(np.array([1, 2, 3, 4, 9]))
        >>> repeats.add(np.array([9, 5, 3]))
        >>> repeats.count()
        2
    """

    def __init__(self) -> None:
        self._size = 0
        self._alone = [np.zeros(0, dtype=np.int64)]
        self._runs = [np.zeros((2, 0), dtype=np.int64)]  # first and last of consecutive numbers

    def add(self, numbers: Integers) -> None:
        """Take the ids of a piece, 0 or more."""
        self._size += len(numbers)
        numbers = np.sort(numbers)
        numbers = numbers[np.append(numbers[:1] >= 0, np.diff(numbers) > 0)]
        gaps = np.diff(numbers) != 1
        first, last = numbers[np.append(numbers[:1] >= 0, gaps)], numbers[np.append(gaps, numbers[:1] >= 0)]
        several = last > first
        self._alone.append(first[~several])
        self._runs.append(np.stack([first[several], last[several]]))

    def count(self) -> int:
        """Return how many ids repeat an earlier one."""
        first, last = np.concatenate(self._runs, axis=1)
        order = np.argsort(first)
        first, last = first[order], np.maximum.accumulate(last[order])
        covered = np.maximum(first - 1, np.append(-1, last[:-1]))  # up to there; the largest int64 has none above it
        in_runs = int(np.maximum(last - covered, 0).sum())
        alone = np.concatenate(self._alone)
        self._alone = [alone]  # instead of the pieces: these may be millions
        alone.sort()
        anew = np.append(alone[:1] >= 0, alone[1:] != alone[:-1])
        if not anew.all():
            alone = alone[anew]
        both = np.searchsorted(alone, last, side="right") - np.searchsorted(alone, covered, side="right")
        return self._size - in_runs - len(alone) + int(np.maximum(both, 0).sum())
