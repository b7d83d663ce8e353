import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from entitymatch.errors import EntityMatchError
from entitymatch.intervals import poisson_binomial, wilson
from entitymatch.links import LINK, POSSIBLE_LINK
from tests.test_links import ROWS, links_of, stub_links

COUNTS = ["link_strings", "link_rows", "possible_link_strings", "possible_link_rows"]
ESTIMATE = ["estimated_rows", "estimated_low", "estimated_high"]


def test_tally_counts_strings_and_rows_of_each_organisation():
    assert stub_links(threshold=0.0).tally()[["reference_id", "reference", *COUNTS]].values.tolist() == [
        [0, "HSBC", 2, 3, 1, 1],
        [1, "Standard Chartered", 1, 1, 0, 0],
    ]


def test_tally_adds_up_weights():
    weights = [10, 1, 100, 20, 5, 100, 100, 30]
    expected = [["HSBC", 60.0, 5.0], ["Standard Chartered", 1.0, 0.0]]
    columns = ["reference", "link_weight", "possible_link_weight"]
    assert stub_links().tally(weights)[columns].values.tolist() == expected
    register = pd.DataFrame({"branch": ROWS, "members": weights})
    assert stub_links(register, name="branch").tally("members")[columns].values.tolist() == expected


def test_tally_sorts_by_rows_then_by_the_order_of_the_list():
    links = links_of([(0, 2, 1, LINK), (1, 1, 1, LINK), (2, 0, 1, LINK)], 3, 4, row_of=[0, 1, 2, 2])
    assert links.tally()["reference"].tolist() == ["r0", "r1", "r2"]


def test_a_linked_string_is_not_counted_as_possible_elsewhere():
    lines = [(0, 0, 1, LINK), (0, 1, 2, POSSIBLE_LINK), (1, 0, 1, POSSIBLE_LINK), (1, 2, 2, POSSIBLE_LINK)]
    tally = links_of(lines, 2, 3).tally().set_index("reference")
    assert tally["link_strings"].to_dict() == {"r0": 1, "r2": 0}
    assert tally["possible_link_strings"].to_dict() == {"r0": 1, "r2": 1}


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ("members", "no table"),
        ([1.0], "1 weights for 8 rows"),
        (["x"] * 8, "must be numbers"),
        ([1.0] * 7 + [float("nan")], "1 of 8 weights are missing"),
    ],
)
def test_wrong_weights_are_told(weights, message):
    with pytest.raises(EntityMatchError, match=message):
        stub_links().tally(weights)


def test_the_present_columns_come_first_and_what_is_expected_after_them():
    table = stub_links().tally([1.0] * 8)
    counts = ["reference_id", "reference", *COUNTS, "link_weight", "possible_link_weight"]
    assert list(table) == [*counts, "expected_rows", "expected_low", "expected_high"]
    assert table["link_rows"].dtype == np.int64


def test_expected_rows_follow_from_the_scores():
    table = stub_links().tally(level=0.8)
    link, possible = 1 / (1 + 2**-6), 1 / (1 + 2**-1)
    expected = poisson_binomial([link, link, possible], [2, 1, 1], 0.8)
    assert table.loc[0, ["expected_rows", "expected_low", "expected_high"]].tolist() == pytest.approx(expected)


def many(n_link=40, n_possible=20, rows=5):
    """Links of one organisation, each string in several rows."""
    lines = [(q, 0, 1, LINK if q < n_link else POSSIBLE_LINK) for q in range(n_link + n_possible)]
    return links_of(lines, n_link + n_possible, 1, row_of=[q for q in range(n_link + n_possible) for _ in range(rows)])


def review(right, wrong, start=0):
    queries = [f"q{start + i}" for i in range(right + wrong)]
    return pd.DataFrame({"query": queries, "reference_id": 0, "correct": [True] * right + [False] * wrong})


def test_a_review_of_everything_is_the_truth():
    table = many().tally(reviewed=pd.concat([review(40, 0), review(5, 15, start=40)]))
    assert table.loc[0, ["reviewed_strings", *ESTIMATE]].tolist() == [60, 225, 225, 225]


def test_reviewed_strings_count_as_they_are_and_the_others_as_the_sample_says():
    table = many(40, 0).tally(reviewed=review(9, 1), level=0.9)
    sample = 10 * 30 / 40  # the thirty others are a second source of doubt
    low, high = wilson(0.9 * sample, sample, 0.9)
    assert table.loc[0, ESTIMATE].tolist() == pytest.approx([45 + 150 * 0.9, 45 + 150 * low, 45 + 150 * high])


