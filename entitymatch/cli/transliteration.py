"""``entitymatch train transliteration``: learn how names sound from a file of pairs."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from entitymatch.cli.console import AsJson, Quiet, note, print_json, print_table
from entitymatch.errors import EntityMatchError

SHOWN_PROBLEMS = 3


def transliteration(
    pairs: Annotated[Path, typer.Argument(metavar="PAIRS", help="Columns zh and latin (or en), tab-separated or csv.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="MODEL", help="The model to write: .npz")],
    held_back: Annotated[
        float, typer.Option(min=0.0, max=0.5, help="Share of the pairs to test on, 2,000 at most; 0: no test.")
    ] = 0.05,
    seed: Annotated[int, typer.Option(help="Which pairs to test on; the model does not depend on it.")] = 0,
    rounds: Annotated[int, typer.Option(min=1, max=100, help="Rounds of expectation–maximisation.")] = 6,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Learn from name pairs how Chinese names sound in Latin letters.

    First a model is trained without the pairs held back, and must find them by sound; then the model that is written,
    from all pairs. The same pairs give the same bytes. Use it in Python: Transliteration.load(MODEL).

    \b
    Examples:
      entitymatch train transliteration pairs.tsv -o model.npz
      entitymatch train transliteration pairs.csv -o model.npz --held-back 0
    """  # noqa: D301  # click's mark for "do not wrap"
    from entitymatch.romanize import evaluate_transliteration, train_transliteration
    from entitymatch.romanize.pair_file import read_pairs

    if output.suffix.lower() != ".npz":
        raise EntityMatchError(f"{output}: a model ends in .npz")
    if not output.resolve().parent.is_dir():
        raise EntityMatchError(f"{output}: there is no folder {output.parent}")
    rows = read_pairs(pairs)
    bad = [row for row in rows if row.problem]
    good = [(row.zh, row.latin) for row in rows if not row.problem]
    for row in bad[:SHOWN_PROBLEMS]:
        note(f"{pairs}, line {row.line}: left out: {row.problem}", quiet=quiet)
    if len(bad) > SHOWN_PROBLEMS:
        note(f"{len(bad):,} pairs left out in all", quiet=quiet)

    def progress(number: int, likelihood: float) -> None:
        note(f"round {number} of {rounds}: {likelihood:.2f} bits a pair", quiet=quiet)

    report = None
    if held_back:
        note("training without the pairs held back", quiet=quiet)
        report = evaluate_transliteration(good, held_back, seed=seed, rounds=rounds, progress=progress)
    note(f"training on {len(good):,} pairs", quiet=quiet)
    train_transliteration(good, rounds=rounds, progress=progress).save(output)
    result = {"pairs": len(good), "left_out": len(bad), "held_back": None if report is None else asdict(report)}
    if as_json:
        print_json(result)
    elif report is not None and not quiet:
        from rich.table import Table

        table = Table("held back", "among", "first", "among five", "median bits", box=None)
        table.add_row(
            f"{report.queries:,}",
            f"{report.references:,}",
            f"{report.hit_at_1:.1%}",
            f"{report.hit_at_5:.1%}",
            f"{report.log2_odds:.1f}",
        )
        print_table(table)
