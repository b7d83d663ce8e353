"""167 words of organisation names, written down before looking whether the glossary has them (``words.tsv``)."""

from pathlib import Path

import pytest

from entitymatch.lexicon.tables import Row, parse_table, values
from entitymatch.lexicon.words import light_words
from entitymatch.names.tokens import tokens
from entitymatch.translate import default_glossary, default_model

LIST = Path(__file__).with_name("words.tsv")
ROWS = parse_table(LIST.read_text(encoding="utf-8"), LIST.name)


def test_the_list_is_as_long_as_it_says() -> None:
    assert len(ROWS) == 167


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["zh"])
def test_one_of_the_words_that_stand_for_it_is_known(row: Row) -> None:
    known = {stem for source in (default_glossary(), default_model()) for stem, _ in source.translations(row["zh"])}
    wanted = [{t.stem for t in tokens(text)} - light_words("article", "gloss") for text in values(row["en"])]
    assert any(stems <= known for stems in wanted), (row["en"], sorted(known))
