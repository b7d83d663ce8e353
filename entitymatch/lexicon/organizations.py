"""Organisations that must be known: 汇丰 is HSBC, and no rule finds that.

The tables in ``data/organisations/*.tsv`` hold one organisation a row, with its names in both scripts. A *key*
names the organisation; an *alias* is one of its names. Aliases are looked up inside longer names (汇丰 in 汇丰银行),



 the longest
first, so they are kept in a compact form: Han aliases without punctuation, Latin ones as tuples of word stems.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from os import PathLike
from typing import TYPE_CHECKING

from entitymatch.lexicon.tables import Row, data_root, read_table, values
from entitymatch.names.tokens import tokens

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrame

FOLDER = "organisations"
# Words without which a Latin alias is still the same alias.
_ARTICLES = ("the", "of", "and", "for", "de", "la", "du", "des", "und", "y", "e", "a", "an", "in", "at")
_FORMS = ("co", "company", "ltd", "limited", "inc", "corp", "corporation", "plc")
LIGHT_WORDS = frozenset([*_ARTICLES, *_FORMS])


@dataclass(frozen=True, slots=True)
class Organization:
    """One organisation of the lexicon, or one that a user added.

    Attributes:
        key: its identifier, unique in the lexicon.
        en: English names, the everyday one first.
        zh: Chinese names in simplified characters.
        common: those Chinese names that are also ordinary words or common trade names (苹果, 大众).
        trade: English words for what it does.
        parent, relation: the group it belongs to and how (``unit``, ``affiliate``, ``joint_venture``).
        source: the table it comes from.
    """

    key: str
    en: tuple[str, ...]
    zh: tuple[str, ...]
    common: frozenset[str]
    kind: str
    country: str
    trade: tuple[str, ...]
    parent: str
    relation: str
    source: str


@dataclass(frozen=True, slots=True)
class Alias:
    """A name as it is looked up: which organisation it names, and whether it is also an ordinary word."""

    key: str
    common: bool


def compact(text: str) -> str:
    """Return a Han name without anything that is not a letter or a digit, in lower case.

    Example:
        >>> compact("罗尔斯-罗伊斯"), compact("可口 可乐")
        ('罗尔斯罗伊斯', '可口可乐')
    """
    return "".join(c for c in text.lower() if c.isalnum())


def latin_key(text: str) -> tuple[str, ...]:
    """Return the stems of a Latin name without light words and legal forms, in order.

    Example:
        >>> latin_key("The Bank of Nova Scotia")
        ('bank', 'nova', 'scotia')
    """
    return tuple(t.stem for t in tokens(text) if t.stem not in LIGHT_WORDS)


class Lexicon:
    """Organisations and their aliases in both scripts.

    Args:
        organizations: later ones with a key that is already there replace the earlier ones.

    Example:
        >>> lexicon = Lexicon.default()
        >>> [lexicon.organizations[a.key].en[0] for a in lexicon.han_aliases["辉瑞"]]
        ['Pfizer']
    """

    def __init__(self, organizations: Iterable[Organization]) -> None:
        self.organizations: dict[str, Organization] = {o.key: o for o in organizations}
        self.han_aliases: dict[str, list[Alias]] = {}
        self.latin_aliases: dict[tuple[str, ...], list[Alias]] = {}
        self._children: dict[str, list[str]] = {}
        # What organisations do, by key: filled and read by entitymatch.features.trades.
        self.trades: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
        for organization in self.organizations.values():
            self._index(organization)
            if organization.parent:
                self._children.setdefault(organization.parent, []).append(organization.key)
        self.longest_han = max(map(len, self.han_aliases), default=0)
        self.longest_latin = max(map(len, self.latin_aliases), default=0)

    def _index(self, organization: Organization) -> None:
        for name in dict.fromkeys(compact(n) for n in organization.zh):
            if len(name) > 1:
                common = name in organization.common
                self.han_aliases.setdefault(name, []).append(Alias(organization.key, common))
        for words in dict.fromkeys(latin_key(n) for n in organization.en):
            if words and len("".join(words)) > 1:
                self.latin_aliases.setdefault(words, []).append(Alias(organization.key, False))

    def parents(self, key: str) -> tuple[str, ...]:
        """Return the keys of the groups that an organisation belongs to, the nearest first."""
        found: list[str] = []
        organization = self.organizations.get(key)
        while organization is not None and organization.parent and organization.parent not in found:
            found.append(organization.parent)
            organization = self.organizations.get(organization.parent)
        return tuple(found)

    def children(self, key: str) -> list[str]:
        """Return the keys of the organisations that belong to a group, over all generations."""
        found: list[str] = []
        waiting = [key]
        while waiting:
            for child in self._children.get(waiting.pop(), ()):
                if child not in found:
                    found.append(child)
                    waiting.append(child)
        return found

    @classmethod
    def default(cls) -> Lexicon:
        """Return the lexicon that the package ships (loaded once)."""
        return _default()

    def with_aliases(self, aliases: Mapping[str, Iterable[str] | str] | str | PathLike[str] | IntoDataFrame) -> Lexicon:
        """Return a lexicon that also knows the user's own names.

        An organisation that the lexicon knows is called by any of its names and gets the new ones in addition; another
        one is added. A name that is given here no longer names any other organisation, nor is it an ordinary word.

        Args:
            aliases: for each organisation its further names, of either script (a string may hold several, ``"a|b"``);
                or a table with the columns ``organization`` and ``alias``; or the path of a file that
                :func:`entitymatch.lexicon.user.read_aliases` reads.

        Raises:
            EntityMatchError: if a file or a table is not what it should be.

        Example:
            >>> lexicon = Lexicon.default().with_aliases({"Acme Anvils": ["阿珂姆铁砧"], "HSBC": "狮子银行"})
            >>> [a.key for name in ("阿珂姆铁砧", "狮子银行", "汇丰") for a in lexicon.han_aliases[name]]
            ['user:Acme Anvils', 'hsbc', 'hsbc']
        """
        from entitymatch.lexicon.user import aliases_of, organizations_with

        return Lexicon(organizations_with(self, aliases_of(aliases)))


def organization_of_row(row: Row, source: str) -> Organization:
    """Read an organisation from a row of a table; see ``data/README.md`` for the columns."""
    former = values(row.get("former", ""))
    latin_former = [name for name in former if name[0].isascii()]
    return Organization(
        key=row["key"],
        en=tuple(values(row["en"]) + values(row.get("acronym", "")) + latin_former),
        zh=tuple(values(row["zh"]) + [name for name in former if name not in latin_former]),
        common=frozenset(compact(name) for name in values(row.get("common", ""))),
        kind=row.get("kind", ""),
        country=row.get("country", ""),
        trade=tuple(values(row.get("trade", ""))),
        parent=row.get("parent", ""),
        relation=row.get("relation", ""),
        source=source,
    )


@cache
def _default() -> Lexicon:
    tables = sorted(entry.name for entry in (data_root() / FOLDER).iterdir() if entry.name.endswith(".tsv"))
    return Lexicon(organization_of_row(row, table) for table in tables for row in read_table(f"{FOLDER}/{table}"))
