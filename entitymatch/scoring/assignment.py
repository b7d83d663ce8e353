"""One string to one organisation: the best assignment of two lists on which each organisation stands once.

Without more knowledge every string is decided alone, and many may name one organisation. Where each side occurs once
(two lists of members, two years of one list), strings compete for organisations as well. With ``u`` the evidence and
the prior of a pair in bits, the likeliest assignment is the one with the largest sum of ``u`` over its pairs, a string
without a partner counting 0: a linear assignment problem, solved by the algorithm of Jonker and Volgenant (1987) for
sparse matrices as SciPy has it.

How sure a pair is depends on the other assignments. Those that differ from the best by one exchange are weighed
against it: the string has another free organisation or none; it takes another's, which then has none, or the one
that it leaves; or another string takes its organisation. A pair without competition keeps its match weight; of two
pairs that might as well be swapped each ends near ½.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from entitymatch.explanation import Explanation, Term
from entitymatch.links import DECISIONS, LINK, NON_LINK, POSSIBLE_LINK, Candidates
from entitymatch.scoring.ranking import DIGITS, probability
from entitymatch.scoring.scorer import Scorer

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
MANY_TO_ONE, ONE_TO_ONE = ASSIGNMENTS = ("many_to_one", "one_to_one")
_REASONS = {
    LINK: "the best assignment of the two lists holds it",
    POSSIBLE_LINK: "another assignment of the two lists is nearly as good",
    NON_LINK: "other assignments of the two lists are better",
}
_NONE = 1e-300  # odds of a pair that is impossible beside the assignment


@dataclass(frozen=True)
class Assigned:
    """Candidates after the assignment, sorted by query and rank.

    ``rivals`` holds the bits that other assignments take away or, where a rival is given to another string, leave;
    ``pair`` the position of the pair in the input.
    """

    rank: Integers
    match_weight: Floats
    score: Floats
    decision: npt.NDArray[np.int8]
    rivals: Floats
    pair: Integers


@dataclass(frozen=True)
class OneToOne:
    """The candidates of a register after the assignment, and what it took from or gave to each.

    Attributes:
        candidates: sorted by query and rank.
        rivals: (candidates,) bits beside the evidence and the prior.
    """

    candidates: Candidates
    rivals: Floats

    @classmethod
    def of(cls, candidates: Candidates, rivals: Floats, names: Sequence[str], scorer: Scorer) -> OneToOne:
        """Assign all candidates of a register.

        Args:
            candidates: all that were scored.
            rivals: (candidates,) the bits that rivals take away where every string is decided alone.
            names: the strings.
            scorer: has the references and the thresholds.
        """
        order = np.empty(len(names), dtype=np.int64)
        order[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
        found = assign(
            candidates.query,
            candidates.reference,
            np.round(candidates.match_weight - rivals, DIGITS),
            order=order,
            references=int(scorer.bearers.references.max()) + 1,
            link_threshold=scorer.link_threshold,
            possible_threshold=scorer.possible_threshold,
        )
        assigned = replace(
            candidates.take(found.pair),
            rank=found.rank,
            match_weight=found.match_weight,
            score=found.score,
            decision=found.decision,
        )
        return cls(assigned, found.rivals)

    def explainer(self, explain: Callable[[int, int], Explanation]) -> Callable[[int, int], Explanation]:
        """Turn explanations of strings that are decided alone into those of the assignment."""
        candidates = self.candidates

        def explain_assigned(query: int, reference: int) -> Explanation:
            explanation = explain(query, reference)
            [at] = np.flatnonzero((candidates.query == query) & (candidates.reference == reference))
            terms = [term for term in explanation.terms if term.kind != "rivals"]
            detail = "other ways to assign the two lists"
            terms.append(Term("rivals", float(self.rivals[at]), source="both lists", detail=detail))
            weight, decision = math.fsum(term.bits for term in terms), int(candidates.decision[at])
            return replace(
                explanation,
                terms=tuple(terms),
                match_weight=weight,
                score=float(probability(np.array(weight))),
                decision=DECISIONS[decision],
                reason=_REASONS[decision],
            )

        return explain_assigned


def best_assignment(query: Integers, reference: Integers, bits: Floats) -> npt.NDArray[np.bool_]:
    """Return which pairs are in the assignment with the largest sum of bits.

    Args:
        query: (pairs,) positions of the strings; of equally good assignments, earlier strings and references are
            preferred as SciPy's algorithm has it, so that the same input gives the same output.
        reference: (pairs,) positions of the references.
        bits: (pairs,) evidence and prior; pairs at 0 or below are never assigned.

    Example:
        >>> best_assignment(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([9.0, 7.0, 8.0])).tolist()
        [False, True, True]
    """
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    good = np.flatnonzero(bits > 0.0)
    taken = np.zeros(len(bits), dtype=np.bool_)
    if not len(good):
        return taken
    rows, row = np.unique(query[good], return_inverse=True)
    columns, column = np.unique(reference[good], return_inverse=True)
    n, m = len(rows), len(columns)
    # Every string may have a column of its own, for "none". Each row is matched once, so a constant added to all
    # weights changes nothing but keeps them off 0, which a sparse matrix cannot hold.
    weights = np.concatenate([bits[good], np.zeros(n)]) + 1.0
    at = np.concatenate([row, np.arange(n)]), np.concatenate([column, m + np.arange(n)])
    chosen = min_weight_full_bipartite_matching(sparse.csr_matrix((weights, at), shape=(n, m + n)), maximize=True)[1]
    taken[good] = chosen[row] == column
    return taken


def assign(
    query: Integers,
    reference: Integers,
    bits: Floats,
    *,
    order: Integers,
    references: int,
    link_threshold: float,
    possible_threshold: float,
) -> Assigned:
    """Assign, rank and decide.

    Args:
        query: (pairs,) positions of the strings, ascending.
        reference: (pairs,) positions of the references; no pair comes twice.
        bits: (pairs,) evidence and prior, without rivals.
        order: (queries,) the place of each string in an order that does not depend on the rows, by which ties fall.
        references: how many references there are.
        link_threshold: score from which an assigned pair is a link.
        possible_threshold: score from which a pair of a string without a link is a possible link.
    """
    n_queries = len(order)
    by_order = np.lexsort((reference, order[query]))
    taken = np.zeros(len(query), dtype=np.bool_)
    taken[by_order] = best_assignment(order[query][by_order], reference[by_order], bits[by_order])
    weight, none = _exchanges(query, reference, bits, taken, n_queries, references)
    # The odds of a pair: the assignments that hold it against those that give the string another reference, or none.
    others = none + np.bincount(query[~taken], weight[~taken], minlength=n_queries)
    has_partner = np.bincount(query[taken], minlength=n_queries)
    rest = np.where(taken, others[query], has_partner[query] + others[query] - weight)
    match_weight = np.round(np.log2(np.maximum(weight, _NONE)) - np.log2(np.maximum(rest, _NONE)), DIGITS)

    pair = np.lexsort((reference, -match_weight, ~taken, query))
    query, match_weight, taken = query[pair], match_weight[pair], taken[pair]
    score = np.round(probability(match_weight), DIGITS)
    link = taken & (score >= link_threshold)
    linked = np.zeros(n_queries, dtype=np.bool_)
    linked[query[link]] = True
    decision = np.where((score >= possible_threshold) & ~linked[query], POSSIBLE_LINK, NON_LINK)
    decision[link] = LINK
    rank = np.arange(len(query)) - np.searchsorted(query, np.arange(n_queries))[query] + 1
    return Assigned(rank, match_weight, score, decision.astype(np.int8), match_weight - bits[pair], pair)


def _exchanges(
    query: Integers,
    reference: Integers,
    bits: Floats,
    taken: npt.NDArray[np.bool_],
    n_queries: int,
    n_references: int,
) -> tuple[Floats, Floats]:
    """Weigh the assignments that are one exchange away from the best, relative to the best.

    Returns:
        For each pair, the weight of the assignments that hold it (1 for a pair of the best); for each string, the
        weight of those that give it none.
    """
    own, own_bits = np.full(n_queries, -1), np.zeros(n_queries)
    own[query[taken]], own_bits[query[taken]] = reference[taken], bits[taken]
    holder = np.full(n_references, -1)
    holder[reference[taken]] = query[taken]

    other = holder[reference]  # the string that has the reference now
    wanted = (other >= 0) & ~taken
    alone = np.exp2(bits - own_bits[query] - np.where(wanted, own_bits[other], 0.0))
    swapped = wanted & (own[query] >= 0)
    back = _bits_of(query, reference, bits, other[swapped], own[query[swapped]], n_references)
    weight = np.where(taken, 1.0, alone)
    weight[swapped] += alone[swapped] * np.exp2(back)
    none = np.exp2(-own_bits)
    np.add.at(none, other[wanted], alone[wanted])
    return weight, none


def _bits_of(
    query: Integers, reference: Integers, bits: Floats, queries: Integers, references: Integers, n_references: int
) -> Floats:
    """Return the bits of given pairs; minus infinity for one that is no candidate."""
    keys = query * n_references + reference
    order = np.argsort(keys)
    wanted = queries * n_references + references
    at = np.searchsorted(keys[order], wanted)
    at = np.minimum(at, len(keys) - 1)
    return np.where(keys[order][at] == wanted, bits[order][at], -np.inf)
