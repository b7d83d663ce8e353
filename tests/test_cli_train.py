import json
from pathlib import Path

import numpy as np
import pytest

from entitymatch import cli
from entitymatch.errors import EntityMatchError
from entitymatch.romanize import Transliteration, evaluate_transliteration, spell_latin, train_transliteration
from entitymatch.romanize.held_back import split
from entitymatch.romanize.letters import letters
from entitymatch.romanize.pair_file import read_pairs

MODEL = Transliteration.load_default()
SYLLABLES = "巴比布卡科迪杜法菲戈胡伊拉里罗马米莫娜尼诺帕佩里萨索塔托瓦维扎"


def made_up(number: int) -> list[tuple[str, str]]:
    """Names of two to four characters with the spelling that the shipped model finds likeliest."""
    rng = np.random.default_rng(3)
    names = ["".join(rng.choice(list(SYLLABLES), rng.integers(2, 5))) for _ in range(number)]
    return [(zh, spell_latin(zh, 1)[0][0]) for zh in dict.fromkeys(names)]


PAIRS = made_up(150)


def run(capsys, *arguments):
    """Return the exit code, stdout and stderr of a command line."""
    with pytest.raises(SystemExit) as left:
        cli.main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return left.value.code or 0, out, err


@pytest.fixture
def pairs(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "pairs.tsv"
    path.write_text("zh\ten\n" + "".join(f"{zh}\t{en}\n" for zh, en in PAIRS) + "abc\tdef\n", encoding="utf-8")
    return path


def test_writes_the_model_that_python_trains_and_reports_what_was_held_back(pairs, capsys):
    code, out, err = run(
        capsys, "train", "transliteration", pairs, "-o", "m.npz", "--rounds", 3, "--held-back", 0.2, "--json"
    )
    assert code == 0
    said = json.loads(out)
    assert (said["pairs"], said["left_out"]) == (len(PAIRS), 1)
    assert 0.5 < said["held_back"]["hit_at_1"] <= said["held_back"]["hit_at_5"] <= 1
    assert f"pairs.tsv, line {len(PAIRS) + 2}: left out: no Chinese characters in 'abc'" in err
    assert "round 3 of 3" in err
    train_transliteration(PAIRS, rounds=3).save("python.npz")
    assert Path("m.npz").read_bytes() == Path("python.npz").read_bytes()
    assert Transliteration.load("m.npz").score(*PAIRS[0]) > 5


def test_the_seed_chooses_what_is_held_back_and_changes_no_byte_of_the_model(pairs, capsys):
    reports = []
    for seed in (1, 2):
        arguments = ("-o", f"{seed}.npz", "--rounds", 2, "--seed", seed, "--json", "-q")
        code, out, err = run(capsys, "train", "transliteration", pairs, *arguments)
        assert (code, err) == (0, "")
        reports.append(json.loads(out)["held_back"])
    assert reports[0] != reports[1]
    assert Path("1.npz").read_bytes() == Path("2.npz").read_bytes()


def test_prints_a_table_unless_nothing_is_held_back(pairs, capsys):
    assert "among five" in run(capsys, "train", "transliteration", pairs, "-o", "m.npz", "--rounds", 2)[1]
    assert run(capsys, "train", "transliteration", pairs, "-o", "m.npz", "--rounds", 2, "--held-back", 0)[1] == ""


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "p.tsv",
            "zh\ten\n西门子\tSiemens\n诺基亚\n",
            r"p\.tsv, line 3: 1 column, but the names stand in columns 1 and 2",
        ),
        ("p.tsv", "zh\tfr\n西门子\tSiemens\n", "no column of Latin names; call it one of latin, en, name"),
        ("p.tsv", "zh\ten\n", "no pairs to learn from"),
        ("p.csv", 'zh,en\n"西门子,Siemens\n', r"p\.csv, line 2"),
        ("p.xlsx", "", r"a file of pairs ends in \.tsv"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path, name, content, said):
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(EntityMatchError, match=said):
        read_pairs(tmp_path / name)


def test_other_mistakes(pairs, capsys):
    assert "no such file" in run(capsys, "train", "transliteration", "none.tsv", "-o", "m.npz")[2]
    assert "ends in .npz" in run(capsys, "train", "transliteration", pairs, "-o", "m.json")[2]
    assert "no folder" in run(capsys, "train", "transliteration", pairs, "-o", "nowhere/m.npz")[2]
    pairs.write_bytes("zh\ten\n西门子\tSiemens\n".encode() + b"\x81\xff\n")
    assert "line 3: neither UTF-8 nor GB 18030" in run(capsys, "train", "transliteration", pairs, "-o", "m.npz")[2]
    pairs.write_text("西门子\tSiemens\n", encoding="utf-8")
    code, _, err = run(capsys, "train", "transliteration", pairs, "-o", "m.npz")
    assert (code, Path("m.npz").exists()) == (2, False)
    assert "too few pairs (1) to hold back" in err


def test_columns_by_name_without_names_and_in_gb18030(tmp_path):
    expected = [("西门子", "Siemens"), ("诺基亚", "Nokia")]
    for name, content in (
        ("a.csv", "id,latin,zh\n1,Siemens,西门子\n2,Nokia,诺基亚\n"),
        ("b.tsv", "西门子\tSiemens\n\n诺基亚\tNokia\n"),
    ):
        for encoding in ("utf-8", "gb18030"):
            (tmp_path / name).write_text(content, encoding=encoding)
            assert [(row.zh, row.latin) for row in read_pairs(tmp_path / name)] == expected


def test_held_back_pairs_share_no_name_with_the_others():
    rest, held = split([*PAIRS, (PAIRS[0][0], "other"), ("巴", PAIRS[1][1])], 0.3, seed=5)
    assert len(held) == round(0.3 * (len(PAIRS) + 2))
    assert {zh for zh, _ in rest}.isdisjoint(zh for zh, _ in held)
    assert {letters(name) for _, name in rest}.isdisjoint(letters(name) for _, name in held)
    with pytest.raises(EntityMatchError, match=r"a share of 0\.9"):
        evaluate_transliteration(PAIRS, 0.9)
