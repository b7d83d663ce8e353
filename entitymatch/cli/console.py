"""What the commands have in common: exit codes, tables on stdout, remarks on stderr."""

from __future__ import annotations

import typer

PROBLEMS, USER_MISTAKE, INTERRUPTED = 1, 2, 130


def print_table(table: object) -> None:
    """Print to stdout: as wide as the terminal, or as the table where there is none."""
    from rich.console import Console

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 200
    console.print(table)


def note(text: str) -> None:
    """Tell on stderr what happened."""
    typer.echo(f"entitymatch: {text}", err=True)
