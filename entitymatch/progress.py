"""How far a run is: a bar on stderr with what is done, the rate and the time that remains."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def counting(total: int, *, show: bool, unit: str = "strings") -> Iterator[Callable[[int], None]]:
    """Give a function that is told how many more are done.

    Args:
        total: how many there are.
        show: whether to show the bar.
        unit: what is counted.
    """
    if not show:
        yield lambda _number: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, Task, TextColumn, TimeRemainingColumn
    from rich.progress import ProgressColumn as Column
    from rich.text import Text

    class Rate(Column):
        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed:,.0f} {unit}/s" if speed else "")

    columns = (TextColumn("matching"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("matching", total=total)
        yield lambda number: bar.advance(task, number)
