"""What a matcher is given: parameters, the list, the arguments of a call; and what it says of wrong ones."""

import inspect

import pandas as pd
import pytest

from entitymatch import EntityMatchError, Lexicon, Matcher
from entitymatch.blocking import default_blockers
from entitymatch.scoring import default_scoring_model


def test_parameters_are_keyword_only_and_kept_as_given() -> None:
    lexicon, kinds = Lexicon.default(), ["sound", "alias"]
    given_values = {
        "prior": 0.2,
        "link_threshold": 0.8,
        "possible_threshold": 0.1,
        "lexicon": lexicon,
        "without": kinds,
        "blockers": list(default_blockers()),
        "scoring": default_scoring_model(),
    }
    matcher = Matcher(**given_values)
    for name, value in given_values.items():
        assert getattr(matcher, name) is value
    parameters = inspect.signature(Matcher).parameters
    assert list(parameters) == list(given_values)
    assert all(p.kind is inspect.Parameter.KEYWORD_ONLY for p in parameters.values())
    with pytest.raises(TypeError):
        Matcher(0.2)


def test_defaults() -> None:
    matcher = Matcher()
    assert matcher.prior == 0.05
    assert (matcher.link_threshold, matcher.possible_threshold, matcher.lexicon, tuple(matcher.without)) == (
        None,
        None,
        None,
        (),
    )


def test_fit_returns_the_matcher_and_leaves_the_parameters_alone() -> None:
    matcher = Matcher(prior=0.3, without=["sound"])
    assert matcher.fit(["HSBC"]) is matcher
    assert (matcher.prior, matcher.without, matcher.link_threshold) == (0.3, ["sound"], None)
    assert matcher.references_.names == ["HSBC"]


def test_fitting_again_forgets_the_first_list() -> None:
    matcher = Matcher(prior=0.5).fit(["Pfizer"])
    matcher.match(["清华大学"])
    assert matcher.fit(["Tsinghua University"]) is matcher
    pd.testing.assert_frame_equal(
        matcher.match(["清华大学"]).to_pandas(),
        Matcher(prior=0.5).fit(["Tsinghua University"]).match(["清华大学"]).to_pandas(),
    )


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"prior": 0}, "prior is 0"),
        ({"prior": 1.0}, "prior is 1.0"),
        ({"prior": float("nan")}, "prior is nan"),
        ({"prior": -3}, "between 0 and 1"),
        ({"prior": "high"}, "prior is 'high'"),
        ({"prior": None}, "prior is None"),
        ({"lexicon": {"HSBC": "狮子银行"}}, "lexicon is of type dict"),
        ({"link_threshold": 1.5}, "link_threshold is 1.5"),
        ({"possible_threshold": -0.1}, "possible_threshold is -0.1"),
        ({"without": ["magic"]}, "'magic'.*alias, translation, reading"),
        ({"without": "alias"}, r"give a list, \['alias'\]"),
    ],
)
def test_a_wrong_parameter_is_told_when_fitting(parameters: dict, message: str) -> None:
    matcher = Matcher(**parameters)
    with pytest.raises(EntityMatchError, match=message):
        matcher.fit(["HSBC"])


@pytest.mark.parametrize(
    ("references", "arguments", "message"),
    [
        ([], {}, "empty"),
        (["", None], {}, "empty"),
        (pd.DataFrame({"name": ["HSBC"]}), {"name": "company"}, "'company'.*'name'"),
        (pd.DataFrame({"name": ["HSBC"]}), {"name": "name", "id": "key"}, "'key'"),
        (pd.DataFrame({"name": ["HSBC"]}), {"name": "name", "aliases": "also"}, "'also'"),
        (pd.DataFrame({"name": ["HSBC", "Pfizer"], "id": [1, 1]}), {"name": "name", "id": "id"}, "repeats"),
        (pd.DataFrame({"name": [1, 2]}), {"name": "name"}, "numbers"),
        ("HSBC", {}, "single string"),
    ],
)
def test_a_wrong_list_is_told(references: object, arguments: dict, message: str) -> None:
    with pytest.raises(EntityMatchError, match=message):
        Matcher().fit(references, **arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        {"top_k": 0},
        {"top_k": -1},
        {"top_k": 2.5},
        {"top_k": "5"},
        {"top_k": None},
        {"batch_size": 0},
        {"threshold": 7},
        {"threshold": float("nan")},
        {"threshold": "high"},
        {"name": "branch"},
        {"id": "row"},
    ],
)
def test_a_wrong_argument_of_match_is_told(matcher: Matcher, arguments: dict) -> None:
    register = pd.DataFrame({"company": ["汇丰银行"]}) if "name" in arguments else ["汇丰银行"]
    with pytest.raises(EntityMatchError, match=next(iter(arguments.values())) if "name" in arguments else None):
        matcher.match(register, **arguments)


@pytest.mark.parametrize("call", [lambda m: m.match(["x"]), lambda m: m.explain("x", 0), lambda m: m.save("x.npz")])
def test_a_matcher_that_is_not_fitted_says_so(call) -> None:
    with pytest.raises(EntityMatchError, match="not fitted"):
        call(Matcher())


def test_parameters_count_from_the_fit_on() -> None:
    matcher = Matcher(prior=0.5).fit(["Pfizer"])
    before = matcher.match(["辉瑞制药"], threshold=0.0).to_pandas()
    matcher.prior = 0.01
    pd.testing.assert_frame_equal(matcher.match(["辉瑞制药"], threshold=0.0).to_pandas(), before)
    assert matcher.fit(["Pfizer"]).match(["辉瑞制药"], threshold=0.0).to_pandas()["score"][0] < before["score"][0]


def test_progress_shows_a_bar_on_stderr_only(matcher: Matcher, capsys: pytest.CaptureFixture[str]) -> None:
    matcher.match(["清华大学"], progress=True)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "matching" in shown.err
    matcher.match(["清华大学"])
    assert capsys.readouterr() == ("", "")


def test_repr_names_the_parameters_and_the_size_of_the_list() -> None:
    assert repr(Matcher(prior=0.2).fit(["HSBC", "Pfizer"])) == "<Matcher(prior=0.2): 2 references>"
    assert (
        repr(Matcher(without=["alias"], link_threshold=0.9))
        == "<Matcher(prior=0.05, link_threshold=0.9, without=('alias',))>"
    )
