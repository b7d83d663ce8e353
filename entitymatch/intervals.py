"""Intervals: between which bounds a share or a total lies, and how sure that is.

    wilson(right, n)                               a share, from a sample
    poisson_binomial(probabilities, sizes)         a total, from the probability of each part
    combine(estimates, lows, highs)                a sum, from its parts and their intervals

Sources: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927) 209–212;
Y. Hong, "On computing the distribution function for the Poisson binomial distribution", Computational Statistics & Data
Analysis 59 (2013) 41–51; G. Y. Zou and A. Donner, "Construction of confidence limits about effect measures: a general
approach", Statistics in Medicine 27 (2008) 1693–1702.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

MOST_STEPS = 2_000_000  # additions for an exact distribution, some 2 ms; a larger total is near enough to normal


def quantile(level: float) -> float:
    """Return how many standard deviations of a normal distribution hold `level` in the middle.

    Raises:
        ValueError: if `level` is not between 0 and 1.

    Example:
        >>> round(quantile(0.95), 3)
        1.96
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"level is {level!r}: it must be between 0 and 1, as 0.95")
    return NormalDist().inv_cdf((1.0 + level) / 2.0)


def wilson(right: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Return the interval of a share, by Wilson's score method (1927).

    It keeps its level for small samples and for shares near 0 and 1, where the textbook interval does not.

    Args:
        right: how many of the sample are right, from 0 to `n`.
        n: the size of the sample; of 0 nothing is known.
        level: how often the interval is to hold the true share, between 0 and 1.

    Returns:
        The lower and the upper bound, in [0, 1].

    Example:
        >>> low, high = wilson(19, 20)
        >>> print(f"{low:.3f} {high:.3f}")
        0.764 0.991
    """
    if n <= 0:
        return 0.0, 1.0
    z = quantile(level)
    share = right / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (0.0 if right <= 0 else max(0.0, middle - half)), (1.0 if right >= n else min(1.0, middle + half))


def poisson_binomial(
    probabilities: npt.ArrayLike, sizes: npt.ArrayLike | None = None, level: float = 0.95
) -> tuple[float, float, float]:
    """Return the expected total, and its interval, of independent parts that each count in full or not at all.

    The distribution is the (generalised) Poisson binomial (Hong 2013). It is computed exactly, part by part; by the
    normal approximation where that would take more than :data:`MOST_STEPS` additions.

    Args:
        probabilities: (n,) how likely each part counts, in [0, 1].
        sizes: (n,) what each part counts for: whole numbers, 1 or more; None for 1.
        level: how often the interval is to hold the total, between 0 and 1.

    Returns:
        The expected total; and the quantiles of the total at ``(1 - level) / 2`` and ``(1 + level) / 2``.

    Example:
        >>> poisson_binomial([0.5, 0.5], [10, 1])
        (5.5, 0.0, 11.0)
        >>> expected, low, high = poisson_binomial([0.9] * 100)
        >>> print(f"{expected:.1f} {low:.0f} {high:.0f}")
        90.0 84 95
    """
    z = quantile(level)
    p = np.asarray(probabilities, dtype=np.float64)
    n = np.ones(len(p), dtype=np.int64) if sizes is None else np.asarray(sizes, dtype=np.int64)
    expected, total = float(p @ n), int(n.sum())
    if len(p) * total > MOST_STEPS:
        half = z * math.sqrt(float((p * (1 - p)) @ (n * n).astype(np.float64)))
        return expected, max(0.0, expected - half), min(float(total), expected + half)
    chances = np.zeros(total + 1)
    chances[0] = 1.0
    reached = 0
    for share, size in zip(p.tolist(), n.tolist(), strict=True):
        added = share * chances[: reached + 1]
        chances[: reached + 1] *= 1.0 - share
        chances[size : reached + size + 1] += added
        reached += size
    below = np.cumsum(chances)
    tail = (1.0 - level) / 2.0
    # A hair is taken off, so that rounding in the sums does not shift a bound by one.
    low, high = np.searchsorted(below, [tail * (1 - 1e-9), (1.0 - tail) * (1 - 1e-9)])
    return expected, float(low), float(min(int(high), total))


def combine(estimates: npt.ArrayLike, lows: npt.ArrayLike, highs: npt.ArrayLike) -> tuple[float, float, float]:
    """Return the sum of independent estimates with its interval, by Zou and Donner's recovery of variances (2008).

    Args:
        estimates: (n,) the parts.
        lows: (n,) the lower bounds of the parts, all of one level.
        highs: (n,) the upper bounds.

    Returns:
        The sum and its bounds, of the same level.

    Example:
        >>> combine([10, 5], [7, 1], [13, 9])
        (15.0, 10.0, 20.0)
    """
    parts, low, high = (np.asarray(values, dtype=np.float64) for values in (estimates, lows, highs))
    total = float(parts.sum())
    return total, total - float(np.linalg.norm(parts - low)), total + float(np.linalg.norm(high - parts))
