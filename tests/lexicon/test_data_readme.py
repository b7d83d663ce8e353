"""The note on the data must name what is there: every file, and the licence of those that are not ours."""

import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

DATA = Path(str(files("entitymatch") / "data"))
README = (DATA / "README.md").read_text(encoding="utf-8")
NAMES = sorted(path.relative_to(DATA).as_posix() for path in DATA.rglob("*.*") if path.name != "README.md")


def named(text):
    """Return the file and table names in backticks."""
    return {name.rpartition("/")[2].removesuffix(".tsv") for name in re.findall(r"`([\w./-]+)`", text)}


@pytest.mark.parametrize("name", NAMES)
def test_every_file_is_described(name):
    assert name.rpartition("/")[2].removesuffix(".tsv") in named(README) or f"({name})" in README


def test_the_files_under_cc_by_sa_are_those_that_say_so():
    heads = {name: (DATA / name).read_text(encoding="utf-8")[:400] for name in NAMES if name.endswith(".tsv")}
    line = next(line for line in README.splitlines() if line.startswith("| CC BY-SA 4.0"))
    derived = {name.removesuffix(".tsv") for name, head in heads.items() if "CC BY-SA" in head}
    assert derived == named(line.partition(")")[2])


def test_the_counts_are_those_of_the_tables():
    script = Path(__file__).resolve().parents[2] / "scripts" / "check_organisations.py"
    run = subprocess.run([sys.executable, script, "--counts"], capture_output=True, check=True, encoding="utf-8")
    assert run.stdout in README


def test_the_legal_code_is_whole():
    text = (DATA / "LICENSE-CC-BY-SA-4.0.txt").read_text(encoding="utf-8")
    assert [int(number) for number in re.findall(r"^Section (\d) – ", text, re.MULTILINE)] == list(range(1, 9))
    assert text.rstrip().endswith("Creative Commons may be contacted at creativecommons.org.")
