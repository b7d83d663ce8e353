import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from entitymatch import intervals
from entitymatch.intervals import combine, poisson_binomial, quantile, wilson
from tests.examples import examples


@pytest.mark.parametrize(("right", "n"), [(0, 5), (5, 5), (1, 1), (19, 20), (37, 200)])
def test_wilson_agrees_with_scipy(right, n):
    expected = binomtest(right, n).proportion_ci(0.9, method="wilson")
    assert wilson(right, n, 0.9) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_of_an_empty_sample_nothing_is_known():
    assert wilson(0, 0) == (0.0, 1.0)
    for level in (0.0, 1.0, 95):
        with pytest.raises(ValueError, match="level is"):
            quantile(level)


def outcomes(probabilities, sizes):
    """The distribution of the total, by listing every case."""
    chances = {}
    for case in itertools.product((0, 1), repeat=len(sizes)):
        chance = np.prod([p if hit else 1 - p for p, hit in zip(probabilities, case, strict=True)])
        total = sum(size for size, hit in zip(sizes, case, strict=True) if hit)
        chances[total] = chances.get(total, 0.0) + float(chance)
    return sorted(chances.items())


@settings(deadline=None, max_examples=examples(60))
@given(st.lists(st.tuples(st.integers(1, 19), st.integers(1, 6)), min_size=1, max_size=7))
def test_poisson_binomial_agrees_with_every_case_listed(parts):
    probabilities, sizes = [p / 20 for p, _ in parts], [size for _, size in parts]
    expected, low, high = poisson_binomial(probabilities, sizes, 0.8)
    cases = outcomes(probabilities, sizes)
    assert expected == pytest.approx(sum(total * chance for total, chance in cases))
    below = np.cumsum([chance for _, chance in cases])
    totals = [total for total, _ in cases]
    assert low == totals[int(np.searchsorted(below, 0.1 * (1 - 1e-9)))]
    assert high == totals[int(np.searchsorted(below, 0.9 * (1 - 1e-9)))]


def test_a_large_total_is_nearly_normal(monkeypatch):
    rng = np.random.default_rng(5)
    p, sizes = rng.uniform(0.6, 1, 400), rng.integers(1, 30, 400)
    exact = poisson_binomial(p, sizes)
    monkeypatch.setattr(intervals, "MOST_STEPS", 0)
    near = poisson_binomial(p, sizes)
    assert near[0] == exact[0]
    assert near[1:] == pytest.approx(exact[1:], abs=0.005 * sizes.sum())


def test_certain_parts_have_no_width():
    assert poisson_binomial([1.0, 0.0], [7, 9]) == (7.0, 7.0, 7.0)
    assert poisson_binomial([], []) == (0.0, 0.0, 0.0)


def test_a_sum_of_one_part_is_that_part():
    assert combine([3.0], [1.0], [8.0]) == (3.0, 1.0, 8.0)
