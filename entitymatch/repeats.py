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
        numbers = numbers[np.diff(numbers, prepend=-2) > 0]
        first, last = numbers[np.diff(numbers, prepend=-2) != 1], numbers[np.diff(numbers, append=0) != 1]
        several = last > first
        self._alone.append(first[~several])
        self._runs.append(np.stack([first[several], last[several]]))

    def count(self) -> int:
        """Return how many ids repeat an earlier one."""
        first, last = np.concatenate(self._runs, axis=1)
        order = np.argsort(first)
        first, last = first[order], np.maximum.accumulate(last[order])
        begin = np.maximum(first, np.append(-1, last[:-1]) + 1)  # what the runs before have not covered
        in_runs = int(np.maximum(last - begin + 1, 0).sum())
        alone = np.concatenate(self._alone)
        self._alone = [alone]  # instead of the pieces: these may be millions
        alone.sort()
        anew = np.append(alone[:1] >= 0, alone[1:] != alone[:-1])
        if not anew.all():
            alone = alone[anew]
        both = np.searchsorted(alone, last, side="right") - np.searchsorted(alone, begin)
        return self._size - in_runs - len(alone) + int(np.maximum(both, 0).sum())
