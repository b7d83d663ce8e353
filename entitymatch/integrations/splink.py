"""Organisation names in Splink: columns that it can block on and compare, on DuckDB or any other of its engines.

Splink (https://moj-analytical-services.github.io/splink) links tables in SQL by the model of Fellegi and Sunter, and
learns its weights without labels. SQL does not read Chinese. So the names are read here, once each, into columns that
are alike in both scripts; Splink does the rest. The extra ``entitymatch[splink]`` wants Splink 5.

    ready = prepare(register, companies, left_on="branch", right_on="name", right_id="id")
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[evidence_comparison(ready), splink.comparison_library.ExactMatch("city")],
        blocking_rules_to_generate_predictions=[evidence_blocking()],
        probability_two_random_records_match=ready.match_probability,
    )
    api = DuckDBAPI()
    linker = Linker([api.register(ready.left), api.register(ready.right)], settings)

=====================  ============================================================================================
column                 holds
=====================  ============================================================================================
``unique_id, name``    of `prepare` alone: the record and its name, under the labels that Splink expects in both tables
``org_core``           letters of the core (字号): ``huawei`` for 华为技术有限公司
``org_letters``        letters of the whole name without legal form and unit
``org_readings``       Latin words that the core may be spelled as, or its own (list)
``org_concepts``       words of the name, or that it may be translated to (list)
``org_aliases``        known organisations in the name, and their groups (list)
``org_places``         places, by their English names (list)
``org_sounds``         sound keys (list)
``org_evidence``       of `prepare` alone: in which bin of evidence a pair of records lies (list)
=====================  ============================================================================================

Two ways to use them. `comparisons` and `blocking_rules` compare the parts of the names; Splink learns all weights from
the data. `evidence_comparison` and `evidence_blocking` bring the match weight of this package, in bins whose m- and
u-probabilities follow from its calibrated scores and stay as they are; Splink learns the weights of the caller's other
columns. Not both in one model: the evidence is made of the parts, and Splink takes comparisons for independent.

**Evidence bins.** Splink compares columns of records, while the evidence of this package belongs to pairs. A list makes
the one into the other: for each candidate ``x`` of a record, whose match weight reaches the ``b`` lowest of four
bounds, the record's list holds ``x/1`` … ``x/b``; the list of ``x`` itself holds all four. Two records then share as
many elements as bounds are reached, which SQL can count.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from entitymatch.columns import distinct, read_column
from entitymatch.errors import EntityMatchError
from entitymatch.integrations.keys import KeyReader
from entitymatch.lexicon import Lexicon
from entitymatch.links import QueryTable

PREFIX = "org_"
TEXTS, LISTS = ("core", "letters"), ("readings", "concepts", "aliases", "places", "sounds")
EVIDENCE_BOUNDS = (-6.0, -2.0, 1.5, 4.0)  # match weights in bits that divide the bins; 1.5 is near a link
_LEAST = 1e-6  # pairs in a bin: Splink wants probabilities above 0


def name_columns(table: Any, name: str, *, lexicon: Lexicon | None = None, prefix: str = PREFIX) -> pa.Table:
    """Return a table with the columns that Splink can block on and compare.

    Args:
        table: a pandas, polars or pyarrow table.
        name: its column of names.
        lexicon: the organisations whose names are known; None for those that the package ships.
        prefix: put before the names of the new columns.

    Returns:
        The table with the new columns after its own; null where a name has nothing of the kind, so that Splink takes
        it for missing.

    Raises:
        EntityMatchError: if there is no such column, or a new column would replace one.

    Example:
        >>> found = name_columns(pa.table({"name": ["华为技术有限公司", "Huawei", None]}), "name")
        >>> found.column("org_core").to_pylist()
        ['huawei', 'huawei', None]
    """
    names = read_column(table, name, role="table")[0]
    read = KeyReader(lexicon)
    keys = [read(text) if text and text.strip() else None for text in names]
    added: dict[str, pa.Array] = {}
    for column in TEXTS:
        values = [getattr(found, column) or None if found else None for found in keys]
        added[prefix + column] = pa.array(values, pa.string())
    for column in LISTS:
        lists = [list(getattr(found, column)) or None if found else None for found in keys]
        added[prefix + column] = pa.array(lists, pa.list_(pa.string()))
    return _with(table, added)


class Prepared(NamedTuple):
    """Two tables that Splink can link, and what is known of their pairs.

    Attributes:
        left: the register, with the new columns.
        right: the list, with the new columns.
        m: for each number of bounds that the evidence of a pair reaches, from none to all, its share among the pairs
            that match, by the scores.
        u: the same share among the pairs that do not match.
        match_probability: the share of all pairs that match, by the scores: Splink's
            ``probability_two_random_records_match``.
    """

    left: pa.Table
    right: pa.Table
    m: tuple[float, ...]
    u: tuple[float, ...]
    match_probability: float


def prepare(
    left: Any,
    right: Any,
    *,
    left_on: str,
    right_on: str,
    left_id: str | None = None,
    right_id: str | None = None,
    prior: float = 0.05,
    top_k: int = 5,
    bounds: tuple[float, ...] = EVIDENCE_BOUNDS,
    lexicon: Lexicon | None = None,
    prefix: str = PREFIX,
) -> Prepared:
    """Return two tables that Splink can link: columns of `name_columns`, and the evidence of their pairs.

    Splink wants the same columns in both tables. So the names stand under ``name`` and the ids under ``unique_id`` in
    both, and of the other columns those are kept that both tables have.

    Args:
        left: the register: a pandas, polars or pyarrow table.
        right: the list of organisations.
        left_on: the register's column of names.
        right_on: that of the list.
        left_id: the register's column of ids; None for the row's number.
        right_id: that of the list.
        prior: the expected share of names that have an answer on the list, in (0, 1).
        top_k: how many candidates each name of the register has evidence for.
        bounds: match weights in bits, rising, that divide the bins.
        lexicon: the organisations whose names are known; None for those that the package ships.
        prefix: put before the names of the new columns.

    Raises:
        EntityMatchError: as `name_columns`; if `bounds` do not rise; if the list names nobody.
    """
    from entitymatch.matcher import Matcher

    if not bounds or list(bounds) != sorted(set(bounds)):
        raise EntityMatchError(f"bounds are {bounds!r}: give rising numbers of bits, as {EVIDENCE_BOUNDS}")
    shared = [c for c in _arrow(left).column_names if c in _arrow(right).column_names]
    register, companies = (
        name_columns(_labelled(table, name, id_, shared), "name", lexicon=lexicon, prefix=prefix)
        for table, name, id_ in ((left, left_on, left_id), (right, right_on, right_id))
    )
    queries = distinct(read_column(register, "name")[0])
    references = distinct(read_column(companies, "name", role="reference list")[0])
    matcher = Matcher(prior=prior, lexicon=lexicon).fit(references.names)
    found = matcher.match(queries.names, top_k=top_k, threshold=0.0).to_pandas()
    reached = np.searchsorted(np.array(bounds), found["match_weight"].to_numpy(), side="right")
    query, reference = found["query_id"].to_numpy(np.int64), found["reference_id"].to_numpy(np.int64)

    tokens: list[list[str]] = [[] for _ in queries.names]
    for q, r, count in zip(query.tolist(), reference.tolist(), reached.tolist(), strict=True):
        tokens[q] += [f"{r}/{bin_}" for bin_ in range(1, count + 1)]
    own = [[f"{r}/{bin_}" for bin_ in range(1, len(bounds) + 1)] for r in range(len(references.names))]
    column = f"{prefix}evidence"
    register, companies = (
        _with(table, {column: pa.array([lists[i] if i >= 0 else None for i in rows], pa.list_(pa.string()))})
        for table, lists, rows in (
            (register, tokens, queries.row_of.tolist()),
            (companies, own, references.row_of.tolist()),
        )
    )
    pairs = _rows(queries)[query] * _rows(references)[reference]  # records that bear the two names
    m, u, share = _probabilities(found["score"].to_numpy(), reached, pairs, len(register) * len(companies), len(bounds))
    return Prepared(register, companies, m, u, share)


def _rows(table: QueryTable) -> npt.NDArray[np.float64]:
    named = table.row_of[table.row_of >= 0]
    return np.bincount(named, minlength=len(table.names)).astype(np.float64)


def _probabilities(
    score: npt.NDArray[np.float64],
    reached: npt.NDArray[np.int64],
    pairs: npt.NDArray[np.float64],
    all_pairs: int,
    bins: int,
) -> tuple[tuple[float, ...], tuple[float, ...], float]:
    """Return m and u of each bin and the share of pairs that match; a score is the chance that a pair does."""
    size = bins + 1
    matches = np.bincount(reached, weights=score * pairs, minlength=size)
    others = np.bincount(reached, weights=(1.0 - score) * pairs, minlength=size)
    others[0] += all_pairs - float(pairs.sum())  # pairs that are nobody's candidates
    matches, others = np.maximum(matches, _LEAST), np.maximum(others, _LEAST)
    m, u = matches / matches.sum(), others / others.sum()
    return tuple(m.tolist()), tuple(u.tolist()), float(matches.sum() / all_pairs)


def comparisons(*, prefix: str = PREFIX) -> list[Any]:
    """Return comparisons of the parts of the names for Splink's settings: aliases, core, concepts, sounds, places.

    Splink learns their weights, or the caller sets them.

    Args:
        prefix: that of the columns.

    Raises:
        ImportError: if Splink is not installed.
    """
    library = _splink("comparison_library")
    return [
        library.ArrayIntersectAtSizes(f"{prefix}aliases", 1),
        library.JaroWinklerAtThresholds(f"{prefix}core", [0.95, 0.85]),
        library.ArrayIntersectAtSizes(f"{prefix}concepts", [3, 2, 1]),
        library.ArrayIntersectAtSizes(f"{prefix}sounds", [4, 2]),
        library.ArrayIntersectAtSizes(f"{prefix}places", 1),
    ]


def blocking_rules(*, prefix: str = PREFIX) -> list[Any]:
    """Return blocking rules for Splink's settings: equal cores, or a shared alias, reading, concept or sound key.

    Splink's training cannot explode lists; block it on ``org_core`` and on the first element, ``org_aliases[1]``.

    Args:
        prefix: that of the columns.

    Raises:
        ImportError: if Splink is not installed.
    """
    block_on = _splink().block_on
    exploded = [f"{prefix}{column}" for column in ("aliases", "readings", "concepts", "sounds")]
    return [block_on(f"{prefix}core"), *(block_on(column, arrays_to_explode=[column]) for column in exploded)]


def evidence_comparison(ready: Prepared, *, prefix: str = PREFIX) -> Any:
    """Return the comparison of the bins of evidence for Splink's settings, its probabilities fixed.

    Args:
        ready: what `prepare` gave.
        prefix: that of the columns.

    Raises:
        ImportError: if Splink is not installed.
    """
    library, levels = _splink("comparison_library"), _splink("comparison_level_library")
    fixed = {"fix_m_probability": True, "fix_u_probability": True}
    made = [levels.NullLevel(f"{prefix}evidence")]
    for count in range(len(ready.m) - 1, -1, -1):
        level = levels.ArrayIntersectLevel(f"{prefix}evidence", min_intersection=count) if count else levels.ElseLevel()
        made.append(level.configure(m_probability=ready.m[count], u_probability=ready.u[count], **fixed))
    return library.CustomComparison(output_column_name=f"{prefix}evidence", comparison_levels=made)


def evidence_blocking(*, prefix: str = PREFIX) -> Any:
    """Return the blocking rule that pairs each record with its candidates in the evidence.

    Args:
        prefix: that of the columns.

    Raises:
        ImportError: if Splink is not installed.
    """
    column = f"{prefix}evidence"
    return _splink().block_on(column, arrays_to_explode=[column])


def _splink(module: str = "") -> Any:
    from importlib import import_module

    try:
        return import_module(f"splink.{module}" if module else "splink")
    except ImportError as error:
        raise ImportError("this needs Splink 5: pip install 'entitymatch[splink]'") from error


def _labelled(table: Any, name: str, id_: str | None, shared: list[str]) -> pa.Table:
    """Return the ids, the names and the columns that both tables have, under the labels that both tables share."""
    names, ids = read_column(table, name, id=id_, role="table")
    arrow = _arrow(table)
    unique = pa.array(ids) if id_ is None else arrow.column(id_)
    kept = {c: arrow.column(c) for c in shared if c not in (name, id_, "unique_id", "name")}
    return pa.table({"unique_id": unique, "name": pa.array(names, pa.string()), **kept})


def _arrow(table: Any) -> pa.Table:
    if isinstance(table, pa.Table):
        return table
    if isinstance(table, pd.DataFrame):
        return pa.Table.from_pandas(table, preserve_index=False)
    return nw.from_native(table, eager_only=True).to_arrow()


def _with(table: Any, columns: dict[str, pa.Array]) -> pa.Table:
    """Return the table as an Arrow table, with further columns."""
    arrow = _arrow(table)
    for column, values in columns.items():
        if column in arrow.column_names:
            raise EntityMatchError(f"the table has a column {column!r} already: give another prefix")
        arrow = arrow.append_column(column, values)
    return arrow
