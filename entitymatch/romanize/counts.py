"""Counts of what was seen in which context, as arrays: one level of a back-off with absolute discounting.

A level gives ``max(n - d, 0) / (N + s)`` to a value that was seen ``n`` times in a context seen ``N`` times, and all
that is left to the level below (Ney, Essen, Kneser 1994); a context that was never seen leaves everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Counts:
    """How often each value was seen in each context.

    Attributes:
        keys: the contexts, ascending.
        sizes: how many values each context has.
        values: the values of the first context, ascending, then of the second …
        counts: how often each was seen there.
        width: how many values there are.
        discount: what is taken from each count.
        strength: how many occurrences are given to the level below in addition.
    """

    keys: Ints
    sizes: Ints
    values: Ints
    counts: Ints
    width: int
    discount: float
    strength: float

    @classmethod
    def of(
        cls, keys: Ints, values: Ints, *, width: int, discount: float, strength: float = 0.0, least: int = 1
    ) -> Counts:
        """Count pairs of context and value; contexts seen less than ``least`` times are left out."""
        pairs, count = np.unique(np.stack([keys, values]), axis=1, return_counts=True)
        known, place = np.unique(pairs[0], return_inverse=True)
        total = np.bincount(place, count, minlength=len(known))
        kept = (total >= least)[place]
        sizes = np.bincount(place[kept], minlength=len(known))[total >= least]
        return cls(known[total >= least], sizes, pairs[1][kept], count[kept], width, discount, strength)

    @cached_property
    def _totals(self) -> Floats:
        contexts = np.repeat(np.arange(len(self.keys)), self.sizes)
        return np.asarray(np.bincount(contexts, self.counts, minlength=len(self.keys)) + self.strength)

    @cached_property
    def shares(self) -> sparse.csr_matrix:
        """Discounted shares, ``(contexts + 1, width)``; the last row is an unknown context, empty."""
        share = (self.counts - self.discount) / np.repeat(self._totals, self.sizes)
        starts = np.concatenate([[0], np.cumsum(self.sizes), [len(self.values)]])
        return sparse.csr_matrix((share, self.values, starts), shape=(len(self.keys) + 1, self.width))

    @cached_property
    def rest(self) -> Floats:
        """What each context leaves to the level below, ``(contexts + 1,)``; an unknown context everything."""
        taken = self.discount * self.sizes + self.strength
        return np.append(taken / self._totals, 1.0)

    def find(self, keys: Ints) -> Ints:
        """Return the row of each context; that of the unknown context if it was never seen."""
        unknown = len(self.keys)
        if not unknown:
            return np.zeros(keys.shape, np.int64)
        row = np.minimum(np.searchsorted(self.keys, keys), unknown - 1)
        return np.where(self.keys[row] == keys, row, unknown)
