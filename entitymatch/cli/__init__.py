"""The command line: files in, files out, and a table of totals that people can read.

    entitymatch demo                                   see it work, on data that the package brings along
    entitymatch match REGISTER REFERENCE -o LINKS      link a register to a list of organisations
    entitymatch evaluate LINKS TRUTH                   precision and recall of links, where the truth is known
    entitymatch explain QUERY REFERENCE                show the evidence for one pair, term by term
    entitymatch parse NAME…                            show the parts of a name
    entitymatch lexicon lookup NAME                    show the known organisations in a name
    entitymatch lexicon check FILE                     find what is wrong in a file of aliases
    entitymatch train scoring PAIRS -o MODEL           fit the weights of the evidence to names of your own

One module a command; `files`, `pipes`, `console` and `totals` hold what they share. docs/command-line.md is the manual.
Tables go to stdout, what happened on the way to stderr; `EXIT_CODES` says how a run ends.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Annotated

import typer

from entitymatch.cli.console import INTERRUPTED, USER_MISTAKE, note
from entitymatch.cli.demo import demo
from entitymatch.cli.evaluate import evaluate
from entitymatch.cli.explain import explain
from entitymatch.cli.lexicon import lexicon_app
from entitymatch.cli.match import match
from entitymatch.cli.parse import parse
from entitymatch.cli.train import train_app
from entitymatch.errors import EntityMatchError

EXIT_CODES = """\b
Exit codes:
  0    done
  1    `lexicon check` found problems
  2    a mistake in what was given, told in one line on stderr; nothing was written
  130  interrupted; nothing was written
Anything else is a fault of the program and shows its traceback.

\b
Completion of commands and options in the shell: entitymatch --install-completion
"""

app = typer.Typer(
    name="entitymatch",
    no_args_is_help=True,
    context_settings={"help_option_names": ["--help", "-h"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # a mistake in the options is told in plain lines too
    help="Match Chinese and English organisation names: which strings of a register name an organisation on a list. "
    "Begin with: entitymatch demo",
    epilog=EXIT_CODES,
)
app.command(short_help="See it work, on data that it brings along.")(demo)
app.command(short_help="Link a register to a list of organisations.")(match)
app.command(short_help="Hold links against pairs known to be right.")(evaluate)
app.command(short_help="Show the evidence for one pair.")(explain)
app.command(short_help="Show the parts of names.")(parse)
app.add_typer(lexicon_app, name="lexicon")
if train_app.registered_commands:
    app.add_typer(train_app, name="train")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code.

    Args:
        arguments: the words after ``entitymatch``; None for those of the process.
    """
    try:
        app(args=list(arguments) if arguments is not None else None, prog_name="entitymatch")
    except (EntityMatchError, OSError) as error:  # OSError: no permission, no space left, a broken disk
        note(f"error: {error}")
        sys.exit(USER_MISTAKE)
    except KeyboardInterrupt:
        note("interrupted: nothing was written")
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
