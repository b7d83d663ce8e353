from __future__ import annotations

import pytest

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
