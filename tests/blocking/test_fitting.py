"""The weights of blockers are learned from what they let through."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pytest

from entitymatch.blocking import BlockingIndex, KeyBlocker, default_blockers
from entitymatch.blocking.fitting import BlockingTask, completeness_of_all, fit_weights, pairs_completeness
from entitymatch.features import FeatureExtractor, NameFeatures

EXTRACTOR = FeatureExtractor()
WORDS = [f"Name{i}" for i in range(150)]


@dataclass(frozen=True)
class Right(KeyBlocker):
    """Brings each name together with its right answer and nothing else."""

    weight: float = 1.0
    name = "right"

    def keys(self, reference: NameFeatures) -> Mapping[str, float]:
        return {reference.text.split()[0]: 1.0}


@dataclass(frozen=True)
class Wrong(KeyBlocker):
    """Brings each name together with a hundred others."""

    weight: float = 1.0
    name = "wrong"

    def keys(self, reference: NameFeatures) -> Mapping[str, float]:
        return {reference.text.split()[1]: 1.0}


@pytest.fixture(scope="module")
def task() -> BlockingTask:
    """Name i of one half bears the second word of the other half, and the right answer does not."""
    index = BlockingIndex(
        [EXTRACTOR.extract(f"{w} {'x' if i < 75 else 'y'}") for i, w in enumerate(WORDS)], blockers=[Wrong(), Right()]
    )
    queries = [EXTRACTOR.extract(f"{w} {'y' if i < 75 else 'x'}") for i, w in enumerate(WORDS)]
    return BlockingTask.of("made up", index, queries, [{i} for i in range(len(WORDS))])


def test_a_blocker_that_misleads_loses_weight(task: BlockingTask) -> None:
    start = {"right": 1.0, "wrong": 1.5}
    assert pairs_completeness(task, start)[0] == 0.0
    weights = fit_weights([task], start)
    assert weights["right"] == 1.0, "only ratios matter, so the first is kept"
    assert weights["wrong"] < 1.0
    assert completeness_of_all([task], weights) == 1.0
    assert fit_weights([task], start) == weights


def test_completeness_is_that_of_an_index_with_the_weights() -> None:
    names = ["Tsinghua University", "HSBC", "China Merchants Bank", "Siemens", "Honeywell", "Bank of Chongqing"]
    references = [EXTRACTOR.extract(name) for name in names]
    queries = [EXTRACTOR.extract(name) for name in ("清华大学", "汇丰", "招商银行", "霍尼韦尔", "重庆")]
    right = [{0}, {1}, {2}, {4}, {5}]
    unit = [replace(blocker, weight=1.0) for blocker in default_blockers()]  # type: ignore[type-var]
    weights = {blocker.name: blocker.weight * 2.0 for blocker in default_blockers()}
    task = BlockingTask.of("names", BlockingIndex(references, blockers=unit), queries, right)
    index = BlockingIndex(references, blockers=[replace(b, weight=weights[b.name]) for b in default_blockers()])  # type: ignore[type-var]
    query, reference, _ = index.search(index.query_matrix(queries), 1)
    hits = sum(r in right[q] for q, r in zip(query.tolist(), reference.tolist(), strict=True))
    assert pairs_completeness(task, weights, cuts=(1, 6)).tolist() == [hits / 5, 1.0]


def test_queries_without_an_answer_do_not_count(task: BlockingTask) -> None:
    queries = [EXTRACTOR.extract("Name1 x"), EXTRACTOR.extract("Name2 x")]
    some = BlockingTask.of("some", task.index, queries, [{1}, set()])
    assert len(some.right) == some.vectors.shape[0] == 1
    assert np.all(pairs_completeness(some, {"right": 1.0, "wrong": 0.0}) == 1.0)


def test_what_cannot_be_fitted_is_told(task: BlockingTask) -> None:
    nothing = BlockingTask.of("nothing", task.index, [EXTRACTOR.extract("Name1 x")], [set()])
    with pytest.raises(ValueError, match="nothing to learn from"):
        fit_weights([nothing], {"right": 1.0, "wrong": 1.0})
    heavy = BlockingIndex([EXTRACTOR.extract("Name1 x")], blockers=[Right(weight=2.0)])
    with pytest.raises(ValueError, match="must have the weight 1"):
        BlockingTask.of("heavy", heavy, [], [])
