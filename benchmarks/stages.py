"""Where the time of ``entitymatch match`` goes, stage by stage, and how far that is from the least it could take.

    python -m benchmarks.stages register.csv companies.csv                     # one process, every distinct string
    python -m benchmarks.stages register.csv companies.csv --strings 8000      # the first so many: a sample
    python -m benchmarks.stages register.csv companies.csv --whole             # the command itself, with all processors

`benchmarks.register` writes such files. CPU seconds. A stage's time is without that of the stages inside it. Below the
stages stands a plain search over the same strings (pandas, ``lazy_pinyin``, one product of letter trigrams), and what
nobody could leave out: reading the bytes, and multiplying the two matrices.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.speed import seconds

BATCH = 500


@dataclass
class Clock:
    """CPU seconds of stages; what runs inside another stage is taken from that one."""

    spent: dict[str, float] = field(default_factory=dict)
    _inside: list[float] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what runs inside."""
        start = time.process_time()
        self._inside.append(0.0)
        try:
            yield
        finally:
            whole = time.process_time() - start
            self.spent[name] = self.spent.get(name, 0.0) + whole - self._inside.pop()
            if self._inside:
                self._inside[-1] += whole

    def watch(self, owner: Any, attribute: str, name: str) -> Callable[[], None]:
        """Count a function under a stage from now on.

        Returns:
            What ends it.
        """
        function = getattr(owner, attribute)

        @wraps(function)
        def counted(*given: Any, **named: Any) -> Any:
            with self.stage(name):
                return function(*given, **named)

        setattr(owner, attribute, counted)
        return lambda: setattr(owner, attribute, function)


def stages(register: Path, reference: Path, strings: int | None = None) -> tuple[dict[str, float], int, int]:
    """Match in this process and count.

    Args:
        register: a file with a column ``branch``.
        reference: a file with a column ``name``.
        strings: match only the first so many; None for all.

    Returns:
        Stage → CPU seconds; the number of distinct strings of the register, and of those that were matched.
    """
    import sparse_dot_topn

    from entitymatch import Matcher
    from entitymatch.blocking import BlockingIndex
    from entitymatch.columns import DistinctStrings, read_register
    from entitymatch.features import FeatureExtractor
    from entitymatch.io import inspect, read_pieces, read_table, write_table
    from entitymatch.scoring import Comparer

    clock = Clock()
    Matcher().fit(["HSBC", "Pfizer"]).match(["汇丰银行", "上海光明村餐饮"])  # tables and models are read once
    with clock.stage("finding the encoding and the columns"):
        info = inspect(register)
    with clock.stage("reading the register"):
        reading = DistinctStrings("branch")
        for piece in read_pieces(register, ["branch"], info):
            reading.add(piece)
        queries = reading.register()
    with clock.stage("fitting the list"):
        matcher = Matcher().fit(read_table(reference, ["name"]), name="name")
    chosen = read_register(list(islice(queries.names, strings)))
    undo = [
        clock.watch(FeatureExtractor, "extract", "parsing and features"),
        clock.watch(BlockingIndex, "query_matrix", "query vectors"),
        clock.watch(sparse_dot_topn, "sp_matmul_topn", "sparse product"),
        clock.watch(BlockingIndex, "search", "candidates"),
        clock.watch(Comparer, "compare", "comparing"),
        clock.watch(Comparer, "values", "comparing"),
    ]
    try:
        with clock.stage("scores, decisions and the rest"):
            links = matcher.match(chosen, batch_size=BATCH)
    finally:
        for end in undo:
            end()
    with TemporaryDirectory() as folder, clock.stage("totals and writing"):
        links.tally()
        write_table(links.to_pandas(distinct=True), Path(folder, "links.csv"))
    return clock.spent, len(queries.names), len(chosen.names)


