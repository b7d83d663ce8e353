"""Features of pairs of names: a probability, the evidence behind it, and plain likenesses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from recordlinkage.base import BaseCompareFeature

from entitymatch.columns import distinct, read_column
from entitymatch.integrations.keys import KeyReader, NameKeys
from entitymatch.scoring.model import FEATURES, KINDS
from entitymatch.scoring.pairs import PairScorer

FloatArray = npt.NDArray[np.float64]
CHANCE_SOUND = 14.0  # bits of resemblance that the best of many stretches reaches by chance
EVIDENCE = (*KINDS, "other")


class _DistinctPairs(BaseCompareFeature):  # type: ignore[misc]  # recordlinkage is untyped
    """A feature that is computed once for each distinct pair of names.

    Args:
        labels_left: the column of names of the left table.
        labels_right: that of the right table.
        missing_value: what a pair gets in which a name is empty or missing.
        label: the name of the feature's column.
    """

    def __init__(
        self, labels_left: str, labels_right: str, *, missing_value: float = 0.0, label: Any | None = None
    ) -> None:
        super().__init__(labels_left, labels_right, label=label)
        self.missing_value = missing_value

    def _compute_vectorized(self, left: pd.Series[Any], right: pd.Series[Any]) -> FloatArray:
        queries = distinct(read_column(left.reset_index(drop=True), role=f"column {self.labels_left!r}")[0])
        references = distinct(read_column(right.reset_index(drop=True), role=f"column {self.labels_right!r}")[0])
        named = (queries.row_of >= 0) & (references.row_of >= 0)
        rows = np.stack([queries.row_of, references.row_of])[:, named]
        pairs, pair_of = np.unique(rows, axis=1, return_inverse=True)
        values = self._values([queries.names[i] for i in pairs[0]], [references.names[j] for j in pairs[1]])
        out = np.full((len(left), *values.shape[1:]), float(self.missing_value))
        out[named] = values[pair_of.ravel()]
        return out

    def _values(self, left: list[str], right: list[str]) -> FloatArray:
        """Return the feature of each pair of names: (pairs,) or (pairs, columns)."""
        raise NotImplementedError


class _Scored(_DistinctPairs):
    """A feature that comes from the full comparison."""

    def __init__(
        self,
        labels_left: str,
        labels_right: str,
        *,
        prior: float = 0.5,
        references: Iterable[str | None] | None = None,
        missing_value: float = 0.0,
        label: Any | None = None,
    ) -> None:
        if not 0 < prior < 1:
            raise ValueError(f"prior is {prior!r}, but must be between 0 and 1")
        super().__init__(labels_left, labels_right, missing_value=missing_value, label=label)
        self.prior = prior
        self._scorer = None
        if references is not None:
            names, _ = read_column(list(references), role="references")
            self._scorer = PairScorer(name for name in names if name and name.strip())

    def _prior_bits(self) -> float:
        return float(np.log2(self.prior / (1 - self.prior)))

    def _scorer_for(self, right: list[str]) -> PairScorer:
        return PairScorer(right) if self._scorer is None else self._scorer


class OrganizationCompare(_Scored):
    """The probability that two names are of one organisation, or of it and a part of it.

    It is ``1 / (1 + 2 ** -w)``, where ``w`` is the evidence of the pair in bits and the log2 odds of `prior`.

    Args:
        labels_left: the column of names of the left table.
        labels_right: that of the right table.
        prior: the share of the pairs that you expect to be right, between 0 and 1. At 0.5 the evidence alone speaks.
        references: the whole list of names by which the rarity of words is judged; None for the right names of the
            pairs at hand. With it the score of a pair does not depend on the other pairs.
        missing_value: what a pair gets in which a name is empty or missing.
        label: the name of the feature's column.

    Raises:
        ValueError: if `prior` is not between 0 and 1; if a right name is not among `references`.
    """

    name = "organization"
    description = "Compare the names of organisations in Chinese and English."

    def _values(self, left: list[str], right: list[str]) -> FloatArray:
        from scipy.special import expit

        bits = self._scorer_for(right).bits(left, right) + self._prior_bits()
        return np.asarray(expit(bits * np.log(2)), dtype=np.float64)


class OrganizationEvidence(_Scored):
    """All evidence of a pair: a column of bits for each kind, and one for the rest; they add up to the match weight.

    The kinds are those of ``entitymatch.matcher.EVIDENCE`` (alias, translation, reading, sound, initials, place, trade,
    spelling); ``other`` holds what belongs to none (shares explained, left-overs, the prior). A classifier of the
    toolkit may weigh them anew.

    Args:
        labels_left: the column of names of the left table.
        labels_right: that of the right table.
        prior: as in `OrganizationCompare`.
        references: as in `OrganizationCompare`.
        missing_value: what every column of a pair gets in which a name is empty or missing.
        label: the names of the columns; None for those of the kinds. As many as there are kinds, and one.

    Raises:
        ValueError: if `prior` is not between 0 and 1; if a right name is not among `references`.
    """

    name = "organization_evidence"
    description = "The evidence for and against a pair of names of organisations, in bits."

    def __init__(self, labels_left: str, labels_right: str, *, label: list[str] | None = None, **kwargs: Any) -> None:
        super().__init__(labels_left, labels_right, label=list(EVIDENCE) if label is None else label, **kwargs)

    def _values(self, left: list[str], right: list[str]) -> FloatArray:
        scorer = self._scorer_for(right)
        values = scorer.values(left, right)
        kind_of = {feature: kind for kind, features in KINDS.items() for feature in features}
        kinds = np.array([kind_of.get(feature, "other") for feature in FEATURES])
        # Beside the features of no kind, which say what the weights of the others are, each kind adds what is its own.
        other = scorer.model.bits(values * (kinds == "other"))
        columns = [scorer.model.bits(values * np.isin(kinds, (kind, "other"))) - other for kind in KINDS]
        return np.stack([*columns, other + self._prior_bits()], axis=1)


class _Keyed(_DistinctPairs):
    """A likeness in [0, 1] of the keys of two names, of either script."""

    def __init__(self, labels_left: str, labels_right: str, **kwargs: Any) -> None:
        super().__init__(labels_left, labels_right, **kwargs)
        self._read = KeyReader()

    def _values(self, left: list[str], right: list[str]) -> FloatArray:
        return self._likeness([self._read(name) for name in left], [self._read(name) for name in right])

    def _likeness(self, left: list[NameKeys], right: list[NameKeys]) -> FloatArray:
        raise NotImplementedError


class PinyinCompare(_Keyed):
    """Likeness of the letters of two names: pinyin for Chinese ones, without legal form and unit.

    Normalised similarity of insertions and deletions (rapidfuzz `ratio`), in [0, 1].

    Args:
        labels_left: the column of names of the left table.
        labels_right: that of the right table.
        missing_value: what a pair gets in which a name is empty or missing.
        label: the name of the feature's column.
    """

    name = "pinyin"
    description = "Compare the letters of two names, pinyin for Chinese ones."

    def _likeness(self, left: list[NameKeys], right: list[NameKeys]) -> FloatArray:
        return _ratio([keys.letters for keys in left], [keys.letters for keys in right])


class CoreCompare(_Keyed):
    """Likeness of the letters of the cores (字号), what tells an organisation from others: 华为 in 华为技术有限公司.

    Jaro–Winkler similarity, in [0, 1]; 1 where both hold the same known organisation. A name without a core gives its
    whole name.

    Args:
        labels_left: the column of names of the left table.
        labels_right: that of the right table.
        missing_value: what a pair gets in which a name is empty or missing.
        label: the name of the feature's column.
    """

    name = "core"
    description = "Compare the cores of two names."

    def _likeness(self, left: list[NameKeys], right: list[NameKeys]) -> FloatArray:
        from rapidfuzz import process
        from rapidfuzz.distance import JaroWinkler

        values = process.cpdist(
            [keys.core for keys in left],
            [keys.core for keys in right],
            scorer=JaroWinkler.normalized_similarity,
            dtype=np.float64,
        )
        known = [not set(a.aliases).isdisjoint(b.aliases) for a, b in zip(left, right, strict=True)]
        return np.where(known, 1.0, values)


class SoundCompare(_Keyed):
    """Whether a Latin name is written down from the sound of a Chinese one (霍尼韦尔, Honeywell), in [0, 1].

    The log-odds of the transliteration model over the best stretch of the core, less what chance reaches, as a
    probability. Two names of one script are compared by the letters of their cores.

    Args:
        labels_left: the column of names of the left table.
        labels_right: that of the right table.
        missing_value: what a pair gets in which a name is empty or missing.
        label: the name of the feature's column.
    """

    name = "sound"
    description = "Compare how two names sound, across scripts."

    def _likeness(self, left: list[NameKeys], right: list[NameKeys]) -> FloatArray:
        from scipy.special import expit

        from entitymatch.romanize import Transliteration

        values = _ratio([keys.core for keys in left], [keys.core for keys in right])
        crossed = [i for i, (a, b) in enumerate(zip(left, right, strict=True)) if bool(a.han) != bool(b.han)]
        if crossed:
            ordered = [(left[i], right[i]) if left[i].han else (right[i], left[i]) for i in crossed]
            scores = Transliteration.load_default().score_substrings(
                [han.han for han, _ in ordered], [latin.core for _, latin in ordered]
            )
            values[crossed] = expit((np.asarray(scores.score) - CHANCE_SOUND) * np.log(2))
        return values


class PlaceCompare(_Keyed):
    """Whether two names bear the same place: 1 if they share one, 0 if each has others, `missing_value` else.

    Chinese places are held against their English, pinyin and postal names.

    Args:
        labels_left: the column of names of the left table.
        labels_right: that of the right table.
        missing_value: what a pair gets where either name has no place, or is missing.
        label: the name of the feature's column.
    """

    name = "place"
    description = "Compare the places in two names."

    def __init__(self, labels_left: str, labels_right: str, *, missing_value: float = 0.5, **kwargs: Any) -> None:
        super().__init__(labels_left, labels_right, missing_value=missing_value, **kwargs)

    def _likeness(self, left: list[NameKeys], right: list[NameKeys]) -> FloatArray:
        values = np.full(len(left), float(self.missing_value))
        for i, (a, b) in enumerate(zip(left, right, strict=True)):
            if a.places and b.places:
                values[i] = float(not set(a.places).isdisjoint(b.places))
        return values


def _ratio(left: list[str], right: list[str]) -> FloatArray:
    from rapidfuzz import fuzz, process

    return np.asarray(process.cpdist(left, right, scorer=fuzz.ratio, dtype=np.float64) / 100.0)
