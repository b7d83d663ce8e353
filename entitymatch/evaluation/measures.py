"""Measures of candidates: does blocking let the right ones through, what does it spare, does the right one come first.

The names are those of P. Christen, *Data Matching* (Springer 2012), section 7.3.
"""

from __future__ import annotations

import numpy as np

from entitymatch.errors import EntityMatchError
from entitymatch.evaluation.truth import Judged


def pairs_completeness(judged: Judged, k: int | None = None) -> float:
    """Return the share of the right pairs that are among the candidates, in [0, 1].

    Args:
        judged: the candidates; all of them, so of ``match(…, threshold=0.0)``.
        k: count only the first `k` of each query; None for all.

    Returns:
        The share; nan if no pair is right.

    Example:
        >>> judged = Judged.from_lists([[(0, 0.9, True), (1, 0.2, False)], []], [{1}, {0}], references=2)
        >>> pairs_completeness(judged), pairs_completeness(judged, k=1)
        (0.5, 0.0)
    """
    return _share(int((judged.right & _among(judged, k)).sum()), int(judged.answers.sum()))


def pairs_quality(judged: Judged, k: int | None = None) -> float:
    """Return the share of the candidates that are right, in [0, 1]; nan if there is no candidate."""
    among = _among(judged, k)
    return _share(int((judged.right & among).sum()), int(among.sum()))


def reduction_ratio(judged: Judged, k: int | None = None) -> float:
    """Return the share of all pairs of queries and references that need not be compared, in [0, 1].

    Raises:
        EntityMatchError: if the number of references is not known, because a table was judged.

    Example:
        >>> judged = Judged.from_lists([[(0, 0.9, True)], [(1, 0.2, False)]], [{0}, set()], references=10)
        >>> reduction_ratio(judged)
        0.9
    """
    if not judged.references:
        raise EntityMatchError("a table of links does not say how long the list is: judge the Links themselves")
    return 1.0 - _share(int(_among(judged, k).sum()), len(judged.answers) * judged.references)


def hit_at(judged: Judged, k: int) -> float:
    """Return the share of answerable queries that have a right reference among their first `k`, in [0, 1].

    Example:
        >>> judged = Judged.from_lists([[(0, 0.9, True), (1, 0.2, False)], []], [{1}, {0}], references=2)
        >>> hit_at(judged, 1), hit_at(judged, 5)
        (0.0, 0.5)
    """
    hits = judged.query[judged.right & _among(judged, k)]
    return _share(len(np.unique(hits)), judged.answerable)


def _among(judged: Judged, k: int | None) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    if k is not None and k < 1:
        raise EntityMatchError(f"k is {k!r}: it must be a whole number, 1 or more, or None")
    return np.ones(len(judged.rank), dtype=np.bool_) if k is None else judged.rank <= k


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
