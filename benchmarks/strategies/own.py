"""entitymatch, whole and with each kind of evidence left out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import ClassVar

import pandas as pd

from benchmarks.strategies.protocol import Candidate
from entitymatch.matcher import EVIDENCE


class EntityMatch:
    """entitymatch with its defaults, through its public interface."""

    name: ClassVar[str] = "entitymatch"
    without: ClassVar[tuple[str, ...]] = ()

    def __init__(self) -> None:
        from entitymatch import Matcher

        self._matcher = Matcher(without=self.without)

    def forget(self, names: Collection[str]) -> None:
        """Leave the rows with these names out of the lexicon and of what words mean.

        The models were fitted with them, and stay. What words mean is changed for the whole process.
        """
        from entitymatch.features import extract
        from entitymatch.lexicon import Lexicon
        from entitymatch.lexicon.user import form
        from entitymatch.translate import TranslationModel, default_model

        lexicon, keys = Lexicon.default(), set(map(form, names))
        han = [alias for key in keys if isinstance(key, str) for alias in lexicon.han_aliases.get(key, ())]
        latin = [alias for key in keys if isinstance(key, tuple) for alias in lexicon.latin_aliases.get(key, ())]
        known = {alias.key for alias in (*han, *latin)}
        unnamed = [replace(lexicon.organizations[key], en=(), zh=()) for key in sorted(known)]
        self._matcher.set_params(lexicon=lexicon.replacing(unnamed))
        shipped = default_model()
        unknown = dict.fromkeys((key for key in keys if isinstance(key, str)), ())
        model = TranslationModel(shipped.glossary, {**shipped.learned, **unknown})
        setattr(extract, "default_model", lambda: model)  # noqa: B010  # for this process alone

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


def _without(kind: str) -> type[EntityMatch]:
    """Make the class, and hang it into this module, where a new process finds it."""
    name = f"EntityMatchWithout{kind.title()}"
    made = type(
        name, (EntityMatch,), {"name": f"entitymatch without {kind}", "without": (kind,), "__module__": __name__}
    )
    globals()[name] = made
    return made


ABLATIONS = tuple(_without(kind) for kind in EVIDENCE)
