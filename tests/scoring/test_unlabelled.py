"""What a register tells without labels, on strings whose answers are known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entitymatch import EntityMatchError, Matcher
from entitymatch.scoring import default_scoring_model, fit_unlabelled
from entitymatch.scoring.unlabelled import estimate_prior
from tests.examples import examples

REGISTER = ["汇丰银行", "辉瑞制药有限公司", "西门子（中国）有限公司", "招商银行北京分行"]
NOTHING = ["光明村餐饮", "第一中学", "浦东税务局", "王家村村委会", "宏达五金店", "向阳小学", "红星幼儿园", "长宁路街道"]
LIST = ["HSBC", "Pfizer", "Siemens", "China Merchants Bank"]


@pytest.mark.parametrize("prior", [0.02, 0.2, 0.5, 0.9])
def test_the_prior_of_a_mixture_is_found(prior: float) -> None:
    """Evidence as log-likelihood ratio of two normal distributions, 5 standard deviations apart."""
    rng = np.random.default_rng(0)
    answered = rng.random(20_000) < prior
    x = rng.normal(np.where(answered, 2.5, -2.5), 1.0)
    evidence = 5.0 * x / np.log(2.0)
    found, rounds = estimate_prior(evidence, np.arange(20_000), 20_000)
    assert found == pytest.approx(answered.mean(), rel=0.05)
    assert rounds < 100


@given(st.lists(st.floats(-60, 60), min_size=1, max_size=20), st.integers(1, 30))
@settings(max_examples=examples(100), deadline=None)
def test_it_is_a_share_and_strings_without_candidates_count(evidence: list[float], more: int) -> None:
    bits, query = np.array(evidence), np.arange(len(evidence))
    prior, _ = estimate_prior(bits, query, len(evidence))
    diluted, _ = estimate_prior(bits, query, len(evidence) + more)
    assert 0.0 < diluted < 1.0
    assert 0.0 < prior < 1.0
    assert diluted <= max(prior, 0.5) + 1e-6


def test_candidates_of_a_string_count_together() -> None:
    one, _ = estimate_prior(np.array([11.0, -9.0]), np.array([0, 1]), 2)
    two, _ = estimate_prior(np.array([10.0, 10.0, -9.0]), np.array([0, 0, 1]), 2)
    assert one == pytest.approx(two)


def test_more_answers_give_a_higher_prior_whatever_was_expected() -> None:
    few = [fit_unlabelled(Matcher(prior=p).fit(LIST), REGISTER[:1] + NOTHING, precision=0.5) for p in (0.01, 0.5)]
    many = fit_unlabelled(Matcher().fit(LIST), REGISTER + NOTHING[:1], precision=0.5)
    assert few[0].prior == pytest.approx(few[1].prior, abs=1e-5)
    assert few[0].prior < 0.35 < many.prior


def test_the_threshold_promises_the_precision() -> None:
    matcher = Matcher().fit(LIST)
    found = fit_unlabelled(matcher, REGISTER + NOTHING, precision=0.95)
    assert found.model.weights == default_scoring_model().weights
    again = Matcher(prior=found.prior, scoring=found.model).fit(LIST)
    table = again.match(REGISTER + NOTHING, threshold=0.0, top_k=1).to_pandas()
    links = table[table["decision"] == "link"]
    assert len(links) == found.links
    assert links["score"].mean() >= 0.95 - 1e-6
    next_best = table[table["decision"] != "link"]["score"].max()
    assert (links["score"].sum() + next_best) / (len(links) + 1) < 0.95


def test_what_cannot_be_estimated_is_told() -> None:
    matcher = Matcher().fit(LIST)
    with pytest.raises(EntityMatchError, match="no string"):
        fit_unlabelled(matcher, ["", None])
    with pytest.raises(EntityMatchError, match=r"no string has a score of 0\.97"):
        fit_unlabelled(matcher, ["光明村餐饮"])
