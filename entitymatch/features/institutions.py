"""Tell the names of institutions from the names of firms.

A school, a hospital, an authority bears a name that describes it, word by word; a firm chooses its own. What a word
that nothing explains says against a pair differs between the two (:mod:`entitymatch.scoring.model`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

from entitymatch.lexicon.tables import read_table
from entitymatch.names.tokens import tokens


@cache
def _words() -> tuple[tuple[str, ...], tuple[str, ...], frozenset[str]]:
    """Return Han words that stand anywhere, Han words that end a name, and Latin stems."""
    rows = read_table("institutions.tsv")
    han = [row for row in rows if row["script"] == "han"]
    anywhere = tuple(row["form"] for row in han if row["position"] == "anywhere")
    end = tuple(row["form"] for row in han if row["position"] == "end")
    return anywhere, end, frozenset(t.stem for row in rows if row["script"] == "latin" for t in tokens(row["form"]))


@cache
def _faculties() -> tuple[str, ...]:
    """Return the words that end the names of faculties, the longest first."""
    rows = read_table("institutions.tsv")
    return tuple(sorted((row["form"] for row in rows if row["position"] == "faculty"), key=len, reverse=True))


def is_institution(han: str, stems: Iterable[str]) -> bool:
    """Say whether a name is that of an institution.

    Args:
        han: its Han characters without wrapper, legal form and unit.
        stems: the stems of its Latin words.

    Example:
        >>> is_institution("圣安德鲁斯大学", ()), is_institution("", ("ministry", "of", "finance"))
        (True, True)
        >>> is_institution("辉瑞制药", ()), is_institution("", ("pfizer",))
        (False, False)
    """
    anywhere, end, latin = _words()
    return han.endswith(end) or any(word in han for word in anywhere) or not latin.isdisjoint(stems)


def is_named_part(text: str, is_subject: Callable[[str], bool]) -> bool:
    """Say whether a part of an institution has a name of its own (附属瑞金医院, 之江学院) and is no faculty (管理学院).

    Args:
        text: the part.
        is_subject: whether a Chinese word may be what a faculty teaches.

    Example:
        >>> subjects = {"管理", "物理", "信息", "科学"}
        >>> parts = ("附属瑞金医院", "之江学院", "管理学院", "信息科学学院", "物理系")
        >>> [is_named_part(part, subjects.__contains__) for part in parts]
        [True, True, False, False, False]
    """
    faculty = next((ending for ending in _faculties() if text.endswith(ending)), "")
    if not faculty:
        return any(word in text for word in _words()[0])  # 信息技术部 is no ministry
    subject = text.removesuffix(faculty)
    return bool(subject) and not (is_subject(subject) or (is_subject(subject[:2]) and is_subject(subject[-2:])))
