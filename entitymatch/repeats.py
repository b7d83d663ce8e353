"""How many ids of a register repeat an earlier one, told without keeping every id.

Most registers are numbered in order, some with letters in front. Of consecutive numbers only the first and the last
are kept, so that such a register may be of any length; of any other id eight bytes are kept.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Integers = npt.NDArray[np.int64]

_ODD = np.uint64(0x9E3779B97F4A7C15)  # its multiples are far apart


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


def numbers_of(ids: pa.ChunkedArray | pd.Series[Any]) -> Integers:
    """Return a number, 0 or more, for each id by which those that are the same are found.

    Those that end in consecutive numbers (1, 2, 3; SH-0001, SH-0002) have consecutive ones: a hash of what stands
    before the digits and of how many these are, plus their number.

    Example:
        >>> numbers = numbers_of(pa.chunked_array([["SH-0001", "SH-0002", "SH-1", "SH-0001"]]))
        >>> int(numbers[1] - numbers[0]), bool(numbers[2] == numbers[0]), bool(numbers[3] == numbers[0])
        (1, False, True)
    """
    if isinstance(ids, pd.Series):
        numbers = _hashes(ids)
    elif pa.types.is_string(ids.type) or pa.types.is_integer(ids.type):
        text = ids.combine_chunks().cast(pa.string()).fill_null("")
        # More digits than that are no number that an int64 holds: they stay text.
        digits = pc.struct_field(pc.extract_regex(text, "(?:^|[^0-9])(?P<digits>[0-9]{1,18})$"), "digits")
        before = pc.if_else(digits.is_valid(), pc.ascii_rtrim(text, "0123456789"), text).dictionary_encode()
        numbers = _hashes(before.dictionary.to_pandas())[before.indices.to_numpy()]
        numbers += pc.binary_length(digits).fill_null(0).to_numpy().astype(np.uint64) * _ODD
        numbers += digits.cast(pa.int64()).fill_null(0).to_numpy().astype(np.uint64)
    else:
        numbers = _hashes(ids.to_pandas())
    return np.asarray(numbers & np.uint64(2**63 - 1), dtype=np.int64)


def _hashes(values: pd.Series[Any]) -> npt.NDArray[np.uint64]:
    hashes = pd.util.hash_pandas_object(values, index=False, categorize=False)  # categories would end at a "\0"
    return np.array(hashes, dtype=np.uint64)
