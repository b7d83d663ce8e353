"""Measures against plain renderings of their definitions, and what a user would give and get."""

import math

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entitymatch import EntityMatchError, Matcher
from entitymatch.blocking import default_blockers
from entitymatch.evaluation import (
    Judged,
    blocking_report,
    calibration,
    choose_threshold,
    decision_quality,
    hit_at,
    judge,
    pairs_completeness,
    pairs_quality,
    precision_recall_curve,
    read_truth,
    reduction_ratio,
)
from entitymatch.scoring.thresholds import by_threshold, lower_bound, threshold_for, upper_bound
from tests.examples import examples

REFERENCES = pd.DataFrame({"id": ["h", "p", "s", "c"], "name": ["HSBC", "Pfizer", "Siemens", "Bank of Chongqing"]})
REGISTER = pd.DataFrame(
    {"row": [10, 11, 12, 13, 14, 15], "branch": ["汇丰银行", "辉瑞制药", "", "汇丰银行", "光明村餐饮", "西门子公司"]}
)
TRUTH = {"汇丰银行": "h", "辉瑞制药": ["p"], "光明村餐饮": None, "西门子公司": {"s"}}


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(prior=0.5).fit(REFERENCES, name="name", id="id")


@pytest.fixture(scope="module")
def links(matcher: Matcher):
    return matcher.match(REGISTER, name="branch", id="row", threshold=0.0, top_k=50)


def same(one: Judged, two: Judged) -> bool:
    names = ("query", "rank", "score", "link", "right", "answers")
    return all(np.array_equal(getattr(one, name), getattr(two, name)) for name in names)


# What is given


def test_strings_are_judged_once(links) -> None:
    judged = judge(links, TRUTH)
    assert judged.answers.tolist() == [1, 1, 0, 1]
    assert judged.references == 4
    assert judged.answerable == 3
    first = judged.rank == 1
    assert judged.right[first][judged.query[first] != 2].all()
    assert not judged.right[judged.query == 2].any()


@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame, pa.table])
def test_the_truth_may_be_a_table(links, kind) -> None:
    table = kind({"query": ["汇丰银行", "辉瑞制药", "光明村餐饮", "西门子公司"], "reference_id": ["h", "p", None, "s"]})
    assert same(judge(links, table), judge(links, TRUTH))
    renamed = kind({"branch": ["汇丰银行", "辉瑞制药", "西门子公司"], "id": ["h", "p", "s"]})
    assert same(judge(links, read_truth(renamed, query="branch", reference="id")), judge(links, TRUTH))


def test_the_truth_may_name_rows(links) -> None:
    for truth in ({10: "h", 11: "p", 15: "s"}, {13: "h", 11: "p", 15: "s"}, {10: "h", 13: "h", 11: "p", 15: "s"}):
        assert same(judge(links, truth, on="query_id"), judge(links, TRUTH))


def test_a_table_of_links_is_judged_like_the_links(links) -> None:
    judged = judge(links, TRUTH)
    for table in (links.to_pandas(), links.to_pandas(distinct=True), links.to_polars(), links.to_arrow()):
        again = judge(table, TRUTH)
        assert (hit_at(again, 1), pairs_quality(again)) == (hit_at(judged, 1), pairs_quality(judged))
        assert decision_quality(again) == decision_quality(judged)
    with pytest.raises(EntityMatchError, match="judge the Links themselves"):
        reduction_ratio(judge(links.to_pandas(), TRUTH))


