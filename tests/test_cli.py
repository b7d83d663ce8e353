import subprocess
import sys

import pandas as pd
import pytest

import entitymatch
from entitymatch import cli, io
from tests.stub import StubMatcher

REGISTER = "row,branch\nr1,汇丰银行\nr2,渣打银行\nr3,\nr1,汇丰银行\nr5,汇丰纸业\nr6,无关公司\n"
COMPANIES = "id,name\nc1,HSBC\nc2,Standard Chartered\nc3,Pfizer\n"


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A folder with a register and a list, and a matcher whose answers are known."""
    monkeypatch.setitem(vars(entitymatch), "Matcher", StubMatcher)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "register.csv").write_text(REGISTER, encoding="utf-8")
    (tmp_path / "companies.csv").write_text(COMPANIES, encoding="utf-8")
    return tmp_path


def run(capsys, *arguments):
    """Return the exit code, stdout and stderr of a command line."""
    with pytest.raises(SystemExit) as left:
        cli.main(arguments)
    out, err = capsys.readouterr()
    return left.value.code or 0, out, err


MATCH = ("match", "register.csv", "companies.csv", "-o")
IDS = ("--query-id", "row", "--reference-id", "id")


def test_links_have_one_line_per_distinct_string(files, capsys):
    code, _, err = run(capsys, *MATCH, "links.csv", *IDS)
    assert (code, "error" in err) == (0, False)
    table = pd.read_csv("links.csv")
    assert list(table) == [
        "query_id",
        "query",
        "reference_id",
        "reference",
        "rank",
        "score",
        "match_weight",
        "decision",
        "rows",
        "relation",
    ]
    assert table[["query_id", "query", "reference_id", "decision", "rows"]].values.tolist() == [
        ["r1", "汇丰银行", "c1", "link", 2],
        ["r2", "渣打银行", "c2", "link", 1],
        ["r5", "汇丰纸业", "c1", "possible_link", 1],
    ]


def test_all_rows_writes_every_row(files, capsys):
    run(capsys, *MATCH, "links.csv", *IDS, "--all-rows")
    assert pd.read_csv("links.csv")["query_id"].tolist() == ["r1", "r2", "r1", "r5"]


def test_files_for_excel_begin_with_a_byte_order_mark(files, capsys):
    run(capsys, *MATCH, "links.csv", "--tally", "totals.tsv")
    run(capsys, *MATCH, "excel.csv", "--tally", "excel.tsv", "--excel")
    for plain, marked in (("links.csv", "excel.csv"), ("totals.tsv", "excel.tsv")):
        assert (files / marked).read_bytes() == b"\xef\xbb\xbf" + (files / plain).read_bytes()
    assert io.inspect(files / "excel.csv").columns[0] == "query_id"


def test_threshold_and_top_k_reach_the_matcher(files, capsys):
    run(capsys, *MATCH, "links.csv", "--threshold", "0", "--top-k", "2")
    assert len(pd.read_csv("links.csv")) == 4 * 2


@pytest.mark.parametrize("ending", io.ENDINGS)
def test_the_ending_names_the_format(files, capsys, ending):
    assert run(capsys, *MATCH, f"links.{ending}", "--tally", f"totals.{ending}")[0] == 0
    assert io.inspect(files / f"links.{ending}").columns[0] == "query_id"
    assert io.inspect(files / f"totals.{ending}").columns[:3] == ("reference_id", "reference", "link_strings")


def test_the_end_tells_totals_and_what_was_left_out(files, capsys):
    _, out, err = run(capsys, *MATCH, "links.csv", *IDS, "--tally", "totals.csv")
    rows = [line.split() for line in out.splitlines()]
    assert rows[0] == ["organisation", "links", "rows", "possible", "rows", "expected", "right"]
    assert ["HSBC", "1", "2", "1", "1", "2–3"] in rows
    assert ["Standard", "Chartered", "1", "1", "0", "0", "1"] in rows
    assert ["all", "links", "2", "3"] in rows
    assert "register.csv: 6 rows, column 'branch', read as utf-8" in err
    assert "2 of 3 organisations found; 1 row without a name" in err
    assert "ids of the register that repeat an earlier one: 1;" in err
    assert pd.read_csv("totals.csv")["link_rows"].tolist() == [2, 1]


def test_a_chinese_spreadsheet_is_read_and_its_encoding_told(files, capsys):
    (files / "register.csv").write_bytes("支部,n\n汇丰银行,1\n".encode("gb18030"))
    code, _, err = run(capsys, *MATCH, "links.csv")
    assert code == 0
    assert "1 row, column '支部', read as gb18030" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("match", "none.csv", "companies.csv", "-o", "l.csv"), "none.csv: no such file"),
        ((*MATCH, "l.xlsx"), "l.xlsx: the file's ending must be one of"),
        ((*MATCH, "none/l.csv"), "there is no folder none"),
        ((*MATCH, "register.csv"), "register.csv is given twice: the output would replace it"),
        ((*MATCH, "l.csv", "--tally", "l.csv"), "l.csv is given twice"),
        ((*MATCH, "l.csv", "--query-column", "x"), "has no column 'x'; it has 'row', 'branch'"),
        ((*MATCH, "l.csv", "--query-id", "x"), "has no column 'x'; it has 'row', 'branch'"),
        (("match", "two.csv", "companies.csv", "-o", "l.csv"), "Give --query-column; the columns are 'a', 'b', 'n'"),
        (("match", "two.csv", "companies.csv", "-o", "l.csv", "--query-column", "n"), "column 'n' holds numbers"),
        (("match", "register.csv", "numbers.csv", "-o", "l.csv"), "column 'name' holds numbers, not names"),
        (("match", "empty.csv", "companies.csv", "-o", "l.csv"), "empty.csv is empty: it has columns, but no rows"),
        (("match", "register.csv", "blank.csv", "-o", "l.csv"), "the reference list is empty"),
        (
            ("match", "register.csv", "twice.csv", "-o", "l.csv", "--reference-id", "id"),
            "repeats 1 of them, first 'c1'",
        ),
        (("match", "utf16.csv", "companies.csv", "-o", "l.csv"), "neither utf-8, utf-8-sig nor gb18030"),
        (("match", "utf16.csv", "companies.csv"), "--output"),
        ((*MATCH, "l.csv", "--top-k", "0"), "--top-k"),
        ((*MATCH, "l.csv", "--threshold", "2"), "--threshold"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_written(files, capsys, arguments, message):
    (files / "two.csv").write_text("a,b,n\nx,y,1\n", encoding="utf-8")
    (files / "numbers.csv").write_text("name\n1\n2\n", encoding="utf-8")
    (files / "empty.csv").write_text("branch\n", encoding="utf-8")
    (files / "blank.csv").write_text("id,name\nc1,\n", encoding="utf-8")
    (files / "twice.csv").write_text("id,name\nc1,HSBC\nc1,Pfizer\n", encoding="utf-8")
    (files / "utf16.csv").write_text("branch\n汇丰\n", encoding="utf-16")
    before = {path.name: path.read_bytes() for path in files.iterdir()}
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err
    assert {path.name: path.read_bytes() for path in files.iterdir()} == before


def test_an_error_of_ours_is_one_line(files, capsys):
    _, _, err = run(capsys, "match", "none.csv", "companies.csv", "-o", "l.csv")
    assert err == "entitymatch: error: none.csv: no such file\n"


def test_an_interrupted_run_writes_nothing(files, capsys, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(StubMatcher, "match", interrupt)
    assert run(capsys, *MATCH, "links.csv")[0] == 130
    assert not (files / "links.csv").exists()


def test_a_fault_of_the_library_keeps_its_traceback(files, monkeypatch):
    def fail(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(StubMatcher, "match", fail)
    with pytest.raises(ZeroDivisionError):
        cli.main([*MATCH, "links.csv"])


def test_explain_shows_the_terms(files, capsys):
    code, out, _ = run(capsys, "explain", "汇丰银行上海分行", "HSBC")
    assert code == 0
    assert out.startswith("汇丰银行上海分行 = HSBC?  link, score 0.985")
    assert "alias" in out


def test_version(capsys):
    code, out, _ = run(capsys, "--version")
    assert (code, out) == (0, "entitymatch 0.1.0\n")


def test_help_names_every_option_without_loading_the_matcher():
    script = """
import sys
from entitymatch.cli import main
try:
    main(["match", "--help"])
finally:
    print("pandas" in sys.modules)
"""
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    for option in (
        "--query-column",
        "--reference-column",
        "--query-id",
        "--reference-id",
        "--alias-column",
        "--top-k",
        "--threshold",
        "--prior",
        "--lexicon",
        "--tally",
        "--all-rows",
        "--output",
    ):
        assert option in shown
    assert shown.endswith("False\n")
