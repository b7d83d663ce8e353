"""Organisations that must be known: 汇丰 is HSBC, and no rule finds that.

The tables in ``data/organisations/*.tsv`` hold one organisation a row, with its names in both scripts. A *key*
names the organisation; an *alias* is one of its names. Aliases are looked up inside longer names (汇丰 in
汇丰银行), the longest first; :mod:`.names_index` holds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from os import PathLike
from typing import TYPE_CHECKING

from entitymatch.lexicon.names_index import (
    LIGHT_WORDS,
    Alias,
    HanNames,
    LatinKey,
    LatinNames,
    compact,
    han_key,
    latin_key,
)
from entitymatch.lexicon.shipped import FOLDER, Lines, names_of, read_lines
from entitymatch.lexicon.tables import Row, values
from entitymatch.names.normalize import has_han

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrame


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
        source: the table it comes from, and what the user gave it by.
        given: the names that a user gave, each with where it was given.
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
    given: tuple[tuple[str, str], ...] = ()

    def source_of(self, name: str | LatinKey) -> str:
        """Return who says that the organisation bears a name, which is given as it is looked up."""
        key = han_key if isinstance(name, str) else latin_key
        for given, source in self.given:
            if key(given) == name:
                return source
        return self.source.partition(", ")[0]


class Organizations(Mapping[str, Organization]):
    """Organisations by key, in the order of the tables; a row of a table is read when it is asked for.

    Args:
        rows: the shipped rows.
        own: further organisations, and other ones for keys of ``rows``.
    """

    def __init__(self, rows: Lines, own: Mapping[str, Organization]) -> None:
        self.rows = rows
        self.own = own
        self._keys = {**rows.sources, **dict.fromkeys(own)}
        self._read = dict(own)

    def __getitem__(self, key: str) -> Organization:
        found = self._read.get(key)
        if found is None:
            source = self.rows.sources[key]
            found = self._read[key] = organization_of_row(self.rows.cells(key), source)
        return found

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def parents(self) -> Iterator[tuple[str, str]]:
        """Yield each organisation that belongs to a group, with the key of the group."""
        shipped = {key: parent for key, parent in self.rows.parents() if key not in self.own}
        yield from shipped.items()
        yield from ((key, found.parent) for key, found in self.own.items() if found.parent)


class Lexicon:
    """Organisations and their aliases in both scripts.

    Args:
        organizations: later ones with a key that is already there replace the earlier ones.

    Attributes:
        organizations: the organisations by key.
        han_aliases, latin_aliases: the names as they are looked up (:func:`.names_index.han_key`,
            :func:`.names_index.latin_key`), each with the organisations that bear it.

    Example:
        >>> lexicon = Lexicon.default()
        >>> [lexicon.organizations[a.key].en[0] for a in lexicon.han_aliases["辉瑞"]]
        ['Pfizer']
    """

    def __init__(self, organizations: Iterable[Organization]) -> None:
        own = {o.key: o for o in organizations}
        self._start(Organizations(Lines(), own))
        han, latin = _keys_of(own.values())
        self.han_aliases = HanNames(self.organizations, {}).changed(self.organizations, (), han)
        self.latin_aliases = LatinNames(self.organizations, {}).changed(self.organizations, (), latin)

    def _start(self, organizations: Organizations) -> None:
        self.organizations = organizations
        self._children: dict[str, list[str]] | None = None
        # What organisations do, by key: filled and read by entitymatch.features.trades.
        self.trades: dict[str, tuple[frozenset[str], frozenset[str]]] = {}

    @classmethod
    def _of_lines(cls, rows: Lines) -> Lexicon:
        lexicon = cls.__new__(cls)
        lexicon._start(Organizations(rows, {}))
        han, latin = names_of(rows)
        lexicon.han_aliases = HanNames(lexicon.organizations, han)
        lexicon.latin_aliases = LatinNames(lexicon.organizations, latin)
        return lexicon

    def replacing(self, changed: Iterable[Organization]) -> Lexicon:
        """Return a lexicon in which these organisations replace those of the same key, or come in addition.

        Example:
            >>> from dataclasses import replace
            >>> pfizer = Lexicon.default().organizations["pfizer"]
            >>> "辉瑞" in Lexicon.default().replacing([replace(pfizer, zh=())]).han_aliases
            False
        """
        new = {o.key: o for o in changed}
        old = [self.organizations[key] for key in new if key in self.organizations]
        lexicon = type(self).__new__(type(self))
        lexicon._start(Organizations(self.organizations.rows, {**self.organizations.own, **new}))
        (old_han, old_latin), (han, latin) = _keys_of(old), _keys_of(new.values())
        lexicon.han_aliases = self.han_aliases.changed(lexicon.organizations, old_han, han)
        lexicon.latin_aliases = self.latin_aliases.changed(lexicon.organizations, old_latin, latin)
        return lexicon

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
        if self._children is None:
            self._children = {}
            for child, parent in self.organizations.parents():
                self._children.setdefault(parent, []).append(child)
        found: list[str] = []
        waiting = [key]
        while waiting:
            for child in self._children.get(waiting.pop(), ()):
                if child not in found:
                    found.append(child)
                    waiting.append(child)
        return found

    def relation(self, key: str, group: str) -> str:
        """Say what an organisation is to another one.

        Args:
            key: the organisation.
            group: the other one.

        Returns:
            ``same``; ``unit``, ``affiliate`` or ``joint_venture`` if it belongs to the other one, over up to three
            generations (the loosest of them counts: an affiliate of a unit is an affiliate, and what belongs to a
            joint venture is one); empty if it does not.

        Example:
            >>> Lexicon.default().relation("saic-gm", "general-motors")
            'joint_venture'
            >>> Lexicon.default().relation("general-motors", "saic-gm")
            ''
        """
        if key == group:
            return SAME
        found = SAME
        for _ in range(_GENERATIONS):
            organization = self.organizations.get(key)
            if organization is None or not organization.parent:
                break
            found = max(found, organization.relation or AFFILIATE, key=RELATIONS.index)
            key = organization.parent
            if key == group:
                return found
        return ""

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
        from entitymatch.lexicon.user import aliases_of, changed_organizations, source_of

        return self.replacing(changed_organizations(self, aliases_of(aliases), source_of(aliases)))


RELATIONS = ("", SAME := "same", UNIT := "unit", AFFILIATE := "affiliate", JOINT_VENTURE := "joint_venture")
_GENERATIONS = 3


def organization_of_row(row: Row, source: str) -> Organization:
    """Read an organisation from a row of a table; see ``data/README.md`` for the columns."""
    former = values(row.get("former", ""))
    han_former = [name for name in former if has_han(name)]
    return Organization(
        key=row["key"],
        en=tuple(values(row["en"]) + values(row.get("acronym", "")) + [n for n in former if n not in han_former]),
        zh=tuple(values(row["zh"]) + han_former),
        common=frozenset(han_key(name) for name in values(row.get("common", ""))),
        kind=row.get("kind", ""),
        country=row.get("country", ""),
        trade=tuple(values(row.get("trade", ""))),
        parent=row.get("parent", ""),
        relation=row.get("relation", ""),
        source=source,
    )


def _keys_of(organizations: Iterable[Organization]) -> tuple[list[tuple[str, str]], list[tuple[LatinKey, str]]]:
    """Return the names of organisations as they are looked up, with their keys."""
    han: list[tuple[str, str]] = []
    latin: list[tuple[LatinKey, str]] = []
    for organization in organizations:
        han += [(han_key(name), organization.key) for name in organization.zh]
        latin += [(latin_key(name), organization.key) for name in organization.en]
    return han, latin


@cache
def _default() -> Lexicon:
    return Lexicon._of_lines(read_lines())


__all__ = [
    "FOLDER",
    "LIGHT_WORDS",
    "RELATIONS",
    "Alias",
    "Lexicon",
    "Organization",
    "Organizations",
    "compact",
    "han_key",
    "latin_key",
    "organization_of_row",
]
