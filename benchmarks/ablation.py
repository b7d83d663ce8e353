"""Which kind of evidence brings how much: each is left out in turn, then all but it.

    python -m benchmarks.ablation                      # on the example register
    python -m benchmarks.ablation --pairs FILE.tsv     # on pairs of names: tab-separated, with the columns zh and en
    python -m benchmarks.ablation --without alias,sound

Half of the references of a file of pairs are taken away, so that half of its strings have no right answer. The weights
stay those that were fitted on all kinds together: what is left does not make up for what is gone, so the figures say
what the shipped model owes to a kind, not what a model without it could reach.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from benchmarks.compare import TOP_K, Task, pairs_task, register_task
from entitymatch import Matcher
from entitymatch.evaluation import decision_quality, hit_at, judge
from entitymatch.matcher import EVIDENCE

ALL = "all evidence"


@dataclass(frozen=True)
class Line:
    """The figures of a matcher without one kind of evidence, and how much they fall; shares, nan where undefined."""

    without: str
    hit_at_1: float
    found_at_50: float
    precision: float
    recall: float
    links: int


def halved(task: Task) -> Task:
    """Take half of the references away, drawn by hash."""
    kept = [i for i, name in enumerate(task.references) if hashlib.sha256(name.encode()).digest()[0] % 2 == 0]
    position = {old: new for new, old in enumerate(kept)}
    right = [frozenset(position[i] for i in answer if i in position) for answer in task.right]
    return Task(task.name, task.queries, [task.references[i] for i in kept], right, task.decoys)


def ablate(task: Task, kinds: Iterable[str] = EVIDENCE, prior: float = 0.05) -> list[Line]:
    """Measure with all evidence, then without each kind.

    Args:
        task: strings, a list, and the right answers.
        kinds: what to leave out, each by itself (:data:`entitymatch.matcher.EVIDENCE`).
        prior: the expected share of strings with an answer.
    """
    truth = {query: set(right) for query, right in zip(task.queries, task.right, strict=True)}
    lines = []
    for kind in ("", *kinds):
        matcher = Matcher(prior=prior, without=[kind] if kind else []).fit(task.references)
        judged = judge(matcher.match(task.queries, top_k=TOP_K, threshold=0.0), truth)
        quality = decision_quality(judged)
        shares = (hit_at(judged, 1), hit_at(judged, TOP_K), quality.precision, quality.recall)
        lines.append(Line(kind or ALL, *shares, quality.links))
    return lines


def to_markdown(lines: Sequence[Line]) -> str:
    """Return a table in Markdown: the figures with all evidence, then the change without each kind."""
    rows = ["| without | hit@1 | found@50 | precision | recall | links |", "| --- |" + " ---: |" * 5]
    whole = lines[0]
    for line in lines:
        cells = []
        for name in ("hit_at_1", "found_at_50", "precision", "recall"):
            value = getattr(line, name)
            cells.append(f"{value:.3f}" if line is whole else f"{value - getattr(whole, name):+.3f}")
        links = f"{line.links}" if line is whole else f"{line.links - whole.links:+d}"
        rows.append(f"| {'–' if line is whole else line.without} | {' | '.join(cells)} | {links} |")
    return "\n".join(rows)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ablation", description="Leave evidence out.")
    parser.add_argument("--pairs", type=Path, metavar="FILE.tsv", help="pairs in the columns zh and en")
    parser.add_argument("--without", default=",".join(EVIDENCE), metavar="KINDS", help="kinds of evidence, by commas")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write the figures here too")
    given = parser.parse_args(arguments)
    kinds = [kind for kind in given.without.split(",") if kind]
    if unknown := [kind for kind in kinds if kind not in EVIDENCE]:
        parser.error(f"{unknown[0]!r} is no kind of evidence: choose of {', '.join(EVIDENCE)}")
    try:
        task = halved(pairs_task(given.pairs)) if given.pairs else register_task()
    except (ValueError, OSError) as error:
        parser.error(str(error))
    answerable = sum(bool(right) for right in task.right)
    print(f"{task.name}: {len(task.queries)} strings, {answerable} of them answerable, {len(task.references)} names\n")
    lines = ablate(task, kinds, prior=0.5 if given.pairs else 0.05)
    print(to_markdown(lines))
    if given.csv:
        pd.DataFrame(lines).to_csv(given.csv, index=False)


if __name__ == "__main__":
    main()
