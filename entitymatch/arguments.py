"""Whether what a :class:`.Matcher` is given can be: each mistake is named, with what to give instead."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

from entitymatch.blocking import check_blockers
from entitymatch.errors import EntityMatchError
from entitymatch.lexicon import Lexicon
from entitymatch.parallel import Workers
from entitymatch.scoring import KINDS, ScoringModel
from entitymatch.scoring.assignment import ASSIGNMENTS, MANY_TO_ONE

EVIDENCE = tuple(KINDS)


def check_parameters(parameters: Mapping[str, Any]) -> None:
    """Check the parameters of a matcher, as ``get_params`` gives them.

    Raises:
        EntityMatchError: if one is out of its range or of another type.
    """
    prior, lexicon, blockers = parameters["prior"], parameters["lexicon"], parameters["blockers"]
    scoring, without = parameters["scoring"], parameters["without"]
    if not _is_share(prior) or prior in (0, 1):
        raise EntityMatchError(f"prior is {prior!r}: it must be a number between 0 and 1, both excluded")
    if lexicon is not None and not isinstance(lexicon, Lexicon):
        raise EntityMatchError(f"lexicon is of type {type(lexicon).__name__}: give a Lexicon")
    for argument in ("link_threshold", "possible_threshold"):
        value = parameters[argument]
        if value is not None and not _is_share(value):
            raise EntityMatchError(f"{argument} is {value!r}: it must be None or a number from 0 to 1")
    if blockers is not None:
        check_blockers(blockers)
    if scoring is not None and not isinstance(scoring, ScoringModel):
        raise EntityMatchError(f"scoring is of type {type(scoring).__name__}: give a ScoringModel")
    if isinstance(without, str):
        raise EntityMatchError(f"without is the string {without!r}: give a list, [{without!r}]")
    if unknown := [kind for kind in without if kind not in EVIDENCE]:
        raise EntityMatchError(f"without names {unknown[0]!r}, but the kinds of evidence are {', '.join(EVIDENCE)}")


def check_call(
    *, top_k: int, threshold: float | None, batch_size: int, n_jobs: int | Workers | None, assign: str = MANY_TO_ONE
) -> None:
    """Check the arguments of ``match``.

    Raises:
        EntityMatchError: if one is out of its range or of another type.
    """
    for argument, value in (("top_k", top_k), ("batch_size", batch_size)):
        if not _is_count(value):
            raise EntityMatchError(f"{argument} is {value!r}: it must be a whole number, 1 or more")
    if not (n_jobs in (None, -1) or isinstance(n_jobs, Workers) or _is_count(n_jobs)):
        raise EntityMatchError(f"n_jobs is {n_jobs!r}: it must be None, -1 or a whole number, 1 or more")
    if threshold is not None and not _is_share(threshold):
        raise EntityMatchError(f"threshold is {threshold!r}: it must be None or a number from 0 to 1")
    if assign not in ASSIGNMENTS:
        raise EntityMatchError(f"assign is {assign!r}: it must be {' or '.join(map(repr, ASSIGNMENTS))}")


def _is_count(value: Any) -> bool:
    return isinstance(value, Integral) and int(value) >= 1


def _is_share(value: Any) -> bool:
    return isinstance(value, Real) and 0.0 <= float(value) <= 1.0
