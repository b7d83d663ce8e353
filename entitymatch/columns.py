"""A column of names in, whatever holds it: pandas, polars, pyarrow, or a plain sequence of strings.

Data frames are read through narwhals, so that none of these packages need be there and no frame is converted whole.
Mistakes are told where they are made: a column that is not there, numbers where names should be, two organisations
under one id.

    read_column(table, name, *, id=None, role="register")   -> (values: list[str | None], ids)
    distinct(values, ids=None, table=None)                  -> QueryTable
    read_register(table, name, *, id=None)                  -> QueryTable: the two in one
    read_reference(table, name, *, id=None, aliases=None)   -> (ReferenceTable, aliases: list[list[str]])
    read_columns(table, names, role)                        -> the values of several columns, as given
    read_numbers(table, weight, size)                       -> (size,) float64
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from entitymatch.errors import EntityMatchError
from entitymatch.links import QueryTable, ReferenceTable
from entitymatch.repeats import Repeats, numbers_of

if TYPE_CHECKING:
    from entitymatch.links import Ids

SEQUENCES = (Sequence, np.ndarray, pd.Index, pd.api.extensions.ExtensionArray)


def read_register(table: Any, name: str | None = None, *, id: str | None = None) -> QueryTable:  # noqa: A002
    """Read the register: `read_column`, then `distinct`.

    Args:
        table: a table, or a sequence of strings; a register that was read already is given back.
        name: the column of names, if `table` is a table.
        id: the column of ids; None for the row's number.

    Raises:
        EntityMatchError: as `read_column`. A register without rows is answered with no links, not an error.
    """
    if isinstance(table, QueryTable):
        return table
    series = _names(table, name, id, "register")
    ids = np.arange(len(series)) if id is None else _ids(_column(table, id, "register"))
    return _query_table(*_factorize(series, _what(table, name, "register")), ids, table)


class DistinctStrings:
    """The distinct strings of a register that is read piece by piece, so that its rows need not be in memory.

    Args:
        name: the column of names.
        id: the column of ids; None for the row's number.

    Example:
        >>> strings = DistinctStrings("name")
        >>> for piece in (["汇丰银行", None], ["渣打银行", "汇丰银行"]):
        ...     strings.add(pd.DataFrame({"name": piece}))
        >>> register = strings.register()
        >>> register.names, register.rows.tolist(), np.asarray(register.row_ids).tolist(), register.skipped
        (['汇丰银行', '渣打银行'], [2, 1], [0, 2], 1)
    """

    def __init__(self, name: str, id: str | None = None) -> None:  # noqa: A002
        self.name, self.id = name, id
        self.position: dict[str, int] = {}
        self._counts: npt.NDArray[np.int64] = np.zeros(1024, dtype=np.int64)
        self._ids: list[pd.Series[Any]] = []
        self._repeats = Repeats()
        self._n_rows = self._skipped = 0

    def add(self, table: Any) -> None:
        """Read a piece."""
        start, piece = self._n_rows, self._numbered(read_register(table, self.name))
        known = len(self.position)
        of_all = np.array([self.position.setdefault(n, len(self.position)) for n in piece.names], dtype=np.int64)
        if len(self.position) > len(self._counts):
            self._counts = np.concatenate([self._counts, np.zeros(len(self.position), dtype=np.int64)])
        self._counts[of_all] += piece.rows
        first = piece.first_rows[of_all >= known]
        if self.id is None:
            self._ids.append(pd.Series(start + first))
        else:
            ids = _column(table, self.id, "register")
            self._ids.append(pd.Series(_ids(ids[first.tolist()])))  # a series of all of them would be of text
            native = ids.to_native()
            self._repeats.add(numbers_of(native if isinstance(native, pa.ChunkedArray) else pd.Series(_ids(ids))))
        self._skipped += piece.skipped

    def piece(self, table: Any) -> QueryTable:
        """Read a piece for itself; rows are numbered on from the piece before."""
        return self._numbered(read_register(table, self.name, id=self.id))

    def _numbered(self, piece: QueryTable) -> QueryTable:
        start, self._n_rows = self._n_rows, self._n_rows + piece.n_rows
        return piece if self.id is not None else replace(piece, row_ids=np.arange(start, self._n_rows))

    def register(self) -> QueryTable:
        """Return the register: of each distinct string its first row, and how many rows bear it."""
        ids = pd.concat(self._ids, ignore_index=True).array if self._ids else np.arange(0)
        size = len(self.position)
        return QueryTable(list(self.position), np.arange(size), ids, None, self._counts[:size], self._skipped)

    def repeated_ids(self) -> int:
        """Return how many of the ids repeat an earlier one."""
        return self._repeats.count()


def read_reference(
    table: Any,
    name: str | None = None,
    *,
    id: str | None = None,  # noqa: A002
    aliases: str | None = None,
) -> tuple[ReferenceTable, list[list[str]]]:
    """Read the list of organisations.

    Args:
        table: a table, or a sequence of strings.
        name: the column of names, if `table` is a table.
        id: the column of ids; None for the row's number.
        aliases: the column of further names: lists of strings, or strings with ``|`` between the names.

    Returns:
        The list without the rows that have no name, and for each of its organisations its aliases (none is empty).

    Raises:
        EntityMatchError: as `read_column`; if the list names no organisation; if an id is missing or stands twice.

    Example:
        >>> table = pd.DataFrame({"name": ["HSBC", None], "also": ["汇丰|滙豐", ""]})
        >>> read, aliases = read_reference(table, "name", aliases="also")
        >>> read.names, read.skipped, aliases
        (['HSBC'], 1, [['汇丰', '滙豐']])
    """
    values, ids = read_column(table, name, id=id, role="reference list")
    named = np.flatnonzero([value is not None and bool(value.strip()) for value in values])
    if not len(named):
        found = f"{len(values):,} rows, but no name" if values else "no rows"
        raise EntityMatchError(f"the reference list is empty ({found}): give at least one organisation to look for")
    kept = pd.Series(ids).take(named)
    if id is not None:
        _check_ids(kept, named, id)
    extra: list[list[str]] = [[] for _ in values]
    if aliases is not None:
        if not is_table(table):
            raise EntityMatchError(
                f"aliases={aliases!r} names a column, but the reference list is no table with columns"
            )
        column = _column(table, aliases, "reference list")
        extra = [_split_aliases(cell, row, aliases) for row, cell in enumerate(column.to_list())]
    names = [value for value in (values[row] for row in named) if value is not None]
    return ReferenceTable(names, kept.array, len(values) - len(named)), [extra[row] for row in named]


def read_column(
    table: Any,
    name: str | None = None,
    *,
    id: str | None = None,  # noqa: A002
    role: str = "register",
) -> tuple[list[str | None], Ids]:
    """Read the names and ids of a table, or of a sequence of strings.

    Args:
        table: a pandas, polars or pyarrow table; a series or array of one of them or of numpy; a list or tuple of
            strings.
        name: the column of names, if `table` is a table.
        id: the column of ids; None for the row's number, from 0.
        role: what to call the table in an error.

    Returns:
        (n_rows,) the strings as given, None where one is missing; and (n_rows,) the ids as given, in their own type.

    Raises:
        EntityMatchError: if there is no such column (the error names those there are), it holds anything but text, or
            `table` is something else: a single string, a generator, a lazy frame.

    Example:
        >>> read_column(["汇丰银行", None])
        (['汇丰银行', None], array([0, 1]))
    """
    series = _names(table, name, id, role)
    ids = np.arange(len(series)) if id is None else _ids(_column(table, id, role))
    return _strings(series, _what(table, name, role)), ids


def distinct(values: Sequence[str | None], ids: Ids | None = None, table: Any = None) -> QueryTable:
    """Find the distinct strings of a register, so that each is matched once.

    Two strings are the same only if every character is. A string of white space alone counts as empty.

    Args:
        values: (n_rows,) the strings; None for a missing one.
        ids: (n_rows,) the caller's ids; None for the row's number.
        table: the caller's table, kept for `Links.tally`.

    Example:
        >>> table = distinct(["汇丰银行", " ", "渣打银行", None, "汇丰银行"])
        >>> table.names, table.row_of.tolist()
        (['汇丰银行', '渣打银行'], [0, -1, 1, -1, 0])
    """
    return _query_table(*_positions(values), np.arange(len(values)) if ids is None else ids, table)


def read_columns(table: Any, names: Sequence[str], role: str) -> tuple[list[Any], ...]:
    """Read several columns of any kind.

    Args:
        table: a pandas, polars or pyarrow table.
        names: the columns.
        role: what to call the table in an error.

    Raises:
        EntityMatchError: if `table` is no table, or has no such column.
    """
    if not is_table(table):
        raise EntityMatchError(f"the {role} must be a pandas, polars or pyarrow table, not {type(table).__name__}")
    return tuple(_column(table, name, role).to_list() for name in names)


def read_numbers(table: Any, weight: str | Sequence[float], size: int) -> npt.NDArray[np.float64]:
    """Read the weights of a register's rows: a numeric column of `table`, or one number per row.

    Raises:
        EntityMatchError: if there is no table or no such column, or a weight is missing or no number, or they are not
            `size`.
    """
    if isinstance(weight, str):
        if not is_table(table):
            raise EntityMatchError(f"weight={weight!r} names a column, but the register is no table: give the numbers")
        given: Any = _column(table, weight, "register").to_list()
    else:
        given = weight
    try:
        numbers = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise EntityMatchError(f"the weights must be numbers: {error}") from error
    if numbers.shape != (size,):
        raise EntityMatchError(f"{len(numbers):,} weights for {size:,} rows of the register: give one number per row")
    if missing := int(np.isnan(numbers).sum()):
        raise EntityMatchError(f"{missing:,} of {size:,} weights are missing: give a number for each row, 0 for none")
    return numbers


def is_table(table: Any) -> bool:
    """Say whether something is a pandas, polars or pyarrow table."""
    if isinstance(table, pd.DataFrame | pa.RecordBatch):  # asked first: narwhals wants labels that differ
        return True
    return isinstance(nw.from_native(table, pass_through=True), nw.DataFrame | nw.LazyFrame)


def _labels(table: Any, role: str) -> list[Any]:
    """Return the labels of the columns: strings, or whatever a pandas table has."""
    if isinstance(table, pd.DataFrame):
        return table.columns.tolist()
    return _frame(table, role).columns


def _frame(table: Any, role: str) -> nw.DataFrame[Any]:
    if isinstance(table, pa.RecordBatch):
        table = pa.Table.from_batches([table])
    frame: nw.DataFrame[Any] | nw.LazyFrame[Any] = nw.from_native(table)
    if isinstance(frame, nw.LazyFrame):
        raise EntityMatchError(f"the {role} is a lazy frame: give the result of its .collect()")
    return frame


def _column(table: Any, name: str, role: str) -> nw.Series[Any]:
    labels = _labels(table, role)
    if name not in labels:
        raise EntityMatchError(f"the {role} has no column {name!r}; it has {_listed(labels)}")
    if labels.count(name) > 1:
        raise EntityMatchError(f"the {role} has several columns {name!r}: give each its own name")
    if isinstance(table, pd.DataFrame):  # by position, as a label may be a number or a tuple
        return nw.from_native(table.iloc[:, labels.index(name)], series_only=True)
    return _frame(table, role)[name]


def _names(table: Any, name: str | None, id: str | None, role: str) -> nw.Series[Any]:  # noqa: A002
    """Return the column of names, or what was given in place of a table."""
    if not is_table(table):
        if id is not None:
            raise EntityMatchError(f"id={id!r} names a column, but the {role} is no table with columns")
        return _plain(table, role)
    labels = _labels(table, role)
    if name is None:
        raise EntityMatchError(f"which column of the {role} holds the names? It has {_listed(labels)}: give name=…")
    return _column(table, name, role)


def _what(table: Any, name: str | None, role: str) -> str:
    return f"column {name!r} of the {role}" if is_table(table) else f"the {role}"


def _listed(columns: Sequence[Any]) -> str:
    return f"the column{'s' * (len(columns) > 1)} {', '.join(map(repr, columns))}" if columns else "no columns"


def _plain(values: Any, role: str) -> nw.Series[Any]:
    """Turn a sequence that is no table into a series of objects."""
    if isinstance(values, str | bytes):
        raise EntityMatchError(f"the {role} is a single string: give a list of strings, [{values!r}]")
    if isinstance(values, Iterator):
        raise EntityMatchError(
            f"the {role} is a {type(values).__name__}, which can be read only once: give list(…) of it"
        )
    series = nw.from_native(values, series_only=True, pass_through=True)
    if isinstance(series, nw.Series):
        return series
    if hasattr(values, "to_pylist"):  # a pyarrow array
        values = values.to_pylist()
    if not isinstance(values, SEQUENCES) or getattr(values, "ndim", 1) != 1:
        expected = "a pandas, polars or pyarrow table or a list of strings"
        raise EntityMatchError(f"the {role} must be {expected}, not {type(values).__name__}")
    return nw.from_native(pd.Series(list(values), dtype=object), series_only=True)


def _strings(series: nw.Series[Any], what: str) -> list[str | None]:
    """Return the strings, None for missing ones.

    Whether all are strings is asked per kind of value, not per value: ``map(type, …)`` runs without Python code per
    row.
    """
    values = series.to_list()
    kinds = set(map(type, values))
    if kinds <= {str, type(None)}:
        return values
    for row, value in enumerate(values):
        if isinstance(value, str):
            values[row] = str(value)  # numpy's own kind of string becomes a plain one
            continue
        if not pd.api.types.is_scalar(value) or not pd.isna(value):
            kind = "numbers" if isinstance(value, int | float | np.number) else f"values of type {type(value).__name__}"
            raise EntityMatchError(f"{what} is a list of {kind}: row {row} is {value!r}; names must be text")
        values[row] = None
    return values


def _factorize(series: nw.Series[Any], what: str) -> tuple[list[str], npt.NDArray[np.int64]]:
    """Return the distinct strings, and for each row the position of its own: -1 where one is missing.

    Arrow does this itself, so that a row costs no Python object.
    """
    native = series.to_native()
    if not isinstance(native, pa.ChunkedArray) or not (
        pa.types.is_string(native.type) or pa.types.is_large_string(native.type)
    ):
        return _positions(_strings(series, what))
    encoded = native.combine_chunks().dictionary_encode()
    rows = encoded.indices.fill_null(-1).to_numpy().astype(np.int64)
    return encoded.dictionary.to_numpy(zero_copy_only=False).tolist(), rows


def _positions(values: Iterable[str | None]) -> tuple[list[str], npt.NDArray[np.int64]]:
    # A dict, not pandas.factorize: that one takes "汇丰\0" and "汇丰" for the same string.
    position: dict[str, int] = {}
    rows = [-1 if v is None else position.setdefault(v, len(position)) for v in values]
    return list(position), np.array(rows, dtype=np.int64)


def _query_table(strings: list[str], rows: npt.NDArray[np.int64], ids: Ids, table: Any) -> QueryTable:
    """Leave out the strings of white space alone."""
    if all(map(str.strip, strings)):
        return QueryTable(strings, rows, ids, table)
    named = np.array([bool(v.strip()) for v in strings] + [False], dtype=bool)  # the last entry is what -1 points at
    kept = np.where(named, np.cumsum(named) - 1, -1)
    return QueryTable([v for v in strings if v.strip()], kept[rows], ids, table)


def _ids(series: nw.Series[Any]) -> Ids:
    """Return the ids in their own type; integers with gaps stay integers."""
    native = series.to_native()
    if isinstance(native, pd.Series):
        return native.array
    if series.dtype == nw.Object:  # Arrow would make bytes of the objects' addresses
        return pd.Series(series.to_list(), dtype=object).array
    arrow = series.to_arrow()
    ids: Ids = (arrow.to_pandas(types_mapper=pd.ArrowDtype) if arrow.null_count else arrow.to_pandas()).array
    return ids


def _check_ids(ids: pd.Series[Any], rows: npt.NDArray[np.int64], column: str) -> None:
    missing = np.flatnonzero(ids.isna())
    if len(missing):
        raise EntityMatchError(f"row {rows[missing[0]]} of the reference list has no id in column {column!r}: give one")
    repeated = ids[ids.duplicated()]
    if len(repeated):
        raise EntityMatchError(
            f"the ids of the reference list must differ, but column {column!r} repeats {len(repeated):,} of them, "
            f"first {str(repeated.iloc[0])!r}: put further names of one organisation into an alias column"
        )


def _split_aliases(cell: Any, row: int, column: str) -> list[str]:
    """Return the aliases of one cell: a string with bars, or a list of strings."""
    what = f"column {column!r} of the reference list must hold text or lists of text"
    if isinstance(cell, str):
        cell = cell.split("|")
    elif pd.api.types.is_scalar(cell) and pd.isna(cell):
        return []
    elif not isinstance(cell, Sequence | np.ndarray):
        raise EntityMatchError(f"{what}: row {row} is {cell!r}")
    aliases = [alias for alias in cell if not (pd.api.types.is_scalar(alias) and pd.isna(alias))]
    if wrong := [alias for alias in aliases if not isinstance(alias, str)]:
        raise EntityMatchError(f"{what}: row {row} has {wrong[0]!r}")
    return [stripped for alias in aliases if (stripped := alias.strip())]
