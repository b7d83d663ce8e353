"""Pinyin of Chinese names: one toneless syllable per Han character, polyphones read as in names.

A character-by-character table reads 银行 "yin xing" and 重庆 "zhong qing". pypinyin knows 47,000 phrases with their
readings and gets these two right, but not 支行, 朝阳 (a district) or 闵行. Here its tables are read once, toneless,
together with our own ``data/readings.tsv`` (places and words of the trade), into one dictionary in which the
longest phrase wins, from left to right. pypinyin's own state is never changed.

Only phrases that contain a character of several toneless readings are kept; a phrase of the others could not change a
reading. That makes a name cost a few microseconds.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from typing import Any

from entitymatch.lexicon.tables import read_table, values

_VARIANT_LETTERS = {"ü": "v", "ê": "e", "ɡ": "g"}


def toneless(syllable: str) -> str:
    """Return a pinyin syllable without its tone, ``ü`` written ``v``.

    Example:
        >>> toneless("lǜ"), toneless("zhōng"), toneless("lüe4")
        ('lv', 'zhong', 'lve')
    """
    letters: list[str] = []
    for letter in unicodedata.normalize("NFD", syllable):
        if letter == "\N{COMBINING DIAERESIS}":
            letters[-1] = "v"
        elif letter.isalpha() and not unicodedata.combining(letter):
            letters.append(_VARIANT_LETTERS.get(letter, letter))
    return "".join(letters)


@dataclass(frozen=True, slots=True)
class _Readings:
    """The dictionary: readings of single characters, of phrases, and the lengths of phrases by two first characters."""

    single: dict[str, str]
    phrases: dict[str, tuple[str, ...]]
    lengths: dict[str, tuple[int, ...]]


def _pypinyin(table: str) -> dict[Any, Any]:
    """Return a table of pypinyin from its module alone: the package would copy it and keep it, 45 MB of memory."""
    package = find_spec("pypinyin")
    spec = PathFinder.find_spec(f"pypinyin.{table}", package.submodule_search_locations) if package else None
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"there is no module pypinyin.{table}: install pypinyin")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[Any, Any] = getattr(module, table)
    return found


@cache
def _readings() -> _Readings:
    short = lru_cache(maxsize=None)(toneless)
    single: dict[str, str] = {}
    open_characters: set[str] = set()
    for code, cell in _pypinyin("pinyin_dict").items():
        possible = [short(reading) for reading in cell.split(",")]
        single[chr(code)] = possible[0]
        if len(set(possible)) > 1:
            open_characters.add(chr(code))
    phrases: dict[str, tuple[str, ...]] = {}
    for phrase, cells in _pypinyin("phrases_dict").items():
        if len(cells) == len(phrase) > 1 and not open_characters.isdisjoint(phrase) and single.keys() >= set(phrase):
            phrases[phrase] = tuple(short(cell[0]) for cell in cells)
    for row in read_table("readings.tsv"):
        reading = tuple(row["reading"].split())
        if len(reading) != len(row["han"]):
            raise ValueError(
                f"readings.tsv: {row['han']!r} has {len(row['han'])} characters but {len(reading)} syllables"
            )
        if len(reading) == 1:
            single[row["han"]] = reading[0]
        else:
            phrases[row["han"]] = reading
    lengths: dict[str, set[int]] = {}
    for phrase in phrases:
        lengths.setdefault(phrase[:2], set()).add(len(phrase))
    return _Readings(single, phrases, {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()})


def syllables(text: str) -> list[str]:
    """Read the Han characters of a name as pinyin.

    Args:
        text: any string; characters that are not Han (and the few hundred Han characters nobody has a reading for)
            are skipped.
            They also end a phrase.

    Returns:
        One lowercase syllable per Han character, without tone, ``ü`` written ``v``.

    Example:
        >>> syllables("重庆银行朝阳支行")
        ['chong', 'qing', 'yin', 'hang', 'chao', 'yang', 'zhi', 'hang']
        >>> syllables("HSBC 吕梁分行")
        ['lv', 'liang', 'fen', 'hang']
    """
    readings = _readings()
    single, phrases, lengths = readings.single, readings.phrases, readings.lengths
    out: list[str] = []
    position = 0
    while position < len(text):
        for length in lengths.get(text[position : position + 2], ()):
            reading = phrases.get(text[position : position + length])
            if reading is not None:
                out.extend(reading)
                position += length
                break
        else:
            syllable = single.get(text[position])
            if syllable is not None:
                out.append(syllable)
            position += 1
    return out


@cache
def _open_readings() -> dict[str, tuple[tuple[str, float], ...]]:
    return {
        row["han"]: tuple(zip(values(row["readings"]), map(float, values(row["weights"])), strict=True))
        for row in read_table("readings_open.tsv")
    }


def readings(text: str, limit: int = 8) -> list[tuple[tuple[str, ...], float]]:
    """Return the possible readings of a short Han text, likeliest first.

    Where a phrase decides there is one: 支行 is ``zhi hang``. 长 of a made-up name is read in two ways.

    Args:
        text: any string; the characters that `syllables` skips are skipped.
        limit: how many to return at most.

    Returns:
        Pairs of syllables and weight in (0, 1], relative to the likeliest reading (1.0); what ``syllables`` gives is
        among the first of equal weight. [] for a text without Han characters.

    Example:
        >>> readings("长泰")
        [(('chang', 'tai'), 1.0), (('zhang', 'tai'), 0.25)]
        >>> readings("支行")
        [(('zhi', 'hang'), 1.0)]
    """
    known, chosen, opened = _readings(), syllables(text), _open_readings()
    if not chosen:
        return []
    choices: list[tuple[tuple[str, float], ...]] = []
    position = 0
    while position < len(text) and len(choices) < len(chosen):
        first = text[position]
        for length in known.lengths.get(text[position : position + 2], ()):
            if text[position : position + length] in known.phrases:
                choices += [((syllable, 1.0),) for syllable in known.phrases[text[position : position + length]]]
                position += length
                break
        else:
            if first in known.single:
                choices.append(opened.get(first, ((known.single[first], 1.0),)))
            position += 1
    best: list[tuple[tuple[str, ...], float]] = [((), 1.0)]
    for options in choices:
        top = max(weight for _, weight in options)
        best = [((*read, syllable), so_far * weight / top) for read, so_far in best for syllable, weight in options]
        best = sorted(best, key=lambda item: -item[1])[:limit]
    return [(read, round(weight, 6)) for read, weight in best]


def han(text: str) -> str:
    """Return the Han characters of a text that have a reading: one for each of ``syllables(text)``.

    Example:
        >>> han("HSBC 汇丰（中国）")
        '汇丰中国'
    """
    single = _readings().single
    return "".join(character for character in text if character in single)


def syllables_many(texts: Iterable[str]) -> list[list[str]]:
    """Read many names; each distinct string is read once.

    Args:
        texts: any strings.

    Returns:
        For each text the list that ``syllables`` gives; equal texts share one list, so copy before changing.

    Example:
        >>> syllables_many(["厦门", "六安", "厦门"])
        [['xia', 'men'], ['lu', 'an'], ['xia', 'men']]
    """
    known: dict[str, list[str]] = {}
    out: list[list[str]] = []
    for text in texts:
        found = known.get(text)
        if found is None:
            found = known[text] = syllables(text)
        out.append(found)
    return out
