from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.names import KINDS, LINEAR, growth
from entitymatch.lexicon.tables import parse_table, read_table
from entitymatch.lexicon.words import legal_forms, places, trades, units, wrappers
from entitymatch.names import alternatives, parse


def test_what_each_field_says() -> None:
    name = parse("中共罗氏制药（上海）有限公司北京分公司销售部第一支部委员会")
    assert name.wrapper == "中共第一支部委员会"
    assert name.core == "罗氏"
    assert name.trade == "制药"
    assert name.places == ("上海",)
    assert name.legal_form == "有限公司"
    assert name.units == ("北京分公司", "销售部")
    assert name.name == "罗氏制药上海"
    assert name.script == "han"
    assert [name.original[part.start : part.end] for part in name.parts] == [part.text for part in name.parts]


@pytest.mark.parametrize(
    ("text", "script"),
    [("中国", "han"), ("IBM", "latin"), ("IBM中国", "mixed"), ("123", "none"), ("", "none"), ("三菱ケミカル", "han")],
)
def test_script(text: str, script: str) -> None:
    assert parse(text).script == script


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("长安汽车", "长安"),
        ("吉利汽车", "吉利"),
        ("大同证券", "大同"),
        ("新华人寿保险", "新华"),
        ("中山大学", "中山"),
        ("中国银行", ""),
        ("上海汽车集团股份有限公司", ""),
        ("中国建设银行", "建设"),
        ("交通银行", "交通"),
        ("中石化", "中石化"),
        ("Bank of China", ""),
        ("Agricultural Bank of China", "Agricultural"),
        ("Bank of Communications", "Communications"),
    ],
)
def test_core_where_it_is_open(text: str, core: str) -> None:
    assert parse(text).core == core


def test_a_place_never_destroys_the_name() -> None:
    for text in ("中国银行", "上海银行", "中国石油", "北京大学", "Bank of China", "Air China"):
        assert parse(text).name == text


CLOSINGS = (
    "党支部 党总支 党委 第一党支部 第１２党支部 第三·党支部 机关党委 离退休党支部 联合党支部 临时党支部 "
    "流动党员党支部 在职党支部 工会 团委 团支部 纪委 党组 支部委员会 总支部委员会 （第二党支部） "
    "党支部（临时） 功能型党支部 妇联 工会委员会"
)


@pytest.mark.parametrize("closing", [*CLOSINGS.split(), "第 3 党支部"])
def test_wrappers_go(closing: str) -> None:
    assert parse("西门子有限公司" + closing).name == "西门子"
    assert parse("西门子有限公司" + closing).units == ()


LATIN_FORMS = (
    "Co., Ltd.|Co.,Ltd|CO.,LTD.|Co Ltd|Co. Ltd|Company Limited|Co., Limited|Corp., Ltd.|Inc.|PLC|plc|GmbH|AG|S.A.|SA|"
    "N.V.|AB|Oyj|K.K.|Pte. Ltd.|S.p.A.|LLC|L.L.C.|(Group) Co., Ltd.|Group Holdings Limited|Sdn. Bhd.|A/S|GmbH & Co. KG"
)


@pytest.mark.parametrize("form", LATIN_FORMS.split("|"))
def test_latin_legal_forms_go(form: str) -> None:
    assert parse("Siemens " + form).name == "Siemens"


@pytest.mark.parametrize("row", legal_forms(), ids=lambda row: row["form"])
def test_every_legal_form_is_read(row: dict[str, str]) -> None:
    name = parse(("西门子" if row["script"] == "han" else "Siemens ") + row["form"])
    assert name.legal_form == row["form"]


ISO_20275 = parse_table(Path(__file__).with_name("iso20275.tsv").read_text(encoding="utf-8"), "iso20275.tsv")


@pytest.mark.parametrize("row", ISO_20275, ids=lambda row: f"{row['country']} {row['form']}")
def test_every_form_of_iso_20275_is_read(row: dict[str, str]) -> None:
    name = "西门子" if row["script"] == "han" else "Siemens"
    parsed = parse(name + " " + row["form"])
    assert parsed.core == name
    # 基金会, 公证处 say what an organisation does, and 基层工会 wraps a name: the others are legal forms.
    assert {part.kind.value for part in parsed.parts} <= {"core", "legal_form", "trade", "wrapper"}


def test_the_five_jurisdictions_are_there() -> None:
    assert {row["country"] for row in ISO_20275} == {"CN", "HK", "MO", "TW", "SG"}


BEHIND_A_FORM = (
    "Siemens Inc/DE|Siemens;Siemens Co.,Ltd.Jiangsu|Siemens Jiangsu;Siemens Ltd China|Siemens China;"
    "Siemens Inc Common Stock|Siemens;Siemens Corp of Pennsylvania|Siemens Pennsylvania;"
    "Siemens KGaA, Bad Homburg, Germany|Siemens Bad Homburg Germany;Siemens (Pte.) Ltd.|Siemens;"
    "Siemens Co., Ltd. By Shares|Siemens"
)


