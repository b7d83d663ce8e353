"""Columns for Splink, and Splink's own linker on DuckDB over them."""

import sys

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from entitymatch import EntityMatchError, Matcher
from entitymatch.integrations import splink as integration
from entitymatch.integrations.splink import EVIDENCE_BOUNDS, name_columns, prepare

REGISTER = pd.DataFrame(
    {
        "row": ["r0", "r1", "r2", "r3", "r4", "r5", "r6"],
        "branch": [
            "汇丰银行（中国）有限公司上海分行",
            "辉瑞制药有限公司",
            "上海汇丰纸业有限公司",
            "圣安德鲁斯大学",
            None,
            "上海光明村餐饮管理有限公司",
            "辉瑞制药有限公司",
        ],
        "city": ["上海", "大连", "上海", "上海", "上海", "上海", "大连"],
        "note": range(7),
    },
    index=range(10, 17),
)
COMPANIES = pd.DataFrame(
    {
        "id": ["c0", "c1", "c2", "c3"],
        "name": ["HSBC", "Pfizer", "University of St Andrews", "Thales"],
        "city": ["上海", "大连", "上海", "上海"],
    }
)
LISTS = [f"org_{column}" for column in integration.LISTS]


@pytest.fixture(scope="module")
def ready():
    return prepare(REGISTER, COMPANIES, left_on="branch", right_on="name", left_id="row", right_id="id")


@pytest.mark.parametrize("kind", ["pandas", "polars", "arrow"])
def test_columns_come_after_those_of_the_table(kind):
    table = {
        "pandas": lambda: REGISTER,
        "polars": lambda: pytest.importorskip("polars").from_pandas(REGISTER),
        "arrow": lambda: pa.Table.from_pandas(REGISTER, preserve_index=False),
    }[kind]()
    found = name_columns(table, "branch")
    assert found.column_names == [*REGISTER, "org_core", "org_letters", *LISTS]
    assert found.column("org_core").to_pylist()[1] == "huirui"
    assert found.column("org_aliases").to_pylist()[0] == ["hsbc"]
    assert [values[4] for values in found.select(["org_core", *LISTS]).to_pydict().values()] == [None] * 6


def test_a_column_is_not_replaced():
    with pytest.raises(EntityMatchError, match="has a column 'org_core' already: give another prefix"):
        name_columns(REGISTER.assign(org_core="x"), "branch")
    assert "name_core" in name_columns(REGISTER.assign(org_core="x"), "branch", prefix="name_").column_names


def test_both_tables_have_the_same_columns(ready):
    assert ready.left.column_names == ready.right.column_names
    assert ready.left.column_names[:3] == ["unique_id", "name", "city"]
    assert ready.left.column("unique_id").to_pylist() == REGISTER["row"].tolist()
    rows = prepare(REGISTER, COMPANIES, left_on="branch", right_on="name").left
    assert rows.column("unique_id").to_pylist() == list(range(7))


def test_shared_elements_count_the_bounds_that_the_match_weight_reaches(ready):
    left, right = (table.column("org_evidence").to_pylist() for table in (ready.left, ready.right))
    assert left[4] is None
    links = Matcher().fit(COMPANIES["name"]).match(REGISTER["branch"], top_k=5, threshold=0.0).to_pandas()
    weights = {(q, r): w for q, r, w in links[["query_id", "reference_id", "match_weight"]].itertuples(index=False)}
    for row, ours in enumerate(left):
        for number, theirs in enumerate(right):
            reached = sum(weights.get((row, number), -np.inf) >= bound for bound in EVIDENCE_BOUNDS)
            assert len(set(ours or ()) & set(theirs)) == reached


def test_probabilities_of_the_bins_follow_from_the_scores(ready):
    links = Matcher().fit(COMPANIES["name"]).match(REGISTER["branch"], top_k=5, threshold=0.0).to_pandas()
    assert ready.match_probability == pytest.approx(links["score"].sum() / (7 * 4))
    top = links["match_weight"] >= EVIDENCE_BOUNDS[-1]
    assert ready.m[-1] == pytest.approx(links["score"][top].sum() / links["score"].sum(), abs=1e-6)
    assert sum(ready.m) == pytest.approx(1)
    assert sum(ready.u) == pytest.approx(1)
    weights = np.log2(np.array(ready.m) / np.array(ready.u))
    assert weights[-1] > weights[0]


@pytest.mark.parametrize("bounds", [(), (2.0, 1.0), (1.0, 1.0)])
def test_bounds_must_rise(bounds):
    with pytest.raises(EntityMatchError, match="give rising numbers of bits"):
        prepare(REGISTER, COMPANIES, left_on="branch", right_on="name", bounds=bounds)


def test_without_the_extra_the_error_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "splink", None)
    with pytest.raises(ImportError, match=r"pip install 'entitymatch\[splink\]'"):
        integration.blocking_rules()


def linked(ready, comparisons, rules, train=()):
    """The pairs that Splink links, with their probabilities."""
    splink = pytest.importorskip("splink")
    api = splink.DuckDBAPI()
    settings = splink.SettingsCreator(
        link_type="link_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=rules,
        probability_two_random_records_match=ready.match_probability,
    )
    tables = [api.register(ready.left, table_name="a_left"), api.register(ready.right, table_name="b_right")]
    linker = splink.Linker(tables, settings)
    for column in train:
        linker.training.estimate_u_using_random_sampling(max_pairs=1e4, seed=1)
        linker.training.estimate_parameters_using_expectation_maximisation(splink.block_on(column))
    found = linker.inference.predict().as_pandas_dataframe()
    return found.set_index(["unique_id_l", "unique_id_r"])["match_probability"].sort_index()


def test_splink_finds_by_the_bins_of_evidence_what_the_matcher_finds(ready):
    pytest.importorskip("splink")
    found = linked(ready, [integration.evidence_comparison(ready)], [integration.evidence_blocking()])
    left, right = (
        dict(zip(*table.select(["unique_id", "org_evidence"]).to_pydict().values(), strict=True))
        for table in (ready.left, ready.right)
    )
    reached = {(q, r): len(set(left[q] or ()) & set(right[r])) for q in left for r in right}
    assert set(found.index) == {pair for pair, count in reached.items() if count}
    odds = ready.match_probability / (1 - ready.match_probability)
    for pair, probability in found.items():
        expected = odds * ready.m[reached[pair]] / ready.u[reached[pair]]
        assert probability == pytest.approx(expected / (1 + expected), rel=1e-6)
    assert found[("r0", "c0")] > 0.5
    assert found[("r1", "c1")] == found[("r6", "c1")] > 0.5


def test_another_column_adds_to_the_evidence(ready):
    pytest.importorskip("splink")
    import splink.comparison_library as library

    city = library.ExactMatch("city").configure(m_probabilities=[0.9, 0.1], u_probabilities=[0.3, 0.7])
    alone = linked(ready, [integration.evidence_comparison(ready)], [integration.evidence_blocking()])
    both = linked(ready, [integration.evidence_comparison(ready), city], [integration.evidence_blocking()])
    assert both[("r0", "c0")] > alone[("r0", "c0")]


def test_splink_compares_the_parts_in_either_script(ready):
    pytest.importorskip("splink")
    found = linked(ready, integration.comparisons(), integration.blocking_rules())
    assert {("r0", "c0"), ("r1", "c1"), ("r3", "c2"), ("r6", "c1")} <= set(found.index)
