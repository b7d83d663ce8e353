"""``entitymatch demo``: what the package does, on data that it brings along; no file is needed."""

from __future__ import annotations

from importlib.resources import as_file
from pathlib import Path
from typing import Annotated, Any

import typer

from entitymatch.cli.console import AsJson, note, print_json, print_table, records
from entitymatch.cli.explain import print_explanation
from entitymatch.cli.totals import totals_table
from entitymatch.errors import EntityMatchError

FILES = ("register.csv", "companies.csv", "aliases.tsv")
LINK, DECOY = ("匯豐銀行(中國)有限公司人力资源部党支部", "HSBC"), ("波音五金商店", "Boeing")
TRY = """\
Try it on your own:
  entitymatch demo --to FOLDER            writes these files, to play with
  entitymatch match REGISTER LIST -o LINKS --tally TOTALS
  entitymatch explain QUERY ORGANISATION
  entitymatch match --help"""


def demo(
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FOLDER", help="Write the demonstration's files there, and leave.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Match a made-up register with a list of fourteen organisations, and show how to read the result.

    \b
    Examples:
      entitymatch demo
      entitymatch demo --to play
    """  # noqa: D301  # click's mark for "do not wrap"
    if to is not None:
        _write(to)
        return
    from entitymatch import Lexicon, Matcher
    from entitymatch.io import read_table

    with as_file(_folder()) as folder:
        register = read_table(folder / "register.csv", ["id", "branch"])
        companies = read_table(folder / "companies.csv", ["id", "name"])
        own = Lexicon.default().with_aliases(folder / "aliases.tsv")
    matcher = Matcher().fit(companies, name="name", id="id")
    links = matcher.match(register, name="branch", id="id")
    totals = links.tally()
    if as_json:
        print_json({"totals": records(totals), "links": records(links.to_pandas(distinct=True))})
        return
    strings = len(links.queries.names)
    typer.echo(f"A made-up register of {len(register):,} rows ({strings} distinct strings), such as {LINK[0]},")
    typer.echo(f"against a list of {len(companies)} organisations. Which strings name which organisation?\n")
    print_table(totals_table(totals)[0])
    names: list[str] = companies["name"].to_pylist()
    for title, (query, reference) in (("Why it is linked", LINK), ("Why it is not", DECOY)):
        typer.echo(f"\n{title} (evidence in bits; the sum is the log2 odds):")
        print_explanation(matcher.explain(query, names.index(reference)))
    found = Matcher(lexicon=own).fit(companies, name="name", id="id").match(register, name="branch", id="id").tally()
    before = totals.set_index("reference")["link_strings"].reindex(found["reference"], fill_value=0).to_numpy()
    gained = found["reference"][found["link_strings"].to_numpy() > before]
    typer.echo(f"\nWith names of our own (aliases.tsv) these are linked, too: {', '.join(gained)}.\n\n{TRY}")


def _folder() -> Any:
    from entitymatch.lexicon.tables import data_root

    return data_root().joinpath("demo")


def _write(folder: Path) -> None:
    """Copy the files; none that is there is replaced."""
    if taken := [name for name in FILES if (folder / name).exists()]:
        raise EntityMatchError(f"{folder / taken[0]} is there already: give another folder")
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        (folder / name).write_bytes(_folder().joinpath(name).read_bytes())
    note(f"wrote {', '.join(FILES)} into {folder}; now try")
    typer.echo(f"cd {folder}")
    typer.echo("entitymatch match register.csv companies.csv --query-id id --reference-id id -o links.csv")
    typer.echo("entitymatch match register.csv companies.csv --lexicon aliases.tsv -o links.csv --tally totals.csv")
