"""The tables of words that names are made of: places, trades, legal forms, wrappers, units.

The tables are data (``entitymatch/data/*.tsv``); this module gives each one as rows, read once. What the columns
mean stands at the head of each file and in ``data/README.md``.
"""

from __future__ import annotations

from functools import cache

from entitymatch.lexicon.tables import Row, read_table, values

PLACE_TABLES = ("places.tsv", "places_cedict.tsv", "places_world.tsv")


@cache
def places() -> tuple[Row, ...]:
    """Return the places: columns ``zh``, ``en`` (several values), ``level``, ``parent``, ``weak``, ``source``.

    Our own table comes first; where a name stands in several tables, the first row is the one to believe.

    Example:
        >>> next(row["en"] for row in places() if row["zh"].startswith("青岛|"))
        'Qingdao|Tsingtao|Tsingtau'
    """
    return tuple(row for table in PLACE_TABLES for row in read_table(table))


@cache
def countries() -> frozenset[str]:
    """Return the Chinese names of countries.

    Example:
        >>> "英国" in countries(), "上海" in countries()
        (True, False)
    """
    return frozenset(zh for row in places() if row["level"] == "country" for zh in values(row["zh"]))


def trades() -> tuple[Row, ...]:
    """Return the trades: columns ``zh``, ``en`` (several values; ``zh`` may be empty), ``group``, ``source``."""
    return read_table("trades.tsv")


def legal_forms() -> tuple[Row, ...]:
    """Return the legal forms: columns ``form``, ``script`` (han, latin), ``country``, ``canonical``, ``kind``."""
    return read_table("legal_forms.tsv")


def wrappers() -> tuple[Row, ...]:
    """Return the words around a name: columns ``form``, ``script``, ``role``, ``canonical``."""
    return read_table("wrappers.tsv")


def units() -> tuple[Row, ...]:
    """Return the words for parts of an organisation: columns ``form``, ``script``, ``strength``, ``canonical``."""
    return read_table("units.tsv")


@cache
def light_words(*kinds: str) -> frozenset[str]:
    """Return Latin words that say nothing, of these kinds: ``article``, ``form`` (of a company), ``gloss``.

    Example:
        >>> "the" in light_words("article", "form"), "sth" in light_words("gloss"), "bank" in light_words("article")
        (True, True, False)
    """
    return frozenset(
        row["word"] for row in read_table("light_words.tsv") if not {*kinds}.isdisjoint(values(row["kind"]))
    )
