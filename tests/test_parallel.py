"""The number of processes changes nothing, and neither does a run that stopped and went on."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd
import pytest

from entitymatch import EntityMatchError, Lexicon, Matcher, worker
from entitymatch.batches import Found, Wanted, answer
from entitymatch.blocking import KeyBlocker, default_blockers
from entitymatch.columns import read_register
from entitymatch.features import NameFeatures
from entitymatch.journal import Journal
from entitymatch.links import QueryTable
from entitymatch.parallel import Workers
from entitymatch.romanize import Transliteration
from entitymatch.storage import save

REFERENCES = ["HSBC", "Pfizer", "Boeing", "Tsinghua University", "China Merchants Bank", "招商局集团"]
REGISTER = [
    "中共汇丰银行（中国）有限公司上海分行支部委员会",
    "招商银行股份有限公司工会",
    "",
    "辉瑞制药有限公司",
    "清华大学",
    "波音文具有限公司",
    "招商银行股份有限公司工会",
    "上海光明村餐饮管理有限公司",
    "Boeing (China) Co., Ltd.",
]


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(prior=0.3).fit(REFERENCES)


@pytest.fixture(scope="module")
def expected(matcher: Matcher) -> pd.DataFrame:
    return matcher.match(REGISTER, threshold=0.0).to_pandas()


def test_nothing_depends_on_the_number_of_processes(matcher: Matcher, expected: pd.DataFrame) -> None:
    links = matcher.match(REGISTER, threshold=0.0, n_jobs=2, batch_size=2)
    pd.testing.assert_frame_equal(links.to_pandas(), expected, check_exact=True)
    assert links.explain(0).match_weight == pytest.approx(expected["match_weight"][0])


def test_processes_match_with_the_parameters_of_the_fit() -> None:
    without = ["sound"]
    matcher = Matcher(prior=0.3, without=without).fit(REFERENCES, id=None)
    before = matcher.match(REGISTER, threshold=0.0).to_pandas()
    without.append("similarity")
    matcher.set_params(prior=0.001, link_threshold=0.1, without=["alias"], lexicon=Lexicon([]), blockers=[Halves()])
    after = matcher.match(REGISTER, threshold=0.0, n_jobs=2, batch_size=2).to_pandas()
    pd.testing.assert_frame_equal(after, before, check_exact=True)


def test_tables_are_worked_out_here_if_the_rehearsal_fails(
    matcher: Matcher, expected: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("entitymatch.worker.rehearse", len)  # takes no "shares"
    with Workers(2) as started:
        started.start(2)
        links = matcher.match(REGISTER, threshold=0.0, n_jobs=started, batch_size=2)
        assert Path(started._folder.name, "sound").is_dir()
    pd.testing.assert_frame_equal(links.to_pandas(), expected, check_exact=True)


def test_windows_has_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Workers(100).number == 100 or sys.platform == "win32"
    monkeypatch.setattr(sys, "platform", "win32")
    assert Workers(100).number - 1 == 61  # an executor there takes no more
    assert Workers(3).number == 3


def test_processes_that_do_not_run_are_told(matcher: Matcher) -> None:
    never = Workers(2)
    with pytest.raises(EntityMatchError, match="not running"):
        never.start(2)
    with Workers(2) as ended:
        pass
    for workers in (never, ended):
        with pytest.raises(EntityMatchError, match="not running"):
            matcher.match(REGISTER, n_jobs=workers)


def test_a_process_that_dies_early_is_told() -> None:
    with Workers(2) as started:
        with pytest.raises(BrokenProcessPool):
            started._executor.submit(os._exit, 1).result()
        with pytest.raises(EntityMatchError, match="has died"):
            started.start(2)


class Halves(KeyBlocker):
    """Half of a name; other processes find this class by its module."""

    name = "half"

    def keys(self, reference: NameFeatures) -> dict[str, float]:
        return dict.fromkeys([word.stem[:3] for word in reference.words], 1.0)


def test_a_blocker_of_ones_own_reaches_the_processes() -> None:
    matcher = Matcher(blockers=[*default_blockers(), Halves(weight=6.0)]).fit(REFERENCES)
    alone = matcher.match(REGISTER, threshold=0.0).to_pandas()
    several = matcher.match(REGISTER, threshold=0.0, n_jobs=2, batch_size=2).to_pandas()
    pd.testing.assert_frame_equal(several, alone, check_exact=True)


def test_a_blocker_that_cannot_be_given_is_named() -> None:
    class Local(Halves):
        name = "local"

    matcher = Matcher(blockers=[*default_blockers(), Local(weight=6.0)]).fit(REFERENCES)
    with pytest.raises(EntityMatchError, match=r"'local' cannot be given .*n_jobs=1"):
        matcher.match(REGISTER, n_jobs=2, batch_size=2)


def test_a_blocker_whose_class_another_process_lacks_is_named(tmp_path: Path) -> None:
    content = pickle.dumps(Halves()).replace(b"Halves", b"Thirds")
    (tmp_path / "blockers").write_bytes(pickle.dumps([("half", content)]))
    with pytest.raises(EntityMatchError, match="'half' cannot be given"):
        worker._blockers(str(tmp_path / "blockers"))


WORKER = """
import sys
import entitymatch.__main__  # as a process does that the command line starts
from entitymatch import worker
print(*{"numpy", "typer"} & set(sys.modules))
worker.begin(sys.argv[1])
worker.rehearse(shares=True)
from entitymatch import Matcher
from entitymatch.batches import Wanted
import pathlib, pickle
pathlib.Path(sys.argv[1], "blockers").write_bytes(pickle.dumps([]))
fitted = worker.Fitted(Matcher, sys.argv[1] + "/matcher", sys.argv[1] + "/blockers")
print(len(worker.answer(fitted, ["汇丰银行", "Boeing (China) Co., Ltd."], Wanted(5, None)).candidates.query))
print(*{"pandas", "pyarrow", "narwhals", "typer"} & set(sys.modules))
"""


def test_a_process_that_only_matches_imports_no_tables(matcher: Matcher, tmp_path: Path) -> None:
    save(matcher, tmp_path / "matcher", ids=False)
    words = [sys.executable, "-c", WORKER, str(tmp_path)]
    run = subprocess.run(words, capture_output=True, text=True, check=True)
    assert run.stdout == "\n2\n\n"
    assert (tmp_path / "sound").is_dir()


def test_processes_that_were_started_early_match_for_one_matcher_after_another(
    matcher: Matcher, expected: pd.DataFrame
) -> None:
    other = Matcher(prior=0.001).fit(["Pfizer", "清华大学"])
    with Workers(2) as started:
        started.start(2)
        first = matcher.match(REGISTER, threshold=0.0, n_jobs=started, batch_size=2).to_pandas()
        second = other.match(REGISTER, threshold=0.0, n_jobs=started, batch_size=2).to_pandas()
        # Windows deletes no file that a process has mapped, and this one deletes the folder.
        assert not isinstance(Transliteration.load_default().channel.table.base, np.memmap)
    pd.testing.assert_frame_equal(first, expected, check_exact=True)
    pd.testing.assert_frame_equal(second, other.match(REGISTER, threshold=0.0).to_pandas(), check_exact=True)


def test_a_mistake_ends_the_processes_that_were_started() -> None:
    with pytest.raises(EntityMatchError), Workers(2) as started:  # noqa: PT012
        started.start(2)
        Matcher().fit([])
    assert not [child for child in multiprocessing.active_children() if child.is_alive()]
    assert not Path(started._folder.name).exists()


def test_pieces_are_answered_as_the_whole(matcher: Matcher, expected: pd.DataFrame) -> None:
    pieces = matcher.match_batches(iter([REGISTER[:2], [], REGISTER[2:]]), threshold=0.0)
    found = pd.concat([links.to_pandas() for links in pieces if len(links)], ignore_index=True)
    pd.testing.assert_frame_equal(found, expected, check_exact=True)


@pytest.mark.parametrize("n_jobs", [0, -2, 1.5, "2"])
def test_number_of_processes_is_checked(matcher: Matcher, n_jobs: object) -> None:
    with pytest.raises(EntityMatchError, match="n_jobs is"):
        matcher.match(REGISTER, n_jobs=n_jobs)  # type: ignore[arg-type]
    with pytest.raises(EntityMatchError, match="n_jobs is"):
        matcher.match_batches([REGISTER], n_jobs=n_jobs)  # type: ignore[arg-type]


@pytest.fixture
def journal(matcher: Matcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Journal:
    monkeypatch.setattr("entitymatch.journal.cache_folder", lambda: tmp_path)
    return Journal.of(matcher, read_register(REGISTER).names, Wanted(5, 0.0), 3)


def run(matcher: Matcher, queries: QueryTable, journal: Journal | None) -> pd.DataFrame:
    return matcher._match(queries, Wanted(5, 0.0), batch_size=3, journal=journal).to_pandas()


def test_run_goes_on_where_another_stopped(
    matcher: Matcher, expected: pd.DataFrame, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = read_register(REGISTER)
    matched: list[list[str]] = []
    answer = Matcher._answer

    def stops(self: Matcher, names: list[str], wanted: Wanted) -> Found:
        matched.append(list(names))
        if len(matched) == 2:
            raise KeyboardInterrupt
        return answer(self, names, wanted)

    monkeypatch.setattr(Matcher, "_answer", stops)
    with pytest.raises(KeyboardInterrupt):
        run(matcher, queries, journal)
    pd.testing.assert_frame_equal(run(matcher, queries, journal), expected, check_exact=True)
    assert matched == [queries.names[:3], queries.names[3:6], queries.names[3:6], queries.names[6:]]
    journal.forget()
    assert not journal.folder.exists()


class Backwards:
    """Answers the last batch first, as processes may; then, if it is to stop, it stops."""

    def __init__(self, matcher: Matcher, *, stops: bool) -> None:
        self.matcher, self.stops = matcher, stops

    def map(self, batches: list[list[str]], wanted: Wanted) -> Iterator[tuple[int, Found]]:
        for number in reversed(range(len(batches))):
            yield number, answer(self.matcher, batches[number], wanted)
            if self.stops:
                raise KeyboardInterrupt


def test_batches_are_noted_as_they_are_done(matcher: Matcher, expected: pd.DataFrame, journal: Journal) -> None:
    queries = read_register(REGISTER)
    with pytest.raises(KeyboardInterrupt):
        matcher._match(
            queries,
            Wanted(5, 0.0),
            batch_size=3,
            journal=journal,
            workers=cast(Workers, Backwards(matcher, stops=True)),
        )
    assert [path.name for path in journal.folder.glob("*.npz")] == ["6.npz"]
    links = matcher._match(
        queries, Wanted(5, 0.0), batch_size=3, journal=journal, workers=cast(Workers, Backwards(matcher, stops=False))
    )
    pd.testing.assert_frame_equal(links.to_pandas(), expected, check_exact=True)


def test_note_that_is_not_whole_is_made_again(matcher: Matcher, expected: pd.DataFrame, journal: Journal) -> None:
    queries = read_register(REGISTER)
    run(matcher, queries, journal)
    note = next(journal.folder.glob("*.npz"))
    note.write_bytes(note.read_bytes()[:100])
    pd.testing.assert_frame_equal(run(matcher, queries, journal), expected, check_exact=True)


def test_notes_of_another_kind_of_run_are_not_taken(matcher: Matcher, journal: Journal) -> None:
    names = read_register(REGISTER).names
    other = Matcher(prior=0.2).fit(REFERENCES)
    folders = {
        journal.folder,
        Journal.of(other, names, Wanted(5, 0.0), 3).folder,
        Journal.of(matcher, names[1:], Wanted(5, 0.0), 3).folder,
        Journal.of(matcher, names, Wanted(4, 0.0), 3).folder,
        Journal.of(matcher, names, Wanted(5, None), 3).folder,
    }
    assert len(folders) == 5
    assert Journal.of(matcher, names, Wanted(5, 0.0), 3).folder == journal.folder


def test_folder_that_cannot_be_written_stops_nothing(matcher: Matcher, expected: pd.DataFrame, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    closed = Journal(tmp_path / "file" / "runs")
    pd.testing.assert_frame_equal(run(matcher, read_register(REGISTER), closed), expected, check_exact=True)
