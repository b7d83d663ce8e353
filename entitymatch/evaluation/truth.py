"""Hold candidates against the truth.

The truth is the set of all pairs that belong together; a string that it does not name has no right answer. What is
counted are distinct strings, not rows: a string that stands in a thousand rows is judged once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from entitymatch.columns import read_columns
from entitymatch.errors import EntityMatchError
from entitymatch.links import LINK, Links
from entitymatch.truth import Truth, answers_of, as_mapping

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Judged:
    """Candidates, each with whether it is right; sorted by query, then rank.

    Attributes:
        query: (candidates,) position of the query, from 0.
        reference: (candidates,) position of the reference: on the list; of a table, by first appearance.
        rank: (candidates,) from 1.
        score: (candidates,) probability, or any score of which more is better.
        link: (candidates,) whether it was decided to be a link.
        right: (candidates,) whether it is.
        answers: (queries,) how many references are right; 0 for a query without an answer.
        references: how many references there are; 0 if that is not known.
    """

    query: Integers
    reference: Integers
    rank: Integers
    score: npt.NDArray[np.float64]
    link: npt.NDArray[np.bool_]
    right: npt.NDArray[np.bool_]
    answers: Integers
    references: int

    @classmethod
    def from_lists(
        cls,
        candidates: Sequence[Sequence[tuple[int, float, bool]]],
        answers: Sequence[Collection[int]],
        references: int,
    ) -> Judged:
        """Judge what any matcher found.

        Args:
            candidates: per query, the best first: position of the reference, score, whether it is a link.
            answers: per query, the positions of the references that are right.
            references: how many references there are.

        Example:
            >>> Judged.from_lists([[(2, 0.9, True), (0, 0.1, False)], []], [{2}, {1}], references=3).right.tolist()
            [True, False]
        """
        flat = [
            (query, reference, rank, score, link, reference in right)
            for query, (found, right) in enumerate(zip(candidates, answers, strict=True))
            for rank, (reference, score, link) in enumerate(found, 1)
        ]
        query, reference, rank, score, link, right = zip(*flat, strict=True) if flat else ((),) * 6
        return cls(
            np.array(query, dtype=np.int64),
            np.array(reference, dtype=np.int64),
            np.array(rank, dtype=np.int64),
            np.array(score, dtype=np.float64),
            np.array(link, dtype=np.bool_),
            np.array(right, dtype=np.bool_),
            np.array([len(right) for right in answers], dtype=np.int64),
            references,
        )

    @property
    def answerable(self) -> int:
        """How many queries have a right answer."""
        return int((self.answers > 0).sum())

    def __repr__(self) -> str:
        return (
            f"<Judged: {len(self.query):,} candidates of {len(self.answers):,} queries, "
            f"{self.answerable:,} of them answerable; {int(self.right.sum()):,} candidates are right>"
        )


def judge(links: Links | Any, truth: Truth, *, on: str = "query") -> Judged:
    """Say of each candidate whether it is right.

    Args:
        links: what `Matcher.match` gave, or its table with the columns `on`, ``reference_id``, ``rank``, ``score`` and
            ``decision``. Match with ``threshold=0.0`` for whatever is measured on candidates or over thresholds:
            otherwise the links hold only links and possible links.
        truth: query → id of the right reference, or a collection of them, or None if none is right; or a table, as
            :func:`entitymatch.truth.read_truth` takes it.
        on: the column by which the truth knows the queries: the string (``"query"``) or ``"query_id"``. In either case
            a string that stands in several rows is judged once.

    Raises:
        EntityMatchError: if a column is missing, or the truth names a query or a reference that is not there.

    Example:
        >>> from entitymatch import Matcher
        >>> links = Matcher().fit(["HSBC", "Pfizer"]).match(["汇丰银行", "辉瑞制药", "光明村"], threshold=0.0)
        >>> judge(links, {"汇丰银行": 0, "辉瑞制药": 1}).answers.tolist()
        [1, 1, 0]
    """
    if not isinstance(links, Links):
        return _judge_table(links, as_mapping(truth), on)
    found = links.candidates
    answers = answers_of(links.queries, links.references, truth, on)
    pairs = zip(found.query.tolist(), found.reference.tolist(), strict=True)
    return Judged(
        query=found.query,
        reference=found.reference,
        rank=found.rank,
        score=found.score,
        link=found.decision == LINK,
        right=np.array([reference in answers[query] for query, reference in pairs], dtype=np.bool_),
        answers=np.array([len(answer) for answer in answers], dtype=np.int64),
        references=len(links.references.names),
    )


def _judge_table(links: Any, right: Mapping[Any, frozenset[Any]], on: str) -> Judged:
    if on not in ("query", "query_id"):
        raise EntityMatchError(f"on is {on!r}: it must be 'query' or 'query_id'")
    columns = (on, "reference_id", "rank", "score", "decision")
    table = pd.DataFrame(dict(zip(columns, read_columns(links, columns, "table of links"), strict=True)))
    table = table.drop_duplicates([on, "reference_id"])
    keys = table[on].tolist()
    position = {key: i for i, key in enumerate(dict.fromkeys([*keys, *right]))}
    pairs = zip(keys, table["reference_id"].tolist(), strict=True)
    query = np.array([position[key] for key in keys], dtype=np.int64)
    rank = table["rank"].to_numpy(dtype=np.int64)
    order = np.lexsort((rank, query))
    return Judged(
        query=query[order],
        reference=pd.factorize(table["reference_id"])[0].astype(np.int64)[order],
        rank=rank[order],
        score=table["score"].to_numpy(dtype=np.float64)[order],
        link=(table["decision"] == "link").to_numpy(dtype=np.bool_)[order],
        right=np.array([id_ in right.get(key, ()) for key, id_ in pairs], dtype=np.bool_)[order],
        answers=np.array([len(right.get(key, ())) for key in position], dtype=np.int64),
        references=0,
    )
