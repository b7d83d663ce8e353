"""The fit finds the weights that made the labels."""

from dataclasses import replace

import numpy as np
import pytest

from entitymatch.scoring.fitting import Labelled, fit

WEIGHTS = np.array([2.0, -1.5, 0.7, 0.0])
INTERCEPT, SLOPE = -3.0, 0.8
SCALES = np.array([1.0, 3.0, 0.2, 1.0])  # features need not be of one size


def synthetic(n: int, seed: int = 0) -> Labelled:
    """Queries with up to six candidates, labelled by the model itself."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(0, 7, n)  # some queries have no candidate at all
    query = np.repeat(np.arange(n), sizes)
    values = rng.normal(size=(len(query), len(WEIGHTS))) * SCALES
    prior = rng.choice([-4.0, -2.0, 0.0, 2.0], n)
    bits = values @ WEIGHTS + INTERCEPT + SLOPE * prior[query]
    right = np.zeros(len(query), dtype=bool)
    for q in range(n):
        mine = np.flatnonzero(query == q)
        p = np.append(np.exp2(bits[mine]), 1.0)
        choice = rng.choice(len(p), p=p / p.sum())
        if choice < len(mine):
            right[mine[choice]] = True
    return Labelled(values, query, right, prior, np.ones(n))


@pytest.fixture(scope="module")
def labelled() -> Labelled:
    return synthetic(5000)


def test_known_weights_are_recovered(labelled: Labelled) -> None:
    found = fit(labelled, ridge=1e-6)
    assert found.weights[0] * SCALES == pytest.approx(WEIGHTS * SCALES, abs=0.25)
    assert found.intercept == pytest.approx(INTERCEPT, abs=0.25)
    assert found.prior_slope == pytest.approx(SLOPE, abs=0.1)


def test_firms_and_institutions_have_weights_of_their_own() -> None:
    firms, institutions = synthetic(4000), synthetic(4000, seed=2)
    # The same labels with two features swapped: what speaks for a firm is the other one for an institution.
    swapped = institutions.values[:, [2, 1, 0, 3]]
    labelled = Labelled(
        np.concatenate([firms.values, swapped]),
        np.concatenate([firms.query, institutions.query + 4000]),
        np.concatenate([firms.right, institutions.right]),
        np.concatenate([firms.prior_bits, institutions.prior_bits]),
        np.ones(8000),
        kind=np.repeat([0, 1], [len(firms.query), len(institutions.query)]),
    )
    found = fit(labelled, ridge=1e-6, coupling=1e-6)
    assert found.weights[0, :3] * SCALES[:3] == pytest.approx(WEIGHTS[:3] * SCALES[:3], abs=0.3)
    assert found.weights[1, [2, 1, 0]] * SCALES[:3] == pytest.approx(WEIGHTS[:3] * SCALES[:3], abs=0.3)
    alike = fit(labelled, ridge=1e-6, coupling=1e3)
    assert alike.weights[1] == pytest.approx(alike.weights[0], abs=0.1)


def test_fitted_probabilities_are_calibrated(labelled: Labelled) -> None:
    found = fit(labelled, ridge=1e-6)
    fresh = synthetic(3000, seed=1)
    bits = found.bits(fresh)
    assert bits.shape == fresh.query.shape
    total = 1.0 + np.bincount(fresh.query, np.exp2(bits), minlength=3000)
    p = np.exp2(bits) / total[fresh.query]
    for low, high in ((0.0, 0.1), (0.1, 0.4), (0.4, 0.7), (0.7, 1.0)):
        chosen = (p >= low) & (p < high)
        assert fresh.right[chosen].mean() == pytest.approx(p[chosen].mean(), abs=0.05)


def test_the_loss_is_that_of_the_definition(labelled: Labelled) -> None:
    found = fit(labelled, ridge=0.0)
    bits = found.bits(labelled)
    n = len(labelled.prior_bits)
    total = 1.0 + np.bincount(labelled.query, np.exp2(bits), minlength=n)
    chosen = np.bincount(labelled.query, np.where(labelled.right, np.exp2(bits), 0.0), minlength=n)
    none = np.bincount(labelled.query, labelled.right, minlength=n) == 0
    assert found.loss == pytest.approx(-np.mean(np.log2(np.where(none, 1.0, chosen) / total)), abs=1e-6)


def test_the_same_pairs_give_the_same_weights(labelled: Labelled) -> None:
    one, two = fit(labelled), fit(labelled)
    assert one.weights.tolist() == two.weights.tolist()
    assert (one.intercept, one.prior_slope, one.loss) == (two.intercept, two.prior_slope, two.loss)


def test_signs_hold(labelled: Labelled) -> None:
    found = fit(labelled, signs=np.array([-1, 1, 1, 0], dtype=np.int8))
    assert found.weights[0, 0] == 0.0
    assert found.weights[0, 1] == 0.0
    assert found.weights[0, 2] > 0.0


def test_a_larger_ridge_gives_smaller_weights(labelled: Labelled) -> None:
    assert (
        np.abs(fit(labelled, ridge=0.1).weights * SCALES).sum()
        < np.abs(fit(labelled, ridge=1e-6).weights * SCALES).sum()
    )


def test_the_weight_of_a_query_is_how_often_it_counts() -> None:
    few = synthetic(300)
    twice = np.arange(300) < 100
    weighted = fit(replace(few, weight=np.where(twice, 2.0, 1.0)), ridge=1e-3)
    again = few.query < 100
    repeated = Labelled(
        np.concatenate([few.values, few.values[again]]),
        np.concatenate([few.query, few.query[again] + 300]),
        np.concatenate([few.right, few.right[again]]),
        np.concatenate([few.prior_bits, few.prior_bits[:100]]),
        np.ones(400),
    )
    # Only the scale of the features, by which the ridge is measured, differs a little.
    assert fit(repeated, ridge=1e-3).weights == pytest.approx(weighted.weights, abs=0.02)


def test_several_right_candidates_of_a_query_share(labelled: Labelled) -> None:
    doubled = Labelled(
        np.repeat(labelled.values, 2, axis=0),
        np.repeat(labelled.query, 2),
        np.repeat(labelled.right, 2),
        labelled.prior_bits,
        labelled.weight,
    )
    found, single = fit(doubled, ridge=1e-6), fit(labelled, ridge=1e-6)
    assert found.weights == pytest.approx(single.weights, abs=0.01)
    assert found.intercept == pytest.approx(single.intercept - 1.0, abs=0.01)  # each of the two has half


def test_a_feature_that_is_always_zero_gets_nothing() -> None:
    few = synthetic(200)
    found = fit(replace(few, values=np.column_stack([few.values, np.zeros(len(few.query))])))
    assert found.weights[0, -1] == 0.0


def test_labels_without_a_right_answer_are_refused() -> None:
    few = synthetic(50)
    with pytest.raises(ValueError, match="nothing to learn from"):
        fit(replace(few, right=np.zeros(len(few.query), dtype=bool)))
