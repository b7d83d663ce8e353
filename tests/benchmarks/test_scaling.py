import json
from concurrent.futures import Future

import pytest

from benchmarks import scaling
from benchmarks.scaling import Run, expected, growth, made_up_names, main, scale, to_markdown

# A law: match = 2e-4 · strings · sqrt(references)
RUNS = [Run(n, m, 0.1 * m / 100, 2e-4 * n * m**0.5, 200.0) for n in (100, 1000) for m in (100, 400)]


def test_exponents_are_those_of_the_law():
    found = growth(RUNS)
    assert found.strings == pytest.approx(1.0)
    assert found.references == pytest.approx(0.5)


def test_what_is_extrapolated_follows_the_law_and_is_marked():
    guess = expected(RUNS, 50_000, 1600)
    assert guess.match == pytest.approx(2e-4 * 50_000 * 40)
    assert guess.fit == pytest.approx(1.6)
    assert not guess.measured
    lines = to_markdown([*RUNS, guess]).splitlines()
    assert lines[-1].startswith("match ~ strings^1.00 · references^0.50")
    assert (
        next(line for line in lines if line.startswith("| 1,600")) == "| 1,600 | 50,000 | ≈ 1.6 | ≈ 400.0 | ≈ 125 | – |"
    )
    with pytest.raises(ValueError, match="no run is smaller than 10 × 100"):
        expected(RUNS, 10, 100)


def test_a_long_list_that_is_slower_than_the_law_is_extrapolated_from_itself():
    slow = Run(1_000, 1_600, 1.0, 100.0, 200.0)
    assert expected([*RUNS, slow, Run(100_000, 400, 0.4, 400.0, 200.0)], 100_000, 1_600).match > 5_000


def test_names_are_different_and_the_same_every_time():
    names = made_up_names(15_000)
    assert len(set(names)) == len(names) == 15_000
    assert made_up_names(200) == names[:200]


def test_the_smallest_size_runs_and_the_rest_is_extrapolated_when_time_is_up():
    runs = scale([200, 40], [20], minutes=0)
    assert [(r.strings, r.references, r.measured) for r in runs] == [(40, 20, True), (200, 20, False)]
    assert runs[0].match > 0
    assert runs[0].megabytes > 50
    assert runs[1].match == pytest.approx(5 * runs[0].match)


class AtOnce:
    """Takes the place of a pool: a run of the law above instead of one in a process of its own."""

    def __init__(self, *_, **__): ...

    def __enter__(self):
        return self

    def __exit__(self, *_): ...

    def submit(self, work, strings, references):
        assert work is scaling.run
        done = Future()
        done.set_result(Run(strings, references, 0.1, 2e-4 * strings * references**0.5, 200.0))
        return done


def test_what_needs_too_much_memory_is_not_begun(monkeypatch):
    monkeypatch.setattr(scaling, "ProcessPoolExecutor", AtOnce)
    monkeypatch.setattr(scaling, "_free_megabytes", lambda: 10.0)
    assert [r.measured for r in scale([40, 41], [20], minutes=5)] == [True, False]


def test_processor_time_is_what_is_left(monkeypatch):
    monkeypatch.setattr(scaling, "ProcessPoolExecutor", AtOnce)
    runs = scale([1_000, 2_000, 4_000], [100], minutes=0.15)  # 9 s, of which the runs would take 2.1, 4.1 and 8.1
    assert [r.measured for r in runs] == [True, True, False]


def test_the_command_line_prints_and_saves(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(scaling, "ProcessPoolExecutor", AtOnce)
    main(["--strings", "30,60", "--references", "20", "-o", str(tmp_path / "out")])
    printed = capsys.readouterr().out
    assert "| 20 | 60 | " in printed
    assert (tmp_path / "out" / "scaling.md").read_text(encoding="utf-8") == printed
    assert [r["strings"] for r in json.loads((tmp_path / "out" / "scaling.json").read_text())] == [30, 60]


def test_mistakes_are_told(capsys):
    for sizes in ("0", "many"):
        with pytest.raises(SystemExit):
            main(["--strings", sizes])
        assert "--strings" in capsys.readouterr().err
