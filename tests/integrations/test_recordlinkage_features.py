"""Index and compare classes with the real models, through the toolkit's own Index, Compare and classifiers."""

import io
import tracemalloc
from importlib.resources import files

import numpy as np
import pandas as pd
import pytest

from entitymatch.matcher import EVIDENCE

recordlinkage = pytest.importorskip("recordlinkage")

from entitymatch.integrations.recordlinkage import (  # noqa: E402  # the toolkit must be there
    CoreCompare,
    FeatureBlock,
    OrganizationCompare,
    OrganizationEvidence,
    OrganizationIndex,
    PinyinBlock,
    PinyinCompare,
    PinyinNeighbourhood,
    PlaceCompare,
    SoundCompare,
    link_batches,
)
from entitymatch.scoring import score_pairs  # noqa: E402

COMPANIES = pd.DataFrame(
    {
        "name": [
            "Pfizer",
            "Bank of Chongqing",
            "Huawei Technologies",
            "Honeywell",
            "China Merchants Securities",
            None,
            "University of St Andrews",
            "Haier Smart Home",
        ]
    },
    index=[f"c{i}" for i in range(8)],
)
REGISTER = pd.DataFrame(
    {
        "branch": [
            "重庆银行股份有限公司党支部",
            "华为技术有限公司",
            "霍尼韦尔（中国）有限公司上海分公司",
            "中共招商证券股份有限公司委员会",
            "圣安德鲁斯大学管理学院",
            "上海光明村餐饮管理有限公司",
            "",
            "海尔智家股份有限公司工会",
            "华为技术有限公司",
        ],
        "row": range(9),
    },
    index=[f"r{i}" for i in range(9)],
)
TRUTH = pd.MultiIndex.from_tuples(
    [("r0", "c1"), ("r1", "c2"), ("r2", "c3"), ("r3", "c4"), ("r4", "c6"), ("r7", "c7"), ("r8", "c2")]
)


def test_feature_block_finds_the_pairs_in_few_candidates():
    pairs = recordlinkage.Index([FeatureBlock("branch", "name", top_k=2)]).index(REGISTER, COMPANIES)
    assert set(TRUTH) <= set(pairs)
    assert recordlinkage.reduction_ratio(pairs, REGISTER, COMPANIES) > 0.7
    assert pairs.is_unique
    assert not [pair for pair in pairs if pair[0] == "r6" or pair[1] == "c5"]  # no name, no pair


def test_feature_block_in_one_table_and_with_repeated_names():
    table = pd.DataFrame(
        {"name": ["华为技术有限公司", "Huawei", "华为技术有限公司", None, "Pfizer"]}, index=[4, 3, 2, 1, 0]
    )
    pairs = {frozenset(pair) for pair in FeatureBlock("name", top_k=3).index(table)}
    assert {frozenset({4, 3}), frozenset({2, 3}), frozenset({4, 2})} <= pairs
    assert len(FeatureBlock("branch", "name").index(REGISTER.iloc[6:7], COMPANIES)) == 0


def test_pinyin_block_pairs_the_same_letters_only():
    pairs = recordlinkage.Index([PinyinBlock("branch", "name")]).index(REGISTER, COMPANIES)
    assert {("r1", "c2"), ("r8", "c2")} == set(pairs)
    first = PinyinBlock("branch", "name", length=3).index(REGISTER, COMPANIES)
    assert set(pairs) < set(first)
    whole = pd.DataFrame({"name": ["Zhong Guo Yin Hang", "中国银行"]})
    assert PinyinBlock("name", part="name").index(whole).tolist() == [(1, 0)]


def test_a_neighbourhood_forgives_the_end():
    left = pd.DataFrame({"name": ["海尔智家股份有限公司", "Zte", None]})
    right = pd.DataFrame({"name": ["Haierr Group", "Pfizer", "Abbott"]})
    assert len(PinyinBlock("name").index(left, right)) == 0
    pairs = recordlinkage.Index([PinyinNeighbourhood("name", window=3)]).index(left, right)
    assert (0, 0) in pairs
    assert 2 not in pairs.get_level_values(0)
    blocked = left.assign(city=["a", "b", "c"]), right.assign(city=["b", "b", "b"])
    assert (0, 0) not in PinyinNeighbourhood("name", window=3, block_on="city").index(*blocked)


@pytest.mark.parametrize("wrong", [{"part": "legal_form"}, {"length": 0}])
def test_wrong_arguments_of_a_block_are_told(wrong):
    with pytest.raises(ValueError, match="it must be"):
        PinyinBlock("name", **wrong)


