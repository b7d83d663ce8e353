import sys

import pytest

from benchmarks import speed


def test_names_are_as_many_as_asked_for_and_differ() -> None:
    found = speed.names(12_000)
    assert len(found) == len(set(found)) == 12_000
    assert speed.names(10) == found[:10]


def test_exponent_of_a_square_is_two() -> None:
    assert speed.exponent([10, 20, 80], [1.0, 4.0, 64.0]) == pytest.approx(2.0)


def test_it_measures_and_prints(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["speed", "--strings", "20", "40", "--references", "30"])
    monkeypatch.setattr(speed, "SINGLE", 2)
    speed.main()
    out = capsys.readouterr().out
    assert "import entitymatch" in out
    assert "30 names: fit" in out
    assert "time grows as n^" in out
