"""``entitymatch parse``: the parts of names."""

from __future__ import annotations

from typing import Annotated

import typer

from entitymatch.cli.console import print_table


def parse(names: Annotated[list[str], typer.Argument(metavar="NAME...", help="One or several names.")]) -> None:
    """Show the parts of names.

    Example: entitymatch parse 中共汇丰银行（中国）有限公司上海分行支部委员会
    """
    from rich.table import Table

    from entitymatch.names import parse as parse_name

    table = Table("name", "part", "text", box=None, pad_edge=False)
    for name in names:
        parts = parse_name(name).parts
        for number, part in enumerate(parts):
            table.add_row("" if number else name, part.kind.value, part.text)
        if not parts:
            table.add_row(name, "-", "-")
    print_table(table)
