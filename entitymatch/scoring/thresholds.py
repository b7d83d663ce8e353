"""The lowest score that keeps a wished precision.

A share of right answers that was counted on a few hundred links may be luck. With a confidence, what is held against
the wish is therefore the lower bound of Clopper and Pearson (*The Use of Confidence or Fiducial Limits*, Biometrika
26, 1934): the smallest precision under which at least so many right ones would be seen with a probability of one minus
the confidence. The bound is that of one threshold; the lowest of many is chosen, so measure it on other pairs
before you quote it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def lower_bound(right: npt.ArrayLike, total: npt.ArrayLike, confidence: float) -> Floats:
    """Return the one-sided lower Clopper–Pearson bound of a share.

    Args:
        right: how many are right.
        total: of how many.
        confidence: probability that the bound holds, in (0, 1).

    Example:
        >>> lower_bound([0, 99, 100], [5, 100, 100], 0.95).round(3).tolist()
        [0.0, 0.953, 0.97]
    """
    from scipy.special import betaincinv

    right, total = np.asarray(right, dtype=np.float64), np.asarray(total, dtype=np.float64)
    bound = betaincinv(np.maximum(right, 1.0), total - right + 1.0, 1.0 - confidence)
    return np.where(right > 0, bound, 0.0)


def upper_bound(right: npt.ArrayLike, total: npt.ArrayLike, confidence: float) -> Floats:
    """Return the one-sided upper Clopper–Pearson bound of a share."""
    right, total = np.asarray(right, dtype=np.float64), np.asarray(total, dtype=np.float64)
    return 1.0 - lower_bound(total - right, total, confidence)


def by_threshold(
    score: Floats, right: npt.NDArray[np.bool_]
) -> tuple[Floats, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return each distinct score, falling, with how many are right and how many there are from that score on.

    Example:
        >>> [part.tolist() for part in by_threshold(np.array([0.5, 0.9, 0.5]), np.array([True, True, False]))]
        [[0.9, 0.5], [1, 2], [1, 3]]
    """
    order = np.argsort(-score, kind="stable")
    score, right = score[order], right[order]
    last = np.flatnonzero(np.append(score[1:] != score[:-1], True)) if len(score) else np.arange(0)
    return score[last], np.cumsum(right)[last].astype(np.int64), last + 1


def threshold_for(
    score: Floats, right: npt.NDArray[np.bool_], precision: float, confidence: float | None = None
) -> float | None:
    """Return the lowest score from which the share of right ones is at least so large.

    Args:
        score: (n,) scores.
        right: (n,) whether each is right.
        precision: the wished share, in (0, 1].
        confidence: hold the lower bound of the share against the wish, not the share itself.

    Returns:
        One of the scores; None if none will do.

    Example:
        >>> score, right = np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, True, False, False])
        >>> threshold_for(score, right, 0.6), threshold_for(score, right, 0.6, confidence=0.9)
        (0.7, None)
    """
    scores, hits, total = by_threshold(score, right)
    share = hits / total if confidence is None else lower_bound(hits, total, confidence)
    good = np.flatnonzero(share >= precision)
    return float(scores[good[-1]]) if len(good) else None
