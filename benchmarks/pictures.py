"""Pictures of a comparison: precision–recall curves, and quality against seconds and memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.compare import Result

_MINOR = " without "  # ablations: thin and grey, so that the strategies stand out


def save_pictures(folder: Path, title: str, results: Sequence[Result]) -> None:
    """Write ``curves.png`` and ``cost.png``.

    Raises:
        ImportError: if matplotlib is not installed.
    """
    from matplotlib.figure import Figure

    curves = Figure(figsize=(9, 5.5), layout="constrained")
    axes = curves.subplots()
    for result in results:
        recall, precision = zip(*result.curve, strict=True) if result.curve else ((), ())
        minor = _MINOR in result.strategy
        style = (
            {"color": "0.8", "linewidth": 0.8, "zorder": 1} if minor else {"linewidth": 1.8, "label": result.strategy}
        )
        axes.plot(recall, precision, **style)
    axes.set(xlabel="recall", ylabel="precision", xlim=(0, 1.02), ylim=(0, 1.02), title=title)
    axes.grid(alpha=0.3)
    curves.legend(loc="outside right upper", fontsize="small", title="grey: a kind of evidence left out")
    curves.savefig(folder / "curves.png", dpi=120)

    cost = Figure(figsize=(11, 5.5), layout="constrained")
    for axes, figure, label in zip(
        cost.subplots(1, 2, sharex=True),
        ("hit_at_1", "pairs_completeness"),
        ("hit@1", "pairs completeness"),
        strict=True,
    ):
        for result in results:
            if _MINOR in result.strategy or (value := getattr(result, figure)) is None:
                continue
            dot = axes.scatter(max(result.seconds, 1e-3), value, s=result.megabytes / 2, alpha=0.5)
            name = result.strategy if figure == "hit_at_1" else None
            dot.set_label(f"{name} ({result.megabytes:.0f} MB)" if name else "")
        axes.set(xscale="log", xlabel="CPU seconds", ylabel=label, ylim=(-0.03, 1.03))
        axes.grid(alpha=0.3)
    cost.suptitle(f"{title}\narea: peak memory")
    legend = cost.legend(loc="outside lower center", fontsize="small", ncols=3)
    for handle in legend.legend_handles:
        handle.set_sizes([40])  # dots of one size
    cost.savefig(folder / "cost.png", dpi=120)
