"""One sparse feature space for names of both scripts, and the nearest references in it.

A name is a sparse vector over the values of all blockers (:mod:`.blockers`). The product of a query's and a
reference's vectors estimates, in bits, how much the reference's words are explained by the query's name.

Rarity is the share of references that bear a value, smoothed by the words' background frequency, so that a list
of twenty names does not take its every word for rare. The product is computed by ``sparse-dot-topn``, which keeps
the best of each row and never builds the whole matrix.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from itertools import chain

import numpy as np
import numpy.typing as npt
from scipy import sparse

from entitymatch.blocking.background import Background, default_background
from entitymatch.blocking.blocker import BatchBlocker, Blocker, QuerySide
from entitymatch.blocking.blockers import Characters, Words, default_blockers
from entitymatch.features import NameFeatures

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

LENGTH_NORM = 0.5  # power of the reference's information by which its products are divided
_SPARE = 10
_LEAST_INFORMATION = 8.0  # bits of the shortest name
# What the length of a name and the rarity of its words are counted in, whatever the blockers.
_MEASURES: tuple[Blocker, ...] = (Words(), Characters())


class BlockingIndex:
    """References in the feature space, ready to be searched.

    Args:
        references: the features of each reference name.
        background: how common words and characters are in names.
        blockers: what names have in common; None for :func:`.default_blockers`.
        length_norm: power of the reference's information by which its products are divided.

    Attributes:
        columns: the values that the references have, each as ``blocker:value``, sorted.
        information: (columns,) bits of surprise in each.
        matrix: (references, columns) the references.
    """

    def __init__(
        self,
        references: Sequence[NameFeatures],
        background: Background | None = None,
        blockers: Sequence[Blocker] | None = None,
        length_norm: float = LENGTH_NORM,
    ) -> None:
        self.background = background or default_background()
        self.blockers = default_blockers() if blockers is None else tuple(blockers)
        self.size = len(references)
        used = {blocker.name: blocker for blocker in (*_MEASURES, *self.blockers)}
        keys = {name: _keys_of(blocker, references) for name, blocker in used.items()}
        counts = {
            f"{name}:{key}": count
            for name, rows in keys.items()
            for key, count in Counter(chain.from_iterable(rows)).items()
        }
        columns = sorted(counts)
        information = [self.background.information(column, counts[column], self.size) for column in columns]
        self._lay_out(columns, np.array(information))
        self.matrix = self._assemble(keys, references, length_norm)

    def _lay_out(self, columns: list[str], information: Floats) -> None:
        self.columns, self.information = columns, information
        self._column: dict[str, dict[str, int]] = {b.name: {} for b in (*_MEASURES, *self.blockers)}
        self._bits: dict[str, dict[str, float]] = {name: {} for name in self._column}
        for position, (column, bits) in enumerate(zip(columns, information.tolist(), strict=True)):
            name, _, value = column.partition(":")
            self._column[name][value] = position
            self._bits[name][value] = bits
        self._word_bits: dict[str, float] = {}

    @classmethod
    def restore(
        cls, columns: Sequence[str], information: Floats, matrix: sparse.csr_matrix, blockers: Sequence[Blocker]
    ) -> BlockingIndex:
        """Return an index from its parts: the attributes of another index."""
        index = cls.__new__(cls)
        index.background, index.blockers = default_background(), tuple(blockers)
        index.size, index.matrix = matrix.shape[0], matrix
        index._lay_out(list(columns), information)
        return index

    @cached_property
    def added(self) -> tuple[str, ...]:
        """The names of the blockers that the package does not ship."""
        shipped = {blocker.name for blocker in default_blockers()}
        return tuple(blocker.name for blocker in self.blockers if blocker.name not in shipped)

    @property
    def is_shipped(self) -> bool:
        """Whether the package ships all blockers, so that what they read of a query is known."""
        shipped = {type(blocker) for blocker in default_blockers()}
        return shipped.issuperset(map(type, self.blockers))

    @property
    def words(self) -> Collection[str]:
        """The Latin words of the references, and runs of them written together."""
        return self._bits["word"].keys()

    def word_information(self, stem: str) -> float:
        """Return the bits of surprise in meeting a Latin word in a name."""
        bits = self._bits["word"].get(stem)
        if bits is None:
            bits = self._word_bits.get(stem)
        if bits is None:
            bits = self._word_bits[stem] = self.background.information(f"word:{stem}", 0, self.size)
        return bits

    def _assemble(
        self,
        keys: Mapping[str, Sequence[Mapping[str, float]]],
        references: Sequence[NameFeatures],
        length_norm: float,
    ) -> sparse.csr_matrix:
        data, indices, starts = array("d"), array("i"), [0]  # not lists, as these may be tens of millions
        characters = self._bits["han"]
        for position, features in enumerate(references):
            own = sum(self.word_information(w.stem) for w in features.words)
            own += 0.5 * sum(characters[key] for key in keys["han"][position])
            scale = max(own, _LEAST_INFORMATION) ** -length_norm
            for blocker in self.blockers:
                name = blocker.name
                values = blocker.reference_values(keys[name][position], self._bits[name], scale)
                indices.extend(map(self._column[name].__getitem__, values))
                data.extend(values.values())
            starts.append(len(data))
        shape = (len(references), len(self.columns))
        matrix = sparse.csr_matrix((np.array(data), np.array(indices), np.array(starts, np.int32)), shape=shape)
        matrix.eliminate_zeros()
        return matrix

    def query_matrix(self, queries: Sequence[NameFeatures]) -> sparse.csr_matrix:
        """Return the queries' vectors as a sparse matrix (queries × columns)."""
        blocks = {b.name: self._query_block(b, queries) for b in self.blockers if b.weight}
        names = sorted(self._column, key="{}:".format)  # in the order of the columns
        parts = [blocks.get(name, sparse.csr_matrix((len(queries), len(self._column[name])))) for name in names]
        return sparse.csr_matrix(sparse.hstack(parts, format="csr"))

    def _query_block(self, blocker: Blocker, queries: Sequence[NameFeatures]) -> sparse.csr_matrix:
        """Return the queries' vectors in the columns of one blocker."""
        if (side := self._query_sides.get(blocker.name)) is not None:
            block = side(queries)
            return sparse.csr_matrix((block.data * blocker.weight, block.indices, block.indptr), shape=block.shape)
        columns, bits = self._column[blocker.name], self._bits[blocker.name]
        first = self._columns_of(blocker.name).start
        given = [blocker.query_values(features, bits, self.size) for features in queries]
        starts = np.zeros(len(queries) + 1, np.int32)
        np.cumsum(list(map(len, given)), out=starts[1:])
        indices = np.array([columns[key] for values in given for key in values], np.int32) - np.int32(first)
        data = np.array([value for values in given for value in values.values()], np.float64) * blocker.weight
        block = sparse.csr_matrix((data, indices, starts), shape=(len(queries), len(columns)))
        block.eliminate_zeros()
        return block

    @cached_property
    def _query_sides(self) -> dict[str, QuerySide]:
        """What makes the vectors of those blockers that take many queries at a time."""
        return {
            blocker.name: blocker.query_side(
                list(self._column[blocker.name]), self.information[self._columns_of(blocker.name)], self.size
            )
            for blocker in self.blockers
            if isinstance(blocker, BatchBlocker)
        }

    def search(
        self,
        vectors: sparse.csr_matrix,
        top_k: int,
        threads: int = 1,
        blockers: Collection[str] | None = None,
    ) -> tuple[Integers, Integers, Floats]:
        """Return the ``top_k`` references nearest to each query.

        Args:
            vectors: the queries, as :meth:`query_matrix` gives them.
            top_k: how many references a query gets at most.
            threads: how many threads multiply.
            blockers: the names of the blockers that count; None for all.

        Returns:
            Query positions, reference positions and products, sorted by query and falling product (ties by reference
            position).
        """
        references, mean = self._transposed, self._mean
        if blockers is not None:
            ranges = [self._columns_of(name) for name in sorted(blockers)]
            chosen = np.concatenate([np.arange(0), *(np.arange(r.start, r.stop) for r in ranges)])
            vectors, references, mean = vectors[:, chosen], self.matrix[:, chosen].T.tocsr(), mean[chosen]
        # A few more than asked for, so that ties at the end of the list fall by position, not by the order of the
        # product.
        spare = min(top_k + _SPARE, max(self.size, 1))
        query, reference, values = _nearest(vectors, references, mean, spare, threads)
        values = np.round(values, 9)
        tied = np.zeros(len(query), dtype=bool)
        tied[1:] = (values[1:] == values[:-1]) & (query[1:] == query[:-1])
        tied[:-1] |= tied[1:]
        order = np.lexsort((reference[tied], -values[tied], query[tied]))
        reference[tied] = reference[tied][order]  # the others stand right: a product of its own has one place
        starts = np.searchsorted(query, np.arange(vectors.shape[0]))
        rank = np.arange(len(query)) - starts[query]
        keep = (rank < top_k) & (values > 0)
        return query[keep], reference[keep], values[keep]

    def similarity_by_type(
        self, vectors: sparse.csr_matrix, query: Integers, reference: Integers, blocker: str
    ) -> Floats:
        """Return what one blocker contributes to the products of given pairs.

        Args:
            vectors: the queries.
            query: (pairs,) positions of the queries.
            reference: (pairs,) positions of the references.
            blocker: its name, e.g. ``"sound"``; one that the index does not have contributes 0.
        """
        columns = self._columns_of(blocker)
        if columns.start == columns.stop:
            return np.zeros(len(query))
        right = self._blocks.get(blocker)
        if right is None:
            right = self._blocks[blocker] = self.matrix[:, columns]
        left = vectors[:, columns]
        return np.asarray(left[query].multiply(right[reference]).sum(axis=1), dtype=np.float64).ravel()

    @property
    def columns_of(self) -> dict[str, slice]:
        """The columns of each blocker."""
        return {blocker.name: self._columns_of(blocker.name) for blocker in self.blockers}

    def _columns_of(self, blocker: str) -> slice:
        """Return the columns of a blocker: they are neighbours, because columns are sorted."""
        positions = self._column.get(blocker)
        first = next(iter(positions.values())) if positions else 0
        return slice(first, first + len(positions or ()))

    @cached_property
    def _blocks(self) -> dict[str, sparse.csr_matrix]:
        """The references in the columns of one blocker each, cut out when first asked for."""
        return {}

    @cached_property
    def _transposed(self) -> sparse.csr_matrix:
        return self.matrix.T.tocsr()

    @cached_property
    def _mean(self) -> Floats:
        """(columns,) the mean of the references."""
        return np.asarray(self.matrix.mean(axis=0), dtype=np.float64).ravel()


