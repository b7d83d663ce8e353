"""Fit the weights of the evidence on labelled queries: a conditional logit with an outside option.

A labelled query has candidates with feature values, of which one (or, where an organisation is listed twice,
several) is right, or none. With weights w the probability of candidate j is ``2**u_j / (1 + sum_k 2**u_k)``, ``u =
w·x + intercept + slope · prior``: the candidates exclude one another and compete with "not on the list" (McFadden,
*Conditional Logit Analysis of Qualitative Choice Behavior*, 1974). Maximising the likelihood of the labels fits
ranking and calibration at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from entitymatch.scoring.model import FEATURES, PAIR_KINDS

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# Features that can speak only one way: 1 for a pair, -1 against it.
SIGNS: dict[str, int] = {
    **dict.fromkeys(
        [
            "alias",
            "common_alias",
            "ordinary_word",
            "unit_alias",
            "affiliate_alias",
            "literal",
            "translation",
            "reading",
        ],
        1,
    ),
    **dict.fromkeys(["place", "initials", "compound", "spelling", "sound", "legal_form", "fuzzy", "jaro_winkler"], 1),
    **dict.fromkeys(["similarity", "margin", "whole", "same_name"], 1),
    **{name: -1 for name in FEATURES if name.startswith("left_") or name.endswith("_conflict")},
    **dict.fromkeys(["small_business", "listed_itself", "other_organization", "place_first", "place_before"], -1),
}


def signs() -> npt.NDArray[np.int8]:
    """Return the sign that the weight of each feature must have; 0 where it is free."""
    return np.array([SIGNS.get(name, 0) for name in FEATURES], dtype=np.int8)


@dataclass(frozen=True)
class Labelled:
    """Candidate pairs with labels.

    Attributes:
        values: (pairs, features).
        query: (pairs,) which query a pair belongs to, ascending, from 0 without gaps.
        right: (pairs,) whether the pair is right.
        prior_bits: (queries,) log2 odds that a query has a right answer.
        weight: (queries,) how much a query counts.
        group: (queries,) the organisation of a query: those of one group are held out together; None if every query
            is a group of its own.
        kind: (pairs,) which of :data:`.model.PAIR_KINDS` a pair is; None if all pairs have the same weights.
    """

    values: Floats
    query: Integers
    right: npt.NDArray[np.bool_]
    prior_bits: Floats
    weight: Floats
    group: Integers | None = None
    kind: Integers | None = None

    def kinds(self) -> Integers:
        """Return (pairs,) which weights count."""
        return np.zeros(len(self.query), dtype=np.int64) if self.kind is None else self.kind

    def take(self, queries: npt.NDArray[np.bool_]) -> Labelled:
        """Return the queries under a mask, numbered anew."""
        pairs = queries[self.query]
        number = np.cumsum(queries) - 1
        return Labelled(
            self.values[pairs],
            number[self.query[pairs]],
            self.right[pairs],
            self.prior_bits[queries],
            self.weight[queries],
            None if self.group is None else self.group[queries],
            None if self.kind is None else self.kind[pairs],
        )


@dataclass(frozen=True)
class Fitted:
    """What was fitted.

    Attributes:
        weights: (kinds, features) bits per unit of each feature, for each kind of pair.
        intercept: bits.
        prior_slope: how far the prior counts.
        loss: mean loss in bits per query.
    """

    weights: Floats
    intercept: float
    prior_slope: float
    loss: float

    def bits(self, labelled: Labelled) -> Floats:
        """Return the evidence and prior of each pair."""
        of_kinds = labelled.values @ self.weights.T
        evidence: Floats = of_kinds[np.arange(len(of_kinds)), labelled.kinds()]
        return evidence + self.intercept + self.prior_slope * labelled.prior_bits[labelled.query]


def mean_loss(labelled: Labelled, bits: Floats) -> float:
    """Return what the labels cost: the mean of -log2 of the probability of what is right, in bits a query.

    Args:
        labelled: the pairs.
        bits: (pairs,) evidence and prior of each.
    """
    n = len(labelled.prior_bits)
    top = np.zeros(n)
    np.maximum.at(top, labelled.query, bits)
    share = np.exp2(bits - top[labelled.query])
    none = np.exp2(-top)
    right = np.bincount(labelled.query[labelled.right], share[labelled.right], minlength=n)
    has_right = np.bincount(labelled.query, labelled.right, minlength=n) > 0
    total = np.bincount(labelled.query, share, minlength=n) + none
    cost = np.log2(total) - np.log2(np.maximum(np.where(has_right, right, none), 1e-300))
    return float(np.average(cost, weights=labelled.weight))


def fit(
    labelled: Labelled,
    *,
    ridge: float = 1e-3,
    coupling: float = 1e-3,
    signs: npt.NDArray[np.int8] | None = None,
    start: Fitted | None = None,
) -> Fitted:
    """Maximise the likelihood of the labels.

    Args:
        labelled: the pairs.
        ridge: penalty on the squared weights of the standardised features, or on their distance from `start`.
        coupling: penalty on the squared differences between the weights of the first kind of pairs and those of each
            other, which are shrunk towards one another (Evgeniou, Pontil, *Regularized multi-task learning*, KDD 2004),
            or towards the difference that they have in `start`.
        signs: (features,) 1 or -1 where a weight may not have the other sign, 0 where it is free.
        start: weights to stay near. Where all queries have one prior, its slope is kept: nothing tells it.

    Returns:
        The weights; the same pairs give the same weights.

    Raises:
        ValueError: if no query has a right candidate.
    """
    from scipy.optimize import minimize

    if not labelled.right.any():
        raise ValueError("no candidate is labelled as right: there is nothing to learn from")
    n_queries, n_features = len(labelled.prior_bits), labelled.values.shape[1]
    scale = np.sqrt(np.mean(labelled.values**2, axis=0))
    scale[scale == 0] = 1.0
    x = sparse.csr_matrix(labelled.values) @ sparse.diags(1.0 / scale)
    kinds = labelled.kinds()
    n_kinds = 1 if labelled.kind is None else len(PAIR_KINDS)
    # A block of columns for each kind.
    x = sparse.hstack([sparse.diags((kinds == kind).astype(np.float64)) @ x for kind in range(n_kinds)]).tocsr()
    query, right = labelled.query, labelled.right
    has_right = np.bincount(query, right, minlength=n_queries) > 0
    weight = labelled.weight / labelled.weight.sum()
    prior = labelled.prior_bits[query]
    zero = np.zeros(x.shape[1] + 2)
    if start is not None:
        zero = np.log(2.0) * np.concatenate([*(start.weights[:n_kinds] * scale), [start.prior_slope, start.intercept]])
    starts = np.searchsorted(query, np.arange(n_queries))
    some = np.bincount(query, minlength=n_queries) > 0

    def loss(theta: Floats) -> tuple[float, Floats]:
        u = x @ theta[:-2] + theta[-2] * prior + theta[-1]
        top = np.zeros(n_queries)
        top[some] = np.maximum(np.maximum.reduceat(u, starts[some]), 0.0)
        e = np.exp(u - top[query])
        total = np.bincount(query, e, minlength=n_queries) + np.exp(-top)
        chosen = np.where(has_right, np.bincount(query, np.where(right, e, 0.0), minlength=n_queries), np.exp(-top))
        gap = theta - zero
        apart = gap[n_features:-2].reshape(n_kinds - 1, n_features) - gap[:n_features]
        value = -np.sum(weight * (np.log(chosen) - np.log(total)))
        value += ridge * np.sum(gap[:-2] ** 2) + coupling * np.sum(apart**2)
        p = e / total[query]
        target = np.where(right, e / np.where(has_right, chosen, 1.0)[query], 0.0)
        d = weight[query] * (p - target)
        gradient = np.concatenate([x.T @ d + 2 * ridge * gap[:-2], [d @ prior, d.sum()]])
        gradient[:n_features] -= 2 * coupling * apart.sum(axis=0)
        gradient[n_features:-2] += 2 * coupling * apart.ravel()
        return float(value), gradient

    bounds: list[tuple[float | None, float | None]] = [(None, None)] * (x.shape[1] + 2)
    if signs is not None:
        of_features = [(0.0, None) if s > 0 else (None, 0.0) if s < 0 else (None, None) for s in signs]
        bounds[:-2] = of_features * n_kinds
    if start is not None and np.ptp(labelled.prior_bits) == 0.0:
        bounds[-2] = (zero[-2], zero[-2])
    found = minimize(loss, zero, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500})
    weights = found.x[:-2].reshape(n_kinds, n_features) / scale / np.log(2.0)
    intercept, slope, mean = (float(value / np.log(2.0)) for value in (found.x[-1], found.x[-2], found.fun))
    return Fitted(weights, intercept, slope, mean)
