"""Link a large table in batches, so that its pairs are never all in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd


def link_batches(
    indexer: Any, compare: Any, left: pd.DataFrame, right: pd.DataFrame, *, batch_size: int = 5_000
) -> Iterator[pd.DataFrame]:
    """Index and compare a few thousand rows of the left table at a time.

    The pairs of all batches are those of the whole table for an index that looks at each left row by itself: all of
    this package, blocks and full indexes of the toolkit; not for a sorted neighbourhood, whose windows end with the
    batch. Features are the same too, where `OrganizationCompare` and `OrganizationEvidence` are given ``references=``.

    Args:
        indexer: a `recordlinkage.Index`, or one index algorithm.
        compare: a `recordlinkage.Compare`.
        left: the large table; its index labels must differ.
        right: the list.
        batch_size: rows of the left table at a time. A batch holds as many pairs as these rows have candidates.

    Yields:
        The features of the pairs of one batch, indexed by the labels of both tables; none for a batch without pairs.

    Raises:
        ValueError: if `batch_size` is not 1 or more.
    """
    if batch_size < 1:
        raise ValueError(f"batch_size is {batch_size!r}: it must be 1 or more")
    for start in range(0, len(left), batch_size):
        part = left.iloc[start : start + batch_size]
        pairs = indexer.index(part, right)
        if len(pairs):
            yield compare.compute(pairs, part, right)
