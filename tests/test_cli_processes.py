"""The command line starts processes while it still reads, once there is enough for them to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

# The command line in a process of its own, with few strings in a batch and few rows in a piece.
PROGRAM = """
import os, signal, sys
from entitymatch import cli, io
from entitymatch.matcher import Matcher
from entitymatch.parallel import Workers
command = sys.modules["entitymatch.cli.match"]
command.MANY_STRINGS, command.BATCH_SIZE, io.PIECE_ROWS, io.SAMPLE_RECORDS = 4, 2, 4, 4
start, fit = Workers.start, Matcher.fit
def started(self, number):
    print("started", number, flush=True)
    start(self, number)
    Matcher.fit = interrupted if sys.argv[1] == "interrupt" else fit
    Matcher.fit.workers = self
def interrupted(*arguments, **options):
    interrupted.workers._started.result()  # the other process is there
    os.killpg(0, signal.SIGINT)
Workers.start = started
cli.main(sys.argv[2:])
"""
NAMES = ["汇丰银行", "辉瑞制药有限公司", "波音文具有限公司", "清华大学", "上海光明村餐饮管理有限公司", "招商银行工会"]
COMMAND = ("match", "register.jsonl", "companies.csv", "-o", "links.csv", "--threshold", "0", "--quiet")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [f'{{"branch": "{name}{part}"}}\n' for part in ("", "党支部") for name in NAMES]
    (tmp_path / "register.jsonl").write_text("".join(rows), encoding="utf-8")
    (tmp_path / "companies.csv").write_text("name\nHSBC\nPfizer\nBoeing\nTsinghua University\n", encoding="utf-8")
    return tmp_path


def run(folder: Path, *options: str, how: str = "") -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-c", PROGRAM, how, *COMMAND, *options]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    return subprocess.run(
        words,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        start_new_session=True,
    )


def test_they_change_nothing_in_the_links(folder: Path) -> None:
    alone = run(folder, "--jobs", "1")
    assert (alone.returncode, alone.stdout) == (0, "")
    expected = (folder / "links.csv").read_bytes()
    (folder / "links.csv").unlink()
    several = run(folder, "--jobs", "2")
    assert (several.returncode, several.stdout) == (0, "started 2\n")  # after four strings in batches of two
    assert (folder / "links.csv").read_bytes() == expected


def test_a_row_that_cannot_be_read_is_told_in_one_line(folder: Path) -> None:
    with (folder / "register.jsonl").open("a", encoding="utf-8") as register:
        register.write("no record\n")
    broken = run(folder, "--jobs", "2")
    assert (broken.returncode, broken.stdout) == (2, "started 2\n")
    assert broken.stderr.startswith("entitymatch: error: register.jsonl, line 13: not JSON")
    assert broken.stderr.count("\n") == 1
    assert not (folder / "links.csv").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no groups of processes")
def test_an_interrupt_is_answered_by_one_process(folder: Path) -> None:
    stopped = run(folder, "--jobs", "2", how="interrupt")
    assert (stopped.returncode, stopped.stdout) == (130, "started 2\n")
    assert "Traceback" not in stopped.stderr
