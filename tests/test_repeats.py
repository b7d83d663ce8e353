"""Repeated ids are counted right, and numbers in order leave next to nothing behind."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from entitymatch.columns import DistinctStrings
from entitymatch.repeats import Repeats


@given(pieces=st.lists(st.lists(st.integers(0, 30) | st.integers(0, 2**63 - 2), max_size=12), max_size=4))
def test_repeats_are_counted_whatever_the_order(pieces):
    repeats = Repeats()
    for piece in pieces:
        repeats.add(np.array(piece, dtype=np.int64))
    every = [number for piece in pieces for number in piece]
    assert repeats.count() == len(every) - len(set(every))


def test_ids_are_the_same_only_if_every_character_is():
    strings = DistinctStrings("name", "id")
    for ids in (["7", "007", "٧", "1" * 19, None], ["7", "7 ", "-7", "0"], ["1" * 19, "0", "8", "9", "10"]):
        strings.add(pa.table({"name": ["汇丰"] * len(ids), "id": pa.array(ids, pa.string())}))
    assert strings.repeated_ids() == 3


def test_consecutive_numbers_leave_two_behind():
    repeats = Repeats()
    for start in (0, 1_000):
        repeats.add(np.arange(start, start + 1_000)[::-1])
    assert sum(map(len, repeats._alone)) == 0
    assert [run.shape[1] for run in repeats._runs] == [0, 1, 1]
    assert repeats.count() == 0
