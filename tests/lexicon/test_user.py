import sys

import pandas as pd
import polars as pl
import pytest

from entitymatch import EntityMatchError, Lexicon, Matcher
from entitymatch.lexicon.user import Problem, check_aliases, read_aliases


@pytest.fixture
def write(tmp_path):
    """Write a file of aliases and return its path."""

    def write_file(name, text, encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write_file


def names_of(lexicon, alias):
    """Return the first English name of each organisation that a Chinese alias names."""
    return [lexicon.organizations[a.key].en[0] for a in lexicon.han_aliases.get(alias, ())]


TSV = "# a comment\norganization\tnote\talias\nHSBC\tx\t狮子银行|Lion Bank\nAcme Anvils\t\t阿珂姆\n\nHSBC\ty\t狮银\n"
CSV = 'alias,organization\n"狮子银行|Lion Bank",HSBC\n阿珂姆,Acme Anvils\n狮银,HSBC\n'
EXPECTED = {"HSBC": ["狮子银行", "Lion Bank", "狮银"], "Acme Anvils": ["阿珂姆"]}


@pytest.mark.parametrize(("name", "text"), [("mine.tsv", TSV), ("mine.csv", CSV)])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_read_in_each_format_and_encoding(write, name, text, encoding):
    path = write(name, text, encoding)
    assert read_aliases(path) == EXPECTED
    assert check_aliases(path) == []


def test_yaml_is_read_with_lines_and_without_guessing_types(write):
    pytest.importorskip("yaml")
    path = write("mine.yaml", "HSBC:\n  - 狮子银行|Lion Bank\n  - 狮银\nAcme Anvils: 阿珂姆\nON:\n  - 昂瑞\n  - 12\n")
    assert read_aliases(path) == {**EXPECTED, "ON": ["昂瑞", "12"]}
    wrong = write("wrong.yaml", "HSBC:\n  - 狮银\n  -\nAcme:\n  - 狮银\nEmpty: []\n")
    assert [(p.line, p.kind) for p in check_aliases(wrong)] == [(3, "empty"), (5, "contradiction"), (6, "empty")]
    for text, message in (("- a\n", "must be a key"), ("a: {b: c}\n", "line 1: expected a name"), ("a: [", "line 1")):
        with pytest.raises(EntityMatchError, match=message):
            read_aliases(write("broken.yaml", text))


def test_yaml_without_its_package_says_what_to_install(write, monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(EntityMatchError, match=r"mine\.yml: YAML needs PyYAML: pip install pyyaml"):
        read_aliases(write("mine.yml", "HSBC: 狮银\n"))


@pytest.mark.parametrize(
    ("rows", "line", "kind", "message"),
    [
        ("HSBC,狮银\nHSBC,狮银\n", 3, "duplicate", "'狮银' of 'HSBC' is there already (line 2)"),
        ("HSBC,汇丰\nHSBC,滙豐\n", 3, "duplicate", "'滙豐' of 'HSBC' is there already (line 2)"),
        ("HSBC,Lion|lion\n", 2, "duplicate", "'lion' of 'HSBC' stands twice in this cell"),
        ("HSBC,The HSBC Ltd\n", 2, "duplicate", "'The HSBC Ltd' is the name of 'HSBC' itself"),
        ("HSBC,狮银\nAcme,狮银\n", 3, "contradiction", "'狮银' of 'Acme' already names 'HSBC' (line 2)"),
        ("HSBC,狮银\nAcme,HSBC\n", 3, "contradiction", "'HSBC' of 'Acme' already names 'HSBC' (line 2)"),
        ("Acme,HSBC\nHSBC,狮银\nHSBC,狮子\n", 3, "contradiction", "'HSBC' already names 'Acme' (line 2)"),
        ("HSBC,\n", 2, "empty", "'HSBC' has no alias"),
        (",狮银\n", 2, "empty", "the organisation is missing"),
        ("Acme,Lion, Inc\n", 2, "columns", "1 more cell than the header has: quote a cell that holds a separator"),
        ("Acme,ライオン\n", 2, "script", "'ライオン' is neither Chinese nor Latin script"),
        ("Acme,Лев\n", 2, "script", "'Лев' is neither Chinese nor Latin script"),
        ("Acme,狮\n", 2, "script", "'狮' is a single character"),
        ("Acme,The Co.\n", 2, "script", "'The Co.' is a single letter or nothing but common words"),
        ("Acme,——\nLion,……\n", 2, "script", "'——' has no letters"),
        ('"Acme","Lion\nSteel"\nHSBC,Lion Steel\n', 4, "contradiction", "already names 'Acme' (line 2)"),
    ],
)
def test_each_mistake_is_told_with_its_line(write, rows, line, kind, message):
    path = write("mine.csv", "organization,alias\n" + rows)
    first = check_aliases(path)[0]
    assert (first.line, first.kind) == (line, kind)
    assert message in first.message
    if kind == "duplicate":
        assert read_aliases(path)
    else:
        with pytest.raises(EntityMatchError, match=f"mine.csv, line {line}: "):
            read_aliases(path)


def test_what_is_wrong_with_an_organisation_is_told_once(write):
    rows = "狮,Lion\n狮,Lion Steel\nAcme,Anvil\nAnvil,Hammer\nAnvil,Tongs\n"
    problems = check_aliases(write("mine.csv", "organization,alias\n" + rows))
    assert [(problem.line, problem.kind) for problem in problems] == [(2, "script"), (5, "contradiction")]


def test_a_problem_is_a_value(write):
    path = write("mine.csv", "organization,alias\nHSBC,\n")
    assert check_aliases(path) == [Problem(2, "empty", "'HSBC' has no alias")]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("mine.csv", "company,alias\nHSBC,狮银\n", "has no column 'organization'; it has 'company', 'alias'"),
        ("mine.csv", "organization,alias,alias\nHSBC,狮银,x\n", "has several columns 'alias'"),
        ("mine.csv", "organization,alias\n", "is empty"),
        ("mine.csv", "", "is empty"),
        ("mine.xlsx", "x", "ending of a file of aliases must be one of .csv, .tsv, .yaml, .yml"),
        ("mine.csv", "a\0b", "neither utf-8, utf-8-sig nor gb18030"),
    ],
)
def test_a_file_that_is_no_table_of_aliases(write, name, text, message):
    path = write(name, text)
    for function in (check_aliases, read_aliases):
        with pytest.raises(EntityMatchError) as raised:
            function(path)
        assert message in str(raised.value)


