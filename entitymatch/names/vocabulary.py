"""The words of the lexicon in the shape the parser reads them in.

Looking for the longest word at a place of a string is the parser's innermost step. A dictionary from first (or last)
character to the lengths of the words that begin (or end) with it answers it with a few slices, whatever the size of
the table. (Aho and Corasick's automaton would find all words at once; in Python the slices are faster, and the
parser asks only at a few places.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from entitymatch.lexicon.tables import values
from entitymatch.lexicon.words import legal_forms, places, trades, units, wrappers
from entitymatch.names.normalize import normalize

OWNER, OWN = "owner", "own"
"""Heads that own organisations (大学), and the units that are organisations of their own (医院)."""
TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


class Words:
    """A set of words that finds its longest member at, or before, a position of a string."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(words)
        first: dict[str, set[int]] = {}
        last: dict[str, set[int]] = {}
        for word in self.words:
            first.setdefault(word[0], set()).add(len(word))
            last.setdefault(word[-1], set()).add(len(word))
        self._first = {char: tuple(sorted(lengths, reverse=True)) for char, lengths in first.items()}
        self._last = {char: tuple(sorted(lengths, reverse=True)) for char, lengths in last.items()}

    def __contains__(self, word: str) -> bool:
        return word in self.words

    def at(self, text: str, start: int, end: int) -> int:
        """Return the end of the longest word that begins at ``start`` and ends by ``end``; 0 if there is none."""
        if start >= end:
            return 0
        for length in self._first.get(text[start], ()):
            if start + length <= end and text[start : start + length] in self.words:
                return start + length
        return 0

    def before(self, text: str, start: int, end: int) -> int:
        """Return the start of the longest word that ends at ``end`` and begins from ``start`` on; -1 if none."""
        if start >= end:
            return -1
        for length in self._last.get(text[end - 1], ()):
            if end - length >= start and text[end - length : end] in self.words:
                return end - length
        return -1


class Phrases:
    """A set of phrases of Latin words that finds its longest member at, or before, a position of a list of words."""

    def __init__(self, phrases: Iterable[tuple[str, ...]]) -> None:
        self.phrases = frozenset(phrase for phrase in phrases if phrase)
        first: dict[str, set[int]] = {}
        last: dict[str, set[int]] = {}
        for phrase in self.phrases:
            first.setdefault(phrase[0], set()).add(len(phrase))
            last.setdefault(phrase[-1], set()).add(len(phrase))
        self._first = {word: tuple(sorted(lengths, reverse=True)) for word, lengths in first.items()}
        self._last = {word: tuple(sorted(lengths, reverse=True)) for word, lengths in last.items()}

    def at(self, words: list[str], start: int, end: int) -> int:
        """Return the end of the longest phrase that begins at ``start`` and ends by ``end``; 0 if there is none."""
        if start < end:
            for length in self._first.get(words[start], ()):
                if start + length <= end and tuple(words[start : start + length]) in self.phrases:
                    return start + length
        return 0

    def before(self, words: list[str], start: int, end: int) -> int:
        """Return the start of the longest phrase that ends at ``end`` and begins at ``start`` or later; -1 if none."""
        if start < end:
            for length in self._last.get(words[end - 1], ()):
                if end - length >= start and tuple(words[end - length : end]) in self.phrases:
                    return end - length
        return -1


def _is_full(name: str) -> bool:
    """Return whether a place's name bears its level: 长安区 is no firm's name."""
    return len(name) > 2 and name[-1] in "省市县区旗"


def tokens(text: str) -> tuple[str, ...]:
    """Return the lower-case words of a Latin string, as the parser sees them.

    Example:
        >>> tokens("Xi'an St. Mary's Co.,Ltd")
        ("xi'an", 'st', "mary's", 'co', 'ltd')
    """
    return tuple(TOKEN.findall(text.lower()))


