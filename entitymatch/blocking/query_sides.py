"""The queries' side of the blockers that most values come from, for a batch of queries at a time.

A query has a hundred possible words and trigrams; with numpy a batch of queries takes half the time that they take
one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import chain, repeat
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from entitymatch.blocking.blocker import QuerySide, rows_of
from entitymatch.features import NameFeatures

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.integer[Any]]

Reader = Callable[[NameFeatures], Collection[str]]

_UNSEEN_GRAM = 100.0  # the square of the bits of a trigram that no reference has
_probability = itemgetter(0)  # of an OriginRow


class ByBatch:
    """What a blocker inherits that makes the queries' side for a batch: the same for one query alone.

    A subclass that wants other values of a query overrides `query_side`: an index never asks `query_values`.
    """

    def keys(self, reference: NameFeatures) -> Mapping[str, float]:
        """Return the values of a reference."""
        raise NotImplementedError

    def keys_of(self, references: Sequence[NameFeatures]) -> Sequence[Mapping[str, float]]:
        """Return the values of each reference."""
        return [self.keys(reference) for reference in references]

    def query_side(self, values: Sequence[str], bits: Floats, size: int) -> QuerySide:
        """Return what makes the queries' side."""
        raise NotImplementedError

    def query_values(self, query: NameFeatures, bits: Mapping[str, float], size: int) -> Mapping[str, float]:
        """Return the values of one query: its row of the batch."""
        values = list(bits)
        found = self.query_side(values, np.array(list(bits.values()), dtype=np.float64), size)([query])
        return {values[at]: value for at, value in zip(found.indices.tolist(), found.data.tolist(), strict=True)}


class Columns:
    """The columns of values in a sparse matrix."""

    def __init__(self, values: Sequence[str]) -> None:
        self.size = len(values)
        self._position = {value: position for position, value in enumerate(values)}

    def of(self, keys: Sequence[Collection[str]]) -> tuple[Integers, Integers]:
        """Return the row and the column of each value of each row; the column is -1 where nothing has the value."""
        sizes = list(map(len, keys))
        columns = map(self._position.get, chain.from_iterable(keys), repeat(-1))
        return np.repeat(np.arange(len(keys)), sizes), np.fromiter(columns, np.int32, sum(sizes))


class WordQueries:
    """Says how much likelier each word is in a query's name than in any; its own words have all their bits.

    Args:
        own: reads a query's own words.
        values: the words that the references have.
        bits: (values,) the bits of each.
    """

    def __init__(self, own: Reader, values: Sequence[str], bits: Floats) -> None:
        self._own, self._columns, self._bits = own, Columns(values), bits
        self._odds = np.exp2(bits)

    def __call__(self, queries: Sequence[NameFeatures]) -> sparse.csr_matrix:
        """Return queries × values."""
        shape = (len(queries), self._columns.size)
        row, column = self._columns.of([query.origins for query in queries])
        origins = chain.from_iterable([query.origins.values() for query in queries])
        probability = np.fromiter(map(_probability, origins), np.float64, len(row))
        known = column >= 0
        row, column = row[known], column[known]
        gain = np.log2(0.2 + probability[known] * self._odds[column])
        own_row, own_column = self._columns.of([self._own(query) for query in queries])
        known = own_column >= 0
        own_row, own_column = own_row[known], own_column[known]
        left = (gain > 0.0) & ~np.isin(row * shape[1] + column, own_row * shape[1] + own_column)
        return rows_of(
            np.concatenate([row[left], own_row]),
            np.concatenate([column[left], own_column]),
            np.concatenate([gain[left], self._bits[own_column]]),
            shape,
        )


class TrigramQueries:
    """Gives the trigrams of a query with their bits, at length 1; those that no reference has count in the length.

    Args:
        own: reads a query's trigrams.
        values: the trigrams that the references have.
        bits: (values,) the bits of each.
    """

    def __init__(self, own: Reader, values: Sequence[str], bits: Floats) -> None:
        self._own, self._columns, self._bits = own, Columns(values), bits

    def __call__(self, queries: Sequence[NameFeatures]) -> sparse.csr_matrix:
        """Return queries × values."""
        row, column = self._columns.of([self._own(query) for query in queries])
        known = column >= 0
        unseen = np.bincount(row[~known], minlength=len(queries))
        row, column = row[known], column[known]
        bits = self._bits[column]
        norm = np.sqrt(np.bincount(row, bits * bits, minlength=len(queries)) + _UNSEEN_GRAM * unseen)
        norm[norm == 0.0] = 1.0  # what every reference has tells nothing
        return rows_of(row, column, bits / norm[row], (len(queries), self._columns.size))
