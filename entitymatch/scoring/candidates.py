"""The feature values of all candidates of a batch of strings.

Blocking proposes up to a hundred references a string. A full comparison costs a hundred times as much as a product
in the feature space, so only candidates that are not hopeless get one; the others keep their place behind them, by
similarity. Most strings of a register name nothing on the list: all of the list is equally unlike them. So only a
candidate that stands out from the list can be a link or a possible link, and where nothing else is asked for, the
others are not compared at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
Flags = npt.NDArray[np.bool_]

# Where candidates with any score are asked for, one is compared in full if it is among the first few, or has this
# similarity (bits) and this share of the best. On training queries as many right answers come first as with all.
LEAST_SIMILARITY, LEAST_SHARE = 1.0, 0.4

# A candidate stands out if it is among the first few, has the least similarity, and is so many times as like as the
# reference at this place of the list, or as like as this (bits) whatever the others are; or if both are known to name
# one organisation. On training queries that keeps 99.9 % of the right links and 99 % of the right possible links, with
# three comparisons for a string that names nothing, where there were fifteen.
FEW, TIMES, PLACE, SURELY = 15, 1.75, 50, 5.0
# On a short list the fiftieth is like nothing at all: there it is the reference that this part of the list is ahead of,
# though not one of the first. On training lists of 50 to 1,000 names no right link is lost by it, and by the least
# similarity, and one right possible link in sixty.
PART, FIRST_PLACE = 20, 15

SURELY_KNOWN = ("alias", "unit_alias")  # evidence of a known name that is no ordinary word
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
        outstanding: (pairs,) whether the candidate stands out from the list; the others are no more than non-links.
    """

    query: Integers
    variant: Integers
    values: Floats
    comparisons: list[Comparison | None]
    similarity: Floats
    outstanding: Flags


def candidate_values(
    queries: Sequence[NameFeatures],
    index: BlockingIndex,
    variant: Callable[[int], NameFeatures],
    comparer: Comparer,
    most: int,
    owner: Integers | None = None,
    only_outstanding: bool = False,
) -> CandidateValues:
    """Find and compare the candidates of each query.

    Args:
        queries: the strings.
        index: the references.
        variant: position in the index → features of the name.
        comparer: compares pairs.
        most: how many candidates a string gets.
        owner: position in the index → the reference that bears the name; each name has its own by default.
        only_outstanding: whether to leave out the candidates that do not stand out. The values of the others are the
            same either way.
    """
    vectors = index.query_matrix(queries)
    query, found, similarity = index.search(vectors, most)
    owners = found if owner is None else owner[found]
    margin = _margin(query, owners, similarity, len(queries))
    size = index.size if owner is None else int(owner.max(initial=0)) + 1
    outstanding = _outstanding(query, owners, similarity, len(queries), _place(size))
    known = np.flatnonzero(~outstanding & (_ranks(query, len(queries)) < FEW))
    outstanding[known] = index.similarity_by_type(vectors, query[known], found[known], "alias") > 0.0
    if only_outstanding:
        query, found = query[outstanding], found[outstanding]
        similarity, margin = similarity[outstanding], margin[outstanding]
        compared = outstanding = np.ones(len(query), dtype=bool)
    else:
        compared = outstanding | _worth_comparing(query, similarity, len(queries))
    pairs = [(queries[q], variant(v)) for q, v in zip(query[compared].tolist(), found[compared].tolist(), strict=True)]
    made = comparer.compare(pairs)
    values = np.zeros((len(query), len(COLUMN)))
    values[compared] = _with_similarity(
        comparer.values(made), index, vectors, query[compared], found[compared], similarity[compared], pairs
    )
    values[~compared, COLUMN["uncompared"]] = 1.0
    values[:, COLUMN["margin"]] = margin
    comparisons = _spread(made, compared)
    values[:, COLUMN["listed_itself"]] = _listed_itself(values, query, comparisons, outstanding)
    _say_kinds(values, [(queries[q], variant(v)) for q, v in zip(query.tolist(), found.tolist(), strict=True)])
    _say_size(values, index.size)
    return CandidateValues(query, found, values, comparisons, similarity, outstanding)


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
    _say_kinds(values, pairs)
    _say_size(values, index.size)
    return values, comparisons


def _say_size(values: Floats, size: int) -> None:
    """Fill in how long the list is; that names of two scripts are known to be one organisation's is not by chance."""
    known = (values[:, [COLUMN[feature] for feature in SURELY_KNOWN]] > 0.0).any(axis=1)
    values[:, COLUMN["list_size"]] = np.where(known & (values[:, COLUMN["one_script"]] == 0.0), 0.0, np.log2(size))