@pytest.mark.parametrize("case", BEHIND_A_FORM.split(";"))
def test_what_stands_behind_a_latin_form(case: str) -> None:
    text, name = case.split("|")
    parsed = parse(text)
    assert parsed.core == "Siemens"
    assert parsed.legal_form
    assert parsed.name.removesuffix(" DE") == name


@pytest.mark.parametrize(
    "table",
    [places(), trades(), units(), wrappers(), read_table("traditional.tsv"), read_table("traditional_phrases.tsv")],
)
def test_tables_are_not_empty(table: tuple[dict[str, str], ...]) -> None:
    assert len(table) > 50


def test_every_trade_and_every_strong_unit_is_read() -> None:
    for row in trades():
        for word in filter(None, row["zh"].split("|")):
            if len(word) > 1:
                name = parse("西门子" + word)
                assert name.trade.endswith(word) or name.wrapper == word, word
    for row in units():
        if row["script"] == "han" and row["strength"] == "strong":
            assert parse("西门子有限公司" + row["form"]).units == (row["form"],), row["form"]


def test_every_place_is_read_in_brackets() -> None:
    for row in places():
        for name in row["zh"].split("|"):
            if len(name) > 1:
                assert len(parse(f"西门子（{name}）有限公司").places) == 1, name


def test_alternatives() -> None:
    name = parse("复旦大学附属中山医院党支部")
    assert (name.name, name.units, name.wrapper) == ("复旦大学", ("附属中山医院",), "党支部")
    whole, hospital = alternatives(name)
    assert (whole.name, whole.units, whole.wrapper) == ("复旦大学附属中山医院", (), "党支部")
    assert (hospital.name, hospital.core, hospital.wrapper) == ("中山医院", "中山", "党支部")
    assert [hospital.original[p.start : p.end] for p in hospital.parts] == ["中山", "医院", "党支部"]
    assert alternatives(parse("西门子有限公司上海分公司")) == ()
    assert [other.name for other in alternatives(parse("广州医科大学附属医院"))] == ["广州医科大学附属医院"]


OWNED = (
    "复旦大学附属中山医院|复旦|附属中山医院;四川大学华西医院|四川大学|华西医院;武汉大学第二附属中学|武汉大学|第二附属中学;"
    "中国科学院物理研究所|中国科学院|物理研究所;北京大学第三医院骨科|北京大学|第三医院,骨科;"
    "上海交通大学医学院附属仁济医院|上海交通大学|医学院,附属仁济医院;"
    "Zhongshan Hospital, Fudan University|Fudan|Zhongshan Hospital;"
    "Zhongshan Hospital Affiliated to Fudan University|Fudan|Zhongshan Hospital;"
    "The Zhongshan Hospital of Fudan University|Fudan|Zhongshan Hospital;"
    "Fudan University Zhongshan Hospital|Fudan|Zhongshan Hospital;"
    "Zhongshan Hospital, School of Medicine, Fudan University|Fudan|Zhongshan Hospital,School of Medicine;"
    "Shanghai Institute of Ceramics, Chinese Academy of Sciences|Chinese Academy|Shanghai Institute of Ceramics;"
    "University of Hong Kong Queen Mary Hospital|University of Hong Kong|Queen Mary Hospital"
)


@pytest.mark.parametrize("text", ["长安区医院", "七堵区医院", "西城区第一小学"])
def test_a_place_with_its_level_is_no_firms_name(text: str) -> None:
    assert parse(text).places == (text[:3],)


@pytest.mark.parametrize("case", OWNED.split(";"))
def test_hospitals_schools_and_institutes_are_units_of_their_university(case: str) -> None:
    text, owner, units = case.split("|")
    name = parse(text)
    assert name.units == tuple(units.split(","))
    assert name.name.startswith(owner)


NOT_OWNED = (
    "中国科学院大学|北京大学城医院|上海大学生体育协会|中国人民银行研究所|University of Chinese Academy of Sciences"
)


@pytest.mark.parametrize("text", NOT_OWNED.split("|"))
def test_what_merely_looks_like_a_unit_of_a_university(text: str) -> None:
    assert parse(text).units == ()


REPEATED = (
    "上海|中共|(|)|（一）|有限公司|分行(|第一|机关|党支部|a |Co. |(a|集团|银行|附属|Bank of |School of |一| |"
    "\u0301|\u0301\u0316|e\u0301|㈱|大学医院|长安|0123456789|ВASF |（中国）（一）|部|附属医院"
)


@pytest.mark.parametrize("unit", sorted({*REPEATED.split("|"), *KINDS.values()}))
def test_time_is_linear(unit: str) -> None:
    measured = min((growth(unit, unit, 2_000, 20_000) for _ in range(2)), key=lambda growth: growth.ratio)
    assert measured.ratio < 1.5 * LINEAR  # short strings are timed coarsely; a square law would give 100
