"""The stretch of a Chinese name and the words of a Latin one that sound most alike."""

import pytest

from entitymatch.romanize import Transliteration

MODEL = Transliteration.load_default()


@pytest.mark.parametrize(
    ("zh", "latin", "part", "words"),
    [
        ("上海霍尼韦尔环境技术", "Honeywell Environmental Technology", "霍尼韦尔", "Honeywell"),
        ("罗尔斯罗伊斯商贸（北京）", "Rolls Royce Trading", "罗尔斯罗伊斯", "Rolls Royce"),
        ("无锡施耐德工业设备", "Jos. Schneider Optical Works", "施耐德", "Schneider"),
    ],
)
def test_it_finds_the_name_within_the_names(zh: str, latin: str, part: str, words: str) -> None:
    found = MODEL.best_match(zh, latin)
    assert found is not None
    assert (found.zh, found.latin) == (part, words)
    assert found.score == pytest.approx(MODEL.score(part, words))
    assert "".join(character for character, _ in found.alignment.pairs) == part
    assert " ".join(latin.split()[slice(*found.word_span)]) == words


def test_no_run_of_words_sounds_better() -> None:
    found = MODEL.best_match("罗尔斯罗伊斯", "Rolls Royce Trading", most_words=1)
    joined = MODEL.best_match("罗尔斯罗伊斯", "Rolls Royce Trading", most_words=2)
    assert found is not None
    assert joined is not None
    assert joined.score > found.score
    assert found.word_span[1] - found.word_span[0] == 1


@pytest.mark.parametrize(("zh", "latin"), [("", "Nokia"), ("诺基亚", ""), ("诺基亚", "123 –"), ("Nokia", "Nokia")])
def test_nothing_to_compare(zh: str, latin: str) -> None:
    assert MODEL.best_match(zh, latin) is None


def test_no_words_at_all_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="most_words is 0"):
        MODEL.best_match("诺基亚", "Nokia", most_words=0)
