"""The way back from features to the string as given."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entitymatch.features import FeatureExtractor, feature_spans
from entitymatch.names import normalize
from tests.examples import examples

EXTRACTOR = FeatureExtractor()
ALPHABET = "汇丰滙豐银行（）()中共党支部委员会上海分公司有限 AaBbé·'．&-ＡＢ０1ﬁ㈱\t,、第三①"


def check(text: str) -> None:
    features, spans = EXTRACTOR.extract(text), feature_spans(text)
    assert len(spans.han) == len(features.han)
    assert len(spans.words) == len(features.words)
    for character, (start, end) in zip(features.han, spans.han, strict=True):
        assert start < end
        assert character in normalize(text[start:end]) or character in normalize(text)
    for one, two in zip(spans.words, spans.words[1:], strict=False):
        assert one <= two


@pytest.mark.parametrize(
    ("text", "han", "shown"),
    [
        ("中共匯豐銀行（中國） 有限公司", (0, 4), "匯豐銀行"),
        ("中共匯豐銀行（中國） 有限公司", (4, 6), "中國"),
        ("中共匯豐銀行（中國） 有限公司", (0, 6), "匯豐銀行（中國"),
        ("　㈱日立　", (0, 3), "㈱日立"),
    ],
)
def test_characters_stand_where_they_stood(text: str, han: tuple[int, int], shown: str) -> None:
    span = feature_spans(text).of_han(*han)
    assert span is not None
    assert text[slice(*span)] == shown


def test_words_stand_where_they_stood() -> None:
    text = "  Ｒolls‐Royce（China）Ltd."
    spans = feature_spans(text)
    assert [text[start:end] for start, end in spans.words] == ["Ｒolls", "Royce", "China", "Ltd"]
    assert spans.of_words(1, 1) is None


@given(st.text(alphabet=ALPHABET, max_size=20))
@settings(max_examples=examples(300), deadline=None)
def test_every_feature_has_a_span(text: str) -> None:
    check(text)


@given(st.text(max_size=20))
@settings(max_examples=examples(200), deadline=None)
def test_any_string_is_answered(text: str) -> None:
    check(text)
