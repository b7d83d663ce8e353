import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entitymatch.romanize import Transliteration, sound_keys, sound_keys_han, sound_keys_latin
from entitymatch.romanize.sound_keys import (
    _SYMBOLS as SYMBOLS,
)
from entitymatch.romanize.sound_keys import (
    BEAM,
    CHOICES,
    LEAST_KEY,
    SIZES,
    code_keys,
    key_codes,
    sound_codes_han,
)
from tests.examples import examples


@pytest.mark.parametrize(
    ("zh", "latin", "at_least"),
    [
        ("霍尼韦尔", "Honeywell", 6),
        ("施耐德", "Schneider", 6),
        ("卡罗林斯卡", "Karolinska", 12),
        ("米其林", "Michelin", 6),
        ("科力远", "Corun", 3),
    ],
)
def test_names_that_sound_alike_share_long_keys(zh: str, latin: str, at_least: int) -> None:
    shared = {key for key, _ in sound_keys_han(zh)} & {key for key, _ in sound_keys_latin(latin)}
    assert len([key for key in shared if len(key) >= 5]) >= at_least


def test_strangers_share_few() -> None:
    shared = {key for key, _ in sound_keys_han("霍尼韦尔")} & {key for key, _ in sound_keys_latin("Karolinska")}
    assert not [key for key in shared if len(key) >= 6]


@settings(max_examples=examples(40), deadline=None)
@given(st.text(max_size=6))
def test_any_string_is_answered_with_distinct_weighted_keys(text: str) -> None:
    for keys in (sound_keys_han(text), sound_keys_latin(text)):
        assert len({key for key, _ in keys}) == len(keys)
        assert all(0 < weight <= 1.0001 for _, weight in keys)


def test_nothing_to_hear() -> None:
    assert sound_keys_han("ABC 12") == sound_keys_latin("12 汇丰") == []


def plainly_expected(rows: list[int], kind: int) -> dict[int, float]:
    """How often each piece is expected, string by string: what the shipped code works out for all names at once."""
    choices = sound_keys._choices()
    expected: dict[int, float] = {}
    strings = {"^": 1.0}
    for row in [*rows, choices.symbols.shape[1] - 1]:
        longer: dict[str, float] = {}
        for ending, so_far in strings.items():
            for choice in range(CHOICES):
                weight = so_far * float(choices.probability[kind, row, choice])
                symbols, size = int(choices.symbols[kind, row, choice]), int(choices.lengths[kind, row, choice])
                classes = "".join(SYMBOLS[(symbols >> 4 * at & 0xF) - 1] for at in range(size - 1, -1, -1))
                if not weight:
                    continue
                whole = ending + classes.removeprefix(ending[-1])
                for end in range(len(ending) + 1, len(whole) + 1):
                    for length in SIZES:
                        if length <= end:
                            code = int(key_codes([f"{'cv'[kind]}:{whole[end - length : end]}"])[0])
                            expected[code] = expected.get(code, 0.0) + weight
                longer[whole[-3:]] = longer.get(whole[-3:], 0.0) + weight
        best = sorted(longer.items(), key=lambda item: (-item[1], item[0]))[:BEAM]
        total = sum(weight for _, weight in best) if len(longer) > BEAM else 1.0
        strings = {ending: weight / total for ending, weight in best}
    return expected


@settings(max_examples=examples(30), deadline=None)
@given(st.lists(st.text("霍尼韦尔西门子罗斯伊上海卡林奥迪爱立信长", max_size=7), max_size=5))
def test_many_names_at_once_get_what_each_gets_by_itself(texts: list[str]) -> None:
    found = sound_codes_han(texts)
    rows_of = Transliteration.load_default().channel.rows
    for number, text in enumerate(texts):
        row = found[number]
        plain = {**plainly_expected(rows_of(text), 0), **plainly_expected(rows_of(text), 1)} if text else {}
        wanted = {code: min(weight, 1.0) ** 0.5 for code, weight in plain.items() if weight > LEAST_KEY}
        assert dict(zip(row.indices.tolist(), row.data.tolist(), strict=True)) == pytest.approx(wanted)
        alone = dict(sound_keys_han(text))
        assert dict(zip(code_keys(row.indices), row.data.tolist(), strict=True)) == pytest.approx(alone, abs=1e-12)
