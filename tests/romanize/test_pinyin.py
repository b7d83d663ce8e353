from pathlib import Path

import pypinyin
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entitymatch.lexicon.tables import parse_table, read_table, values
from entitymatch.romanize.pinyin import han, readings, syllables, syllables_many, toneless

LABELLED = parse_table((Path(__file__).parent / "readings.tsv").read_text(encoding="utf-8"), "readings.tsv")


def test_hard_readings_are_right() -> None:
    wrong = [row for row in LABELLED if " ".join(syllables(row["han"])) != row["reading"]]
    assert len(LABELLED) >= 150
    assert len(wrong) <= 0.02 * len(LABELLED), wrong


@pytest.mark.parametrize("row", read_table("readings.tsv"), ids=lambda row: row["han"])
def test_each_row_of_the_table_is_read_as_written(row: dict[str, str]) -> None:
    assert " ".join(syllables(row["han"])) == row["reading"]


def test_pypinyin_is_left_as_it_was() -> None:
    before = pypinyin.lazy_pinyin("单县支行")
    syllables("单县支行")
    assert pypinyin.lazy_pinyin("单县支行") == before != syllables("单县支行")


def test_umlaut_is_written_v() -> None:
    assert syllables("吕女略虐绿铝") == ["lv", "nv", "lve", "nve", "lv", "lv"]
    assert toneless("lǘ") == "lv"


def test_others_than_han_are_skipped_and_end_a_phrase() -> None:
    assert syllables("A股-支 行2") == ["gu", "zhi", "xing"]


@given(st.text())
def test_any_string_gets_one_syllable_per_character_read(text: str) -> None:
    found = syllables(text)
    assert len(found) == len(han(text))
    assert all(syllable.isascii() and syllable.islower() for syllable in found)


@given(st.text(alphabet=st.characters(codec="gb2312", min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1))
def test_han_text_is_never_silent(text: str) -> None:
    assert len(syllables(text)) == len(text)


@given(st.lists(st.text(alphabet="重庆银行长沙A 1", max_size=8), max_size=8))
def test_many_are_read_like_one(texts: list[str]) -> None:
    assert syllables_many(texts) == [syllables(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "reading", "other"),
    [("长泰", "chang tai", "zhang tai"), ("乐友", "le you", "yue you"), ("行云", "xing yun", "hang yun")],
)
def test_open_readings_are_weighted(text: str, reading: str, other: str) -> None:
    found = {" ".join(read): weight for read, weight in readings(text)}
    assert found[reading] == 1.0
    assert 0 < found[other] < 1


@pytest.mark.parametrize("text", ["支行", "重庆", "长安", "音乐", "乐清", "会计", "厦门", "行者"])
def test_a_phrase_decides(text: str) -> None:
    assert readings(text) == [(tuple(syllables(text)), 1.0)]


def test_the_table_of_open_readings_is_sound() -> None:
    for row in read_table("readings_open.tsv"):
        weights = [float(weight) for weight in values(row["weights"])]
        assert len(weights) == len(values(row["readings"])) > 1
        assert sum(weights) == pytest.approx(1)
        assert weights == sorted(weights, reverse=True)


@given(st.text(alphabet="长乐行重庆银A 1", max_size=8))
def test_what_is_read_is_among_the_readings(text: str) -> None:
    found = readings(text, limit=300)
    assert (tuple(syllables(text)) in dict(found)) == bool(syllables(text))
    assert all(len(read) == len(syllables(text)) and 0 < weight <= 1 for read, weight in found)
