"""What a register tells without labels: how many of its strings have an answer, and where the threshold should be.

The evidence of the strings is a mixture of two kinds, those that name an organisation of the list and those that do
not. Expectation–maximisation finds the share of the first kind: the scores at one prior give an expected number of
answers, which is the next prior (Saerens, Latinne and Decaestecker, *Adjusting the Outputs of a Classifier to New a
Priori Probabilities*, Neural Computation 14, 2002; it is the EM of Fellegi and Sunter's model with the m- and
u-probabilities held fixed). The weights of the evidence are kept. Estimating them from a register as well, as Winkler
does with binary agreement patterns, was tried: on registers where one string in twenty has an answer it found another
mixture, and made ranking and scores worse.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from entitymatch.errors import EntityMatchError
from entitymatch.scoring.model import ScoringModel
from entitymatch.scoring.ranking import log2_odds, probability, rank

if TYPE_CHECKING:
    from entitymatch.matcher import Matcher

Floats = npt.NDArray[np.float64]
_ROUNDS = 500
_CLOSE = 1e-7
_BATCH = 2_000


@dataclass(frozen=True)
class Unlabelled:
    """What a register tells without labels.

    Attributes:
        prior: the estimated share of strings that name an organisation of the list, for ``Matcher(prior=…)``.
        model: the weights that the matcher had, and the threshold, for ``Matcher(scoring=…)``.
        links: how many strings would be linked.
        rounds: how many rounds of expectation–maximisation it took.
    """

    prior: float
    model: ScoringModel
    links: int
    rounds: int


def fit_unlabelled(
    matcher: Matcher,
    register: Any,
    *,
    name: str | None = None,
    precision: float = 0.97,
) -> Unlabelled:
    """Estimate the prior of a register, and the lowest threshold with a wished expected precision.

    The precision is what the scores promise: the mean score of the links. It is as good as the scores are calibrated;
    a few hundred labels tell more (:func:`.fit`, :func:`entitymatch.evaluation.choose_threshold`).

    Args:
        matcher: a fitted matcher.
        register: a table or a sequence of strings, as for `Matcher.match`.
        name: the column of strings.
        precision: the wished mean score of the links, in (0, 1].

    Raises:
        EntityMatchError: as `Matcher.match`, or if the register has no string, or no link would be so sure.

    Example:
        >>> from entitymatch import Matcher
        >>> matcher = Matcher().fit(["HSBC", "Pfizer", "Siemens"])
        >>> register = ["汇丰银行", "辉瑞制药有限公司", "西门子（中国）", "光明村餐饮"]
        >>> fit_unlabelled(matcher, register, precision=0.9).prior > 0.3
        True
    """
    matcher._require_fitted()
    from entitymatch.columns import read_register

    names = read_register(register, name).names
    if not names:
        raise EntityMatchError("the register has no string: there is nothing to estimate from")
    scorer = matcher._scorer
    bits, query = [], []
    for start in range(0, len(names), _BATCH):
        batch = [matcher._extractor.extract(text) for text in names[start : start + _BATCH]]
        ranked = scorer.score(batch)
        bits.append(ranked.match_weight - ranked.rivals - scorer.prior_bits)
        query.append(ranked.query + start)
    evidence, owner = np.concatenate(bits), np.concatenate(query)
    model = scorer.model
    prior, rounds = estimate_prior(evidence, owner, len(names), model.prior_slope)
    at_prior = evidence + model.prior_slope * log2_odds(prior)
    scored = rank(owner, np.arange(len(owner)), at_prior, len(names), 1.0, 1.0)
    score = np.sort(scored.score[scored.rank == 1])[::-1]
    expected = np.cumsum(score) / np.arange(1, len(score) + 1)  # falls, because scores do
    links = int(np.searchsorted(-expected, -precision, side="right"))
    if not links:
        raise EntityMatchError(f"no string has a score of {precision} or more: wish for less, or label some strings")
    threshold = float(score[links - 1])
    chosen = replace(model, link_threshold=threshold, possible_threshold=min(model.possible_threshold, threshold))
    return Unlabelled(prior, chosen, links, rounds)


def estimate_prior(evidence: Floats, query: npt.NDArray[np.int64], n: int, slope: float = 1.0) -> tuple[float, int]:
    """Return the share of strings with an answer under which the expected number of answers is that share.

    Args:
        evidence: (pairs,) bits of each candidate, without a prior.
        query: (pairs,) positions of the strings.
        n: how many strings there are.
        slope: how far the log odds of the prior count (:class:`.ScoringModel`).

    Returns:
        The prior, in (0, 1), and the rounds that it took.

    Example:
        >>> prior, _ = estimate_prior(np.array([20.0, -20.0, -20.0, -20.0]), np.arange(4), 4)
        >>> round(prior, 3)
        0.25
    """
    top = np.full(n, -np.inf)
    np.maximum.at(top, query, evidence)
    share = np.bincount(query, np.exp2(evidence - top[query]), minlength=n)
    total = np.where(share > 0, top + np.log2(np.maximum(share, 1.0)), -np.inf)
    prior, low = 0.5, 0.5 / (n + 1)
    for done in range(1, _ROUNDS + 1):
        answered = probability(total + slope * log2_odds(prior))
        found = float(np.clip(answered.mean(), low, 1.0 - low))
        if abs(found - prior) < _CLOSE:
            return found, done
        prior = found
    return prior, _ROUNDS
