"""What a blocker is: one kind of feature by which names of both scripts are brought together.

A blocker turns a name into weighted values of one kind (its words, its sounds, its initials …). The values of all
blockers stand side by side in one sparse vector, so that the union of all blockers is one product of two matrices
(:mod:`.index`), and a blocker can be added or taken away without a change anywhere else.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt
from scipy import sparse

from entitymatch.errors import EntityMatchError
from entitymatch.features import NameFeatures


@runtime_checkable
class Blocker(Protocol):
    """One kind of feature.

    The product of a query's and a reference's values, times `weight`, is what the blocker says for the pair, in bits.

    Attributes:
        name: what the kind is called: letters, digits and ``_``; no two blockers of a matcher have the same.
        weight: what its products count, 0 or more.
    """

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def weight(self) -> float: ...  # noqa: D102

    def keys(self, reference: NameFeatures) -> Mapping[str, float]:
        """Return the values of a reference, each with its share in (0, 1]: 1 for one that surely is there."""

    def reference_values(
        self, keys: Mapping[str, float], bits: Mapping[str, float], scale: float
    ) -> Mapping[str, float]:
        """Return the reference's side of the product.

        Args:
            keys: what :meth:`keys` gave for it.
            bits: value → bits of surprise in meeting it on the list; holds every key.
            scale: what makes long names comparable with short ones: the information of the name to the power of
                minus one half.
        """

    def query_values(self, query: NameFeatures, bits: Mapping[str, float], size: int) -> Mapping[str, float]:
        """Return the query's side of the product, for values that stand in `bits` only.

        Args:
            query: the name.
            bits: value → bits of surprise in meeting it on the list of references; a value that no reference has is
                not there.
            size: how many references there are.
        """


@runtime_checkable
class BatchBlocker(Blocker, Protocol):
    """A blocker that works names out many at a time, where that is faster; it gives the same numbers."""

    def keys_of(self, references: Sequence[NameFeatures]) -> Sequence[Mapping[str, float]]:
        """Return what `keys` gives for each."""

    def query_side(self, values: Sequence[str], bits: npt.NDArray[np.float64], size: int) -> QuerySide:
        """Return what makes the queries' side.

        Args:
            values: the values that the references have.
            bits: (values,) the bits of surprise in each.
            size: how many references there are.

        Returns:
            A function from queries to a sparse matrix (queries × values): what `query_values` gives for each.
        """


QuerySide: TypeAlias = Callable[[Sequence[NameFeatures]], sparse.csr_matrix]


@dataclass(frozen=True)
class KeyBlocker:
    """A blocker whose values are read alike from queries and references: the cosine of the two, weighted by rarity.

    A class of one's own needs a `name` and :meth:`keys`.

    Attributes:
        weight: bits of two names that agree in all values.

    Example:
        >>> class Numbers(KeyBlocker):
        ...     name = "numbers"
        ...
        ...     def keys(self, reference):
        ...         return {str(number): 1.0 for number in sorted(reference.numbers)}
        >>> Numbers(weight=3.0)
        Numbers(weight=3.0)
    """

    weight: float = 4.0
    name: ClassVar[str] = ""

    def keys(self, reference: NameFeatures) -> Mapping[str, float]:
        """Return the values of a name, of either side, each with its share in (0, 1]."""
        raise NotImplementedError

    def reference_values(
        self, keys: Mapping[str, float], bits: Mapping[str, float], scale: float
    ) -> Mapping[str, float]:
        """Return the values times their bits, scaled to length 1."""
        return unit_length({key: share * bits[key] for key, share in keys.items()})

    def query_values(self, query: NameFeatures, bits: Mapping[str, float], size: int) -> Mapping[str, float]:
        """Return the values times their bits, scaled to length 1; one that no reference has counts in the length."""
        unseen = math.log2(size + 1.0)
        values = {key: share * bits.get(key, unseen) for key, share in self.keys(query).items()}
        return {key: value for key, value in unit_length(values).items() if key in bits}


def unit_length(values: Mapping[str, float]) -> dict[str, float]:
    """Scale values to the Euclidean length 1.

    Example:
        >>> unit_length({"a": 3.0, "b": 4.0})
        {'a': 0.6, 'b': 0.8}
    """
    norm = math.sqrt(sum(value * value for value in values.values())) or 1.0
    return {key: value / norm for key, value in values.items()}


def rows_of(
    row: npt.NDArray[np.integer[Any]],
    column: npt.NDArray[np.integer[Any]],
    values: npt.NDArray[np.float64],
    shape: tuple[int, int],
) -> sparse.csr_matrix:
    """Build a sparse matrix without explicit zeros from its entries; those of a row keep their order.

    Example:
        >>> rows_of(np.array([1, 0, 1]), np.array([2, 0, 1]), np.array([1.0, 2.0, 3.0]), (2, 3)).indices.tolist()
        [0, 2, 1]
    """
    starts = np.zeros(shape[0] + 1, dtype=np.int32)
    np.cumsum(np.bincount(row, minlength=shape[0]), out=starts[1:])
    order = np.argsort(row.astype(np.uint16) if shape[0] < 1 << 16 else row, kind="stable")  # fast for small numbers
    matrix = sparse.csr_matrix((values[order], column[order].astype(np.int32), starts), shape=shape)
    matrix.eliminate_zeros()
    return matrix


def check_blockers(blockers: object) -> tuple[Blocker, ...]:
    """Return the blockers, if they are.

    Raises:
        EntityMatchError: if there is none, one is no blocker, two have one name, or a name or weight cannot be.
    """
    if isinstance(blockers, str) or not isinstance(blockers, Sequence):
        raise EntityMatchError(f"blockers is {blockers!r}: give a list of blockers, or None for the shipped ones")
    found = tuple(blockers)
    for blocker in found:
        if isinstance(blocker, type) or not isinstance(blocker, Blocker):
            raise EntityMatchError(
                f"{blocker!r} is no blocker: give objects with name, weight, keys, reference_values and query_values"
            )
        if not isinstance(blocker.name, str) or not blocker.name.isidentifier():
            raise EntityMatchError(f"the name of {blocker!r} is {blocker.name!r}: it must be a word of letters and _")
        if not isinstance(blocker.weight, int | float) or not 0.0 <= blocker.weight < math.inf:
            raise EntityMatchError(
                f"the weight of blocker {blocker.name!r} is {blocker.weight!r}: it must be 0 or more"
            )
    names = [blocker.name for blocker in found]
    if repeated := [name for name in names if names.count(name) > 1]:
        raise EntityMatchError(f"two blockers are called {repeated[0]!r}: give each a name of its own")
    if not any(blocker.weight for blocker in found):
        raise EntityMatchError("blockers holds none with a weight above 0, so that nothing could be found: give one")
    return found
