"""What holds for any string whatever."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from entitymatch.names import OrganizationName, PartKind, has_han, normalize, parse
from entitymatch.names.model import join
from entitymatch.names.vocabulary import han, latin
from tests.examples import examples

LETTER = re.compile(r"[^\W_]")


def pieces_of_names() -> st.SearchStrategy[str]:
    """Strings built of the very words the parser looks for: the likeliest to confuse it."""
    chinese = han()
    words = sorted(
        {
            *chinese.places.words, *chinese.trades.words, *chinese.forms.words, *chinese.units.words,
            *chinese.front_end.words, *chinese.front.words, *chinese.middle.words,
        }
    )  # fmt: skip
    english = sorted(
        {" ".join(p) for v in (latin().places, latin().trades, latin().forms, latin().units) for p in v.phrases}
    )
    marks = [
        *"()（）【】 　·-,，&.第一二3号附属华a汇丰滙豐銀",
        " of ",
        " and ",
        "The ",
        ", ",
        "HSBC",
        "Siemens ",
        "é",
    ]
    piece = st.one_of(st.sampled_from(words), st.sampled_from(english), st.sampled_from(marks))
    return st.lists(piece, max_size=9).map("".join) | st.lists(st.sampled_from(english), max_size=6).map(" ".join)


any_name = st.one_of(st.text(st.characters(), max_size=30), pieces_of_names())  # lone surrogates among them


def check(name: OrganizationName) -> None:
    position = 0
    for part in name.parts:
        assert position <= part.start < part.end <= len(name.original)
        position = part.end
        assert part.text
        assert part.text in name.text
        # What the span covers in the original is, normalised, what the part says.
        covered = normalize(name.original[part.start : part.end])
        # One character may be several when normalised, and a part may leave its sign aside: "🄀" is "0.".
        assert [c for c in covered if c.isalnum()] == [c for c in normalize(part.text) if c.isalnum()]


@given(any_name)
@settings(max_examples=examples(1500), deadline=None)
@example("中共　汇丰銀行〔中國〕（上海）有限公司")
@example("é́ Ltd.")
def test_spans_are_true(text: str) -> None:
    check(parse(text))


@given(any_name)
@settings(max_examples=examples(1500), deadline=None)
def test_core_is_parsed_to_itself(text: str) -> None:
    core = parse(text).core
    assert parse(core).core == core


@given(any_name)
@settings(max_examples=examples(800), deadline=None)
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


@given(any_name)
@settings(max_examples=examples(800), deadline=None)
def test_nothing_is_lost(text: str) -> None:
    """Every Han character of the normal form is in a part; a string with letters has a name."""
    name = parse(text)
    if has_han(text):
        assert has_han(name.text)
    assert join(p.text for p in name.parts).count("") >= 1
    covered = "".join(part.text for part in name.parts)
    missing = [char for char in set(name.text) if has_han(char) and name.text.count(char) > covered.count(char)]
    assert not missing
    if LETTER.search(name.text):
        assert name.name


@given(st.text(max_size=60))
@settings(max_examples=examples(300), deadline=None)
def test_answer_does_not_depend_on_what_was_parsed_before(text: str) -> None:
    assert parse(text) == parse(text)
    assert all(isinstance(part.kind, PartKind) for part in parse(text).parts)
