"""The command line: files in, files out, and a table of totals that people can read.

    entitymatch match REGISTER REFERENCE -o LINKS      link a register to a list of organisations
    entitymatch explain QUERY REFERENCE                show the evidence for one pair, term by term
    entitymatch parse NAME…                            show the parts of a name
    entitymatch lexicon lookup NAME                    show the known organisations in a name
    entitymatch lexicon check FILE                     find what is wrong in a file of aliases

Exit codes: 0 done; 1 `lexicon check` found problems; 2 a mistake of the user, told in one line on stderr; 130
interrupted; any other failure is a bug and shows its traceback. Tables go to stdout, what happened on the way to
stderr.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from entitymatch.errors import EntityMatchError
from entitymatch.io import FileInfo, check_target, inspect, read_table, write_table

if TYPE_CHECKING:
    import pandas as pd

    from entitymatch.lexicon import Lexicon
    from entitymatch.links import Links

PROBLEMS, USER_MISTAKE, INTERRUPTED = 1, 2, 130
SHOWN_ORGANISATIONS = 40  # of the table of totals; the rest stand in --tally

app = typer.Typer(
    name="entitymatch",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # a mistake in the options is told in plain lines too
    help="Match Chinese and English organisation names: which strings of a register name an organisation on a list.",
)
lexicon_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The organisations that are known by name.")
app.add_typer(lexicon_app, name="lexicon")

LexiconFile = Annotated[
    Path | None,
    typer.Option("--lexicon", metavar="FILE", help="Your own aliases (tsv, csv, yaml): organization, alias."),
]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code.

    Args:
        arguments: the words after ``entitymatch``; None for those of the process.
    """
    try:
        app(args=list(arguments) if arguments is not None else None, prog_name="entitymatch")
    except (EntityMatchError, OSError) as error:  # OSError: no permission, no space left, a broken disk
        _note(f"error: {error}")
        sys.exit(USER_MISTAKE)
    except KeyboardInterrupt:
        _note("interrupted: nothing was written")
        sys.exit(INTERRUPTED)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"entitymatch {version('entitymatch')}")
        raise typer.Exit


@app.callback()
def options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    """Match Chinese and English organisation names."""


@app.command()
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
    _check_targets([output] if tally is None else [output, tally], sources)
    register_info, reference_info = inspect(register), inspect(reference)
    query_column = _choose(register, register_info, query_column, "branch", "--query-column", [query_id])
    reference_column = _choose(
        reference, reference_info, reference_column, "name", "--reference-column", [reference_id, alias_column]
    )
    organisations = read_table(reference, _named(reference_column, reference_id, alias_column), reference_info)
    rows = read_table(register, _named(query_column, query_id), register_info)
    if not len(rows):
        raise EntityMatchError(f"{register} is empty: it has columns, but no rows")

    from entitymatch import Matcher  # here, so that --help and mistakes need not wait for it
    from entitymatch.links import counted

    settings: dict[str, Any] = {} if prior is None else {"prior": prior}
    if lexicon is not None:
        settings["lexicon"] = _lexicon_with(lexicon)
    _note(f"{register}: {counted(len(rows), 'row')}, column {query_column!r}{_read_as(register_info)}")
    _note(f"{reference}: {counted(len(organisations), 'row')}, column {reference_column!r}{_read_as(reference_info)}")

    matcher = Matcher(**settings).fit(organisations, name=reference_column, id=reference_id, aliases=alias_column)
    watched = sys.stderr.isatty()
    links = matcher.match(rows, name=query_column, id=query_id, top_k=top_k, threshold=threshold, progress=watched)
    totals = links.tally()
    write_table(links.to_pandas(distinct=not all_rows), output)
    if tally is not None:
        write_table(totals, tally)
    _report(links, totals, len(organisations))
    _note(f"wrote {output}" + (f" and {tally}" if tally is not None else ""))


@app.command()
def explain(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="The string of a register.")],
    reference: Annotated[str, typer.Argument(metavar="REFERENCE", help="The organisation that it may name.")],
) -> None:
    """Show the evidence for one pair, in bits.

    Example: entitymatch explain 汇丰银行上海分行 HSBC
    """
    from entitymatch import Matcher

    typer.echo(str(Matcher().fit([reference]).explain(query, 0)))


