"""Precision and recall of links, at the thresholds in use and at all others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from entitymatch.errors import EntityMatchError
from entitymatch.evaluation.truth import Judged
from entitymatch.scoring.thresholds import by_threshold, lower_bound, threshold_for


@dataclass(frozen=True)
class DecisionQuality:
    """How good the links are; shares are nan where there is nothing to divide by.

    Attributes:
        links: how many there are.
        right_links: how many of them are right.
        answerable: how many queries have a right answer.
        precision: right links among the links, in [0, 1].
        recall: answerable queries with a right link, in [0, 1].
        f1: harmonic mean of the two.
        precision_at_least: lower bound of the precision, with a confidence of 0.95 (Clopper–Pearson).
    """

    links: int
    right_links: int
    answerable: int
    precision: float
    recall: float
    f1: float
    precision_at_least: float


@dataclass(frozen=True)
class ThresholdChoice:
    """A threshold, and what it does on the strings that it was chosen on.

    Attributes:
        threshold: score from which a first candidate is a link.
        links: how many there are.
        precision, recall: as in `DecisionQuality`.
        precision_at_least: lower bound of the precision at the confidence asked for; nan without.
    """

    threshold: float
    links: int
    precision: float
    recall: float
    precision_at_least: float


def decision_quality(judged: Judged) -> DecisionQuality:
    """Return precision, recall and F of the decisions that were made.

    A query with several right references counts as found by a link to any of them: it can have but one.

    Example:
        >>> judged = Judged.from_lists([[(0, 0.9, True)], [(1, 0.8, True)], []], [{0}, {0}, {1}], references=2)
        >>> quality = decision_quality(judged)
        >>> quality.precision, round(quality.recall, 3)
        (0.5, 0.333)
    """
    links, hits = int(judged.link.sum()), judged.link & judged.right
    found, right = len(np.unique(judged.query[hits])), int(hits.sum())
    precision = right / links if links else float("nan")
    recall = found / judged.answerable if judged.answerable else float("nan")
    f1 = 2 * precision * recall / (precision + recall) if links and right and judged.answerable else float("nan")
    bound = float(lower_bound(right, links, 0.95)) if links else float("nan")
    return DecisionQuality(links, right, judged.answerable, precision, recall, f1, bound)


def precision_recall_curve(judged: Judged) -> pd.DataFrame:
    """Return precision and recall of the first candidates at every threshold.

    Returns:
        The columns ``threshold`` (each distinct score of a first candidate, falling), ``links``, ``precision``,
        ``recall`` and ``f1``: what the links would be if the threshold were that score. Candidates that tie for the
        first place are links here, while `Matcher` leaves them to a person.

    Example:
        >>> judged = Judged.from_lists([[(0, 0.9, True)], [(1, 0.4, False)]], [{0}, {1}], references=2)
        >>> precision_recall_curve(judged).values.tolist()
        [[0.9, 1.0, 1.0, 0.5, 0.6666666666666666], [0.4, 2.0, 1.0, 1.0, 1.0]]
    """
    first = judged.rank == 1
    threshold, hits, links = by_threshold(judged.score[first], judged.right[first])
    precision = hits / links
    recall = hits / judged.answerable if judged.answerable else np.full(len(hits), np.nan)
    with np.errstate(invalid="ignore"):
        f1 = 2 * precision * recall / (precision + recall)
    return pd.DataFrame({"threshold": threshold, "links": links, "precision": precision, "recall": recall, "f1": f1})


def choose_threshold(judged: Judged, precision: float, *, confidence: float | None = 0.95) -> ThresholdChoice:
    """Return the lowest threshold that keeps a wished precision.

    Give it to ``Matcher(link_threshold=…)``. Choose it on one half of the labelled strings and measure it on the other:
    on the strings that it was chosen on, it looks a little better than it is.

    Args:
        judged: the candidates; with the first candidate of every string, so of ``match(…, threshold=0.0)``.
        precision: the wished share of right links, in (0, 1].
        confidence: the probability with which the precision is to be so high (lower bound of Clopper and Pearson);
            None to ask for the share that is seen alone.

    Raises:
        EntityMatchError: if no threshold keeps it.

    Example:
        >>> found = [[(0, 1 - i / 1000, False)] for i in range(400)]
        >>> judged = Judged.from_lists(found, [{0}] * 300 + [set()] * 100, references=1)
        >>> choose_threshold(judged, 0.9, confidence=None).links, choose_threshold(judged, 0.9).links
        (333, 323)
    """
    if not 0.0 < precision <= 1.0:
        raise EntityMatchError(f"precision is {precision!r}: it must be a share above 0, 1 at most")
    if confidence is not None and not 0.0 < confidence < 1.0:
        raise EntityMatchError(f"confidence is {confidence!r}: it must be between 0 and 1, or None")
    first = judged.rank == 1
    score, right = judged.score[first], judged.right[first]
    threshold = threshold_for(score, right, precision, confidence)
    if threshold is None:
        raise EntityMatchError(
            f"no threshold keeps a precision of {precision}"
            + (f" with a confidence of {confidence}" if confidence is not None else "")
            + f" on {len(score):,} first candidates: label more strings, or wish for less"
        )
    hits, links = int((right & (score >= threshold)).sum()), int((score >= threshold).sum())
    recall = hits / judged.answerable if judged.answerable else float("nan")
    bound = float("nan") if confidence is None else float(lower_bound(hits, links, confidence))
    return ThresholdChoice(threshold, links, hits / links, recall, bound)
