"""The assignment of two lists: the best one, what it does to scores and decisions, and that nothing else changes it."""

import itertools
import math
import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entitymatch import EntityMatchError, Matcher
from entitymatch.links import LINK, NON_LINK, POSSIBLE_LINK
from entitymatch.scoring.assignment import assign, best_assignment
from entitymatch.scoring.ranking import rank
from tests.examples import examples

BITS = st.floats(-12, 12).map(lambda bits: round(bits, 2))
TABLES = st.integers(1, 4).flatmap(
    lambda n: st.integers(1, 4).flatmap(
        lambda m: st.lists(st.lists(BITS | st.none(), min_size=m, max_size=m), min_size=n, max_size=n)
    )
)


def pairs_of(table):
    """(query, reference, bits) arrays of a table with None where there is no candidate."""
    found = [(q, r, b) for q, row in enumerate(table) for r, b in enumerate(row) if b is not None]
    query, reference, bits = zip(*found, strict=True) if found else ((), (), ())
    return np.array(query, dtype=np.int64), np.array(reference, dtype=np.int64), np.array(bits, dtype=float)


def assigned(table, order=None, link=0.7, possible=0.2):
    n, m = len(table), len(table[0])
    query, reference, bits = pairs_of(table)
    order = np.arange(n) if order is None else np.array(order)
    thresholds = {"link_threshold": link, "possible_threshold": possible}
    found = assign(query, reference, bits, order=order, references=m, **thresholds)
    return query[found.pair], reference[found.pair], bits[found.pair], found


@given(TABLES)
@settings(max_examples=examples(200), deadline=None)
def test_it_is_the_best_of_all_assignments(table) -> None:
    n, m = len(table), len(table[0])
    best = 0.0
    for chosen in itertools.product([None, *range(m)], repeat=n):
        taken = [r for r in chosen if r is not None]
        bits = [table[q][r] for q, r in enumerate(chosen) if r is not None]
        if len(set(taken)) == len(taken) and None not in bits:
            best = max(best, sum(bits))
    query, reference, bits = pairs_of(table)
    found = best_assignment(query, reference, bits)
    assert bits[found].sum() == pytest.approx(best)
    assert len(set(query[found])) == len(set(reference[found])) == found.sum()
    assert (bits[found] > 0).all()


@given(TABLES)
@settings(max_examples=examples(200), deadline=None)
def test_no_reference_is_linked_twice_and_terms_add_up(table) -> None:
    query, reference, bits, found = assigned(table, link=0.0, possible=0.0)
    linked = found.decision == LINK
    assert len(set(reference[linked])) == linked.sum() == len(set(query[linked]))
    assert found.match_weight == pytest.approx(bits + found.rivals, abs=1e-9)
    assert np.bincount(query, found.score, minlength=len(table)) == pytest.approx(0.5, abs=0.5 + 1e-9)
    for q in range(len(table)):
        assert found.rank[query == q].tolist() == list(range(1, (query == q).sum() + 1))
    assert (found.decision[np.isin(query, query[linked]) & ~linked] == NON_LINK).all()


@given(TABLES, st.randoms(use_true_random=False))
@settings(max_examples=examples(100), deadline=None)
def test_the_order_of_the_strings_changes_nothing(table, rng) -> None:
    order = list(range(len(table)))
    rng.shuffle(order)  # string q of the first table is row order[q] of the second
    mixed = [table[order.index(row)] for row in range(len(table))]
    one, two = assigned(table), assigned(mixed, order=[order.index(row) for row in range(len(table))])
    lines = [
        sorted(zip(names, reference, found.match_weight.round(9), found.decision, strict=True))
        for names, (_, reference, _, found) in ((one[0], one), ([order.index(q) for q in two[0]], two))
    ]
    assert lines[0] == lines[1]


@given(st.lists(BITS, min_size=1, max_size=5))
@settings(max_examples=examples(100), deadline=None)
def test_a_string_alone_is_decided_as_ever(row) -> None:
    query, reference, bits = pairs_of([row])
    ranked = rank(query, reference, bits, 1, 0.7, 0.2)
    _, ours, _, found = assigned([row])
    assert ours.tolist() == ranked.reference.tolist()
    assert found.match_weight == pytest.approx(ranked.match_weight, abs=1e-6)
    assert (found.decision == LINK).tolist() == (ranked.decision == LINK).tolist()


def test_two_that_might_be_swapped_are_possible_only() -> None:
    _, _, _, found = assigned([[9.0, 9.0], [9.0, 9.0]])
    assert found.score == pytest.approx(0.5, abs=0.01)
    assert set(found.decision) == {POSSIBLE_LINK}


