import json
import re
import sys
from pathlib import Path

import pytest

from benchmarks import compare as module
from benchmarks.compare import Skipped, Task, compare, main, measure, pairs_task, register_task, sample, to_markdown
from benchmarks.strategies import Candidate, Exact

TASK = Task(
    name="small",
    queries=["first", "second", "missed", "decoy", "nothing"],
    references=["A", "B", "C"],
    right=[frozenset([0]), frozenset([1]), frozenset([2]), frozenset(), frozenset()],
    decoys=frozenset([3]),
)


class Scripted:
    name = "scripted"

    def fit(self, references):
        assert list(references) == TASK.references

    def match(self, queries, top_k):
        assert (list(queries), top_k) == (TASK.queries, 50)
        right, second = [Candidate(0, 9.0, True)], [Candidate(0, 5.0, False), Candidate(1, 4.0, False)]
        return [right, second, [], [Candidate(2, 8.0, True)], []]


def test_figures_are_shares_of_answerable_strings_and_of_links():
    result = measure(Scripted, TASK)
    assert (result.hit_at_1, result.hit_at_5, result.pairs_completeness) == pytest.approx((1 / 3, 2 / 3, 2 / 3))
    assert (result.precision, result.recall) == pytest.approx((1 / 2, 1 / 3))
    assert (result.links, result.decoys_linked) == (2, 1)
    # First candidates by score: 9 right, 8 a decoy's, 5 wrong.
    assert result.curve == [pytest.approx(point) for point in ((1 / 3, 1), (1 / 3, 1 / 2), (1 / 3, 1 / 3))]
    assert "| scripted | 0.333 | 0.667 | 0.667 | 0.500 | 0.333 | 2 | 1 |" in to_markdown([result])


def test_nothing_to_divide_by_is_a_dash():
    result = measure(Exact, Task("none", ["甲"], ["A"], [frozenset()]))
    assert (result.hit_at_1, result.precision, result.recall) == (None, None, None)
    assert "| exact after normalising | – | – | – | – | – | 0 | 0 |" in to_markdown([result])


def test_a_strategy_runs_in_a_process_of_its_own():
    [result] = compare(Task("one", ["ＩＢＭ", "甲"], ["Ibm"], [frozenset([0]), frozenset()]), [Exact])
    assert (result.hit_at_1, result.precision, result.links) == (1.0, 1.0, 1)
    assert result.megabytes > 0


class Broken(Exact):
    def match(self, queries, top_k):
        raise ZeroDivisionError("of its own making")


class Uninstalled(Exact):
    def __init__(self):
        import no_such_package  # noqa: F401


def test_a_strategy_that_cannot_run_is_told_and_the_others_go_on():
    task = Task("one", ["ＩＢＭ"], ["Ibm"], [frozenset([0])])
    results = list(compare(task, [Uninstalled, Broken, Exact]))
    assert results[0] == Skipped(Exact.name, "No module named 'no_such_package'")
    assert results[1] == Skipped(Exact.name, "failed: ZeroDivisionError: of its own making", failed=True)
    assert results[2].hit_at_1 == 1.0
    assert to_markdown(results).endswith(
        "\nSkipped: exact after normalising (No module named 'no_such_package')"
        "\nSkipped: exact after normalising (failed: ZeroDivisionError: of its own making)"
    )


def test_a_sample_keeps_answers_and_decoys_of_its_strings():
    drawn = sample(TASK, 3)
    assert drawn.references == TASK.references
    assert len(drawn.queries) == 3
    for position, query in enumerate(drawn.queries):
        before = TASK.queries.index(query)
        assert drawn.right[position] == TASK.right[before]
        assert (position in drawn.decoys) == (before in TASK.decoys)
    assert sample(TASK, 99) == TASK


