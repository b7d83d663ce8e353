import sys
from importlib import import_module
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from tests.stub import LINK, StubMatcher

REGISTER = pd.DataFrame(
    {
        "branch": ["汇丰银行", None, "渣打银行", "汇丰银行", "无关公司"],
        "city": ["上海", "上海", "北京", "北京", "上海"],
    },
    index=["a", "b", "c", "d", "e"],
)
COMPANIES = pd.DataFrame(
    {"name": ["Pfizer", "HSBC", None, "Standard Chartered"], "city": ["上海"] * 4}, index=[10, 11, 12, 13]
)


@pytest.fixture
def toolkit(monkeypatch):
    """The toolkit, and the stub where the integration looks for the matcher."""
    recordlinkage = pytest.importorskip("recordlinkage")
    integration = import_module("entitymatch.integrations.recordlinkage")

    def score_pairs(queries, references):
        scored.append(len(queries))
        decide = StubMatcher().decide
        return np.array([8.0 if decide(q, r) == LINK else -8.0 for q, r in zip(queries, references, strict=True)])

    scored = []
    monkeypatch.setitem(sys.modules, "entitymatch.matcher", SimpleNamespace(Matcher=StubMatcher))
    monkeypatch.setitem(sys.modules, "entitymatch.scoring", SimpleNamespace(score_pairs=score_pairs))
    return recordlinkage, integration, scored


def test_index_pairs_the_labels_of_both_tables(toolkit):
    recordlinkage, integration, _ = toolkit
    indexer = recordlinkage.Index()
    indexer.add(integration.OrganizationIndex("branch", "name", top_k=1))
    pairs = indexer.index(REGISTER, COMPANIES)
    assert isinstance(pairs, pd.MultiIndex)
    assert [pair for pair in pairs if pair[0] != "e"] == [("a", 11), ("c", 13), ("d", 11)]


def test_index_joins_other_indexes(toolkit):
    recordlinkage, integration, _ = toolkit
    indexer = recordlinkage.Index()
    indexer.add(integration.OrganizationIndex("branch", "name", top_k=1))
    indexer.block("city")
    pairs = indexer.index(REGISTER, COMPANIES)
    assert ("c", 13) in pairs  # of another city: only ours finds it
    assert ("b", 10) in pairs  # without a name: only the block finds it


def test_index_in_one_table_gives_each_pair_once(toolkit):
    recordlinkage, integration, _ = toolkit
    table = pd.DataFrame({"name": ["HSBC", "汇丰", None, "HSBC", "Thales"]}, index=[3, 1, 4, 0, 5])
    indexer = recordlinkage.Index()
    indexer.add(integration.OrganizationIndex("name", top_k=3))
    pairs = [frozenset(pair) for pair in indexer.index(table)]
    assert len(pairs) == len(set(pairs))
    assert all(len(pair) == 2 for pair in pairs)
    assert {frozenset({3, 1}), frozenset({0, 1})} <= set(pairs)


def test_compare_scores_each_distinct_pair_once(toolkit):
    recordlinkage, integration, scored = toolkit
    pairs = pd.MultiIndex.from_product([REGISTER.index, COMPANIES.index])
    compare = recordlinkage.Compare()
    compare.add(integration.OrganizationCompare("branch", "name", label="organisation"))
    compare.exact("city", "city", label="city")
    features = compare.compute(pairs, REGISTER, COMPANIES)
    assert list(features) == ["organisation", "city"]
    assert features.loc[("a", 11), "organisation"] == pytest.approx(1 / (1 + 2**-8))
    assert features.loc[("a", 10), "organisation"] == pytest.approx(1 / (1 + 2**8))
    assert features.loc["b", "organisation"].tolist() == [0.0] * 4
    assert features["organisation"].isna().sum() == 0
    assert scored == [3 * 3]


def test_prior_and_missing_value(toolkit):
    _, integration, _ = toolkit
    pairs = pd.MultiIndex.from_tuples([("a", 11), ("a", 12)])
    compare = integration.OrganizationCompare("branch", "name", prior=1 / 257, missing_value=0.25)
    assert compare.compute(pairs, REGISTER, COMPANIES).tolist() == pytest.approx([0.5, 0.25])
    with pytest.raises(ValueError, match="prior is 0"):
        integration.OrganizationCompare("branch", "name", prior=0)


def test_scores_go_into_a_classifier_of_the_toolkit(toolkit):
    recordlinkage, integration, _ = toolkit
    pairs = recordlinkage.Index([integration.OrganizationIndex("branch", "name", top_k=3)]).index(REGISTER, COMPANIES)
    features = recordlinkage.Compare([integration.OrganizationCompare("branch", "name")]).compute(
        pairs, REGISTER, COMPANIES
    )
    truth = pd.MultiIndex.from_tuples([("a", 11), ("c", 13), ("d", 11)])
    found = recordlinkage.LogisticRegressionClassifier(coefficients=[10.0], intercept=-5.0).predict(features)
    assert recordlinkage.fscore(truth, found) == 1.0


def test_without_the_extra_the_error_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "recordlinkage.base", None)
    monkeypatch.delitem(sys.modules, "entitymatch.integrations.recordlinkage", raising=False)
    with pytest.raises(ImportError, match=r"pip install 'entitymatch\[recordlinkage\]'"):
        import_module("entitymatch.integrations.recordlinkage")


def test_the_real_matcher_links_across_scripts():
    recordlinkage = pytest.importorskip("recordlinkage")
    integration = import_module("entitymatch.integrations.recordlinkage")
    register = pd.DataFrame(
        {"branch": ["中共汇丰银行（中国）有限公司委员会", "重庆银行党支部", "上海光明村餐饮管理有限公司"]}
    )
    companies = pd.DataFrame({"name": ["Bank of Chongqing", "HSBC", "Pfizer"]})
    pairs = recordlinkage.Index([integration.OrganizationIndex("branch", "name", top_k=2)]).index(register, companies)
    assert {(0, 1), (1, 0)} <= set(pairs)
    compare = recordlinkage.Compare([integration.OrganizationCompare("branch", "name", label="score")])
    scores = compare.compute(pairs, register, companies)["score"]
    assert min(scores[(0, 1)], scores[(1, 0)]) > 0.9
    assert scores.drop([(0, 1), (1, 0)]).max() < 0.5
