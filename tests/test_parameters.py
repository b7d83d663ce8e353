"""The parameters of a matcher in the manner of scikit-learn, which need not be installed."""

import inspect
import subprocess
import sys

import pytest

from entitymatch import EntityMatchError, Lexicon, Matcher

GIVEN = {"prior": 0.2, "link_threshold": 0.9, "possible_threshold": 0.3, "without": ["sound"]}


def test_parameters_come_back_as_they_were_given():
    matcher = Matcher(**GIVEN)
    parameters = matcher.get_params()
    assert list(parameters) == list(inspect.signature(Matcher).parameters)
    assert {name: parameters[name] for name in GIVEN} == GIVEN
    assert parameters["without"] is GIVEN["without"]
    assert parameters["lexicon"] is None


def test_parameters_can_be_set_and_unknown_ones_are_told():
    matcher = Matcher()
    assert matcher.set_params(**GIVEN) is matcher
    assert matcher.get_params() == Matcher(**GIVEN).get_params()
    with pytest.raises(EntityMatchError, match="no parameter 'treshold'; it has prior, link_threshold"):
        matcher.set_params(prior=0.1, treshold=1)
    assert matcher.prior == 0.2  # nothing is set where one name is wrong


def test_a_parameter_takes_effect_when_the_matcher_is_fitted_next():
    matcher = Matcher(prior=0.01).fit(["HSBC"])
    before = matcher.explain("汇丰银行", 0).match_weight
    matcher.set_params(prior=0.5)
    assert matcher.explain("汇丰银行", 0).match_weight == before
    assert matcher.fit(["HSBC"]).explain("汇丰银行", 0).match_weight > before


def test_scikit_learn_clones_a_matcher():
    base = pytest.importorskip("sklearn.base")
    lexicon = Lexicon.default().with_aliases({"Acme Anvils": ["阿珂姆"]})
    matcher = Matcher(**GIVEN, lexicon=lexicon).fit(["Acme Anvils"])
    clone = base.clone(matcher)
    assert clone is not matcher
    assert not hasattr(clone, "references_")
    assert {name: clone.get_params()[name] for name in GIVEN} == GIVEN
    assert (
        clone.fit(["Acme Anvils"])
        .match(["阿珂姆有限公司"])
        .to_pandas()
        .equals(matcher.match(["阿珂姆有限公司"]).to_pandas())
    )


def test_scikit_learn_sets_parameters_in_a_grid():
    selection = pytest.importorskip("sklearn.model_selection")
    grid = [Matcher().set_params(**point).prior for point in selection.ParameterGrid({"prior": [0.1, 0.5]})]
    assert grid == [0.1, 0.5]


def test_scikit_learn_is_not_imported():
    script = "import sys; from entitymatch import Matcher; Matcher().get_params(); print('sklearn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
