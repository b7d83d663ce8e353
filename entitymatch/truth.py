"""The right answers: which references each string of a register names.

The truth is the set of all pairs that belong together; a string that it does not name has no right answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from entitymatch.columns import is_table, read_columns
from entitymatch.errors import EntityMatchError
from entitymatch.links import QueryTable, ReferenceTable

Truth = Mapping[Any, Any] | Any  # a mapping, or a table


def read_truth(table: Any, *, query: str = "query", reference: str = "reference_id") -> dict[Any, frozenset[Any]]:
    """Read the truth from a table with one line per pair that belongs together.

    Args:
        table: a pandas, polars or pyarrow table.
        query: the column of the queries.
        reference: the column of the references' ids; a line where it is empty or missing says that none is right.

    Returns:
        query → ids of the right references.

    Raises:
        EntityMatchError: if there is no such column.

    Example:
        >>> table = pd.DataFrame({"branch": ["汇丰银行", "汇丰纸业"], "id": ["C1", None]})
        >>> read_truth(table, query="branch", reference="id")
        {'汇丰银行': frozenset({'C1'}), '汇丰纸业': frozenset()}
    """
    found: dict[Any, set[Any]] = {}
    keys, ids = read_columns(table, [query, reference], "truth")
    for key, id_ in zip(keys, ids, strict=True):
        found.setdefault(key, set()).update(() if _is_none(id_) else (id_,))
    return {key: frozenset(ids) for key, ids in found.items()}


def as_mapping(truth: Truth) -> dict[Any, frozenset[Any]]:
    """Return query → ids of the right references.

    Args:
        truth: query → id, or a collection of ids, or None for none; or a table, as :func:`read_truth` takes it.

    Raises:
        EntityMatchError: if it is neither.
    """
    if is_table(truth):
        return read_truth(truth)
    if not isinstance(truth, Mapping):
        raise EntityMatchError(
            f"the truth is of type {type(truth).__name__}: give a mapping of queries to reference ids, or a table"
        )
    several = (set, frozenset, list, np.ndarray)  # not a tuple, which may be an id
    return {
        key: frozenset(ids if isinstance(ids, several) else () if _is_none(ids) else (ids,))
        for key, ids in truth.items()
    }


def answers_of(queries: QueryTable, references: ReferenceTable, truth: Truth, on: str = "query") -> Sequence[set[int]]:
    """Return the right references of each distinct string.

    Args:
        queries: the register.
        references: the list.
        truth: as for :func:`as_mapping`.
        on: by what the truth knows the strings: ``"query"`` or ``"query_id"``.

    Returns:
        Per distinct string the positions of the right references; empty where none is.

    Raises:
        EntityMatchError: if the truth names a query or a reference that is not there: it would count as missed.
    """
    if on not in ("query", "query_id"):
        raise EntityMatchError(f"on is {on!r}: it must be 'query' or 'query_id'")
    right = as_mapping(truth)
    if on == "query":
        position = {name: i for i, name in enumerate(queries.names)}
    else:
        rows = zip(queries.row_ids, queries.row_of.tolist(), strict=True)
        position = {id_: i for id_, i in rows if i >= 0}
    place = {id_: i for i, id_ in enumerate(references.ids)}
    if unknown := [key for key in right if key not in position]:
        raise EntityMatchError(
            f"the truth names {len(unknown):,} queries that the register does not have, first {unknown[0]!r}: "
            "give the truth of this register, by its strings or, with on='query_id', by the ids of its rows"
        )
    if strange := [id_ for answer in right.values() for id_ in answer if id_ not in place]:
        raise EntityMatchError(
            f"the truth names {len(strange):,} reference ids that are not on the list, first {strange[0]!r}: "
            "give ids as Matcher.fit was given them"
        )
    answers: list[set[int]] = [set() for _ in queries.names]
    for key, answer in right.items():
        answers[position[key]].update(place[id_] for id_ in answer)
    return answers


def _is_none(value: Any) -> bool:
    return value == "" if isinstance(value, str) else bool(pd.api.types.is_scalar(value) and pd.isna(value))
