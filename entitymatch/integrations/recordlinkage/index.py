"""Which records to pair: by the matcher, by features of both scripts, by pinyin."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from recordlinkage.base import BaseIndexAlgorithm
from recordlinkage.index import Block, SortedNeighbourhood

from entitymatch.blocking import BlockingIndex
from entitymatch.columns import distinct, read_column
from entitymatch.features import FeatureExtractor
from entitymatch.integrations.keys import KeyReader
from entitymatch.links import QueryTable

IntArray = npt.NDArray[np.int64]
KEY = "entitymatch key"


class _Candidates(BaseIndexAlgorithm):  # type: ignore[misc]  # recordlinkage is untyped
    """An index that pairs each name of the left table with the best few of the right one."""

    def __init__(self, left_on: str, right_on: str | None = None, *, top_k: int = 10, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.left_on = left_on
        self.right_on = right_on
        self.top_k = top_k

    def __repr__(self) -> str:
        return f"<{type(self).__name__} left_on={self.left_on!r}, right_on={self.right_on!r}, top_k={self.top_k}>"

    def _link_index(self, df_a: pd.DataFrame, df_b: pd.DataFrame) -> pd.MultiIndex:
        left, right = self._positions(df_a, df_b, self.top_k)
        return pd.MultiIndex.from_arrays([df_a.index.take(left), df_b.index.take(right)])

    def _dedup_index(self, df_a: pd.DataFrame) -> pd.MultiIndex:
        """Pair the records of one table; one more candidate is asked for, as the first is mostly the record itself."""
        left, right = self._positions(df_a, df_a, self.top_k + 1)
        pairs = np.unique(np.stack([np.maximum(left, right), np.minimum(left, right)])[:, left != right], axis=1)
        return pd.MultiIndex.from_arrays([df_a.index.take(pairs[0]), df_a.index.take(pairs[1])])

    def _right(self) -> str:
        return self.left_on if self.right_on is None else self.right_on

    def _positions(self, left: pd.DataFrame, right: pd.DataFrame, top_k: int) -> tuple[IntArray, IntArray]:
        """Return the rows of the left and of the right table that are paired."""
        raise NotImplementedError


class OrganizationIndex(_Candidates):
    """Pairs of records whose names may be of one organisation, in either script, by the full comparison.

    Each name of the left table is paired with the `top_k` best candidates of the matcher, computed once per distinct
    name. In one table alone (deduplication) a record is not paired with itself, and each pair comes once.

    Args:
        left_on: the column of names of the left table.
        right_on: that of the right table; None for the same label.
        top_k: how many records of the right table each name is paired with at most.
        **kwargs: those of recordlinkage's index algorithms: ``verify_integrity``, ``suffixes``.

    Example:
        >>> OrganizationIndex("branch", "name", top_k=3)
        <OrganizationIndex left_on='branch', right_on='name', top_k=3>
    """

    def _positions(self, left: pd.DataFrame, right: pd.DataFrame, top_k: int) -> tuple[IntArray, IntArray]:
        from entitymatch.matcher import Matcher

        names = right[self._right()].tolist()
        if getattr(self, "_fitted", (None, None))[0] != names:  # the same list again, batch after batch: fitted once
            # An id column of row numbers: the ids that come back are then positions, whatever the index labels are.
            table = pd.DataFrame({"name": right[self._right()].to_numpy(), "row": np.arange(len(right))})
            self._fitted = (names, Matcher().fit(table, name="name", id="row"))
        queries = pd.DataFrame({"name": left[self.left_on].to_numpy()})
        table = self._fitted[1].match(queries, name="name", top_k=top_k, threshold=0.0).to_pandas()
        return table["query_id"].to_numpy(np.int64), table["reference_id"].to_numpy(np.int64)


class FeatureBlock(_Candidates):
    """Pairs of records that are near in the bilingual feature space: words, translations, readings, sounds, aliases.

    No pair is compared in full, so that it costs less than `OrganizationIndex`; give it more candidates in return.

    Args:
        left_on: the column of names of the left table.
        right_on: that of the right table; None for the same label.
        top_k: how many distinct names of the right table each name is paired with at most.
        **kwargs: those of recordlinkage's index algorithms: ``verify_integrity``, ``suffixes``.

    Example:
        >>> companies = pd.DataFrame({"name": ["Pfizer", "Huawei Technologies"]})
        >>> register = pd.DataFrame({"branch": ["华为技术有限公司"]})
        >>> FeatureBlock("branch", "name", top_k=1).index(register, companies).tolist()
        [(0, 1)]
    """

    def __init__(self, left_on: str, right_on: str | None = None, *, top_k: int = 20, **kwargs: Any) -> None:
        super().__init__(left_on, right_on, top_k=top_k, **kwargs)
        self._extractor: FeatureExtractor | None = None

    def _positions(self, left: pd.DataFrame, right: pd.DataFrame, top_k: int) -> tuple[IntArray, IntArray]:
        self._extractor = extractor = self._extractor or FeatureExtractor()
        names = _distinct(right, self._right())
        if getattr(self, "_indexed", (None, None))[0] != names.names:
            self._indexed = (names.names, BlockingIndex([extractor.extract(name) for name in names.names]))
        queries = _distinct(left, self.left_on)
        if not queries.names or not names.names:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        index = self._indexed[1]
        vectors = index.query_matrix([extractor.extract(name) for name in queries.names])
        query, reference, _ = index.search(vectors, top_k)
        return _rows(queries, names, query, reference)


class PinyinBlock(BaseIndexAlgorithm):  # type: ignore[misc]
    """Pairs of records whose names have the same letters: pinyin for Chinese ones, their own for Latin ones.

    Args:
        left_on: the column of names of the left table.
        right_on: that of the right table; None for the same label.
        part: ``"core"`` for the letters of the core (华为 in 华为技术有限公司), ``"name"`` for those of the whole name
            without legal form and unit.
        length: compare the first letters only; None for all.
        **kwargs: those of recordlinkage's index algorithms: ``verify_integrity``, ``suffixes``.

    Raises:
        ValueError: if `part` is another word, or `length` is not 1 or more.

    Example:
        >>> table = pd.DataFrame({"name": ["华为技术有限公司", "Huawei Co., Ltd.", "中兴通讯"]})
        >>> PinyinBlock("name").index(table).tolist()
        [(1, 0)]
    """

    def __init__(
        self,
        left_on: str,
        right_on: str | None = None,
        *,
        part: str = "core",
        length: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.left_on, self.right_on = left_on, right_on
        self._keys = _Letters(part, length)

    def __repr__(self) -> str:
        return f"<PinyinBlock left_on={self.left_on!r}, right_on={self.right_on!r}, part={self._keys.part!r}>"

    def _link_index(self, df_a: pd.DataFrame, df_b: pd.DataFrame) -> pd.MultiIndex:
        right_on = self.left_on if self.right_on is None else self.right_on
        left, right = self._keys.of(df_a, self.left_on), self._keys.of(df_b, right_on)
        pairs: pd.MultiIndex = Block(KEY, KEY)._link_index(left.to_frame(KEY), right.to_frame(KEY))
        return pairs


class PinyinNeighbourhood(SortedNeighbourhood):  # type: ignore[misc]
    """Pairs of records whose letters are neighbours in the order of the alphabet: sorted neighbourhood on pinyin.

    It forgives the end of a name, not its beginning (Hernández and Stolfo, "The merge/purge problem for large
    databases", SIGMOD 1995).

    Args:
        left_on: the column of names of the left table.
        right_on: that of the right table; None for the same label.
        window: how many neighbouring keys are paired: an odd number.
        part: as in `PinyinBlock`.
        **kwargs: those of recordlinkage's `SortedNeighbourhood`: ``block_on`` …

    Raises:
        ValueError: if `part` is another word.
    """

    def __init__(
        self, left_on: str, right_on: str | None = None, *, window: int = 3, part: str = "core", **kwargs: Any
    ) -> None:
        super().__init__(left_on, right_on, window=window, **kwargs)
        self._keys = _Letters(part, None)

    def _link_index(self, df_a: pd.DataFrame, df_b: pd.DataFrame) -> pd.MultiIndex:
        left_on, right_on = self._get_left_and_right_on()
        keyed = SortedNeighbourhood(
            KEY,
            KEY,
            window=self.window,
            block_on=self.block_on,
            block_left_on=self.block_left_on,
            block_right_on=self.block_right_on,
        )
        left = df_a.assign(**{KEY: self._keys.of(df_a, left_on)})
        right = df_b.assign(**{KEY: self._keys.of(df_b, right_on)})
        pairs: pd.MultiIndex = keyed._link_index(left, right)
        return pairs


class _Letters:
    """The letters of the names of a column, as keys."""

    def __init__(self, part: str, length: int | None) -> None:
        if part not in ("core", "name"):
            raise ValueError(f"part is {part!r}: it must be 'core' or 'name'")
        if length is not None and length < 1:
            raise ValueError(f"length is {length!r}: it must be None, or 1 or more")
        self.part, self.length = part, length
        self._read = KeyReader()

    def of(self, table: pd.DataFrame, column: str) -> pd.Series[Any]:
        """Return a key per row; missing where there is no name, or no letter in it."""
        names = read_column(table.reset_index(drop=True), column, role="table")[0]
        keys = [self._key(name) if name else None for name in names]
        return pd.Series(keys, index=table.index, dtype=object)

    def _key(self, name: str) -> str | None:
        keys = self._read(name)
        return (keys.core if self.part == "core" else keys.letters)[: self.length] or None


def _distinct(table: pd.DataFrame, column: str) -> QueryTable:
    return distinct(read_column(table.reset_index(drop=True), column, role="table")[0])


def _rows(left: QueryTable, right: QueryTable, query: IntArray, reference: IntArray) -> tuple[IntArray, IntArray]:
    """Return the rows of both tables for pairs of distinct names, in the order of the left rows."""
    starts = np.searchsorted(query, np.arange(len(left.names) + 1))
    bearers: list[list[int]] = [[] for _ in right.names]
    for row, name in enumerate(right.row_of.tolist()):
        if name >= 0:
            bearers[name].append(row)
    found: list[tuple[int, int]] = []
    for row, name in enumerate(left.row_of.tolist()):
        if name >= 0:
            for candidate in reference[starts[name] : starts[name + 1]].tolist():
                found.extend((row, other) for other in bearers[candidate])
    pairs = np.array(found, dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]
