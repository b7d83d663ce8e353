"""Fifty famous firms, chosen before looking whether the tables have them (``famous.tsv``).

The list is a sample, not a list of things to do: rows are not added to the tables because a firm of it was missing.
"""

from pathlib import Path

from entitymatch.features import FeatureExtractor
from entitymatch.lexicon.tables import parse_table

LIST = Path(__file__).with_name("famous.tsv")
MISSED = {"PKN Orlen"}  # its row has the Chinese name of today (奥伦), not 波兰石油


def test_nearly_all_of_fifty_famous_firms_are_known() -> None:
    extractor = FeatureExtractor()
    rows = parse_table(LIST.read_text(encoding="utf-8"), LIST.name)
    assert len(rows) == 50

    def keys(name: str) -> set[str]:
        return {alias.key for alias in extractor.extract(name).aliases}

    assert {row["en"] for row in rows if keys(row["en"]).isdisjoint(keys(row["zh"]))} <= MISSED
