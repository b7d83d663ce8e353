"""Made-up names drawn from a context-free grammar that is a table.

Filler that a matcher is to reject must look like a real register: trades, legal forms, schools, villages, government
offices, and the party and union organisations around them. A grammar says that in a hundred lines of data
(``data/grammar.tsv``) instead of in code.

Only ``Random.random`` is used, because it is the one method of which Python promises that a seed gives the same
sequence in every version (https://docs.python.org/3/library/random.html#notes-on-reproducibility).
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable
from itertools import accumulate
from random import Random

from entitymatch.lexicon.tables import Row, values

# An expansion is split at its symbols: literals stand at even positions, symbols at odd ones.
Expansion = tuple[str, ...]


class Grammar:
    """A weighted context-free grammar.

    Args:
        rows: one line per symbol and group of expansions, with the cells ``symbol``, ``weight`` (a number above zero)
            and ``expansions`` (separated by ``|``; ``{other symbol}`` is replaced, ``_`` is a space).

    Raises:
        ValueError: if an expansion names a symbol that has no line.

    Example:
        >>> rows = [{"symbol": "name", "weight": "1", "expansions": "{place}_bank"},
        ...         {"symbol": "place", "weight": "1", "expansions": "Wuxi"}]
        >>> Grammar(rows).draw("name", Random(1))
        'Wuxi bank'
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        groups: dict[str, list[tuple[float, list[Expansion]]]] = {}
        for row in rows:
            expansions = [tuple(re.split(r"\{(.+?)\}", text.replace("_", " "))) for text in values(row["expansions"])]
            groups.setdefault(row["symbol"], []).append((float(row["weight"]), expansions))
        self._groups = {symbol: [expansions for _, expansions in lines] for symbol, lines in groups.items()}
        self._weights = {symbol: list(accumulate(weight for weight, _ in lines)) for symbol, lines in groups.items()}
        for symbol, lines in self._groups.items():
            for expansion in (expansion for line in lines for expansion in line):
                for other in expansion[1::2]:
                    if other not in self._groups:
                        raise ValueError(f"the grammar has no symbol {other!r}, which {symbol!r} expands to")

    def draw(self, symbol: str, rng: Random) -> str:
        """Return one random expansion of ``symbol``, down to the last literal."""
        weights = self._weights[symbol]
        line = self._groups[symbol][bisect(weights, rng.random() * weights[-1]) if len(weights) > 1 else 0]
        expansion = line[int(rng.random() * len(line))]
        if len(expansion) == 1:
            return expansion[0]
        return "".join(self.draw(part, rng) if i % 2 else part for i, part in enumerate(expansion))
