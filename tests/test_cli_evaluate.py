import json
import sys
from io import BytesIO
from types import SimpleNamespace

import pytest

from entitymatch.intervals import wilson
from tests.test_cli import run

LINKS = """query_id,query,reference_id,reference,rank,score,match_weight,decision,rows
1,甲,A,Alpha,1,0.9,3,link,2
2,乙,B,Beta,1,0.9,3,link,1
3,丙,A,Alpha,1,0.9,3,link,1
4,丁,B,Beta,1,0.5,0,possible_link,1
4,丁,A,Alpha,2,0.4,0,possible_link,1
5,戊,A,Alpha,1,0.1,-3,non_link,1
9,壬,B,Beta,1,0.9,3,link,1
"""
TRUTH = "query,reference_id\n甲,A\n乙,A\n丙,A\n丁,B\n戊,A\n己,\n庚,B\n"


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "links.csv").write_text(LINKS, encoding="utf-8")
    (tmp_path / "truth.csv").write_text(TRUTH, encoding="utf-8")
    return tmp_path


def counts(measured):
    return [measured[key] for key in ("pairs", "right", "wrong", "missed")]


def test_counts_and_shares_at_each_decision(files, capsys):
    code, out, err = run(capsys, "evaluate", "links.csv", "truth.csv", "--json")
    found = json.loads(out)
    assert (code, err, found["pairs_in_truth"], found["queries_not_in_truth"]) == (0, "", 6, 1)
    link, possible = found["decisions"]["link"], found["decisions"]["link or possible link"]
    assert counts(link) == [4, 2, 2, 4]
    assert counts(possible) == [6, 3, 3, 3]
    assert link["precision"] == pytest.approx([0.5, *wilson(2, 4)])
    assert link["recall"] == pytest.approx([2 / 6, *wilson(2, 6)])
    assert link["f"][0] == pytest.approx(2 * 0.5 * (2 / 6) / (0.5 + 2 / 6))
    assert link["f"][1] < link["f"][0] < link["f"][2]


def test_of_a_sample_the_links_of_other_queries_do_not_count(files, capsys):
    found = json.loads(run(capsys, "evaluate", "links.csv", "truth.csv", "--json", "--sample")[1])
    assert counts(found["decisions"]["link"]) == [3, 2, 1, 4]


def test_the_table_and_what_is_said_beside_it(files, capsys):
    code, out, err = run(capsys, "evaluate", "links.csv", "truth.csv", "--level", "0.9")
    assert code == 0
    low, high = wilson(2, 4, 0.9)
    assert f"0.500 ({low:.3f}–{high:.3f})" in out
    assert "6 right pairs of 7 queries; intervals of 90%" in err
    assert "1 queries of the links are not in the truth: their links count as wrong" in err
    assert run(capsys, "evaluate", "links.csv", "truth.csv", "--quiet")[2] == ""


def test_columns_of_other_names(files, capsys):
    (files / "t.csv").write_text("branch,company\n甲,Alpha\n", encoding="utf-8")
    arguments = ("--query", "branch=query", "--reference", "company=reference", "--json", "--sample")
    found = json.loads(run(capsys, "evaluate", "links.csv", "t.csv", *arguments)[1])
    assert counts(found["decisions"]["link"]) == [1, 1, 0, 0]
    arguments = ("--query", "branch", "--reference", "company=reference", "--json", "--sample")
    assert json.loads(run(capsys, "evaluate", "links.csv", "t.csv", *arguments)[1]) == found


def test_the_truth_may_come_by_the_pipe(files, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=BytesIO(TRUTH.encode())))
    assert run(capsys, "evaluate", "links.csv", "-", "-q")[0] == 0


def test_nothing_found_has_no_precision(files, capsys):
    (files / "links.csv").write_text(LINKS.partition("\n")[0] + "\n", encoding="utf-8")
    _, out, err = run(capsys, "evaluate", "links.csv", "truth.csv")
    rows = [line.split() for line in out.splitlines()]
    assert ["missed", "6", "6"] in rows
    assert ["precision", "–", "–"] in rows
    assert ["recall", *["0.000", "(0.000–0.390)"] * 2] in rows
    assert "no query of the truth stands in the links" in err


def test_ids_of_rows_want_every_row(files, capsys):
    (files / "t.csv").write_text("query_id,reference_id\n1,A\n", encoding="utf-8")
    assert "match with --all-rows" in run(capsys, "evaluate", "links.csv", "t.csv")[2]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("none.csv", "truth.csv"), "none.csv: no such file"),
        (("links.csv", "odd.csv"), "odd.csv has neither 'query' nor 'query_id'; give --query COLUMN=query"),
        (("links.csv", "truth.csv", "--query", "x"), "truth.csv has no column 'x'"),
        (("links.csv", "truth.csv", "--query", "query=x"), "links.csv has no column 'x'"),
        (("truth.csv", "truth.csv"), "truth.csv has no column 'decision'"),
        (("links.csv", "truth.csv", "--level", "95"), "--level"),
    ],
)
def test_mistakes_are_told(files, capsys, arguments, message):
    (files / "odd.csv").write_text("a,b\nx,y\n", encoding="utf-8")
    code, out, err = run(capsys, "evaluate", *arguments)
    assert (code, out) == (2, "")
    assert message in err
