"""What needs no toolkit: the same letters, and letters that are alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from benchmarks.strategies.protocol import Candidate, Romanizer, best_of_rows


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
    """Romanised letters and rapidfuzz's ratio, against the whole list."""

    name: ClassVar[str] = "pinyin + rapidfuzz"
    LINK_FROM = 80.0  # of 100
    BATCH = 1000  # strings whose scores against the whole list are in memory at a time

    def __init__(self) -> None:
        from rapidfuzz import fuzz, process

        self._letters, self._cdist, self._ratio = Romanizer(), process.cdist, fuzz.ratio

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
            found += best_of_rows(scores, top_k, self.LINK_FROM)
        return found
