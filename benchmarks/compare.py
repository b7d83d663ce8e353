"""Compare strategies: quality against seconds and memory, each strategy in a process of its own.

    python -m benchmarks.compare                      # on the example register
    python -m benchmarks.compare --pairs FILE.tsv     # on pairs of names: tab-separated, with the columns zh and en
    python -m benchmarks.compare --json results.json

The figures are those of `entitymatch.evaluation`: hit@k is the share of answerable strings whose right organisation is
among the first k, found@50 the same for fifty candidates, precision and recall are those of the links. How to add a
strategy stands in README.md.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import multiprocessing
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.strategies import STRATEGIES, Strategy
from entitymatch.evaluation import Judged, decision_quality, hit_at

TOP_K = 50
EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


@dataclass(frozen=True)
class Task:
    """Strings, a list, and which organisation of the list each string names.

    Attributes:
        name: what the task is called in the output.
        queries: different strings.
        references: the list's names.
        right: per query, the positions in `references` that are right; empty if none is.
        decoys: positions in `queries` of strings that were made to mislead.
    """

    name: str
    queries: list[str]
    references: list[str]
    right: list[frozenset[int]]
    decoys: frozenset[int] = field(default=frozenset())


@dataclass(frozen=True)
class Result:
    """The figures of one strategy on one task; shares in [0, 1], None where there is nothing to divide by."""

    task: str
    strategy: str
    hit_at_1: float | None
    hit_at_5: float | None
    found_at_50: float | None
    precision: float | None
    recall: float | None
    links: int
    decoys_linked: int
    seconds: float
    megabytes: float


def register_task(folder: Path = EXAMPLES) -> Task:
    """Read ``register.csv``, ``companies.csv`` and ``truth.csv`` of `benchmarks.register` from a folder."""
    queries = list(dict.fromkeys(row["branch"] for row in _read(folder / "register.csv")))
    companies = _read(folder / "companies.csv")
    position = {row["id"]: i for i, row in enumerate(companies)}
    truth = _read(folder / "truth.csv")
    right = {row["branch"]: frozenset([position[row["id"]]]) for row in truth if row["flag"] != "decoy"}
    decoys = {row["branch"] for row in truth if row["flag"] == "decoy"}
    return Task(
        name="example register" if folder == EXAMPLES else str(folder),
        queries=queries,
        references=[row["name"] for row in companies],
        right=[right.get(query, frozenset()) for query in queries],
        decoys=frozenset(i for i, query in enumerate(queries) if query in decoys),
    )


def pairs_task(path: Path) -> Task:
    """Read pairs of names from a tab-separated file with the columns ``zh`` and ``en``.

    The different English names, sorted, are the list. A Chinese name that stands in several pairs has several right
    answers.

    Raises:
        ValueError: if there is no such column or no pair.
    """
    rows = _read(path, delimiter="\t")
    if not rows or not {"zh", "en"} <= rows[0].keys():
        columns = ", ".join(rows[0]) if rows else "no rows"
        raise ValueError(f"{path} has {columns}; expected pairs in the columns zh and en, separated by tabs")
    references = sorted({row["en"] for row in rows})
    position = {name: i for i, name in enumerate(references)}
    right: dict[str, set[int]] = {}
    for row in rows:
        right.setdefault(row["zh"], set()).add(position[row["en"]])
    return Task(path.stem, list(right), references, [frozenset(positions) for positions in right.values()])


def measure(strategy: type[Strategy], task: Task) -> Result:
    """Fit, match and count. Imports are not timed; the memory is the highest of the process since it began."""
    adapter = strategy()
    start = time.perf_counter()
    adapter.fit(task.references)
    found = adapter.match(task.queries, TOP_K)
    seconds = time.perf_counter() - start
    judged = Judged.from_lists(found, task.right, len(task.references))
    quality = decision_quality(judged)
    return Result(
        task=task.name,
        strategy=strategy.name,
        hit_at_1=_known(hit_at(judged, 1)),
        hit_at_5=_known(hit_at(judged, 5)),
        found_at_50=_known(hit_at(judged, TOP_K)),
        precision=_known(quality.precision),
        recall=_known(quality.recall),
        links=quality.links,
        decoys_linked=len(task.decoys & set(judged.query[judged.link].tolist())),
        seconds=seconds,
        megabytes=peak_megabytes(),
    )


def compare(task: Task, strategies: Iterable[type[Strategy]] = STRATEGIES) -> list[Result]:
    """Measure strategies one after the other, each in a new process, so that none finds another's imports or memory."""
    context = multiprocessing.get_context("spawn")
    results = []
    for strategy in strategies:
        with ProcessPoolExecutor(1, mp_context=context) as process:
            results.append(process.submit(measure, strategy, task).result())
    return results


def peak_megabytes() -> float:
    """Return the highest resident memory of this process in MiB; nan where the system does not tell."""
    status = Path("/proc/self/status")
    # Not getrusage: a child's ru_maxrss begins with what its parent held.
    for line in status.read_text().splitlines() if status.exists() else []:
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return float("nan")


def to_markdown(results: Iterable[Result]) -> str:
    """Return a table in Markdown, one line per strategy."""
    lines = [
        "| strategy | hit@1 | hit@5 | found@50 | precision | recall | links | decoys linked | seconds | MB |",
        "| --- |" + " ---: |" * 9,
    ]
    for r in results:
        shares = (r.hit_at_1, r.hit_at_5, r.found_at_50, r.precision, r.recall)
        cells = [r.strategy, *("–" if share is None else f"{share:.3f}" for share in shares)]
        cells += [str(r.links), str(r.decoys_linked), f"{r.seconds:.1f}", f"{r.megabytes:.0f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _known(share: float) -> float | None:
    """Return a share, None if there was nothing to divide by: JSON has no nan."""
    return None if math.isnan(share) else share


def _read(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        if delimiter == "\t":  # a quotation mark in a table of names is part of a name
            return list(csv.DictReader(file, delimiter=delimiter, quoting=csv.QUOTE_NONE, restval=""))
        return list(csv.DictReader(file))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description="Compare strategies.")
    parser.add_argument("--pairs", type=Path, metavar="FILE.tsv", help="pairs in the columns zh and en")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    given = parser.parse_args(arguments)
    try:
        task = pairs_task(given.pairs) if given.pairs else register_task()
    except (ValueError, OSError) as error:
        parser.error(str(error))
    answerable = sum(bool(right) for right in task.right)
    print(f"{task.name}: {len(task.queries)} strings, {answerable} of them answerable, {len(task.references)} names\n")
    results = compare(task)
    print(to_markdown(results))
    if given.json:
        given.json.write_text(json.dumps([asdict(result) for result in results], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
