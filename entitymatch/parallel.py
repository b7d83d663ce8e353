"""Several processes that match: this one, and others that read the fitted matcher from one file.

This process does not wait for the others: it takes batches as they do, and from the first moment, while they start.
Where it is known early that there will be much to match, they are started early (:meth:`Workers.start`). They are
*spawned*, on every system: a fork copies locks that threads of other libraries hold, and there is none on Windows.
What they run is :mod:`entitymatch.worker`.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Self

from entitymatch import worker
from entitymatch.batches import Found, Wanted, answer
from entitymatch.errors import EntityMatchError
from entitymatch.romanize.shared import adopt, share

if TYPE_CHECKING:
    from entitymatch.blocking import Blocker
    from entitymatch.matcher import Matcher

_AHEAD = 2  # batches that wait for each process; more only cost memory
_MOST_ON_WINDOWS = 62  # this process, and the 61 that an executor can wait for there


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _pickled(blocker: Blocker) -> tuple[str, bytes]:
    """Return the name of a blocker, and the blocker as another process reads it."""
    try:
        return blocker.name, pickle.dumps(blocker)
    except Exception as error:  # whatever its class raises
        raise EntityMatchError(worker.NO_BLOCKER.format(blocker.name)) from error


@contextmanager
def _deaths_told() -> Iterator[None]:
    try:
        yield
    except BrokenProcessPool as error:
        raise EntityMatchError(
            "a process that matched has died, perhaps for want of memory; try n_jobs=1 (--jobs 1). In a script, "
            'the code that starts several must stand under: if __name__ == "__main__":'
        ) from error


@contextmanager
def workers(matcher: Matcher, n_jobs: int | Workers | None, n_batches: int | None = None) -> Iterator[Workers | None]:
    """Give the processes that are asked for, with the matcher; None if this one does the work alone.

    Args:
        matcher: the fitted matcher.
        n_jobs: how many processes; None or 1 for this one alone, -1 for as many as there are processors; or processes
            that run already, and go on running.
        n_batches: how many batches there are, if that is known.
    """
    if isinstance(n_jobs, Workers):
        n_jobs.take(matcher)
        yield n_jobs
        return
    wanted = cores() if n_jobs == -1 else n_jobs or 1
    number = wanted if n_batches is None else min(wanted, n_batches)
    if number <= 1:
        yield None
    else:
        with Workers(number) as ready:
            ready.take(matcher)
            yield ready


class Workers:
    """A context with several processes that match: started, then given a matcher.

    Args:
        number: how many processes, 2 or more; this one is among them.
    """

    def __init__(self, number: int) -> None:
        self.number = min(number, _MOST_ON_WINDOWS) if sys.platform == "win32" else number
        self._is_open = False

    def __enter__(self) -> Self:
        self._folder = TemporaryDirectory(prefix="entitymatch-")
        self._started: Future[None] | None = None
        self._shares = True
        self._taken = 0
        self._executor = ProcessPoolExecutor(
            self.number - 1,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=worker.begin,
            initargs=(self._folder.name,),
        )
        self._is_open = True
        return self

    def _check(self) -> None:
        if not self._is_open:
            raise EntityMatchError("these processes are not running: take them within `with Workers(2) as n_jobs:`")

    def start(self, number: int) -> None:
        """Start up to so many processes (this one counts) before there is a matcher: they read what all rest on.

        Raises:
            EntityMatchError: if this is no open context, or a process dies.
        """
        self._check()
        with _deaths_told():
            for other in range(1, min(number, self.number)):
                future = self._executor.submit(worker.rehearse, shares=other == 1)
                self._started = self._started or future

    def take(self, matcher: Matcher) -> None:
        """Give the processes the matcher whose batches :meth:`map` takes.

        Raises:
            EntityMatchError: if this is no open context, or a blocker cannot be given to another process.
        """
        from entitymatch.storage import save

        self._check()
        self._taken += 1
        self._hears = "sound" not in matcher._fitted_with["without"]
        path = Path(self._folder.name, f"matcher-{self._taken}")
        save(matcher, path, ids=False)
        self._matcher = matcher
        blockers = Path(self._folder.name, f"blockers-{self._taken}")
        blockers.write_bytes(pickle.dumps([_pickled(blocker) for blocker in matcher._fitted_with["blockers"] or ()]))
        self._fitted = worker.Fitted(type(matcher), str(path), str(blockers))

    def map(self, batches: Sequence[Sequence[str]], wanted: Wanted) -> Iterator[tuple[int, Found]]:
        """Yield the number of each batch and its candidates, as they are done; a few batches ahead are under way.

        Raises:
            EntityMatchError: if a process dies.
        """
        under_way: dict[Future[Found], int] = {}
        ahead = _AHEAD * (self.number - 1)
        left = deque(enumerate(batches))
        with _deaths_told():
            while under_way or left:
                for _ in range(min(ahead - len(under_way), len(left) // 2)):  # the others are for this process
                    number, batch = left.popleft()
                    under_way[self._executor.submit(worker.answer, self._fitted, batch, wanted)] = number
                if self._shares and self._hears:  # now that the others are starting
                    self._share_sound()
                done = [future for future in under_way if future.done()]
                for future in done:
                    yield under_way.pop(future), future.result()
                if left and not done:
                    number, batch = left.popleft()
                    yield number, answer(self._matcher, batch, wanted)
                elif not done:
                    wait(under_way, return_when=FIRST_COMPLETED)

    def _share_sound(self) -> None:
        """Take the tables of sound from a process that was started early, or give them to the others."""
        if self._started is not None:
            wait([self._started])  # if it failed, the tables are not there
        # A file that is mapped cannot be deleted on Windows, and this process deletes the folder.
        if not adopt(folder := Path(self._folder.name), mapped=False):
            share(folder)
        self._shares = False

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._is_open = False
        try:
            self._executor.shutdown(wait=True, cancel_futures=True)
        finally:
            self._folder.cleanup()
