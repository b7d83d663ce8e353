"""The example, end to end: the planted totals come out exactly but for one string, and no decoy is a link."""

from pathlib import Path

import pandas as pd
import pytest

from benchmarks.planted import check, decoys_linked, to_markdown
from entitymatch import Matcher

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


def read(name):
    return pd.read_csv(EXAMPLES / name, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def links():
    matcher = Matcher().fit(read("companies.csv"), name="name", id="id")
    return matcher.match(read("register.csv"), name="branch", id="id")


@pytest.fixture(scope="module")
def table(links):
    return links.to_pandas(distinct=True)


def test_planted_totals_of_known_organisations_are_exact(table):
    totals = [total for total in check(table, read("truth.csv")) if total.flag == "known"]
    assert len(totals) == 15
    assert [total.company for total in totals if not total.exact] == [], "\n" + to_markdown(totals)


def test_no_decoy_is_a_link(table):
    assert decoys_linked(table, read("truth.csv")) == []


def test_tally_agrees_with_the_truth(links):
    tally = links.tally().set_index("reference")
    truth = read("truth.csv")
    known = truth[truth["flag"] == "known"].astype({"rows": int}).groupby("company")["rows"].agg(["size", "sum"])
    assert tally.loc[known.index, "link_strings"].to_dict() == known["size"].to_dict()
    assert tally.loc[known.index, "link_rows"].to_dict() == known["sum"].to_dict()


def test_few_organisations_that_are_not_there_are_linked(table):
    """Links of strings that match nothing: fewer than one in a hundred of all linked strings."""
    truth = read("truth.csv")
    named = set(truth["branch"])
    linked = table[table["decision"] == "link"]
    wrong = linked[~linked["query"].isin(named)]
    assert len(wrong) <= len(linked) / 100, wrong[["query", "reference", "score"]].to_string()