def plain(register: Path, reference: Path, strings: int | None = None) -> dict[str, float]:
    """Count a plain search: distinct strings by pandas, pypinyin, one sparse product of trigrams, fifty candidates.

    Raises:
        ImportError: if scikit-learn is not installed.
    """
    import pandas as pd
    from pypinyin import lazy_pinyin
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sparse_dot_topn import sp_matmul_topn

    lazy_pinyin("银行")  # its tables are read once
    clock = Clock()
    with clock.stage("plain: reading"):
        column = pd.read_csv(register, usecols=["branch"], dtype=str)["branch"].dropna().drop_duplicates()
        queries = column.tolist()[:strings]
        names = pd.read_csv(reference, usecols=["name"], dtype=str)["name"].dropna().tolist()
    with clock.stage("plain: pinyin"):
        spelled = ["".join(lazy_pinyin(query)).lower() for query in queries]
    with clock.stage("plain: trigrams"):
        trigrams = TfidfVectorizer(analyzer="char", ngram_range=(3, 3))
        right = trigrams.fit_transform([re.sub(r"[^a-z0-9]", "", name.lower()) for name in names]).T.tocsr()
        left = trigrams.transform(spelled)
    with clock.stage("plain: sparse product"):
        sp_matmul_topn(left, right, top_n=50, sort=True, n_threads=1)
    return clock.spent


def bytes_read(path: Path) -> float:
    """Return the CPU seconds of reading a file and doing nothing with it."""

    def read() -> None:
        with path.open("rb") as file:
            while file.read(1 << 20):
                pass

    return seconds(read)


def whole(register: Path, reference: Path, options: Sequence[str] = ()) -> tuple[float, float, float]:
    """Run the command; return its seconds by the wall clock and of all processors, and the MiB of all its processes."""
    with TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "entitymatch", "match", str(register), str(reference), "--quiet", *options]
        start, before = time.perf_counter(), os.times()
        memory = _watched([*words, "-o", str(Path(folder, "links.csv"))])
        wall, after = time.perf_counter() - start, os.times()
    # Not what watching took.
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, used, memory


def _watched(words: Sequence[str]) -> float:
    """Run a command; return the highest memory of it and its children in MiB, shared pages once; nan if not told."""
    most = float("nan")
    with subprocess.Popen(words) as process:
        while process.poll() is None:
            now = _memory(process.pid)
            most = now if not most >= now else most
            time.sleep(0.5)  # asking takes the kernel a while
    if process.returncode:
        raise SystemExit(process.returncode)
    return most


def _memory(process: int) -> float:
    """Return the proportional memory of a process and those that it started in MiB."""
    total = 0.0
    for pid in [process, *_started_by(process)]:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:  # it has ended, or this is no Linux
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return total or float("nan")


def _started_by(process: int) -> list[int]:
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return []
    return [pid for child in map(int, children) for pid in (child, *_started_by(child))]


def to_markdown(spent: dict[str, float], strings: int) -> str:
    """Return the stages as a table in Markdown: seconds, share, and milliseconds a string."""
    total = sum(spent.values())
    lines = ["| stage | CPU s | share | ms a string |", "| --- | ---: | ---: | ---: |"]
    lines += [
        f"| {name} | {value:.2f} | {value / total:.0%} | {value / strings * 1e3:.3f} |" for name, value in spent.items()
    ]
    return "\n".join([*lines, f"| all | {total:.2f} | 100% | {total / strings * 1e3:.3f} |"])


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stages", description="Where the time goes.")
    parser.add_argument("register", type=Path, help="a file with a column branch")
    parser.add_argument("reference", type=Path, help="a file with a column name")
    parser.add_argument("--strings", type=int, metavar="N", help="match only the first so many distinct strings")
    parser.add_argument("--whole", action="store_true", help="run the command itself and give its time and memory")
    given = parser.parse_args(arguments)
    if given.whole:
        wall, used, memory = whole(given.register, given.reference)
        print(f"entitymatch match: {wall:.1f} s, {used:.1f} CPU s, {memory:,.0f} MiB in all processes")
        return
    spent, distinct, matched = stages(given.register, given.reference, given.strings)
    print(f"{matched:,} of {distinct:,} distinct strings\n\n{to_markdown(spent, matched)}\n")
    print(f"floor: the bytes {bytes_read(given.register):.2f} s, the sparse product {spent['sparse product']:.2f} s")
    try:
        print(f"\n{to_markdown(plain(given.register, given.reference, given.strings), matched)}")
    except ImportError as error:
        print(f"no plain search: {error}")


if __name__ == "__main__":
    main()
