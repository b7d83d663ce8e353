"""What the commands have in common: exit codes, tables and JSON on stdout, remarks on stderr."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import pandas as pd

PROBLEMS, USER_MISTAKE, INTERRUPTED = 1, 2, 130

Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Print no remarks and no table: errors only.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs, not a table for people.")]


def print_table(table: object, *, to_stderr: bool = False) -> None:
    """Print as wide as the terminal, or as the table where there is none."""
    from rich.console import Console

    console = Console(highlight=False, stderr=to_stderr)
    if not console.is_terminal:
        console.width = 200
    console.print(table)


def print_json(value: object) -> None:
    """Print a value as JSON to stdout; Chinese stays Chinese."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the lines of a table as values that JSON has: null where one is missing."""
    values: list[dict[str, Any]] = json.loads(frame.to_json(orient="records", force_ascii=False, double_precision=15))
    return values


def note(text: str, *, quiet: bool = False) -> None:
    """Tell on stderr what happened, unless nobody wants to know."""
    if not quiet:
        typer.echo(f"entitymatch: {text}", err=True)
