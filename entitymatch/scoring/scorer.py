"""Score the strings of a register: candidates, comparisons, match weights, decisions, and the evidence behind them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from entitymatch.blocking import BlockingIndex
from entitymatch.explanation import Explanation, Term
from entitymatch.features import NameFeatures, feature_spans
from entitymatch.links import DECISIONS
from entitymatch.names.normalize import normalize
from entitymatch.scoring.candidates import CandidateValues, Flags, Floats, candidate_values, pair_values
from entitymatch.scoring.compare import COLUMN, Comparer, Comparison
from entitymatch.scoring.model import FEATURES, PAIR_KINDS, ScoringModel, pair_kinds
from entitymatch.scoring.ranking import Ranked, decision_reason, log2_odds, probability, rank

MODEL = "scoring model"
FURTHER_NAMES = "user: fit(aliases=)"  # the source of evidence that rests on a name from the column of further names
UNREMARKABLE = "it does not stand out from the list, so it is no more than a non-link"
_NOTHING = 1e-12  # bits; a term below is not shown
_BELOW = 0.001  # bits


@dataclass(frozen=True)
class Bearers:
    """Which references bear each name of the list: name ``v`` those in ``references[starts[v]:starts[v + 1]]``."""

    references: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]

    @classmethod
    def of(cls, bearers: Sequence[Sequence[int]]) -> Bearers:
        """Build from the references of each name."""
        starts = np.cumsum([0, *map(len, bearers)])
        return cls(np.array([r for found in bearers for r in found], dtype=np.int64), starts.astype(np.int64))

    def spread(self, names: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return, for pairs with these names, one entry per reference that bears the name: the pair, and the reference.

        Example:
            >>> Bearers.of([[0, 2], [1]]).spread(np.array([1, 0]))
            (array([0, 1, 1]), array([1, 0, 2]))
        """
        counts = np.diff(self.starts)[names]
        pair = np.repeat(np.arange(len(names)), counts)
        within = np.arange(len(pair)) - np.repeat(np.cumsum(counts) - counts, counts)
        return pair, self.references[self.starts[names][pair] + within]


