"""Three sets of names taken apart by hand: how many parts the parser gets exactly right, span and kind."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from entitymatch.lexicon.tables import parse_table
from entitymatch.names import PartKind, parse

Piece = tuple[PartKind, int, int]
# The model joins the parts of these kinds, so that it makes no difference in how many pieces neighbours were read.
JOINED = {PartKind.WRAPPER, PartKind.CORE, PartKind.TRADE, PartKind.LEGAL_FORM}
LITTLE = {"of", "the", "and", "in", "for"}
_EDGE = re.compile(r"[^\W_]+")


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without punctuation and little words at its edges."""
    words = [match for match in _EDGE.finditer(text, start, end) if match.group().lower() not in LITTLE]
    return (words[0].start(), words[-1].end()) if words else (start, start)


def pieces(text: str, parts: Iterable[Piece]) -> list[Piece]:
    """The parts that are measured: trimmed, without ``other``, neighbours of a kind that is joined as one."""
    result: list[Piece] = []
    for kind, start, end in parts:
        start, end = trimmed(text, start, end)
        if kind is PartKind.OTHER or start == end:
            continue
        if result and result[-1][0] is kind and kind in JOINED:
            _, first, last = result[-1]
            gap = trimmed(text, last, start)
            if gap[0] == gap[1]:
                result[-1] = (kind, first, end)
                continue
        result.append((kind, start, end))
    return result


def labelled(text: str, cell: str) -> list[Piece]:
    """The spans of the labels of one row; each stands in the text after the one before it."""
    result: list[Piece] = []
    position = 0
    for label in cell.split("|"):
        kind, _, part = label.partition(":")
        start = text.index(part, position)
        position = start + len(part)
        result.append((PartKind(kind), start, position))
    return result


@dataclass
class Count:
    """What was measured on one file."""

    right: int
    wanted: int
    answered: int
    whole: int
    strings: int
    wrong: list[tuple[str, list[Piece], list[Piece]]]

    def __str__(self) -> str:
        """The failures, one a paragraph."""

        def show(text: str, parts: list[Piece]) -> str:
            return "|".join(f"{kind.value}:{text[start:end]}" for kind, start, end in parts)

        return "\n".join(f"{t}\n  want {show(t, want)}\n  got  {show(t, got)}" for t, want, got in self.wrong)


def count(name: str) -> Count:
    """Measure the parser on one file beside this one."""
    result = Count(0, 0, 0, 0, 0, [])
    for row in parse_table(Path(__file__).with_name(name).read_text(encoding="utf-8"), name):
        text = row["text"]
        want = pieces(text, labelled(text, row["parts"]))
        got = pieces(text, ((part.kind, part.start, part.end) for part in parse(text).parts))
        result.right += len(set(want) & set(got))
        result.wanted += len(want)
        result.answered += len(got)
        result.strings += 1
        if want == got:
            result.whole += 1
        else:
            result.wrong.append((text, want, got))
    return result


@pytest.mark.parametrize(("name", "size"), [("parts.tsv", 500), ("blind.tsv", 200), ("blind2.tsv", 100)])
def test_the_sets_are_whole(name: str, size: int) -> None:
    rows = parse_table(Path(__file__).with_name(name).read_text(encoding="utf-8"), name)
    assert len({row["text"] for row in rows}) == len(rows) >= size
    for row in rows:
        text, position = row["text"], 0
        for _, start, end in labelled(text, row["parts"]):
            assert trimmed(text, position, start)[0] == trimmed(text, position, start)[1], text
            position = end


@pytest.mark.parametrize(("name", "floor"), [("parts.tsv", 0.97), ("blind.tsv", 0.92), ("blind2.tsv", 0.93)])
def test_parts_are_exact(name: str, floor: float) -> None:
    """First measured: parts.tsv 0.907, blind.tsv 0.899. Mended by parts.tsv alone: 0.994 and 0.946.

    blind2.tsv was labelled then and measured 0.940 (precision 0.935) at first.
    """
    counted = count(name)
    assert counted.right / counted.wanted >= floor, str(counted)
    assert counted.right / counted.answered >= floor, str(counted)
