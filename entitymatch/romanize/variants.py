"""Other Latin spellings of a Chinese name: what was on the letterhead before, or outside the reach of, pinyin.

清华 is Tsinghua, 青岛啤酒 Tsingtao, 恒生 Hang Seng, 新鸿基 Sun Hung Kai, and 吕 in a firm's name Lv, Lyu or Lu.
Four systems are kept as tables: pinyin with its ways of writing ü, Wade–Giles and older house spellings
(``data/wade_giles.tsv``), the postal spellings of places (``data/postal.tsv``) and Hong Kong's Cantonese
(``data/cantonese.tsv``). A name is spelled in one system at a time: Sun Hung Kai is likely, Xin Hung Kai is not.

Weights say how often a name in English takes that spelling, relative to the first of pinyin (1.0). They were set by
hand: pinyin 1, Cantonese 0.5, postal 0.6, Wade–Giles 0.3, older spellings 0.2; each further spelling in a cell counts
0.7 of the one before.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from entitymatch.lexicon.tables import read_table, values
from entitymatch.romanize.pinyin import readings, syllables

Spelling = tuple[str, float]

CANTONESE = 0.5
POSTAL = 0.6
WADE_GILES = 0.3
OLD = 0.2
NEXT = 0.7


def _falling(spellings: Sequence[str], weight: float) -> list[Spelling]:
    return [(spelling, weight * NEXT**rank) for rank, spelling in enumerate(spellings)]


@cache
def _syllable_table() -> dict[str, dict[str, list[Spelling]]]:
    table = {}
    for row in read_table("wade_giles.tsv"):
        table[row["pinyin"]] = {
            "pinyin": _falling([row["pinyin"], *values(row["modern"])], 1.0),
            "wade_giles": _falling(values(row["wade_giles"]), 1.0),
            "old": _falling([*values(row["old"]), *values(row["wade_giles"])], 1.0),
        }
    return table


@cache
def _cantonese_table() -> dict[str, list[Spelling]]:
    table: dict[str, dict[str, float]] = {}
    for row in read_table("cantonese.tsv"):
        for spelling, weight in _falling(values(row["spelling"]), 1.0):
            for character in row["han"]:
                found = table.setdefault(character, {})
                found[spelling] = max(weight, found.get(spelling, 0.0))
    return {character: sorted(found.items(), key=lambda item: -item[1]) for character, found in table.items()}


@cache
def postal_table() -> dict[str, list[Spelling]]:
    """Return what :func:`place_spellings` knows."""
    return {row["han"]: _falling(values(row["spelling"]), POSTAL) for row in read_table("postal.tsv")}


def syllable_spellings(syllable: str) -> list[Spelling]:
    """Return the Latin spellings of one pinyin syllable with weights, likeliest first.

    Args:
        syllable: toneless, ``v`` for ü, as ``entitymatch.romanize.syllables`` gives it.

    Returns:
        Pairs of lowercase spelling and weight in (0, 1]; the pinyin spelling first with 1.0. An unknown syllable is
        its own only spelling.

    Example:
        >>> syllable_spellings("lv")[:3]
        [('lv', 1.0), ('lyu', 0.7), ('lu', 0.49)]
        >>> "tsing" in dict(syllable_spellings("qing"))
        True
    """
    entry = _syllable_table().get(syllable)
    if entry is None:
        return [(syllable, 1.0)]
    found: dict[str, float] = {}
    for system, factor in (("pinyin", 1.0), ("wade_giles", WADE_GILES), ("old", OLD)):
        for spelling, weight in entry[system]:
            found[spelling] = max(found.get(spelling, 0.0), round(weight * factor, 6))
    return sorted(found.items(), key=lambda item: -item[1])


def character_spellings(character: str) -> list[Spelling]:
    """Return the Hong Kong spellings of one simplified character with weights, likeliest first; [] if there is none.

    Example:
        >>> character_spellings("香")[0]
        ('heung', 0.5)
    """
    return [(spelling, weight * CANTONESE) for spelling, weight in _cantonese_table().get(character, [])]


def spelled_characters() -> list[str]:
    """Return the characters that ``character_spellings`` knows, in the order of the table."""
    return list(_cantonese_table())


def place_spellings(text: str) -> list[Spelling]:
    """Return the historic and local spellings of a place or word as a whole, likeliest first; [] if there is none.

    Example:
        >>> place_spellings("青岛")
        [('tsingtao', 0.6), ('tsingtau', 0.42)]
    """
    return list(postal_table().get(text, []))


def _best_products(choices: Sequence[Sequence[Spelling]], weight: float, limit: int) -> list[Spelling]:
    best: list[Spelling] = [("", weight)]
    for options in choices:
        best = [(done + spelling, so_far * factor) for done, so_far in best for spelling, factor in options]
        best = sorted(best, key=lambda item: (-item[1], item[0]))[:limit]
    return best


def spellings(text: str, limit: int = 24) -> list[Spelling]:
    """Return joined Latin spellings of a short Han text (a core, a place), likeliest first.

    Args:
        text: Han characters; others are skipped.
        limit: how many to return at most, and how many to keep of each system.

    Returns:
        Pairs of lowercase spelling without spaces and weight in (0, 1]; pinyin first with 1.0. A system that lacks a
        character of the text gives nothing. [] for a text without Han characters.

    Example:
        >>> spellings("青岛")[:2]
        [('qingdao', 1.0), ('tsingtao', 0.6)]
        >>> "hwa" in dict(spellings("华"))
        True
    """
    read = syllables(text)
    if not read:
        return []
    entries = [_syllable_table().get(syllable) for syllable in read]
    found: list[Spelling] = []
    pinyin = [entry["pinyin"] if entry else [(syllable, 1.0)] for syllable, entry in zip(read, entries, strict=True)]
    found += _best_products(pinyin, 1.0, limit)
    found += [("".join(other), weight) for other, weight in readings(text, limit) if other != tuple(read)]
    found += [(spelling.replace(" ", ""), weight) for spelling, weight in place_spellings(text)]
    known = [entry for entry in entries if entry]
    if len(known) == len(read):
        found += _best_products([entry["wade_giles"] for entry in known], WADE_GILES, limit)
        found += _best_products([entry["old"] for entry in known], OLD, limit)
    cantonese = [_cantonese_table().get(character, []) for character in text if syllables(character)]
    found += _best_products(cantonese, CANTONESE, limit)
    best: dict[str, float] = {}
    for spelling, weight in found:
        best[spelling] = max(best.get(spelling, 0.0), round(weight, 6))
    return sorted(best.items(), key=lambda item: (-item[1], item[0]))[:limit]
