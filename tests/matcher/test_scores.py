"""Scores, ranks and decisions, and what they do not depend on."""

import random

import numpy as np
import pandas as pd
import pytest

from entitymatch import Matcher
from entitymatch.matcher import CANDIDATES
from tests.matcher.register import COLUMNS, DECOYS, REFERENCES, REGISTER, RIGHT, SURE


def first(table: pd.DataFrame) -> dict[str, str]:
    best = table[table["rank"] == 1]
    return dict(zip(best["query"], best["reference"], strict=True))


def test_right_organisations_come_first_and_decoys_are_no_links(everything: pd.DataFrame) -> None:
    best = first(everything)
    assert {query: best.get(query) for query in RIGHT} == RIGHT
    table = everything[everything["rank"] == 1].set_index("query")
    assert table.loc[list(RIGHT), "decision"].isin(["link", "possible_link"]).all(), table.loc[
        list(RIGHT), ["score", "decision"]
    ]
    assert (table.loc[SURE, "decision"] == "link").all(), table.loc[SURE, ["score", "decision"]]
    assert "link" not in set(everything[everything["query"].isin(DECOYS)]["decision"])


def test_score_is_the_probability_of_the_match_weight(everything: pd.DataFrame) -> None:
    assert np.allclose(everything["score"], 1 / (1 + np.exp2(-everything["match_weight"])), atol=1e-11)
    assert everything["score"].between(0, 1).all()


def test_ranks_count_from_one_without_gaps_and_scores_fall(everything: pd.DataFrame) -> None:
    for _, lines in everything.groupby("query"):
        assert lines["rank"].tolist() == list(range(1, len(lines) + 1))
        assert lines["match_weight"].is_monotonic_decreasing
        assert lines["reference_id"].is_unique


@pytest.mark.parametrize(
    "thresholds", [{}, {"link_threshold": 0.0}, {"link_threshold": 0.5, "possible_threshold": 0.0}]
)
def test_at_most_one_link_a_string_and_its_rank_is_one(thresholds: dict) -> None:
    table = Matcher(**thresholds).fit([*REFERENCES, "HSBC Bank"]).match(REGISTER, threshold=0.0).to_pandas()
    linked = table[table["decision"] == "link"]
    assert len(linked)
    assert linked["query"].is_unique
    assert (linked["rank"] == 1).all()
    # Beside a link nothing else is possible.
    assert (table[table["query"].isin(linked["query"])]["decision"] != "possible_link").all()


def test_decisions_follow_the_thresholds(everything: pd.DataFrame) -> None:
    strict = (
        Matcher(prior=0.5, link_threshold=1.0, possible_threshold=0.5)
        .fit(REFERENCES)
        .match(REGISTER, threshold=0.0, top_k=CANDIDATES)
    )
    table = strict.to_pandas()
    assert np.array_equal(table["score"], everything["score"])
    assert "link" not in set(table[table["score"] < 1.0]["decision"])
    assert ((table["decision"] == "possible_link") == (table["score"] >= 0.5)).all()


def test_a_second_candidate_too_close_to_tell_makes_both_possible() -> None:
    table = (
        Matcher(prior=0.5)
        .fit(["Tsinghua University", "Pfizer", "Tsinghua University"])
        .match(["清华大学"], threshold=0.0)
        .to_pandas()
    )
    assert table["reference_id"].tolist()[:2] == [0, 2]
    assert table["decision"].tolist()[:2] == ["possible_link", "possible_link"]
    assert table["score"][0] == table["score"][1] <= 0.5


@pytest.mark.parametrize("name", ["Tsinghua University", "清华大学"])
@pytest.mark.parametrize("size", [2, 30, CANDIDATES + 60])
def test_ties_fall_by_reference_order(name: str, size: int) -> None:
    table = Matcher().fit(["Pfizer", *[name] * size]).match(["清华大学"], threshold=0.0, top_k=20).to_pandas()
    assert table["reference_id"].tolist()[: min(size, 20)] == list(range(1, min(size, 20) + 1))


def test_spellings_of_one_name_tie_by_reference_order() -> None:
    references = ["Pfizer", "TSINGHUA UNIVERSITY", "Tsinghua University", "tsinghua university", "Tsinghua  University"]
    table = Matcher().fit(references).match(["清华大学"], threshold=0.0).to_pandas()
    assert table["reference_id"].tolist()[:4] == [1, 2, 3, 4]
    assert table["score"][:4].nunique() == 1


def test_threshold_filters_only(matcher: Matcher, everything: pd.DataFrame) -> None:
    chosen = matcher.match(REGISTER, top_k=CANDIDATES).to_pandas()
    wanted = everything[everything["decision"] != "non_link"].reset_index(drop=True)
    pd.testing.assert_frame_equal(chosen, wanted)
    for threshold in (0.001, 0.5, 1.0):
        filtered = matcher.match(REGISTER, threshold=threshold, top_k=CANDIDATES).to_pandas()
        pd.testing.assert_frame_equal(filtered, everything[everything["score"] >= threshold].reset_index(drop=True))


@pytest.mark.parametrize("top_k", [1, 2, 5])
def test_score_and_decision_do_not_depend_on_top_k(matcher: Matcher, everything: pd.DataFrame, top_k: int) -> None:
    few = matcher.match(REGISTER, threshold=0.0, top_k=top_k).to_pandas()
    pd.testing.assert_frame_equal(few, everything[everything["rank"] <= top_k].reset_index(drop=True), check_exact=True)


@pytest.mark.parametrize("batch_size", [1, 3, 7])
def test_nothing_depends_on_the_batch_size(everything: pd.DataFrame, batch_size: int) -> None:
    fresh = Matcher(prior=0.5).fit(REFERENCES)  # with nothing remembered from other batches
    table = fresh.match(REGISTER, threshold=0.0, top_k=CANDIDATES, batch_size=batch_size).to_pandas()
    pd.testing.assert_frame_equal(table, everything, check_exact=True)


def test_nothing_depends_on_the_order_of_rows(matcher: Matcher, everything: pd.DataFrame) -> None:
    shuffled = REGISTER * 2
    random.Random(3).shuffle(shuffled)
    table = matcher.match(shuffled, threshold=0.0, top_k=CANDIDATES).to_pandas(distinct=True)
    assert set(table["rows"]) == {2}
    by_string = [*COLUMNS[1:]]
    pd.testing.assert_frame_equal(
        table[by_string].sort_values(["query", "rank"], ignore_index=True),
        everything[by_string].sort_values(["query", "rank"], ignore_index=True),
        check_exact=True,
    )


def test_a_higher_prior_raises_every_score_of_a_first_candidate(everything: pd.DataFrame) -> None:
    low = Matcher(prior=0.01).fit(REFERENCES).match(REGISTER, threshold=0.0, top_k=CANDIDATES).to_pandas()
    best = everything["rank"] == 1
    assert (low.loc[low["rank"] == 1, "score"].to_numpy() < everything.loc[best, "score"].to_numpy()).all()
