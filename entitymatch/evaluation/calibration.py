"""Can a score be read as a probability: of strings with score 0.9, are nine in ten right?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from entitymatch.errors import EntityMatchError
from entitymatch.evaluation.truth import Judged
from entitymatch.scoring.thresholds import lower_bound, upper_bound


@dataclass(frozen=True)
class Calibration:
    """How scores compare with what is right.

    Attributes:
        ece: expected calibration error, in [0, 1]: the mean over the bins, by their size, of the distance between the
            mean score and the share that is right.
        brier: Brier score, in [0, 1]: the mean squared distance between score and truth (1 or 0); lower is better.
        count: how many first candidates were counted.
        table: the reliability table, one line per bin: ``count``, ``lowest`` and ``highest`` score, ``mean_score``,
            ``share_right``, and the 90 % interval of that share, ``right_at_least`` and ``right_at_most``
            (Clopper–Pearson). Bins in which `mean_score` lies outside the interval are off by more than chance.
    """

    ece: float
    brier: float
    count: int
    table: pd.DataFrame


def calibration(judged: Judged, *, bins: int = 10, least_score: float = 0.05) -> Calibration:
    """Compare the scores of the first candidates with the truth.

    The bins hold equally many candidates: bins of equal width would be empty in the middle, since most scores are near
    0 or 1 (Nguyen and O'Connor, *Posterior Calibration*, EMNLP 2015).

    Args:
        judged: the candidates; with the first of every string, so of ``match(…, threshold=0.0)``.
        bins: how many bins.
        least_score: leave candidates below out. Thousands of strings that resemble nothing are rightly near 0 and
            would make every calibration look good.

    Raises:
        EntityMatchError: if there are fewer candidates than bins.

    Example:
        >>> found = [[(0, 0.75, True)]] * 4
        >>> found_right = calibration(Judged.from_lists(found, [{0}, {0}, {0}, set()], references=1), bins=1)
        >>> found_right.ece, found_right.brier
        (0.0, 0.1875)
    """
    first = (judged.rank == 1) & (judged.score >= least_score)
    count = int(first.sum())
    if bins < 1 or count < bins:
        raise EntityMatchError(
            f"{count:,} first candidates have a score of {least_score} or more: too few for {bins} bins; "
            "judge links of match(…, threshold=0.0), or ask for fewer bins"
        )
    order = np.argsort(judged.score[first], kind="stable")
    score, right = judged.score[first][order], judged.right[first][order]
    borders = [number * count // bins for number in range(bins + 1)]
    starts, sizes = np.array(borders[:-1]), np.diff(borders)
    hits, total = np.add.reduceat(right.astype(np.int64), starts), np.add.reduceat(score, starts)
    table = pd.DataFrame(
        {
            "count": sizes,
            "lowest": score[starts],
            "highest": score[np.array(borders[1:]) - 1],
            "mean_score": total / sizes,
            "share_right": hits / sizes,
            "right_at_least": lower_bound(hits, sizes, 0.95),
            "right_at_most": upper_bound(hits, sizes, 0.95),
        }
    )
    ece = float(np.abs(hits - total).sum() / count)
    return Calibration(ece, float(np.mean((score - right) ** 2)), count, table)
