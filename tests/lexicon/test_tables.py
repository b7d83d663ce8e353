import pytest
from hypothesis import given
from hypothesis import strategies as st

from entitymatch.lexicon.tables import data_root, parse_table, read_table, values
from entitymatch.lexicon.words import legal_forms, places, trades, units, wrappers


def test_comments_and_empty_lines_are_skipped_and_short_rows_filled() -> None:
    text = "# who wrote it\nzh\ten\tsource\n\n银行\tbank | banking\n# 学院\n大学\t university \town\n"
    assert parse_table(text, "x") == [
        {"zh": "银行", "en": "bank | banking", "source": ""},
        {"zh": "大学", "en": "university", "source": "own"},
    ]
    assert parse_table("", "x") == parse_table("zh\ten\n", "x") == []


def test_a_row_with_too_many_cells_is_told_with_its_line() -> None:
    with pytest.raises(ValueError, match=r"trades, line 3: 3 cells, but the header names 2 columns"):
        parse_table("zh\ten\n银行\tbank\n大学\tuniversity\town\n", "trades")


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="|", exclude_categories=["Cs"]))))
def test_values_are_what_stands_between_the_bars(parts: list[str]) -> None:
    assert values("|".join(parts)) == [part.strip() for part in parts if part.strip()]


def test_a_table_is_read_once() -> None:
    assert read_table("trades.tsv") is read_table("trades.tsv")
    assert isinstance(read_table("trades.tsv"), tuple)


def test_a_table_that_is_not_there() -> None:
    with pytest.raises(FileNotFoundError):
        read_table("nothing.tsv")
    assert (data_root() / "trades.tsv").is_file()


def test_our_own_places_come_first() -> None:
    rows = [row for row in places() if "北京" in values(row["zh"])]
    assert rows[0]["source"] == "own"
    assert "Peking" in values(rows[0]["en"])


@pytest.mark.parametrize(
    ("table", "column", "allowed"),
    [
        (places, "level", {"country", "region", "province", "city", "county", "zone", "world_city"}),
        (places, "weak", {"", "weak"}),
        (trades, "head", {"", "yes", "owner"}),
        (legal_forms, "script", {"han", "latin"}),
        (legal_forms, "kind", {"company", "group", "body", "front"}),
        (wrappers, "role", {"front", "end", "middle", "frontend"}),
        (units, "strength", {"strong", "weak", "own", "front", "of", "affiliated"}),
    ],
)
def test_columns_hold_what_the_readme_says(table, column: str, allowed: set[str]) -> None:
    assert {row[column] for row in table()} == allowed
