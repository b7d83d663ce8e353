"""The commands beside match: demo, explain and parse with their options, and what the help says."""

import csv
import io
import json
import re
import subprocess
import sys
from importlib.resources import files as package_files
from types import SimpleNamespace

import pandas as pd
import pytest

from entitymatch.cli.demo import DECOY, FILES, LINK
from tests.test_cli import run

DEMO = package_files("entitymatch") / "data" / "demo"


def test_demo_needs_no_file_and_shows_totals_and_evidence(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, "demo")
    assert (code, err, list(tmp_path.iterdir())) == (0, "", [])
    assert "251 rows (101 distinct strings)" in out
    assert re.search(r"^HSBC +6 +72 +0 +0 +\d+(–\d+)?$", out, re.MULTILINE)
    assert f"{LINK[0]} = HSBC?  link, score 0.9" in out
    assert f"{DECOY[0]} = Boeing?  non_link, score 0.0" in out
    assert re.search(r"^With names of our own .* linked, too: HAWE Hydraulik\b", out, re.MULTILINE)


def test_the_strings_that_the_demo_explains_stand_in_its_register():
    branches = [row["branch"] for row in csv.DictReader(io.StringIO((DEMO / "register.csv").read_text("utf-8")))]
    assert {LINK[0], DECOY[0]} <= set(branches)


def test_demo_writes_its_files_and_the_commands_that_it_names_work(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    code, out, _ = run(capsys, "demo", "--to", "play")
    assert code == 0
    assert sorted(path.name for path in (tmp_path / "play").iterdir()) == sorted(FILES)
    monkeypatch.chdir(tmp_path / "play")
    for command in out.splitlines()[1:]:
        assert command.startswith("entitymatch match")
        assert run(capsys, *command.split()[1:])[0] == 0
    assert "HAWE Hydraulik" in pd.read_csv("totals.csv")["reference"].tolist()
    code, _, err = run(capsys, "demo", "--to", ".")
    assert (code, "register.csv is there already" in err) == (2, True)


def test_demo_as_json(capsys):
    found = json.loads(run(capsys, "demo", "--json")[1])
    assert found["totals"][0]["reference"] == "HSBC"
    assert {line["decision"] for line in found["links"]} <= {"link", "possible_link"}


def test_explain_as_json_adds_up(capsys):
    found = json.loads(run(capsys, "explain", "汇丰银行上海分行", "HSBC", "--json")[1])
    assert sum(term["bits"] for term in found["terms"]) == pytest.approx(found["match_weight"], abs=1e-9)


def test_explain_among_a_list_gives_the_score_of_a_match(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "c.csv").write_text("id,company\n1,Pfizer\n2,\n3,HSBC\n4,Bank of China\n", encoding="utf-8")
    (tmp_path / "r.csv").write_text("branch\n汇丰银行上海分行\n", encoding="utf-8")
    run(capsys, "match", "r.csv", "c.csv", "--reference-column", "company", "-o", "links.csv", "--prior", "0.2", "-q")
    arguments = ("explain", "汇丰银行上海分行", "HSBC", "--json", "--prior", "0.2")
    among = ("--among", "c.csv", "--reference-column", "company")
    found = json.loads(run(capsys, *arguments, *among)[1])
    assert found["score"] == pytest.approx(pd.read_csv("links.csv")["score"][0], abs=1e-11)
    assert found["score"] != pytest.approx(json.loads(run(capsys, *arguments)[1])["score"], abs=1e-6)
    code, _, err = run(capsys, "explain", "汇丰银行", "Thales", *among)
    assert (code, err) == (2, "entitymatch: error: c.csv does not name 'Thales': give it as it stands there\n")


def test_parse_reads_lines_of_standard_input(monkeypatch, capsys):
    text = "\ufeff中共汇丰银行（中国）有限公司委员会\r\n圣安德鲁斯大学\r\n"
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text.encode())))
    found = json.loads(run(capsys, "parse", "-", "--json")[1])
    assert [name["original"] for name in found] == ["中共汇丰银行（中国）有限公司委员会", "圣安德鲁斯大学"]
    for name in found:
        for part in name["parts"]:
            assert name["original"][part["start"] : part["end"]]
    assert {"kind": "core", "text": "汇丰", "start": 2, "end": 4} in found[0]["parts"]


@pytest.mark.parametrize("name", ["demo", "match", "evaluate", "explain", "parse", "lexicon lookup", "lexicon check"])
def test_every_command_has_an_example_in_its_help(capsys, name):
    code, out, _ = run(capsys, *name.split(), "--help")
    assert (code, run(capsys, *name.split(), "-h")[1]) == (0, out)
    assert re.search(r"^  Examples?:\n    .*entitymatch " + name, out, re.MULTILINE)


def test_the_help_tells_the_exit_codes(capsys):
    out = run(capsys, "--help")[1]
    for code in ("0 ", "1 ", "2 ", "130"):
        assert f"\n    {code}" in out
    assert "--install-completion" in out


def test_python_m_runs_the_command_line():
    done = subprocess.run(
        [sys.executable, "-m", "entitymatch", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("entitymatch ")


def test_the_list_of_commands_is_not_cut(capsys):
    out = run(capsys, "--help")[1]
    assert "..." not in out.replace("[ARGS]...", "")
    assert "Begin with: entitymatch demo" in " ".join(out.split())