@app.command()
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
    _print(table)


@lexicon_app.command()
def lookup(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Any name: the known ones inside it are looked for.")],
    lexicon: LexiconFile = None,
) -> None:
    """Show the known organisations in a name.

    Example: entitymatch lexicon lookup 汇丰银行上海分行
    """
    from rich.table import Table

    from entitymatch.features import FeatureExtractor

    extractor = FeatureExtractor(_lexicon_with(lexicon))
    features = extractor.extract(name)
    table = Table("name", "organisation", "Chinese names", "part of", "source", "remark", box=None, pad_edge=False)
    for alias in features.aliases:
        words = [word.text for word in features.words[alias.start : alias.end]]
        found = " ".join(words) if alias.latin else features.han[alias.start : alias.end]
        organisation = extractor.lexicon.organizations[alias.key]
        parent = f"{organisation.parent} ({organisation.relation})" if organisation.parent else ""
        others = {other.key for other in features.aliases if other[1:3] == alias[1:3] and other.latin == alias.latin}
        remark = ("names several" if len(others) > 1 else "also an ordinary word") if alias.common else ""
        english, chinese = (" | ".join(dict.fromkeys(names)) for names in (organisation.en, organisation.zh))
        table.add_row(found, english or alias.key, chinese, parent, organisation.source, remark)
    if features.aliases:
        _print(table)
    else:
        _note(f"no known organisation in {name!r}")


@lexicon_app.command()
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Your own aliases: tsv, csv or yaml.")],
) -> None:
    """Find what is wrong in a file of aliases: duplicates, contradictions, empty cells, names that are never found.

    Example: entitymatch lexicon check examples/aliases.tsv
    """
    from entitymatch.lexicon.user import check_aliases, read_aliases

    problems = check_aliases(file)
    for problem in problems:
        typer.echo(f"{file}:{problem.line}: {problem.kind}: {problem.message}")
    if problems:
        _note(f"{file}: {len(problems):,} problem{'s' * (len(problems) > 1)}")
        raise typer.Exit(PROBLEMS)
    aliases = read_aliases(file)
    _note(f"{file}: no problems; organisations: {len(aliases):,}, aliases: {sum(map(len, aliases.values())):,}")


def _lexicon_with(file: Path | None) -> Lexicon:
    """Return the package's lexicon, with the user's aliases if there is a file of them."""
    from entitymatch import Lexicon

    return Lexicon.default() if file is None else Lexicon.default().with_aliases(file)


def _choose(
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


def _named(*columns: str | None) -> list[str]:
    return list(dict.fromkeys(column for column in columns if column is not None))


def _read_as(info: FileInfo) -> str:
    return f", read as {info.encoding}" if info.encoding else ""


def _check_targets(targets: Sequence[Path], sources: Sequence[Path]) -> None:
    """Find mistakes in the output before minutes of work."""
    taken = {source.resolve() for source in sources}
    for target in targets:
        check_target(target)
        if target.resolve() in taken:
            raise EntityMatchError(f"{target} is given twice: the output would replace it")
        taken.add(target.resolve())


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
    _print(table)
    if len(totals) > SHOWN_ORGANISATIONS:
        _note(f"{len(totals) - SHOWN_ORGANISATIONS:,} more organisations: --tally FILE writes them all")
    _note(f"{len(totals):,} of {organisations:,} organisations found; {counted(links.skipped, 'row')} without a name")
    repeated = len(links.queries.row_ids) - pd.Series(links.queries.row_ids).nunique(dropna=False)
    if repeated:
        _note(f"ids of the register that repeat an earlier one: {repeated:,}; their rows are answered like the others")


def _print(table: object) -> None:
    """Print to stdout: as wide as the terminal, or as the table where there is none."""
    from rich.console import Console

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 200
    console.print(table)


def _note(text: str) -> None:
    typer.echo(f"entitymatch: {text}", err=True)
