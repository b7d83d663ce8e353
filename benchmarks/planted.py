"""Hold links against the truth that was planted in a register: per organisation, what was found, missed and wrong.

    entitymatch match examples/register.csv examples/companies.csv --reference-id id -o links.csv
    python -m benchmarks.planted links.csv examples/truth.csv

The totals of `benchmarks.register` are known to the row, so "19 strings, 612 rows" can be checked, not only believed.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd


@dataclass(frozen=True, slots=True)
class Total:
    """What a table of links says about one organisation of the list.

    Attributes:
        id: the organisation's id on the list.
        company: its name on the list.
        flag: ``known`` or ``unlisted`` as in the truth; ``absent`` if no string of the register names it.
        strings: how many different strings name it in truth.
        strings_found: how many of those are linked to it.
        rows: how many rows name it in truth.
        rows_found: how many of those are linked to it.
        false_strings: how many other strings are linked to it.
        false_rows: how many rows bear those.
    """

    id: str
    company: str
    flag: str
    strings: int
    strings_found: int
    rows: int
    rows_found: int
    false_strings: int
    false_rows: int

    @property
    def exact(self) -> bool:
        """Whether every string that names the organisation is linked to it, and no other."""
        return (self.strings_found, self.rows_found, self.false_strings) == (self.strings, self.rows, 0)


def check(links: pd.DataFrame, truth: pd.DataFrame) -> list[Total]:
    """Compare links with the planted truth.

    Args:
        links: one line per distinct string and candidate, with the columns ``query``, ``reference_id``, ``reference``,
            ``decision`` and ``rows``: ``Links.to_pandas(distinct=True)``, or what ``entitymatch match`` writes. Lines
            that are not a ``link`` do not count.
        truth: the columns ``id``, ``company``, ``branch``, ``rows`` and ``flag`` of ``truth.csv``.

    Returns:
        One total per planted organisation in the order of the truth, then one per other organisation that has a link.

    Example:
        >>> truth = pd.DataFrame([("h", "HSBC", "汇丰银行党支部", 3, "known"), ("", "HSBC", "汇丰纸业", 1, "decoy")],
        ...                      columns=["id", "company", "branch", "rows", "flag"])
        >>> links = pd.DataFrame([("汇丰银行党支部", "h", "HSBC", "link", 3), ("汇丰纸业", "h", "HSBC", "link", 1)],
        ...                      columns=["query", "reference_id", "reference", "decision", "rows"])
        >>> [total] = check(links, truth)
        >>> (total.rows, total.rows_found, total.false_rows, total.exact)
        (3, 3, 1, False)
    """
    linked = links[links["decision"] == "link"]
    right: dict[str, dict[str, int]] = {}
    about: dict[str, tuple[str, str]] = {}
    for id_, company, branch, rows, flag in _lines(truth, "id", "company", "branch", "rows", "flag"):
        if flag != "decoy":
            right.setdefault(id_, {})[branch] = int(rows)
            about[id_] = (company, flag)
    found: dict[str, dict[str, int]] = {}
    for id_, company, branch, rows in _lines(linked, "reference_id", "reference", "query", "rows"):
        found.setdefault(id_, {})[branch] = int(rows)
        about.setdefault(id_, (company, "absent"))
    totals = []
    for id_, (company, flag) in about.items():
        mine, got = right.get(id_, {}), found.get(id_, {})
        hits, wrong = [got[b] for b in got if b in mine], [got[b] for b in got if b not in mine]
        total = Total(
            id=id_,
            company=company,
            flag=flag,
            strings=len(mine),
            strings_found=len(hits),
            rows=sum(mine.values()),
            rows_found=sum(hits),
            false_strings=len(wrong),
            false_rows=sum(wrong),
        )
        totals.append(total)
    return totals


def decoys_linked(links: pd.DataFrame, truth: pd.DataFrame) -> list[str]:
    """Return the decoys that are a ``link`` to any organisation, in the order of the truth; tables as in `check`."""
    linked = set(links.loc[links["decision"] == "link", "query"])
    return [branch for branch in truth.loc[truth["flag"] == "decoy", "branch"] if branch in linked]


def to_markdown(totals: Iterable[Total]) -> str:
    """Return the totals as a table in Markdown, "found of planted"."""
    lines = ["| organisation | | strings | rows | false strings | false rows |", "| --- | --- |" + " ---: |" * 4]
    for t in totals:
        strings, rows = f"{t.strings_found} of {t.strings}", f"{t.rows_found:,} of {t.rows:,}"
        lines.append(f"| {t.company} | {t.flag} | {strings} | {rows} | {t.false_strings} | {t.false_rows} |")
    return "\n".join(lines)


def _lines(table: pd.DataFrame, *columns: str) -> Iterable[tuple[str, ...]]:
    return zip(*(table[column].astype(str) for column in columns), strict=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.planted", description="Hold links against the truth.")
    parser.add_argument("links", type=Path, help="a csv that `entitymatch match` wrote")
    parser.add_argument("truth", type=Path, help="the truth.csv beside the register")
    given = parser.parse_args(arguments)
    links, truth = (pd.read_csv(path, dtype=str, keep_default_na=False) for path in (given.links, given.truth))
    totals, decoys = check(links, truth), decoys_linked(links, truth)
    print(to_markdown(totals))
    exact = {flag: [t.exact for t in totals if t.flag == flag] for flag in ("known", "unlisted")}
    print(f"\n{sum(exact['known'])} of {len(exact['known'])} known organisations exact, ", end="")
    print(f"{sum(exact['unlisted'])} of {len(exact['unlisted'])} unlisted ones; ", end="")
    print(f"{len(decoys)} of {(truth['flag'] == 'decoy').sum()} decoys linked" + "".join(f"\n  {d}" for d in decoys))


if __name__ == "__main__":
    main()
