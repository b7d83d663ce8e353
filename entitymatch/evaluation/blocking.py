"""What each blocker lets through, what it costs, and what only it finds."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from entitymatch.columns import read_register
from entitymatch.evaluation.measures import pairs_completeness, pairs_quality, reduction_ratio
from entitymatch.evaluation.truth import Judged, judge
from entitymatch.links import Candidates, Links
from entitymatch.matcher import CANDIDATES, Matcher
from entitymatch.truth import Truth

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
ALL = "all"


def blocking_report(
    matcher: Matcher,
    register: Any,
    truth: Truth,
    *,
    name: str | None = None,
    id: str | None = None,  # noqa: A002
    on: str = "query",
    top_k: int = CANDIDATES,
) -> pd.DataFrame:
    """Compare the blockers of a fitted matcher on strings with known answers.

    Args:
        matcher: a fitted matcher.
        register: a table or a sequence of strings, as for `Matcher.match`; strings without a right answer count for
            what they cost.
        truth: the right answers, as for :func:`.judge`.
        name: the column of strings.
        id: the column of ids.
        on: by what the truth knows the strings, as for :func:`.judge`.
        top_k: how many names of the list a blocker may propose for a string.

    Returns:
        One line per blocker, and a last one for the product of ``all``, with the columns

        * ``blocker`` and its ``weight``,
        * ``pairs_completeness``: the share of the right pairs that it proposes when it works alone,
        * ``pairs_quality``: the share of its proposals that are right,
        * ``reduction_ratio`` and ``candidates_per_query``: what it spares, and what it costs,
        * ``only``: the share of the right pairs that it alone proposes, and no other blocker alone,
        * ``lost_without``: by how much the pairs completeness of all falls if it is taken away (below 0: it does harm).

    Raises:
        EntityMatchError: as `Matcher.match` and :func:`.judge`.

    Example:
        >>> matcher = Matcher().fit(["HSBC", "Siemens", "Bank of Chongqing"])
        >>> truth = {"汇丰银行": 0, "西门子": 1, "重庆银行": 2}
        >>> report = blocking_report(matcher, list(truth), truth, top_k=2)
        >>> report[["blocker", "pairs_completeness"]].values.tolist()[-1]
        ['all', 1.0]
    """
    matcher._require_fitted()
    queries = read_register(register, name, id=id)
    index, bearers = matcher.index_, matcher._bearers
    vectors = index.query_matrix([matcher._extractor.extract(text) for text in queries.names])

    def search(blockers: Collection[str]) -> Judged:
        query, variant, similarity = index.search(vectors, top_k, blockers=blockers)
        pair, reference = bearers.spread(variant)
        found = _candidates(query[pair], reference, similarity[pair], len(queries.names))
        links = Links(queries=queries, references=matcher.references_, candidates=found, explainer=None, threshold=0.0)
        return judge(links, truth, on=on)

    names = [blocker.name for blocker in index.blockers]
    alone = {blocker: search([blocker]) for blocker in names}
    together = search(names)
    pairs = {blocker: _right_pairs(found) for blocker, found in alone.items()}
    lines = []
    for blocker in index.blockers:
        others = [other for other in names if other != blocker.name]
        rest = set[tuple[int, int]]().union(*(pairs[other] for other in others))
        total = int(together.answers.sum())
        line = _line(blocker.name, blocker.weight, alone[blocker.name])
        line["only"] = len(pairs[blocker.name] - rest) / total if total else float("nan")
        line["lost_without"] = pairs_completeness(together) - pairs_completeness(search(others))
        lines.append(line)
    lines.append(_line(ALL, float("nan"), together))
    return pd.DataFrame(lines)


def _candidates(query: Integers, reference: Integers, similarity: Floats, n_queries: int) -> Candidates:
    """Return each reference of a query once, by its best name, in falling order."""
    order = np.lexsort((reference, -similarity, query))
    query, reference, similarity = query[order], reference[order], similarity[order]
    _, first = np.unique(np.stack([query, reference]), axis=1, return_index=True)
    kept = np.sort(first)
    query, reference, similarity = query[kept], reference[kept], similarity[kept]
    rank = np.arange(len(query)) - np.searchsorted(query, np.arange(n_queries))[query] + 1
    return Candidates(query, reference, rank, similarity, similarity, np.zeros(len(query), dtype=np.int8))


def _right_pairs(judged: Judged) -> set[tuple[int, int]]:
    return set(zip(judged.query[judged.right].tolist(), judged.reference[judged.right].tolist(), strict=True))


def _line(name: str, weight: float, judged: Judged) -> dict[str, Any]:
    return {
        "blocker": name,
        "weight": weight,
        "pairs_completeness": pairs_completeness(judged),
        "pairs_quality": pairs_quality(judged),
        "reduction_ratio": reduction_ratio(judged),
        "candidates_per_query": len(judged.query) / len(judged.answers) if len(judged.answers) else float("nan"),
        "only": float("nan"),
        "lost_without": float("nan"),
    }