class HanVocabulary:
    """The Chinese words of the tables, by what the parser does with them."""

    def __init__(self) -> None:
        strong: set[str] = set()
        weak: set[str] = set()
        lesser: set[str] = set()
        regions: set[str] = set()
        self.parents: dict[str, str] = {}
        for row in places():
            names = [normalize(name) for name in values(row["zh"])]
            for index, name in enumerate(names):
                if len(name) < 2 or name in strong or name in weak:
                    continue
                # Only the bare name of a place can be a word; 长安区 is a place for certain.
                if row["level"] == "world_city" or row["weak"]:
                    lesser.add(name)
                doubtful = row["weak"] and index == 0 and len(name) <= 3 and not _is_full(name)
                (weak if doubtful else strong).add(name)
                if row["level"] in {"region", "country"}:
                    regions.add(name)
                self.parents[name] = row["parent"]
        self.weak_places = frozenset(weak)
        self.regions = frozenset(regions)  # 华东, 东北, 中华, 美国
        self.lesser_places = frozenset(lesser)  # those of the world and the doubtful ones
        self.places = Words(strong | weak)
        self.trades = Words(name for row in trades() for name in values(row["zh"]))
        self.generic = frozenset(n for row in trades() if row["group"] == "generic" for n in values(row["zh"]))
        self.heads = frozenset(n for row in trades() if row["head"] for n in values(row["zh"]))
        self.public = frozenset(n for row in trades() if row["group"] == "public" for n in values(row["zh"]))
        self.owners = frozenset(n for row in trades() if row["head"] == OWNER for n in values(row["zh"]))
        forms = [row for row in legal_forms() if row["script"] == "han"]
        company = [row["form"] for row in forms if row["kind"] == "company"]
        self.company = re.compile("|".join(sorted(company, key=len, reverse=True)))
        self.forms = Words(row["form"] for row in forms)
        self.groups = Words(row["form"] for row in forms if row["kind"] == "group")
        self.cuts = re.compile("[()]|" + "|".join(map(re.escape, self.groups.words)))  # where a name may be cut
        self.bodies = Words(row["form"] for row in forms if row["kind"] == "body")
        by_role: dict[str, list[str]] = {}
        for row in wrappers():
            if row["script"] == "han":
                by_role.setdefault(row["role"], []).append(row["form"])
        self.front = Words(by_role["front"])
        self.end = Words(by_role["end"])
        party = [form for form in by_role["end"] if "党" in form or form.endswith("支部委员会")]
        # Wrappers that also stand between two names; 党组 is none in 党组织.
        self.inner = re.compile("|".join(sorted(party, key=len, reverse=True)) + "(?!织)")
        self.front_end = Words(by_role["end"] + by_role["frontend"])
        self.middle = Words(by_role["middle"])
        han_units = [row for row in units() if row["script"] == "han"]
        self.units = Words(row["form"] for row in han_units if row["strength"] != OWN)
        self.own_units = Words(row["form"] for row in han_units if row["strength"] == OWN)
        self.strong_units = Words(row["form"] for row in han_units if row["strength"] == "strong")


class LatinVocabulary:
    """The Latin words of the tables, by what the parser does with them."""

    def __init__(self) -> None:
        strong: set[tuple[str, ...]] = set()
        weak: set[tuple[str, ...]] = set()
        for row in places():
            sure = not row["weak"] and row["source"] in {"own", "cldr"}
            (strong if sure else weak).update(tokens(normalize(name)) for name in values(row["en"]))
        weak -= strong
        self.weak_places = frozenset(phrase for phrase in weak if phrase)
        self.places = Phrases(strong | weak)
        self.trades = Phrases(tokens(name) for row in trades() for name in values(row["en"]))
        self.generic = frozenset(tokens(n) for row in trades() if row["group"] == "generic" for n in values(row["en"]))
        self.heads = frozenset(tokens(n) for row in trades() if row["head"] for n in values(row["en"]))
        forms = [row for row in legal_forms() if row["script"] == "latin"]
        self.forms = Phrases(tuple(row["form"].split()) for row in forms)
        self.company = Phrases(tuple(row["form"].split()) for row in forms if row["kind"] == "company")
        self.front_forms = Phrases(tuple(row["form"].split()) for row in forms if row["kind"] == "front")
        self.groups = Phrases(tuple(row["form"].split()) for row in forms if row["kind"] == "group")
        latin_wrappers = [row for row in wrappers() if row["script"] == "latin"]
        self.front = Phrases(tokens(row["form"]) for row in latin_wrappers if row["role"] == "front")
        self.end = Phrases(tokens(row["form"]) for row in latin_wrappers if row["role"] == "end")
        latin_units = [(tokens(row["form"]), row["strength"]) for row in units() if row["script"] == "latin"]
        self.strong_units = Phrases(phrase for phrase, strength in latin_units if strength == "strong")
        self.units = Phrases(phrase for phrase, strength in latin_units if strength in {"strong", "weak"})
        self.own_units = Phrases(phrase for phrase, strength in latin_units if strength == OWN)
        self.affiliated = Phrases(phrase for phrase, strength in latin_units if strength == "affiliated")
        self.front_units = Phrases(phrase for phrase, strength in latin_units if strength == "front")
        owners = {tokens(n) for row in trades() if row["head"] == OWNER for n in values(row["en"])}
        # A medical college may own a hospital, but in English it is more often owned itself.
        owned = {phrase for phrase in owners if self.front_units.at(list(phrase), 0, len(phrase))}
        self.owners = Phrases(owners - owned - self.own_units.phrases)
        self.of_units = Phrases(phrase for phrase, strength in latin_units if strength == "of")


@cache
def han() -> HanVocabulary:
    """Return the Chinese vocabulary, built when first asked for."""
    return HanVocabulary()


@cache
def latin() -> LatinVocabulary:
    """Return the Latin vocabulary, built when first asked for."""
    return LatinVocabulary()
