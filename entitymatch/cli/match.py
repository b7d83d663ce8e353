"""``entitymatch match``: a register and a list in; links, and totals that people can read, out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from entitymatch.cli.console import note, print_table
from entitymatch.cli.files import LexiconFile, check_targets, choose_column, lexicon_with, named, read_as
from entitymatch.errors import EntityMatchError
from entitymatch.io import inspect, read_table, write_table

if TYPE_CHECKING:
    import pandas as pd

    from entitymatch.links import Links

SHOWN_ORGANISATIONS = 40  # of the table of totals; the rest stand in --tally


def match(
    register: Annotated[Path, typer.Argument(metavar="REGISTER", help="The register: csv, tsv, parquet or jsonl.")],
    reference: Annotated[
        Path, typer.Argument(metavar="REFERENCE", help="The list of organisations: csv, tsv, parquet or jsonl.")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="Where the links go: csv, tsv, parquet or jsonl.")],
    query_column: Annotated[
        str | None, typer.Option(help="The register's column of names. [default: branch, else the only text column]")
    ] = None,
    reference_column: Annotated[
        str | None, typer.Option(help="The list's column of names. [default: name, else the only text column]")
    ] = None,
    query_id: Annotated[str | None, typer.Option(help="The register's column of ids. [default: row numbers]")] = None,
    reference_id: Annotated[str | None, typer.Option(help="The list's column of ids. [default: row numbers]")] = None,
    alias_column: Annotated[str | None, typer.Option(help="The list's column of further names, as a|b.")] = None,
    top_k: Annotated[int, typer.Option(min=1, help="How many candidates each string has at most.")] = 5,
    threshold: Annotated[
        float | None,
        typer.Option(
            min=0.0, max=1.0, help="Write each candidate with this score or more. [default: links and possible links]"
        ),
    ] = None,
    prior: Annotated[
        float | None,
        typer.Option(help="The share of strings that you expect to have a right answer, above 0, below 1."),
    ] = None,
    lexicon: LexiconFile = None,
    tally: Annotated[Path | None, typer.Option(help="Write the totals of each organisation to this file.")] = None,
    all_rows: Annotated[bool, typer.Option("--all-rows", help="Write every row, not every distinct string.")] = False,
) -> None:
    """Link the strings of REGISTER to REFERENCE.

    Example: entitymatch match register.csv companies.csv -o links.csv --tally totals.csv
    """
    sources = [register, reference] if lexicon is None else [register, reference, lexicon]
    check_targets([output] if tally is None else [output, tally], sources)
    register_info, reference_info = inspect(register), inspect(reference)
    query_column = choose_column(register, register_info, query_column, "branch", "--query-column", [query_id])
    reference_column = choose_column(
        reference, reference_info, reference_column, "name", "--reference-column", [reference_id, alias_column]
    )
    organisations = read_table(reference, named(reference_column, reference_id, alias_column), reference_info)
    rows = read_table(register, named(query_column, query_id), register_info)
    if not len(rows):
        raise EntityMatchError(f"{register} is empty: it has columns, but no rows")

    from entitymatch import Matcher  # here, so that --help and mistakes need not wait for it
    from entitymatch.links import counted

    settings: dict[str, Any] = {} if prior is None else {"prior": prior}
    if lexicon is not None:
        settings["lexicon"] = lexicon_with(lexicon)
    note(f"{register}: {counted(len(rows), 'row')}, column {query_column!r}{read_as(register_info)}")
    note(f"{reference}: {counted(len(organisations), 'row')}, column {reference_column!r}{read_as(reference_info)}")

    matcher = Matcher(**settings).fit(organisations, name=reference_column, id=reference_id, aliases=alias_column)
    watched = sys.stderr.isatty()
    links = matcher.match(rows, name=query_column, id=query_id, top_k=top_k, threshold=threshold, progress=watched)
    totals = links.tally()
    write_table(links.to_pandas(distinct=not all_rows), output)
    if tally is not None:
        write_table(totals, tally)
    _report(links, totals, len(organisations))
    note(f"wrote {output}" + (f" and {tally}" if tally is not None else ""))


def _report(links: Links, totals: pd.DataFrame, organisations: int) -> None:
    """Print the totals: at the end, where people look."""
    import pandas as pd
    from rich.table import Table

    from entitymatch.links import counted

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("organisation", overflow="fold")
    for heading in ("links", "rows", "possible", "rows"):
        table.add_column(heading, justify="right")
    counts = totals[["link_strings", "link_rows", "possible_link_strings", "possible_link_rows"]]
    shown = totals.head(SHOWN_ORGANISATIONS)
    for name, row in zip(shown["reference"], counts.head(SHOWN_ORGANISATIONS).to_numpy(), strict=True):
        table.add_row(str(name), *(f"{number:,}" for number in row))
    table.add_section()
    sums = counts.sum()
    table.add_row("all links", f"{sums.iloc[0]:,}", f"{sums.iloc[1]:,}")
    print_table(table)
    if len(totals) > SHOWN_ORGANISATIONS:
        note(f"{len(totals) - SHOWN_ORGANISATIONS:,} more organisations: --tally FILE writes them all")
    note(f"{len(totals):,} of {organisations:,} organisations found; {counted(links.skipped, 'row')} without a name")
    repeated = len(links.queries.row_ids) - pd.Series(links.queries.row_ids).nunique(dropna=False)
    if repeated:
        note(f"ids of the register that repeat an earlier one: {repeated:,}; their rows are answered like the others")
