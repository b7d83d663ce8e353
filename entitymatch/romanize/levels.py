"""Emissions in levels: what each character is seen to emit, and what it leaves to the level below.

The lowest level of all is ``prior``: any letters, by their number and letter bigrams.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entitymatch.romanize.letters import BASE, LONGEST, lengths

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LENGTH_PRIOR = np.array([0.05, 0.22, 0.36, 0.24, 0.09, 0.03, 0.01])
"""How many letters a character emits, before anything is learned."""


def prior(numbers: Ints, bigrams: Floats) -> Floats:
    """Probability of letter strings (given by number) from their length and letter bigrams, 0 being the start."""
    sizes = lengths(numbers)
    out = LENGTH_PRIOR[sizes].copy()
    before = np.zeros(numbers.shape, np.int64)
    for place in range(LONGEST - 1, -1, -1):
        digit = np.maximum(numbers, 0) // BASE**place % BASE
        out *= np.where(digit > 0, bigrams[before, digit], 1.0)
        before = np.where(digit > 0, digit, before)
    return np.asarray(out)


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the back-off: discounted counts of each context, and the share left to the level below.

    ``rows`` (contexts), ``columns`` and ``shares`` are the emissions seen; ``rest`` has one share per context.
    """

    rows: Ints
    columns: Ints
    shares: Floats
    rest: Floats

    def sorted(self) -> Level:
        """Return the level with its emissions in order of context, as files hold them."""
        order = np.lexsort((self.columns, self.rows))
        return Level(self.rows[order], self.columns[order], self.shares[order], self.rest)

    def dense(self, width: int) -> Floats:
        """Return the shares as a table ``(contexts, width)``."""
        table = np.zeros((len(self.rest), width))
        table[self.rows, self.columns] = self.shares
        return table
