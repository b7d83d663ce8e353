import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entitymatch.romanize import Transliteration, spell, spell_latin
from entitymatch.romanize.letters import letters, number, skeleton, spans, string
from tests.examples import examples
from tests.romanize.plain import PlainTransliteration

MODEL = Transliteration.load_default()
PLAIN = PlainTransliteration(MODEL)
HAN = st.text(alphabet="霍尼韦尔西门子罗斯圳鑫犇A1", max_size=6)
LATIN = st.text(alphabet="honeywlsrtkxq -é1", max_size=12)

ALIKE = [
    ("霍尼韦尔", "Honeywell"), ("西门子", "Siemens"), ("施耐德", "Schneider"), ("诺基亚", "Nokia"),
    ("罗尔斯罗伊斯", "Rolls-Royce"),
    ("卡罗林斯卡", "Karolinska"), ("美特斯邦威", "Metersbonwe"), ("科力远", "Corun"), ("海尔", "Haier"),
    ("米其林", "Michelin"),
    ("阿迪达斯", "Adidas"), ("爱立信", "Ericsson"), ("摩托罗拉", "Motorola"), ("雅马哈", "Yamaha"),
    ("麦当劳", "McDonald's"),
    ("圣安德鲁斯", "St Andrews"), ("费列罗", "Ferrero"), ("博朗", "Braun"), ("西雅图", "Seattle"), ("欧姆龙", "Omron"),
]  # fmt: skip


@pytest.mark.parametrize(("zh", "latin"), ALIKE)
def test_names_that_sound_alike_score_above_all_others(zh: str, latin: str) -> None:
    others = [name for _, name in ALIKE]
    scores = MODEL.score_pairs([zh] * len(others), others)
    assert others[int(np.argmax(scores))] == latin
    assert scores.max() > 0


def test_batched_scores_equal_the_plain_ones() -> None:
    zh = [zh for zh, _ in ALIKE for _ in ALIKE]
    latin = [latin for _ in ALIKE for _, latin in ALIKE]
    plain = [PLAIN.score(z, name) for z, name in zip(zh, latin, strict=True)]
    np.testing.assert_allclose(MODEL.score_pairs(zh, latin), plain, rtol=0, atol=1e-4)


@settings(max_examples=examples(60), deadline=None)
@given(HAN, LATIN)
def test_any_pair_scores_as_in_plain_python(zh: str, latin: str) -> None:
    plain = PLAIN.score(zh, latin)
    fast = MODEL.score(zh, latin)
    assert fast == pytest.approx(plain, abs=1e-4)


@settings(max_examples=examples(30), deadline=None)
@given(st.lists(st.tuples(HAN, LATIN), max_size=8))
def test_a_pair_scores_the_same_in_any_batch(pairs: list[tuple[str, str]]) -> None:
    together = MODEL.score_pairs([zh for zh, _ in pairs], [latin for _, latin in pairs])
    alone = [MODEL.score(zh, latin) for zh, latin in pairs]
    np.testing.assert_array_equal(together, np.array(alone))


@settings(max_examples=examples(40), deadline=None)
@given(HAN, LATIN)
def test_substring_scores_are_the_scores_of_the_substring(zh: str, latin: str) -> None:
    found = MODEL.score_substrings([zh], [latin])
    read = "".join(character for character in zh if character not in "A1")
    start, end = int(found.start[0]), int(found.end[0])
    if start < 0:
        assert len(letters(latin)) == 0 or len(letters(latin)) > 6 * len(read)
        assert found.score[0] == -np.inf
    else:
        assert 0 <= start < end <= len(read)
        assert found.score[0] == pytest.approx(MODEL.score(read[start:end], latin), abs=1e-9)


@settings(max_examples=examples(40), deadline=None)
@given(st.lists(st.tuples(HAN, LATIN), min_size=1, max_size=8), st.floats(-10, 40))
def test_scores_from_the_bits_of_interest_on_are_exact_and_the_others_stay_below(
    pairs: list[tuple[str, str]], at_least: float
) -> None:
    zh, latin = [zh for zh, _ in pairs], [latin for _, latin in pairs]
    exact = MODEL.score_substrings(zh, latin)
    quick = MODEL.score_substrings(zh, latin, at_least=at_least)
    above = exact.score >= at_least
    np.testing.assert_array_equal(quick.score[above], exact.score[above])
    assert (quick.score[~above] < at_least).all()
    assert (quick.score <= exact.score + 1e-9).all()
    np.testing.assert_array_equal(quick.start, exact.start)
    np.testing.assert_array_equal(quick.end, exact.end)


def test_a_pair_that_cannot_reach_the_bits_of_interest_keeps_those_of_its_best_alignment() -> None:
    exact = MODEL.score_substrings(["霍尼韦尔"], ["Honeywell"])
    near = MODEL.score_substrings(["霍尼韦尔"], ["Honeywell"], at_least=float(exact.score[0]))
    far = MODEL.score_substrings(["霍尼韦尔"], ["Honeywell"], at_least=100.0)
    assert far.score[0] < near.score[0] == exact.score[0]


