"""Organisation names in the Python Record Linkage Toolkit.

De Bruin's toolkit (https://recordlinkage.readthedocs.io) makes pairs with *index* algorithms, compares them with
*compare* features and classifies what comes out. Its own string methods see letters only: a Chinese and an English
name of one organisation share none. The two classes here bring the bilingual candidates and the evidence of this
package into its `Index` and `Compare`, beside its own. It is an extra, because its newest release (0.16) keeps pandas
below 3.

    indexer = recordlinkage.Index()
    indexer.add(OrganizationIndex("branch", "name", top_k=5))
    pairs = indexer.index(register, companies)
    compare = recordlinkage.Compare()
    compare.add(OrganizationCompare("branch", "name", label="organisation"))
    features = compare.compute(pairs, register, companies)
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

try:
    from recordlinkage.base import BaseCompareFeature, BaseIndexAlgorithm
except ImportError as error:
    raise ImportError(
        "entitymatch.integrations.recordlinkage needs recordlinkage: pip install 'entitymatch[recordlinkage]'"
    ) from error

IntArray = npt.NDArray[np.int64]


class OrganizationIndex(BaseIndexAlgorithm):  # type: ignore[misc]  # recordlinkage is untyped
    """Pairs of records whose names may be of one organisation, in either script.

    Each name of the left table is paired with the `top_k` best candidates of the bilingual feature space, computed
    once per distinct name. In one table alone (deduplication) a record is not paired with itself, and each pair comes
    once.

    Args:
        left_on: the column of names of the left table.
        right_on: that of the right table; None for the same label.
        top_k: how many records of the right table each name is paired with at most.
        **kwargs: those of recordlinkage's index algorithms: ``verify_integrity``, ``suffixes``.

    Example:
        >>> OrganizationIndex("branch", "name", top_k=3)
        <OrganizationIndex left_on='branch', right_on='name', top_k=3>
    """

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

    def _positions(self, left: pd.DataFrame, right: pd.DataFrame, top_k: int) -> tuple[IntArray, IntArray]:
        """Return the rows of the left and of the right table that are paired."""
        from entitymatch.matcher import Matcher

        column = self.left_on if self.right_on is None else self.right_on
        # An id column of row numbers: the ids that come back are then positions, whatever the index labels are.
        list_ = pd.DataFrame({"name": right[column].to_numpy(), "row": np.arange(len(right))})
        names = pd.DataFrame({"name": left[self.left_on].to_numpy()})
        links = Matcher().fit(list_, name="name", id="row").match(names, name="name", top_k=top_k, threshold=0.0)
        table = links.to_pandas()
        return table["query_id"].to_numpy(np.int64), table["reference_id"].to_numpy(np.int64)


class OrganizationCompare(BaseCompareFeature):  # type: ignore[misc]  # recordlinkage is untyped
    """The probability that two names are of one organisation, or of it and a part of it.

    It is ``1 / (1 + 2 ** -w)``, where ``w`` is the evidence of the pair in bits and the log2 odds of `prior`.

    Args:
        labels_left: the column of names of the left table.
        labels_right: that of the right table.
        prior: the share of the pairs that you expect to be right, between 0 and 1. At 0.5 the evidence alone speaks.
        missing_value: what a pair gets in which a name is empty or missing.
        label: the name of the feature's column.

    Raises:
        ValueError: if `prior` is not between 0 and 1.
    """

    name = "organization"
    description = "Compare the names of organisations in Chinese and English."

    def __init__(
        self,
        labels_left: str,
        labels_right: str,
        *,
        prior: float = 0.5,
        missing_value: float = 0.0,
        label: str | None = None,
    ) -> None:
        if not 0 < prior < 1:
            raise ValueError(f"prior is {prior!r}, but must be between 0 and 1")
        super().__init__(labels_left, labels_right, label=label)
        self.prior = prior
        self.missing_value = missing_value

    def _compute_vectorized(self, left: pd.Series[Any], right: pd.Series[Any]) -> npt.NDArray[np.float64]:
        """Score each distinct pair of names once."""
        from scipy.special import expit

        from entitymatch.columns import distinct, read_column
        from entitymatch.scoring import score_pairs

        queries = distinct(read_column(left.reset_index(drop=True), role=f"column {self.labels_left!r}")[0])
        references = distinct(read_column(right.reset_index(drop=True), role=f"column {self.labels_right!r}")[0])
        scores = np.full(len(left), float(self.missing_value))
        named = (queries.row_of >= 0) & (references.row_of >= 0)
        rows = np.stack([queries.row_of, references.row_of])[:, named]
        pairs, pair_of = np.unique(rows, axis=1, return_inverse=True)
        weights = score_pairs([queries.names[i] for i in pairs[0]], [references.names[j] for j in pairs[1]])
        bits = weights + np.log2(self.prior / (1 - self.prior))
        scores[named] = expit(bits * np.log(2))[pair_of.ravel()]
        return scores
