"""``entitymatch lexicon``: the organisations that are known by name, and the user's own."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from entitymatch.cli.console import PROBLEMS, AsJson, Quiet, note, print_json, print_table
from entitymatch.cli.files import LexiconFile, lexicon_with

lexicon_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The organisations that are known by name.")


@lexicon_app.command()
def lookup(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Any name: the known ones inside it are looked for.")],
    lexicon: LexiconFile = None,
    as_json: AsJson = False,
) -> None:
    """Show the known organisations in a name.

    \b
    Examples:
      entitymatch lexicon lookup 汇丰银行上海分行
      entitymatch lexicon lookup 汇丰软件开发 --lexicon examples/aliases.tsv
    """  # noqa: D301  # click's mark for "do not wrap"
    from rich.table import Table

    found = _found(name, lexicon)
    if as_json:
        print_json(found)
        return
    if not found:
        note(f"no known organisation in {name!r}")
        return
    headings = ("name", "organisation", "Chinese names", "part of", "source", "remark")
    table = Table(*headings, box=None, pad_edge=False, header_style="bold")
    for known in found:
        parent = f"{known['parent']} ({known['relation']})" if known["parent"] else ""
        remark = ("names several" if known["shared"] else "also an ordinary word") if known["common"] else ""
        english, chinese = " | ".join(known["en"]) or known["key"], " | ".join(known["zh"])
        table.add_row(known["name"], english, chinese, parent, known["source"], remark)
    print_table(table)


def _found(name: str, lexicon: Path | None) -> list[dict[str, Any]]:
    """Return the known names in a name, each with its organisation."""
    from entitymatch.features import FeatureExtractor

    extractor = FeatureExtractor(lexicon_with(lexicon))
    features = extractor.extract(name)
    found = []
    for alias in features.aliases:
        words = [word.text for word in features.words[alias.start : alias.end]]
        organisation = extractor.lexicon.organizations[alias.key]
        known = {
            "name": " ".join(words) if alias.latin else features.han[alias.start : alias.end],
            "key": alias.key,
            "en": list(dict.fromkeys(organisation.en)),
            "zh": list(dict.fromkeys(organisation.zh)),
            "parent": organisation.parent,
            "relation": organisation.relation,
            "source": organisation.source,
            "common": alias.common,
            "shared": any(
                other.key != alias.key and other[1:3] == alias[1:3] and other.latin == alias.latin
                for other in features.aliases
            ),
        }
        found.append(known)
    return found


@lexicon_app.command()
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Your own aliases: tsv, csv or yaml.")],
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Find what is wrong in a file of aliases: duplicates, contradictions, empty cells, names that are never found.

    Exit code 1 if there is a problem.

    \b
    Example:
      entitymatch lexicon check examples/aliases.tsv
    """  # noqa: D301  # click's mark for "do not wrap"
    from entitymatch.lexicon.user import check_aliases, read_aliases

    problems = check_aliases(file)
    if as_json:
        print_json([asdict(problem) for problem in problems])
    else:
        for problem in problems:
            typer.echo(f"{file}:{problem.line}: {problem.kind}: {problem.message}")
    if problems:
        note(f"{file}: {len(problems):,} problem{'s' * (len(problems) > 1)}", quiet=quiet)
        raise typer.Exit(PROBLEMS)
    aliases = read_aliases(file)
    counts = f"organisations: {len(aliases):,}, aliases: {sum(map(len, aliases.values())):,}"
    note(f"{file}: no problems; {counts}", quiet=quiet)
