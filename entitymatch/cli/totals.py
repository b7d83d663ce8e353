"""The table of totals that a person reads at the end of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

SHOWN_ORGANISATIONS = 40  # the rest stand in --tally
WIDEST_NAME = 60  # cells; a longer name is folded, so that the numbers stay beside the names


def totals_table(totals: pd.DataFrame) -> tuple[Table, int]:
    """Return the table of the first organisations, and how many are left out.

    Args:
        totals: as `Links.tally` gives them.
    """
    from rich.table import Table

    basis = "estimated" if "estimated_rows" in totals else "expected"
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("organisation", overflow="fold", max_width=WIDEST_NAME)
    for heading in (
        "links",
        "rows",
        "possible",
        "rows",
        "right by review" if basis == "estimated" else "expected right",
    ):
        table.add_column(heading, justify="right", no_wrap=True)
    shown = totals.head(SHOWN_ORGANISATIONS)
    counts = ["link_strings", "link_rows", "possible_link_strings", "possible_link_rows"]
    bounds = shown[[f"{basis}_low", f"{basis}_high"]].to_numpy(dtype=float)
    for name, line, (low, high) in zip(shown["reference"], shown[counts].to_numpy(), bounds, strict=True):
        table.add_row(str(name), *map(_number, line), _range(low, high))
    table.add_section()
    sums = totals[counts].sum()
    table.add_row("all links", *(f"{int(sums[column]):,}" for column in counts[:2]), style="bold")
    return table, len(totals) - len(shown)


def _number(value: Any) -> str:
    """Return a count as people write it, and a suppressed one as a dash."""
    import pandas as pd

    return "–" if pd.isna(value) else f"{value:,}"


def _range(low: float, high: float) -> str:
    if low != low:  # suppressed
        return "–"
    first, last = f"{low:,.0f}", f"{high:,.0f}"
    return first if first == last else f"{first}–{last}"
