"""Any string is answered, and any can stand on the list."""

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from entitymatch import Matcher
from tests.examples import examples
from tests.matcher.checks import check


@pytest.mark.parametrize(
    "text",
    [
        "清华大学霍尼韦尔西门子" * 200,
        "清华大学，" * 600,
        "Siemens of " * 500,
        "（" * 3000,
        "A" * 5000,
        "支部委员会" * 300,
    ],
)
def test_a_string_as_long_as_a_page_is_answered(matcher: Matcher, text: str) -> None:
    table = matcher.match([text, "清华大学"], threshold=0.0).to_pandas()
    assert table[table["query"] == "清华大学"]["reference"].iloc[0] == "Tsinghua University"
    assert np.isfinite(table["match_weight"]).all()


@given(st.lists(st.text(max_size=25), max_size=5))
@example(["", "\x00"])
@example(["汇丰银行", "汇丰银行\x00纸业", "\ud800"])
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_string_is_answered(matcher: Matcher, strings: list[str]) -> None:
    links = matcher.match(strings, threshold=0.0)
    table = links.to_pandas()
    assert np.isfinite(table["match_weight"]).all()
    assert table["score"].between(0, 1).all()
    assert set(table["query_id"]) <= set(range(len(strings)))
    assert links.skipped == sum(not text.strip() for text in strings)
    for position in range(min(len(links), 2)):
        check(links.explain(position), table.iloc[position])


@given(st.lists(st.text(min_size=1, max_size=15).filter(str.strip), min_size=1, max_size=4))
@settings(max_examples=examples(30), deadline=None)
def test_any_string_can_stand_on_the_list(names: list[str]) -> None:
    table = Matcher().fit(names).match([*names, "汇丰银行", "HSBC"], threshold=0.0).to_pandas()
    assert np.isfinite(table["match_weight"]).all()
    assert set(table["reference_id"]) <= set(range(len(names)))
