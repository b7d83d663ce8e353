"""The hand-labelled names: how many parts the parser gets exactly right."""

from __future__ import annotations

from pathlib import Path

from entitymatch.lexicon.tables import parse_table
from entitymatch.names import PartKind, parse

LETTERS = {kind.value[0]: kind for kind in PartKind}
PATH = Path(__file__).with_name("labelled.tsv")
KEEP_APART = {PartKind.PLACE, PartKind.UNIT, PartKind.LEGAL_FORM, PartKind.WRAPPER}


def expected(cell: str) -> list[tuple[PartKind, str]]:
    return [(LETTERS[label[0]], label[2:]) for label in cell.split(" | ")]


def answered(name: str) -> list[tuple[PartKind, str]]:
    """The parser's parts, without little words; neighbouring trades that touch are one, as in the labels."""
    parsed = parse(name)
    result: list[tuple[PartKind, str]] = []
    end = -1
    for part in parsed.parts:
        if part.kind is PartKind.OTHER and part.text.lower() in {"of", "and", "the", "for"}:
            continue
        if result and result[-1][0] is part.kind and part.kind not in KEEP_APART and part.start == end:
            result[-1] = (part.kind, result[-1][1] + part.text)
        else:
            result.append((part.kind, part.text))
        end = part.end
    return result


def score() -> tuple[int, int, list[str]]:
    right = total = 0
    wrong: list[str] = []
    for row in parse_table(PATH.read_text(encoding="utf-8"), "labelled.tsv"):
        want, got = expected(row["parts"]), answered(row["name"])
        total += len(want)
        right += sum(1 for part in want if part in got)
        if want != got:
            wrong.append(f"{row['name']}\n  want {want}\n  got  {got}")
    return right, total, wrong


def test_labelled_parts_are_found() -> None:
    right, total, wrong = score()
    assert total >= 500
    assert right / total >= 0.97, "\n".join(wrong)