def all_pairs(left=REGISTER, right=COMPANIES):
    return recordlinkage.index.Full().index(left, right)


def test_evidence_has_a_column_a_kind_and_adds_up_to_the_score():
    pairs = all_pairs()
    compare = recordlinkage.Compare(
        [
            OrganizationEvidence("branch", "name", prior=0.2),
            OrganizationCompare("branch", "name", prior=0.2, label="score"),
        ]
    )
    features = compare.compute(pairs, REGISTER, COMPANIES)
    assert list(features) == [*EVIDENCE, "other", "score"]
    named = features.drop(["r6"], level=0).drop(["c5"], level=1)
    weight = named[[*EVIDENCE, "other"]].sum(axis=1)
    assert np.allclose(named["score"], 1 / (1 + 2.0**-weight), atol=1e-12)
    assert (features.loc["r6"] == 0).all(axis=None)
    assert features.loc[("r2", "c3"), "alias"] > 0
    assert features.loc[("r5", "c0"), "alias"] == 0
    assert features.loc[("r5", "c0"), "other"] < 0
    own = recordlinkage.Compare(
        [OrganizationEvidence("branch", "name", label=[f"e{i}" for i in range(len(EVIDENCE) + 1)])]
    )
    assert list(own.compute(pairs[:3], REGISTER, COMPANIES))[:2] == ["e0", "e1"]


def test_compare_scores_each_distinct_pair_once(monkeypatch):
    from entitymatch.scoring.pairs import PairScorer

    scored = []
    values = PairScorer.values
    monkeypatch.setattr(PairScorer, "values", lambda self, q, r: scored.append(len(q)) or values(self, q, r))
    compare = recordlinkage.Compare([OrganizationCompare("branch", "name", label="organisation")])
    compare.exact("row", "row", label="same")
    features = compare.compute(all_pairs(), REGISTER, COMPANIES.assign(row=1))
    assert list(features) == ["organisation", "same"]
    assert scored == [7 * 7]
    assert features.loc["r6", "organisation"].tolist() == [0.0] * 8


def test_prior_and_missing_value():
    pairs = pd.MultiIndex.from_tuples([("r0", "c1"), ("r6", "c1")])
    bits = score_pairs(["重庆银行股份有限公司党支部"], ["Bank of Chongqing"])[0]
    for prior in (0.5, 0.01):
        compare = OrganizationCompare("branch", "name", prior=prior, missing_value=0.25)
        expected = 1 / (1 + 2 ** -(bits + np.log2(prior / (1 - prior))))
        assert compare.compute(pairs, REGISTER, COMPANIES).tolist() == pytest.approx([expected, 0.25])
    with pytest.raises(ValueError, match="prior is 0"):
        OrganizationCompare("branch", "name", prior=0)
    small = OrganizationCompare("branch", "name", references=["Pfizer"])
    with pytest.raises(ValueError, match="'Bank of Chongqing' is not among the references"):
        small.compute(pairs, REGISTER, COMPANIES)


def test_likenesses_lie_between_0_and_1_and_know_both_scripts():
    compare = recordlinkage.Compare(
        [
            PinyinCompare("branch", "name", label="pinyin"),
            CoreCompare("branch", "name", label="core"),
            SoundCompare("branch", "name", label="sound"),
            PlaceCompare("branch", "name", label="place"),
        ]
    )
    features = compare.compute(all_pairs(), REGISTER, COMPANIES)
    assert features.min(axis=None) >= 0
    assert features.max(axis=None) <= 1
    assert features.loc[("r1", "c2"), "core"] == 1
    assert features["pinyin"].loc["r7"].idxmax() == "c7"
    assert features.loc[("r2", "c3"), "sound"] > 0.9
    assert features.loc[("r2", "c0"), "sound"] < 0.1
    assert features["place"].loc[[("r0", "c1"), ("r1", "c2"), ("r6", "c1")]].tolist() == [1, 0.5, 0.5]
    other = pd.DataFrame({"name": ["Bank of Tianjin"]})
    [value] = PlaceCompare("branch", "name").compute(pd.MultiIndex.from_tuples([("r0", 0)]), REGISTER, other)
    assert value == 0
    same_script = pd.DataFrame({"name": ["Siemens AG", "Simens", "西门子", "西门子公司"]})
    pairs = pd.MultiIndex.from_tuples([(0, 1), (2, 3)])
    compare = recordlinkage.Compare([SoundCompare("name", "name", label="sound")])
    sound = compare.compute(pairs, same_script)["sound"].tolist()
    assert sound[0] > 0.8
    assert sound[1] == 1


