"""Numbers that tell organisations apart: 第一医院 is not 第二医院, the Second Hospital not the First."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from entitymatch.lexicon.tables import read_table, values

_ORDINAL = re.compile(r"第([一二三四五六七八九十]{1,3}|[0-9]{1,3})")
_DIGITS = re.compile(r"[0-9]{1,3}(?:st|nd|rd|th)?")


@cache
def _numbers() -> dict[str, int]:
    return {
        word: int(row["value"]) for row in read_table("numbers.tsv") for word in (row["han"], *values(row["latin"]))
    }


def numbers_of(text: str, stems: Iterable[str]) -> frozenset[int]:
    """Return the numbers in a name.

    Args:
        text: the normalised name; of its Han characters only ordinals count (第二), not 三 in 三星.
        stems: its Latin words.

    Example:
        >>> sorted(numbers_of("上海市第六人民医院", ())), sorted(numbers_of("", ("6th", "people", "hospital")))
        ([6], [6])
    """
    known = _numbers()
    found = {
        known[word] if word in known else int(word)
        for word in _ORDINAL.findall(text)
        if word in known or word.isdigit()
    }
    for stem in stems:
        if stem in known:
            found.add(known[stem])
        elif _DIGITS.fullmatch(stem):
            found.add(int(re.sub(r"\D", "", stem)))
    return frozenset(found)
