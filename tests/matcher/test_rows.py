"""Rows of the register in, rows of the table out: columns, ids, order, empty names, further names."""

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from entitymatch import Links, Matcher
from entitymatch.features import FeatureExtractor
from tests.matcher.register import COLUMNS, REGISTER


def test_columns_and_their_order(matcher: Matcher) -> None:
    links = matcher.match(REGISTER)
    assert isinstance(links, Links)
    assert list(links.to_pandas()) == COLUMNS
    assert list(links.to_pandas(distinct=True)) == [*COLUMNS[:-1], "rows", "relation"]


def test_strings_that_differ_only_behind_a_nul_are_two(matcher: Matcher) -> None:
    table = matcher.match(["清华大学", "清华大学\x00医院"], threshold=0.0, top_k=1).to_pandas(distinct=True)
    assert table["query"].tolist() == ["清华大学", "清华大学\x00医院"]


def test_lines_come_in_the_order_of_the_rows(matcher: Matcher) -> None:
    rows = ["清华大学", "招商银行", "清华大学"]
    assert matcher.match(rows).to_pandas()["query"].tolist() == rows


def test_distinct_strings_are_read_once(monkeypatch: pytest.MonkeyPatch, matcher: Matcher) -> None:
    read: list[str] = []
    extract = FeatureExtractor.extract
    monkeypatch.setattr(FeatureExtractor, "extract", lambda self, name: read.append(name) or extract(self, name))
    links = matcher.match(["清华大学", "招商银行", "清华大学", "", "清华大学"] * 4, batch_size=1)
    assert sorted(read) == sorted(["清华大学", "招商银行"])
    assert len(links) == 16


def test_empty_and_missing_names_are_skipped_and_counted(matcher: Matcher) -> None:
    links = matcher.match(["", None, "  ", "清华大学", "\t"], threshold=0.0)
    assert links.skipped == 4
    assert set(links.to_pandas()["query_id"]) == {3}
    assert len(matcher.match([])) == len(matcher.match([None])) == 0


def test_a_string_of_signs_is_answered_with_nothing(matcher: Matcher) -> None:
    links = matcher.match(["***", "（）", "。", "🏦"], threshold=0.0)
    assert (links.skipped, len(links)) == (0, 0)


def test_a_list_of_signs_matches_nothing() -> None:
    assert len(Matcher().fit(["***", "。"]).match(REGISTER, threshold=0.0)) == 0


def test_strings_without_anything_in_common_are_answered() -> None:
    links = Matcher().fit(["HSBC", "Boeing"]).match(["上海光明村餐饮管理有限公司", "xyz", "长安"], threshold=0.0)
    assert links.to_pandas()["score"].lt(0.5).all()


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow"])
def test_tables_of_all_kinds_with_ids_as_given(kind: str) -> None:
    make = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.table}[kind]
    references = make({"key": ["t", "h"], "company": ["Tsinghua University", "China Merchants Bank"]})
    register = make({"row": [70, 71, 72], "branch": ["招商银行", "", "清华大学"], "other": [1, 2, 3]})
    links = Matcher(prior=0.5).fit(references, name="company", id="key").match(register, name="branch", id="row")
    assert links.to_pandas()[COLUMNS[:4]].values.tolist() == [
        [70, "招商银行", "h", "China Merchants Bank"],
        [72, "清华大学", "t", "Tsinghua University"],
    ]


def test_default_ids_are_row_numbers() -> None:
    table = Matcher(prior=0.5).fit(["Pfizer", "Tsinghua University"]).match(["", "清华大学"]).to_pandas()
    assert table[["query_id", "reference_id"]].values.tolist() == [[1, 1]]


@pytest.mark.parametrize("aliases", [["狮子岩|Anvil House", ""], [["狮子岩", "Anvil House"], []]])
def test_aliases_of_the_list_are_names_of_the_organisation(aliases: list) -> None:
    table = pd.DataFrame({"name": ["Acme Anvils", "Boeing"], "aliases": aliases})
    links = Matcher(prior=0.5).fit(table, name="name", aliases="aliases").match(["狮子岩有限公司", "Anvil House Ltd."])
    assert links.to_pandas()[["reference_id", "reference"]].values.tolist() == [[0, "Acme Anvils"]] * 2
    assert len(Matcher(prior=0.5).fit(["Acme Anvils", "Boeing"]).match(["狮子岩有限公司"])) == 0


def test_a_name_that_the_list_gives_beats_ours_and_the_evidence_says_so() -> None:
    table = pd.DataFrame({"name": ["HSBC", "Huifeng Paper"], "aliases": ["", "汇丰"]})
    matcher = Matcher(prior=0.2).fit(table, name="name", aliases="aliases")
    links = matcher.match(["汇丰", "汇丰上海分公司"])
    assert links.to_pandas()["reference"].tolist() == ["Huifeng Paper"] * 2
    sources = {term.kind: term.source for term in matcher.explain("汇丰", 1).terms}
    assert sources["literal"] == "the same characters, user: fit(aliases=)"
    assert "user: fit(aliases=)" in str(links.explain(0))
    assert {term["source"] for term in matcher.explain("汇丰", 0).to_dict()["terms"] if term["kind"] == "alias"} == {
        "banks.tsv"
    }


def test_an_alias_never_makes_an_organisation_its_own_rival() -> None:
    table = pd.DataFrame({"name": ["Tsinghua University", "Pfizer"], "aliases": ["清华大学|清华", ""]})
    links = Matcher().fit(table, name="name", aliases="aliases").match(["清华大学"], threshold=0.0)
    assert links.to_pandas()["reference_id"].is_unique
    assert links.to_pandas()["decision"][0] == "link"
