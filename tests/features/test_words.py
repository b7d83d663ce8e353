from itertools import pairwise

import pytest

from entitymatch.features.compounds import parts_of
from entitymatch.features.numbers import numbers_of
from entitymatch.features.trades import groups_of_words, han_trades, trades_of
from entitymatch.lexicon import Lexicon


@pytest.mark.parametrize(
    ("word", "parts"), [("citymedia", ("city", "media")), ("technology", ()), ("bank", ()), ("", ()), ("a1b2c3d4", ())]
)
def test_compounds(word: str, parts: tuple[str, ...]) -> None:
    assert parts_of(word) == parts


def test_parts_of_a_compound_make_it_up() -> None:
    for word in ("worldunion", "linktel", "dynagreen", "cityhotel"):
        assert "".join(parts_of(word)) in {word, ""}


@pytest.mark.parametrize(
    ("text", "stems", "found"),
    [
        ("第二医院", [], {2}),
        ("第12中学", [], {12}),
        ("三星二局", [], set()),
        ("", ["no", "2", "hospital"], {2}),
        ("", ["2nd", "hospital"], {2}),
        ("", ["second", "hospital"], {2}),
        ("", ["1234"], set()),  # a year or a brand
        ("第一医院第二分院", ["first"], {1, 2}),
    ],
)
def test_numbers(text: str, stems: list[str], found: set[int]) -> None:
    assert numbers_of(text, stems) == found


def test_trades_of_a_chinese_text_stand_in_order_and_do_not_overlap() -> None:
    found = han_trades("波音投资文具店")
    assert [trade.group for trade in found] == ["activity", "shop"]
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert han_trades("") == ()


def test_trades_of_both_scripts_share_their_groups() -> None:
    for chinese, english in (("银行", "bank"), ("医院", "hospital"), ("大学", "university"), ("汽车", "automobile")):
        assert {trade.group for trade in han_trades(chinese)} == groups_of_words([english]), chinese


def test_groups_of_known_organisations() -> None:
    groups, stems = trades_of(Lexicon.default(), "hsbc")
    assert "finance" in groups
    assert "bank" in stems
    assert groups_of_words(["honeywell"]) == frozenset()
