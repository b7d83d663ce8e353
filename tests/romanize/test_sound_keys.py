import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entitymatch.romanize import sound_keys_han, sound_keys_latin


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


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=6))
def test_any_string_is_answered_with_distinct_weighted_keys(text: str) -> None:
    for keys in (sound_keys_han(text), sound_keys_latin(text)):
        assert len({key for key, _ in keys}) == len(keys)
        assert all(0 < weight <= 1.0001 for _, weight in keys)


def test_nothing_to_hear() -> None:
    assert sound_keys_han("ABC 12") == sound_keys_latin("12 汇丰") == []
