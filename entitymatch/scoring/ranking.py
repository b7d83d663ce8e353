"""From the evidence of all candidates of a string to match weights, scores, ranks and decisions.

The candidates of a string exclude one another: it names one organisation of the list, or none. With ``u`` the
evidence and the prior of a candidate in bits, its match weight is therefore ``u - log2(1 + sum of 2**u of its
rivals)``; the second term is 0 for a candidate without serious rivals and about -1 for one of two that are equally
good. The score is the probability that belongs to the match weight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from entitymatch.links import LINK, NON_LINK, POSSIBLE_LINK

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
DIGITS = 12
_NAMED = 3  # rivals that a reason names at most
TIE_BITS = 1.0  # a candidate so much weaker than the first is as good as it


@dataclass(frozen=True)
class Ranked:
    """Scored candidates of a batch of strings, sorted by query and rank.

    ``rivals`` holds the bits (0 or less) that the rivals take away; ``pair`` the position of the pair in the input.
    """

    query: Integers
    reference: Integers
    rank: Integers
    match_weight: Floats
    score: Floats
    decision: npt.NDArray[np.int8]
    rivals: Floats
    pair: Integers


def log2_odds(probability: float) -> float:
    """Return the log2 odds of a probability.

    Example:
        >>> log2_odds(0.5), round(log2_odds(0.05), 3)
        (0.0, -4.248)
    """
    return float(np.log2(probability) - np.log2(1.0 - probability))


def probability(match_weight: Floats) -> Floats:
    """Return ``1 / (1 + 2**-match_weight)`` without overflow."""
    return np.asarray(1.0 / (1.0 + np.exp2(-np.clip(match_weight, -1000.0, 1000.0))))


def rank(
    query: Integers,
    reference: Integers,
    bits: Floats,
    n_queries: int,
    link_threshold: float,
    possible_threshold: float,
    likeness: Floats | None = None,
    outstanding: npt.NDArray[np.bool_] | None = None,
) -> Ranked:
    """Rank and decide.

    Args:
        query: (pairs,) positions of the strings, ascending.
        reference: (pairs,) positions of the references; one that comes several times for a string (by several of its
            names) keeps its best.
        bits: (pairs,) evidence and prior.
        n_queries: how many strings there are.
        link_threshold: score from which the first candidate is a link.
        possible_threshold: score from which a candidate is a possible link, if the first is no link. Candidates
            that tie with the first (within :data:`TIE_BITS`) are so too where each would be a link but for the others.
        likeness: (pairs,) orders equal match weights, the most alike first, before the order of the references does.
        outstanding: (pairs,) which candidates are rivals of the others; all by default.
    """
    bits = np.round(bits, DIGITS)
    less_alike = np.zeros(len(bits)) if likeness is None else -np.round(likeness, DIGITS - 3)
    rival = np.ones(len(bits), dtype=bool) if outstanding is None else outstanding
    pair = np.lexsort((less_alike, -bits, ~rival, reference, query))
    if len(pair):
        best = (query[pair][1:] != query[pair][:-1]) | (reference[pair][1:] != reference[pair][:-1])
        pair = pair[np.append(True, best)]
    rivals = _rivals(query[pair], bits[pair], rival[pair], n_queries)
    weight = np.round(bits[pair] + rivals, DIGITS)
    order = np.lexsort((reference[pair], less_alike[pair], -bits[pair], -weight, query[pair]))
    pair, rivals, match_weight = pair[order], rivals[order], weight[order]
    query, reference, bits = query[pair], reference[pair], bits[pair]
    starts = np.searchsorted(query, np.arange(n_queries))
    ranks = np.arange(len(query)) - starts[query]

    score = np.round(probability(match_weight), DIGITS)
    first = ranks == 0
    leader = np.zeros(n_queries)
    leader[query[first]] = bits[first]
    # Several candidates that are as good as one another, each a link if it stood alone: too close to tell.
    tied = (bits >= leader[query] - TIE_BITS) & (probability(bits) >= link_threshold)
    decision = np.where(tied | (score >= possible_threshold), POSSIBLE_LINK, NON_LINK)
    link = first & (score >= link_threshold)
    linked = np.zeros(n_queries, dtype=bool)
    linked[query[link]] = True
    decision[linked[query]] = NON_LINK
    decision[link] = LINK
    return Ranked(query, reference, ranks + 1, match_weight, score, decision.astype(np.int8), rivals, pair)


def decision_reason(
    ranked: Ranked, at: int, names: Sequence[str], link_threshold: float, possible_threshold: float
) -> str:
    """Say in words why a candidate has its decision.

    Args:
        ranked: the candidates of one string.
        at: position of the candidate.
        names: the references.
        link_threshold: as for :func:`rank`.
        possible_threshold: as for :func:`rank`.
    """
    decision = int(ranked.decision[at])
    if decision == LINK:
        return f"the first candidate, and its score is {link_threshold:.2f} or more"
    others = np.flatnonzero(np.arange(len(ranked.query)) != at)
    if decision == NON_LINK:
        if len(linked := np.flatnonzero(ranked.decision == LINK)):
            return f"the string is linked to {names[ranked.reference[linked[0]]]}"
        return f"its score is below {possible_threshold:.2f}"
    if probability(ranked.match_weight[at] - ranked.rivals[at]) >= link_threshold and len(others):
        # Without its rivals it would be a link: name those without which it would be one.
        nearest = others[np.argsort(-ranked.match_weight[others], kind="stable")[:_NAMED]]
        close = [n for n in nearest.tolist() if ranked.decision[n] == POSSIBLE_LINK] or nearest[:1].tolist()
        listed = " and ".join(names[ranked.reference[n]] for n in close)
        return f"too close to tell from {listed}"
    return f"its score is below {link_threshold:.2f}"


def _rivals(query: Integers, bits: Floats, rival: npt.NDArray[np.bool_], n_queries: int) -> Floats:
    """Return ``-log2(1 + sum over the other candidates of 2**bits)`` of each candidate, without overflow.

    The largest of "none" (0 bits) and the candidates is taken out of the sum before it is raised; for the first
    rival the sum runs over the others alone, since subtracting its own share would cancel.

    Args:
        query: (pairs,) positions of the strings, ascending.
        bits: (pairs,) evidence and prior.
        rival: (pairs,) which candidates are in the sums of the others.
        n_queries: how many strings there are.
    """
    counted = np.where(rival, bits, -np.inf)
    strongest = np.full(n_queries, -1, dtype=np.int64)
    order = np.lexsort((-counted, query))
    first = order[np.append(True, query[1:] != query[:-1])] if len(query) else order
    strongest[query[first]] = first
    is_first = (np.arange(len(query)) == strongest[query]) & rival
    top = np.zeros(n_queries)
    np.maximum.at(top, query, counted)
    share = np.exp2(counted - top[query])
    total = np.bincount(query, share, minlength=n_queries)
    # Of the first: the sum of the others, relative to the second largest.
    second = np.zeros(n_queries)
    others = rival & ~is_first
    np.maximum.at(second, query[others], bits[others])
    rest = np.bincount(query[others], np.exp2(bits[others] - second[query[others]]), minlength=n_queries)
    of_first = -(second + np.log2(np.exp2(-second) + rest))
    of_others = -(top[query] + np.log2(np.maximum(np.exp2(-top[query]) + total[query] - share, 1e-300)))
    return np.where(is_first, of_first[query], of_others)