def test_no_such_file(tmp_path):
    with pytest.raises(EntityMatchError, match="no such file"):
        read_aliases(tmp_path / "none.csv")


def test_a_mapping_a_table_and_a_file_say_the_same(write):
    table = pd.DataFrame([(name, alias) for name, found in EXPECTED.items() for alias in found])
    table.columns = ["organization", "alias"]
    sources = [EXPECTED, {"HSBC": "狮子银行|Lion Bank|狮银", "Acme Anvils": "阿珂姆"}, table, pl.from_pandas(table)]
    lexicons = [Lexicon.default().with_aliases(s) for s in [*sources, write("mine.tsv", TSV), str(write("m.csv", CSV))]]
    for lexicon in lexicons[1:]:
        assert list(lexicon.han_aliases) == list(lexicons[0].han_aliases)
        assert list(lexicon.latin_aliases) == list(lexicons[0].latin_aliases)
    spoken = [lexicon.han_aliases["狮银"][0].source for lexicon in lexicons]
    assert spoken == ["user: mapping"] * 2 + ["user: table"] * 2 + ["user: mine.tsv", "user: m.csv"]
    assert names_of(lexicons[0], "狮银") == ["HSBC"]
    assert names_of(lexicons[0], "阿珂姆") == ["Acme Anvils"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (7, "not int"),
        (["狮银"], "not list"),
        (pd.DataFrame({"name": ["x"]}), "has no column 'organization'; it has 'name'"),
        (pd.DataFrame({"organization": ["x"], "alias": [None]}), "row 0 is 'x', None"),
    ],
)
def test_what_is_no_source_of_aliases(source, message):
    with pytest.raises(EntityMatchError, match=message):
        Lexicon.default().with_aliases(source)


def test_a_known_organisation_keeps_its_names_and_its_key():
    lexicon = Lexicon.default().with_aliases({"Hongkong and Shanghai Banking Corporation": ["獅子銀行"]})
    assert [alias.key for alias in lexicon.han_aliases["狮子银行"]] == ["hsbc"]
    assert names_of(lexicon, "汇丰") == ["HSBC"]
    assert lexicon.organizations["hsbc"].source == "banks.tsv, user: mapping"
    assert [lexicon.han_aliases[name][0].source for name in ("狮子银行", "汇丰")] == ["user: mapping", "banks.tsv"]


def test_the_users_row_beats_ours():
    lexicon = Lexicon.default().with_aliases({"Huifeng Paper": ["汇丰"], "Anvil Works": ["HSBC"]})
    assert names_of(lexicon, "汇丰") == ["Huifeng Paper"]
    assert [alias.key for alias in lexicon.latin_aliases["hsbc",]] == ["user:Anvil Works"]
    assert names_of(lexicon, "汇丰银行") == ["Hongkong and Shanghai Banking Corporation"]
    assert names_of(Lexicon.default(), "汇丰") == ["HSBC"]  # the shipped lexicon is as it was


def test_a_name_that_the_user_gives_is_no_ordinary_word():
    assert [alias.common for alias in Lexicon.default().han_aliases["苹果"]] == [True]
    lexicon = Lexicon.default().with_aliases({"Apple": ["苹果"]})
    assert [(alias.key, alias.common) for alias in lexicon.han_aliases["苹果"]] == [("apple", False)]


def test_a_later_row_beats_an_earlier_one_and_adds_to_it():
    earlier = Lexicon.default().with_aliases({"Acme": ["阿珂姆"]})
    lexicon = earlier.with_aliases({"Acme": ["阿珂"], "Zorbex": ["阿珂姆"]})
    assert names_of(lexicon, "阿珂姆") == ["Zorbex"]
    assert names_of(lexicon, "阿珂") == ["Acme"]


def test_latin_names_with_accents_are_latin():
    lexicon = Lexicon.default().with_aliases({"阿珂姆": ["Société des Enclumes"]})
    assert [alias.key for alias in lexicon.latin_aliases["societe", "enclume"]] == ["user:阿珂姆"]


def test_the_matcher_uses_the_users_names_and_says_so(tmp_path):
    lexicon = Lexicon.default().with_aliases({"Acme Anvils": ["卓锐信和"]})
    assert Matcher().fit(["Acme Anvils", "HSBC"]).match(["卓锐信和（上海）有限公司"]).to_pandas().empty
    matcher = Matcher(lexicon=lexicon).fit(["Acme Anvils", "HSBC"])
    for known in (matcher, _saved(matcher, tmp_path / "matcher.npz")):
        table = known.match(["卓锐信和（上海）有限公司"]).to_pandas()
        assert table["reference"].tolist() == ["Acme Anvils"]
        terms = [term for term in known.explain("卓锐信和（上海）有限公司", 0).terms if term.kind == "alias"]
        assert [(term.query_text, term.source) for term in terms] == [("卓锐信和", "user: mapping")]


def _saved(matcher, path):
    matcher.save(path)
    return Matcher.load(path)
