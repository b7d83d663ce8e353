"""Files of name pairs to learn from: a Chinese and a Latin name a row, read with the lines they stand in."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from entitymatch.errors import EntityMatchError
from entitymatch.romanize.letters import letters
from entitymatch.romanize.pinyin import han

LATIN_COLUMNS = ("latin", "en", "name")
DELIMITERS = {".tsv": "\t", ".txt": "\t", ".csv": ","}


class PairRow(NamedTuple):
    """One row: its line in the file (from 1), its two names, and what is wrong with it ("" if nothing)."""

    line: int
    zh: str
    latin: str
    problem: str


def read_pairs(path: Path) -> list[PairRow]:
    """Read a file of pairs: tab-separated (``.tsv``, ``.txt``; no quoting) or ``.csv``, in UTF-8 or GB 18030.

    The first row names the columns: ``zh`` and one of ``latin``, ``en``, ``name``; others are not read. A file without
    such a row has the Chinese name in the first column and the Latin one in the second.

    Raises:
        EntityMatchError: if there is no such file, it cannot be read, a row is short, or there are no rows.
    """
    if path.suffix.lower() not in DELIMITERS:
        raise EntityMatchError(f"{path}: a file of pairs ends in {', '.join(DELIMITERS)}")
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise EntityMatchError(f"{path}: no such file") from None
    except OSError as error:
        raise EntityMatchError(f"{path}: cannot be read: {error.strerror}") from error
    rows = _rows(path, _decode(path, raw))
    zh, latin = 0, 1
    out: list[PairRow] = []
    for number, (line, row) in enumerate(rows):
        if number == 0 and "zh" in row:
            zh = row.index("zh")
            latin = next((row.index(name) for name in LATIN_COLUMNS if name in row), -1)
            if latin < 0:
                raise EntityMatchError(f"{path}: no column of Latin names; call it one of {', '.join(LATIN_COLUMNS)}")
            continue
        if len(row) <= max(zh, latin):
            raise EntityMatchError(
                f"{path}, line {line}: {len(row)} column{'s' * (len(row) != 1)}, but the names stand in columns "
                f"{zh + 1} and {latin + 1}"
            )
        out.append(PairRow(line, row[zh], row[latin], _problem(row[zh], row[latin])))
    if not out:
        raise EntityMatchError(f"{path}: no pairs to learn from")
    return out


def _rows(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Return the rows that are not empty, with their lines."""
    if DELIMITERS[path.suffix.lower()] == "\t":
        for line, content in enumerate(text.splitlines(), 1):
            if content.strip():
                yield line, content.split("\t")
        return
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        for row in reader:
            if row:
                yield reader.line_num, row
    except csv.Error as error:
        raise EntityMatchError(f"{path}, line {reader.line_num}: {error}") from error


def _decode(path: Path, raw: bytes) -> str:
    line = 0
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError as error:
            line = max(line, raw.count(b"\n", 0, error.start) + 1)
    raise EntityMatchError(f"{path}, line {line}: neither UTF-8 nor GB 18030")


def _problem(zh: str, latin: str) -> str:
    if not han(zh):
        return f"no Chinese characters in {zh!r}"
    return "" if letters(latin) else f"no Latin letters in {latin!r}"
