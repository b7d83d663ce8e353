"""Learn how much each blocker counts, so that the right references are among the candidates.

What is maximised is what blocking is for: the share of right references among the first ten, fifty and a hundred
candidates (pairs completeness at k), averaged over lists of different kinds, so that no large list drowns the small
ones. It is a step function of few weights, climbed one weight at a time with steps that get smaller (coordinate ascent,
as Metzler and Croft, *Linear Feature-Based Models for Information Retrieval*, 2007, use it on recall and mean
average precision). Only ratios of the weights matter to the ranking, so the first is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from entitymatch.blocking.index import BlockingIndex
from entitymatch.features import NameFeatures

Floats = npt.NDArray[np.float64]
CUTS = (10, 50, 100)
STEPS = (2.0, 1.4, 1.15)
_LEAST_GAIN = 1e-4  # a step that gains less is chance


@dataclass(frozen=True)
class BlockingTask:
    """Queries with known answers, and the list that they are searched in.

    Attributes:
        name: what the task is called.
        index: the references, with blockers of weight 1.
        vectors: the queries, as the index has them.
        right: per query, the positions of the right references; a query without one is not to be here.
    """

    name: str
    index: BlockingIndex
    vectors: sparse.csr_matrix
    right: Sequence[Collection[int]]

    @classmethod
    def of(
        cls, name: str, index: BlockingIndex, queries: Sequence[NameFeatures], right: Sequence[Collection[int]]
    ) -> BlockingTask:
        """Turn queries into vectors; those without a right answer are left out.

        Raises:
            ValueError: if a blocker of the index has another weight than 1.
        """
        if any(blocker.weight != 1.0 for blocker in index.blockers):
            raise ValueError("the blockers of the index must have the weight 1: their weights are to be learned")
        kept = [i for i, answer in enumerate(right) if answer]
        return cls(name, index, index.query_matrix([queries[i] for i in kept]), [right[i] for i in kept])


def pairs_completeness(task: BlockingTask, weights: Mapping[str, float], cuts: Sequence[int] = CUTS) -> Floats:
    """Return the share of queries that have a right reference among their first candidates.

    Args:
        task: the queries.
        weights: blocker → weight.
        cuts: how many candidates count.

    Returns:
        (cuts,) shares in [0, 1].
    """
    scale = np.zeros(task.vectors.shape[1])
    for name, columns in task.index.columns_of.items():
        scale[columns] = weights[name]
    vectors = task.vectors @ sparse.diags(scale)
    query, reference, _ = task.index.search(sparse.csr_matrix(vectors), max(cuts))
    rank = np.arange(len(query)) - np.searchsorted(query, np.arange(len(task.right)))[query]
    best = np.full(len(task.right), np.iinfo(np.int64).max)
    hits = np.fromiter(
        (r in task.right[q] for q, r in zip(query.tolist(), reference.tolist(), strict=True)), np.bool_, len(query)
    )
    np.minimum.at(best, query[hits], rank[hits])
    return np.array([np.mean(best < cut) for cut in cuts])


def completeness_of_all(tasks: Sequence[BlockingTask], weights: Mapping[str, float]) -> float:
    """Return the mean over tasks and over :data:`CUTS`: what :func:`fit_weights` maximises."""
    return float(np.mean([pairs_completeness(task, weights) for task in tasks]))


def fit_weights(tasks: Sequence[BlockingTask], start: Mapping[str, float]) -> dict[str, float]:
    """Learn the weights of the blockers.

    Args:
        tasks: queries with known answers.
        start: blocker → weight to begin with; the first one keeps its weight.

    Returns:
        blocker → weight, in the order of `start`; the same tasks give the same weights.

    Raises:
        ValueError: if there is no query to learn from.
    """
    if not any(len(task.right) for task in tasks):
        raise ValueError("no query has a right answer: there is nothing to learn from")
    weights = dict(start)
    best = completeness_of_all(tasks, weights)
    for step in STEPS:
        improved = True
        while improved:
            improved = False
            for name in list(weights)[1:]:
                for factor in (step, 1.0 / step):
                    while (found := completeness_of_all(tasks, trial := {**weights, name: weights[name] * factor})) > (
                        best + _LEAST_GAIN
                    ):
                        weights, best, improved = trial, found, True
    return weights
