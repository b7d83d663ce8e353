"""Why a pair has its score: the terms that add up to its match weight.

An explanation is not written after the fact. It holds the very numbers whose sum is the match weight, in bits (log2
odds), as Fellegi and Sunter (1969) add the weights of agreements and disagreements; the prior and the calibration are
terms too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

TOLERANCE = 1e-9  # bits
_FIRST = ("prior", "base")  # steps before the evidence in a waterfall


@dataclass(frozen=True, slots=True)
class Term:
    """One piece of evidence for or against a pair.

    Attributes:
        kind: what sort of evidence: ``"alias"``, ``"translation"``, ``"reading"``, ``"sound"``, ``"place"``,
            ``"prior"`` …
        bits: what it adds to the match weight; negative if it speaks against the pair.
        query_text: the part of the query that it explains; empty if none.
        reference_text: the part of the reference that it explains; empty if none.
        source: where the knowledge comes from (a table, a model); empty if it needs none.
        detail: what a reader should know beside the two texts; may be empty.
        query_span: where `query_text` stands in the query as given, ``(start, end)`` in characters; None if nowhere.
        reference_span: likewise in the reference.
    """

    kind: str
    bits: float
    query_text: str = ""
    reference_text: str = ""
    source: str = ""
    detail: str = ""
    query_span: tuple[int, int] | None = None
    reference_span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The evidence of one pair, term by term.

    Attributes:
        query: the string of the register, as given.
        reference: the name on the list, as given.
        terms: the evidence; the bits of all terms add up (`math.fsum`) to `match_weight` within 1e-9.
        match_weight: log2 odds that the query names the reference or a part of it.
        score: the same as a probability, ``1 / (1 + 2 ** -match_weight)``, in [0, 1].
        decision: ``"link"``, ``"possible_link"`` or ``"non_link"``; empty for a pair that was not chosen among
            candidates.
        reason: why it has this decision, in words.

    Raises:
        ValueError: if the terms do not add up to the match weight.

    Example:
        >>> terms = (Term("alias", 9.5, "汇丰", "HSBC", "organisations"), Term("prior", -4.25))
        >>> print(Explanation("汇丰银行", "HSBC", terms, match_weight=5.25, score=0.974, decision="link"))
        汇丰银行 = HSBC?  link, score 0.974
          evidence   bits  query  reference  source         detail
          alias     +9.50  汇丰   HSBC       organisations
          prior     -4.25
          sum       +5.25
    """

    query: str
    reference: str
    terms: tuple[Term, ...]
    match_weight: float
    score: float
    decision: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        total = math.fsum(term.bits for term in self.terms)
        if not abs(total - self.match_weight) <= TOLERANCE:
            raise ValueError(f"the terms add up to {total!r} bits, but the match weight is {self.match_weight!r}")

    def to_dict(self) -> dict[str, Any]:
        """Return plain values that ``json.dumps`` takes: the attributes, ``terms`` as a list of dicts."""
        return {**asdict(self), "terms": [asdict(term) for term in self.terms]}

    def waterfall(self) -> pd.DataFrame:
        """Return the terms as the steps of a waterfall chart: where each begins and where it ends.

        Returns:
            One line per term, ``prior`` and ``base`` first, and a last line ``match_weight`` from 0 to the sum, with
            the columns ``term``, ``start`` and ``end`` (cumulative bits), ``bits``, ``query_text``, ``reference_text``,
            ``source`` and ``detail``. The first line starts at 0, every other where the one before ends.

        Example:
            >>> terms = (Term("alias", 9.5, "汇丰", "HSBC", "organisations"), Term("prior", -4.25))
            >>> explanation = Explanation("汇丰银行", "HSBC", terms, match_weight=5.25, score=0.974)
            >>> explanation.waterfall()[["term", "start", "end"]].values.tolist()
            [['prior', 0.0, -4.25], ['alias', -4.25, 5.25], ['match_weight', 0.0, 5.25]]
        """
        import pandas as pd

        ordered = sorted(self.terms, key=lambda term: _FIRST.index(term.kind) if term.kind in _FIRST else len(_FIRST))
        ends = [math.fsum(term.bits for term in ordered[:count]) for count in range(len(ordered) + 1)]
        steps = [
            (t.kind, start, end, t.bits, t.query_text, t.reference_text, t.source, t.detail)
            for t, start, end in zip(ordered, ends, ends[1:], strict=False)
        ]
        steps.append(("match_weight", 0.0, self.match_weight, self.match_weight, "", "", "", self.reason))
        columns = ["term", "start", "end", "bits", "query_text", "reference_text", "source", "detail"]
        return pd.DataFrame(steps, columns=columns)

    def __str__(self) -> str:
        head = ", ".join(part for part in (self.decision, f"score {self.score:.3f}") if part)
        head += f": {self.reason}" if self.reason and self.decision != "link" else ""
        rows = [("evidence", "bits", "query", "reference", "source", "detail")]
        rows += [(t.kind, f"{t.bits:+.2f}", t.query_text, t.reference_text, t.source, t.detail) for t in self.terms]
        rows.append(("sum", f"{self.match_weight:+.2f}", "", "", "", ""))
        return "\n".join([f"{self.query} = {self.reference}?  {head}", *_aligned(rows)])


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Pad the columns by the width that a terminal shows: a Han character takes two cells."""
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = []
        for position, (text, width) in enumerate(zip(row, widths, strict=True)):
            padding = " " * (width - cell_len(text))
            cells.append(padding + text if position == 1 else text + padding)
        lines.append(("  " + "  ".join(cells)).rstrip())
    return lines
