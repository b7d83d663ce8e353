"""Repeated ids are counted right, and numbers in order leave next to nothing behind."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from entitymatch.columns import DistinctStrings
from entitymatch.repeats import Repeats

NUMBERS = st.integers(0, 30) | st.integers(2**63 - 30, 2**63 - 1) | st.integers(0, 2**63 - 1)


@given(pieces=st.lists(st.lists(NUMBERS, max_size=12), max_size=4))
@example(pieces=[[2**63 - 1], [2**63 - 2]])
@example(pieces=[[2**63 - 3, 2**63 - 2, 2**63 - 1], [2**63 - 2, 2**63 - 1]])
def test_repeats_are_counted_whatever_the_order(pieces):
    repeats = Repeats()
    for piece in pieces:
        repeats.add(np.array(piece, dtype=np.int64))
    every = [number for piece in pieces for number in piece]
    assert repeats.count() == len(every) - len(set(every))


def test_ids_are_the_same_only_if_every_character_is():
    strings = DistinctStrings("name", "id")
    for ids in (["7", "007", "٧", "1" * 19, None], ["7", "7 ", "7\0", "-7", "0"], ["1" * 19, "0", "8", "9", "10"]):
        strings.add(pa.table({"name": ["汇丰"] * len(ids), "id": pa.array(ids, pa.string())}))
    assert strings.repeated_ids() == 3


@given(
    pieces=st.lists(
        st.lists(st.from_regex(r"[A-Z-]{0,2}[0-9]{0,3}", fullmatch=True) | st.text(max_size=2), max_size=12), max_size=4
    )
)
def test_repeated_text_is_counted_whatever_it_ends_in(pieces):
    strings = DistinctStrings("name", "id")
    for ids in pieces:
        strings.add(pa.table({"name": ["汇丰"] * len(ids), "id": pa.array(ids, pa.string())}))
    every = [one for ids in pieces for one in ids]
    assert strings.repeated_ids() == len(every) - len(set(every))


@pytest.mark.parametrize(
    "ids", [[f"SH-{number:07}" for number in range(3_000)], [f"{number}" for number in range(3_000)], range(3_000)]
)
def test_ids_in_order_leave_next_to_nothing_behind(ids):
    strings = DistinctStrings("name", "id")
    for start in range(0, 3_000, 1_000):
        strings.add(pa.table({"name": ["汇丰"] * 1_000, "id": ids[start : start + 1_000]}))
    assert sum(map(len, strings._repeats._alone)) == 0
    assert sum(run.shape[1] for run in strings._repeats._runs) <= 6  # 0 to 9, 10 to 99 …
    assert strings.repeated_ids() == 0


def test_consecutive_numbers_leave_two_behind():
    repeats = Repeats()
    for start in (0, 1_000):
        repeats.add(np.arange(start, start + 1_000)[::-1])
    assert sum(map(len, repeats._alone)) == 0
    assert [run.shape[1] for run in repeats._runs] == [0, 1, 1]
    assert repeats.count() == 0
