from pathlib import Path

import pytest

from entitymatch.romanize.training import train_transliteration as train

PAIRS = [
    ("西门子", "Siemens"), ("霍尼韦尔", "Honeywell"), ("诺基亚", "Nokia"), ("施耐德", "Schneider"),
    ("雅马哈", "Yamaha"), ("西雅图", "Seattle"), ("诺华", "Novartis"), ("马哈", "Maha"), ("基亚", "Kia"),
    ("尼韦", "Niwe"), ("门子", "Mens"),
    ("", "Nothing"), ("空", ""),
]  # fmt: skip


def test_learns_what_the_characters_stand_for() -> None:
    model = train(PAIRS, rounds=6, discount=0.2)
    assert model.score("亚马", "Yama") > model.score("亚马", "Niwe")
    assert str(model.align("基亚", "kia")) == "基→ki 亚→a"


def test_same_pairs_give_the_same_bytes(tmp_path: Path) -> None:
    for name in "ab":
        train(PAIRS, rounds=4).save(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_reports_a_rising_likelihood() -> None:
    seen: list[tuple[int, float]] = []
    train(PAIRS, rounds=4, noise=0.0, progress=lambda number, likelihood: seen.append((number, likelihood)))
    assert [number for number, _ in seen] == [1, 2, 3, 4]
    assert seen[-1][1] > seen[0][1]


def test_nothing_to_learn_from_is_said() -> None:
    with pytest.raises(ValueError, match="nothing to learn from"):
        train([("abc", "def"), ("", "")])
