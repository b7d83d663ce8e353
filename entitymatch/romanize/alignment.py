"""Which letters of a Latin name each Chinese character stands for."""

from __future__ import annotations

from dataclasses import dataclass

from entitymatch.romanize.channel import Channel
from entitymatch.romanize.letters import LONGEST, letters
from entitymatch.romanize.pinyin import han


@dataclass(frozen=True)
class Alignment:
    """Which letters each character stands for: ``pairs`` of character and letters (possibly empty) in order."""

    pairs: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return " ".join(f"{character}→{string or '∅'}" for character, string in self.pairs)


def best_alignment(channel: Channel, zh: str, latin: str) -> Alignment:
    """Return the best single alignment of the whole of ``zh`` with ``latin`` (Viterbi); no pairs if there is none."""
    name = letters(latin)
    cells = channel.cells([name])[0]
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (1.0, (0,))}
    for row in channel.rows(zh):
        after: dict[int, tuple[float, tuple[int, ...]]] = {}
        for position, (probability, cuts) in best.items():
            for size in range(min(LONGEST, len(name) - position) + 1):
                cell = channel.table[row, cells.columns[position, size]] * cells.factors[position, size]
                found = probability * float(cell)
                if found > after.get(position + size, (0.0, ()))[0]:
                    after[position + size] = (found, (*cuts, position + size))
        best = after
    cuts = best.get(len(name), (0.0, ()))[1]
    return Alignment(tuple((c, name[a:b]) for c, a, b in zip(han(zh), cuts, cuts[1:], strict=False)))
