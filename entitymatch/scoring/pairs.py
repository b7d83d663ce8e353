"""Score given pairs of names, without a list to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from entitymatch.blocking import BlockingIndex
from entitymatch.features import FeatureExtractor, NameFeatures
from entitymatch.lexicon import Lexicon
from entitymatch.scoring.candidates import pair_values
from entitymatch.scoring.compare import Comparer
from entitymatch.scoring.model import FEATURES, default_scoring_model

BATCH_SIZE = 20_000


class PairScorer:
    """Scores pairs whose second names stand on one list, so that the score of a pair does not depend on other pairs.

    Args:
        references: the names of the list, by which the rarity of words is judged; repeated ones count once.
        lexicon: the organisations whose names are known; None for the shipped ones.
        batch_size: pairs at a time; it changes the memory, not the result.
    """

    def __init__(
        self, references: Iterable[str], *, lexicon: Lexicon | None = None, batch_size: int = BATCH_SIZE
    ) -> None:
        self._extractor = FeatureExtractor(lexicon)
        self._theirs = {name: self._extractor.extract(name) for name in dict.fromkeys(references)}
        self._row_of = {name: row for row, name in enumerate(self._theirs)}
        self._batch_size = batch_size
        self.model = default_scoring_model()
        if self._theirs:
            self._index = BlockingIndex(list(self._theirs.values()))
            self._comparer = Comparer(self._index.word_information, self._extractor.lexicon)

    def values(self, queries: Sequence[str], references: Sequence[str]) -> npt.NDArray[np.float64]:
        """Return the feature values of each pair.

        Args:
            queries: (n,) names.
            references: (n,) names of the list.

        Returns:
            (n, features), in the order of `entitymatch.scoring.FEATURES`.

        Raises:
            ValueError: if there are not as many queries as references, or a reference is not on the list.
        """
        if len(queries) != len(references):
            raise ValueError(f"{len(queries):,} queries but {len(references):,} references: give pairs")
        for name in references:
            if name not in self._row_of:
                raise ValueError(f"{name!r} is not among the references: give the whole list")
        out = np.empty((len(queries), len(FEATURES)))
        for start in range(0, len(queries), self._batch_size):
            stop = start + self._batch_size
            ours: dict[str, NameFeatures] = {n: self._extractor.extract(n) for n in dict.fromkeys(queries[start:stop])}
            names = list(zip(queries[start:stop], references[start:stop], strict=True))
            pairs = [(ours[query], self._theirs[reference]) for query, reference in names]
            rows = [self._row_of[reference] for _, reference in names]
            out[start:stop], _ = pair_values(pairs, self._index, rows, self._comparer)
        return out

    def bits(self, queries: Sequence[str], references: Sequence[str]) -> npt.NDArray[np.float64]:
        """Return the evidence of each pair in bits, without a prior and without rivals; arguments as in `values`."""
        return self.model.bits(self.values(queries, references))


def score_pairs(
    queries: Sequence[str],
    references: Sequence[str],
    *,
    lexicon: Lexicon | None = None,
    batch_size: int = BATCH_SIZE,
) -> npt.NDArray[np.float64]:
    """Return the evidence of each pair in bits, without a prior and without rivals.

    Args:
        queries: (n,) names.
        references: (n,) names; the distinct ones serve as the list by which the rarity of words is judged.
        lexicon: the organisations whose names are known; None for the shipped ones.
        batch_size: pairs at a time; it changes the memory, not the result.

    Returns:
        (n,) match weights: log2 odds of a pair that is as likely right as wrong beforehand.

    Raises:
        ValueError: if there are not as many queries as references.

    Example:
        >>> right, wrong = score_pairs(["辉瑞制药有限公司", "上海汇丰纸业有限公司"], ["Pfizer", "HSBC"])
        >>> bool(right > wrong)
        True
    """
    return PairScorer(references, lexicon=lexicon, batch_size=batch_size).bits(queries, references)