def test_what_the_table_does_not_hold_is_missed(links) -> None:
    table = links.to_pandas()
    judged = judge(table[table["query"] != "西门子公司"], TRUTH)
    assert hit_at(judged, 1) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("truth", "arguments", "message"),
    [
        ({"汇丰": "h"}, {}, "1 queries that the register does not have, first '汇丰'"),
        ({"汇丰银行": "x"}, {}, "1 reference ids that are not on the list, first 'x'"),
        ({"汇丰银行": ("h", "p")}, {}, "not on the list"),
        ({99: "h"}, {"on": "query_id"}, "first 99"),
        ({}, {"on": "row"}, "on is 'row'"),
        ([("汇丰银行", "h")], {}, "of type list: give a mapping"),
        (pd.DataFrame({"query": ["汇丰银行"], "id": ["h"]}), {}, "truth has no column 'reference_id'"),
    ],
)
def test_a_wrong_truth_is_told(links, truth, arguments, message) -> None:
    with pytest.raises(EntityMatchError, match=message):
        judge(links, truth, **arguments)


def test_a_wrong_table_is_told(links) -> None:
    with pytest.raises(EntityMatchError, match="table of links has no column 'score'"):
        judge(links.to_pandas().drop(columns="score"), TRUTH)
    with pytest.raises(EntityMatchError, match="not list"):
        judge([1], TRUTH)


def test_repr_tells_the_counts(links) -> None:
    assert "4 queries, 3 of them answerable; 3 candidates are right" in repr(judge(links, TRUTH))


# Measures against their definitions

CANDIDATE = st.tuples(st.integers(0, 5), st.floats(0, 1).map(lambda x: round(x, 1)))
FOUND = st.lists(CANDIDATE, max_size=5, unique_by=lambda candidate: candidate[0])
LISTS = st.lists(st.tuples(FOUND, st.sets(st.integers(0, 5), max_size=3)), min_size=1, max_size=12)


def judged_of(lists) -> tuple[list, list, Judged]:
    found = [sorted(candidates, key=lambda c: -c[1]) for candidates, _ in lists]
    decided = [[(r, s, i == 0 and s >= 0.5) for i, (r, s) in enumerate(candidates)] for candidates in found]
    right = [answer for _, answer in lists]
    return decided, right, Judged.from_lists(decided, right, references=6)


def close(value: float, part: int, whole: int) -> bool:
    return math.isnan(value) if whole == 0 else value == pytest.approx(part / whole)


@given(LISTS, st.integers(1, 6))
@settings(max_examples=examples(100), deadline=None)
def test_measures_of_candidates(lists, k) -> None:
    found, right, judged = judged_of(lists)
    pairs = {(q, r) for q, candidates in enumerate(found) for r, _, _ in candidates[:k]}
    true = {(q, r) for q, answer in enumerate(right) for r in answer}
    assert close(pairs_completeness(judged, k), len(pairs & true), len(true))
    assert close(pairs_quality(judged, k), len(pairs & true), len(pairs))
    assert reduction_ratio(judged, k) == pytest.approx(1 - len(pairs) / (6 * len(found)))
    answerable = {q for q, answer in enumerate(right) if answer}
    assert close(hit_at(judged, k), len({q for q, _ in pairs & true}), len(answerable))
    everything = {(q, r) for q, candidates in enumerate(found) for r, _, _ in candidates}
    assert close(pairs_completeness(judged), len(everything & true), len(true))


@given(LISTS)
@settings(max_examples=examples(100), deadline=None)
def test_measures_of_decisions(lists) -> None:
    found, right, judged = judged_of(lists)
    links = [(q, r) for q, candidates in enumerate(found) for r, _, link in candidates if link]
    good = [(q, r) for q, r in links if r in right[q]]
    quality = decision_quality(judged)
    assert (quality.links, quality.right_links, quality.answerable) == (len(links), len(good), sum(map(bool, right)))
    assert close(quality.precision, len(good), len(links))
    assert close(quality.recall, len(good), sum(map(bool, right)))
    if good:
        assert quality.f1 == pytest.approx(2 / (1 / quality.precision + 1 / quality.recall))
        assert 0 < quality.precision_at_least <= quality.precision
    curve = precision_recall_curve(judged)
    assert curve["threshold"].is_monotonic_decreasing
    assert curve["threshold"].is_unique
    for line in curve.itertuples():
        above = [(q, c[0][0]) for q, c in enumerate(found) if c and c[0][1] >= line.threshold]
        assert line.links == len(above)
        assert line.precision == pytest.approx(sum(r in right[q] for q, r in above) / len(above))
        assert close(line.recall, sum(r in right[q] for q, r in above), sum(map(bool, right)))


