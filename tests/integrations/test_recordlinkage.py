import sys
from importlib import import_module
from types import SimpleNamespace

import pandas as pd
import pytest

from tests.stub import StubMatcher

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
    """The toolkit, and the stub where the index looks for the matcher."""
    recordlinkage = pytest.importorskip("recordlinkage")
    integration = import_module("entitymatch.integrations.recordlinkage")

    monkeypatch.setitem(sys.modules, "entitymatch.matcher", SimpleNamespace(Matcher=StubMatcher))
    return recordlinkage, integration


def test_index_pairs_the_labels_of_both_tables(toolkit):
    recordlinkage, integration = toolkit
    indexer = recordlinkage.Index()
    indexer.add(integration.OrganizationIndex("branch", "name", top_k=1))
    pairs = indexer.index(REGISTER, COMPANIES)
    assert isinstance(pairs, pd.MultiIndex)
    assert [pair for pair in pairs if pair[0] != "e"] == [("a", 11), ("c", 13), ("d", 11)]


def test_index_joins_other_indexes(toolkit):
    recordlinkage, integration = toolkit
    indexer = recordlinkage.Index()
    indexer.add(integration.OrganizationIndex("branch", "name", top_k=1))
    indexer.block("city")
    pairs = indexer.index(REGISTER, COMPANIES)
    assert ("c", 13) in pairs  # of another city: only ours finds it
    assert ("b", 10) in pairs  # without a name: only the block finds it


def test_index_in_one_table_gives_each_pair_once(toolkit):
    recordlinkage, integration = toolkit
    table = pd.DataFrame({"name": ["HSBC", "汇丰", None, "HSBC", "Thales"]}, index=[3, 1, 4, 0, 5])
    indexer = recordlinkage.Index()
    indexer.add(integration.OrganizationIndex("name", top_k=3))
    pairs = [frozenset(pair) for pair in indexer.index(table)]
    assert len(pairs) == len(set(pairs))
    assert all(len(pair) == 2 for pair in pairs)
    assert {frozenset({3, 1}), frozenset({0, 1})} <= set(pairs)


def test_a_fitted_list_serves_every_batch(toolkit, monkeypatch):
    _, integration = toolkit
    fitted = []
    fit = StubMatcher.fit
    monkeypatch.setattr(StubMatcher, "fit", lambda self, *a, **k: fitted.append(1) or fit(self, *a, **k))
    index = integration.OrganizationIndex("branch", "name", top_k=1)
    for row in range(5):
        index.index(REGISTER.iloc[row : row + 1], COMPANIES)
    assert len(fitted) == 1
    index.index(REGISTER, COMPANIES.iloc[:2])
    assert len(fitted) == 2


def test_without_the_extra_the_error_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "recordlinkage.base", None)
    for name in [name for name in sys.modules if name.startswith("entitymatch.integrations.recordlinkage")]:
        monkeypatch.delitem(sys.modules, name)
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
