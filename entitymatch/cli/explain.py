"""``entitymatch explain``: the evidence for one pair."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from entitymatch.cli.console import AsJson, print_json, print_table
from entitymatch.cli.files import LexiconFile, choose_column, lexicon_with
from entitymatch.errors import EntityMatchError

if TYPE_CHECKING:
    from entitymatch.explanation import Explanation

LEAST_BITS = 0.005  # a term that would be shown as 0.00 is left out of the table


def explain(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="The string of a register.")],
    reference: Annotated[str, typer.Argument(metavar="REFERENCE", help="The organisation that it may name.")],
    among: Annotated[
        Path | None,
        typer.Option(help="The list that REFERENCE stands on: rarity and rivals are then those of a match with it."),
    ] = None,
    reference_column: Annotated[
        str | None, typer.Option(help="The list's column of names. [default: name, else the only text column]")
    ] = None,
    prior: Annotated[
        float | None, typer.Option(help="The share of strings that you expect to have a right answer.")
    ] = None,
    lexicon: LexiconFile = None,
    as_json: AsJson = False,
) -> None:
    """Show the evidence for one pair, in bits that add up to its match weight.

    \b
    Examples:
      entitymatch explain 汇丰银行上海分行 HSBC
      entitymatch explain 上海汇丰纸业有限公司 HSBC --among companies.csv
    """  # noqa: D301  # click's mark for "do not wrap"
    from entitymatch import Matcher

    names = [reference] if among is None else _names(among, reference_column)
    if reference not in names:
        raise EntityMatchError(f"{among} does not name {reference!r}: give it as it stands there")
    settings: dict[str, Any] = {} if prior is None else {"prior": prior}
    if lexicon is not None:
        settings["lexicon"] = lexicon_with(lexicon)
    explanation = Matcher(**settings).fit(names).explain(query, names.index(reference))
    if as_json:
        print_json(explanation.to_dict())
    else:
        print_explanation(explanation)


def print_explanation(explanation: Explanation) -> None:
    """Print the terms as a table that fits the terminal: long remarks are folded."""
    from rich.table import Table

    found = ", ".join(part for part in (explanation.decision, f"score {explanation.score:.3f}") if part)
    reason = f": {explanation.reason}" if explanation.reason and explanation.decision != "link" else ""
    typer.echo(f"{explanation.query} = {explanation.reference}?  {found}{reason}")
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in ("evidence", "bits", "query", "reference", "detail"):
        table.add_column(heading, justify="right" if heading == "bits" else "left", overflow="fold")
    for term in explanation.terms:
        if abs(term.bits) < LEAST_BITS:
            continue
        detail = ", ".join(text for text in (term.detail, f"from {term.source}" if term.source else "") if text)
        table.add_row(term.kind, f"{term.bits:+.2f}", term.query_text, term.reference_text, detail)
    table.add_row("sum", f"{explanation.match_weight:+.2f}", style="bold")
    print_table(table)


def _names(path: Path, column: str | None) -> list[str]:
    """Return the names of a list, in the order in which a matcher counts them."""
    from entitymatch.columns import read_column
    from entitymatch.io import inspect, read_table

    info = inspect(path)
    column = choose_column(path, info, column, "name", "--reference-column", [])
    names, _ = read_column(read_table(path, [column], info), column, role=str(path))
    return [name for name in names if name is not None and name.strip()]