def _nearest(
    vectors: sparse.csr_matrix, references: sparse.csr_matrix, mean: Floats, most: int, threads: int
) -> tuple[Integers, Integers, Floats]:
    """Return queries, references and products, sorted by query and falling product: the `most` nearest of each.

    To keep the best of thousands costs more than their products, so a threshold leaves out most beforehand. What the
    last that is wanted may have is guessed from the mean of all products, as if they fell off exponentially. Where the
    guess was too high, too few come back, and the query is multiplied again without.

    Args:
        vectors: (queries, columns).
        references: (columns, references).
        mean: (columns,) of the references.
        most: how many.
        threads: how many threads multiply.
    """
    n_references = references.shape[1]
    if n_references <= most:
        return _product(vectors, references, most, threads)
    guess = vectors @ mean * math.log(n_references / most)
    exponent = np.frexp(np.maximum(guess, 0.0))[1]  # scaled by a power of two, as that rounds nothing
    data = np.ldexp(vectors.data, -np.repeat(exponent, np.diff(vectors.indptr)))
    scaled = sparse.csr_matrix((data, vectors.indices, vectors.indptr), shape=vectors.shape)
    query, reference, values = _product(scaled, references, most, threads, threshold=0.5)
    values = np.ldexp(values, exponent[query])
    few = np.bincount(query, minlength=vectors.shape[0]) < most
    if few.any():
        enough = ~few[query]
        again = _product(vectors[few], references, most, threads)
        query = np.concatenate([query[enough], np.flatnonzero(few)[again[0]]])
        order = np.argsort(query, kind="stable")
        query = query[order]
        reference = np.concatenate([reference[enough], again[1]])[order]
        values = np.concatenate([values[enough], again[2]])[order]
    return query, reference, values


def _product(
    vectors: sparse.csr_matrix,
    references: sparse.csr_matrix,
    most: int,
    threads: int,
    threshold: float | None = None,
) -> tuple[Integers, Integers, Floats]:
    """Return queries, references and products of a matrix product: of each row the `most` largest, falling."""
    from sparse_dot_topn import sp_matmul_topn

    # sort=True keeps sparse-dot-topn 1.2 off a shortcut for small lists that gives unset numbers where a product is 0.
    found = sp_matmul_topn(vectors, references, top_n=most, threshold=threshold, sort=True, n_threads=threads)
    query = np.repeat(np.arange(vectors.shape[0]), np.diff(found.indptr))
    size = len(query)
    return query, found.indices[:size].astype(np.int64), found.data[:size]


def _keys_of(blocker: Blocker, references: Sequence[NameFeatures]) -> Sequence[Mapping[str, float]]:
    if isinstance(blocker, BatchBlocker):
        return blocker.keys_of(references)
    return [blocker.keys(reference) for reference in references]
