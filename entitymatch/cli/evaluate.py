"""``entitymatch evaluate``: precision and recall of links, where the truth is known.

The F-measure of a set of links is ``2 tp / (2 tp + fp + fn)``. Its interval comes from that of
``F* = tp / (tp + fp + fn)``, which is a plain share of pairs, by ``F = 2 F* / (1 + F*)`` (Hand, Christen and Kirielle,
"F*: an interpretable transformation of the F-measure", Machine Learning 110 (2021) 451–456); shares have Wilson's
interval.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Any

import typer

from entitymatch.cli.console import AsJson, Quiet, note, print_json, print_table
from entitymatch.cli.pipes import Pipes
from entitymatch.errors import EntityMatchError
from entitymatch.io import FileInfo, inspect, read_table

DECISIONS = {"link": ("link",), "link or possible link": ("link", "possible_link")}
Pair = tuple[str, str]


def evaluate(
    links: Annotated[Path, typer.Argument(metavar="LINKS", help="What `entitymatch match` wrote; or -.")],
    truth: Annotated[
        Path,
        typer.Argument(
            metavar="TRUTH", help="Pairs that are right: query, reference. A query without a reference names none."
        ),
    ],
    query: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN[=COLUMN]",
            help="TRUTH's column of queries, and that of LINKS if it has another name. [default: query, query_id]",
        ),
    ] = None,
    reference: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN[=COLUMN]", help="The same of the organisations. [default: reference_id, reference]"
        ),
    ] = None,
    sample: Annotated[
        bool,
        typer.Option(
            "--sample", help="TRUTH holds some queries only: leave the links of others out, do not call them wrong."
        ),
    ] = False,
    level: Annotated[float, typer.Option(min=0.5, max=0.999, help="How sure the intervals are.")] = 0.95,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Hold links against pairs that are known to be right: precision, recall and F-measure, with intervals.

    \b
    Examples:
      entitymatch evaluate links.csv truth.csv
      entitymatch evaluate links.csv truth.csv --query branch=query --reference id=reference_id
      entitymatch evaluate links.csv reviewed.csv --sample
    """  # noqa: D301  # click's mark for "do not wrap"
    with Pipes() as pipes:
        links, truth = pipes.source(links), pipes.source(truth)
        links_info, truth_info = inspect(links), inspect(truth)
        their_query, our_query = _columns(query, ("query", "query_id"), truth, truth_info, links_info, "--query")
        their_reference, our_reference = _columns(
            reference, ("reference_id", "reference"), truth, truth_info, links_info, "--reference"
        )
        right, asked = _truth(truth, truth_info, their_query, their_reference)
        lines = _values(links, links_info, our_query, our_reference, "decision")
        if our_query == "query_id" and "rows" in links_info.columns:
            text = f"{links} has one line per distinct string, with the id of its first row: match with --all-rows"
            note(pipes.named(text), quiet=quiet)
    found = {(q, r): decision for q, r, decision in lines}
    others = {q for q, _ in found} - asked
    if sample:
        found = {pair: decision for pair, decision in found.items() if pair[0] in asked}
    measured = {
        name: _measure({pair for pair, decision in found.items() if decision in counted}, right, level)
        for name, counted in DECISIONS.items()
    }
    if as_json:
        print_json({"decisions": measured, "pairs_in_truth": len(right), "queries_not_in_truth": len(others)})
        return
    if not quiet:
        note(f"{len(right):,} right pairs of {len(asked):,} queries; intervals of {level:.0%}")
        treated = "left out" if sample else "their links count as wrong (--sample leaves them out)"
        if others:
            note(f"{len(others):,} queries of the links are not in the truth: {treated}")
        if right and asked.isdisjoint(q for q, _ in found):
            note("no query of the truth stands in the links: are these the columns to compare? See --query")
    _print(measured)


def _columns(
    given: str | None, defaults: tuple[str, str], truth: Path, theirs: FileInfo, ours: FileInfo, option: str
) -> tuple[str, str]:
    """Return the column of the truth and that of the links that are compared."""
    if given is None:
        shared = [name for name in defaults if name in theirs.columns and name in ours.columns]
        if not shared:
            listed = ", ".join(map(repr, theirs.columns))
            wanted = " nor ".join(map(repr, defaults))
            raise EntityMatchError(
                f"{truth} has neither {wanted}; give {option} COLUMN={defaults[0]}; the columns are {listed}"
            )
        return shared[0], shared[0]
    their, _, our = given.rpartition("=")
    if not their:
        their = given
        our = given if given in ours.columns else defaults[0]
    return their, our


def _values(path: Path, info: FileInfo, *columns: str) -> list[tuple[str, ...]]:
    """Return some columns of a file as text, empty where a cell is missing."""
    from entitymatch.columns import read_columns

    table = read_columns(read_table(path, list(dict.fromkeys(columns)), info), columns, str(path))
    cells = (["" if cell is None or cell != cell else str(cell) for cell in column] for column in table)
    return list(zip(*cells, strict=True))


def _truth(path: Path, info: FileInfo, query: str, reference: str) -> tuple[set[Pair], set[str]]:
    """Return the right pairs as text, and all queries that the truth speaks of."""
    from entitymatch.evaluation import read_truth

    table = read_table(path, list(dict.fromkeys([query, reference])), info)
    truth = read_truth(table, query=query, reference=reference)
    return {(str(q), str(r)) for q, ids in truth.items() for r in ids}, {str(q) for q in truth}


def _measure(found: Collection[Pair], right: set[Pair], level: float) -> dict[str, Any]:
    """Return counts, and shares with their intervals; None for a share of nothing."""
    from entitymatch.intervals import wilson

    tp = sum(pair in right for pair in found)
    fp, fn = len(found) - tp, len(right) - tp
    star = None if tp + fp + fn == 0 else (tp / (tp + fp + fn), *wilson(tp, tp + fp + fn, level))
    return {
        "pairs": len(found),
        "right": tp,
        "wrong": fp,
        "missed": fn,
        "precision": (tp / len(found), *wilson(tp, len(found), level)) if found else None,
        "recall": (tp / len(right), *wilson(tp, len(right), level)) if right else None,
        "f": star and tuple(2 * share / (1 + share) for share in star),
    }


def _print(measured: dict[str, dict[str, Any]]) -> None:
    from rich.table import Table

    table = Table("", *measured, box=None, pad_edge=False, header_style="bold", padding=(0, 3, 0, 0))
    for key in ("pairs", "right", "wrong", "missed"):
        table.add_row(key, *(f"{values[key]:,}" for values in measured.values()))
    for key in ("precision", "recall", "f"):
        table.add_row(key.replace("f", "F-measure"), *(_share(values[key]) for values in measured.values()))
    print_table(table)


def _share(value: tuple[float, float, float] | None) -> str:
    return "–" if value is None else f"{value[0]:.3f} ({value[1]:.3f}–{value[2]:.3f})"
