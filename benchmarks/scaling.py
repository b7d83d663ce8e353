"""How time and memory grow: so many strings against so many names, each in a process of its own.

    python -m benchmarks.scaling -o FOLDER
    python -m benchmarks.scaling --strings 1000,10000 --references 500,5000 --minutes 5

Strings are those of the made-up register; names are English names of the lexicon, their beginnings and ends exchanged
until there are enough. The runs go from small to large for as long as `--minutes` of processor time and the memory
allow; the rest is extrapolated from the run with most names by fitted exponents (for strings at least 1), and marked
with ≈.
Times are CPU seconds of one process, without the reading of tables and models.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from random import Random

import numpy as np

from benchmarks.compare import peak_megabytes
from benchmarks.register import filler

STRINGS = (1_000, 10_000, 79_000, 250_000, 1_000_000)
REFERENCES = (500, 5_000, 50_000, 500_000)
SEED = 7
SHARE = 0.7  # of the memory that is free: a run that is expected to take more is not begun


@dataclass(frozen=True)
class Run:
    """One size: seconds of fitting and of matching, the highest memory in MiB, and whether it was measured."""

    strings: int
    references: int
    fit: float
    match: float
    megabytes: float
    measured: bool = True


@dataclass(frozen=True)
class Growth:
    """Exponents: matching grows with strings^`strings` · references^`references`; nan where there is one size only."""

    strings: float
    references: float


def made_up_names(count: int, seed: int = SEED) -> list[str]:
    """Return different English names: the beginning of one of the lexicon with the end of another."""
    from entitymatch.lexicon import Lexicon

    known = sorted({o.en[0] for o in Lexicon.default().organizations.values() if o.en})
    rng = Random(seed)
    found = dict.fromkeys(islice(rng.sample(known, len(known)), count))
    while len(found) < count:
        begin, end = rng.choice(known).split(), rng.choice(known).split()
        found[" ".join([*begin[: (len(begin) + 1) // 2], *end[len(end) // 2 :]])] = None
        if len(found) > count // 2 and len(found) % 7 == 0:  # two halves run out sooner than three parts
            found[f"{rng.choice(known).split()[0]} {' '.join(begin)} {end[-1]}"] = None
    return list(islice(found, count))


def run(strings: int, references: int) -> Run:
    """Match once, in this process, with tables and models already read."""
    from entitymatch import Matcher

    queries, names = list(filler(strings, SEED)), made_up_names(references)
    Matcher().fit(names[:2]).match(queries[:5])  # tables and models are read at first use: not what grows
    start = time.process_time()
    matcher = Matcher().fit(names)
    fitted = time.process_time()
    matcher.match(queries)
    return Run(strings, references, fitted - start, time.process_time() - fitted, peak_megabytes())


def growth(runs: Sequence[Run]) -> Growth:
    """Fit the exponents: slopes of log seconds on log size, the mean over all lines with two sizes or more."""

    def slope(size: str, line: str) -> float:
        slopes = []
        for value in sorted({getattr(r, line) for r in runs}):
            points = [(getattr(r, size), r.match) for r in runs if getattr(r, line) == value]
            if len({x for x, _ in points}) > 1:
                x, y = np.log(np.array(points).T)
                slopes.append(float(np.polyfit(x, y, 1)[0]))
        return float(np.mean(slopes)) if slopes else float("nan")

    return Growth(slope("strings", "references"), slope("references", "strings"))


def expected(runs: Sequence[Run], strings: int, references: int) -> Run:
    """Extrapolate from the run with most references that is no larger; in proportion where no exponent is known.

    Raises:
        ValueError: if there is none.
    """
    smaller = [r for r in runs if r.strings <= strings and r.references <= references]
    if not smaller:
        raise ValueError(f"no run is smaller than {strings:,} × {references:,}")
    # By strings the time grows evenly; by references it does not: the more of the list does not fit the caches.
    nearest = max(smaller, key=lambda r: (r.references, r.strings))
    fitted = growth(runs)
    # What a run costs at any size makes the exponent of small sizes too low: strings count in proportion at least.
    by_strings = max(1.0, float(np.nan_to_num(fitted.strings, nan=1.0)))
    by_references = float(np.nan_to_num(fitted.references, nan=1.0))
    times, lists = strings / nearest.strings, references / nearest.references
    base = min(r.megabytes for r in runs)  # tables and models, there at any size
    megabytes = base + (nearest.megabytes - base) * times * lists
    match = nearest.match * times**by_strings * lists**by_references
    return Run(strings, references, nearest.fit * lists, float(match), megabytes, measured=False)


def scale(strings: Sequence[int], references: Sequence[int], *, minutes: float) -> list[Run]:
    """Run from small to large while time and memory last, and extrapolate the rest.

    Args:
        strings: numbers of distinct strings.
        references: lengths of the list, each of which meets each number of strings.
        minutes: the processor time that fitting and matching may take in all. The smallest always runs.
    """
    sizes = sorted(((n, m) for n in set(strings) for m in set(references)), key=lambda size: (size[0] * size[1], size))
    rest, runs, left = 60 * minutes, list[Run](), list[tuple[int, int]]()
    context = multiprocessing.get_context("spawn")
    for n, m in sizes:
        try:
            guess = expected(runs, n, m)
        except ValueError:
            guess = None
        if guess and (guess.fit + guess.match > rest or guess.megabytes > SHARE * _free_megabytes()):
            left.append((n, m))
            continue
        if not guess and runs and rest <= 0:
            left.append((n, m))
            continue
        with ProcessPoolExecutor(1, mp_context=context) as process:
            runs.append(process.submit(run, n, m).result())
        rest -= runs[-1].fit + runs[-1].match
        print(to_markdown(runs[-1:]).splitlines()[2], file=sys.stderr, flush=True)  # an hour's work may be broken off
    return sorted([*runs, *(expected(runs, n, m) for n, m in left)], key=lambda r: (r.references, r.strings))


def to_markdown(runs: Sequence[Run]) -> str:
    """Return the runs as a table in Markdown, and the exponents below it."""
    lines = [
        "| references | strings | fit, CPU s | match, CPU s | strings a second | MB |",
        "| ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for r in runs:
        mark = "" if r.measured else "≈ "
        memory = f"{r.megabytes:,.0f}" if r.measured else "–"
        rate = f"{r.strings / r.match:,.0f}" if r.match else "–"
        lines.append(
            f"| {r.references:,} | {r.strings:,} | {mark}{r.fit:.1f} | {mark}{r.match:.1f} | {mark}{rate} | {memory} |"
        )
    found = growth([r for r in runs if r.measured])
    lines += [
        "",
        f"match ~ strings^{found.strings:.2f} · references^{found.references:.2f}, fitted on what was measured; "
        "≈ is extrapolated",
    ]
    return "\n".join(lines)


def _free_megabytes() -> float:
    """Return the memory that is free for new processes in MiB; without limit where the system does not tell."""
    meminfo = Path("/proc/meminfo")
    for line in meminfo.read_text().splitlines() if meminfo.exists() else []:
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) / 1024
    return float("inf")


def _sizes(text: str) -> list[int]:
    """Read numbers with commas between them."""
    sizes = [int(part) for part in text.split(",")]
    if min(sizes) < 1:
        raise ValueError(text)
    return sizes


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling", description="How time and memory grow.")
    parser.add_argument("--strings", type=_sizes, default=STRINGS, metavar="N,N…", help="numbers of distinct strings")
    parser.add_argument("--references", type=_sizes, default=REFERENCES, metavar="N,N…", help="lengths of the list")
    parser.add_argument("--minutes", type=float, default=20, help="processor time of all runs (default 20)")
    parser.add_argument("-o", "--output", type=Path, metavar="FOLDER", help="save table and figures here")
    given = parser.parse_args(arguments)
    runs = scale(given.strings, given.references, minutes=given.minutes)
    print(to_markdown(runs))
    if given.output:
        given.output.mkdir(parents=True, exist_ok=True)
        (given.output / "scaling.md").write_text(to_markdown(runs) + "\n", encoding="utf-8")
        text = json.dumps([asdict(r) for r in runs], indent=1)
        (given.output / "scaling.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
