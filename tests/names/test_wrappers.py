"""What party, union, youth and women's organisations put around a name goes, in every numeral, bracket and spacing."""

from __future__ import annotations

from itertools import product

import pytest

from entitymatch.lexicon.words import wrappers
from entitymatch.names import PartKind, parse

NAME = "西门子有限公司"
NUMERALS = [
    "一",
    "二",
    "十",
    "十二",
    "二十一",
    "〇",
    "廿一",
    "壹",
    "贰",
    "1",
    "2",
    "12",
    "１",
    "１２",
    "①",
    "②",
    "Ⅱ",
    "II",
]
BRANCHES = ["党支部", "支部", "党总支", "党小组", "支部委员会", "党支部委员会", "总支部委员会", "团支部", "工会小组"]
ADJECTIVES = [
    "机关",
    "离退休",
    "退休",
    "离休",
    "离退休干部",
    "联合",
    "临时",
    "流动",
    "流动党员",
    "在职",
    "在职职工",
    "功能型",
    "境外",
    "女职工",
    "临时联合",
    "机关联合",
]
BRACKETS = ["（）", "()", "［］", "[]", "【】", "〔〕", "｛｝", "{}", "《》", "〈〉", "「」", "『』", "“”", "〖〗"]


def wrapped(text: str) -> str:
    """The wrapper of a string in which nothing else stands beside the name."""
    name = parse(text)
    assert [p.text for p in name.parts if p.kind is not PartKind.WRAPPER] == ["西门子", "有限公司"], text
    assert name.name == "西门子"
    return name.wrapper


@pytest.mark.parametrize("number", NUMERALS)
def test_numbers(number: str) -> None:
    for branch in BRANCHES:
        assert wrapped(f"{NAME}第{number}{branch}")
        assert wrapped(f"{NAME} 第 {number} {branch}")
        assert wrapped(f"{NAME}（第{number}{branch}）")
        assert wrapped(f"{NAME}机关第{number}{branch}")
        assert wrapped(f"{NAME}离退休干部第{number}联合{branch}")
        assert wrapped(f"中共{NAME}第{number}{branch}").startswith("中共第")
    assert wrapped(f"{NAME}党总支第{number}党支部")


@pytest.mark.parametrize(
    "text", ["二支部", "3支部", "机关２支部", "2号党支部", "党支部2", "党支部（一）", "第一党支部第二党小组"]
)
def test_numbers_without_their_sign(text: str) -> None:
    assert wrapped(NAME + text)


@pytest.mark.parametrize(("adjective", "end"), list(product(ADJECTIVES, ["党支部", "党总支", "党委"])))
def test_adjectives(adjective: str, end: str) -> None:
    assert wrapped(NAME + adjective + end) == adjective + end
    assert wrapped(f"{NAME}（{adjective}{end}）") == adjective + end
    assert wrapped(f"{NAME}{adjective}第三{end}") == f"{adjective}第三{end}"


@pytest.mark.parametrize("bracket", BRACKETS)
def test_brackets(bracket: str) -> None:
    opening, closing = bracket
    for inside in ("党支部", "第一党支部", "离退休 党支部", "工会", "团委"):
        assert wrapped(f"{NAME}{opening}{inside}{closing}") == inside.replace(" ", "")


@pytest.mark.parametrize("sign", " 　-—·，、_/：:　")
def test_signs_between(sign: str) -> None:
    assert wrapped(f"{NAME}{sign}党支部") == "党支部"


@pytest.mark.parametrize(
    "text", ["西 门 子 有 限 公 司 党 支 部", "中共 西门子有限公司 支部 委员会", "西门子有限公司第　２　党　支　部"]
)
def test_inner_spaces(text: str) -> None:
    assert wrapped(text).replace("2", "").endswith(("党支部", "支部委员会"))


@pytest.mark.parametrize(
    "row", [r for r in wrappers() if r["script"] == "han" and r["role"] == "end"], ids=lambda r: r["form"]
)
def test_every_closing_word(row: dict[str, str]) -> None:
    assert wrapped(NAME + row["form"]) == row["form"]


@pytest.mark.parametrize("row", [r for r in wrappers() if r["role"] == "frontend"], ids=lambda r: r["form"])
def test_what_closes_only_behind_an_opening_word(row: dict[str, str]) -> None:
    assert wrapped(f"中共{NAME}{row['form']}") == "中共" + row["form"]


@pytest.mark.parametrize("text", ["上海市党校", "统一企业", "工会大厦", "中国工会杂志社", "共青城市", "团结报社"])
def test_words_that_merely_look_like_wrappers(text: str) -> None:
    assert parse(text).wrapper == ""


def test_a_wrapper_alone_is_the_name() -> None:
    assert parse("第一党支部").name == "第一党支部"
