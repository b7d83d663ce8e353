"""``entitymatch lexicon``: the organisations that are known by name, and the user's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from entitymatch.cli.console import PROBLEMS, note, print_table
from entitymatch.cli.files import LexiconFile, lexicon_with

lexicon_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The organisations that are known by name.")


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

    extractor = FeatureExtractor(lexicon_with(lexicon))
    features = extractor.extract(name)
    table = Table("name", "organisation", "Chinese names", "part of", "source", "remark", box=None, pad_edge=False)
    for alias in features.aliases:
        words = [word.text for word in features.words[alias.start : alias.end]]
        found = " ".join(words) if alias.latin else features.han[alias.start : alias.end]
        organisation = extractor.lexicon.organizations[alias.key]
        parent = f"{organisation.parent} ({organisation.relation})" if organisation.parent else ""
        remark = "also an ordinary word" if alias.common else ""
        english, chinese = (" | ".join(dict.fromkeys(names)) for names in (organisation.en, organisation.zh))
        table.add_row(found, english or alias.key, chinese, parent, organisation.source, remark)
    if features.aliases:
        print_table(table)
    else:
        note(f"no known organisation in {name!r}")


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
        note(f"{file}: {len(problems):,} problem{'s' * (len(problems) > 1)}")
        raise typer.Exit(PROBLEMS)
    aliases = read_aliases(file)
    note(f"{file}: no problems; organisations: {len(aliases):,}, aliases: {sum(map(len, aliases.values())):,}")
