from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.names import branches
from entitymatch.names import is_garbled, normalize
from entitymatch.names.normalize import normalize_with_spans


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("滙豐銀行", "汇丰银行"),
        ("香港上海滙豐銀行有限公司", "香港上海汇丰银行有限公司"),
        ("衞生署", "卫生署"),
        ("臺灣 積體電路", "台湾积体电路"),
        ("乾照光電", "乾照光电"),
        ("餅乾廠", "饼干厂"),
        ("ＴＣＬ　集團", "TCL集团"),
        ("ABB〔中国〕［上海］【北京】", "ABB(中国)(上海)(北京)"),
        ("⼯商银⾏", "工商银行"),
        ("Siemens\u00ad\u200b AG", "Siemens AG"),
        ("Rolls–Royce", "Rolls-Royce"),
        ("L’Oréal", "L'Oréal"),
        ("Cafe\u0301 de Coral", "Café de Coral"),
        ("ВASF", "BASF"),
        ("Газпром", "Газпром"),
        ("三〇一医院", "三零一医院"),
        ("  a \t b\n", "a b"),
        ("工ロ业", "工口业"),
        ("", ""),
        ("\ud800中", "中"),
        ("㈱日立", "(株)日立"),
    ],
)
def test_one_form(text: str, expected: str) -> None:
    assert normalize(text) == expected


def test_spans_when_characters_are_dropped_and_grow() -> None:
    result = normalize_with_spans(" 中\u200b国 ㈱ ﬁ")
    assert result.text == "中国(株) fi"
    assert result.span(0, 2) == (1, 4)
    assert result.span(3, 4) == (5, 6)
    assert result.span(6, 8) == (7, 8)


def test_garbled_text_is_reported() -> None:
    assert is_garbled("中国银行".encode().decode("latin-1"))
    assert is_garbled("ä¸\u00adå›½é“¶è¡Œ")
    assert is_garbled("锟斤拷有限公司")
    assert is_garbled("中\ufffd银行")
    for name in ("Société Générale", "Ørsted A/S", "中国银行", "Citroën", "São Paulo"):
        assert not is_garbled(name)


NAMES = ["中国银行", "上海西门子有限公司", "汇丰银行（中国）有限公司", "清华大学第一附属医院", "香港上海滙豐銀行"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("errors", ["replace", "ignore"])
@pytest.mark.parametrize("wrong", ["gbk", "gb18030", "latin-1"])
def test_utf_8_read_in_another_encoding_is_reported(name: str, wrong: str, errors: str) -> None:
    assert is_garbled(name.encode().decode(wrong, errors))
    assert not is_garbled(name)


@pytest.mark.parametrize("name", NAMES)
def test_gbk_read_in_another_encoding_is_reported(name: str) -> None:
    assert is_garbled(name.encode("gb18030").decode("latin-1"))
    assert is_garbled(name.encode("gb18030").decode("utf-8", "replace"))


def test_real_names_are_not_reported() -> None:
    for name in (*branches(2000), "恒宝广场", "五福珠宝", "Häagen-Dazs", "Ångström Å/S", "İşbank", "Škoda"):
        assert not is_garbled(name), name


CYRILLIC = dict(zip("ABEKMHOPCTXYaceopxy", "АВЕКМНОРСТХУасеорху", strict=True))
GREEK = dict(zip("ABEZHIKMNOPTYXo", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", strict=True))
WORDS = st.text(alphabet="ABCEHKMOPTXYZNIaceopxybdgRSdfg", min_size=2, max_size=12)


@pytest.mark.parametrize("table", [CYRILLIC, GREEK])
@given(word=WORDS, chosen=st.sets(st.integers(0, 11)))
def test_look_alikes_inside_a_latin_word_are_latin(table: dict[str, str], word: str, chosen: set[int]) -> None:
    """Whichever letters of a word are Cyrillic or Greek, as long as one Latin letter tells that the word is Latin."""
    typed = "".join(table.get(char, char) if index in chosen else char for index, char in enumerate(word))
    if any(char.isascii() for char in typed):
        assert normalize(typed) == normalize(word)


@pytest.mark.parametrize("name", ["Газпром", "Αθήνα", "Роснефть"])
def test_words_of_another_alphabet_stay(name: str) -> None:
    assert normalize(name) == name
