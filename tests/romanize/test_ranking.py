import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entitymatch.romanize import Transliteration, rank_by_sound
from entitymatch.romanize.ranking import _step
from tests.romanize.plain import PlainDirect, PlainTransliteration

MODEL = Transliteration.load_default()
HAN = st.text(alphabet="霍尼韦尔西门子罗斯圳鑫犇A1", min_size=1, max_size=5)
DIRECT = PlainDirect(MODEL)
LATIN = ["Siemens", "Nokia", "Honeywell", "Schneider", "Rolls-Royce", "Yamaha", "123", "", "Motorola"]
CHINESE = ["霍尼韦尔", "西门子", "雅马哈", "诺基亚", "Nokia", "摩托罗拉"]


def test_ranks_by_the_sum_of_both_directions() -> None:
    plain, direct = PlainTransliteration(MODEL), PlainDirect(MODEL)
    ranked = rank_by_sound(CHINESE, LATIN, 9)
    for zh, row in zip(CHINESE, ranked, strict=True):
        both = [plain.score(zh, LATIN[j]) + direct.score(zh, LATIN[j]) for j in row if j >= 0]
        both = [max(score, -900.0) for score in both]
        assert both == sorted(both, reverse=True)


def test_what_can_be_read_from_letters_is_a_probability() -> None:
    """Over all characters and lengths, and the end of the name, the first step sums to one."""
    channel, names = MODEL.channel, ["nokia", "x"]
    reader = MODEL.direct.reader(names, channel.character_syllable, channel.skeletons)
    step = sum(reader.emission(row).sum(axis=0) for row in range(len(channel.characters)))
    ends = reader.windows.ends
    np.testing.assert_allclose(step[ends] + reader.stop, 1.0, atol=2e-2)


@settings(max_examples=40, deadline=None)
@given(
    st.text(alphabet="霍尼韦尔西门子罗斯圳鑫犇A1", min_size=1, max_size=5),
    st.text(alphabet="honeywlsrtkxq", max_size=10),
)
def test_the_direct_model_is_that_of_plain_python(zh: str, latin: str) -> None:
    name = latin or "x"
    channel = MODEL.channel
    reader = MODEL.direct.reader([name, "nokia"], channel.character_syllable, channel.skeletons)
    total = np.zeros(len(reader.windows.keys[0]))
    total[reader.windows.starts] = 1.0
    for row in channel.rows(zh):
        total = _step(total, reader.emission(row))
    fast = float(np.log2(max(total[reader.windows.ends[0]] * reader.stop[0], 1e-300)))
    assert fast == pytest.approx(DIRECT.score(zh, name), abs=1e-6)


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
