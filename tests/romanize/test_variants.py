import pytest
from hypothesis import given
from hypothesis import strategies as st

from entitymatch.lexicon.tables import read_table, values
from entitymatch.romanize import character_spellings, place_spellings, spellings, syllable_spellings


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("吕", "lv"), ("吕", "lyu"), ("吕", "lu"), ("清华", "tsinghua"), ("青岛", "tsingtao"), ("北京", "peking"),
        ("厦门", "amoy"), ("广州", "canton"), ("恒生", "hangseng"), ("新鸿基", "sunhungkai"), ("长江", "cheungkong"),
        ("汇丰", "wuifung"), ("和记", "wohkee"), ("周大福", "chowtaifook"), ("国泰", "kwoktai"), ("恒隆", "hanglung"),
        ("张", "cheung"), ("广", "kwong"), ("华", "wah"), ("兴", "hing"), ("中华", "chunghwa"), ("宁波", "ningpo"),
        ("太古", "taikoo"), ("永安", "wingon"), ("东亚", "tunga"),
    ],
)  # fmt: skip
def test_known_spellings_are_offered(text: str, spelling: str) -> None:
    assert spelling in dict(spellings(text, limit=200))


def test_pinyin_comes_first_and_weighs_one() -> None:
    assert spellings("青岛")[0] == ("qingdao", 1.0)


@pytest.mark.parametrize("row", read_table("postal.tsv"), ids=lambda row: row["han"])
def test_every_postal_spelling_is_offered(row: dict[str, str]) -> None:
    assert [spelling for spelling, _ in place_spellings(row["han"])] == values(row["spelling"])


def test_every_character_of_the_cantonese_table_has_its_spelling() -> None:
    for row in read_table("cantonese.tsv"):
        for character in row["han"]:
            assert set(values(row["spelling"])) <= set(dict(character_spellings(character)))


def test_unknown_syllable_is_its_own_spelling() -> None:
    assert syllable_spellings("hong2") == [("hong2", 1.0)]


@given(st.text(alphabet="吕青岛新鸿基A1 行", max_size=5), st.integers(1, 30))
def test_spellings_are_ascending_in_rank_and_limited(text: str, limit: int) -> None:
    found = spellings(text, limit)
    weights = [weight for _, weight in found]
    assert len(found) <= limit
    assert weights == sorted(weights, reverse=True)
    assert all(0 < weight <= 1 for weight in weights)
    assert len({spelling for spelling, _ in found}) == len(found)
