"""Keys of names: alike in both scripts, and empty where there is nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entitymatch.integrations.keys import KeyReader
from tests.examples import examples


@pytest.fixture(scope="module")
def read():
    return KeyReader()


def test_cores_are_alike_in_both_scripts(read):
    assert read("华为技术有限公司").core == read("Huawei (Shenzhen) Co., Ltd.").core == "huawei"
    assert read("华为技术有限公司").han == "华为"


@pytest.mark.parametrize(
    ("chinese", "english", "shared"),
    [
        (
            "上海市外国机构服务处有限公司",
            "Shanghai Foreign Agency Service Corporation",
            {"foreign", "agency", "service"},
        ),
        ("圣安德鲁斯大学", "University of St Andrews", {"andrew", "st", "university"}),
        ("汇丰银行（中国）有限公司上海分行", "Bank of China", {"bank", "china"}),
    ],
)
def test_concepts_are_shared(read, chinese, english, shared):
    ours, theirs = (set(read(name).concepts) | set(read(name).places) for name in (chinese, english))
    assert shared <= ours & theirs


def test_legal_forms_units_and_places_are_no_concepts(read):
    concepts = set(read("霍尼韦尔（中国）有限公司上海分公司").concepts)
    assert not {"china", "limited", "company", "shanghai", "branch"} & concepts
    concepts = set(read("中国建设银行").concepts)
    assert {"bank", "construction"} <= concepts
    assert "china" not in concepts


def test_places_are_shared_whatever_their_spelling(read):
    assert "chungking" in read("重庆银行").places
    assert set(read("Bank of Chongqing").places) <= set(read("重庆银行").places)
    assert read("上海市浦东新区人民医院").places[-1] == "shanghai"


def test_readings_hold_the_spellings_of_the_core_only(read):
    readings = read("招商证券股份有限公司").readings
    assert "zhaoshang" in readings
    assert not [word for word in readings if "zhengquan" in word or "youxian" in word]


def test_aliases_hold_the_organisation_and_its_group(read):
    assert set(read("汇丰银行").aliases) & set(read("HSBC Holdings plc").aliases) == {"hsbc"}
    assert "china-merchants-group" in read("招商证券股份有限公司").aliases


def test_a_name_is_read_once(read, monkeypatch):
    first = read("波音公司")
    monkeypatch.setattr(read, "_extractor", None)
    assert read("波音公司") is first


@settings(max_examples=examples(100), deadline=None)
@given(st.text(max_size=30))
def test_any_string_has_keys(text):
    keys = READ(text)
    for values in (keys.concepts, keys.readings, keys.aliases, keys.places, keys.sounds):
        assert list(values) == sorted(set(values))
    assert not keys.letters or keys.core


READ = KeyReader()
