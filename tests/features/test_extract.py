import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entitymatch.features import FeatureExtractor
from entitymatch.lexicon import Lexicon, Organization
from entitymatch.translate import Glossary, TranslationModel
from tests.examples import examples

MIXED = [("ge", "GE航空"), ("58", "58同城"), ("tcl", "TCL科技")]
EXTRACTOR = FeatureExtractor()
KINDS = {"translation", "reading", "place", "initials"}
name_texts = st.one_of(
    st.text(max_size=30),
    st.lists(st.sampled_from(list("中国银行汇丰上海大学第一二HSBC AG()（） 。")), max_size=20).map("".join),
)


def keys(name: str, extractor: FeatureExtractor = EXTRACTOR) -> list[str]:
    return [alias.key for alias in extractor.extract(name).aliases]


def test_a_wrapper_is_left_out_and_parts_are_told() -> None:
    features = EXTRACTOR.extract("中共汇丰银行（中国）有限公司上海分行支部委员会")
    assert features.han == "汇丰银行中国有限公司上海分行"
    assert dict(zip(features.han, features.parts, strict=True))["汇"] == "core"
    assert features.parts[-4:] == ("unit",) * 4
    assert len(features.syllables) == len(features.han)


def test_latin_words_are_stems_with_their_part() -> None:
    features = EXTRACTOR.extract("Rolls-Royce Holdings plc")
    assert [word.stem for word in features.words] == ["roll", "royce", "holding", "plc"]
    assert features.words[-1].part == "legal_form"
    assert (features.han, features.origins) == ("", {})


def test_a_mixed_name_has_both() -> None:
    features = EXTRACTOR.extract("TCL科技集团股份有限公司")
    assert [word.stem for word in features.words] == ["tcl"]
    assert features.words[0].upper
    assert features.han.startswith("科技")


@pytest.mark.parametrize(
    ("name", "word", "kind"),
    [
        ("招商银行", "bank", "translation"),
        ("隆基绿能", "longji", "reading"),
        ("青岛啤酒", "tsingtao", "place"),
        ("北京大学", "peking", "place"),
        ("吕氏集团", "lu", "reading"),
        ("吕氏集团", "lyu", "reading"),
        ("香江", "heung", "reading"),
        ("海尔智家", "hezj", "initials"),
    ],
)
def test_what_a_chinese_name_may_stand_for(name: str, word: str, kind: str) -> None:
    origin = EXTRACTOR.extract(name).origin(word)
    assert origin.kind == kind
    assert 0 < origin.probability <= 1
    assert origin.source


def test_the_learned_translation_replaces_the_glossary() -> None:
    model = TranslationModel(Glossary({"狮子": "lion", "岩石": "rock"}), {"狮子": (("leo", 0.8),)})
    features = FeatureExtractor(model=model).extract("狮子岩石有限公司")
    assert features.origin("leo").source == "learned translations"
    assert features.origin("rock").source == "glossary"
    assert "lion" not in features.origins


def test_aliases_are_the_longest_names_in_the_name() -> None:
    assert keys("汇丰银行上海分行") == keys("HSBC Bank") == keys("汇丰") == ["hsbc"]
    features = EXTRACTOR.extract("上海汇丰银行")
    (alias,) = features.aliases
    assert features.han[alias.start : alias.end] == "汇丰银行"
    assert not alias.latin


def test_no_known_name_begins_with_a_place_in_brackets() -> None:
    assert keys("三星（中国）投资有限公司") == ["samsung"]
    assert keys("中国投资有限责任公司") == ["china-investment-corporation"]
    assert keys("（中国）投资有限责任公司") == ["china-investment-corporation"]  # nothing stands before it


def test_a_mixed_name_has_aliases_of_both_scripts() -> None:
    aliases = EXTRACTOR.extract("HSBC汇丰").aliases
    assert {(alias.key, alias.latin) for alias in aliases} == {("hsbc", True), ("hsbc", False)}


