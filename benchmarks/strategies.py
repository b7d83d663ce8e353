"""The strategies that `benchmarks.compare` compares, each a small adapter behind one protocol.

A strategy sees names only: it is fitted on the list and asked for the best candidates of each string. Whatever it
imports, it imports when it is made, so that imports are not timed and a missing package does not hinder the others.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import ClassVar, NamedTuple, Protocol

import numpy as np
import pandas as pd


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


class Exact:
    """The same letters and characters after NFKC, case folding and the removal of everything else."""

    name: ClassVar[str] = "exact after normalising"

    @staticmethod
    def _key(text: str) -> str:
        return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())

    def fit(self, references: Sequence[str]) -> None:
        """Index the list by key."""
        self._positions: dict[str, list[int]] = {}
        for position, reference in enumerate(references):
            self._positions.setdefault(self._key(reference), []).append(position)

    def match(self, queries: Sequence[str], top_k: int) -> list[list[Candidate]]:
        """Look every string up."""
        hits = (self._positions.get(self._key(query), []) for query in queries)
        return [[Candidate(position, 1.0, True) for position in positions[:top_k]] for positions in hits]


class PinyinRapidfuzz:
    """What a careful person does in an afternoon: strip the wrappers, romanise with pypinyin, rapidfuzz's ratio."""

    name: ClassVar[str] = "pinyin + rapidfuzz"
    LINK_FROM = 80.0  # of 100
    BATCH = 1000  # strings whose scores against the whole list are in memory at a time
    CHINESE = re.compile(
        "中国共产党|中共|(离?退休|联合|机关|第[一二三四五六七八九十]+)*(党支部|党总支|党委|工会)|(总?支部)?委员会"
        "|(上海|北京)?(代表处|办事处|分公司)|股份有限公司|有限责任公司|有限公司|集团|公司|[（(](中国|上海|北京)[)）]"
    )
    LATIN = re.compile(
        r"\b(co|company|ltd|limited|inc|corp|corporation|group|holdings?|plc|se|ag|gmbh|the|of|and)\b\.?", re.I
    )

    def __init__(self) -> None:
        from pypinyin import lazy_pinyin
        from rapidfuzz import fuzz, process

        self._pinyin, self._cdist, self._ratio = lazy_pinyin, process.cdist, fuzz.ratio

    def _letters(self, text: str) -> str:
        text = unicodedata.normalize("NFKC", text)
        text = self.LATIN.sub("", self.CHINESE.sub("", text)) or text
        return "".join(c for c in "".join(self._pinyin(text)).casefold() if c.isalnum())

    def fit(self, references: Sequence[str]) -> None:
        """Romanise the list."""
        self._references = [self._letters(reference) for reference in references]

    def match(self, queries: Sequence[str], top_k: int) -> list[list[Candidate]]:
        """Score every string against the whole list."""
        letters = [self._letters(query) for query in queries]
        found = []
        for start in range(0, len(letters), self.BATCH):
            batch = letters[start : start + self.BATCH]
            scores = self._cdist(batch, self._references, scorer=self._ratio, workers=-1, dtype=np.float32)
            best = np.argsort(-scores, axis=1, kind="stable")[:, :top_k]
            for row, positions in zip(scores, best, strict=True):
                candidates = [Candidate(int(j), float(row[j]), False) for j in positions]
                if candidates and candidates[0].score >= self.LINK_FROM:
                    candidates[0] = candidates[0]._replace(link=True)
                found.append(candidates)
        return found


class EntityMatch:
    """entitymatch with its defaults, through its public interface."""

    name: ClassVar[str] = "entitymatch"

    def __init__(self) -> None:
        from entitymatch import Matcher

        self._matcher = Matcher()

    def fit(self, references: Sequence[str]) -> None:
        """Fit the matcher; the ids are the positions."""
        self._matcher.fit(pd.DataFrame({"id": range(len(references)), "name": references}), name="name", id="id")

    def match(self, queries: Sequence[str], top_k: int) -> list[list[Candidate]]:
        """Ask for all candidates, whatever their score."""
        frame = pd.DataFrame({"id": range(len(queries)), "branch": queries})
        links = self._matcher.match(frame, name="branch", id="id", top_k=top_k, threshold=0.0).to_pandas()
        found: list[list[Candidate]] = [[] for _ in queries]
        columns = (links[column].tolist() for column in ("query_id", "reference_id", "score", "decision"))
        for query, reference, score, decision in zip(*columns, strict=True):
            found[query].append(Candidate(reference, score, decision == "link"))
        return found


STRATEGIES: tuple[type[Strategy], ...] = (Exact, PinyinRapidfuzz, EntityMatch)
