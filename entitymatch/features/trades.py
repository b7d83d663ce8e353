"""What an organisation does, as far as its name says: trades in Han characters and in English words.

Trades are held against one another by *group* (``finance``, ``health`` …, the column of ``data/trades.tsv``). Words
that say what a subsidiary of any group does (投资, 贸易) are *activities*; words of small businesses (文具店) are
*shops* (``data/activities.tsv``).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from entitymatch.lexicon import Lexicon
from entitymatch.lexicon.tables import read_table, values
from entitymatch.lexicon.words import trades
from entitymatch.names.tokens import tokens

ACTIVITY, SHOP, GENERIC = "activity", "shop", "generic"


class Trade(NamedTuple):
    """A trade word in a Han text: its span, its group (or ``activity``, ``shop``, ``generic``), its English."""

    start: int
    end: int
    group: str
    words: frozenset[str] = frozenset()


@cache
def _generic_words() -> frozenset[str]:
    """Return English stems that name no trade (*industry*, *services*): sharing one means nothing."""
    generic = {
        t.stem for row in trades() if row["group"] == GENERIC for name in values(row["en"]) for t in tokens(name)
    }
    return frozenset(generic | {row["word"] for row in read_table("vague_words.tsv")})


@cache
def _han_words() -> tuple[dict[str, tuple[str, frozenset[str]]], dict[str, tuple[int, ...]]]:
    """Return Han trade words with their groups and English stems, and how long those with a first character are.

    Most characters of a name begin no trade word. The lengths fall.
    """
    words: dict[str, tuple[str, frozenset[str]]] = {}
    for row in trades():
        stems = frozenset(t.stem for name in values(row["en"]) for t in tokens(name)) - _generic_words()
        words.update((zh, (row["group"], stems)) for zh in values(row["zh"]) if len(zh) > 1)
    words.update((row["zh"], (row["role"], frozenset())) for row in read_table("activities.tsv"))
    lengths: dict[str, set[int]] = {}
    for word in words:
        lengths.setdefault(word[0], set()).add(len(word))
    return words, {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}


@cache
def trade_stems() -> frozenset[str]:
    """Return the English stems of all Han trade words."""
    return frozenset(stem for _, stems in _han_words()[0].values() for stem in stems)


@lru_cache(maxsize=65_536)
def han_trades(text: str) -> tuple[Trade, ...]:
    """Find the trade words of a Han text, the longest first from left to right.

    Example:
        >>> han_trades("文具店")[0].group, han_trades("投资")[0].group
        ('shop', 'activity')
    """
    words, lengths = _han_words()
    found: list[Trade] = []
    position = 0
    while position < len(text):
        for length in lengths.get(text[position], ()):
            end = position + length
            if end <= len(text) and (known := words.get(text[position:end])) is not None:
                found.append(Trade(position, end, *known))
                position = end - 1
                break
        position += 1
    return tuple(found)


@cache
def _word_groups() -> dict[str, frozenset[str]]:
    """Return the groups of English stems; words of more than two groups say nothing."""
    groups: dict[str, set[str]] = {}
    for row in trades():
        for name in values(row["en"]):
            stems = [t.stem for t in tokens(name)]
            if len(stems) == 1:
                groups.setdefault(stems[0], set()).add(row["group"])
    return {stem: frozenset(found - {GENERIC}) for stem, found in groups.items() if len(found) <= 2}


def groups_of_words(stems: Iterable[str]) -> frozenset[str]:
    """Return the groups of the trades that English words name.

    Example:
        >>> sorted(groups_of_words(["hsbc", "bank"]))
        ['finance']
    """
    groups = _word_groups()
    return frozenset(group for stem in stems for group in groups.get(stem, ()))


_KIND_GROUPS = {
    "bank": "finance",
    "insurer": "finance",
    "asset_manager": "finance",
    "broker": "finance",
    "exchange": "finance",
    "university": "education",
    "school": "education",
    "hospital": "health",
    "airline": "transport",
    "media": "media",
    "government": "public",
    "law_firm": "professional",
}


@cache
def _term_groups() -> dict[str, frozenset[str]]:
    """Return the groups of the trade terms of the lexicon that their words do not give."""
    return {row["trade"]: frozenset(values(row["groups"])) for row in read_table("organisation_trades.tsv")}


def trades_of(lexicon: Lexicon, key: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the groups of what a known organisation does, and the English stems of what it and its units do.

    COSCO is a shipping line, but its units build ships, insure and run ports: a name of COSCO with one of these
    very trades does not contradict it. Their whole groups would: what is in the family of insurance is not yet COSCO's.
    """
    known = lexicon.trades.get(key)
    if known is None:
        groups: set[str] = set()
        stems: set[str] = set()
        for organization in (lexicon.organizations[k] for k in (key, *lexicon.children(key))):
            for text in organization.trade:
                own = [t.stem for t in tokens(text)]
                stems.update(own)
                if organization.key == key:
                    groups |= _term_groups().get(text) or groups_of_words(own)
            if organization.key == key:
                stems.update(t.stem for t in tokens(organization.kind))
                groups |= {_KIND_GROUPS[organization.kind]} if organization.kind in _KIND_GROUPS else set()
        known = lexicon.trades[key] = frozenset(groups), frozenset(stems)
    return known
