"""Fit the weights of the evidence anew: on strings with known answers, or on a register without any.

    labelled = label(matcher, register, truth)          # or label_pairs(pairs): names that belong together
    trained = fit(labelled, precision=0.98)             # weights, and thresholds chosen on organisations held out
    Matcher(scoring=trained.model).fit(companies)

With few labels the weights stay near those that the package ships; how near is decided by what organisations that
were held out say (a ridge towards the shipped weights, chosen by cross-validation).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from entitymatch.errors import EntityMatchError
from entitymatch.scoring import fitting
from entitymatch.scoring.fitting import Fitted, Labelled, mean_loss, signs
from entitymatch.scoring.model import FEATURES, PAIR_KINDS, ScoringModel, default_scoring_model, pair_kinds
from entitymatch.scoring.ranking import log2_odds, rank
from entitymatch.scoring.thresholds import threshold_for

if TYPE_CHECKING:
    from entitymatch.matcher import Matcher
    from entitymatch.truth import Truth

Floats = npt.NDArray[np.float64]
RIDGES = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)
MOST = 20  # candidates of a string that are learned from; those behind are alike
_BATCH = 2_000
_DIGITS = 6  # of the weights in a model


@dataclass(frozen=True)
class Trained:
    """A fitted model, and how good it is on organisations that it has not seen.

    Attributes:
        model: weights and thresholds, for ``Matcher(scoring=…)``.
        loss: what the labels cost the model, in bits a string.
        held_out_loss: the same where every string was scored by weights fitted without its organisation.
        start_loss: the same for the model that the fit began with.
        ridge: how strongly the weights were held near the start.
        held_out_bits: (pairs,) evidence and prior of each pair, by weights fitted without its organisation.
    """

    model: ScoringModel
    loss: float
    held_out_loss: float
    start_loss: float
    ridge: float
    held_out_bits: Floats


def label(
    matcher: Matcher,
    register: Any,
    truth: Truth,
    *,
    name: str | None = None,
    id: str | None = None,  # noqa: A002
    on: str = "query",
) -> Labelled:
    """Compare the strings of a register with the list, and say of each candidate whether it is right.

    Args:
        matcher: a fitted matcher; its list, lexicon, blockers and `without` are those that the model is for.
        register: a table or a sequence of strings, as for `Matcher.match`.
        truth: the right answers, as for :func:`entitymatch.evaluation.judge`; a string that it does not name has none.
            Strings without an answer have to be there: without them nothing tells how much evidence is enough.
        name: the column of strings.
        id: the column of ids.
        on: by what the truth knows the strings.

    Returns:
        The candidates. The group of a string is its right reference, so that all strings of an organisation are held
        out together.

    Raises:
        EntityMatchError: as `Matcher.match`, or if the truth names what is not there.

    Example:
        >>> from entitymatch import Matcher
        >>> matcher = Matcher().fit(["HSBC", "Pfizer"])
        >>> labelled = label(matcher, ["汇丰银行", "辉瑞制药", "光明村"], {"汇丰银行": 0, "辉瑞制药": 1})
        >>> int(labelled.right.sum()), labelled.group.tolist()
        (2, [0, 1, 4])
    """
    matcher._require_fitted()
    from entitymatch.columns import read_register
    from entitymatch.truth import answers_of

    queries = read_register(register, name, id=id)
    answers = answers_of(queries, matcher.references_, truth, on)
    values, query, right = [], [], []
    for start in range(0, len(queries.names), _BATCH):
        found, ranked = matcher._scorer.candidates_of(
            [matcher._extractor.extract(text) for text in queries.names[start : start + _BATCH]]
        )
        pairs = zip(ranked.query.tolist(), ranked.reference.tolist(), strict=True)
        good = np.array([r in answers[start + q] for q, r in pairs], dtype=np.bool_)
        kept = (ranked.rank <= MOST) | good
        values.append(found.values[ranked.pair[kept]])
        query.append(ranked.query[kept] + start)
        right.append(good[kept])
    n, size = len(answers), len(matcher.references_.names)
    share = np.clip(np.mean([bool(answer) for answer in answers]) if n else 0.5, 0.5 / (n + 1), 1 - 0.5 / (n + 1))
    all_values = np.concatenate(values) if values else np.empty((0, len(FEATURES)))
    return Labelled(
        all_values,
        np.concatenate(query) if query else np.empty(0, dtype=np.int64),
        np.concatenate(right) if right else np.empty(0, dtype=np.bool_),
        np.full(n, log2_odds(float(share))),
        np.ones(n),
        np.array([min(answer) if answer else size + i for i, answer in enumerate(answers)], dtype=np.int64),
        pair_kinds(all_values),
    )


def fit(
    labelled: Labelled,
    *,
    precision: float = 0.97,
    confidence: float | None = None,
    start: ScoringModel | None = None,
    ridge: float | None = None,
    folds: int = 5,
) -> Trained:
    """Fit weights and thresholds on labelled strings.

    Args:
        labelled: strings with known answers, and some that have none.
        precision: the wished share of right links; the thresholds are chosen on organisations held out.
        confidence: as for :func:`choose_thresholds`.
        start: the model to stay near; None for the one that the package ships.
        ridge: how strongly to stay near it; None to choose by cross-validation among :data:`RIDGES`.
        folds: in how many parts the organisations are dealt; each is held out once.

    Raises:
        EntityMatchError: if too little is labelled, or no threshold keeps the precision.
    """
    begin = default_scoring_model() if start is None else start
    weights = np.array([[begin.weights[kind][name] for name in FEATURES] for kind in PAIR_KINDS])
    near = Fitted(weights, begin.intercept, begin.prior_slope, 0.0)
    fold = fold_of(labelled, folds)
    tried = {r: held_out(labelled, fold, r, near) for r in (RIDGES if ridge is None else (ridge,))}
    chosen = min(tried, key=lambda r: (mean_loss(labelled, tried[r]), -r))
    fitted = fitting.fit(labelled, ridge=chosen, signs=signs(), start=near)
    model = as_model(fitted, link_threshold=1.0, possible_threshold=begin.possible_threshold)
    model = choose_thresholds(model, labelled, precision=precision, confidence=confidence, bits=tried[chosen])
    return Trained(
        model=model,
        loss=mean_loss(labelled, fitted.bits(labelled)),
        held_out_loss=mean_loss(labelled, tried[chosen]),
        start_loss=mean_loss(labelled, near.bits(labelled)),
        ridge=chosen,
        held_out_bits=tried[chosen],
    )


def fold_of(labelled: Labelled, folds: int) -> npt.NDArray[np.int64]:
    """Deal the queries into folds, those of one organisation together, answerable and unanswerable ones evenly.

    Raises:
        EntityMatchError: if there are too few to hold any out.
    """
    n = len(labelled.prior_bits)
    has_right = np.bincount(labelled.query, labelled.right, minlength=n) > 0
    group = np.arange(n) if labelled.group is None else labelled.group
    _, first, number = np.unique(group, return_index=True, return_inverse=True)
    fold = np.zeros(len(first), dtype=np.int64)
    for kind in (True, False):
        of_kind = np.flatnonzero(has_right[first] == kind)
        if folds < 2 or len(of_kind) < folds:
            what = "with a right candidate" if kind else "without a right candidate"
            raise EntityMatchError(
                f"{len(of_kind)} organisations {what} are too few for {folds} folds: label more strings, of both kinds"
            )
        fold[of_kind] = np.arange(len(of_kind)) % folds
    return fold[number]


def held_out(labelled: Labelled, fold: npt.NDArray[np.int64], ridge: float, start: Fitted | None) -> Floats:
    """Return the bits of each pair by weights that were fitted without its fold."""
    bits = np.empty(len(labelled.query))
    for number in np.unique(fold):
        mine = fold == number
        fitted = fitting.fit(labelled.take(~mine), ridge=ridge, signs=signs(), start=start)
        bits[mine[labelled.query]] = fitted.bits(labelled.take(mine))
    return bits


def choose_thresholds(
    model: ScoringModel,
    labelled: Labelled,
    *,
    precision: float = 0.97,
    confidence: float | None = None,
    bits: Floats | None = None,
) -> ScoringModel:
    """Return the model with the lowest link threshold that keeps a wished precision.

    Args:
        model: the model.
        labelled: strings with known answers and, among them, as many without one as where the model is used.
        precision: the wished share of right links, in (0, 1].
        confidence: hold the lower bound of the share against the wish (:mod:`.thresholds`), not the share itself.
        bits: (pairs,) the evidence and prior of each pair; None for those by the model. Give those that were held out
            where the model was fitted on the same strings.

    Raises:
        EntityMatchError: if no threshold keeps the precision.
    """
    if bits is None:
        bits = model.bits(labelled.values) + model.prior_slope * labelled.prior_bits[labelled.query]
    ranked = rank(labelled.query, np.arange(len(bits)), bits, len(labelled.prior_bits), 1.0, 1.0)
    first = ranked.rank == 1
    right = labelled.right[ranked.pair[first]]
    link = threshold_for(ranked.score[first], right, precision, confidence)
    if link is None:
        raise EntityMatchError(
            f"no threshold keeps a precision of {precision} on {len(right):,} strings: label more, or wish for less"
        )
    return replace(model, link_threshold=link, possible_threshold=min(model.possible_threshold, link))


def as_model(fitted: Fitted, *, link_threshold: float, possible_threshold: float) -> ScoringModel:
    """Return fitted weights as a model; weights of one kind of pairs are those of all."""
    of_kinds = np.broadcast_to(fitted.weights, (len(PAIR_KINDS), len(FEATURES)))
    return ScoringModel(
        weights={
            kind: {name: round(float(w), _DIGITS) for name, w in zip(FEATURES, weights, strict=True)}
            for kind, weights in zip(PAIR_KINDS, of_kinds, strict=True)
        },
        intercept=round(fitted.intercept, _DIGITS),
        prior_slope=round(fitted.prior_slope, _DIGITS),
        link_threshold=link_threshold,
        possible_threshold=possible_threshold,
    )


def label_pairs(pairs: Sequence[tuple[str, str]], *, matcher: Matcher | None = None) -> Labelled:
    """Make labelled strings of names that belong together.

    Half of the references, drawn by hash, are taken off the list, so that half of the strings have no right answer.

    Args:
        pairs: (string, reference) of one organisation each; a string may come several times. One that is known to
            name nobody on any list has an empty reference.
        matcher: its parameters are used (lexicon, blockers, `without`); it is fitted anew. None for the defaults.

    Raises:
        EntityMatchError: if there is no pair.
    """
    import hashlib

    from entitymatch.matcher import Matcher

    def kept(reference: str) -> bool:
        return hashlib.sha256(reference.encode()).digest()[0] % 2 == 0

    given = [(query, reference) for query, reference in pairs if query.strip()]
    everything = list(dict.fromkeys(reference for _, reference in given if reference.strip()))
    if not everything:
        raise EntityMatchError("there is no pair of names: give (string, reference) of one organisation each")
    references = [reference for reference in everything if kept(reference)]
    if not references:
        raise EntityMatchError(f"{len(everything)} references are too few to leave half of them out: give more pairs")
    position = {reference: i for i, reference in enumerate(references)}
    number = {reference: i for i, reference in enumerate(everything)}
    truth: dict[str, set[int]] = {query: set() for query, _ in given}
    group: dict[str, int] = {}
    for query, reference in given:
        truth[query].update({position[reference]} if reference in position else ())
        group.setdefault(query, number.get(reference, len(number) + len(group)))
    labelled = label((matcher or Matcher()).fit(references), list(truth), truth)
    return replace(labelled, group=np.array(list(group.values()), dtype=np.int64))
