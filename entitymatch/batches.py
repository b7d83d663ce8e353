"""A register's distinct strings, matched batch by batch: by this process or by several, going on where a run stopped.

What comes back for a string depends on the string alone, so the batches may be of any size and be worked off by any
number of processes; they are always answered in order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from entitymatch.garbage import uncollected
from entitymatch.links import Candidates, FloatArray
from entitymatch.progress import counting
from entitymatch.scoring.assignment import MANY_TO_ONE

if TYPE_CHECKING:
    from entitymatch.journal import Journal
    from entitymatch.matcher import Matcher
    from entitymatch.parallel import Workers

FIELDS = ("query", "reference", "rank", "match_weight", "score", "decision", "relation")


@dataclass(frozen=True)
class Wanted:
    """Which candidates come back.

    Attributes:
        top_k: the first so many of each string.
        threshold: None for links and possible links; a number for those with that score or more.
        assign: whether each string is decided alone (``"many_to_one"``).
    """

    top_k: int
    threshold: float | None
    assign: str = MANY_TO_ONE


@dataclass(frozen=True)
class Found:
    """The candidates of a batch; `Candidates.query` counts from its first string. ``rivals`` are the bits of others."""

    candidates: Candidates
    rivals: FloatArray

    @classmethod
    def none(cls) -> Found:
        """Return the candidates of no strings."""
        none = np.empty(0, dtype=np.int64)
        empty = Candidates(
            none, none, none, np.empty(0), np.empty(0), np.empty(0, dtype=np.int8), np.empty(0, dtype=object)
        )
        return cls(empty, np.empty(0))


def match_batches(
    matcher: Matcher,
    names: Sequence[str],
    wanted: Wanted,
    *,
    batch_size: int,
    workers: Workers | None = None,
    progress: bool = False,
    journal: Journal | None = None,
) -> Iterator[Found]:
    """Yield the candidates of each batch of strings, in order.

    Args:
        matcher: a fitted matcher.
        names: the strings.
        wanted: which candidates come back.
        batch_size: strings at a time.
        workers: other processes that do the work; None for this one.
        progress: whether to show a bar on stderr.
        journal: what an earlier run has done, and where to note what this one does.
    """
    starts = range(0, len(names), batch_size)
    done = {start: found for start in starts if (found := journal.read(start))} if journal is not None else {}
    open_starts = [start for start in starts if start not in done]
    open_batches = [names[start : start + batch_size] for start in open_starts]
    answers: Iterator[tuple[int, Found]]  # in any order
    if workers is None:
        answers = ((number, answer(matcher, batch, wanted)) for number, batch in enumerate(open_batches))
    else:
        answers = workers.map(open_batches, wanted)
    with counting(len(names), show=progress) as advance:
        for start in starts:
            while start not in done:
                number, found = next(answers)
                done[open_starts[number]] = found
                if journal is not None:
                    journal.write(open_starts[number], found)
            advance(min(batch_size, len(names) - start))
            yield done.pop(start)


def concatenate(parts: Sequence[Found], batch_size: int) -> Found:
    """Join the candidates of consecutive batches; `Candidates.query` then counts from the first string of all."""
    if not parts:
        return Found.none()
    columns: dict[str, Any] = {
        field: np.concatenate([getattr(part.candidates, field) for part in parts]) for field in FIELDS
    }
    sizes = [len(part.rivals) for part in parts]
    columns["query"] = columns["query"] + np.repeat(np.arange(len(parts)) * batch_size, sizes)
    return Found(Candidates(**columns), np.concatenate([part.rivals for part in parts]))


@uncollected()
def answer(matcher: Matcher, batch: Sequence[str], wanted: Wanted) -> Found:
    """Return the candidates of one batch."""
    return matcher._answer(batch, wanted)
