"""``entitymatch train scoring``: weights and the link threshold from pairs of names of the user's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from entitymatch.cli.console import AsJson, Quiet, note, print_json
from entitymatch.cli.files import LexiconFile, choose_column, lexicon_with
from entitymatch.errors import EntityMatchError
from entitymatch.io import inspect, read_table


def scoring(
    pairs: Annotated[
        Path,
        typer.Argument(metavar="PAIRS", help="Strings, and the organisation that each names; empty if none on a list."),
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="Where the model goes: JSON, for match --scoring.")],
    query_column: Annotated[str | None, typer.Option(help="The column of strings. [default: query]")] = None,
    reference_column: Annotated[
        str | None, typer.Option(help="The column of organisations. [default: reference]")
    ] = None,
    precision: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="The share of links that are to be right, on names held out.")
    ] = 0.97,
    confidence: Annotated[
        float | None, typer.Option(help="How sure that share is to be (0.95, say). [default: the share that is seen]")
    ] = None,
    lexicon: LexiconFile = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Fit the weights of the evidence, and the link threshold, to pairs of names of your own.

    Half of the organisations are left out of the list, so that half of the strings have no right answer. The weights
    stay near those that the package ships; how near is chosen by what organisations that were held out say.

    \b
    Example:
      entitymatch train scoring pairs.tsv --query-column zh --reference-column en -o model.json
      entitymatch match register.csv companies.csv --scoring model.json -o links.csv
    """  # noqa: D301  # click's mark for "do not wrap"
    if output.suffix != ".json":
        raise EntityMatchError(f"{output}: a model is a JSON file: give a name that ends in .json")
    if not output.resolve().parent.is_dir():
        raise EntityMatchError(f"{output}: there is no folder {output.parent}")
    info = inspect(pairs)
    query = choose_column(pairs, info, query_column, "query", "--query-column", [reference_column])
    reference = choose_column(pairs, info, reference_column, "reference", "--reference-column", [query])
    if query == reference:
        raise EntityMatchError(
            f"{pairs}: the strings and the organisations are both column {query!r}: give two columns"
        )
    table = read_table(pairs, [query, reference], info)

    from entitymatch import Matcher
    from entitymatch.scoring import fit, label_pairs
    from entitymatch.scoring.model_file import write_model

    columns = ([name or "" for name in table[column].to_pylist()] for column in (query, reference))
    labelled = label_pairs(
        list(zip(*columns, strict=True)), matcher=Matcher(lexicon=None if lexicon is None else lexicon_with(lexicon))
    )
    trained = fit(labelled, precision=precision, confidence=confidence)
    write_model(trained.model, output)
    figures = {
        "strings": len(labelled.prior_bits),
        "loss_as_shipped": round(trained.start_loss, 4),
        "loss_held_out": round(trained.held_out_loss, 4),
        "link_threshold": round(trained.model.link_threshold, 4),
    }
    if as_json:
        print_json(figures)
    note(
        f"{figures['strings']:,} strings; bits a string: {figures['loss_as_shipped']} as shipped, "
        f"{figures['loss_held_out']} on organisations held out; links from a score of {figures['link_threshold']}",
        quiet=quiet,
    )
    if trained.held_out_loss >= trained.start_loss:
        note("the shipped weights do as well on names held out: the model is of no use", quiet=quiet)
    note(f"wrote {output}", quiet=quiet)
