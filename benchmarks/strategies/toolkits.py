"""What linkage toolkits make of romanised names."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import pandas as pd

from benchmarks.strategies.protocol import Candidate, Romanizer, best_of


class PinyinRecordlinkage:
    """Romanised letters, compared by jellyfish's Jaro–Winkler through the Record Linkage Toolkit: all pairs."""

    name: ClassVar[str] = "pinyin + Jaro–Winkler (recordlinkage)"
    LINK_FROM = 0.9
    PAIRS = 1_000_000  # in memory at a time

    def __init__(self) -> None:
        import recordlinkage

        logging.getLogger("recordlinkage").setLevel(logging.ERROR)  # it warns of every full index
        self._letters, self._toolkit = Romanizer(), recordlinkage

    def fit(self, references: Sequence[str]) -> None:
        """Romanise the list."""
        self._references = pd.DataFrame({"name": [self._letters(reference) for reference in references]})

    def match(self, queries: Sequence[str], top_k: int) -> list[list[Candidate]]:
        """Compare every string with the whole list."""
        letters = pd.DataFrame({"name": [self._letters(query) for query in queries]})
        found: list[list[Candidate]] = []
        step = max(1, self.PAIRS // max(1, len(self._references)))
        for start in range(0, len(letters), step):
            part = letters[start : start + step].reset_index(drop=True)
            pairs = self._toolkit.index.Full().index(part, self._references)
            comparison = self._toolkit.Compare()
            comparison.string("name", "name", method="jarowinkler", label="score")
            scores = comparison.compute(pairs, part, self._references)["score"]
            query, reference = (scores.index.get_level_values(i) for i in (0, 1))
            found += best_of(query, reference, scores.to_numpy(), size=len(part), top_k=top_k, link_from=self.LINK_FROM)
        return found


class PinyinStringGrouper:
    """Trigrams of romanised letters, weighted by TF-IDF, their cosine with string_grouper."""

    name: ClassVar[str] = "pinyin trigrams + string_grouper"
    LINK_FROM = 0.8  # its default
    LEAST = 0.05

    def __init__(self) -> None:
        from string_grouper import match_strings

        self._letters, self._matches = Romanizer(), match_strings

    def fit(self, references: Sequence[str]) -> None:
        """Romanise the list."""
        self._references = pd.Series([self._letters(reference) for reference in references])

    def match(self, queries: Sequence[str], top_k: int) -> list[list[Candidate]]:
        """Multiply the matrices."""
        letters = pd.Series([self._letters(query) for query in queries])
        pairs = self._matches(self._references, letters, max_n_matches=top_k, min_similarity=self.LEAST)
        columns = (pairs[column].to_numpy() for column in ("right_index", "left_index", "similarity"))
        return best_of(*columns, size=len(queries), top_k=top_k, link_from=self.LINK_FROM)


class PinyinNameMatching:
    """Romanised words with name_matching: candidates by n-grams, ranked by its five default distances."""

    name: ClassVar[str] = "pinyin + name_matching"
    LINK_FROM = 80.0  # of 100
    CANDIDATES = 10  # each costs five distances in Python

    def __init__(self) -> None:
        from name_matching.name_matcher import NameMatcher

        self._words = Romanizer().words
        self._matcher = NameMatcher(top_n=self.CANDIDATES, number_of_matches=self.CANDIDATES, verbose=False)

    def fit(self, references: Sequence[str]) -> None:
        """Index the list."""
        names = [" ".join(self._words(reference)) for reference in references]
        self._matcher.load_and_process_master_data("name", pd.DataFrame({"name": names}))

    def match(self, queries: Sequence[str], top_k: int) -> list[list[Candidate]]:
        """Rank its candidates."""
        names = [" ".join(self._words(query)) for query in queries]
        table = self._matcher.match_names(pd.DataFrame({"name": names}), "name")
        ranks = range(self.CANDIDATES)
        reference, score = (
            np.concatenate([table[f"{column}_{rank}"].to_numpy(float) for rank in ranks])
            for column in ("match_index", "score")
        )
        query, known = np.tile(np.arange(len(names)), len(ranks)), np.isfinite(reference)
        pairs = query[known], reference[known], score[known]
        return best_of(*pairs, size=len(names), top_k=top_k, link_from=self.LINK_FROM)


class PinyinSplink:
    """Romanised letters with Splink: blocked on their beginning or end, weights learned without labels."""

    name: ClassVar[str] = "pinyin + Splink"
    LINK_FROM = 0.9  # probability
    PRIOR = 0.05  # share of the strings that have an answer, as entitymatch's default

    def __init__(self) -> None:
        import splink
        from splink import comparison_library

        self._words, self._splink, self._comparisons = Romanizer().words, splink, comparison_library

    def _table(self, names: Sequence[str]) -> pd.DataFrame:
        words = [self._words(name) for name in names]
        letters = pd.Series(["".join(found) for found in words])
        columns = {"unique_id": range(len(names)), "letters": letters, "words": words}
        return pd.DataFrame(columns).assign(start=letters.str[:3], end=letters.str[-3:])

    def fit(self, references: Sequence[str]) -> None:
        """Romanise the list."""
        self._references = self._table(references)

    def match(self, queries: Sequence[str], top_k: int) -> list[list[Candidate]]:
        """Learn the weights and predict."""
        library, block_on, api = self._comparisons, self._splink.block_on, self._splink.DuckDBAPI()
        settings = self._splink.SettingsCreator(
            link_type="link_only",
            comparisons=[
                library.JaroWinklerAtThresholds("letters", [0.95, 0.88, 0.8]),
                library.ArrayIntersectAtSizes("words", [3, 2, 1]),
            ],
            blocking_rules_to_generate_predictions=[block_on("start"), block_on("end")],
            probability_two_random_records_match=self.PRIOR / len(self._references),
        )
        tables = [
            api.register(self._table(queries), table_name="register"),
            api.register(self._references, table_name="the_list"),
        ]
        linker = self._splink.Linker(tables, settings, log_level=logging.ERROR)
        linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
        for column in ("start", "end"):
            linker.training.estimate_parameters_using_expectation_maximisation(block_on(column))
        pairs = linker.inference.predict().as_pandas_dataframe()  # type: ignore[no-untyped-call]
        forward = pairs["source_dataset_l"] == "register"
        query = pairs["unique_id_l"].where(forward, pairs["unique_id_r"])
        reference = pairs["unique_id_r"].where(forward, pairs["unique_id_l"])
        scores = pairs["match_probability"]
        return best_of(query, reference, scores, size=len(queries), top_k=top_k, link_from=self.LINK_FROM)