def test_a_rival_that_another_string_has_is_no_rival() -> None:
    """Group and unit on both lists: each alone is too close to tell, both together are not."""
    table = [[9.0, 8.5], [1.0, 9.0]]
    alone = rank(*pairs_of(table), 2, 0.7, 0.2)
    assert (alone.decision[alone.query == 0] == POSSIBLE_LINK).all()
    query, reference, _, found = assigned(table)
    linked = found.decision == LINK
    assert list(zip(query[linked], reference[linked], strict=True)) == [(0, 0), (1, 1)]


def test_of_two_strings_for_one_reference_the_better_has_it() -> None:
    query, _, _, found = assigned([[9.0], [3.0]])
    assert found.decision[query == 0].tolist() == [LINK]
    assert found.decision[query == 1].tolist() == [NON_LINK]
    assert found.score[query == 1][0] < 0.05


def test_weights_of_an_exchange_by_hand() -> None:
    # Best: 0-0 and 1-1. Exchanges of string 0: none (2^-4), none while 1 takes its reference (2^(2-5-4)),
    # swap (2^(3+2-4-5)), or 1's reference alone (2^(3-4-5)).
    query, reference, _, found = assigned([[4.0, 3.0], [2.0, 5.0]])
    rest = 2.0**-4 + 2.0**-7 + 2.0**-4 + 2.0**-6
    at = (query == 0) & (reference == 0)
    assert found.match_weight[at][0] == pytest.approx(-math.log2(rest))


# Through the matcher

LIST = ["Tsinghua University", "HSBC", "China Merchants Bank"]


def test_two_strings_of_one_organisation_are_not_both_linked() -> None:
    register = ["清华大学", "Tsinghua Univ.", "招商银行"]
    many = Matcher(prior=0.5).fit(LIST).match(register).to_pandas()
    one = Matcher(prior=0.5).fit(LIST).match(register, assign="one_to_one").to_pandas()
    assert (many[many["decision"] == "link"]["reference"] == "Tsinghua University").sum() == 2
    assert one[one["decision"] == "link"]["reference_id"].is_unique
    assert one[one["query"] == "招商银行"]["decision"].tolist() == ["link"]


def test_without_competition_nothing_changes() -> None:
    register = ["清华大学", "招商银行", "光明村"]
    matcher = Matcher(prior=0.5).fit(LIST)
    many, one = (
        matcher.match(register, assign=how, threshold=0.0).to_pandas() for how in ("many_to_one", "one_to_one")
    )
    assert many["decision"].tolist() == one["decision"].tolist()
    assert one["score"].to_numpy() == pytest.approx(many["score"].to_numpy(), abs=0.02)


@pytest.mark.parametrize("arguments", [{"batch_size": 1}, {"top_k": 1}])
def test_scores_depend_on_neither_batch_size_nor_top_k(arguments) -> None:
    register = ["清华大学", "清华", "Tsinghua", "招商银行", "汇丰银行", "汇丰"]
    matcher = Matcher(prior=0.5).fit(LIST)
    everything = matcher.match(register, assign="one_to_one", threshold=0.0).to_pandas()
    some = matcher.match(register, assign="one_to_one", threshold=0.0, **arguments).to_pandas()
    wanted = everything[everything["rank"] <= arguments.get("top_k", 9)].reset_index(drop=True)
    pd.testing.assert_frame_equal(some, wanted, check_exact=True)


def test_the_order_of_rows_changes_nothing() -> None:
    register = ["清华大学", "清华", "Tsinghua", "招商银行", "汇丰银行", "汇丰"]
    shuffled = register[:]
    random.Random(5).shuffle(shuffled)
    matcher = Matcher(prior=0.5).fit(LIST)
    by = ["query", "reference", "rank", "match_weight", "decision"]
    one, two = (
        matcher.match(rows, assign="one_to_one", threshold=0.0).to_pandas()[by] for rows in (register, shuffled)
    )
    pd.testing.assert_frame_equal(
        one.sort_values(by[:2], ignore_index=True), two.sort_values(by[:2], ignore_index=True)
    )


def test_explanations_add_up_to_the_assigned_weight() -> None:
    links = Matcher(prior=0.5).fit(LIST).match(["清华大学", "清华", "Tsinghua"], assign="one_to_one", threshold=0.0)
    table = links.to_pandas()
    for line in range(len(table)):
        explanation = links.explain(line)
        assert explanation.match_weight == pytest.approx(table["match_weight"][line], abs=1e-9)
        assert explanation.score == pytest.approx(table["score"][line], abs=1e-9)
        assert explanation.decision == table["decision"][line]
        assert sum(term.kind == "rivals" for term in explanation.terms) == 1


def test_nothing_to_assign() -> None:
    matcher = Matcher().fit(LIST)
    assert len(matcher.match([], assign="one_to_one")) == len(matcher.match(["???", ""], assign="one_to_one")) == 0


def test_another_way_to_assign_is_told() -> None:
    with pytest.raises(EntityMatchError, match="assign is 'best': it must be 'many_to_one' or 'one_to_one'"):
        Matcher().fit(LIST).match(["x"], assign="best")
