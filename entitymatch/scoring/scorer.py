"""Score the strings of a register: candidates, comparisons, match weights, decisions, and the evidence behind them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from entitymatch.blocking import BlockingIndex
from entitymatch.explanation import Explanation, Term
from entitymatch.features import NameFeatures
from entitymatch.links import DECISIONS
from entitymatch.scoring.compare import COLUMN, Comparer, Comparison
from entitymatch.scoring.model import FEATURES, ScoringModel
from entitymatch.scoring.ranking import Ranked, probability, rank

_WEIGHTLESS = 1e-12


@dataclass
class Scorer:
    """Scores strings against the references of an index.

    Args:
        index: the references' names (variants) in the feature space.
        variant: position of a variant → its features.
        reference_of: (variants,) position of the reference that a variant names.
        comparer: compares pairs of names.
        model: weights of the evidence.
        prior_bits: log2 odds that a string has a right answer.
        link_threshold, possible_threshold: scores from which a candidate is a link, a possible link.
        candidates: how many variants are compared with a string.
    """

    index: BlockingIndex
    variant: Callable[[int], NameFeatures]
    reference_of: npt.NDArray[np.int64]
    comparer: Comparer
    model: ScoringModel
    prior_bits: float
    link_threshold: float
    possible_threshold: float
    candidates: int

    def __post_init__(self) -> None:
        self._weights = np.array([self.model.weights[name] for name in FEATURES])

    def values(
        self, queries: Sequence[NameFeatures]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64], list[Comparison]]:
        """Return the compared pairs of the queries: query, variant, feature values and comparisons."""
        query, variant, similarity = self.index.search(queries, self.candidates)
        pairs = [(queries[q], self.variant(v)) for q, v in zip(query.tolist(), variant.tolist(), strict=True)]
        comparisons = self.comparer.compare(pairs)
        return query, variant, self.comparer.values(comparisons, similarity, self.index.size), comparisons

    def score(self, queries: Sequence[NameFeatures]) -> Ranked:
        """Score, rank and decide the candidates of each query."""
        query, variant, values, _ = self.values(queries)
        return self._rank(query, variant, values, len(queries))

    def _rank(
        self, query: npt.NDArray[np.int64], variant: npt.NDArray[np.int64], values: npt.NDArray[np.float64], n: int
    ) -> Ranked:
        # Summed feature by feature, not as a matrix product, so that no batch size changes the last digit.
        bits = np.full(len(query), self.model.intercept + self.prior_bits)
        for column, weight in enumerate(self._weights):
            bits += values[:, column] * weight
        return rank(query, self.reference_of[variant], bits, n, self.link_threshold, self.possible_threshold)

    def explain(self, text: str, features: NameFeatures, reference: int, reference_text: str) -> Explanation:
        """Return the evidence for one query and one reference, from the numbers that make its score."""
        query, variant, values, comparisons = self.values([features])
        ranked = self._rank(query, variant, values, 1)
        found = np.flatnonzero(ranked.reference == reference)
        if len(found):
            position = int(found[0])
            pair = int(ranked.pair[position])
            comparison, row = comparisons[pair], values[pair]
            rivals, decision = float(ranked.rivals[position]), DECISIONS[ranked.decision[position]]
        else:
            # Not among the candidates: compared all the same, with every candidate as a rival.
            variants = np.flatnonzero(self.reference_of == reference)
            comparison = self.comparer.compare([(features, self.variant(int(variants[0])))])[0]
            row = self.comparer.values([comparison], np.zeros(1), self.index.size)[0]
            rivals, decision = 0.0, DECISIONS[0]
        terms = [*self._terms(comparison, row)]
        terms.append(Term("base", self.model.intercept, source="scoring model"))
        terms.append(Term("prior", self.prior_bits, detail="expected share of strings with a right answer"))
        if rivals:
            terms.append(Term("rivals", rivals, detail="other candidates of the same string"))
        weight = math.fsum(term.bits for term in terms)
        return Explanation(text, reference_text, tuple(terms), weight, float(probability(np.array(weight))), decision)

    def _terms(self, comparison: Comparison, row: npt.NDArray[np.float64]) -> list[Term]:
        terms = []
        for piece in comparison.pieces:
            bits = piece.value * self.model.weights[piece.feature]
            if abs(bits) > _WEIGHTLESS:
                ours, theirs = comparison.texts(piece)
                terms.append(Term(piece.feature, bits, ours, theirs, piece.source, FEATURES[piece.feature]))
        for name in ("similarity", "list_size"):
            bits = float(row[COLUMN[name]]) * self.model.weights[name]
            if abs(bits) > _WEIGHTLESS:
                terms.append(Term(name, bits, source="scoring model", detail=FEATURES[name]))
        return terms
