"""``entitymatch explain``: the evidence for one pair."""

from __future__ import annotations

from typing import Annotated

import typer


def explain(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="The string of a register.")],
    reference: Annotated[str, typer.Argument(metavar="REFERENCE", help="The organisation that it may name.")],
) -> None:
    """Show the evidence for one pair, in bits.

    Example: entitymatch explain 汇丰银行上海分行 HSBC
    """
    from entitymatch import Matcher

    typer.echo(str(Matcher().fit([reference]).explain(query, 0)))
