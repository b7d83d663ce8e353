"""Ranking against a plain rendering of its definition."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entitymatch.links import LINK, NON_LINK, POSSIBLE_LINK
from entitymatch.scoring.ranking import log2_odds, probability, rank

BITS = st.floats(-60, 60, allow_nan=False).map(lambda bits: round(bits, 3))
PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 6), BITS), max_size=25)
THRESHOLDS = st.tuples(st.floats(0, 1), st.floats(0, 1))


def plain(pairs, n_queries, link, possible):
    """(query, reference, rank, match weight, decision), as the docstrings say."""
    out = []
    for query in range(n_queries):
        best: dict[int, float] = {}
        for q, reference, bits in pairs:
            if q == query:
                best[reference] = max(bits, best.get(reference, -math.inf))
        ordered = sorted(best.items(), key=lambda item: (-item[1], item[0]))
        weights = [
            bits - math.log2(math.fsum([1.0, *(2.0**other for r, other in ordered if r != reference)]))
            for reference, bits in ordered
        ]
        scores = [1 / (1 + 2.0**-weight) for weight in weights]
        linked = bool(scores) and scores[0] >= link
        for position, ((reference, bits), weight, score) in enumerate(zip(ordered, weights, scores, strict=True)):
            tied = bits >= ordered[0][1] - 1.0 and 1 / (1 + 2.0**-bits) >= link
            decision = NON_LINK if linked or not (tied or score >= possible) else POSSIBLE_LINK
            out.append((query, reference, position + 1, weight, LINK if linked and not position else decision, score))
    return out


def ranked(pairs, n_queries, link=0.9, possible=0.2):
    query, reference = (np.array([pair[i] for pair in pairs], dtype=np.int64) for i in (0, 1))
    return rank(query, reference, np.array([pair[2] for pair in pairs], dtype=float), n_queries, link, possible)


@given(PAIRS, THRESHOLDS)
def test_ranking_is_that_of_the_definition(pairs, thresholds) -> None:
    pairs = sorted(pairs, key=lambda pair: pair[0])
    link, possible = thresholds
    found, wanted = ranked(pairs, 5, link, possible), plain(pairs, 5, link, possible)
    assert found.query.tolist() == [row[0] for row in wanted]
    assert found.reference.tolist() == [row[1] for row in wanted]
    assert found.rank.tolist() == [row[2] for row in wanted]
    assert np.allclose(found.match_weight, [row[3] for row in wanted], atol=1e-7)
    assert np.allclose(found.score, [row[5] for row in wanted], atol=1e-9)
    for decision, row in zip(found.decision.tolist(), wanted, strict=True):
        if all(abs(other[5] - threshold) > 1e-9 for other in wanted if other[0] == row[0] for threshold in thresholds):
            assert decision == row[4]


@given(PAIRS)
def test_posteriors_of_a_string_and_none_add_up_to_one(pairs) -> None:
    pairs = sorted(pairs, key=lambda pair: pair[0])
    found = ranked(pairs, 4)
    for query in range(4):
        assert found.score[found.query == query].sum() <= 1.0 + 1e-9


@given(PAIRS)
def test_pair_and_rivals_give_the_match_weight_back(pairs) -> None:
    pairs = sorted(pairs, key=lambda pair: pair[0])
    found = ranked(pairs, 4)
    own = np.array([pairs[i][2] for i in found.pair.tolist()], dtype=float)
    assert np.allclose(own + found.rivals, found.match_weight, atol=1e-9)
    assert (found.rivals <= 1e-12).all()
    assert [pairs[i][:2] for i in found.pair.tolist()] == list(
        zip(found.query.tolist(), found.reference.tolist(), strict=True)
    )


@given(PAIRS, st.randoms())
def test_the_order_of_pairs_changes_nothing(pairs, random) -> None:
    pairs = sorted(pairs, key=lambda pair: pair[0])
    shuffled = list(pairs)
    random.shuffle(shuffled)
    shuffled.sort(key=lambda pair: pair[0])
    one, two = ranked(pairs, 4), ranked(shuffled, 4)
    assert one.match_weight.tolist() == two.match_weight.tolist()
    assert one.reference.tolist() == two.reference.tolist()
    assert one.decision.tolist() == two.decision.tolist()


def test_an_only_candidate_keeps_its_bits() -> None:
    found = ranked([(0, 4, 3.5)], 1)
    assert (found.match_weight.tolist(), found.rivals.tolist(), found.decision.tolist()) == ([3.5], [0.0], [LINK])


def test_two_equals_share_and_fall_by_reference() -> None:
    found = ranked([(0, 7, 30.0), (0, 2, 30.0)], 1)
    assert found.reference.tolist() == [2, 7]
    assert found.score.tolist() == pytest.approx([0.5, 0.5], abs=1e-6)
    assert found.decision.tolist() == [POSSIBLE_LINK, POSSIBLE_LINK]


def test_differences_beyond_twelve_digits_are_ties() -> None:
    found = ranked([(0, 1, 5.0), (0, 0, 5.0 - 1e-14)], 1)
    assert found.reference.tolist() == [0, 1]


def test_the_best_name_of_a_reference_counts_once() -> None:
    found = ranked([(0, 1, -2.0), (0, 1, 8.0), (0, 1, 3.0)], 1)
    assert (found.reference.tolist(), found.pair.tolist(), found.match_weight.tolist()) == ([1], [1], [8.0])


@pytest.mark.parametrize("bits", [5000.0, -5000.0])
def test_huge_bits_do_not_overflow(bits: float) -> None:
    found = ranked([(0, 0, bits), (0, 1, bits / 2), (1, 0, 0.0)], 2)
    assert np.isfinite(found.match_weight).all()
    assert ((found.score >= 0) & (found.score <= 1)).all()


def test_nothing_is_ranked_as_nothing() -> None:
    for n_queries in (0, 3):
        assert len(ranked([], n_queries).query) == 0


def test_odds_and_probabilities_are_inverse() -> None:
    for p in (1e-6, 0.05, 0.5, 0.999):
        assert float(probability(np.array(log2_odds(p)))) == pytest.approx(p)
