"""How well two names agree: evidence in bits, match weights, scores and decisions."""

from entitymatch.scoring.compare import Comparer, Comparison
from entitymatch.scoring.model import FEATURES, KINDS, ScoringModel, default_scoring_model
from entitymatch.scoring.model_file import read_model, write_model
from entitymatch.scoring.pairs import score_pairs
from entitymatch.scoring.ranking import Ranked, log2_odds, rank
from entitymatch.scoring.training import Trained, choose_thresholds, fit, label, label_pairs
from entitymatch.scoring.unlabelled import Unlabelled, fit_unlabelled

__all__ = [
    "FEATURES",
    "KINDS",
    "Comparer",
    "Comparison",
    "Ranked",
    "ScoringModel",
    "Trained",
    "Unlabelled",
    "choose_thresholds",
    "default_scoring_model",
    "fit",
    "fit_unlabelled",
    "label",
    "label_pairs",
    "log2_odds",
    "rank",
    "read_model",
    "score_pairs",
    "write_model",
]