@pytest.mark.parametrize(
    "classifier",
    [
        recordlinkage.LogisticRegressionClassifier(),
        recordlinkage.NaiveBayesClassifier(binarize=0.0),
        recordlinkage.SVMClassifier(),
        recordlinkage.KMeansClassifier(),  # without labels
    ],
    ids=lambda classifier: type(classifier).__name__,
)
def test_classifiers_of_the_toolkit_take_the_evidence(classifier):
    pairs = recordlinkage.Index([FeatureBlock("branch", "name", top_k=4)]).index(REGISTER, COMPANIES)
    features = recordlinkage.Compare([OrganizationEvidence("branch", "name")]).compute(pairs, REGISTER, COMPANIES)
    if isinstance(classifier, recordlinkage.KMeansClassifier):
        classifier.fit(features)
    else:
        classifier.fit(features, TRUTH.intersection(features.index))
    found = classifier.predict(features)
    assert recordlinkage.confusion_matrix(TRUTH, found, total=len(pairs)).sum() == len(pairs)
    assert recordlinkage.fscore(TRUTH, found) > 0.8


def test_expectation_maximisation_learns_without_labels():
    """The toolkit's ECM takes features that are there or not; the demonstration's register has a hundred strings."""
    folder = files("entitymatch") / "data" / "demo"
    register, companies = (
        pd.read_csv(io.StringIO((folder / name).read_text("utf-8")), index_col="id")
        for name in ("register.csv", "companies.csv")
    )
    register = register.drop_duplicates("branch")
    pairs = recordlinkage.index.Full().index(register, companies)
    compare = recordlinkage.Compare(
        [
            OrganizationCompare("branch", "name", prior=0.1, references=companies["name"], label="score"),
            OrganizationEvidence("branch", "name", references=companies["name"]),
            CoreCompare("branch", "name", label="core"),
            SoundCompare("branch", "name", label="likeness"),
        ]
    )
    features = compare.compute(pairs, register, companies)
    binary = pd.DataFrame(
        {
            "alias": features["alias"] > 0,
            "core": features["core"] > 0.8,
            "sound": features["likeness"] > 0.5,
            "trade": features["trade"] < 0,
        }
    ).astype(int)
    found = recordlinkage.ECMClassifier().fit_predict(binary)
    supervised = features.index[features["score"] > 0.7]
    assert recordlinkage.fscore(supervised, found) > 0.75


def test_without_training_the_score_is_a_classifier():
    pairs = recordlinkage.Index([OrganizationIndex("branch", "name", top_k=3)]).index(REGISTER, COMPANIES)
    score = recordlinkage.Compare([OrganizationCompare("branch", "name", prior=0.2, label="score")]).compute(
        pairs, REGISTER, COMPANIES
    )["score"]
    found = score.index[score > 0.7]
    assert recordlinkage.precision(TRUTH, found) == 1
    assert recordlinkage.recall(TRUTH, found) > 0.7


@pytest.mark.parametrize("batch_size", [1, 4, 100])
def test_batches_give_the_features_of_the_whole(batch_size):
    indexer = recordlinkage.Index([FeatureBlock("branch", "name", top_k=3), PinyinBlock("branch", "name")])
    compare = recordlinkage.Compare(
        [
            OrganizationEvidence("branch", "name", references=COMPANIES["name"]),
            CoreCompare("branch", "name", label="core"),
        ]
    )
    whole = compare.compute(indexer.index(REGISTER, COMPANIES), REGISTER, COMPANIES).sort_index()
    batches = list(link_batches(indexer, compare, REGISTER, COMPANIES, batch_size=batch_size))
    assert max(batch.index.get_level_values(0).nunique() for batch in batches) <= batch_size
    pd.testing.assert_frame_equal(pd.concat(batches).sort_index(), whole, check_exact=False, rtol=1e-12)
    with pytest.raises(ValueError, match="batch_size is 0"):
        next(link_batches(indexer, compare, REGISTER, COMPANIES, batch_size=0))


def test_memory_of_batches_does_not_grow_with_the_table():
    """Ten times the rows, the same names: the pairs of a batch are all that is held."""
    right = pd.concat([COMPANIES] * 20, ignore_index=True)
    indexer = recordlinkage.index.Full()
    compare = recordlinkage.Compare([CoreCompare("branch", "name", label="core")])

    def peak(rows):
        left = pd.concat([REGISTER] * rows, ignore_index=True)
        tracemalloc.start()
        pairs = sum(len(batch) for batch in link_batches(indexer, compare, left, right, batch_size=50))
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return held, pairs

    peak(2)  # what is loaded once
    (small, few), (large, many) = peak(10), peak(100)
    assert many == 10 * few
    assert large < 1.3 * small