@dataclass
class Scorer:
    """Scores strings against the references of an index.

    Args:
        index: the references' names (variants) in the feature space.
        variant: position of a variant → its features.
        bearers: which references a variant names.
        comparer: compares pairs of names.
        model: weights of the evidence.
        prior_bits: log2 odds of the prior, times the model's slope.
        link_threshold, possible_threshold: scores from which a candidate is a link, a possible link.
        candidates: how many variants are candidates of a string.
    """

    index: BlockingIndex
    variant: Callable[[int], NameFeatures]
    bearers: Bearers
    comparer: Comparer
    model: ScoringModel
    prior_bits: float
    link_threshold: float
    possible_threshold: float
    candidates: int

    def score(self, queries: Sequence[NameFeatures], threshold: float = 0.0) -> Ranked:
        """Score, rank and decide the candidates of each query.

        Args:
            queries: the strings.
            threshold: the lowest score that is of interest; candidates below may be missing. The others are the same
                whatever it is.
        """
        only = min(threshold, self.link_threshold, self.possible_threshold) >= self.model.possible_threshold
        return self._rank(self._values(queries, only_outstanding=only), len(queries))

    def candidates_of(self, queries: Sequence[NameFeatures]) -> tuple[CandidateValues, Ranked]:
        """Return the feature values of the candidates of each query, and their ranks and decisions."""
        found = self._values(queries)
        return found, self._rank(found, len(queries))

    def explain(self, text: str, features: NameFeatures, reference: int, names: Sequence[str]) -> Explanation:
        """Return the evidence for one query and one reference, from the numbers that make its score.

        Args:
            text: the query as given.
            features: the query.
            reference: position of the reference.
            names: the references as given.
        """
        reference_text = names[reference]
        found = self._values([features])
        ranked = self._rank(found, 1)
        at = np.flatnonzero(ranked.reference == reference)
        if len(at):
            pair = int(ranked.pair[at[0]])
            comparison, row = found.comparisons[pair], found.values[pair]
            rivals, decision = float(ranked.rivals[at[0]]), DECISIONS[ranked.decision[at[0]]]
            reason = decision_reason(ranked, int(at[0]), names, self.link_threshold, self.possible_threshold)
        else:
            # Not among the candidates: compared all the same, without rivals.
            position = int(np.flatnonzero(self.bearers.references == reference)[0])
            variant = int(np.searchsorted(self.bearers.starts, position, side="right")) - 1
            values, comparisons = pair_values([(features, self.variant(variant))], self.index, [variant], self.comparer)
            comparison, row, rivals, decision = comparisons[0], values[0], 0.0, ""
            reason = "not among the candidates"
        terms = self._terms(comparison, row, text, reference_text)
        if len(at):
            evidence = self.model.bits(found.values[[pair]]) + self.prior_bits
            held_down = float(self._unremarkable(evidence, found.outstanding[[pair]])[0])
            if held_down:
                terms.append(Term("unremarkable", held_down, source="the list", detail=UNREMARKABLE))
        terms.append(Term("base", self.model.intercept, source=MODEL))
        prior = "expected share of strings with a right answer"
        terms.append(Term("prior", self.prior_bits, source="Matcher(prior=…)", detail=prior))
        if abs(rivals) > _NOTHING:
            terms.append(Term("rivals", rivals, source="the list", detail="other candidates of the same string"))
        weight = math.fsum(term.bits for term in terms)
        score = float(probability(np.array(weight)))
        return Explanation(text, reference_text, tuple(terms), weight, score, decision, reason)

    def _values(self, queries: Sequence[NameFeatures], *, only_outstanding: bool = False) -> CandidateValues:
        owner = self.bearers.references[self.bearers.starts[:-1]]
        return candidate_values(
            queries, self.index, self.variant, self.comparer, self.candidates, owner, only_outstanding
        )

    def _rank(self, found: CandidateValues, n_queries: int) -> Ranked:
        bits = self.model.bits(found.values) + self.prior_bits
        bits += self._unremarkable(bits, found.outstanding)
        pair, reference = self.bearers.spread(found.variant)
        thresholds = self.link_threshold, self.possible_threshold
        ranked = rank(
            found.query[pair],
            reference,
            bits[pair],
            n_queries,
            *thresholds,
            likeness=found.similarity[pair],
            outstanding=found.outstanding[pair],
        )
        return replace(ranked, pair=pair[ranked.pair])

    def _unremarkable(self, bits: Floats, outstanding: Flags) -> Floats:
        """Return the bits (0 or less) that keep candidates that do not stand out below the possible links."""
        most = log2_odds(self.model.possible_threshold) - _BELOW
        return np.where(outstanding, 0.0, np.minimum(most - bits, 0.0))

    def _terms(
        self, comparison: Comparison | None, row: npt.NDArray[np.float64], query_text: str, reference_text: str
    ) -> list[Term]:
        """Return a term for each piece of the comparison, and for each feature that the comparison does not make.

        What rests on a further name of the reference (``fit(aliases=)``) says so; it stands nowhere in the name shown.
        """
        own = comparison is None or comparison.reference.text == normalize(reference_text)
        spans = feature_spans(query_text), feature_spans(reference_text if own else "")
        terms: list[Term] = []
        made: set[str] = set()
        weights = self.model.weights[PAIR_KINDS[pair_kinds(row[None])[0]]]
        for piece in comparison.pieces if comparison else ():
            made.add(piece.feature)
            bits = piece.value * weights[piece.feature]
            if comparison and abs(bits) > _NOTHING:
                query_span, reference_span = comparison.spans(piece, *spans)
                texts, source = comparison.texts(piece), piece.source or _source(piece.feature)
                if texts[1] and not own:
                    source = f"{source}, {FURTHER_NAMES}"
                term = Term(piece.feature, bits, *texts, source, FEATURES[piece.feature], query_span, reference_span)
                terms.append(term)
        for feature, column in COLUMN.items():
            bits = float(row[column]) * weights[feature]
            if feature not in made and abs(bits) > _NOTHING:
                terms.append(Term(feature, bits, source=_source(feature), detail=FEATURES[feature]))
        return terms


def _source(feature: str) -> str:
    """Name what a feature rests on that no table knows: how rare its words are, or the fitted weights alone."""
    return "rarity on the list and in background.tsv" if feature.startswith("left_") else MODEL
