import gzip
import io
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from entitymatch.io import ENDINGS, write_table
from tests.test_cli import COMPANIES, IDS, MATCH, REGISTER, files, run  # noqa: F401  # a fixture


@pytest.fixture
def stdin(monkeypatch):
    """Sets what standard input holds."""

    def hold(content):
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))

    return hold


@pytest.fixture
def pipe(monkeypatch, capfdbinary, tmp_path):
    """Runs a command line and returns exit code, the bytes of stdout, stderr."""

    def call(*arguments):
        from entitymatch import cli

        with pytest.raises(SystemExit) as left:
            cli.main(arguments)
        out, err = capfdbinary.readouterr()
        return left.value.code or 0, out, err.decode()

    return call


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_dash_reads_standard_input_whatever_the_kind_of_table(files, stdin, capsys, ending):  # noqa: F811
    write_table(pd.DataFrame({"branch": ["汇丰银行", "渣打, 银行"], "n": [1, 2]}), files / f"r.{ending}")
    stdin((files / f"r.{ending}").read_bytes())
    code, _, err = run(capsys, "match", "-", "companies.csv", "-o", "links.csv")
    assert code == 0
    assert "standard input: 2 rows, column 'branch'" in err
    assert pd.read_csv("links.csv")["query"].tolist() == ["汇丰银行", "渣打, 银行"]


def test_packed_input_is_unpacked_and_gb18030_told(files, stdin, capsys):  # noqa: F811
    stdin(gzip.compress("支部\n汇丰银行\n".encode("gb18030")))
    code, _, err = run(capsys, "match", "-", "companies.csv", "-o", "links.csv")
    assert (code, "column '支部', read as gb18030" in err) == (0, True)


def test_the_list_may_come_by_the_pipe(files, stdin, capsys):  # noqa: F811
    stdin(COMPANIES.encode())
    assert run(capsys, "match", "register.csv", "-", "-o", "links.csv", "--reference-id", "id")[0] == 0
    assert pd.read_csv("links.csv")["reference_id"].tolist() == ["c1", "c2", "c1"]


@pytest.mark.parametrize(
    ("arguments", "content", "message"),
    [
        (("match", "-", "-", "-o", "l.csv"), b"name\nx\n", "- is given for two inputs"),
        ((*MATCH, "-", "--tally", "-"), b"", "- is given for two outputs"),
        (("match", "-", "companies.csv", "-o", "l.csv"), b"", "standard input is empty"),
        (("match", "-", "companies.csv", "-o", "l.csv"), b"a,b\nx,y\n", "error: standard input: which column holds"),
        (
            ("match", "-", "companies.csv", "-o", "l.csv", "--query-id", "z"),
            b"branch\nx\n",
            "standard input has no col",
        ),
    ],
)
def test_mistakes_with_pipes_are_told(files, stdin, capsys, arguments, content, message):  # noqa: F811
    stdin(content)
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert "/tmp" not in err


def test_links_go_to_standard_output_and_all_else_to_stderr(files, pipe):  # noqa: F811
    code, out, err = pipe(*MATCH, "-", *IDS)
    assert code == 0
    table = pd.read_csv(io.BytesIO(out))
    assert table["query_id"].tolist() == ["r1", "r2", "r5"]
    assert "all links" in err
    assert "wrote standard output" in err
    assert pipe(*MATCH, "-", *IDS, "-q") == (0, out, "")


def test_totals_may_go_to_standard_output(files, pipe):  # noqa: F811
    code, out, _ = pipe(*MATCH, "links.csv", "--tally", "-")
    assert (code, pd.read_csv(io.BytesIO(out))["link_rows"].tolist()) == (0, [2, 1])


def test_json_lines_on_standard_output(files, pipe):  # noqa: F811
    _, out, _ = pipe(*MATCH, "-", "--json", "-q")
    assert [json.loads(line)["query"] for line in out.decode().splitlines()] == ["汇丰银行", "渣打银行", "汇丰纸业"]


def test_the_summary_as_json(files, capsys):  # noqa: F811
    code, out, _ = run(capsys, *MATCH, "links.csv", "--json", *IDS)
    found = json.loads(out)
    assert (code, found["rows"], found["distinct_strings"], found["rows_without_name"]) == (0, 6, 4, 1)
    assert (found["organisations"], found["organisations_found"]) == (3, 2)
    assert [(line["reference_id"], line["link_rows"]) for line in found["totals"]] == [("c1", 2), ("c2", 1)]
    assert Path("links.csv").exists()


def test_quiet_prints_nothing_but_errors(files, capsys):  # noqa: F811
    assert run(capsys, *MATCH, "links.csv", "--quiet") == (0, "", "")
    assert "no such file" in run(capsys, "match", "none.csv", "companies.csv", "-o", "l.csv", "--quiet")[2]


def test_a_review_and_suppression_reach_the_totals(files, capsys):  # noqa: F811
    Path("seen.csv").write_text("query,reference_id,correct\n汇丰银行,c1,yes\n汇丰纸业,c1,no\n", encoding="utf-8")
    code, out, err = run(
        capsys, *MATCH, "links.csv", *IDS, "--reviewed", "seen.csv", "--suppress-below", "2", "--tally", "totals.csv"
    )
    assert code == 0
    table = pd.read_csv("totals.csv")
    assert table["link_rows"].fillna(-1).tolist() == [2, -1]
    assert "right by review" in out
    assert "by your review" in err
    rows = [line.split() for line in out.splitlines()]
    assert ["Standard", "Chartered", "–", "–", "0", "0", "–"] in rows
    assert ["HSBC", "1", "2", "–", "–", "–"] in rows  # the one possible row is hidden, and what tells it


def test_a_reader_that_leaves_early_is_no_error(tmp_path):
    (tmp_path / "r.csv").write_text(REGISTER, encoding="utf-8")
    (tmp_path / "c.csv").write_text(COMPANIES, encoding="utf-8")
    command = f"{sys.executable} -c 'from entitymatch.cli import main; main()' match - c.csv -o - --threshold 0 < r.csv"
    done = subprocess.run(
        ["bash", "-c", f"{command} | true"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    assert "Broken pipe" not in done.stderr


@pytest.mark.parametrize(
    ("words", "proposed"), [("m", ["match"]), ("match r.csv c.csv --qu", ["--query-column", "--query-id", "--quiet"])]
)
def test_the_shell_completes_commands_and_options(words, proposed):
    environment = {
        "_ENTITYMATCH_COMPLETE": "complete_bash",
        "COMP_WORDS": f"entitymatch {words}",
        "COMP_CWORD": str(len(words.split())),
        "PYTHONPATH": ":".join(sys.path),
    }
    script = "from entitymatch.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.split() == proposed
