"""What must hold of every explanation."""

import math

import pandas as pd

from entitymatch import Explanation


def check(explanation: Explanation, line: pd.Series) -> None:
    assert abs(math.fsum(term.bits for term in explanation.terms) - explanation.match_weight) <= 1e-9
    assert abs(explanation.match_weight - line["match_weight"]) <= 1e-9
    assert abs(explanation.score - line["score"]) <= 1e-9
    assert (explanation.query, explanation.reference, explanation.decision) == (
        line["query"],
        line["reference"],
        line["decision"],
    )
