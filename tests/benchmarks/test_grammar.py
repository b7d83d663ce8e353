from random import Random

import pytest

from benchmarks.grammar import Grammar


def test_lines_of_a_symbol_are_drawn_by_weight():
    rows = [
        {"symbol": "s", "weight": "9", "expansions": "a"},
        {"symbol": "s", "weight": "1", "expansions": "b|c"},
    ]
    grammar, rng = Grammar(rows), Random(5)
    drawn = [grammar.draw("s", rng) for _ in range(2000)]
    assert set(drawn) == {"a", "b", "c"}
    assert 0.87 < drawn.count("a") / 2000 < 0.93


def test_unknown_symbol_is_named():
    with pytest.raises(ValueError, match="'city', which 's'"):
        Grammar([{"symbol": "s", "weight": "1", "expansions": "x{city}"}])
