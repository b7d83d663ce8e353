import sys
import time

import pytest

from benchmarks.stages import Clock, main, to_markdown, whole


def burn(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


class Work:
    def inner(self) -> None:
        burn(0.02)


def test_what_runs_inside_a_stage_is_taken_from_it() -> None:
    clock = Clock()
    end = clock.watch(Work, "inner", "inner")
    with clock.stage("outer"):
        burn(0.04)
        Work().inner()
        Work().inner()
    end()
    Work().inner()
    assert clock.spent == {"inner": pytest.approx(0.04, abs=0.015), "outer": pytest.approx(0.04, abs=0.015)}


def test_shares_are_of_the_sum() -> None:
    lines = to_markdown({"a": 1.0, "b": 3.0}, 1000).splitlines()
    assert lines[2:] == ["| a | 1.00 | 25% | 1.000 |", "| b | 3.00 | 75% | 3.000 |", "| all | 4.00 | 100% | 4.000 |"]


@pytest.fixture
def files(tmp_path):
    rows = ["汇丰银行", "上海光明村餐饮", "汇丰银行", "西门子（中国）有限公司"]
    (tmp_path / "register.csv").write_text("\n".join(["branch", *rows]) + "\n", encoding="utf-8")
    (tmp_path / "companies.csv").write_text("name\nHSBC\nSiemens\n", encoding="utf-8")
    return tmp_path / "register.csv", tmp_path / "companies.csv"


def test_every_stage_is_counted(files, capsys) -> None:
    main([*map(str, files), "--strings", "2"])
    out = capsys.readouterr().out
    assert "2 of 3 distinct strings" in out
    for stage in ("reading the register", "parsing and features", "query vectors", "sparse product", "comparing"):
        spent = next(line for line in out.splitlines() if line.startswith(f"| {stage} |"))
        assert float(spent.split("|")[2]) >= 0.0
    assert "floor: the bytes" in out


@pytest.mark.skipif(sys.platform != "linux", reason="memory is told by /proc")
def test_the_command_is_measured_with_all_its_processes(files) -> None:
    wall, used, memory = whole(*files, ["--jobs", "1"])
    assert wall > 0.5
    assert used > 0.5
    assert memory > 100
