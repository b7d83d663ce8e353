"""Totals that can be quoted: per organisation, what was linked, how sure the number is, and what a review found.

A total has three faces here. The *counts* say what the decisions are. The *expected* rows and their interval follow
from the scores: each string is right with the probability that its score says, independently (the Poisson binomial
distribution). The *estimated* rows follow from a sample that a person reviewed: reviewed strings count as they are, and
of the others the share that was right in the sample (Wilson's interval, by decision; the parts are added by Zou and
Donner's method). `entitymatch.intervals` names the sources.

Neither interval knows of strings that were not found at all, nor of a mistake that all strings of one organisation have
in common, as a wrong alias. A review is the better of the two.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from entitymatch.errors import EntityMatchError
from entitymatch.intervals import combine, poisson_binomial, wilson
from entitymatch.links import LINK, POSSIBLE_LINK, Candidates, Links, _series, _texts

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

REVIEW_COLUMNS = ("query", "reference_id", "correct")
ANSWERS = {"true": True, "yes": True, "y": True, "1": True, "false": False, "no": False, "n": False, "0": False}


def tally(
    links: Links,
    weight: str | Sequence[float] | None = None,
    *,
    level: float = 0.95,
    reviewed: Any = None,
    suppress_below: int | None = None,
) -> pd.DataFrame:
    """Return the totals of each organisation; `Links.tally` says what they are."""
    if not 0.0 < level < 1.0:
        raise EntityMatchError(f"level is {level!r}: it must be a number between 0 and 1, as 0.95")
    if suppress_below is not None and suppress_below < 1:
        raise EntityMatchError(f"suppress_below is {suppress_below!r}: it must be a whole number, 1 or more")
    counted = _counted(links)
    size = len(links.references.names)
    measures: dict[str, npt.NDArray[Any]] = {"strings": np.ones_like(links.queries.rows), "rows": links.queries.rows}
    if weight is not None:
        measures["weight"] = links._weights(weight)
    totals: dict[str, npt.NDArray[Any]] = {}
    for name, values in measures.items():
        for prefix, code in (("link", LINK), ("possible_link", POSSIBLE_LINK)):
            chosen = counted.take(counted.decision == code)
            sums = np.bincount(chosen.reference, weights=values[chosen.query], minlength=size)
            totals[f"{prefix}_{name}"] = sums if name == "weight" else sums.astype(np.int64)
    order = np.argsort(-totals["link_rows" if weight is None else "link_weight"], kind="stable")
    found = order[(totals["link_strings"] + totals["possible_link_strings"])[order] > 0]
    columns = ["link_strings", "link_rows", "possible_link_strings", "possible_link_rows"]
    columns += ["link_weight", "possible_link_weight"] if weight is not None else []
    frame = pd.DataFrame(
        {
            "reference_id": _series(links.references.ids).take(found).array,
            "reference": _texts(links.references.names).take(found).array,
            **{column: totals[column][found] for column in columns},
        }
    )
    answers = None if reviewed is None else _answers(reviewed, links, counted)
    frame = frame.assign(**_estimates(counted, links.queries.rows[counted.query], found, answers, level))
    return frame if suppress_below is None else suppress(frame, suppress_below)


def suppress(totals: pd.DataFrame, below: int) -> pd.DataFrame:
    """Return the totals without the small ones: counts of rows from 1 to ``below - 1`` are missing values.

    Strings, weights and intervals that would tell the suppressed number go with it. A sum that is published beside the
    totals may still give a number away if it is the only one that is missing.

    Example:
        >>> table = pd.DataFrame({"link_strings": [2, 1], "link_rows": [90, 3], "expected_rows": [85.0, 2.9]})
        >>> suppress(table, 10).values.tolist()
        [[2, 90, 85.0], [<NA>, <NA>, nan]]
    """
    totals = totals.copy()
    small = pd.Series(data=False, index=totals.index)
    for prefix in ("link", "possible_link"):
        if f"{prefix}_rows" not in totals:
            continue
        hidden = totals[f"{prefix}_rows"].between(1, below - 1)
        small |= hidden
        for column in (f"{prefix}_strings", f"{prefix}_rows"):
            totals[column] = totals[column].astype("Int64").mask(hidden)
        if f"{prefix}_weight" in totals:
            totals[f"{prefix}_weight"] = totals[f"{prefix}_weight"].mask(hidden)
    derived = [c for c in totals.columns.astype(str) if c.startswith(("expected_", "estimated_"))]
    if "reviewed_strings" in totals:
        totals["reviewed_strings"] = totals["reviewed_strings"].astype("Int64").mask(small)
    for column in derived:
        totals[column] = totals[column].mask(small)
    return totals


def _counted(links: Links) -> Candidates:
    """Return the candidates that count: links, and possible links of strings that have none; by reference."""
    linked = np.zeros(len(links.queries.names), dtype=bool)
    linked[links._strings_with(LINK)] = True
    decision = links.candidates.decision
    counts = (decision == LINK) | ((decision == POSSIBLE_LINK) & ~linked[links.candidates.query])
    counted = links.candidates.take(counts)
    return counted.take(np.argsort(counted.reference, kind="stable"))


def _estimates(
    counted: Candidates, rows: IntArray, found: IntArray, answers: npt.NDArray[np.int8] | None, level: float
) -> dict[str, npt.NDArray[Any]]:
    """Return the columns that say how sure the totals are, for the references in `found`."""
    expected, estimated = np.zeros((len(found), 3)), np.zeros((len(found), 3))
    reviewed = np.zeros(len(found), dtype=np.int64)
    starts, ends = (np.searchsorted(counted.reference, found, side=side) for side in ("left", "right"))
    for line, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        score, size, decision = (values[start:end] for values in (counted.score, rows, counted.decision))
        expected[line] = poisson_binomial(score, size, level)
        if answers is not None:
            given = answers[start:end]
            strata = [decision == code for code in (LINK, POSSIBLE_LINK)]
            parts = [_reviewed(score[of], size[of], given[of], level) for of in strata if of.any()]
            estimated[line] = combine(*zip(*parts, strict=True))
            reviewed[line] = int((given >= 0).sum())
    columns: dict[str, npt.NDArray[Any]] = {
        f"expected_{what}": expected[:, column] for column, what in enumerate(("rows", "low", "high"))
    }
    if answers is not None:
        columns["reviewed_strings"] = reviewed
        for column, what in enumerate(("rows", "low", "high")):
            columns[f"estimated_{what}"] = estimated[:, column]
    return columns


def _reviewed(
    score: FloatArray, size: IntArray, answers: npt.NDArray[np.int8], level: float
) -> tuple[float, float, float]:
    """Return how many rows of a stratum are right: reviewed ones as they are, the others as the sample says.

    A stratum of which nothing was reviewed is taken by its scores.
    """
    known = answers >= 0
    if not known.any():
        return poisson_binomial(score, size, level)
    right, n = int((answers[known] == 1).sum()), int(known.sum())
    certain = float(size[known & (answers == 1)].sum())
    others = size[~known].astype(np.float64)
    if not len(others):
        return certain, certain, certain
    share, rest = right / n, float(others.sum())
    # The sample is one source of doubt, the strings that are left another: as if the sample were this much smaller.
    # Strings with many rows make the rest as uncertain as fewer strings would be (Kish, Survey Sampling, 1965).
    effective = 1.0 / (1.0 / n + float(others @ others) / rest**2)
    low, high = wilson(share * effective, effective, level)
    return certain + rest * share, certain + rest * low, certain + rest * high


def _answers(reviewed: Any, links: Links, counted: Candidates) -> npt.NDArray[np.int8]:
    """Return for each counted candidate 1 if a person found it right, 0 if wrong, -1 if nobody looked."""
    from entitymatch.columns import read_columns

    queries, ids, correct = read_columns(reviewed, REVIEW_COLUMNS, "table of reviewed links")
    said: dict[tuple[str, str], bool] = {}
    for row, (query, id_, answer) in enumerate(zip(queries, ids, correct, strict=True)):
        if pd.isna(answer) or answer == "":
            continue
        value = ANSWERS.get(str(answer).strip().lower().removesuffix(".0"))
        if value is None:
            raise EntityMatchError(
                f"row {row} of the table of reviewed links has {answer!r} in column 'correct': give true or false, "
                "or leave it empty"
            )
        if said.setdefault((str(query), str(id_)), value) != value:
            raise EntityMatchError(f"the reviewed link of {query!r} and {id_!r} is called both right and wrong")
    names, reference_ids = links.queries.names, [str(id_) for id_ in links.references.ids]
    pairs = zip(counted.query.tolist(), counted.reference.tolist(), strict=True)
    found = [said.get((names[query], reference_ids[reference])) for query, reference in pairs]
    if said and not any(answer is not None for answer in found):
        raise EntityMatchError(
            "none of the reviewed links is a link or possible link here: column 'query' must hold the strings of the "
            "register and 'reference_id' the ids of the list, as in the table of links"
        )
    return np.array([-1 if answer is None else int(answer) for answer in found], dtype=np.int8)
