"""``entitymatch train``: the group of commands that fit the models to data of the user's own."""

from __future__ import annotations

import typer

from entitymatch.cli.scoring import scoring
from entitymatch.cli.transliteration import transliteration

train_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Fit the models to data of your own.")
train_app.command()(scoring)
train_app.command()(transliteration)
