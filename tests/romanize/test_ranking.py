import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entitymatch.romanize import Transliteration, rank_by_sound
from entitymatch.romanize.direct import Direct
from entitymatch.romanize.ranking import _step
from tests.examples import examples
from tests.romanize.plain import PlainDirect, PlainTransliteration

MODEL = Transliteration.load_default()
HAN = st.text(alphabet="霍尼韦尔西门子罗斯圳鑫犇A1", min_size=1, max_size=5)
PLAIN_DIRECT = [PlainDirect(MODEL, direct) for direct in MODEL.direct]
LATIN = ["Siemens", "Nokia", "Honeywell", "Schneider", "Rolls-Royce", "Yamaha", "123", "", "Motorola"]
CHINESE = ["霍尼韦尔", "西门子", "雅马哈", "诺基亚", "Nokia", "摩托罗拉"]


def test_ranks_by_the_sum_of_both_directions() -> None:
    plain = PlainTransliteration(MODEL)
    ranked = rank_by_sound(CHINESE, LATIN, 9)
    for zh, row in zip(CHINESE, ranked, strict=True):
        named = [LATIN[j] for j in row if j >= 0]
        both = [plain.score(zh, latin) + 0.75 * sum(d.score(zh, latin) for d in PLAIN_DIRECT) for latin in named]
        both = [max(score, -900.0) for score in both]
        assert both == sorted(both, reverse=True)


@pytest.mark.parametrize("direct", MODEL.direct, ids=["forward", "backward"])
def test_what_can_be_read_from_letters_is_a_probability(direct: Direct) -> None:
    """When the letters are used up, a name ends or has one more silent character."""
    channel, names = MODEL.channel, ["nokia", "x"]
    reader = direct.reader(names, channel.character_syllable, channel.skeletons)
    step = sum(reader.emission(row)[0] for row in range(len(channel.characters)))
    at = reader.windows.starts if direct.backward else reader.windows.ends
    np.testing.assert_allclose(step[at] + reader.stop, 1.0, atol=2e-2)


@settings(max_examples=examples(40), deadline=None)
@given(
    st.text(alphabet="霍尼韦尔西门子罗斯圳鑫犇A1", min_size=1, max_size=5),
    st.text(alphabet="honeywlsrtkxq", max_size=10),
)
def test_the_direct_model_is_that_of_plain_python(zh: str, latin: str) -> None:
    name = latin or "x"
    channel = MODEL.channel
    for plain in PLAIN_DIRECT:
        reader = plain.direct.reader([name, "nokia"], channel.character_syllable, channel.skeletons)
        total = np.zeros(len(reader.windows.keys[0]))
        total[reader.windows.starts] = 1.0
        for row in channel.rows(zh):
            total = _step(total, reader.emission(row))
        fast = float(np.log2(max(total[reader.windows.ends[0]] * reader.stop[0], 1e-300)))
        assert fast == pytest.approx(plain.score(zh, name), abs=1e-6)


@settings(max_examples=examples(20), deadline=None)
@given(st.permutations(range(len(CHINESE))), st.integers(1, 9))
def test_order_of_names_changes_nothing(order: list[int], top_k: int) -> None:
    ranked = rank_by_sound(CHINESE, LATIN, top_k)
    np.testing.assert_array_equal(rank_by_sound([CHINESE[i] for i in order], LATIN, top_k), ranked[order])
