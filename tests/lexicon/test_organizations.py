import pytest

from entitymatch.lexicon import Lexicon, Organization
from entitymatch.lexicon.organizations import compact, latin_key, organization_of_row


def organization(key: str, en: str = "", zh: str = "", **columns: str) -> Organization:
    row = {"key": key, "en": en, "zh": zh, **columns}
    return organization_of_row(row, "test.tsv")


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("汇丰", "HSBC"),
        ("辉瑞", "Pfizer"),
        ("波音", "Boeing"),
        ("工行", "Industrial and Commercial Bank of China"),
        ("清华大学", "Tsinghua University"),
    ],
)
def test_famous_names_are_known(name: str, first: str) -> None:
    lexicon = Lexicon.default()
    assert [lexicon.organizations[alias.key].en[0] for alias in lexicon.han_aliases[name]] == [first]


@pytest.mark.parametrize("name", ["HSBC", "Pfizer", "The Boeing Company", "ICBC", "Rolls-Royce"])
def test_famous_english_names_are_known_without_light_words(name: str) -> None:
    assert Lexicon.default().latin_aliases[latin_key(name)]


def test_the_default_is_loaded_once() -> None:
    assert Lexicon.default() is Lexicon.default()


def test_every_name_of_the_default_can_be_looked_up() -> None:
    lexicon = Lexicon.default()
    for found in lexicon.organizations.values():
        for name in found.zh:
            if len(compact(name)) > 1:
                assert found.key in {alias.key for alias in lexicon.han_aliases[compact(name)]}
        assert found.en or found.zh, found.key


def test_a_row_is_read_by_its_columns() -> None:
    found = organization(
        "acme",
        "Acme Anvils|Acme",
        "阿珂姆",
        acronym="AAC",
        former="Anvil House|铁砧世家",
        common="阿珂姆",
        trade="tools|iron",
        parent="group",
        relation="unit",
        kind="company",
        country="US",
    )
    assert found.en == ("Acme Anvils", "Acme", "AAC", "Anvil House")
    assert found.zh == ("阿珂姆", "铁砧世家")
    assert found.common == {"阿珂姆"}
    assert (found.trade, found.parent, found.relation) == (("tools", "iron"), "group", "unit")
    assert (found.kind, found.country, found.source) == ("company", "US", "test.tsv")


def test_ordinary_words_are_marked() -> None:
    lexicon = Lexicon([organization("apple", "Apple", "苹果|苹果公司", common="苹果")])
    assert [alias.common for alias in lexicon.han_aliases["苹果"]] == [True]
    assert [alias.common for alias in lexicon.han_aliases["苹果公司"]] == [False]


def test_single_letters_and_characters_are_no_aliases() -> None:
    lexicon = Lexicon([organization("x", "X|The Company", "艾")])
    assert not lexicon.han_aliases
    assert not lexicon.latin_aliases


def test_later_organisations_replace_earlier_ones() -> None:
    lexicon = Lexicon([organization("acme", "Acme", "阿珂姆"), organization("acme", "Acme Anvils", "铁砧世家")])
    assert list(lexicon.organizations) == ["acme"]
    assert list(lexicon.han_aliases) == ["铁砧世家"]


def test_a_name_of_several_organisations_names_them_all() -> None:
    lexicon = Lexicon([organization("a", "Alpha", "同名"), organization("b", "Beta", "同名")])
    assert [alias.key for alias in lexicon.han_aliases["同名"]] == ["a", "b"]


def test_lengths_of_the_longest_names() -> None:
    lexicon = Lexicon([organization("a", "Alpha Beta Gamma of Delta", "甲乙丙"), organization("b", "Beta", "丁戊")])
    assert (lexicon.longest_han, lexicon.longest_latin) == (3, 4)
    assert (Lexicon([]).longest_han, Lexicon([]).longest_latin) == (0, 0)


def test_parents_nearest_first_and_no_endless_circle() -> None:
    lexicon = Lexicon([organization(key, f"{key}1", parent=parent) for key, parent in ("cb", "ba", "ac")])
    assert lexicon.parents("c")[:2] == ("b", "a")
    assert lexicon.parents("unknown") == ()
    assert Lexicon([organization("d", "D1", parent="elsewhere")]).parents("d") == ("elsewhere",)


def test_forms_in_which_names_are_looked_up() -> None:
    assert compact("可口 可乐（中国）A") == "可口可乐中国a"
    assert latin_key("The Procter & Gamble Co., Ltd.") == ("procter", "gamble")
    assert latin_key("Co., Ltd.") == ()