def test_what_nobody_reviewed_is_taken_by_its_scores():
    links = many()
    scored = links.tally().loc[0, ["expected_rows", "expected_low", "expected_high"]]
    table = links.tally(reviewed=review(0, 20, start=40))
    alone = many(40, 0).tally()
    assert table.loc[0, "estimated_rows"] < scored["expected_rows"]
    assert table.loc[0, "estimated_low"] > alone.loc[0, "expected_low"] * 0.7
    assert table.loc[0, "estimated_high"] <= 200
    two = links_of([(0, 0, 1, LINK), (1, 1, 1, LINK)], 2, 2)
    table = two.tally(reviewed=review(1, 0)).set_index("reference")
    assert table["reviewed_strings"].to_dict() == {"r0": 1, "r1": 0}
    assert (
        table.loc["r1", ESTIMATE].tolist()
        == table.loc["r1", ["expected_rows", "expected_low", "expected_high"]].tolist()
    )


def test_the_interval_of_a_review_holds_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(3)
    rows = rng.integers(1, 9, 200)
    links = links_of([(q, 0, 1, LINK) for q in range(200)], 200, 1, row_of=np.repeat(np.arange(200), rows))
    held = 0
    for _ in range(300):
        truth = rng.random(200) < 0.85
        sample = rng.choice(200, 40, replace=False)
        reviewed = pd.DataFrame({"query": [f"q{i}" for i in sample], "reference_id": 0, "correct": truth[sample]})
        low, high = links.tally(reviewed=reviewed).loc[0, ESTIMATE[1:]]
        held += low <= rows[truth].sum() <= high
    assert 0.92 * 300 <= held < 300


@pytest.mark.parametrize(
    "make", [lambda t: t, pa.Table.from_pandas, lambda t: t.astype(str)], ids=["pandas", "arrow", "text"]
)
def test_a_review_may_be_any_table_and_ids_of_a_file_are_text(make):
    assert many().tally(reviewed=make(review(8, 2))).loc[0, "reviewed_strings"] == 10


def test_answers_in_words_and_empty_ones():
    words = pd.DataFrame(
        {"query": ["q0", "q1", "q2", "q3"], "reference_id": ["0"] * 4, "correct": ["yes", "No", "", None]}
    )
    table = many(4, 0, rows=1).tally(reviewed=words)
    assert table.loc[0, ["reviewed_strings", "estimated_rows"]].tolist() == [2, 2.0]


@pytest.mark.parametrize(
    ("reviewed", "message"),
    [
        (["q0"], "must be a pandas, polars or pyarrow table, not list"),
        (pd.DataFrame({"query": ["q0"]}), "no column 'reference_id'; it has the column 'query'"),
        (pd.DataFrame({"query": ["q0"], "reference_id": [0], "correct": ["perhaps"]}), "'perhaps' in column 'correct'"),
        (pd.DataFrame({"query": ["x"], "reference_id": [0], "correct": [True]}), "none of the reviewed links"),
        (
            pd.DataFrame({"query": ["q0"] * 2, "reference_id": [0] * 2, "correct": [True, False]}),
            "both right and wrong",
        ),
    ],
)
def test_a_review_that_cannot_be_used_is_told(reviewed, message):
    with pytest.raises(EntityMatchError, match=message):
        many().tally(reviewed=reviewed)


@pytest.mark.parametrize("wrong", [{"level": 95}, {"suppress_below": 0}])
def test_wrong_numbers_are_told(wrong):
    with pytest.raises(EntityMatchError, match="it must be a"):
        many().tally(**wrong)


def test_small_totals_are_suppressed_with_all_that_tells_them():
    links = links_of(
        [(0, 0, 1, LINK), (1, 1, 1, LINK), (2, 0, 1, POSSIBLE_LINK)], 3, 2, row_of=[0] * 9 + [1] * 3 + [2] * 2
    )
    weights = [1.0] * 14
    table = links.tally(weights, suppress_below=5, reviewed=review(1, 0)).set_index("reference")
    assert table.loc["r0", ["link_strings", "link_rows", "link_weight"]].tolist() == [1, 9, 9.0]
    hidden = ["possible_link_strings", "possible_link_rows", "possible_link_weight", "expected_rows", "estimated_high"]
    assert table.loc["r0", hidden].isna().all()
    assert (
        table.loc["r1", ["link_strings", "link_rows", "link_weight", "expected_low", "reviewed_strings"]].isna().all()
    )
    assert table.loc["r1", ["possible_link_strings", "possible_link_rows"]].tolist() == [0, 0]
    assert table["link_rows"].dtype == "Int64"
    shown = links.tally(suppress_below=1)
    assert shown[COUNTS].notna().all(axis=None)
