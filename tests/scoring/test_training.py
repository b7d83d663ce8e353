"""Fitting anew: labels from a matcher, weights near the shipped ones, thresholds on organisations held out."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from entitymatch import EntityMatchError, Matcher
from entitymatch.scoring import FEATURES, choose_thresholds, default_scoring_model, fit, label, label_pairs, rank
from entitymatch.scoring.fitting import Labelled, mean_loss
from entitymatch.scoring.fitting import fit as fit_weights
from entitymatch.scoring.training import MOST, as_model, fold_of

REFERENCES = pd.DataFrame({"id": ["h", "p", "s"], "name": ["HSBC", "Pfizer", "Siemens"], "also": ["汇丰银行", "", ""]})
REGISTER = ["汇丰银行上海分行", "HSBC", "辉瑞制药", "光明村餐饮", "西门子（中国）有限公司", ""]
TRUTH = {"汇丰银行上海分行": "h", "HSBC": "h", "辉瑞制药": "p", "西门子（中国）有限公司": "s"}

USED = [list(FEATURES).index(name) for name in ("translation", "left_word", "head")]
TRUE = np.array([1.5, -1.0, 1.0])


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher().fit(REFERENCES, name="name", id="id", aliases="also")


def simulated(n: int, seed: int = 0, prior: float = 0.0) -> Labelled:
    """Strings of organisations (three each) whose right candidate is chosen by a model unlike the shipped one."""
    rng = np.random.default_rng(seed)
    query = np.repeat(np.arange(n), 4)
    values = np.zeros((len(query), len(FEATURES)))
    values[:, USED] = rng.gamma(1.0, 2.0, size=(len(query), 3))
    right = np.zeros(len(query), dtype=bool)
    bits = values[:, USED] @ TRUE - 3.0
    for q in range(n):
        p = np.append(np.exp2(bits[4 * q : 4 * q + 4]), 1.0)
        if (choice := rng.choice(5, p=p / p.sum())) < 4:
            right[4 * q + choice] = True
    has_right = np.bincount(query, right, minlength=n) > 0
    group = np.where(has_right, np.arange(n) // 3, n + np.arange(n))
    return Labelled(values, query, right, np.full(n, prior), np.ones(n), group)


def true_bits(labelled: Labelled) -> np.ndarray:
    """The bits by which the labels were drawn."""
    return labelled.values[:, USED] @ TRUE - 3.0


def test_labels_of_a_register(matcher: Matcher) -> None:
    labelled = label(matcher, REGISTER, TRUTH)
    assert labelled.group is not None
    assert labelled.group.tolist() == [0, 0, 1, 6, 2]
    assert labelled.values.shape == (len(labelled.query), len(FEATURES))
    assert np.bincount(labelled.query, labelled.right, minlength=5).tolist() == [1, 1, 1, 0, 1]
    assert (np.bincount(labelled.query) <= MOST + 1).all()
    assert labelled.prior_bits == pytest.approx(2.0)  # four in five


def test_the_labelled_values_are_those_of_the_scores(matcher: Matcher) -> None:
    labelled = label(matcher, REGISTER, TRUTH)
    model = default_scoring_model()
    bits = model.bits(labelled.values)
    for query, text in enumerate(name for name in REGISTER if name):
        [reference] = [i for i, id_ in enumerate(REFERENCES["id"]) if id_ == TRUTH.get(text)] or [None]
        if reference is not None:
            terms = matcher.explain(text, reference).terms
            evidence = sum(term.bits for term in terms if term.kind not in ("prior", "rivals"))
            mine = bits[(labelled.query == query) & labelled.right]
            assert mine[0] == pytest.approx(evidence)


def test_labels_by_row(matcher: Matcher) -> None:
    register = pd.DataFrame({"row": [5, 6, 7], "branch": ["汇丰银行", "光明村", "汇丰银行"]})
    labelled = label(matcher, register, {7: "h"}, name="branch", id="row", on="query_id")
    assert np.bincount(labelled.query, labelled.right, minlength=2).tolist() == [1, 0]
    with pytest.raises(EntityMatchError, match="first 'z'"):
        label(matcher, register, {"汇丰银行": "z"}, name="branch")


def test_pairs_of_names_give_strings_with_and_without_an_answer() -> None:
    pairs = [(f"测试{i}号银行", f"Test Bank {i}") for i in range(12)] + [("测试一号", "Test Bank 1")]
    labelled = label_pairs(pairs)
    answers = np.bincount(labelled.query, labelled.right, minlength=13) > 0
    assert 3 < answers.sum() < 10
    assert labelled.group is not None
    assert labelled.group[1] == labelled.group[12]
    assert len(labelled.prior_bits) == 13


@pytest.mark.parametrize(
    ("pairs", "message"), [([], "no pair"), ([("", "x")], "no pair"), ([("银行", "Bank 2")], "too few")]
)
def test_too_few_pairs(pairs, message) -> None:
    with pytest.raises(EntityMatchError, match=message):
        label_pairs(pairs)


def test_a_fit_is_better_than_its_start_on_organisations_that_it_has_not_seen() -> None:
    trained = fit(simulated(400), precision=0.8, ridge=1e-3, folds=3)
    assert trained.held_out_loss < trained.start_loss
    assert trained.loss <= trained.held_out_loss
    fresh = simulated(600, seed=1)
    bits = trained.model.bits(fresh.values) + trained.model.prior_slope * fresh.prior_bits[fresh.query]
    assert mean_loss(fresh, bits) == pytest.approx(mean_loss(fresh, true_bits(fresh)), abs=0.05)
    assert trained.held_out_loss == pytest.approx(mean_loss(simulated(400), true_bits(simulated(400))), abs=0.05)


def test_few_labels_change_little() -> None:
    few, many = fit(simulated(30), precision=0.3, folds=2), fit(simulated(400), precision=0.3, folds=2)
    assert few.ridge >= many.ridge
    tight = fit(simulated(40), precision=0.5, folds=3, ridge=100.0)
    shipped = default_scoring_model().weights
    tight_weights, shipped_weights = tight.model.weights["firms"], shipped["firms"]
    assert all(tight_weights[name] == pytest.approx(shipped_weights[name], abs=0.2) for name in FEATURES)


def test_one_prior_does_not_change_its_slope() -> None:
    assert (
        fit(simulated(100, prior=-2.0), precision=0.3, ridge=0.01, folds=2).model.prior_slope
        == default_scoring_model().prior_slope
    )


def test_the_same_labels_give_the_same_model() -> None:
    one, two = (fit(simulated(100), precision=0.3, ridge=0.01, folds=2) for _ in range(2))
    assert one.model == two.model


def test_strings_of_an_organisation_are_held_out_together() -> None:
    labelled = simulated(300)
    fold = fold_of(labelled, 5)
    assert labelled.group is not None
    for group in np.unique(labelled.group):
        assert len(set(fold[labelled.group == group])) == 1
    answerable = np.bincount(labelled.query, labelled.right, minlength=300) > 0
    for kind in (True, False):
        counts = np.bincount(fold[answerable == kind], minlength=5)
        assert counts.min() > 0.6 * counts.max()


def test_held_out_scores_know_nothing_of_their_organisation() -> None:
    """With labels drawn by chance, a fit that saw them would look better than one that did not."""
    labelled = simulated(150)
    rng = np.random.default_rng(3)
    shuffled = replace(labelled, right=np.repeat(rng.random(150) < 0.5, 4) & (np.tile(np.arange(4), 150) == 0))
    trained = fit(shuffled, precision=0.05, ridge=1e-6, folds=3)
    assert trained.loss < trained.held_out_loss


def test_too_few_labels_are_told() -> None:
    with pytest.raises(EntityMatchError, match="too few for 5 folds"):
        fit(simulated(4))
    labelled = simulated(100)
    answered = labelled.take(np.bincount(labelled.query, labelled.right, minlength=100) > 0)
    with pytest.raises(EntityMatchError, match="without a right candidate"):
        fit(answered)
    with pytest.raises(EntityMatchError, match=r"no threshold keeps a precision of 1\.0"):
        choose_thresholds(default_scoring_model(), labelled, precision=1.0, confidence=0.99)


def test_the_threshold_keeps_the_wished_precision_on_fresh_strings() -> None:
    model = fit(simulated(1000), precision=0.9, ridge=1e-3, folds=2).model
    fresh = simulated(2000, seed=7)
    bits = model.bits(fresh.values) + model.prior_slope * fresh.prior_bits[fresh.query]
    ranked = rank(fresh.query, np.arange(len(bits)), bits, 2000, model.link_threshold, 0.2)
    linked = fresh.right[ranked.pair[ranked.decision == 2]]
    assert len(linked) > 100
    assert linked.mean() == pytest.approx(0.9, abs=0.04)
    stricter = choose_thresholds(model, fresh, precision=0.97)
    assert stricter.link_threshold > choose_thresholds(model, fresh, precision=0.9).link_threshold
    assert stricter.weights == model.weights


def test_the_loss_is_that_of_the_fit() -> None:
    labelled = simulated(300)
    fitted = fit_weights(labelled, ridge=0.0)
    assert mean_loss(labelled, fitted.bits(labelled)) == pytest.approx(fitted.loss, abs=1e-6)


class TestInAMatcher:
    def test_a_model_of_ones_own_decides(self) -> None:
        shipped = default_scoring_model()
        sceptic = replace(shipped, intercept=shipped.intercept - 50.0)
        texts = ["汇丰银行", "辉瑞制药"]
        believer = Matcher(prior=0.5, scoring=shipped).fit(["HSBC", "Pfizer"]).match(texts, threshold=0.0)
        table = Matcher(prior=0.5, scoring=sceptic).fit(["HSBC", "Pfizer"]).match(texts, threshold=0.0).to_pandas()
        assert set(believer.to_pandas()["decision"]) > {"link"}
        assert set(table["decision"]) == {"non_link"}
        default = Matcher(prior=0.5).fit(["HSBC", "Pfizer"]).match(texts, threshold=0.0)
        pd.testing.assert_frame_equal(believer.to_pandas(), default.to_pandas(), check_exact=True)

    def test_it_is_saved_with_the_matcher(self, tmp_path: Path) -> None:
        model = replace(default_scoring_model(), link_threshold=0.5, intercept=-3.0)
        matcher = Matcher(scoring=model).fit(["HSBC", "Pfizer"])
        matcher.save(tmp_path / "saved")
        loaded = Matcher.load(tmp_path / "saved")
        assert loaded.scoring == model
        found, expected = (m.match(["汇丰银行"], threshold=0.0).to_pandas() for m in (loaded, matcher))
        pd.testing.assert_frame_equal(found, expected, check_exact=True)

    def test_anything_else_is_refused(self) -> None:
        with pytest.raises(EntityMatchError, match="scoring is of type dict"):
            Matcher(scoring={}).fit(["HSBC"])  # type: ignore[arg-type]

    def test_from_labels_to_links(self, matcher: Matcher) -> None:
        register = [
            f"{name}{unit}" for name in ("汇丰银行", "辉瑞制药", "西门子") for unit in ("", "上海分公司", "工会")
        ]
        nothing = ["光明村餐饮", "第一中学", "浦东税务局", "王家村村委会", "宏达五金店", "向阳小学"]
        truth = dict(zip(register, "hhhpppsss", strict=True))
        trained = fit(label(matcher, [*register, *nothing], truth), precision=0.9, folds=3, ridge=0.1)
        links = Matcher(prior=0.5, scoring=trained.model).fit(REFERENCES, name="name", id="id").match(register)
        assert (links.to_pandas()["reference_id"].tolist()) == list("hhhpppsss")


def test_rounding_of_a_model_changes_no_score_that_is_shown() -> None:
    labelled = simulated(100)
    fitted = fit_weights(labelled)
    model = as_model(fitted, link_threshold=0.7, possible_threshold=0.2)
    bits = model.bits(labelled.values) + model.prior_slope * labelled.prior_bits[labelled.query]
    assert bits == pytest.approx(fitted.bits(labelled), abs=1e-3)
