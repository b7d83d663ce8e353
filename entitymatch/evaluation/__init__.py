"""How good links are, in the terms of the field (Christen, *Data Matching*, 2012, chapter 7).

judged = judge(links, truth)          # links: Matcher.match(…, threshold=0.0); truth: a mapping or a table
hit_at(judged, 1)                     # the right organisation comes first
pairs_completeness(judged)            # what blocking lets through; reduction_ratio, pairs_quality: what it spares
decision_quality(judged)              # precision, recall and F of the links
precision_recall_curve(judged)        # the same at every threshold
choose_threshold(judged, 0.98)        # the lowest that keeps a wished precision
calibration(judged)                   # is 0.9 nine in ten? reliability table, ECE, Brier score
blocking_report(matcher, register, truth)
"""

from entitymatch.evaluation.blocking import blocking_report
from entitymatch.evaluation.calibration import Calibration, calibration
from entitymatch.evaluation.decisions import (
    DecisionQuality,
    ThresholdChoice,
    choose_threshold,
    decision_quality,
    precision_recall_curve,
)
from entitymatch.evaluation.measures import hit_at, pairs_completeness, pairs_quality, reduction_ratio
from entitymatch.evaluation.truth import Judged, judge
from entitymatch.truth import read_truth

__all__ = [
    "Calibration",
    "DecisionQuality",
    "Judged",
    "ThresholdChoice",
    "blocking_report",
    "calibration",
    "choose_threshold",
    "decision_quality",
    "hit_at",
    "judge",
    "pairs_completeness",
    "pairs_quality",
    "precision_recall_curve",
    "read_truth",
    "reduction_ratio",
]