@pytest.mark.parametrize("k", [0, -1])
def test_k_is_a_count(k) -> None:
    with pytest.raises(EntityMatchError, match=f"k is {k}"):
        hit_at(Judged.from_lists([[(0, 0.5, True)]], [{0}], 1), k)


def test_nothing_at_all_is_nan_not_an_error() -> None:
    judged = Judged.from_lists([], [], references=3)
    shares = [hit_at(judged, 1), pairs_completeness(judged), pairs_quality(judged), decision_quality(judged).precision]
    assert all(map(math.isnan, shares))
    assert len(precision_recall_curve(judged)) == 0


# Calibration


def simulated(n: int, honest: bool, seed: int = 0) -> Judged:
    rng = np.random.default_rng(seed)
    score = rng.beta(0.5, 0.5, n)
    right = rng.random(n) < (score if honest else score**3)
    found = [[(0, s, s > 0.9)] for s in score.tolist()]
    return Judged.from_lists(found, [{0} if r else set() for r in right.tolist()], references=1)


def test_honest_scores_are_calibrated_and_others_are_not() -> None:
    honest, boastful = calibration(simulated(20_000, True)), calibration(simulated(20_000, False))
    assert honest.ece < 0.02 < 0.1 < boastful.ece
    assert honest.brier < boastful.brier
    inside = honest.table["mean_score"].between(honest.table["right_at_least"], honest.table["right_at_most"])
    assert inside.sum() >= 8
    assert (boastful.table["mean_score"] > boastful.table["right_at_most"]).sum() >= 5


def test_the_table_is_the_error_bin_by_bin() -> None:
    found = calibration(simulated(997, False), bins=7, least_score=0.2)
    table = found.table
    assert table["count"].sum() == found.count
    assert table["count"].max() - table["count"].min() <= 1
    assert (table["lowest"][1:].to_numpy() >= table["highest"][:-1].to_numpy()).all()
    assert table["lowest"][0] >= 0.2
    error = (table["mean_score"] - table["share_right"]).abs() @ table["count"] / found.count
    assert found.ece == pytest.approx(error)


def test_too_few_for_the_bins_is_told() -> None:
    with pytest.raises(EntityMatchError, match=r"5 first candidates .* too few for 10 bins"):
        calibration(simulated(5, True), least_score=0.0)


# Thresholds


def test_bounds_are_those_of_the_binomial_distribution() -> None:
    from scipy.stats import binom

    for right, total in ((1, 1), (7, 9), (97, 100), (100, 100), (3, 50)):
        low, high = float(lower_bound(right, total, 0.95)), float(upper_bound(right, total, 0.95))
        assert binom.sf(right - 1, total, low) == pytest.approx(0.05)
        assert right == total or binom.cdf(right, total, high) == pytest.approx(0.05)
        assert low < right / total <= high <= 1


def test_a_bound_at_none_and_at_all() -> None:
    assert float(lower_bound(0, 10, 0.95)) == 0.0
    assert float(upper_bound(10, 10, 0.95)) == 1.0


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=30), st.floats(0.05, 1))
@settings(max_examples=examples(150), deadline=None)
def test_the_chosen_threshold_is_the_lowest_that_will_do(pairs, precision) -> None:
    score, right = np.array([s / 10 for s, _ in pairs]), np.array([r for _, r in pairs])
    will_do = [t for t in np.unique(score) if right[score >= t].mean() >= precision]
    assert threshold_for(score, right, precision) == (min(will_do) if will_do else None)
    thresholds, hits, total = by_threshold(score, right)
    assert [(right[score >= t].sum(), (score >= t).sum()) for t in thresholds] == list(zip(hits, total, strict=True))


