"""How long it takes: importing, fitting, saving and loading, one string, and registers of growing size.

    python -m benchmarks.speed                                     # a minute
    python -m benchmarks.speed --strings 4000 16000 64000 --references 5000 50000 --jobs 2

Strings are made up (`benchmarks.register`), names are those of the package's lexicon, with numbers behind them where
more are asked for. Every figure stands beside a figure of the same run that it is to be held against: `import pandas`,
rapidfuzz's ``extractOne`` with WRatio over the same names, fitting. Seconds of processor time of all processes.
"""

from __future__ import annotations

import argparse
import math
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count, islice, pairwise
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.register import filler

SEED = 7
SINGLE = 30  # strings that are matched one by one


def names(size: int) -> list[str]:
    """Return so many names of organisations, no two the same."""
    from entitymatch import Lexicon

    known = list(dict.fromkeys(o.en[0] for o in Lexicon.default().organizations.values() if o.en))
    more: Iterator[str] = (f"{name} {number}" for number in count(2) for name in known)
    return [*known, *islice(more, max(0, size - len(known)))][:size]


def seconds(work: Callable[[], Any]) -> float:
    """Return the processor time of some work, in this process and those that it starts."""
    before = _used()
    work()
    return _used() - before


def _used() -> float:
    try:
        import resource
    except ImportError:  # Windows: without the other processes
        return time.process_time()
    return sum(
        use.ru_utime + use.ru_stime for use in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def import_time(module: str) -> float:
    """Return the processor time of a fresh Python that imports a module, the least of five."""
    command = [sys.executable, "-c", f"import {module}"]
    return min(seconds(lambda: subprocess.run(command, check=True)) for _ in range(5))


def exponent(sizes: Sequence[int], times: Sequence[float]) -> float:
    """Return the exponent by which times grow with sizes: the median of the slopes between neighbours.

    Example:
        >>> exponent([1000, 2000, 4000], [1.0, 2.0, 4.0])
        1.0
    """
    points = list(zip(sizes, times, strict=True))
    return median(math.log(t2 / t1) / math.log(n2 / n1) for (n1, t1), (n2, t2) in pairwise(points))


def single(matcher: Any, references: Sequence[str], strings: Sequence[str]) -> tuple[float, float]:
    """Return the median seconds of one string: by the matcher, and by rapidfuzz's extractOne with WRatio."""
    from rapidfuzz import fuzz, process

    ours = [seconds(lambda s=s: matcher.match([s])) for s in strings]  # type: ignore[misc]
    theirs = [seconds(lambda s=s: process.extractOne(s, references, scorer=fuzz.WRatio)) for s in strings]  # type: ignore[misc]
    return median(ours), median(theirs)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--strings", type=int, nargs="+", default=[1000, 2000, 4000], help="distinct strings")
    parser.add_argument("--references", type=int, nargs="+", default=[500, 5400], help="names on the list")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    options = parser.parse_args()

    ours, theirs = import_time("entitymatch"), import_time("pandas")
    print(f"import entitymatch {ours:.2f} s, pandas {theirs:.2f} s: {ours / theirs:.2f}")

    from entitymatch import Matcher

    register = list(filler(max(options.strings), SEED))
    Matcher().fit(["HSBC"]).match(register[:200])  # tables are loaded once
    for size in options.references:
        references = names(size)
        matcher = Matcher()
        fitted = seconds(lambda m=matcher, r=references: m.fit(r))  # type: ignore[misc]
        with TemporaryDirectory() as folder:
            path = Path(folder, "matcher")
            saved = seconds(lambda m=matcher, p=path: m.save(p))  # type: ignore[misc]
            loaded = seconds(lambda p=path: Matcher.load(p))  # type: ignore[misc]
            megabytes = path.stat().st_size / 1e6
        print(f"\n{size:,} names: fit {fitted:.2f} s, save {saved:.2f} s, load {loaded:.2f} s, {megabytes:.1f} MB")
        one, reference = single(matcher, references, register[-SINGLE:])
        print(f"  one string {one * 1e3:.1f} ms, extractOne {reference * 1e3:.1f} ms: {one / reference:.2f}")
        times = []
        for number in sorted(options.strings):
            times.append(seconds(lambda m=matcher, n=number: m.match(register[:n], n_jobs=options.jobs)))  # type: ignore[misc]
            print(f"  {number:>9,} strings {times[-1]:8.1f} s {times[-1] / number * 1e3:6.2f} ms each")
        if len(times) > 1:
            print(f"  time grows as n^{exponent(sorted(options.strings), times):.2f}")


if __name__ == "__main__":
    main()
