import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entitymatch.romanize import Transliteration, rank_by_sound

MODEL = Transliteration.load_default()
LATIN = ["Siemens", "Nokia", "Honeywell", "Schneider", "Rolls-Royce", "Yamaha", "123", "", "Motorola"]
CHINESE = ["霍尼韦尔", "西门子", "雅马哈", "诺基亚", "Nokia", "摩托罗拉"]


def test_ranks_by_score() -> None:
    ranked = rank_by_sound(CHINESE, LATIN, 3)
    scores = MODEL.score_pairs([zh for zh in CHINESE for _ in LATIN], LATIN * len(CHINESE)).reshape(len(CHINESE), -1)
    for row, zh_scores in zip(ranked, scores, strict=True):
        if row[0] >= 0:
            np.testing.assert_allclose(zh_scores[row], np.sort(zh_scores)[::-1][:3], atol=1e-6)


def test_names_without_sound_have_and_are_no_candidates() -> None:
    ranked = rank_by_sound(CHINESE, LATIN, 12)
    assert ranked.shape == (6, 12)
    assert (ranked[4] == -1).all()
    assert set(ranked[0][:7]) == {0, 1, 2, 3, 4, 5, 8}
    assert (ranked[0][7:] == -1).all()


def test_equal_names_fall_by_position() -> None:
    assert rank_by_sound(["诺基亚"], ["Nokia", "Siemens", "NOKIA", "nokia"], 3).tolist() == [[0, 2, 3]]


def test_empty_lists() -> None:
    assert rank_by_sound([], ["Nokia"], 2).shape == (0, 2)
    assert rank_by_sound(["诺基亚"], [], 2).tolist() == [[-1, -1]]


def test_top_k_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="top_k is 0"):
        rank_by_sound(["诺基亚"], ["Nokia"], 0)


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(len(CHINESE))), st.integers(1, 9))
def test_order_of_names_changes_nothing(order: list[int], top_k: int) -> None:
    ranked = rank_by_sound(CHINESE, LATIN, top_k)
    np.testing.assert_array_equal(rank_by_sound([CHINESE[i] for i in order], LATIN, top_k), ranked[order])