def test_a_confidence_asks_for_more() -> None:
    judged = simulated(3000, True)
    plain, sure = choose_threshold(judged, 0.9, confidence=None), choose_threshold(judged, 0.9)
    assert sure.threshold > plain.threshold
    assert sure.precision_at_least >= 0.9 <= plain.precision
    assert math.isnan(plain.precision_at_least)
    assert sure.recall < plain.recall
    fresh = simulated(30_000, True, seed=1)
    score, right = fresh.score, fresh.right
    assert right[score >= sure.threshold].mean() >= 0.9, "the promise holds on strings that it was not chosen on"


@pytest.mark.parametrize(
    ("precision", "confidence", "message"),
    [
        (0, 0.95, "precision is 0"),
        (1.2, 0.95, "precision is 1.2"),
        (0.9, 1.0, "confidence is 1.0"),
        (1.0, 0.95, "no threshold keeps a precision of 1.0 with a confidence of 0.95 on 50"),
    ],
)
def test_a_wish_that_cannot_be_met_is_told(precision, confidence, message) -> None:
    with pytest.raises(EntityMatchError, match=message):
        choose_threshold(simulated(50, True), precision, confidence=confidence)


def test_a_chosen_threshold_can_be_used(links) -> None:
    chosen = choose_threshold(judge(links, TRUTH), 1.0, confidence=None)
    matcher = Matcher(prior=0.5, link_threshold=chosen.threshold).fit(REFERENCES, name="name", id="id")
    again = judge(matcher.match(REGISTER, name="branch", id="row", threshold=0.0), TRUTH)
    assert (decision_quality(again).links, decision_quality(again).precision) == (chosen.links, 1.0)


# Blockers


def test_the_report_has_a_line_per_blocker_and_one_for_all(matcher: Matcher) -> None:
    report = blocking_report(matcher, REGISTER, TRUTH, name="branch", top_k=2)
    names = [blocker.name for blocker in default_blockers()]
    assert report["blocker"].tolist() == [*names, "all"]
    assert report["weight"].tolist()[:-1] == [blocker.weight for blocker in default_blockers()]
    assert report["candidates_per_query"].between(0, 2).all()
    assert report["reduction_ratio"].to_numpy() == pytest.approx(1 - report["candidates_per_query"].to_numpy() / 4)
    by_name = report.set_index("blocker")
    assert by_name["pairs_completeness"]["han"] == 0.0, "the list has no Han character"
    assert by_name["pairs_completeness"]["all"] == 1.0


def test_what_only_one_blocker_finds() -> None:
    matcher = Matcher().fit(["HSBC", "Pfizer", "Boeing", "Siemens"])
    truth = {"汇丰": 0, "波音": 2}
    report = blocking_report(matcher, list(truth), truth, top_k=1).set_index("blocker")
    assert report["only"]["alias"] >= 0.5, "nobody else knows that 汇丰 is HSBC"
    assert report["lost_without"]["alias"] >= 0.5
    less = Matcher(blockers=[b for b in default_blockers() if b.name != "alias"]).fit(matcher.references_.names)
    without = blocking_report(less, list(truth), truth, top_k=1).set_index("blocker")
    lost = report["pairs_completeness"]["all"] - without["pairs_completeness"]["all"]
    assert report["lost_without"]["alias"] == pytest.approx(lost)


def test_an_organisation_with_several_names_is_proposed_once() -> None:
    table = pd.DataFrame({"name": ["HSBC", "Pfizer"], "also": ["汇丰银行|滙豐|香港上海汇丰银行", ""]})
    matcher = Matcher().fit(table, name="name", aliases="also")
    report = blocking_report(matcher, ["汇丰银行"], {"汇丰银行": 0}).set_index("blocker")
    assert report["candidates_per_query"]["alias"] == 1.0
    assert report["pairs_quality"]["alias"] == 1.0


def test_a_matcher_that_is_not_fitted_says_so() -> None:
    with pytest.raises(EntityMatchError, match="not fitted"):
        blocking_report(Matcher(), ["x"], {})
