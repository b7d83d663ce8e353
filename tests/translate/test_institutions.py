"""The words of institutions and industries: the table's form, how it joins the other two, and what it knows."""

import re
from collections import Counter

import pytest

from entitymatch.lexicon.tables import read_table, values
from entitymatch.translate import Glossary, default_glossary
from scripts.check_glossary import superfluous

ROWS = read_table("glossary_institutions.tsv")


def stems(gloss: str) -> set[str]:
    """The words of one gloss as the glossary reads them, without *of* and its like."""
    return {stem for stem, _ in Glossary({"字": gloss}).translations("字")}


def test_the_table_is_well_formed() -> None:
    assert [row["zh"] for row in ROWS if not re.fullmatch(r"[\u4e00-\u9fff]{1,6}", row["zh"])] == []
    english = re.compile(r"[a-z0-9][a-z0-9'.-]*( [a-z0-9][a-z0-9'.-]*){0,6}")
    assert [row for row in ROWS if not all(map(english.fullmatch, row["en"].split("|")))] == []
    assert {row["source"] for row in ROWS} == {"own"}


def test_no_word_stands_twice() -> None:
    words = [row["zh"] for row in ROWS]
    assert [word for word, count in Counter(words).items() if count > 1] == []


def test_every_alternative_has_a_word_of_its_own() -> None:
    for row in ROWS:
        seen: set[str] = set()
        for gloss in values(row["en"]):
            assert stems(gloss) - seen, row  # else it would only weaken those after it
            seen |= stems(gloss)


def test_every_row_says_something_new() -> None:
    assert superfluous({row["zh"]: row["en"] for row in ROWS}) == []


def test_a_row_is_superfluous_if_the_dictionary_or_shorter_rows_give_its_words() -> None:
    rows = {
        "银行": "bank",  # the other glossaries
        "岩土": "geotechnical",  # new
        "岩土银行": "geotechnical bank",  # its parts
        "地球银行": "planetarium bank",  # its parts give one word only
    }
    assert superfluous(rows) == ["银行", "岩土银行"]


def test_own_words_come_first_then_institutions_then_the_dictionary() -> None:
    own = {row["zh"]: row["en"] for row in read_table("glossary.tsv")}
    dictionary = {row["zh"]: row["en"] for row in read_table("glossary_cedict.tsv")}

    def first(cell: str) -> set[str]:
        return stems(values(cell)[0])

    def weights(word: str) -> dict[str, float]:
        return dict(default_glossary().translations(word))

    both = [row for row in ROWS if row["zh"] in own]
    others = [row for row in ROWS if row["zh"] not in own]
    assert both
    for row in both:
        assert all(weights(row["zh"])[stem] == 1.0 for stem in first(own[row["zh"]])), row
        assert first(row["en"]) <= weights(row["zh"]).keys(), row
    for row in others:
        assert all(weights(row["zh"])[stem] == 1.0 for stem in first(row["en"])), row
    known = [row for row in others if row["zh"] in dictionary]
    assert known
    for row in known:
        assert stems(values(dictionary[row["zh"]])[-1]) <= weights(row["zh"]).keys(), row


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("摩擦", "tribology"),
        ("高分子", "macromolecular"),
        ("岩土", "geotechnical"),
        ("生态毒理", "ecotoxicology"),
        ("口腔", "stomatology"),
        ("妇幼", "maternal"),
        ("防治", "prevention"),
        ("师范", "education"),
        ("浸信会", "baptist"),
        ("圣保禄", "paul"),
        ("女子", "girl"),
        ("审计署", "audit"),
        ("内政", "interior"),
        ("慈幼", "salesian"),
        ("原住民族", "indigenous"),
    ],
)
def test_words_of_institutions_are_known(word: str, stem: str) -> None:
    assert dict(default_glossary().translations(word)).get(stem, 0.0) >= 0.2
