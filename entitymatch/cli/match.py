"""``entitymatch match``: a register and a list in; links, and totals that people can read, out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from entitymatch.cli.console import AsJson, Quiet, note, print_json, print_table, records
from entitymatch.cli.files import (
    LexiconFile,
    check_targets,
    choose_column,
    lexicon_with,
    named,
    read_as,
)
from entitymatch.cli.pipes import Pipes
from entitymatch.cli.totals import totals_table
from entitymatch.errors import EntityMatchError
from entitymatch.io import inspect, read_pieces, read_table, write_pieces, write_table

if TYPE_CHECKING:
    import pandas as pd

    from entitymatch.columns import DistinctStrings
    from entitymatch.links import Links

MANY_STRINGS = 4_000  # from here on several processes save more than they cost; they start when so many are read
BATCH_SIZE = 1_000  # strings that a process answers at a time, and notes for --resume


def match(
    register: Annotated[
        Path, typer.Argument(metavar="REGISTER", help="The register: csv, tsv, parquet or jsonl; - for standard input.")
    ],
    reference: Annotated[
        Path,
        typer.Argument(metavar="REFERENCE", help="The list of organisations: csv, tsv, parquet or jsonl; or -."),
    ],
    output: Annotated[
        Path,
        typer.Option("-o", "--output", help="Where the links go: csv, tsv, parquet or jsonl; - for standard output."),
    ],
    query_column: Annotated[
        str | None,
        typer.Option(help="The register's column of names. [default: branch, else the only text column]"),
    ] = None,
    reference_column: Annotated[
        str | None,
        typer.Option(help="The list's column of names. [default: name, else the only text column]"),
    ] = None,
    query_id: Annotated[
        str | None,
        typer.Option(help="The register's column of ids. [default: row numbers]"),
    ] = None,
    reference_id: Annotated[
        str | None,
        typer.Option(help="The list's column of ids. [default: row numbers]"),
    ] = None,
    alias_column: Annotated[
        str | None,
        typer.Option(help="The list's column of further names, as a|b."),
    ] = None,
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
    scoring: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A model of your own, as `entitymatch train scoring` writes it.")
    ] = None,
    one_to_one: Annotated[
        bool, typer.Option("--one-to-one", help="Each organisation occurs once on each side: no two strings share one.")
    ] = False,
    tally: Annotated[
        Path | None, typer.Option(help="Write the totals of each organisation to this file; - for standard output.")
    ] = None,
    reviewed: Annotated[
        Path | None,
        typer.Option(help="Links that you looked at: query, reference_id, correct. The totals then have an estimate."),
    ] = None,
    suppress_below: Annotated[
        int | None, typer.Option(min=1, help="Leave numbers of rows below this one out of the totals.")
    ] = None,
    all_rows: Annotated[bool, typer.Option("--all-rows", help="Write every row, not every distinct string.")] = False,
    excel: Annotated[
        bool, typer.Option("--excel", help="Write csv and tsv so that Excel shows Chinese: with a byte order mark.")
    ] = False,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="How many processes match. [default: one for each processor]")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on where a run of the same files and options was stopped.")
    ] = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Link the strings of REGISTER to REFERENCE, and show the totals of each organisation.

    With --json the totals are JSON; where the links go to standard output, they are JSON lines.

    \b
    Examples:
      entitymatch match register.csv companies.csv -o links.csv
      entitymatch match register.csv companies.csv -o links.csv --tally totals.csv
      entitymatch match staff.xls.csv list.tsv --query-column 单位名称 --reference-column Name -o links.parquet
      entitymatch match huge.parquet companies.csv -o links.csv --resume
      zcat register.csv.gz | entitymatch match - companies.csv -o - --quiet | head
    """  # noqa: D301  # click's mark for "do not wrap"
    with Pipes("jsonl" if as_json else "csv") as pipes:
        register, reference = pipes.source(register), pipes.source(reference)
        output, tally = pipes.target(output), None if tally is None else pipes.target(tally)
        sources = [path for path in (register, reference, lexicon, scoring, reviewed) if path is not None]
        check_targets([output] if tally is None else [output, tally], sources)
        register_info, reference_info = inspect(register), inspect(reference)
        query_column = choose_column(register, register_info, query_column, "branch", "--query-column", [query_id])
        reference_column = choose_column(
            reference, reference_info, reference_column, "name", "--reference-column", [reference_id, alias_column]
        )
        organisations = read_table(reference, named(reference_column, reference_id, alias_column), reference_info)
        answers = None if reviewed is None else read_table(reviewed, ["query", "reference_id", "correct"])
        from entitymatch.columns import DistinctStrings  # here, so that --help and mistakes need not wait for it
        from entitymatch.parallel import Workers, cores

        strings = DistinctStrings(query_column, query_id)
        processes = jobs or cores()
        with ExitStack() as stack:
            workers = None
            for piece in read_pieces(register, named(query_column, query_id), register_info):
                strings.add(piece)
                if workers is None and processes > 1 and len(strings.position) >= MANY_STRINGS:
                    workers = stack.enter_context(Workers(processes))
                    workers.start(len(strings.position) // BATCH_SIZE)
            queries = strings.register()
            if not queries.n_rows:
                raise EntityMatchError(f"{register} is empty: it has columns, but no rows")

            from entitymatch import Matcher
            from entitymatch.links import counted
            from entitymatch.scoring import read_model

            settings: dict[str, Any] = {} if prior is None else {"prior": prior}
            if lexicon is not None:
                settings["lexicon"] = lexicon_with(lexicon)
            if scoring is not None:
                settings["scoring"] = read_model(scoring)
            for path, rows, column, info in (
                (register, queries.n_rows, query_column, register_info),
                (reference, len(organisations), reference_column, reference_info),
            ):
                read = f"{path}: {counted(rows, 'row')}, column {column!r}{read_as(info)}"
                note(pipes.named(read), quiet=quiet)

            matcher = Matcher(**settings).fit(
                organisations, name=reference_column, id=reference_id, aliases=alias_column
            )
            links = matcher.match(
                queries,
                top_k=top_k,
                threshold=threshold,
                assign="one_to_one" if one_to_one else "many_to_one",
                batch_size=BATCH_SIZE,
                n_jobs=workers or jobs,
                progress=sys.stderr.isatty() and not quiet,
                resume=resume,
            )
        totals = links.tally(reviewed=answers, suppress_below=suppress_below)
        if all_rows:
            pieces = read_pieces(register, named(query_column, query_id), register_info)
            write_pieces(_row_by_row(links, pieces, strings), output, byte_order_mark=excel)
        else:
            write_table(links.to_pandas(distinct=True), output, byte_order_mark=excel)
        if tally is not None:
            write_table(totals, tally, byte_order_mark=excel)
        if as_json and not pipes.writes:
            print_json(_summary(links, totals, len(organisations)))
        elif not quiet:
            _report(links, totals, len(organisations), strings.repeated_ids(), to_stderr=pipes.writes)
        note(pipes.named(f"wrote {output}" + (f" and {tally}" if tally is not None else "")), quiet=quiet)


def _row_by_row(links: Links, pieces: Iterable[Any], strings: DistinctStrings) -> Iterator[pd.DataFrame]:
    """Yield the links of every row, from a second reading of the register."""
    import numpy as np

    from entitymatch.columns import DistinctStrings
    from entitymatch.links import Links

    again = DistinctStrings(strings.name, strings.id)
    for piece in pieces:
        rows = again.piece(piece)
        of_all = np.array([*(strings.position[name] for name in rows.names), -1], dtype=np.int64)
        queries = replace(links.queries, row_of=of_all[rows.row_of], row_ids=rows.row_ids, counts=None, left_out=0)
        yield Links(
            queries=queries,
            references=links.references,
            candidates=links.candidates,
            explainer=None,
            threshold=links.threshold,
        ).to_pandas()


def _summary(links: Links, totals: pd.DataFrame, organisations: int) -> dict[str, Any]:
    """Return what a program wants to know of a run."""
    return {
        "rows": links.queries.n_rows,
        "distinct_strings": len(links.queries.names),
        "rows_without_name": links.skipped,
        "organisations": organisations,
        "organisations_found": len(totals),
        "totals": records(totals),
    }


def _report(links: Links, totals: pd.DataFrame, organisations: int, repeated: int, *, to_stderr: bool) -> None:
    """Print the totals: at the end, where people look."""
    from entitymatch.links import counted

    table, left_out = totals_table(totals)
    print_table(table, to_stderr=to_stderr)
    source = "your review" if "estimated_rows" in totals else "the scores"
    note(f"the last column: how many of these rows are right, by {source}, nineteen times in twenty")
    if left_out:
        note(f"{left_out:,} more organisations: --tally FILE writes them all")
    note(f"{len(totals):,} of {organisations:,} organisations found; {counted(links.skipped, 'row')} without a name")
    if repeated:
        note(f"ids of the register that repeat an earlier one: {repeated:,}; their rows are answered like the others")
