"""Score given pairs of names, without a list to choose from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from entitymatch.blocking import BlockingIndex
from entitymatch.features import FeatureExtractor
from entitymatch.lexicon import Lexicon
from entitymatch.scoring.candidates import pair_values
from entitymatch.scoring.compare import Comparer
from entitymatch.scoring.model import default_scoring_model


def score_pairs(
    queries: Sequence[str], references: Sequence[str], *, lexicon: Lexicon | None = None, batch_size: int = 20_000
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
    if len(queries) != len(references):
        raise ValueError(f"{len(queries):,} queries but {len(references):,} references: give pairs")
    extractor = FeatureExtractor(lexicon)
    ours = {name: extractor.extract(name) for name in dict.fromkeys(queries)}
    theirs = {name: extractor.extract(name) for name in dict.fromkeys(references)}
    if not theirs:
        return np.empty(0)
    index = BlockingIndex(list(theirs.values()))
    row_of = {name: row for row, name in enumerate(theirs)}
    comparer = Comparer(index.word_information, extractor.lexicon)
    model = default_scoring_model()
    out = np.empty(len(queries))
    for start in range(0, len(queries), batch_size):
        names = list(zip(queries[start : start + batch_size], references[start : start + batch_size], strict=True))
        pairs = [(ours[query], theirs[reference]) for query, reference in names]
        values, _ = pair_values(pairs, index, [row_of[reference] for _, reference in names], comparer)
        out[start : start + batch_size] = model.bits(values)
    return out
