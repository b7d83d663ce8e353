import json
import re
from pathlib import Path

import pytest

from benchmarks import compare as module
from benchmarks import strategies
from benchmarks.compare import Task, compare, main, measure, pairs_task, register_task, to_markdown
from benchmarks.strategies import Candidate, Exact, PinyinRapidfuzz

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
    assert (result.hit_at_1, result.hit_at_5, result.found_at_50) == pytest.approx((1 / 3, 2 / 3, 2 / 3))
    assert (result.precision, result.recall) == pytest.approx((1 / 2, 1 / 3))
    assert (result.links, result.decoys_linked) == (2, 1)
    assert "| scripted | 0.333 | 0.667 | 0.667 | 0.500 | 0.333 | 2 | 1 |" in to_markdown([result])


def test_nothing_to_divide_by_is_a_dash():
    result = measure(Exact, Task("none", ["甲"], ["A"], [frozenset()]))
    assert (result.hit_at_1, result.precision, result.recall) == (None, None, None)
    assert "| exact after normalising | – | – | – | – | – | 0 | 0 |" in to_markdown([result])


def test_a_strategy_runs_in_a_process_of_its_own():
    [result] = compare(Task("one", ["ＩＢＭ", "甲"], ["Ibm"], [frozenset([0]), frozenset()]), [Exact])
    assert (result.hit_at_1, result.precision, result.links) == (1.0, 1.0, 1)
    assert result.megabytes > 0


def test_pinyin_ranks_what_sounds_alike_first_and_asks_for_likeness():
    adapter = PinyinRapidfuzz()
    adapter.fit(["Nike", "Wanda Group", "Lego"])
    wanda, nothing = adapter.match(["中共万达集团有限公司第三党支部", "三林镇"], top_k=2)
    assert wanda[0] == Candidate(1, 100.0, True)
    assert [len(wanda), len(nothing)] == [2, 2]
    assert not any(candidate.link for candidate in [*wanda[1:], *nothing])


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
    monkeypatch.setattr(module, "compare", lambda task: [measure(Exact, task)])
    main(["--pairs", str(tmp_path / "pairs.tsv"), "--json", str(tmp_path / "results.json")])
    assert "| exact after normalising | 0.500 |" in capsys.readouterr().out
    [saved] = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert (saved["task"], saved["hit_at_1"], saved["links"]) == ("pairs", 0.5, 1)


def test_the_strategy_of_the_readme_runs():
    readme = (Path(module.__file__).parent / "README.md").read_text(encoding="utf-8")
    [source] = re.findall(r"```python\n(.*?)```", readme, re.S)
    namespace = dict(vars(strategies))
    exec(source, namespace)
    result = measure(namespace["Initials"], Task("one", ["ICBC工会"], ["I C B C", "Lego"], [frozenset([0])]))
    assert (result.hit_at_1, result.links) == (1.0, 1)
