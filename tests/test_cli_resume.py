"""A run that is killed goes on where it stopped, and Ctrl-C leaves no half file."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

# The command line in a process of its own, with small batches; it ends itself in the middle if it is told so. Without
# sound, whose table takes longer to build than all the rest.
PROGRAM = """
import functools, os, signal, sys
from entitymatch import cli
from entitymatch.matcher import Matcher
sys.modules["entitymatch.cli.match"].BATCH_SIZE = 4
answer, stop_at, how = Matcher._answer, int(sys.argv[1]), int(sys.argv[2])
def counted(self, names, wanted):
    counted.batches += 1
    if counted.batches == stop_at:
        os.kill(os.getpid(), how)
    return answer(self, names, wanted)
init = Matcher.__init__
Matcher.__init__ = functools.wraps(init)(lambda self, **given: init(self, **given, without=["sound"]))
counted.batches = 0
Matcher._answer = counted
try:
    cli.main(sys.argv[3:])
finally:
    print("batches", counted.batches)
"""
NAMES = ["汇丰银行", "辉瑞制药有限公司", "波音文具有限公司", "上海光明村餐饮管理有限公司", "清华大学"]
COMMAND = ("match", "register.csv", "companies.csv", "-o", "links.csv", "--threshold", "0")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [f"{name}{part}" for part in ("", "党支部", "工会", "第一分公司") for name in NAMES]
    (tmp_path / "register.csv").write_text("branch\n" + "\n".join(rows * 2) + "\n", encoding="utf-8")
    (tmp_path / "companies.csv").write_text("name\nHSBC\nPfizer\nBoeing\nTsinghua University\n", encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str, stop_at: int = 0, how: int = 0) -> subprocess.CompletedProcess[str]:
    environment = {"XDG_CACHE_HOME": str(folder / "cache"), "PATH": "", "PYTHONPATH": str(Path(__file__).parents[1])}
    words = [sys.executable, "-c", PROGRAM, str(stop_at), str(how), *COMMAND, *arguments]
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False)


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != "cache")


@pytest.mark.skipif(sys.platform != "linux", reason="where notes are kept is set by XDG_CACHE_HOME")
def test_killed_run_goes_on_and_gives_the_same_bytes(folder: Path) -> None:
    whole = run(folder)
    assert (whole.returncode, whole.stdout.splitlines()[-1]) == (0, "batches 5")
    expected = (folder / "links.csv").read_bytes()
    (folder / "links.csv").unlink()

    killed = run(folder, stop_at=4, how=signal.SIGKILL)
    assert killed.returncode == -signal.SIGKILL
    assert kept(folder) == ["companies.csv", "register.csv"]

    resumed = run(folder, "--resume")
    assert (resumed.returncode, resumed.stdout.splitlines()[-1]) == (0, "batches 2")
    assert (folder / "links.csv").read_bytes() == expected
    assert not list((folder / "cache").rglob("*.npz"))

    again = run(folder, "--resume")
    assert (again.returncode, again.stdout.splitlines()[-1]) == (0, "batches 5")


@pytest.mark.skipif(sys.platform != "linux", reason="where notes are kept is set by XDG_CACHE_HOME")
def test_interrupted_run_leaves_no_file_and_a_new_one_begins_anew(folder: Path) -> None:
    (folder / "links.csv").write_text("the old table", encoding="utf-8")
    stopped = run(folder, stop_at=3, how=signal.SIGINT)
    assert stopped.returncode == 130
    assert kept(folder) == ["companies.csv", "links.csv", "register.csv"]
    assert (folder / "links.csv").read_text(encoding="utf-8") == "the old table"
    anew = run(folder)
    assert (anew.returncode, anew.stdout.splitlines()[-1]) == (0, "batches 5")
