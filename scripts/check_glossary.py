"""List rows of ``entitymatch/data/glossary_institutions.tsv`` that say nothing new.

    python scripts/check_glossary.py

A row is superfluous if every word of its English is already given for the same characters, by the other two glossaries
or by shorter rows for a part of them (机械 and 传动 give all of 机械传动), at least half as likely as the row makes it.
Exit code 1 if there is any.
"""

from __future__ import annotations

import sys

from entitymatch.lexicon.tables import read_table
from entitymatch.translate.glossary import Glossary

ENOUGH = 0.5
SINGLE = 0.3  # one character means so much less than a word, as in entitymatch.features.translations


def base() -> Glossary:
    """Return the glossary without the table that is checked."""
    cells = {row["zh"]: row["en"] for row in read_table("glossary_cedict.tsv")}
    own = {row["zh"]: row["en"] for row in read_table("glossary.tsv")}
    return Glossary(cells | own, own.keys())


def superfluous(rows: dict[str, str]) -> list[str]:
    """Return the headwords of ``rows`` (headword → English) that could go without loss, shortest first."""
    others, table = base(), Glossary(rows, rows.keys())
    kept: set[str] = set()
    useless: list[str] = []
    for word in sorted(rows, key=lambda word: (len(word), word)):
        given = dict(others.translations(word))
        for start in range(len(word)):
            for end in range(start + 1, len(word) + 1):
                part = word[start:end]
                if part == word:
                    continue
                for glossary in (others, table) if part in kept else (others,):
                    for stem, probability in glossary.translations(part):
                        given[stem] = max(given.get(stem, 0.0), probability * (SINGLE if end - start == 1 else 1.0))
        if all(given.get(stem, 0.0) >= ENOUGH * probability for stem, probability in table.translations(word)):
            useless.append(word)
        else:
            kept.add(word)
    return useless


if __name__ == "__main__":
    found = superfluous({row["zh"]: row["en"] for row in read_table("glossary_institutions.tsv")})
    print("\n".join(found))
    sys.exit(bool(found))