def test_the_core_is_found_inside_a_longer_name() -> None:
    found = MODEL.score_substrings(["上海霍尼韦尔环境技术"], ["Honeywell"])
    assert (found.start[0], found.end[0]) == (2, 6)


def test_no_numbers_for_nothing() -> None:
    assert MODEL.score_pairs([], []).shape == (0,)
    assert MODEL.score("", "Honeywell") == MODEL.score("霍尼韦尔", "123") == -math.inf


def test_unequal_lists_are_refused() -> None:
    with pytest.raises(ValueError, match="2 Chinese names but 1 Latin"):
        MODEL.score_pairs(["霍", "尼"], ["Honeywell"])


@settings(max_examples=examples(40), deadline=None)
@given(HAN, LATIN)
def test_an_alignment_spells_both_names(zh: str, latin: str) -> None:
    pairs = MODEL.align(zh, latin).pairs
    if pairs:
        assert "".join(letters_ for _, letters_ in pairs) == letters(latin)
        assert "".join(character for character, _ in pairs) == zh.replace("A", "").replace("1", "")


def test_alignment_is_the_expected_one() -> None:
    assert str(MODEL.align("罗尔斯", "Rolls")) == "罗→ro 尔→ll 斯→s"


@pytest.mark.parametrize(
    ("latin", "pinyin"), [("Honeywell", "huo ni wei er"), ("Siemens", "xi men si"), ("Schneider", "shi nai de")]
)
def test_spells_in_chinese(latin: str, pinyin: str) -> None:
    found = spell(latin, 5)
    assert found[0][0] == pinyin
    assert [p for _, p in found] == sorted((p for _, p in found), reverse=True)
    assert 0 < sum(p for _, p in found) <= 1


def test_spells_in_latin() -> None:
    assert spell_latin("诺基亚", 1)[0][0] == "nokia"
    assert spell_latin("", 3) == spell("", 3) == []


def test_saved_model_is_the_same_and_has_the_same_bytes(tmp_path: Path) -> None:
    MODEL.save(tmp_path / "a.npz")
    again = Transliteration.load(tmp_path / "a.npz")
    again.save(tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    assert (tmp_path / "a.npz").stat().st_size < 1_500_000
    assert again.score("西门子", "Siemens") == MODEL.score("西门子", "Siemens")


def test_another_npz_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", a=np.zeros(3))
    with pytest.raises(ValueError, match="not a transliteration model"):
        Transliteration.load(tmp_path / "x.npz")


@given(st.text(alphabet="abcxyz", max_size=6))
def test_numbers_of_strings_turn_back(text: str) -> None:
    assert string(number(text)) == text


@given(st.lists(st.text(alphabet="abcz", max_size=9), max_size=4))
def test_spans_are_the_substrings(names: list[str]) -> None:
    found = spans(names)
    for row, name in enumerate(names):
        for start in range(found.shape[1]):
            for size in range(found.shape[2]):
                fits = start + size <= len(name)
                assert found[row, start, size] == (number(name[start : start + size]) if fits else -1)


@given(st.text())
def test_any_string_folds_to_letters(text: str) -> None:
    assert all("a" <= letter <= "z" for letter in letters(text))
    assert skeleton(letters(text)).isascii()


@pytest.mark.parametrize(
    ("zh", "latin", "other"),
    [("恒生", "Hang Seng", "Hangzhou"), ("长江", "Cheung Kong", "Changan"), ("永隆", "Wing Lung", "Yong Le")],
)
def test_hong_kong_spellings_are_heard(zh: str, latin: str, other: str) -> None:
    assert MODEL.score(zh, latin) > max(8.0, MODEL.score(zh, other))


def test_the_spellings_of_hong_kong_take_little_from_the_others() -> None:
    channel = MODEL.channel
    assert len(channel.cantonese.rows) > 0
    assert channel.cantonese.rest.min() >= 0.98
    totals = np.bincount(channel.cantonese.rows, channel.cantonese.shares, minlength=len(channel.characters))
    np.testing.assert_allclose(totals + channel.cantonese.rest, 1.0, atol=1e-6)


def test_substrings_looked_up_before_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    channel = Transliteration.load_default().channel
    monkeypatch.setattr("entitymatch.romanize.channel._MOST_CELLS", 3)
    for names in (["siemens", "nokia", "siemens"], ["nokia", "bosch"], list("abcde"), ["bosch"]):
        for remembered, anew in zip(channel.remembered_cells(names), channel.cells(names), strict=True):
            assert (remembered.columns == anew.columns).all()
            assert (remembered.factors == anew.factors).all()
        assert len(channel._cells) <= 3
