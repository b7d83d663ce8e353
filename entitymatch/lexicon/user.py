"""The user's own knowledge: further names of organisations, from a mapping, a table or a file.

No table of ours knows every firm, and a house that reads registers has a list of its own. Such a list is short and is
written by hand, so what goes wrong in it is human: a name given twice, one name for two organisations, an empty cell, a
name that could never be found. :func:`check_aliases` tells these with their lines; :func:`read_aliases` refuses a file
that contradicts itself, because a wrong alias is worse than a missing one.

A user's row beats ours: a name that it gives no longer names any other organisation (:func:`changed_organizations`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from entitymatch.errors import EntityMatchError
from entitymatch.lexicon.alias_files import AliasRow, positions_of, read_rows
from entitymatch.lexicon.tables import values

if TYPE_CHECKING:
    from entitymatch.lexicon.organizations import Lexicon, Organization

SOURCE = "user"

Aliases: TypeAlias = Mapping[str, Iterable[str] | str]
Form: TypeAlias = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a file of aliases.

    Attributes:
        line: its line in the file, from 1.
        kind: ``duplicate``, ``contradiction``, ``empty``, ``columns`` (too many cells) or ``script`` (a name that could
            never be found). All but a duplicate keep the file from being read.
        message: what is wrong, in one line.
    """

    line: int
    kind: str
    message: str


def read_aliases(path: str | PathLike[str]) -> dict[str, list[str]]:
    r"""Read a file of aliases.

    Args:
        path: ``.tsv`` or ``.csv`` with a header line that names the columns ``organization`` and ``alias`` (``|``
            stands between several aliases in a cell; other columns are not read; lines that start with ``#`` are
            comments), or ``.yaml`` with a list of aliases under each organisation (needs PyYAML). UTF-8 or GB 18030.

    Returns:
        For each organisation, as written, its aliases in the order of the file.

    Raises:
        EntityMatchError: if there is no such file, it cannot be read or has no rows, or :func:`check_aliases` finds
            more than duplicates in it.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "mine.csv")
        ...     _ = path.write_text("organization,alias\nAcme Anvils,阿珂姆|阿珂姆铁砧\n", encoding="utf-8")
        ...     read_aliases(path)
        {'Acme Anvils': ['阿珂姆', '阿珂姆铁砧']}
    """
    path = Path(path)
    rows = read_rows(path)
    wrong = [problem for problem in _problems(rows) if problem.kind != "duplicate"]
    if wrong:
        more = f" ({len(wrong) - 1:,} more: entitymatch lexicon check {path})" if len(wrong) > 1 else ""
        raise EntityMatchError(f"{path}, line {wrong[0].line}: {wrong[0].message}{more}")
    found: dict[str, list[str]] = {}
    for row in rows:
        known = found.setdefault(row.organization, [])
        known += [alias for alias in row.aliases if alias not in known]
    return found


def check_aliases(path: str | PathLike[str]) -> list[Problem]:
    r"""Find what is wrong in a file of aliases.

    Args:
        path: as for :func:`read_aliases`.

    Returns:
        The problems in the order of the lines; none if the file is good. Names are compared as they are looked up:
        without case, punctuation, legal form and light words, Chinese ones in simplified characters.

    Raises:
        EntityMatchError: if there is no such file, it cannot be read at all, or has no rows.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "mine.csv")
        ...     _ = path.write_text("organization,alias\nAcme Anvils,阿珂姆\nAcme Paper,阿珂姆\n", encoding="utf-8")
        ...     for problem in check_aliases(path):
        ...         print(problem.line, problem.kind, problem.message, sep=": ")
        3: contradiction: '阿珂姆' of 'Acme Paper' already names 'Acme Anvils' (line 2)
    """
    return _problems(read_rows(Path(path)))


def aliases_of(source: Any) -> Aliases:
    """Return the aliases of whatever a user gives: a mapping, a path, or a table.

    Args:
        source: organisation → its further names; a path for :func:`read_aliases`; or a pandas, polars or pyarrow table
            with the columns ``organization`` and ``alias``.

    Raises:
        EntityMatchError: if it is something else, or as :func:`read_aliases`.
    """
    if isinstance(source, Mapping):
        return source
    if isinstance(source, str | PathLike):
        return read_aliases(source)
    import narwhals as nw

    try:
        table = nw.from_native(source, eager_only=True)
    except TypeError:
        expected = "a mapping of organisation to names, a path, or a table with the columns 'organization' and 'alias'"
        raise EntityMatchError(f"aliases are {expected}, not {type(source).__name__}") from None
    positions = positions_of(table.columns, "the table of aliases")
    columns = [table[table.columns[position]].to_list() for position in positions]
    found: dict[str, list[str]] = {}
    for row, (organization, alias) in enumerate(zip(*columns, strict=True)):
        if not isinstance(organization, str) or not isinstance(alias, str):
            raise EntityMatchError(f"the table of aliases: row {row} is {organization!r}, {alias!r}; both must be text")
        found.setdefault(organization.strip(), []).extend(values(alias))
    return found


def source_of(aliases: Any) -> str:
    """Return what evidence calls the aliases that a user gives: ``user: mine.tsv``, ``user: mapping``."""
    if isinstance(aliases, str | PathLike):
        return f"{SOURCE}: {Path(aliases).name}"
    return f"{SOURCE}: {'mapping' if isinstance(aliases, Mapping) else 'table'}"


