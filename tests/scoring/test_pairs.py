"""Evidence of pairs of names: what speaks for and against."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entitymatch.blocking import BlockingIndex
from entitymatch.features import FeatureExtractor
from entitymatch.lexicon import Lexicon
from entitymatch.scoring import FEATURES, KINDS, Comparer, Comparison, ScoringModel, default_scoring_model, score_pairs
from entitymatch.scoring.compare import COLUMN
from entitymatch.scoring.model import PAIR_KINDS, pair_kinds
from tests.examples import examples

EXTRACTOR = FeatureExtractor()
UNKNOWN = FeatureExtractor(Lexicon([]))


def compare(
    query: str, reference: str, extractor: FeatureExtractor = EXTRACTOR, without: tuple[str, ...] = ()
) -> Comparison:
    features = [extractor.extract(name) for name in (query, reference)]
    index = BlockingIndex(features[1:])
    return Comparer(index.word_information, extractor.lexicon, without=without).compare([(features[0], features[1])])[0]


def pieces(query: str, reference: str, extractor: FeatureExtractor = EXTRACTOR) -> dict[str, set[tuple[str, str]]]:
    """What the comparison finds: feature → texts of the query and of the reference."""
    comparison = compare(query, reference, extractor)
    found: dict[str, set[tuple[str, str]]] = {}
    for piece in comparison.pieces:
        found.setdefault(piece.feature, set()).add(comparison.texts(piece))
    return found


@pytest.mark.parametrize(
    ("query", "reference", "feature", "texts", "extractor"),
    [
        ("汇丰银行上海分行", "HSBC", "alias", ("汇丰银行", "HSBC"), EXTRACTOR),
        ("HSBC", "汇丰银行", "alias", ("HSBC", "汇丰银行"), EXTRACTOR),
        ("招商银行", "Merchants Bank", "translation", ("银行", "Bank"), UNKNOWN),
        ("Merchants Bank", "招商银行", "translation", ("Bank", "银行"), UNKNOWN),
        ("茅台", "Maotai", "reading", ("茅台", "Maotai"), UNKNOWN),
        ("霍尼韦尔", "Honeywell", "sound", ("霍尼韦尔", "Honeywell"), UNKNOWN),
        ("重庆银行", "Bank of Chongqing", "place", ("重庆", "Chongqing"), UNKNOWN),
        ("TCL科技", "TCL", "literal", ("", "TCL"), UNKNOWN),
        ("工商银行", "GSYH", "initials", ("工商银行", "GSYH"), UNKNOWN),
        ("Pfizer Inc.", "Pfizer", "literal", ("Pfizer", "Pfizer"), UNKNOWN),
        ("Pfiser", "Pfizer", "spelling", ("Pfiser", "Pfizer"), UNKNOWN),
    ],
)
def test_what_speaks_for_a_pair_and_where(
    query: str, reference: str, feature: str, texts: tuple[str, str], extractor: FeatureExtractor
) -> None:
    assert texts in pieces(query, reference, extractor).get(feature, set())


@pytest.mark.parametrize(
    ("query", "reference", "feature"),
    [
        ("重庆银行", "Bank of Chengdu", "place_conflict"),
        ("波音文具店", "Boeing", "small_business"),
        ("上海汇丰纸业有限公司", "HSBC", "trade_conflict"),
        ("上海第二人民医院", "Shanghai First People's Hospital", "number_conflict"),
        ("汇丰银行", "HSBC Insurance", "left_trade_word"),
        ("天成（中国）投资有限公司", "Boeing", "left_han_activity"),
    ],
)
def test_what_speaks_against_a_pair(query: str, reference: str, feature: str) -> None:
    assert feature in pieces(query, reference)


def test_a_unit_does_not_count_as_left_over() -> None:
    left = pieces("汇丰银行上海分行第一支部", "HSBC Bank")
    assert "left_han" not in left
    assert "left_han_place" not in left


def test_everything_explained_is_said() -> None:
    assert "whole" in pieces("重庆银行", "Bank of Chongqing")
    assert "whole" not in pieces("重庆银行", "Bank of Chengdu")


@pytest.mark.parametrize("kind", KINDS)
def test_kinds_left_out_make_no_pieces(kind: str) -> None:
    for query, reference in (
        ("上海汇丰纸业有限公司", "HSBC Bank"),
        ("霍尼韦尔", "Honeiwell"),
        ("重庆银行", "Bank of Chengdu"),
        ("Pfiser", "Pfizer"),
    ):
        found = {piece.feature for piece in compare(query, reference, without=(kind,)).pieces}
        assert not found & set(KINDS[kind])


def test_values_are_sums_of_pieces() -> None:
    comparer = Comparer(lambda stem: 8.0, EXTRACTOR.lexicon)
    names = [("汇丰银行上海分行", "HSBC Bank"), ("上海汇丰纸业", "HSBC"), ("Pfizer Inc", "Pfizer Limited")]
    comparisons = comparer.compare([(EXTRACTOR.extract(a), EXTRACTOR.extract(b)) for a, b in names])
    values = comparer.values(comparisons)
    assert values.shape == (3, len(FEATURES))
    for row, comparison in zip(values, comparisons, strict=True):
        assert row.sum() == pytest.approx(sum(piece.value for piece in comparison.pieces))
    assert comparer.values([]).shape == (0, len(FEATURES))


def test_a_pair_is_compared_alike_alone_and_in_a_batch() -> None:
    names = [
        ("霍尼韦尔", "Honeywell"),
        ("诺基亚", "Nokia"),
        ("霍尼韦尔", "Nokia"),
        ("西门子", "Siemens"),
        ("招商银行", "China Merchants Bank"),
    ]
    pairs = [(UNKNOWN.extract(a), UNKNOWN.extract(b)) for a, b in names]

    def comparer() -> Comparer:
        return Comparer(lambda stem: 9.0, UNKNOWN.lexicon)

    together = comparer().compare(pairs)
    for pair, comparison in zip(pairs, together, strict=True):
        assert comparer().compare([pair])[0].pieces == comparison.pieces


def test_every_feature_is_described_and_belongs_to_one_kind_at_most() -> None:
    kinds = [feature for features in KINDS.values() for feature in features]
    assert len(kinds) == len(set(kinds))
    assert set(kinds) <= set(FEATURES)
    assert all(FEATURES.values())
    weights = default_scoring_model().weights
    assert set(weights) == set(PAIR_KINDS)
    assert all(set(of_kind) == set(FEATURES) for of_kind in weights.values())


def test_right_pairs_beat_wrong_ones() -> None:
    right = [
        ("招商银行", "China Merchants Bank"),
        ("清华大学", "Tsinghua University"),
        ("圣安德鲁斯大学", "University of St Andrews"),
        ("辉瑞制药", "Pfizer"),
    ]
    queries, references = zip(*right, strict=True)
    found = score_pairs([q for q in queries for _ in references], list(references) * 4).reshape(4, 4)
    assert found.argmax(axis=1).tolist() == [0, 1, 2, 3]
    assert (np.diag(found) > 0).all()


def test_pairs_do_not_depend_on_the_batch_size() -> None:
    queries, references = ["招商银行", "清华大学", "HSBC"] * 2, ["HSBC", "Tsinghua University", "汇丰银行"] * 2
    whole = score_pairs(queries, references)
    assert score_pairs(queries, references, batch_size=1).tolist() == whole.tolist()
    assert whole[:3].tolist() == whole[3:].tolist()


def test_pairs_need_partners() -> None:
    with pytest.raises(ValueError, match="2 queries but 1 references"):
        score_pairs(["a", "b"], ["a"])
    assert score_pairs([], []).tolist() == []


def test_a_model_is_what_its_file_says() -> None:
    model = default_scoring_model()
    assert ScoringModel.from_dict(model.to_dict()) == model
    assert 0 < model.possible_threshold < model.link_threshold < 1
    assert model.prior_slope > 0


def test_a_model_for_other_features_is_refused() -> None:
    values = default_scoring_model().to_dict()
    values["weights"]["firms"]["magic"] = 1.0
    with pytest.raises(ValueError, match="magic"):
        ScoringModel.from_dict(values)
    del values["weights"]["firms"]["magic"], values["weights"]["firms"]["alias"]
    with pytest.raises(ValueError, match="alias"):
        ScoringModel.from_dict(values)


def test_bits_are_linear_in_the_values() -> None:
    model = default_scoring_model()
    rng = np.random.default_rng(0)
    values = rng.random((7, len(FEATURES)))
    values[:, COLUMN["institution"]] = [0, 0, 0, 1, 1, 0, 1]
    values[:, COLUMN["one_script"]] = [0, 0, 0, 0, 0, 1, 1]
    assert pair_kinds(values).tolist() == [0, 0, 0, 1, 1, 2, 2]
    weights = np.array([[model.weights[kind][name] for name in FEATURES] for kind in PAIR_KINDS])
    expected = model.intercept + np.array(
        [row @ weights[kind] for row, kind in zip(values, pair_kinds(values), strict=True)]
    )
    assert np.allclose(model.bits(values), expected)
    assert model.bits(values)[3] == model.bits(values[3:4])[0]


@given(st.text(max_size=20), st.text(max_size=20))
@settings(max_examples=examples(60), deadline=None)
def test_any_pair_of_strings_has_finite_evidence(query: str, reference: str) -> None:
    assert np.isfinite(score_pairs([query], [reference])).all()
    comparison = compare(query, reference)
    for piece in comparison.pieces:
        assert piece.feature in FEATURES
        assert np.isfinite(piece.value)
        comparison.texts(piece)


def test_a_member_of_the_group_that_both_names_call_is_no_other_organisation() -> None:
    def features_of(query: str, reference: str) -> set[str]:
        return {piece.feature for piece in compare(query, reference).pieces}

    academy = "Guangzhou Institutes of Biomedicine and Health, Chinese Academy of Sciences"
    assert "left_parent_word" in features_of("化学研究所", academy)
    assert "left_parent_word" not in features_of("中国科学院广州生物医药与健康研究院", academy)
    assert "other_organization" in features_of("中国银行", "Bank of Communications")
    assert "other_organization" not in features_of("中国科学院广州生物医药与健康研究院", academy)


def test_a_foreign_name_is_evidence_by_how_much_of_it_is_explained() -> None:
    values = {piece.feature: piece.value for piece in compare("埃尔拉多黄金公司", "Eldorado Gold Corporation").pieces}
    assert values["foreign"] > 0.9
    assert 0.5 < values["foreign_explained"] <= values["foreign"]
    assert "foreign" not in {piece.feature for piece in compare("Eldorado", "Eldorado Gold").pieces}


@pytest.mark.parametrize(
    ("query", "reference", "feature"),
    [
        ("大众剧场", "Volkswagen", "ordinary_word"),
        ("上海苹果园艺有限公司", "Apple", "ordinary_word"),
        ("苹果电脑贸易（上海）有限公司", "Apple", "alias"),
    ],
)
def test_a_known_name_beside_another_trade_is_an_ordinary_word(query: str, reference: str, feature: str) -> None:
    found = {piece.feature for piece in compare(query, reference).pieces}
    assert found & {"alias", "common_alias", "ordinary_word"} == {feature}
