import json
import math

import pytest
from rich.cells import cell_len

from entitymatch.explanation import Explanation, Term

TERMS = (
    Term("alias", 9.5, "汇丰", "HSBC", "organisations"),
    Term("place", 0.75, "上海", "Shanghai"),
    Term("prior", -4.25),
)


def explanation():
    return Explanation("汇丰银行上海分行", "HSBC Shanghai", TERMS, match_weight=6.0, score=0.98, decision="link")


def test_terms_must_add_up():
    with pytest.raises(ValueError, match=r"add up to 6\.0 bits, but the match weight is 6\.1"):
        Explanation("汇丰", "HSBC", TERMS, match_weight=6.1, score=0.98)
    with pytest.raises(ValueError, match="nan"):
        Explanation("汇丰", "HSBC", TERMS, match_weight=math.nan, score=0.98)


def test_text_shows_every_term_and_the_sum():
    lines = str(explanation()).splitlines()
    assert lines[0] == "汇丰银行上海分行 = HSBC Shanghai?  link, score 0.980"
    assert [line.split()[:2] for line in lines[2:]] == [
        ["alias", "+9.50"],
        ["place", "+0.75"],
        ["prior", "-4.25"],
        ["sum", "+6.00"],
    ]


def test_columns_stand_under_one_another_in_a_terminal():
    lines = str(explanation()).splitlines()
    starts = {
        cell_len(line[: line.index(word)])
        for line, word in zip(lines[1:4], ("reference", "HSBC", "Shanghai"), strict=True)
    }
    assert len(starts) == 1


def test_dict_is_json():
    values = json.loads(json.dumps(explanation().to_dict()))
    assert values["decision"] == "link"
    assert values["terms"][0] == {
        "kind": "alias",
        "bits": 9.5,
        "query_text": "汇丰",
        "reference_text": "HSBC",
        "source": "organisations",
        "detail": "",
        "query_span": None,
        "reference_span": None,
    }
    assert math.fsum(term["bits"] for term in values["terms"]) == values["match_weight"]


def test_the_steps_of_a_waterfall_join_and_end_at_the_match_weight():
    steps = explanation().waterfall()
    assert steps["term"].tolist() == ["prior", "alias", "place", "match_weight"]
    assert steps["start"].tolist() == [0.0, -4.25, 5.25, 0.0]
    assert steps["end"].tolist() == [-4.25, 5.25, 6.0, 6.0]
    assert steps["bits"].tolist() == [-4.25, 9.5, 0.75, 6.0]
    assert steps[["query_text", "reference_text", "source"]].values.tolist()[1] == ["汇丰", "HSBC", "organisations"]


def test_the_reason_is_told_where_a_person_has_to_decide():
    shown = Explanation("汇丰", "HSBC", TERMS, 6.0, 0.98, "possible_link", "too close to tell from Huifeng Paper")
    assert (
        str(shown).splitlines()[0] == "汇丰 = HSBC?  possible_link, score 0.980: too close to tell from Huifeng Paper"
    )
    assert shown.to_dict()["reason"] == shown.waterfall()["detail"].iloc[-1] == "too close to tell from Huifeng Paper"
