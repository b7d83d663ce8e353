"""What comes back from a match: the scored candidate links of a register.

A register repeats its strings: 1.95 million rows hold some 79,000 distinct ones. `Links` therefore keeps one set of
candidates per distinct string, and the rows that bear the string beside it; rows are laid out only when a table is
asked for, by index arithmetic and without a loop over rows.

    QueryTable(names, row_of, row_ids, table=None)     the register, from `entitymatch.columns.read_register`
    ReferenceTable(names, ids, skipped=0)              the list, from `entitymatch.columns.read_reference`
    Candidates(query, reference, rank, match_weight, score, decision, relation=None)
    Links(queries=…, references=…, candidates=…, explainer=…, threshold=…)

The decisions are those of Fellegi and Sunter, "A theory for record linkage" (1969): link, possible link, non-link.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from entitymatch.errors import EntityMatchError
from entitymatch.explanation import Explanation

if TYPE_CHECKING:
    import pandas as pd  # imported where it is used: a process that only matches makes no table
    import polars
    import pyarrow

    Ids = Sequence[Any] | npt.NDArray[Any] | pd.api.extensions.ExtensionArray

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

DECISIONS = ("non_link", "possible_link", "link")  # the codes 0, 1, 2
NON_LINK, POSSIBLE_LINK, LINK = range(3)
OWN_RELATIONS = ("same", "unit")  # of which a pair that is no link has none


@dataclass(frozen=True)
class QueryTable:
    """The register: its distinct strings, and which row bears which.

    Attributes:
        names: the distinct strings as given, in order of first appearance; none is empty.
        row_of: (n_rows,) position in `names` of each row's string; -1 for a row whose name is empty or missing.
        row_ids: (n_rows,) the caller's ids as given.
        table: the caller's table, if there was one: where a weight column is looked up.
        counts: (len(names),) how many rows bear each string, if only the first row of each was kept; else None.
        left_out: how many rows without a name were not kept.
    """

    names: list[str]
    row_of: IntArray
    row_ids: Ids
    table: Any = None
    counts: IntArray | None = None
    left_out: int = 0

    @cached_property
    def rows(self) -> IntArray:
        """How many rows bear each distinct string."""
        if self.counts is not None:
            return self.counts
        return np.bincount(self.row_of[self.row_of >= 0], minlength=len(self.names)).astype(np.int64)

    @cached_property
    def first_rows(self) -> IntArray:
        """The first row of each distinct string: written from the last row to the first, so that the first stays."""
        first = np.zeros(len(self.names), dtype=np.int64)
        named = np.flatnonzero(self.row_of >= 0)[::-1]
        first[self.row_of[named]] = named
        return first

    @property
    def skipped(self) -> int:
        """How many rows have an empty or missing name."""
        return int((self.row_of < 0).sum()) + self.left_out

    @property
    def n_rows(self) -> int:
        """How many rows there are."""
        return int(self.rows.sum()) + self.skipped


@dataclass(frozen=True)
class ReferenceTable:
    """The list of organisations.

    Attributes:
        names: one name per organisation as given; none is empty.
        ids: their ids as given; no two are the same.
        skipped: how many rows of the list had no name and were left out.
    """

    names: list[str]
    ids: Ids
    skipped: int = 0


@dataclass(frozen=True)
class Candidates:
    """Candidate pairs as flat arrays of one length, sorted by query, then rank.

    Attributes:
        query: position in `QueryTable.names`.
        reference: position in `ReferenceTable.names`.
        rank: from 1, per query.
        match_weight: log2 odds.
        score: probability in [0, 1].
        decision: code into `DECISIONS`.
        relation: what the string's organisation is to the reference: ``same``, ``unit``, ``affiliate``,
            ``joint_venture``, or empty where that is not known; None if it is known of none.
    """

    query: IntArray
    reference: IntArray
    rank: IntArray
    match_weight: FloatArray
    score: FloatArray
    decision: npt.NDArray[np.int8]
    relation: npt.NDArray[np.object_] | None = None

    def take(self, which: npt.NDArray[Any]) -> Candidates:
        """Return the candidates at these positions, or those under a mask."""
        return replace(self, **{name: column[which] for name, column in vars(self).items() if column is not None})

    def relation_texts(self) -> list[str]:
        """Return the relation of each candidate; ``same`` and ``unit`` only where it is a link or may be one."""
        if self.relation is None:
            return [""] * len(self.query)
        own = np.isin(self.relation, OWN_RELATIONS) & (self.decision == NON_LINK)
        texts: list[str] = np.where(own, "", self.relation).tolist()
        return texts


class Links:
    """The candidate links of a register: as a table, as totals, and with the evidence of each.

    Made by `Matcher.match`. One *line* is one candidate of one row; ``len(links)`` counts the lines of `to_pandas`.

    Args:
        queries: the register.
        references: the list.
        candidates: every candidate that was scored, sorted by query, then rank.
        explainer: gives the evidence of (position in `queries.names`, position in `references.names`); None if there
            is none.
        threshold: which candidates to keep: None for links and possible links, a number for every candidate with that
            score or more.

    Example:
        >>> queries = QueryTable(["汇丰上海分行", "波音装饰"], np.array([0, -1, 1, 0]), ["r1", "r2", "r3", "r4"])
        >>> references = ReferenceTable(["HSBC"], ["h"])
        >>> one, decision = np.array([0]), np.array([LINK], dtype=np.int8)
        >>> candidates = Candidates(one, one, one + 1, np.array([6.0]), np.array([0.98]), decision)
        >>> links = Links(
        ...     queries=queries, references=references, candidates=candidates, explainer=None, threshold=None
        ... )
        >>> links
        <Links: 4 rows, 2 distinct strings, 1 reference: 1 string (2 rows) linked, 0 possible; 1 row skipped>
        >>> links.to_pandas()[["query_id", "query", "reference", "decision"]].values.tolist()
        [['r1', '汇丰上海分行', 'HSBC', 'link'], ['r4', '汇丰上海分行', 'HSBC', 'link']]
    """

    def __init__(
        self,
        *,
        queries: QueryTable,
        references: ReferenceTable,
        candidates: Candidates,
        explainer: Callable[[int, int], Explanation] | None,
        threshold: float | None,
    ) -> None:
        kept = candidates.decision > NON_LINK if threshold is None else candidates.score >= threshold
        self.queries = queries
        self.references = references
        self.candidates = candidates.take(kept)
        self.threshold = threshold
        self._explainer = explainer

    @property
    def skipped(self) -> int:
        """How many rows of the register have an empty or missing name."""
        return self.queries.skipped

    def __len__(self) -> int:
        return int(self._line_ends[-1]) if len(self._line_ends) else 0

    def __repr__(self) -> str:
        linked, possible = self._strings_with(LINK), self._strings_with(POSSIBLE_LINK)
        rows, strings = self.queries.n_rows, len(self.queries.names)
        return (
            f"<Links: {counted(rows, 'row')}, {counted(strings, 'distinct string')}, "
            f"{counted(len(self.references.names), 'reference')}: {counted(len(linked), 'string')} "
            f"({counted(int(self.queries.rows[linked].sum()), 'row')}) linked, {len(possible):,} possible; "
            f"{counted(self.skipped, 'row')} skipped>"
        )

    def to_pandas(self, *, distinct: bool = False) -> pd.DataFrame:
        """Return one line per row of the register and candidate.

        Args:
            distinct: one line per distinct string and candidate instead, with a column ``rows`` after ``decision``:
                how many rows bear the string. ``query_id`` is then that of the first such row.

        Returns:
            The columns ``query_id``, ``query``, ``reference_id``, ``reference``, ``rank`` (from 1), ``score``
            (probability), ``match_weight`` (bits), ``decision`` and ``relation``, in the order of the register's
            rows, then by rank. ``relation`` is what the string's organisation is to the reference, as far as the
            lexicon and the parse know: ``same``, ``unit``, ``affiliate``, ``joint_venture`` or empty. A line whose
            decision is ``non_link`` is never ``same`` or ``unit``: the string names another organisation.
        """
        import pandas as pd

        if distinct:
            rows, lines = self.queries.first_rows[self.candidates.query], np.arange(len(self.candidates.query))
        else:
            rows, lines = self._expand()
        candidates = self.candidates.take(lines)
        frame = pd.DataFrame(
            {
                "query_id": _series(self.queries.row_ids).take(rows).array,
                "query": _texts(self.queries.names).take(candidates.query).array,
                "reference_id": _series(self.references.ids).take(candidates.reference).array,
                "reference": _texts(self.references.names).take(candidates.reference).array,
                "rank": candidates.rank,
                "score": candidates.score,
                "match_weight": candidates.match_weight,
                "decision": _texts(DECISIONS).take(candidates.decision).array,
            }
        )
        if distinct:
            frame["rows"] = self.queries.rows[candidates.query]
        # One text more, taken off again: the same kind of column with and without lines.
        frame["relation"] = _texts([*candidates.relation_texts(), ""]).iloc[:-1].array
        return frame

    def to_arrow(self, *, distinct: bool = False) -> pyarrow.Table:
        """Return the table of `to_pandas` as a pyarrow table.

        Raises:
            EntityMatchError: if the ids are of several kinds, which one Arrow column cannot hold.
        """
        import pyarrow as pa

        try:
            return pa.Table.from_pandas(self.to_pandas(distinct=distinct), preserve_index=False)
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
            raise EntityMatchError(
                f"the ids do not fit into one Arrow column: {error}; give ids of one kind"
            ) from error

    def to_polars(self, *, distinct: bool = False) -> polars.DataFrame:
        """Return the table of `to_pandas` as a polars data frame; polars must be installed."""
        try:
            import polars
        except ImportError as error:
            raise ImportError("to_polars needs polars: pip install polars") from error
        frame = polars.from_arrow(self.to_arrow(distinct=distinct))
        assert isinstance(frame, polars.DataFrame)  # from_arrow gives a Series for an array only
        return frame

    def to_native(self, *, distinct: bool = False) -> Any:
        """Return the table of `to_pandas` in the kind in which the register was given: pandas, polars, pyarrow.

        A register that was a list of strings gives pandas.

        Raises:
            EntityMatchError: as `to_arrow`, if the kind is not pandas.

        Example:
            >>> import pyarrow
            >>> from entitymatch import Matcher
            >>> register = pyarrow.table({"branch": ["汇丰银行上海分行"]})
            >>> Matcher().fit(["HSBC"]).match(register, name="branch").to_native().column("reference").to_pylist()
            ['HSBC']
        """
        import narwhals as nw
        import pyarrow as pa

        if isinstance(self.queries.table, pa.Array | pa.RecordBatch):  # parts of what narwhals knows as tables
            return self.to_arrow(distinct=distinct)
        native = nw.from_native(self.queries.table, pass_through=True, allow_series=True)
        kind: Any = getattr(native, "implementation", nw.Implementation.PANDAS)
        if kind is nw.Implementation.PANDAS:
            return self.to_pandas(distinct=distinct)
        return nw.from_arrow(self.to_arrow(distinct=distinct), backend=kind).to_native()

    def tally(
        self,
        weight: str | Sequence[float] | None = None,
        *,
        level: float = 0.95,
        reviewed: Any = None,
        suppress_below: int | None = None,
    ) -> pd.DataFrame:
        """Return the totals of each organisation that has a link or a possible link, and how sure they are.

        A distinct string that has a link counts for that organisation only; one that has none counts as possible for
        each organisation that is a possible link. So links are counted once, and a string that may be either of two
        organisations stands under both.

        Args:
            weight: what else to add up: the name of a numeric column of the register's table, or one number per row.
            level: how often the intervals are to hold the truth, between 0 and 1.
            reviewed: links that a person looked at: a table with the columns ``query``, ``reference_id`` and
                ``correct`` (true or false; yes or no; 1 or 0; empty for a line that nobody looked at). Take the lines
                at random, or all of a kind; of each decision apart is well.
            suppress_below: leave out numbers of rows from 1 to one less than this, and what would give them away.

        Returns:
            The columns ``reference_id``, ``reference``, ``link_strings``, ``link_rows``, ``possible_link_strings``
            and ``possible_link_rows``; with `weight`, ``link_weight`` and ``possible_link_weight``; then
            ``expected_rows``, ``expected_low`` and ``expected_high``: how many of these rows are right, by the scores;
            with `reviewed`, ``reviewed_strings``, ``estimated_rows``, ``estimated_low`` and ``estimated_high``: how
            many are right, by the sample. What is suppressed is missing (``<NA>``, ``nan``). Sorted by ``link_rows``
            (with `weight`, by ``link_weight``) from the largest, ties in the order of the list.

        Raises:
            EntityMatchError: if there is no such column, or the weights are not numbers, or not one per row; if an
                answer of `reviewed` is neither true nor false, or none of its lines is a link here; if `level` or
                `suppress_below` is out of its range.

        Example:
            >>> from entitymatch import Matcher
            >>> links = Matcher().fit(["HSBC", "Pfizer"]).match(["汇丰银行上海分行"] * 30 + ["辉瑞制药有限公司"] * 4)
            >>> links.tally(suppress_below=10)[["reference", "link_strings", "link_rows"]].values.tolist()
            [['HSBC', 1, 30], ['Pfizer', <NA>, <NA>]]
        """
        from entitymatch.totals import tally

        return tally(self, weight, level=level, reviewed=reviewed, suppress_below=suppress_below)

    def explain(self, line: int, *, distinct: bool = False) -> Explanation:
        """Return the evidence of one line.

        Args:
            line: which line of ``to_pandas(distinct=distinct)``, from 0; negative numbers count from the end.
            distinct: whether `line` counts distinct strings or rows.

        Raises:
            IndexError: if there is no such line.
        """
        size = len(self.candidates.query) if distinct else len(self)
        position = line + size if line < 0 else line
        if not 0 <= position < size:
            raise IndexError(f"line {line} of {size:,} lines")
        if self._explainer is None:
            raise EntityMatchError("these links were made without a matcher, so there is no evidence to show")
        if not distinct:
            row = int(np.searchsorted(self._line_ends, position, side="right"))
            before = int(self._line_ends[row - 1]) if row else 0
            position = int(self._starts[self.queries.row_of[row]]) + position - before
        return self._explainer(int(self.candidates.query[position]), int(self.candidates.reference[position]))

    @cached_property
    def _starts(self) -> IntArray:
        """Where the candidates of each distinct string begin; one more entry, the end."""
        return np.searchsorted(self.candidates.query, np.arange(len(self.queries.names) + 1)).astype(np.int64)

    @cached_property
    def _row_lines(self) -> IntArray:
        """How many lines each row of the register has."""
        counts = np.append(np.diff(self._starts), 0)  # the last entry is what row_of == -1 points at
        return counts[self.queries.row_of]

    @cached_property
    def _line_ends(self) -> IntArray:
        return np.cumsum(self._row_lines)

    def _expand(self) -> tuple[IntArray, IntArray]:
        """Return the row and the position in `candidates` of every line."""
        rows = np.repeat(np.arange(len(self.queries.row_of)), self._row_lines)
        starts = self._starts[self.queries.row_of[rows]]
        within = np.arange(len(rows)) - (self._line_ends - self._row_lines)[rows]
        return rows, starts + within

    def _strings_with(self, code: int) -> IntArray:
        """Return the distinct strings whose best decision is `code`."""
        best = np.zeros(len(self.queries.names), dtype=np.int8)
        np.maximum.at(best, self.candidates.query, self.candidates.decision)
        return np.flatnonzero(best == code)

    def _weights(self, weight: str | Sequence[float]) -> FloatArray:
        """Return the sum of the weights of each distinct string."""
        from entitymatch.columns import read_numbers

        values = read_numbers(self.queries.table, weight, len(self.queries.row_of))
        named = self.queries.row_of >= 0
        sums = np.bincount(self.queries.row_of[named], weights=values[named], minlength=len(self.queries.names))
        return sums.astype(np.float64)


def counted(number: int, noun: str) -> str:
    """Return ``"1 row"``, ``"1,950,000 rows"``."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _texts(values: Sequence[str]) -> pd.Series[Any]:
    """Hold strings in the kind of column that pandas chooses for them, also where none of them is taken."""
    import pandas as pd

    try:
        return pd.Series(values, dtype=None if len(values) else object)
    except UnicodeEncodeError:  # half a surrogate pair, which the strings of pandas 3 cannot hold
        return pd.Series(values, dtype=object)


def _series(ids: Ids) -> pd.Series[Any]:
    """Hold ids as they are: numbers with gaps stay numbers, and tuples stay tuples."""
    import pandas as pd

    if hasattr(ids, "dtype"):
        return pd.Series(ids)
    return pd.Series(ids, dtype=object).infer_objects()
