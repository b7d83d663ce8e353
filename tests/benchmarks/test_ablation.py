import pandas as pd
import pytest

from benchmarks.ablation import ALL, ablate, halved, main, to_markdown
from benchmarks.compare import Task

TASK = Task(
    "small",
    ["汇丰银行", "辉瑞制药", "重庆银行", "光明村餐饮"],
    ["HSBC", "Pfizer", "Bank of Chongqing", "Nokia"],
    [frozenset([0]), frozenset([1]), frozenset([2]), frozenset()],
)


def test_what_only_the_lexicon_knows_is_lost_without_it():
    whole, without = ablate(TASK, ["alias"], prior=0.5)
    assert (whole.without, without.without) == (ALL, "alias")
    assert whole.hit_at_1 == 1.0
    assert without.hit_at_1 < 1.0
    assert without.recall < whole.recall


def test_the_table_shows_changes():
    rows = to_markdown(ablate(TASK, ["alias", "place"], prior=0.5)).splitlines()
    assert rows[2].startswith("| – | 1.000 |")
    assert [row.split("|")[1].strip() for row in rows[3:]] == ["alias", "place"]
    assert rows[3].split("|")[2].strip().startswith("-0.")


def test_half_of_the_references_are_gone_with_their_answers():
    names = [f"Company {i}" for i in range(200)]
    task = halved(Task("many", names, names, [frozenset([i]) for i in range(200)]))
    assert 70 < len(task.references) < 130
    for name, right in zip(task.queries, task.right, strict=True):
        assert [task.references[i] for i in right] == ([name] if name in task.references else [])


def test_the_command_line_on_pairs(tmp_path, capsys):
    file = tmp_path / "pairs.tsv"
    file.write_text("zh\ten\n" + "".join(f"重庆{i}号银行\tBank of Chongqing {i}\n" for i in range(8)), encoding="utf-8")
    main(["--pairs", str(file), "--without", "place", "--csv", str(tmp_path / "out.csv")])
    assert "| place |" in capsys.readouterr().out
    assert pd.read_csv(tmp_path / "out.csv")["without"].tolist() == [ALL, "place"]


def test_mistakes_are_told(tmp_path, capsys):
    for arguments, message in ((["--without", "magic"], "'magic' is no kind"), (["--pairs", "none.tsv"], "none.tsv")):
        with pytest.raises(SystemExit):
            main(arguments)
        assert message in capsys.readouterr().err
