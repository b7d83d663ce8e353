"""What a strategy is, and what several of them need: romanised letters, and the best of many scores.

A strategy sees names only: it is fitted on the list and asked for the best candidates of each string. Whatever it
imports, it imports when it is made, so that imports are not timed and a missing package does not hinder the others.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import Any, ClassVar, NamedTuple, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt


class Candidate(NamedTuple):
    """One candidate: its position in the list, a score (higher is better), and whether it is called a link."""

    reference: int
    score: float
    link: bool


class Strategy(Protocol):
    """What a strategy has to do; it is made without arguments."""

    name: ClassVar[str]

    def fit(self, references: Sequence[str]) -> None:
        """Take the names of the list."""

    def match(self, queries: Sequence[str], top_k: int) -> list[list[Candidate]]:
        """Return up to `top_k` candidates for each string, the best first."""


@runtime_checkable
class Informed(Protocol):
    """A strategy that knows organisations by name, and can be told not to."""

    def forget(self, names: Collection[str]) -> None:
        """Know nothing of the organisations that bear one of these names; called before `fit`."""


class Romanizer:
    """What a careful person does in an afternoon: strip the wrappers, romanise with pypinyin, keep the letters.

    Example:
        >>> Romanizer()("中共万达集团有限公司第三党支部"), Romanizer()("Wanda Group")
        ('wanda', 'wanda')
    """

    CHINESE = re.compile(
        "中国共产党|中共|(离?退休|联合|机关|第[一二三四五六七八九十]+)*(党支部|党总支|党委|工会)|(总?支部)?委员会"
        "|(上海|北京)?(代表处|办事处|分公司)|股份有限公司|有限责任公司|有限公司|集团|公司|[（(](中国|上海|北京)[)）]"
    )
    LATIN = re.compile(
        r"\b(co|company|ltd|limited|inc|corp|corporation|group|holdings?|plc|se|ag|gmbh|the|of|and)\b\.?", re.I
    )

    def __init__(self) -> None:
        from pypinyin import lazy_pinyin

        self._pinyin = lazy_pinyin

    def __call__(self, text: str) -> str:
        """Return the letters and digits of a name."""
        return "".join(self.words(text))

    def words(self, text: str) -> list[str]:
        """Return its syllables and words."""
        text = unicodedata.normalize("NFKC", text)
        text = self.LATIN.sub("", self.CHINESE.sub("", text)) or text
        letters = ("".join(c if c.isalnum() else " " for c in part).split() for part in self._pinyin(text))
        return [word.casefold() for part in letters for word in part]


def best_of(
    queries: Sequence[int] | npt.NDArray[Any],
    references: Sequence[int] | npt.NDArray[Any],
    scores: Sequence[float] | npt.NDArray[Any],
    *,
    size: int,
    top_k: int,
    link_from: float,
) -> list[list[Candidate]]:
    """Sort scored pairs: the best `top_k` of each query, the first of which is a link if its score reaches a bound.

    Args:
        queries: the pairs' positions among the queries.
        references: their positions in the list.
        scores: their scores; a pair that stands twice counts with the higher one.
        size: how many queries there are.
        top_k: how many candidates to keep.
        link_from: the bound.

    Example:
        >>> best_of([0, 0, 2], [5, 4, 5], [0.2, 0.9, 0.3], size=3, top_k=1, link_from=0.5)
        [[Candidate(reference=4, score=0.9, link=True)], [], [Candidate(reference=5, score=0.3, link=False)]]
    """
    query, reference, score = np.asarray(queries, int), np.asarray(references, int), np.asarray(scores, float)
    found: list[dict[int, float]] = [{} for _ in range(size)]
    for i in np.lexsort((reference, -score)):
        held = found[query[i]]
        if len(held) < top_k:
            held.setdefault(int(reference[i]), float(score[i]))
    return [
        [Candidate(j, value, rank == 0 and value >= link_from) for rank, (j, value) in enumerate(held.items())]
        for held in found
    ]


def best_of_rows(scores: npt.NDArray[Any], top_k: int, link_from: float) -> list[list[Candidate]]:
    """Sort the scores of each query with the whole list, (queries, references), as `best_of` does.

    Example:
        >>> best_of_rows(np.array([[0.25, 0.75]]), top_k=1, link_from=0.5)
        [[Candidate(reference=1, score=0.75, link=True)]]
    """
    best = np.argsort(-scores, axis=1, kind="stable")[:, :top_k]
    return [
        [Candidate(int(j), float(row[j]), rank == 0 and bool(row[j] >= link_from)) for rank, j in enumerate(positions)]
        for row, positions in zip(scores, best, strict=True)
    ]
