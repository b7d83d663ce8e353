"""The feature values of all candidates of a batch of strings.

Blocking proposes up to a hundred references a string. A full comparison costs a hundred times as much as a product
in the feature space, so only candidates that are not hopeless get one; the others keep their place behind them, by
similarity.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from entitymatch.blocking import BlockingIndex
from entitymatch.features import NameFeatures
from entitymatch.scoring.alignment import ALIAS_FEATURES
from entitymatch.scoring.compare import COLUMN, Comparer, Comparison

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# A candidate is compared in full if it is among the first few, or among the first fifteen and has this similarity
# (bits) and this share of the best. On training queries two fewer right answers of 2,421 come first than with twenty,
# and with twenty as many as with all; but of the right answers further behind fewer reach the first fifty.
ALWAYS, MOST, LEAST_SIMILARITY, LEAST_SHARE = 5, 15, 1.0, 0.4

MOST_MARGIN = 4.0  # bits; on a short list everything is far ahead of the rest


@dataclass(frozen=True)
class CandidateValues:
    """Candidates of a batch of strings, sorted by string and falling similarity.

    Attributes:
        query: (pairs,) position of the string.
        variant: (pairs,) position of the reference's name in the index.
        values: (pairs, features).
        comparisons: (pairs,) the evidence; None where the candidate was not compared in full.
        similarity: (pairs,) likeness in the feature space of blocking, in bits.
    """

    query: Integers
    variant: Integers
    values: Floats
    comparisons: list[Comparison | None]
    similarity: Floats


def candidate_values(
    queries: Sequence[NameFeatures],
    index: BlockingIndex,
    variant: Callable[[int], NameFeatures],
    comparer: Comparer,
    most: int,
    owner: Integers | None = None,
) -> CandidateValues:
    """Find and compare the candidates of each query.

    Args:
        queries: the strings.
        index: the references.
        variant: position in the index → features of the name.
        comparer: compares pairs.
        most: how many candidates a string gets.
        owner: position in the index → the reference that bears the name; each name has its own by default.
    """
    vectors = index.query_matrix(queries)
    query, found, similarity = index.search(vectors, most)
    compared = _worth_comparing(query, similarity, len(queries))
    pairs = [(queries[q], variant(v)) for q, v in zip(query[compared].tolist(), found[compared].tolist(), strict=True)]
    comparisons = comparer.compare(pairs)
    values = np.zeros((len(query), len(COLUMN)))
    values[compared] = _with_similarity(
        comparer.values(comparisons), index, vectors, query[compared], found[compared], similarity[compared], pairs
    )
    values[~compared, COLUMN["uncompared"]] = 1.0
    values[:, COLUMN["list_size"]] = np.log2(index.size)
    values[:, COLUMN["margin"]] = _margin(query, found if owner is None else owner[found], similarity, len(queries))
    values[:, COLUMN["institution"]] = [
        queries[q].institution or variant(v).institution for q, v in zip(query.tolist(), found.tolist(), strict=True)
    ]
    return CandidateValues(query, found, values, _spread(comparisons, compared), similarity)


def pair_values(
    pairs: Sequence[tuple[NameFeatures, NameFeatures]],
    index: BlockingIndex,
    variants: Sequence[int],
    comparer: Comparer,
) -> tuple[Floats, list[Comparison]]:
    """Compare given pairs of which the second names are in the index at ``variants``."""
    vectors = index.query_matrix([query for query, _ in pairs])
    query, found = np.arange(len(pairs)), np.array(variants, dtype=np.int64)
    similarity = np.asarray(vectors.multiply(index.matrix[found]).sum(axis=1), dtype=np.float64).ravel()
    comparisons = comparer.compare(pairs)
    values = _with_similarity(comparer.values(comparisons), index, vectors, query, found, similarity, pairs)
    values[:, COLUMN["list_size"]] = np.log2(index.size)
    values[:, COLUMN["institution"]] = [ours.institution or theirs.institution for ours, theirs in pairs]
    return values, comparisons


def _worth_comparing(query: Integers, similarity: Floats, n_queries: int) -> npt.NDArray[np.bool_]:
    starts = np.searchsorted(query, np.arange(n_queries))
    rank = np.arange(len(query)) - starts[query]
    best = similarity[starts[query]] if len(query) else similarity
    alike = (similarity >= LEAST_SIMILARITY) & (similarity >= LEAST_SHARE * best)
    return (rank < ALWAYS) | ((rank < MOST) & alike)


def _margin(query: Integers, owner: Integers, similarity: Floats, n_queries: int) -> Floats:
    """Return how far the likest reference of each query is ahead of all others, 0 for the others.

    Args:
        query: (pairs,) ascending; within a query the similarity falls.
        owner: (pairs,) the reference.
        similarity: (pairs,) bits.
        n_queries: how many queries there are.
    """
    if not len(query):
        return np.zeros(0)
    first = np.searchsorted(query, np.arange(n_queries)).clip(max=len(query) - 1)
    likest = owner == owner[first[query]]
    next_best = np.zeros(n_queries)
    np.maximum.at(next_best, query[~likest], similarity[~likest])
    ahead: Floats = np.clip(similarity - next_best[query], 0.0, MOST_MARGIN) * likest
    return np.round(ahead, 9)


def _with_similarity(
    values: Floats,
    index: BlockingIndex,
    vectors: sparse.csr_matrix,
    query: Integers,
    variant: Integers,
    similarity: Floats,
    pairs: Sequence[tuple[NameFeatures, NameFeatures]],
) -> Floats:
    """Fill in the likeness of each type; letters and sounds tell nothing new of two names of one script."""
    across = np.array([bool(ours.han) != bool(theirs.han) for ours, theirs in pairs], dtype=bool)
    letters = index.similarity_by_type(vectors, query, variant, "gram")
    sounds = index.similarity_by_type(vectors, query, variant, "sound")
    # That a known name sounds like the other is no news.
    unknown = ~(values[:, [COLUMN[feature] for feature in ALIAS_FEATURES]] > 0.0).any(axis=1)
    values[:, COLUMN["letter_similarity"]] = np.round(letters, 9) * (across & unknown)
    values[:, COLUMN["sound_similarity"]] = np.round(sounds, 9) * (across & unknown)
    for blocker in index.added:  # it proposes candidates; the weights of the evidence know nothing of it
        similarity = similarity - index.similarity_by_type(vectors, query, variant, blocker)
    values[:, COLUMN["similarity"]] = np.round(similarity - letters - sounds, 9)
    return values


def _spread(comparisons: Sequence[Comparison], where: npt.NDArray[np.bool_]) -> list[Comparison | None]:
    found = iter(comparisons)
    return [next(found) if there else None for there in where.tolist()]
