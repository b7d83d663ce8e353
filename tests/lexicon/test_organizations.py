import pytest

from entitymatch.lexicon import Lexicon, Organization
from entitymatch.lexicon.organizations import compact, han_key, latin_key, organization_of_row


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
            if len(han_key(name)) > 1:
                assert found.key in {alias.key for alias in lexicon.han_aliases[han_key(name)]}, name
        for name in found.en:
            if len("".join(latin_key(name))) > 1:
                assert found.key in {alias.key for alias in lexicon.latin_aliases[latin_key(name)]}, name
        assert found.en or found.zh, found.key


def test_the_shipped_names_are_indexed_as_any_others() -> None:
    """The short cuts of the loader leave nothing out and add nothing."""
    shipped, plain = Lexicon.default(), Lexicon(Lexicon.default().organizations.values())
    for ours, theirs in ((shipped.han_aliases, plain.han_aliases), (shipped.latin_aliases, plain.latin_aliases)):
        assert set(ours) == set(theirs)
        assert all(set(ours[name]) == set(theirs[name]) for name in ours)
    assert [*shipped.organizations] == [*plain.organizations]
    assert set(shipped.organizations.parents()) == set(plain.organizations.parents())


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
    assert [lexicon.han_aliases.longest(start) for start in ("甲乙", "丁戊", "乙丙")] == [3, 2, 0]
    assert [lexicon.latin_aliases.longest(word) for word in ("alpha", "beta", "gamma", "")] == [4, 1, 0, 0]


def test_parents_nearest_first_and_no_endless_circle() -> None:
    lexicon = Lexicon([organization(key, f"{key}1", parent=parent) for key, parent in ("cb", "ba", "ac")])
    assert lexicon.parents("c")[:2] == ("b", "a")
    assert lexicon.parents("unknown") == ()
    assert Lexicon([organization("d", "D1", parent="elsewhere")]).parents("d") == ("elsewhere",)


def test_forms_in_which_names_are_looked_up() -> None:
    assert compact("可口 可乐（中国）A") == "可口可乐中国a"
    assert latin_key("The Procter & Gamble Co., Ltd.") == ("procter", "gamble")
    assert latin_key("Co., Ltd.") == ()


def test_names_are_looked_up_as_registers_write_them() -> None:
    lexicon = Lexicon(
        [organization("acme", "Acme", "哪吒", common="哪吒"), organization("tcl", "TCL", "TCL 科技|七〇八所")]
    )
    assert {"哪咤", "tcl科技", "七零八所"} == set(lexicon.han_aliases)
    assert lexicon.han_aliases[han_key("哪吒")][0].common


def test_acronyms_keep_their_s() -> None:
    lexicon = Lexicon([organization("hbo", "HBO"), organization("hbos", "HBOS"), organization("foods", "Acme Foods")])
    assert [a.key for a in lexicon.latin_aliases["hbos",]] == ["hbos"]
    assert [a.key for a in lexicon.latin_aliases["hbo",]] == ["hbo"]
    assert ("acme", "food") in lexicon.latin_aliases


def test_a_name_of_unrelated_organisations_is_weak() -> None:
    lexicon = Lexicon(
        [
            organization("energy", "SSE", "苏格兰能源"),
            organization("exchange", "SSE", "上交所"),
            organization("group", "Acme", "阿珂姆"),
            organization("trading", "Acme", "阿珂姆", parent="group", relation="unit"),
        ]
    )
    assert [(a.key, a.shared, a.weak) for a in lexicon.latin_aliases["sse",]] == [
        ("energy", True, True),
        ("exchange", True, True),
    ]
    assert not any(a.weak for a in (*lexicon.latin_aliases["acme",], *lexicon.han_aliases["阿珂姆"]))


def test_every_alias_says_which_table_it_is_from() -> None:
    (alias,) = Lexicon.default().han_aliases["汇丰银行"]
    assert alias.source == "banks.tsv"


@pytest.mark.parametrize(
    ("key", "group", "relation"),
    [
        ("a", "a", "same"),
        ("unit", "a", "unit"),
        ("venture", "a", "joint_venture"),
        ("affiliate", "unit", "affiliate"),
        ("affiliate", "a", "affiliate"),
        ("unit of venture", "a", "joint_venture"),
        ("a", "unit", ""),
        ("unit", "venture", ""),
        ("unknown", "a", ""),
    ],
)
def test_what_one_organisation_is_to_another(key: str, group: str, relation: str) -> None:
    lexicon = Lexicon(
        [
            organization("a", "Alpha"),
            organization("unit", "Beta", parent="a", relation="unit"),
            organization("venture", "Gamma", parent="a", relation="joint_venture"),
            organization("affiliate", "Delta", parent="unit", relation="affiliate"),
            organization("unit of venture", "Epsilon", parent="venture", relation="unit"),
        ]
    )
    assert lexicon.relation(key, group) == relation


def test_a_replaced_organisation_is_known_by_its_new_names_only() -> None:
    lexicon = Lexicon([organization("acme", "Acme Anvils", "阿珂姆"), organization("b", "Beta", "贝塔")])
    changed = lexicon.replacing([organization("acme", "Acme Hammers", "锤子"), organization("c", "Gamma", "伽玛")])
    assert list(changed.organizations) == ["acme", "b", "c"]
    assert set(changed.han_aliases) == {"贝塔", "锤子", "伽玛"}
    assert set(changed.latin_aliases) == {("acme", "hammer"), ("beta",), ("gamma",)}
    assert set(lexicon.han_aliases) == {"阿珂姆", "贝塔"}


def test_a_table_with_other_columns_is_refused(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    from entitymatch.lexicon import shipped

    (tmp_path / "organisations").mkdir()
    monkeypatch.setattr(shipped, "data_root", lambda: tmp_path)
    table = tmp_path / "organisations" / "x.tsv"
    table.write_text("# a comment\nkey\ten\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"x\.tsv, line 2: the columns must be key, en, "):
        shipped.read_lines()
    table.write_text("\t".join(shipped.COLUMNS) + "\n" + "\t" * 13 + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"x\.tsv, line 2: more than 13 cells"):
        shipped.read_lines()
