"""Both scripts on both sides, and other scripts."""

import pytest

from entitymatch import Matcher
from tests.matcher.register import REFERENCES

CHINESE = [
    "汇丰银行",
    "中国工商银行",
    "清华大学",
    "北京大学",
    "重庆银行",
    "招商银行股份有限公司",
    "西门子股份公司",
    "渣打银行",
]
ENGLISH = [
    "International Business Machines",
    "The Hongkong and Shanghai Banking Corporation",
    "Procter & Gamble",
    "Siemens AG",
    "University of St Andrews",
    "Rolls-Royce Holdings plc",
    "HSBC",
]


@pytest.mark.parametrize(
    ("references", "query", "expected"),
    [
        (CHINESE, "工行", "中国工商银行"),
        (CHINESE, "招行", "招商银行股份有限公司"),
        (CHINESE, "北大", "北京大学"),
        (CHINESE, "清华", "清华大学"),
        (CHINESE, "滙豐銀行", "汇丰银行"),
        (CHINESE, "重慶銀行", "重庆银行"),
        (CHINESE, "中国工商银行上海分行工会委员会", "中国工商银行"),
        (CHINESE, "HSBC", "汇丰银行"),
        (CHINESE, "ICBC", "中国工商银行"),
        (CHINESE, "Industrial and Commercial Bank of China", "中国工商银行"),
        (CHINESE, "Tsinghua University", "清华大学"),
        (CHINESE, "Bank of Chongqing Co., Ltd.", "重庆银行"),
        (CHINESE, "Siemens AG", "西门子股份公司"),
        (CHINESE, "Standard Chartered", "渣打银行"),
        (CHINESE, "HSBC汇丰银行", "汇丰银行"),
        (CHINESE, "汇丰银行", "汇丰银行"),
        (ENGLISH, "IBM", "International Business Machines"),
        (ENGLISH, "HSBC", "HSBC"),
        (ENGLISH, "P&G", "Procter & Gamble"),
        (ENGLISH, "St. Andrews University", "University of St Andrews"),
        (ENGLISH, "ROLLS ROYCE", "Rolls-Royce Holdings plc"),
        (ENGLISH, "Siemens Ltd., China", "Siemens AG"),
        (ENGLISH, "Simens AG", "Siemens AG"),
        (ENGLISH, "西门子Siemens", "Siemens AG"),
        (["TCL科技集团", "TCL", "Haier"], "TCL科技集团股份有限公司", "TCL科技集团"),
    ],
)
def test_both_scripts_on_both_sides(references: list[str], query: str, expected: str) -> None:
    table = Matcher(prior=0.5).fit(references).match([query], threshold=0.0).to_pandas()
    assert table["reference"][0] == expected
    assert table["decision"][0] in {"link", "possible_link"}, table["score"][0]


OTHER_SCRIPTS = ["Газпром", "ПАО Лукойл", "トヨタ自動車株式会社", "ソニー", "삼성전자", "Εθνική Τράπεζα", "ปตท"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ГАЗПРОМ", "Газпром"),
        ("Лукоил", "ПАО Лукойл"),
        ("トヨタ自動車", "トヨタ自動車株式会社"),
        ("ソニー株式会社", "ソニー"),
        ("삼성전자", "삼성전자"),
        ("ΕΘΝΙΚΗ ΤΡΑΠΕΖΑ", "Εθνική Τράπεζα"),
        ("ปตท", "ปตท"),
    ],
)
def test_names_in_other_scripts_are_compared_with_their_like(query: str, expected: str) -> None:
    table = Matcher(prior=0.5).fit(OTHER_SCRIPTS).match([query], threshold=0.0).to_pandas()
    assert table["reference"][0] == expected
    unlike = Matcher(prior=0.5).fit([name for name in OTHER_SCRIPTS if name != expected]).match([query])
    assert len(unlike) == 0


@pytest.mark.parametrize("name", [*ENGLISH, *CHINESE, *REFERENCES, *OTHER_SCRIPTS])
def test_a_name_of_the_list_is_found_by_itself(name: str) -> None:
    table = (
        Matcher(prior=0.5)
        .fit(["Nokia", "Heineken", "复旦大学", "中国南方航空", name])
        .match([name], threshold=0.0)
        .to_pandas()
    )
    assert (table["reference"][0], table["decision"][0]) == (name, "link"), table["score"][0]


@pytest.mark.parametrize(
    ("reference", "decoy"),
    [
        ("汇丰银行", "汇丰纸业有限公司"),
        ("苹果公司", "苹果园艺"),
        ("清华大学", "清华园宾馆"),
        ("重庆银行", "重庆医院"),
        ("Apple", "Apple Valley Kindergarten"),
        ("Boeing", "Boeing Street Bakery"),
        ("Bank of Chengdu", "Bank of Chongqing"),
    ],
)
def test_a_decoy_of_the_same_script_is_no_link(reference: str, decoy: str) -> None:
    table = Matcher().fit([reference, "Pfizer", "复旦大学"]).match([decoy], threshold=0.0).to_pandas()
    assert "link" not in set(table["decision"]), table[["reference", "score"]]