@pytest.mark.parametrize(
    ("name", "key", "characters"),
    [
        ("TCL科技集团股份有限公司", "tcl", "科技"),
        ("北京五八同城58同城信息技术有限公司", "58-com", "同城"),
        ("上海ＧＥ航空发动机有限公司", "ge-aerospace", "航空"),
        ("3M中国有限公司", "3m", "中国"),
        ("深圳A.O.史密斯热水器", "a-o-smith", "史密斯"),
    ],
)
def test_names_of_both_scripts_are_found(name: str, key: str, characters: str) -> None:
    features = EXTRACTOR.extract(name)
    found = {alias.key: features.han[alias.start : alias.end] for alias in features.aliases if not alias.latin}
    assert found[key] == characters


@pytest.mark.parametrize("name", ["ORANGE航空", "158同城", "TCL"])
def test_a_name_of_both_scripts_is_not_cut_out_of_a_word(name: str) -> None:
    lexicon = Lexicon([Organization(key, (), (zh,), frozenset(), "", "", (), "", "", "") for key, zh in MIXED])
    assert keys(name, FeatureExtractor(lexicon)) == []


def test_acronyms_are_found_before_the_word_without_their_s() -> None:
    lexicon = Lexicon([Organization(k, (k,), (), frozenset(), "", "", (), "", "", "") for k in ("HBO", "HBOS")])
    for name in ("HBOS", "HBOS PLC", "HBOS plc"):
        assert keys(name, FeatureExtractor(lexicon)) == ["HBOS"]
    assert keys("HBO plc", FeatureExtractor(lexicon)) == ["HBO"]
    known = FeatureExtractor(Lexicon([Organization("HBO", ("HBO",), (), frozenset(), "", "", (), "", "", "")]))
    assert keys("HBOS plc", known) == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_kinds_can_be_left_out(kind: str) -> None:
    without = FeatureExtractor(without=[kind])
    for name in ("北京海尔智家啤酒有限公司", "青岛啤酒"):
        assert kind not in {found for _, found, *_ in without.extract(name).origins.values()}
    assert kind in {found for _, found, *_ in EXTRACTOR.extract("北京海尔智家啤酒有限公司").origins.values()}


def test_aliases_can_be_left_out() -> None:
    assert keys("汇丰银行", FeatureExtractor(without=["alias"])) == []
    assert keys("汇丰银行", FeatureExtractor(Lexicon([]))) == []


def test_a_shop_is_no_part_of_an_organisation() -> None:
    assert "unit" not in EXTRACTOR.extract("波音文具经营部").parts


def test_numbers_of_both_scripts() -> None:
    assert (
        EXTRACTOR.extract("上海市第六人民医院").numbers
        == EXTRACTOR.extract("Shanghai Sixth People's Hospital").numbers
        == {6}
    )
    assert EXTRACTOR.extract("三星电子").numbers == frozenset()


@pytest.mark.parametrize("name", ["", "   ", "。（）", "支部委员会", "🏦", "\ud800", "𠮷野家", "Газпром"])
def test_names_of_little_are_read_without_error(name: str) -> None:
    features = EXTRACTOR.extract(name)
    assert len(features.parts) == len(features.han) == len(features.syllables)


@given(name_texts)
@settings(max_examples=examples(300), deadline=None)
def test_any_string_is_read(name: str) -> None:
    features = EXTRACTOR.extract(name)
    n = len(features.han)
    assert len(features.parts) == len(features.syllables) == n
    for stem in features.origins:
        assert stem
        origin = features.origin(stem)
        assert 0 <= origin.start < origin.end <= n
        assert 0 < origin.probability <= 1
        assert origin.kind in KINDS
    for alias in features.aliases:
        assert 0 <= alias.start < alias.end <= (len(features.words) if alias.latin else n)
    assert EXTRACTOR.extract(name) == features
