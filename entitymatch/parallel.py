"""Several processes that match: this one, and others that read the fitted matcher from one file.

This process does not wait for the others: it takes batches as they do, and from the first moment, while they start.
The others are *spawned*, on every system: a fork copies locks that threads of other libraries hold, and there is
none on Windows. A worker that the main process left behind, because it was killed, ends by itself.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from entitymatch.batches import Found, Wanted, answer
from entitymatch.errors import EntityMatchError
from entitymatch.romanize.shared import adopt, share

if TYPE_CHECKING:
    from entitymatch.matcher import Matcher

# What a matcher was fitted with; its parameters may have been changed since.
_AS_FITTED = ("model", "prior_bits", "link_threshold", "possible_threshold")
_AHEAD = 2  # batches that wait for each process; more only cost memory


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def workers(matcher: Matcher, n_jobs: int | None, n_batches: int | None = None) -> Iterator[Workers | None]:
    """Give the processes that are asked for; None if this one does the work alone.

    Args:
        matcher: the fitted matcher.
        n_jobs: how many processes; None or 1 for this one alone, -1 for as many as there are processors.
        n_batches: how many batches there are, if that is known.
    """
    wanted = cores() if n_jobs == -1 else n_jobs or 1
    number = wanted if n_batches is None else min(wanted, n_batches)
    if number <= 1:
        yield None
    else:
        with Workers(matcher, number) as ready:
            yield ready


class Workers:
    """A context with several processes that know a fitted matcher.

    Args:
        matcher: the matcher.
        number: how many processes, 2 or more; this one is among them.
    """

    def __init__(self, matcher: Matcher, number: int) -> None:
        self.matcher = matcher
        self.number = number

    def __enter__(self) -> Self:
        from entitymatch.storage import save

        self._folder = TemporaryDirectory(prefix="entitymatch-")
        try:
            path = Path(self._folder.name, "matcher")
            save(self.matcher, path, ids=False)
            scorer, own = self.matcher._scorer, list(self.matcher.blockers or ())
            settings = {name: getattr(scorer, name) for name in _AS_FITTED}
            self._executor = ProcessPoolExecutor(
                self.number - 1,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_start,
                initargs=(type(self.matcher), str(path), own, settings),
            )
            self._shares = "sound" not in self.matcher.without
        except BaseException:
            self._folder.cleanup()
            raise
        return self

    def map(self, batches: Sequence[Sequence[str]], wanted: Wanted) -> Iterator[Found]:
        """Yield the candidates of each batch, in order; a few batches ahead are under way.

        Raises:
            EntityMatchError: if a process dies.
        """
        waiting: deque[Future[Found] | Found] = deque()
        ahead = _AHEAD * (self.number - 1)
        left = deque(batches)
        try:
            while waiting or left:
                under_way = sum(isinstance(one, Future) and not one.done() for one in waiting)
                for _ in range(min(ahead - under_way, len(left) // 2)):  # the others are for this process
                    waiting.append(self._executor.submit(_answer, left.popleft(), wanted))
                if self._shares:  # now that the others are starting
                    self._shares = False
                    share(Path(self._folder.name))
                if waiting and (not left or not isinstance(waiting[0], Future) or waiting[0].done()):
                    first = waiting.popleft()
                    yield first.result() if isinstance(first, Future) else first
                else:
                    waiting.append(answer(self.matcher, left.popleft(), wanted))
        except BrokenProcessPool as error:
            raise EntityMatchError(
                "a process that matched has died, perhaps for want of memory; try n_jobs=1 (--jobs 1). In a script, "
                'the code that starts several must stand under: if __name__ == "__main__":'
            ) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            self._executor.shutdown(wait=True, cancel_futures=True)
        finally:
            self._folder.cleanup()


_matcher: Matcher | None = None  # of a worker
_shared: Path | None = None  # where it may find what the main process has worked out


def _start(kind: type[Matcher], path: str, blockers: Sequence[Any], settings: dict[str, Any]) -> None:
    """Make this process a worker."""
    global _matcher, _shared  # an executor gives its tasks no other place
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the main process's to answer
    threading.Thread(target=_end_with_parent, daemon=True).start()
    matcher = kind.load(path, blockers=blockers)
    matcher._scorer = replace(matcher._scorer, **settings)
    _matcher, _shared = matcher, Path(path).parent


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _answer(batch: Sequence[str], wanted: Wanted) -> Found:
    global _shared
    if _shared is not None:
        adopt(_shared)  # if it is not there, this process works it out, too
        _shared = None
    assert _matcher is not None  # the initializer ran before
    return answer(_matcher, batch, wanted)
