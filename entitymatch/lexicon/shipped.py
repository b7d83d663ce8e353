"""The organisations that the package ships, read from their tables as late as can be.

``Lexicon.default()`` is asked for by everybody, and most of its 19,000 rows by nobody. So a line is split no further
than its names, the names go into the indexes, and a row is read when somebody asks for the organisation. Nothing is
made for each name that Python's garbage collector would have to look at: that alone took a third of the time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from entitymatch.lexicon.names_index import LEAST_LETTERS, LIGHT_HEAD, SEPARATOR, han_key, head_of, latin_key
from entitymatch.lexicon.tables import Row, data_root, read_table
from entitymatch.names.normalize import has_han

FOLDER = "organisations"
_OTHER = re.compile("[^\u4e00-\u9fff]")
COLUMNS = [
    *("key", "en", "acronym", "zh", "former", "kind", "country"),
    *("trade", "parent", "relation", "naming", "common", "source"),
]


def tables() -> list[str]:
    """Return the names of the tables of organisations, sorted."""
    return sorted(entry.name for entry in (data_root() / FOLDER).iterdir() if entry.name.endswith(".tsv"))


def _traditional() -> set[str]:
    return {char for row in read_table("traditional.tsv") for char in row["traditional"]}


@dataclass(slots=True)
class Lines:
    """The rows of all tables, not yet read.

    Attributes:
        lines: key → its line.
        sources: key → its table.
    """

    lines: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)

    def cells(self, key: str) -> Row:
        """Return the cells of a row by the names of their columns; missing ones at its end are empty."""
        cells = self.lines[key].split("\t")
        return dict(zip(COLUMNS, cells + [""] * (len(COLUMNS) - len(cells)), strict=True))

    def parents(self) -> Iterator[tuple[str, str]]:
        """Yield the key and the parent of each row that has one."""
        column = COLUMNS.index("parent")
        for key, line in self.lines.items():
            if parent := line.split("\t", column + 1)[column]:
                yield key, parent


def read_lines() -> Lines:
    """Return the rows of the package's tables.

    Raises:
        ValueError: if a table has other columns than :data:`COLUMNS`, or a row more cells.
    """
    found = Lines()
    lines, sources = found.lines, found.sources
    header, most = "\t".join(COLUMNS), len(COLUMNS) - 1
    for table in tables():
        begun = False
        for number, line in enumerate((data_root() / FOLDER / table).read_text(encoding="utf-8").splitlines(), 1):
            if not line or line[0] == "#":
                continue
            if line.count("\t") > most:
                raise ValueError(f"{table}, line {number}: more than {most + 1} cells")
            if not begun:
                if line != header:
                    raise ValueError(f"{table}, line {number}: the columns must be {', '.join(COLUMNS)}")
                begun = True
                continue
            key = line.partition("\t")[0]
            lines[key] = line
            sources[key] = table
    return found


def names_of(rows: Lines) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return the names of all rows, as :class:`.names_index.HanNames` and :class:`.names_index.LatinNames` want them.

    To normalise each Han name would take longer than all the rest. Of their characters only traditional ones and those
    outside the block of Han characters can change.
    """
    han: dict[str, str] = {}
    latin: dict[str, list[str]] = {}
    unsure, simple = _OTHER.search, _traditional().isdisjoint
    light = LIGHT_HEAD.match
    for key, line in rows.lines.items():
        _, en, acronym, zh, former, *_ = line.split("\t", 5)
        if acronym:
            en += "|" + acronym
        if former:
            for name in former.split("|"):
                if has_han(name):
                    zh += "|" + name
                else:
                    en += "|" + name
        for name in zh.split("|"):
            if unsure(name) or not simple(name):
                name = han_key(name)
            if len(name) >= LEAST_LETTERS:
                han[name] = f"{held}{SEPARATOR}{key}" if (held := han.get(name)) else key
        for name in en.split("|"):
            head = name[:2]
            head = head.lower() if head.isalnum() and head.isascii() and not light(name) else head_of(latin_key(name))
            if (known := latin.get(head)) is None:
                latin[head] = [name, key]
            else:
                known += (name, key)
    return han, latin
