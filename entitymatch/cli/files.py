"""Which files and columns a command reads and writes; mistakes in them are found before the work begins."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entitymatch.errors import EntityMatchError
from entitymatch.io import FileInfo, check_target

if TYPE_CHECKING:
    from entitymatch.lexicon import Lexicon

LexiconFile = Annotated[
    Path | None,
    typer.Option("--lexicon", metavar="FILE", help="Your own aliases (tsv, csv, yaml): organization, alias."),
]


def lexicon_with(file: Path | None) -> Lexicon:
    """Return the package's lexicon, with the user's aliases if there is a file of them."""
    from entitymatch import Lexicon

    return Lexicon.default() if file is None else Lexicon.default().with_aliases(file)


def choose_column(
    path: Path, info: FileInfo, given: str | None, default: str, option: str, others: Sequence[str | None]
) -> str:
    """Return the column of names: the one given, else the default one, else the only text column."""
    listed = ", ".join(map(repr, info.columns)) or "none"
    if given is None and default not in info.columns:
        text = [column for column in info.columns if info.kinds[column] == "text" and column not in others]
        if len(text) != 1:
            raise EntityMatchError(f"{path}: which column holds the names? Give {option}; the columns are {listed}")
        given = text[0]
    column = default if given is None else given
    if info.kinds.get(column) in ("numbers", "other"):
        kind = "numbers" if info.kinds[column] == "numbers" else "no text"
        raise EntityMatchError(
            f"{path}: column {column!r} holds {kind}, not names; give {option}; the columns are {listed}"
        )
    return column  # whether it is there, read_table asks


def named(*columns: str | None) -> list[str]:
    """Return the columns that are given, each once."""
    return list(dict.fromkeys(column for column in columns if column is not None))


def read_as(info: FileInfo) -> str:
    """Say in which encoding a file was read, if it has one."""
    return f", read as {info.encoding}" if info.encoding else ""


def check_targets(targets: Sequence[Path], sources: Sequence[Path]) -> None:
    """Find mistakes in the output before minutes of work."""
    taken = {source.resolve() for source in sources}
    for target in targets:
        check_target(target)
        if target.resolve() in taken:
            raise EntityMatchError(f"{target} is given twice: the output would replace it")
        taken.add(target.resolve())
