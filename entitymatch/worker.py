"""What a process runs that only matches (:mod:`entitymatch.parallel` starts it).

Its first act is to leave Ctrl-C to the main process, so this module imports nothing that takes long. If the main
process was killed and left it behind, it ends by itself.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entitymatch.garbage import end_at_once

if TYPE_CHECKING:
    from entitymatch.batches import Found, Wanted
    from entitymatch.matcher import Matcher

# A name of each script and a string that is read with nearly all that there is.
_NAMES = ("HSBC Holdings plc", "上海汇丰银行")
_STRINGS = ("中共汇丰银行（中国）有限公司上海分行支部委员会", "Boeing (China) Co., Ltd.")
NO_BLOCKER = (
    "the blocker {!r} cannot be given to another process: define its class at the top of a module that can be "
    "imported, or match with n_jobs=1"
)

_folder = Path()  # where processes share what they have worked out; an executor gives its tasks no other place
_has_sound = False
_matchers: dict[str, Matcher] = {}


@dataclass(frozen=True)
class Fitted:
    """A fitted matcher, as another process finds it.

    Attributes:
        kind: its class.
        path: the file.
        blockers: the file of those of the user's own: name and pickle of each.
    """

    kind: type[Matcher]
    path: str
    blockers: str


def begin(folder: str) -> None:
    """Make this process a worker."""
    global _folder
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    end_at_once()
    _folder = Path(folder)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def rehearse(*, shares: bool) -> None:
    """Match a string or two, so that all tables are read before there is a matcher.

    Args:
        shares: whether to work out the tables of sound for all processes.
    """
    import numpy as np

    from entitymatch.batches import Wanted
    from entitymatch.batches import answer as answer_batch
    from entitymatch.links import ReferenceTable
    from entitymatch.matcher import Matcher
    from entitymatch.romanize.shared import share

    if shares:
        share(_folder)
    matcher = Matcher(without=() if _adopt() else ["sound"])
    matcher._fit(ReferenceTable(list(_NAMES), np.arange(len(_NAMES)), 0), [[] for _ in _NAMES])
    answer_batch(matcher, _STRINGS, Wanted(1, 0.0))


def answer(fitted: Fitted, batch: Sequence[str], wanted: Wanted) -> Found:
    """Return the candidates of one batch."""
    from entitymatch.batches import answer as answer_batch

    matcher = _matchers.get(fitted.path)
    if matcher is None:
        matcher = fitted.kind.load(fitted.path, blockers=_blockers(fitted.blockers))
        _matchers.clear()
        _matchers[fitted.path] = matcher
        _adopt()  # if it is not there, this process works it out, too
    return answer_batch(matcher, batch, wanted)


def _blockers(path: str) -> list[Any]:
    """Read blockers, from a file in a folder that only this user can write."""
    found = []
    for name, content in pickle.loads(Path(path).read_bytes()):
        try:
            found.append(pickle.loads(content))
        except Exception as error:  # its class is not there, or whatever it raises
            from entitymatch.errors import EntityMatchError

            raise EntityMatchError(NO_BLOCKER.format(name)) from error
    return found


def _adopt() -> bool:
    """Take the tables of sound, if they are there; say whether they are."""
    global _has_sound
    from entitymatch.romanize.shared import adopt

    _has_sound = _has_sound or adopt(_folder)
    return _has_sound
