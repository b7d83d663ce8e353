"""How common words and characters are in the names of organisations at large.

A list of twenty references says little about which words are rare. The share of references that bear a feature is
therefore smoothed with what is shipped in ``data/models/background.tsv``: the share of English names with a word
(``word``) and of Chinese names with a character (``han``), counted on training names; only features that at least three
organisations bear are listed. A feature that is not listed has the probability that its letters suggest.
"""

from __future__ import annotations

import math
from functools import cache

from entitymatch.lexicon.tables import read_table

TABLE = "models/background.tsv"
PSEUDO_REFERENCES = 500.0
UNSEEN_WORD = 3e-5
UNSEEN_HAN = 1e-4


class Background:
    """Background probabilities of features.

    Args:
        probability: feature (``word:bank``, ``han:银``) → share of names that bear it.
    """

    def __init__(self, probability: dict[str, float]) -> None:
        self.probability = probability

    def information(self, key: str, count: int, size: int) -> float:
        """Return the bits of surprise in a feature.

        Args:
            key: the feature, ``type:value``.
            count: how many references bear it.
            size: how many references there are.

        Returns:
            -log2 of the smoothed share; 0 means every name bears it.

        Example:
            >>> Background({"word:bank": 0.03125}).information("word:bank", 0, 0)
            5.0
        """
        kind, _, value = key.partition(":")
        if kind == "from":
            key, kind = f"word:{value}", "word"
        prior = self.probability.get(key)
        if prior is None:
            if kind == "word":
                prior = max(UNSEEN_WORD, 2.0 ** (-3.2 * len(value)))
            elif kind == "han":
                prior = 1e-3 if len(value) == 1 else UNSEEN_HAN
            else:
                return -math.log2((count + 0.5) / (size + 1.0)) if count < size else 0.0
        share = (count + PSEUDO_REFERENCES * prior) / (size + PSEUDO_REFERENCES)
        return -math.log2(min(share, 1.0))


@cache
def default_background() -> Background:
    """Return the background that the package ships."""
    return Background({f"{row['kind']}:{row['value']}": float(row["share"]) for row in read_table(TABLE)})