def _say_kinds(values: Floats, pairs: Sequence[tuple[NameFeatures, NameFeatures]]) -> None:
    """Fill in what decides which weights count."""
    values[:, COLUMN["institution"]] = [ours.institution or theirs.institution for ours, theirs in pairs]
    values[:, COLUMN["one_script"]] = [bool(ours.han) == bool(theirs.han) for ours, theirs in pairs]


def _place(size: int) -> int:
    """Return the place of the reference that candidates are held against, on a list of so many references.

    Example:
        >>> [_place(size) for size in (10, 500, 5_000)]
        [15, 25, 50]
    """
    return min(PLACE, max(FIRST_PLACE, size // PART))


def _outstanding(query: Integers, owner: Integers, similarity: Floats, n_queries: int, held_against: int) -> Flags:
    """Say which candidates stand out from the list.

    Args:
        query: (pairs,) ascending; within a query the similarity falls.
        owner: (pairs,) the reference.
        similarity: (pairs,) bits.
        n_queries: how many queries there are.
        held_against: the place of the reference that they are held against, from 1.
    """
    rank = _ranks(query, n_queries)
    anew = np.zeros(len(query), dtype=bool)
    anew[np.unique(query * (owner.max(initial=0) + 1) + owner, return_index=True)[1]] = True
    before = np.cumsum(anew) - anew  # references before this one, of all queries so far
    place = before - before[_likest(rank)]
    level = np.zeros(n_queries)
    there = anew & (place == held_against - 1)
    level[query[there]] = similarity[there]
    ahead = (similarity >= TIMES * level[query]) & (similarity >= LEAST_SIMILARITY)
    return (rank < FEW) & (ahead | (similarity >= SURELY))


def _ranks(query: Integers, n_queries: int) -> Integers:
    starts = np.searchsorted(query, np.arange(n_queries))
    return np.asarray(np.arange(len(query)) - starts[query])


def _likest(rank: Integers) -> Integers:
    """Return, for each pair, the position of the first pair of its query."""
    return np.asarray(np.flatnonzero(rank == 0)[np.cumsum(rank == 0) - 1])


def _worth_comparing(query: Integers, similarity: Floats, n_queries: int) -> Flags:
    rank = _ranks(query, n_queries)
    alike: Flags = (similarity >= LEAST_SIMILARITY) & (similarity >= LEAST_SHARE * similarity[_likest(rank)])
    return (rank < FEW) | alike


def _margin(query: Integers, owner: Integers, similarity: Floats, n_queries: int) -> Floats:
    """Return how far the likest reference of each query is ahead of all others, 0 for the others.

    Args:
        query: (pairs,) ascending; within a query the similarity falls.
        owner: (pairs,) the reference.
        similarity: (pairs,) bits.
        n_queries: how many queries there are.
    """
    likest = owner == owner[_likest(_ranks(query, n_queries))]
    next_best = np.zeros(n_queries)
    np.maximum.at(next_best, query[~likest], similarity[~likest])
    ahead: Floats = np.clip(similarity - next_best[query], 0.0, MOST_MARGIN) * likest
    return np.round(ahead, 9)


def _listed_itself(
    values: Floats, query: Integers, comparisons: Sequence[Comparison | None], outstanding: Flags
) -> Flags:
    """Say which pairs are of a group and a part of it that is itself a candidate: by the same characters of the string.

    Only candidates that stand out count, as the others are not always compared.
    """
    found = np.zeros(len(query), dtype=bool)
    parts = np.flatnonzero(values[:, COLUMN["unit_alias"]] > 0.0)
    if len(parts):
        alias = (values[:, COLUMN["alias"]] > 0.0) & outstanding & np.isin(query, query[parts])
        named = {at for row in np.flatnonzero(alias).tolist() for at in _where(query, comparisons, row, "alias")}
        found[parts] = [not named.isdisjoint(_where(query, comparisons, row, "unit_alias")) for row in parts.tolist()]
    return found & ~(values[:, COLUMN["alias"]] > 0.0)


def _where(
    query: Integers, comparisons: Sequence[Comparison | None], row: int, feature: str
) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield the string and the span in it of each piece of evidence of a kind."""
    if comparison := comparisons[row]:
        for piece in comparison.pieces:
            if piece.feature == feature:
                yield int(query[row]), piece.han if comparison.query_is_first else piece.words


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


def _spread(comparisons: Sequence[Comparison], where: Flags) -> list[Comparison | None]:
    found = iter(comparisons)
    return [next(found) if there else None for there in where.tolist()]