def test_register_task_has_the_planted_answers():
    task = register_task()
    answers = {
        query: [task.references[i] for i in right] for query, right in zip(task.queries, task.right, strict=True)
    }
    assert answers["圣安德鲁斯大学管理学院"] == ["University of St Andrews"]
    assert sum(map(bool, task.right)) == 213 + 46
    assert "上海汇丰纸业有限公司" in {task.queries[i] for i in task.decoys}
    assert not any(task.right[i] for i in task.decoys)


def test_pairs_may_have_several_right_answers(tmp_path):
    path = tmp_path / "pairs.tsv"
    path.write_text('zh\ten\tsource\n万达\tWanda\tx\n乐高\tLego "toys"\tx\n万达\tDalian Wanda\tx\n', encoding="utf-8")
    task = pairs_task(path)
    assert (task.name, task.queries) == ("pairs", ["万达", "乐高"])
    assert task.references == ["Dalian Wanda", 'Lego "toys"', "Wanda"]
    assert task.right == [frozenset([0, 2]), frozenset([1])]


@pytest.mark.parametrize("text", ["", "zh\ten\n", "chinese\tenglish\n万达\tWanda\n"])
def test_pairs_without_the_columns_are_a_clear_error(text, tmp_path, capsys):
    (tmp_path / "pairs.tsv").write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as stopped:
        main(["--pairs", str(tmp_path / "pairs.tsv")])
    assert stopped.value.code == 2
    assert "expected pairs in the columns zh and en" in capsys.readouterr().err


def test_command_line_prints_and_saves(tmp_path, capsys, monkeypatch):
    (tmp_path / "pairs.tsv").write_text("zh\ten\nIBM\tibm\n乐高\tLego\n", encoding="utf-8")
    monkeypatch.setattr(module, "compare", lambda task, strategies: [measure(s, task) for s in strategies])
    main(["--pairs", str(tmp_path / "pairs.tsv"), "--only", "exact", "-o", str(tmp_path / "new" / "out")])
    assert "| exact after normalising | 0.500 |" in capsys.readouterr().out
    [saved] = json.loads((tmp_path / "new" / "out" / "results.json").read_text(encoding="utf-8"))
    assert (saved["task"], saved["hit_at_1"], saved["links"]) == ("pairs", 0.5, 1)
    table = (tmp_path / "new" / "out" / "table.md").read_text(encoding="utf-8")
    assert table.startswith("pairs: 2 strings, 2 of them answerable, 2 names\n")
    assert "| exact after normalising | 0.500 |" in table


def test_pictures_are_saved_where_matplotlib_is_installed(tmp_path):
    pytest.importorskip("matplotlib")
    module.save(tmp_path, "small", [measure(Scripted, TASK), Skipped("none", "no reason")])
    for name in ("curves.png", "cost.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")


def test_without_matplotlib_the_table_is_saved_all_the_same(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    module.save(tmp_path, "small", [measure(Scripted, TASK)])
    assert "No pictures: " in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["results.json", "table.md"]


def test_a_failed_strategy_is_the_exit_code(monkeypatch):
    monkeypatch.setattr(module, "compare", lambda task, strategies: [Skipped("x", "failed: y", failed=True)])
    with pytest.raises(SystemExit) as stopped:
        main([])
    assert stopped.value.code == 1


def test_an_unknown_strategy_is_a_clear_error(capsys):
    with pytest.raises(SystemExit):
        main(["--only", "magic"])
    assert "no strategy has 'magic' in its name: there are exact after normalising, " in capsys.readouterr().err


def test_the_strategy_of_the_readme_runs():
    readme = (Path(module.__file__).parent / "README.md").read_text(encoding="utf-8")
    [source] = re.findall(r"```python\n(.*?)```", readme, re.S)
    namespace = {}
    exec(source, namespace)
    result = measure(namespace["Initials"], Task("one", ["ICBC工会"], ["I C B C", "Lego"], [frozenset([0])]))
    assert (result.hit_at_1, result.links) == (1.0, 1)
