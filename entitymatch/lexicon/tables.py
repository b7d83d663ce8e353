"""One loader for every table of knowledge that the package ships.

All hand-written knowledge (places, trades, legal forms, organisations …) is a tab-separated file in
``entitymatch/data``: UTF-8, one header line, no quoting, ``#`` starts a comment line, several values in one cell
are separated by ``|``. A table is read when it is first asked for and kept.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

Row = dict[str, str]


def data_root() -> Traversable:
    """Return the folder of the package's data files."""
    return files("entitymatch") / "data"


def parse_table(text: str, source: str) -> list[Row]:
    r"""Parse a tab-separated table with a header line.

    Args:
        text: the table; lines that start with ``#`` and empty lines are skipped.
        source: what to call the table in an error.

    Returns:
        One dict per row, keyed by the header; missing cells at the end of a row are empty strings.

    Raises:
        ValueError: if a row has more cells than the header.

    Example:
        >>> parse_table("zh\ten\n# a comment\n银行\tbank|banking\n", "trades")
        [{'zh': '银行', 'en': 'bank|banking'}]
    """
    header: list[str] | None = None
    rows: list[Row] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if header is None:
            header = cells
            continue
        if len(cells) > len(header):
            raise ValueError(f"{source}, line {number}: {len(cells)} cells, but the header names {len(header)} columns")
        cells += [""] * (len(header) - len(cells))
        rows.append(dict(zip(header, cells, strict=True)))
    return rows


@cache
def read_table(name: str) -> tuple[Row, ...]:
    """Return the rows of ``entitymatch/data/<name>`` (a path with forward slashes, e.g. ``"places.tsv"``)."""
    path = data_root().joinpath(*name.split("/"))
    return tuple(parse_table(path.read_text(encoding="utf-8"), name))


def values(cell: str) -> list[str]:
    """Split a cell of several values: ``"a|b"`` gives ``["a", "b"]``, an empty cell ``[]``."""
    return [value for part in cell.split("|") if (value := part.strip())]
