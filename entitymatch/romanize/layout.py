"""Latin names of a batch one after another in one flat array of letter positions.

So a step of the forward algorithm is seven shifted products however many names there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entitymatch.romanize.letters import LONGEST

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cells:
    """The substrings of one Latin name: columns of the table and factors, ``(letters + 1, LONGEST + 1)``."""

    columns: NDArray[np.int32]
    factors: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Flat:
    """Latin names one after another: name ``i`` has the positions ``starts[i]`` to ``ends[i]``.

    There is one position more than letters. ``columns[k, p]`` and ``factors[k, p]`` are those of the ``k`` letters
    from position ``p``; "no string" where the name ends before. A few unused positions follow the last name, so that
    shifts stay inside.
    """

    columns: NDArray[np.int32]
    factors: NDArray[np.float32]
    starts: Ints
    ends: Ints
    sizes: Ints

    @classmethod
    def of(cls, names: Sequence[Cells]) -> Flat:
        """Lay out names one after another."""
        sizes = np.array([len(name.columns) - 1 for name in names], np.int64)
        ends = np.cumsum(sizes + 1) - 1
        none = np.full((LONGEST, LONGEST + 1), names[0].columns[-1, -1] if len(names) else 0, np.int32)
        columns = np.concatenate([*(name.columns for name in names), none])
        factors = np.concatenate([*(name.factors for name in names), np.zeros(none.shape, np.float32)])
        return cls(np.ascontiguousarray(columns.T), np.ascontiguousarray(factors.T), ends - sizes, ends, sizes)

    def select(self, names: Ints) -> Flat:
        """Lay out some of these names, given by their positions (at least one; again and again if need be)."""
        sizes = self.sizes[names]
        ends = np.cumsum(sizes + 1) - 1
        starts = ends - sizes
        positions = np.arange(ends[-1] + 1) + np.repeat(self.starts[names] - starts, sizes + 1)
        source = np.concatenate([positions, np.arange(-LONGEST, 0)])
        return Flat(self.columns.take(source, axis=1), self.factors.take(source, axis=1), starts, ends, sizes)
