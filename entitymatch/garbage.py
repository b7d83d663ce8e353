"""The cyclic garbage collector at rest, where it would search millions of small objects that make no cycles.

While they are made, that takes a tenth of the time of a match and a quarter of that of a fit; when a process ends, half
a second.
"""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Let the collector rest in a block, or in a function if this is its decorator.

    Example:
        >>> with uncollected():
        ...     gc.isenabled()
        False
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def end_at_once() -> None:
    """Let this process end without a last search: the system takes all memory back anyway."""
    atexit.register(gc.freeze)