def changed_organizations(lexicon: Lexicon, aliases: Aliases, source: str) -> list[Organization]:
    """Return the organisations that a user's aliases add or change.

    An organisation that the lexicon knows by that name (and no other one by the same) gets the names in addition; else
    it is added under the key ``user:NAME``. Every other organisation loses the names that the user gives.

    Args:
        lexicon: what is known so far.
        aliases: organisation → its further names.
        source: what evidence calls them.
    """
    own: dict[str, Organization] = {}
    owners: dict[Form, set[str]] = {}
    for name, cell in aliases.items():
        further = values(cell) if isinstance(cell, str) else [alias for alias in cell if alias.strip()]
        key = _key_of(lexicon, name)
        known = own.get(key) or lexicon.organizations.get(key)
        own[key] = _extended(known, key, [name, *further], further, source)
        for alias in further:
            owners.setdefault(form(alias), set()).add(key)
    affected = dict.fromkeys(key for name in owners for key in _keys(lexicon, name)) | dict.fromkeys(own)
    changed: list[Organization] = []
    for key in affected:
        lost = {name for name, keys in owners.items() if key not in keys}
        changed.append(_without(own.get(key) or lexicon.organizations[key], lost))
    return changed


def form(name: str) -> Form:
    """Return a name as the lexicon looks it up: a string if it is Chinese, else a tuple of word stems.

    Example:
        >>> form("滙豐"), form("The Acme Anvils Co., Ltd.")
        ('汇丰', ('acme', 'anvil'))
    """
    from entitymatch.lexicon.names_index import han_key, latin_key
    from entitymatch.names.normalize import has_han, normalize

    text = normalize(name)
    return han_key(text) if has_han(text) else latin_key(text)


def _key_of(lexicon: Lexicon, name: str) -> str:
    keys = _keys(lexicon, form(name))
    return keys[0] if len(keys) == 1 else f"user:{name}"


def _keys(lexicon: Lexicon, name: Form) -> list[str]:
    known = lexicon.han_aliases.get(name, ()) if isinstance(name, str) else lexicon.latin_aliases.get(name, ())
    return list(dict.fromkeys(alias.key for alias in known))


def _extended(known: Organization | None, key: str, names: list[str], given: list[str], source: str) -> Organization:
    from entitymatch.lexicon.organizations import Organization
    from entitymatch.names.normalize import has_han, normalize

    if known is None:
        known = Organization(key, (), (), frozenset(), "", "", (), "", "", source, ((names[0], source),))
    texts = [normalize(name) for name in names]
    han = [text for text in texts if has_han(text)]
    latin = [text for text in texts if text not in han]
    sources = dict.fromkeys([*known.source.split(", "), source])
    new = tuple((name, source) for name in given)
    return replace(
        known,
        en=tuple(dict.fromkeys([*known.en, *latin])),
        zh=tuple(dict.fromkeys([*known.zh, *han])),
        common=known.common - {name for name in map(form, given) if isinstance(name, str)},
        source=", ".join(sources),
        given=(*new, *(pair for pair in known.given if pair[0] not in given)),
    )


def _without(organization: Organization, lost: set[Form]) -> Organization:
    return replace(
        organization,
        en=tuple(name for name in organization.en if form(name) not in lost),
        zh=tuple(name for name in organization.zh if form(name) not in lost),
    )


def _problems(rows: list[AliasRow]) -> list[Problem]:
    problems: dict[Problem, None] = {}
    owner: dict[Form, tuple[AliasRow, Form]] = {}  # a name → the first row that gives it, and whose it is there
    given: dict[tuple[Form, Form], int] = {}  # organisation and alias → line
    told: set[tuple[str, Form]] = set()  # an organisation stands in many rows: its own name is judged once

    def tell(row: AliasRow, kind: str, message: str) -> None:
        problems[Problem(row.line, kind, message)] = None

    for row in rows:
        if row.surplus:
            more = f"{row.surplus} more cell{'s' * (row.surplus > 1)} than the header has"
            tell(row, "columns", f"{more}: quote a cell that holds a separator")
        if not row.organization:
            tell(row, "empty", "the organisation is missing")
            continue
        if not row.aliases:
            tell(row, "empty", f"{row.organization!r} has no alias")
        own = form(row.organization)
        for position, name in enumerate([row.organization, *row.aliases]):
            if unusable := _unusable(name):
                if (name, own) not in told:
                    tell(row, "script", f"{name!r} {unusable}")
                told.add((name, own))
                continue
            key = form(name)
            first, whose = owner.setdefault(key, (row, own))
            if whose != own:
                if position or (name, own) not in told:
                    what = f"{name!r} of {row.organization!r}" if position else repr(name)
                    tell(row, "contradiction", f"{what} already names {first.organization!r} (line {first.line})")
                told.add((name, own))
            elif position and key == own:
                tell(row, "duplicate", f"{name!r} is the name of {row.organization!r} itself")
            elif position and (line := given.setdefault((own, key), row.line)) != row.line:
                tell(row, "duplicate", f"{name!r} of {row.organization!r} is there already (line {line})")
            elif position and [form(alias) for alias in row.aliases].index(key) < position - 1:
                tell(row, "duplicate", f"{name!r} of {row.organization!r} stands twice in this cell")
    return list(problems)


def _unusable(name: str) -> str:
    """Say why a name could never be found in a longer one; empty if it could."""
    from entitymatch.names.normalize import has_han, normalize

    letters = [character for character in normalize(name) if character.isalnum()]
    han = sum(map(has_han, letters))
    if not letters:
        return "has no letters"
    if any(not has_han(c) and not c.isdigit() and "LATIN" not in unicodedata.name(c, "") for c in letters):
        return "is neither Chinese nor Latin script"
    if han == 1 == len(letters):
        return "is a single character: give a longer name"
    if not han and len("".join(form(name))) < 2:
        return "is a single letter or nothing but common words: give a longer name"
    return ""
