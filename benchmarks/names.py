"""Speed of understanding names: is time linear in the length, and how does it compare with pypinyin?

    python -m benchmarks.names                    # 79,000 distinct branch strings
    python -m benchmarks.names --size 5000        # fewer

The first table parses one string of 10,000 and one of 100,000 characters of each kind: linear time is a ratio of 10.
The second parses and reads (pinyin) the different strings of a made-up register (`benchmarks.register`) and holds the
time against ``pypinyin.lazy_pinyin`` on the same strings. All times are CPU seconds of one thread, best of several.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.register import filler, planted
from entitymatch.names import parse
from entitymatch.romanize import syllables

SHORT, LONG = 10_000, 100_000
LINEAR = 13.0
"""The highest ratio of the times for `LONG` and `SHORT` that is taken for linear."""
PYPINYIN = 1.5
"""The highest time of parsing and reading, in times of ``pypinyin.lazy_pinyin``."""

KINDS = {
    "places": "上海市浦东新区",
    "companies": "中共汇丰银行（中国）有限公司上海分行第一支部委员会",
    "universities": "复旦大学附属中山医院神经内科党支部",
    "no words": "霍尼韦尔嘉里麦德龙",
    "one character": "一",
    "traditional": "滙豐銀行〔中國〕有限公司",
    "Latin": "Shanghai Pudong Development Bank Co., Ltd. ",
    "one Latin word": "abcdefghij",
    "Latin of": "Bank of ",
    "Latin units": "School of Medicine, University of York, ",
    "mixed": "TCL科技集团 Huawei 华为技术",
    "brackets open": "（",
    "brackets pairs": "（）",
    "brackets nested": "（(［〔",
    "brackets filled": "（中国）（一）",
    "separators": " ,-·\"'.、/&",
    "separators, Han": "汇·丰 - ",
    "digits": "0123456789",
    "digits, wrapper": "第１２党支部",
    "combining": "e\u0301",
    "combining, disordered": "\u0301\u0316",
    "compatibility": "㈱ﬁ",
    "look-alikes": "ВASF ",
    "committee": "委员会",
    "company": "公司",
    "department": "部",
    "unit words": "分行支行",
    "affiliated": "附属医院",
    "trade words": "科技发展",
}


@dataclass(frozen=True)
class Growth:
    """CPU seconds that one kind of string takes at two lengths."""

    kind: str
    short: float
    long: float

    @property
    def ratio(self) -> float:
        """How many times longer the long string takes."""
        return self.long / self.short


def seconds(job: Callable[[], object], rounds: int) -> float:
    """Return the least CPU time of several runs, without garbage collection."""
    best = float("inf")
    collecting = gc.isenabled()
    for _ in range(rounds):
        gc.disable()
        start = time.process_time()
        job()
        best = min(best, time.process_time() - start)
        if collecting:
            gc.enable()
    return best


def growth(kind: str, unit: str, short: int = SHORT, long: int = LONG, rounds: int = 3) -> Growth:
    """Parse a string that repeats ``unit``, at two lengths."""

    def job(length: int) -> Callable[[], object]:
        text = (unit * (length // len(unit) + 1))[:length]
        return lambda: parse(text)

    return Growth(kind, seconds(job(short), rounds * 3), seconds(job(long), rounds))


def branches(size: int, seed: int = 7) -> list[str]:
    """Return ``size`` different strings of the made-up register, the planted ones first."""
    known = list(dict.fromkeys(plant.branch for plant in planted(size)))[:size]
    return [*known, *filler(size - len(known), seed, taken=known)]


def against_pypinyin(names: Sequence[str], rounds: int = 3) -> Iterator[tuple[str, float]]:
    """Yield what is timed and its seconds: the parser, the readings, both together, and pypinyin."""
    from pypinyin import lazy_pinyin

    def each(read: Callable[[str], object]) -> Callable[[], object]:
        def job() -> None:
            for name in names:
                read(name)

        return job

    def both(name: str) -> None:
        parse(name)
        syllables(name)

    both(names[0])  # the tables are read once, and are not timed
    lazy_pinyin(names[0])
    yield "parse", seconds(each(parse), rounds)
    yield "syllables", seconds(each(syllables), rounds)
    yield "parse and syllables", seconds(each(both), rounds)
    yield "pypinyin.lazy_pinyin", seconds(each(lazy_pinyin), rounds)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    print("| " + " | ".join(head) + " |")
    print("| --- |" + " ---: |" * (len(head) - 1))
    for row in rows:
        print("| " + " | ".join(row) + " |", flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both tables; return 1 where a ratio is too high."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.names", description="Speed of understanding names.")
    parser.add_argument("--size", type=int, default=79_000, help="different branch strings (79000)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each, the best counts (3)")
    given = parser.parse_args(arguments)
    parse("西门子 Siemens")
    parse("Siemens")
    grown = [growth(kind, unit, rounds=given.rounds) for kind, unit in KINDS.items()]
    _table(
        ("kind", f"{SHORT:,} ms", f"{LONG:,} ms", "ratio"),
        ((g.kind, f"{g.short * 1000:.1f}", f"{g.long * 1000:.0f}", f"{g.ratio:.1f}") for g in grown),
    )
    names = branches(given.size)
    print(f"\n{len(names):,} different strings of {sum(map(len, names)) / len(names):.1f} characters\n")
    timed = dict(against_pypinyin(names, given.rounds))
    yardstick = timed["pypinyin.lazy_pinyin"]
    _table(
        ("", "s", "names/s", "ratio"),
        ((what, f"{s:.2f}", f"{len(names) / s:,.0f}", f"{s / yardstick:.2f}") for what, s in timed.items()),
    )
    slow = [g.kind for g in grown if g.ratio > LINEAR]
    worst = timed["parse and syllables"] / yardstick
    print(f"\nmore than {LINEAR:g} times longer at ten times the length: {', '.join(slow) or 'none'}")
    print(f"parse and syllables take {worst:.2f} times pypinyin (at most {PYPINYIN:g})")
    return 1 if slow or worst > PYPINYIN else 0


if __name__ == "__main__":
    raise SystemExit(main())
