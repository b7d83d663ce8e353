"""Files of a user's aliases: TSV, CSV and YAML, read row by row with the lines they stand in.

People write these files by hand and in spreadsheets, so what is wrong in them must be told by line; that is why they
are not read as data frames. Text is UTF-8 or GB 18030, as Chinese spreadsheets save it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from entitymatch.errors import EntityMatchError
from entitymatch.lexicon.tables import values

COLUMNS = ("organization", "alias")
DELIMITERS = {".csv": ",", ".tsv": "\t"}
YAML = (".yaml", ".yml")


class AliasRow(NamedTuple):
    """One row: its line in the file (from 1), an organisation, its aliases, and how many cells exceed the header."""

    line: int
    organization: str
    aliases: list[str]
    surplus: int


def read_rows(path: Path) -> list[AliasRow]:
    """Read the rows of a file of aliases, as they are.

    Raises:
        EntityMatchError: if there is no such file, it cannot be read, or it has no rows.
    """
    kind = path.suffix.lower()
    if kind not in DELIMITERS and kind not in YAML:
        endings = ", ".join((*DELIMITERS, *YAML))
        raise EntityMatchError(f"{path}: the ending of a file of aliases must be one of {endings}")
    if not path.is_file():
        raise EntityMatchError(f"{path}: {'not a file' if path.exists() else 'no such file'}")
    text = _decoded(path)
    rows = list(_yaml_rows(text, path) if kind in YAML else _table_rows(text, path, DELIMITERS[kind]))
    if not rows:
        raise EntityMatchError(f"{path} is empty: it names no organisation")
    return rows


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:  # else it is UTF-16, or no text
            return text
    raise EntityMatchError(f"{path}: the text is neither utf-8, utf-8-sig nor gb18030: save the file as UTF-8")


def _table_rows(text: str, path: Path, delimiter: str) -> Iterator[AliasRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header: list[str] | None = None
    positions: list[int] = []
    line = 1
    try:
        for cells in reader:
            start, line = line, reader.line_num + 1  # a quoted cell may run over several lines
            cells = [cell.strip() for cell in cells]
            if not any(cells) or cells[0].startswith("#"):
                continue
            if header is None:
                header, positions = cells, positions_of(cells, str(path))
                continue
            organization, alias = (cells[position] if position < len(cells) else "" for position in positions)
            yield AliasRow(start, organization, values(alias), max(0, len(cells) - len(header)))
    except csv.Error as error:
        raise EntityMatchError(f"{path}, line {reader.line_num}: {error}") from error


def positions_of(header: list[str], what: str) -> list[int]:
    """Return where the two columns stand.

    Raises:
        EntityMatchError: if one of them is missing or stands twice.
    """
    for column in COLUMNS:
        if header.count(column) != 1:
            found = ", ".join(map(repr, header))
            missing = "several columns" if column in header else "no column"
            raise EntityMatchError(f"{what} has {missing} {column!r}; it has {found}")
    return [header.index(column) for column in COLUMNS]


def _yaml_rows(text: str, path: Path) -> Iterator[AliasRow]:
    try:
        yaml: Any = import_module("yaml")
    except ImportError as error:
        raise EntityMatchError(f"{path}: YAML needs PyYAML: pip install pyyaml, or give a .tsv or .csv") from error
    try:
        # Composed, not loaded: nodes know their lines, and a firm called "ON" stays text.
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise EntityMatchError(f"{path}: {' '.join(str(error).split())}") from error
    if root is None:
        return
    if root.id != "mapping":
        raise EntityMatchError(f"{path}: each organisation must be a key with a list of aliases under it")
    for name, listed in root.value:
        nodes = listed.value if listed.id == "sequence" else [listed]
        if wrong := [node for node in (name, *nodes) if node.id != "scalar"]:
            line = wrong[0].start_mark.line + 1
            raise EntityMatchError(f"{path}, line {line}: expected a name, found a {wrong[0].id}")
        organization = _scalar(name)
        if not nodes:
            yield AliasRow(name.start_mark.line + 1, organization, [], 0)
        for node in nodes:
            yield AliasRow(node.start_mark.line + 1, organization, values(_scalar(node)), 0)


def _scalar(node: Any) -> str:
    return "" if node.tag == "tag:yaml.org,2002:null" else str(node.value).strip()
