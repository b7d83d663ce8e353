"""The matcher: a list of organisations in, a register in, scored links out.

It composes the stages (names → features → candidates → comparisons → scores → links) and computes nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from entitymatch.arguments import EVIDENCE, check_call, check_parameters
from entitymatch.batches import Found, Wanted, concatenate, match_batches
from entitymatch.blocking import Blocker, BlockingIndex, default_blockers
from entitymatch.errors import EntityMatchError
from entitymatch.explanation import Explanation
from entitymatch.features import FeatureExtractor, NameFeatures
from entitymatch.features.vocabulary import ANY_WORD, compounds, vocabulary_of
from entitymatch.garbage import uncollected
from entitymatch.lexicon import Lexicon
from entitymatch.links import NON_LINK, Candidates, Links, QueryTable, ReferenceTable
from entitymatch.parallel import Workers, workers
from entitymatch.scoring import Comparer, ScoringModel, default_scoring_model, log2_odds
from entitymatch.scoring.assignment import MANY_TO_ONE, ONE_TO_ONE, OneToOne
from entitymatch.scoring.relation import relation
from entitymatch.scoring.scorer import Bearers, Scorer

if TYPE_CHECKING:
    from entitymatch.journal import Journal

BLOCKERS_OF = {"alias": "alias", "reading": "gram", "sound": "sound"}  # evidence that has a blocker of its own
CANDIDATES = 100
BATCH_SIZE = 1_000


class Matcher:
    """Matches the strings of a register with a list of organisations.

    Args:
        prior: the expected share of strings that name an organisation on the list, in (0, 1).
        link_threshold: score from which the first candidate of a string is a link; None for the fitted one.
        possible_threshold: score from which a candidate is a possible link; None for the fitted one.
        lexicon: the organisations whose names are known; None for those that the package ships.
        without: kinds of evidence to leave out, of :data:`EVIDENCE`.
        blockers: what proposes candidates (:mod:`entitymatch.blocking`); None for those that the package ships.
        scoring: weights and thresholds (:func:`entitymatch.scoring.fit`); None for those that the package ships.

    Raises:
        EntityMatchError: if a value is out of its range (when fitted, as in scikit-learn).

    Example:
        >>> matcher = Matcher(prior=0.5).fit(["HSBC", "Pfizer", "University of St Andrews"])
        >>> links = matcher.match(["中共汇丰银行（中国）有限公司上海分行支部委员会", "上海光明村餐饮管理有限公司"])
        >>> links.to_pandas()[["query_id", "reference", "decision"]].values.tolist()
        [[0, 'HSBC', 'link']]
    """

    def __init__(
        self,
        *,
        prior: float = 0.05,
        link_threshold: float | None = None,
        possible_threshold: float | None = None,
        lexicon: Lexicon | None = None,
        without: Collection[str] = (),
        blockers: Sequence[Blocker] | None = None,
        scoring: ScoringModel | None = None,
    ) -> None:
        self.prior = prior
        self.link_threshold = link_threshold
        self.possible_threshold = possible_threshold
        self.lexicon = lexicon
        self.without = without
        self.blockers = blockers
        self.scoring = scoring

    def fit(
        self,
        references: Any,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002
        aliases: str | None = None,
    ) -> Matcher:
        """Read the list of organisations.

        Args:
            references: a pandas, polars or pyarrow table, or a sequence of strings.
            name: the column of names.
            id: the column of ids; the row's number by default.
            aliases: a column of further names, lists or ``"a|b"`` strings.

        Returns:
            The matcher itself.

        Raises:
            EntityMatchError: if there is no such column, no name at all, or an id that stands twice.
        """
        from entitymatch.columns import read_reference  # here, as a process that only matches reads no table

        check_parameters(self._given())
        return self._fit(*read_reference(references, name, id=id, aliases=aliases))

    @uncollected()
    def _fit(self, references: ReferenceTable, further: Sequence[Sequence[str]]) -> Matcher:
        """Work out the index of references that have been read, with their aliases."""
        self.references_ = references
        self._prepare(further)
        left_out = {BLOCKERS_OF[kind] for kind in self.without if kind in BLOCKERS_OF}
        chosen = default_blockers() if self.blockers is None else self.blockers
        blockers = [blocker for blocker in chosen if blocker.name not in left_out]
        features = [self._features_of(variant) for variant in range(len(self._variants))]
        self._start(BlockingIndex(features, blockers=blockers), compounds(features))
        return self

    def match(
        self,
        register: Any,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002
        top_k: int = 5,
        threshold: float | None = None,
        assign: str = MANY_TO_ONE,
        batch_size: int = BATCH_SIZE,
        n_jobs: int | Workers | None = None,
        progress: bool = False,
        resume: bool | None = None,
    ) -> Links:
        """Find the organisations that the strings of a register name.

        Args:
            register: a pandas, polars or pyarrow table, or a sequence of strings.
            name: the column of strings.
            id: the column of ids; the row's number by default.
            top_k: most candidates of a string; no more than :data:`CANDIDATES` are ever compared.
            threshold: None for links and possible links; a number for all candidates with that score or more.
            assign: ``"many_to_one"``: every string is decided alone, and many may name one organisation;
                ``"one_to_one"``: on each side an organisation occurs once, and no two strings are linked to one (the
                best assignment of all, :mod:`entitymatch.scoring.assignment`).
            batch_size: distinct strings at a time; it changes the memory, not the result.
            n_jobs: how many processes: None or 1 for this one alone, -1 for as many as there are processors. A script
                that asks for several needs ``if __name__ == "__main__":``. The number changes nothing in the result.
                Processes that run already (:class:`entitymatch.parallel.Workers`) are taken, too.
            progress: whether to show a bar on stderr.
            resume: True or False to note in the user's cache folder what is done; True to go on where an earlier run
                over the same strings stopped. The notes are removed at the end.

        Returns:
            The links.

        Raises:
            EntityMatchError: if the matcher is not fitted, or an argument is wrong, or a process dies.
        """
        self._require_fitted()
        check_call(top_k=top_k, threshold=threshold, assign=assign, batch_size=batch_size, n_jobs=n_jobs)
        from entitymatch.columns import read_register

        queries = read_register(register, name, id=id)
        wanted = Wanted(top_k, threshold, assign)
        journal = None
        if resume is not None:
            from entitymatch.journal import Journal

            journal = Journal.of(self, queries.names, wanted, batch_size)
            if not resume:
                journal.forget()
        with workers(self, n_jobs, -(-len(queries.names) // batch_size)) as ready:
            links = self._match(
                queries, wanted, batch_size=batch_size, workers=ready, progress=progress, journal=journal
            )
        if journal is not None:
            journal.forget()
        return links

    def match_batches(
        self,
        registers: Iterable[Any],
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002
        top_k: int = 5,
        threshold: float | None = None,
        batch_size: int = BATCH_SIZE,
        n_jobs: int | None = None,
    ) -> Iterator[Links]:
        """Match a register that comes in pieces, such as one too large for the memory.

        Args:
            registers: the pieces, in order: each what :meth:`match` takes; an iterator will do.
            name: the column of strings.
            id: the column of ids; by default the row's number, which goes on from piece to piece.
            top_k: most candidates of a string.
            threshold: None for links and possible links; a number for all candidates with that score or more.
            batch_size: distinct strings at a time.
            n_jobs: how many processes, as for :meth:`match`.

        Yields:
            The links of each piece, the same as of the whole: a string's candidates depend on nothing else.

        Raises:
            EntityMatchError: as :meth:`match`.

        Example:
            >>> matcher = Matcher().fit(["HSBC", "Pfizer"])
            >>> pieces = iter([["汇丰银行上海分行"], ["上海光明村餐饮", "辉瑞制药有限公司"]])
            >>> for links in matcher.match_batches(pieces):
            ...     links.to_pandas()[["query_id", "reference"]].values.tolist()
            [[0, 'HSBC']]
            [[2, 'Pfizer']]
        """
        self._require_fitted()
        check_call(top_k=top_k, threshold=threshold, batch_size=batch_size, n_jobs=n_jobs)
        return self._match_pieces(registers, name, id, Wanted(top_k, threshold), batch_size, n_jobs)

    def _match_pieces(
        self,
        registers: Iterable[Any],
        name: str | None,
        id: str | None,  # noqa: A002
        wanted: Wanted,
        batch_size: int,
        n_jobs: int | None,
    ) -> Iterator[Links]:
        from entitymatch.columns import read_register

        row = 0
        with workers(self, n_jobs) as ready:
            for register in registers:
                queries = read_register(register, name, id=id)
                rows = queries.n_rows
                if id is None:
                    queries = replace(queries, row_ids=np.arange(row, row + rows))
                row += rows
                yield self._match(queries, wanted, batch_size=batch_size, workers=ready)

    def _match(
        self,
        queries: QueryTable,
        wanted: Wanted,
        *,
        batch_size: int = BATCH_SIZE,
        workers: Workers | None = None,
        progress: bool = False,
        journal: Journal | None = None,
    ) -> Links:
        """Match the strings of a register that has been read."""
        names = queries.names
        answers = match_batches(
            self, names, wanted, batch_size=batch_size, workers=workers, progress=progress, journal=journal
        )
        found = concatenate(list(answers), batch_size)

        def explainer(query: int, reference: int) -> Explanation:
            return self.explain(names[query], reference)

        candidates = found.candidates
        explains: Callable[[int, int], Explanation] = explainer
        if wanted.assign == ONE_TO_ONE and names:
            assigned = OneToOne.of(candidates, found.rivals, names, self._scorer)
            candidates = assigned.candidates.take(assigned.candidates.rank <= wanted.top_k)
            explains = assigned.explainer(explainer)
        return Links(
            queries=queries,
            references=self.references_,
            candidates=candidates,
            explainer=explains,
            threshold=wanted.threshold,
        )

    def _answer(self, names: Sequence[str], wanted: Wanted) -> Found:
        """Return the candidates of a batch of strings."""
        features = [self._extractor.extract(name) for name in names]
        every = wanted.assign == ONE_TO_ONE  # an assignment looks at all
        lowest = 1.0 if wanted.threshold is None else wanted.threshold
        ranked = self._scorer.score(features, threshold=0.0 if every else lowest)
        keep = np.ones(len(ranked.rank), dtype=bool)
        if not every:
            of_interest = ranked.decision > NON_LINK if wanted.threshold is None else ranked.score >= wanted.threshold
            keep = (ranked.rank <= wanted.top_k) & of_interest
        pairs = zip(ranked.query[keep].tolist(), ranked.reference[keep].tolist(), strict=True)
        candidates = Candidates(
            query=ranked.query[keep],
            reference=ranked.reference[keep],
            rank=ranked.rank[keep],
            match_weight=ranked.match_weight[keep],
            score=ranked.score[keep],
            decision=ranked.decision[keep],
            relation=np.array([self._relation(features[q], r) for q, r in pairs], dtype=object),
        )
        return Found(candidates, ranked.rivals[keep])

    def explain(self, query: str, reference: int) -> Explanation:
        """Return the evidence for a string and a reference.

        Args:
            query: any string.
            reference: position of the reference in the fitted list.

        Raises:
            EntityMatchError: if the matcher is not fitted.
        """
        self._require_fitted()
        if not 0 <= reference < len(self.references_.names):
            raise EntityMatchError(
                f"there is no reference {reference}: the list has {len(self.references_.names):,}, from 0"
            )
        return self._scorer.explain(query, self._extractor.extract(query), reference, self.references_.names)

    def save(self, path: str | Path) -> None:
        """Write the fitted matcher to one file (npz with JSON and parquet inside; no pickle).

        It is saved with the parameters it was fitted with, not with those that were set since.
        """
        from entitymatch.storage import save

        self._require_fitted()
        save(self, Path(path))

    @classmethod
    def load(cls, path: str | Path, *, blockers: Sequence[Blocker] = ()) -> Matcher:
        """Read a matcher that :meth:`save` wrote.

        Args:
            path: the file.
            blockers: the blockers of your own that the matcher was saved with: a file holds no code.

        Raises:
            EntityMatchError: if the file is no matcher, is damaged, was written by another version of the format, or
                needs a blocker that is not given.
        """
        from entitymatch.storage import load

        return load(cls, Path(path), blockers)

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters by name, as they were given: scikit-learn's convention.

        Args:
            deep: not used: no parameter has parameters of its own.

        Example:
            >>> Matcher(prior=0.2).get_params()["prior"]
            0.2
        """
        return {name: getattr(self, name) for name in _parameters(type(self))}

    def set_params(self, **parameters: Any) -> Self:
        """Set parameters by name; they take effect when the matcher is fitted next.

        Raises:
            EntityMatchError: if there is no such parameter.

        Example:
            >>> Matcher().set_params(prior=0.2, link_threshold=0.9)
            <Matcher(prior=0.2, link_threshold=0.9)>
        """
        known = _parameters(type(self))
        if unknown := [name for name in parameters if name not in known]:
            raise EntityMatchError(f"a matcher has no parameter {unknown[0]!r}; it has {', '.join(known)}")
        for name, value in parameters.items():
            setattr(self, name, value)
        return self

    def _given(self) -> dict[str, Any]:
        """Return the parameters that this class knows; a subclass may have others."""
        return {name: getattr(self, name) for name in _parameters(Matcher)}

    def _prepare(self, further: Sequence[Sequence[str]]) -> None:
        """Lay out the distinct names of the references, their aliases among them: each is a row of the index."""
        self._aliases = [list(names) for names in further]
        bearers: dict[str, list[int]] = {}
        for position, (name, names) in enumerate(zip(self.references_.names, further, strict=True)):
            for variant in dict.fromkeys([name, *names]):
                bearers.setdefault(variant, []).append(position)
        self._variants = list(bearers)
        self._variants_of: list[list[int]] = [[] for _ in self.references_.names]
        for number, positions in enumerate(bearers.values()):
            for position in positions:
                self._variants_of[position].append(number)
        self._bearers = Bearers.of(list(bearers.values()))
        self._reference_extractor = FeatureExtractor(self.lexicon, self.without)
        self._known: dict[int, NameFeatures] = {}

    def _features_of(self, variant: int) -> NameFeatures:
        known = self._known.get(variant)
        if known is None:
            known = self._known[variant] = self._reference_extractor.extract(self._variants[variant])
        return known

    def _relation(self, query: NameFeatures, reference: int) -> str:
        """Return what the string's organisation is to a reference."""
        return relation(query, map(self._features_of, self._variants_of[reference]), self._extractor.lexicon)

    def _start(self, index: BlockingIndex, compounds: Sequence[str]) -> None:
        """Take the index into use, with the parameters as they are now."""
        model = default_scoring_model() if self.scoring is None else self.scoring
        self.index_, self._compounds = index, compounds
        self._fitted_with = {**self._given(), "without": tuple(self.without)}  # they may be set anew before long
        # A blocker of the user's own may ask for any word.
        words = vocabulary_of(index.words, compounds) if index.is_shipped else ANY_WORD
        self._extractor = FeatureExtractor(self.lexicon, self.without, vocabulary=words)
        self._scorer = Scorer(
            index=index,
            variant=self._features_of,
            bearers=self._bearers,
            comparer=Comparer(index.word_information, self._extractor.lexicon, without=self.without),
            model=model,
            prior_bits=model.prior_slope * log2_odds(self.prior),
            link_threshold=model.link_threshold if self.link_threshold is None else self.link_threshold,
            possible_threshold=model.possible_threshold if self.possible_threshold is None else self.possible_threshold,
            candidates=CANDIDATES,
        )

    def _require_fitted(self) -> None:
        if not hasattr(self, "references_"):
            raise EntityMatchError("this matcher is not fitted: call fit(references) first")

    def __repr__(self) -> str:
        shown = [f"prior={self.prior!r}"]
        shown += [f"{k}={v!r}" for k in ("link_threshold", "possible_threshold") if (v := getattr(self, k)) is not None]
        shown += [f"without={tuple(self.without)!r}"] if self.without else []
        fitted = f": {len(self.references_.names):,} references" if hasattr(self, "references_") else ""
        return f"<Matcher({', '.join(shown)}){fitted}>"


def _parameters(kind: type) -> list[str]:
    """Return the names of the parameters, from the signature, so that none is forgotten."""
    return list(signature(kind).parameters)


__all__ = ["CANDIDATES", "EVIDENCE", "Matcher", "ReferenceTable"]
