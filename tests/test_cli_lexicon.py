import json
from pathlib import Path

import pandas as pd
import pytest

from entitymatch import cli

EXAMPLE = Path(__file__).parents[1] / "examples" / "aliases.tsv"


def run(capsys, *arguments):
    """Return the exit code, stdout and stderr of a command line."""
    with pytest.raises(SystemExit) as left:
        cli.main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return left.value.code or 0, out, err


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "register.csv").write_text("branch\n卓锐信和有限公司\n汇丰银行\n", encoding="utf-8")
    (tmp_path / "companies.csv").write_text("name\nHSBC\nAcme Anvils\n", encoding="utf-8")
    (tmp_path / "mine.csv").write_text("organization,alias\nAcme Anvils,卓锐信和\n", encoding="utf-8")
    (tmp_path / "wrong.csv").write_text("organization,alias\nHSBC,\nAcme,狮银\nLion,狮银\n", encoding="utf-8")
    return tmp_path


def test_lookup_shows_whom_a_name_holds(capsys):
    code, out, err = run(capsys, "lexicon", "lookup", "中共滙豐銀行上海分行支部委员会")
    assert (code, err) == (0, "")
    row = out.splitlines()[1]
    assert row.startswith("汇丰银行  HSBC | ")
    assert "banks.tsv" in row
    assert "also an ordinary word" in run(capsys, "lexicon", "lookup", "上海苹果园艺有限公司")[1]
    assert "HSBC Holdings  HSBC | " in run(capsys, "lexicon", "lookup", "HSBC Holdings plc")[1]


def test_lookup_knows_the_users_rows(capsys):
    code, out, _ = run(capsys, "lexicon", "lookup", "上海汇丰纸业有限公司", "--lexicon", EXAMPLE)
    assert code == 0
    expected = ["上海汇丰纸业", "Huifeng", "Paper", "上海汇丰纸业", "|", "汇丰纸业", "user:", "aliases.tsv"]
    assert out.splitlines()[1].split() == expected


def test_lookup_marks_a_name_that_several_organisations_bear(capsys):
    code, out, _ = run(capsys, "lexicon", "lookup", "SSE")
    assert code == 0
    assert [line.endswith("names several") for line in out.splitlines()[1:]] == [True, True]


def test_lookup_of_a_name_that_nobody_knows(capsys):
    assert run(capsys, "lexicon", "lookup", "卓锐信和") == (0, "", "entitymatch: no known organisation in '卓锐信和'\n")


def test_check_is_content_with_the_example(capsys):
    code, out, err = run(capsys, "lexicon", "check", EXAMPLE)
    assert (code, out) == (0, "")
    assert "no problems; organisations: 3, aliases: 6" in err


def test_check_tells_problems_by_line(files, capsys):
    code, out, err = run(capsys, "lexicon", "check", "wrong.csv")
    assert code == 1
    assert out.splitlines() == [
        "wrong.csv:2: empty: 'HSBC' has no alias",
        "wrong.csv:4: contradiction: '狮银' of 'Lion' already names 'Acme' (line 3)",
    ]
    assert err == "entitymatch: wrong.csv: 2 problems\n"


def test_lookup_and_check_as_json(files, capsys):
    found = json.loads(run(capsys, "lexicon", "lookup", "苹果电脑贸易（上海）有限公司", "--json")[1])
    assert [(known["name"], known["en"][0]) for known in found] == [("苹果电脑", "Apple")]
    assert json.loads(run(capsys, "lexicon", "lookup", "卓锐信和", "--json")[1]) == []
    code, out, err = run(capsys, "lexicon", "check", "wrong.csv", "--json", "--quiet")
    assert (code, err) == (1, "")
    assert [(problem["line"], problem["kind"]) for problem in json.loads(out)] == [(2, "empty"), (4, "contradiction")]


@pytest.mark.parametrize("command", [("check", "none.tsv"), ("lookup", "HSBC", "--lexicon", "none.tsv")])
def test_a_file_that_is_not_there_is_one_line(files, capsys, command):
    assert run(capsys, "lexicon", *command) == (2, "", "entitymatch: error: none.tsv: no such file\n")


def test_match_uses_the_users_names(files, capsys):
    match = ("match", "register.csv", "companies.csv", "-o", "links.csv")
    assert run(capsys, *match)[0] == 0
    assert pd.read_csv("links.csv")["reference"].tolist() == ["HSBC"]
    assert run(capsys, *match, "--lexicon", "mine.csv")[0] == 0
    assert pd.read_csv("links.csv")["reference"].tolist() == ["Acme Anvils", "HSBC"]


@pytest.mark.parametrize(
    ("lexicon", "message"),
    [
        ("none.csv", "none.csv: no such file"),
        ("wrong.csv", "wrong.csv, line 2: 'HSBC' has no alias (1 more: entitymatch lexicon check wrong.csv)"),
        ("links.csv", "links.csv is given twice: the output would replace it"),
    ],
)
def test_match_refuses_a_file_with_mistakes(files, capsys, lexicon, message):
    code, out, err = run(capsys, "match", "register.csv", "companies.csv", "-o", "links.csv", "--lexicon", lexicon)
    assert (code, out) == (2, "")
    assert message in err
    assert not Path("links.csv").exists()
