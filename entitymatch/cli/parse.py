"""``entitymatch parse``: the parts of names."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from entitymatch.cli.console import AsJson, print_json, print_table


def parse(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="One or several names; - for lines of input.")],
    as_json: AsJson = False,
) -> None:
    """Show the parts of names: what is wrapped around, place, core, trade, legal form, unit.

    \b
    Examples:
      entitymatch parse 中共汇丰银行（中国）有限公司上海分行支部委员会
      cut -f2 register.tsv | entitymatch parse - --json
    """  # noqa: D301  # click's mark for "do not wrap"
    from rich.table import Table

    from entitymatch.names import parse as parse_name

    texts = [text for name in names for text in (_lines() if name == "-" else [name])]
    if as_json:
        print_json([_as_dict(text) for text in texts])
        return
    table = Table("name", "part", "text", box=None, pad_edge=False, header_style="bold")
    for text in texts:
        parts = parse_name(text).parts
        for number, part in enumerate(parts):
            table.add_row("" if number else text, part.kind.value, part.text)
        if not parts:
            table.add_row(text, "-", "-")
    print_table(table)


def _lines() -> list[str]:
    return sys.stdin.buffer.read().decode("utf-8-sig", errors="replace").splitlines()


def _as_dict(text: str) -> dict[str, Any]:
    from entitymatch.names import parse as parse_name

    name = parse_name(text)
    parts = [{"kind": p.kind.value, "text": p.text, "start": p.start, "end": p.end} for p in name.parts]
    return {"original": name.original, "text": name.text, "script": name.script, "name": name.name, "parts": parts}
