"""The benchmarks' own tables, read in the format of the package's tables."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from entitymatch.lexicon.tables import Row, parse_table

DATA = Path(__file__).resolve().parent / "data"


@cache
def read_table(name: str) -> tuple[Row, ...]:
    """Return the rows of ``benchmarks/data/<name>``, one dict per row, keyed by the header."""
    return tuple(parse_table((DATA / name).read_text(encoding="utf-8"), name))
