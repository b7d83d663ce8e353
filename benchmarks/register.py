"""Write a made-up register of Chinese branch and employer strings, with a planted truth.

    python -m benchmarks.register --rows 1950000 --distinct 79000 --seed 7 -o register.csv

Real registers of this kind hold people and cannot be published. This one holds none: the columns ``id,branch`` and
nothing else. Beside it stand ``companies.csv`` (``id,name``: a list of organisations in English) and ``truth.csv``
(``id,company,branch,rows,flag``), which names every string that was planted:

- ``known``: names the organisation ``id`` of the list, and the package's lexicon should know it;
- ``unlisted``: names the organisation ``id`` of the list, and no table of the package knows it;
- ``decoy``: bears the Chinese name of the organisation ``company`` but names another one; ``id`` is empty.

Every other string matches nothing on the list. The planted strings and their numbers of rows are the same for every
seed; they live in ``data/organisations.tsv``, ``planted.tsv`` and ``decoys.tsv``, the grammar of the rest in
``grammar.tsv``. The same arguments give the same bytes on every Python from 3.11.
"""

from __future__ import annotations

import argparse
import csv
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.grammar import Grammar
from benchmarks.tables import read_table
from entitymatch.lexicon.tables import values

FULL_SIZE = 100_000  # a register of fewer rows takes an organisation's `small` number of rows where there is one


@dataclass(frozen=True, slots=True)
class Planted:
    """One planted string.

    Attributes:
        company: the organisation that the string names, or, in a decoy, seems to name.
        branch: the string.
        rows: how many rows of the register bear it.
        flag: ``known``, ``unlisted`` or ``decoy``.
    """

    company: str
    branch: str
    rows: int
    flag: str


def spread(total: int, count: int) -> list[int]:
    """Divide ``total`` rows among ``count`` strings, at least one each and the first the most (after Zipf's law).

    Raises:
        ValueError: if there are fewer rows than strings.

    Example:
        >>> spread(100, 5)
        [23, 21, 20, 18, 18]
    """
    if total < count:
        raise ValueError(f"{total} rows are too few for {count} different strings")
    weight = sum(1 / (i + 10) for i in range(count))
    reached, cumulated, rows = 0, 0.0, []
    for i in range(count):
        cumulated += 1 / (i + 10)
        here = total - count if i == count - 1 else int((total - count) * (cumulated / weight))
        rows.append(1 + here - reached)
        reached = here
    return rows


def planted(rows: int) -> list[Planted]:
    """Return the planted strings of a register of ``rows`` rows: known, unlisted, decoys."""
    branches: dict[str, list[str]] = {}
    for row in read_table("planted.tsv"):
        branches.setdefault(row["organisation"], []).append(row["branch"])
    out = []
    for organisation in read_table("organisations.tsv"):
        name = organisation["en"]
        total = int((rows < FULL_SIZE and organisation["small"]) or organisation["rows"])
        for branch, number in zip(branches[name], spread(total, len(branches[name])), strict=True):
            out.append(Planted(name, branch, number, organisation["flag"]))
    for i, row in enumerate(read_table("decoys.tsv")):
        out.append(Planted(row["looks_like"], row["branch"], 1 + i % 3, "decoy"))
    return out


def companies() -> dict[str, str]:
    """Return the list of organisations: name → id, in the order of the names, which says nothing about the answers."""
    names = [row["en"] for table in ("organisations.tsv", "companies.tsv") for row in read_table(table)]
    return {name: f"C{number:03d}" for number, name in enumerate(sorted(names, key=str.casefold), 1)}


class Forbidden:
    """The Chinese names of the list's organisations, which no made-up string may contain."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)
        self._lengths = sorted({len(name) for name in self._names})

    @classmethod
    def of_the_list(cls) -> Forbidden:
        """Read the names from the tables."""
        tables = ("organisations.tsv", "companies.tsv")
        return cls(name for table in tables for row in read_table(table) for name in values(row["zh"]))

    def __call__(self, text: str) -> bool:
        """Tell whether ``text`` contains one of the names; spaces do not hide it."""
        text = text.replace(" ", "")
        names = self._names
        return any(text[i : i + n] in names for n in self._lengths for i in range(len(text) - n + 1))


def filler(count: int, seed: int, taken: Iterable[str] = ()) -> Iterator[str]:
    """Yield ``count`` different made-up strings that match nothing on the list, and none of which is ``taken``."""
    rng, grammar, forbidden = Random(seed), Grammar(read_table("grammar.tsv")), Forbidden.of_the_list()
    seen = set(taken)
    while count > 0:
        text = grammar.draw("branch", rng)
        if text not in seen and not forbidden(text):
            seen.add(text)
            count -= 1
            yield text


def shuffled_rows(rows_per_string: Sequence[int], seed: int) -> array[int]:
    """Return, for each row of the register, the position of its string: each as often as told, in random order."""
    order = array("l")
    for position, rows in enumerate(rows_per_string):
        order.extend([position] * rows)
    random = Random(seed + 1).random  # another sequence than the filler's
    for i in range(len(order) - 1, 0, -1):
        j = int(random() * (i + 1))
        order[i], order[j] = order[j], order[i]
    return order


def write_csv(path: Path, header: Sequence[str], lines: Iterable[Sequence[object]]) -> None:
    """Write lines as they come: UTF-8, line feeds, quotes only where needed."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(lines)


def write_register(output: Path, rows: int, distinct: int, seed: int) -> None:
    """Write the register to ``output`` and ``companies.csv`` and ``truth.csv`` beside it.

    Args:
        output: the register's file; its folder must exist.
        rows: number of rows, without the header.
        distinct: number of different strings, planted ones and decoys included.
        seed: any integer.

    Raises:
        ValueError: if the planted strings alone are more than that, or there are more strings than rows.
    """
    plants = planted(rows)
    strings, numbers = [plant.branch for plant in plants], [plant.rows for plant in plants]
    if distinct <= len(plants) or rows - sum(numbers) < distinct - len(plants):
        raise ValueError(
            f"{rows} rows with {distinct} different strings are too few: {len(plants)} strings and {sum(numbers)} rows "
            f"are planted, and each of the other strings needs a row"
        )
    strings.extend(filler(distinct - len(plants), seed, taken=strings))
    numbers.extend(spread(rows - sum(numbers), distinct - len(plants)))
    order = shuffled_rows(numbers, seed)
    write_csv(output, ("id", "branch"), ((row, strings[position]) for row, position in enumerate(order, 1)))
    ids = companies()
    write_csv(output.with_name("companies.csv"), ("id", "name"), ((id_, name) for name, id_ in ids.items()))
    truth = (
        ("" if plant.flag == "decoy" else ids[plant.company], plant.company, plant.branch, plant.rows, plant.flag)
        for plant in plants
    )
    write_csv(output.with_name("truth.csv"), ("id", "company", "branch", "rows", "flag"), truth)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.register", description="Write a made-up register.")
    parser.add_argument("--rows", type=int, default=1_950_000, help="rows of the register (1950000)")
    parser.add_argument("--distinct", type=int, default=79_000, help="different strings (79000)")
    parser.add_argument("--seed", type=int, default=7, help="another seed gives other filler in another order (7)")
    parser.add_argument("-o", "--output", type=Path, default=Path("register.csv"), help="the register (register.csv)")
    given = parser.parse_args(arguments)
    try:
        write_register(given.output, given.rows, given.distinct, given.seed)
    except (ValueError, OSError) as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
