"""Short names that are also ordinary words or common trade names count only where trade or context agrees.

The strings are of the making of the firms that one meets: a subsidiary of the famous one, and a firm that has
nothing to do with it.
"""

import pytest

from entitymatch import Lexicon, Matcher

REFERENCES = [
    *("Apple", "Volkswagen", "Lenovo", "Shell", "KONE", "Hyundai Motor"),
    *("Procter & Gamble", "Samsung", "Qualcomm", "Great Wall Motor"),
]
THEIRS = {
    "苹果电脑贸易（上海）有限公司": "Apple",
    "大众汽车（中国）投资有限公司": "Volkswagen",
    "联想电脑（上海）有限公司": "Lenovo",
    "联想（北京）有限公司": "Lenovo",
    "壳牌（中国）有限公司": "Shell",
    "壳牌石油化工有限公司": "Shell",
    "通力电梯有限公司": "KONE",
    "现代汽车（中国）投资有限公司": "Hyundai Motor",
    "宝洁（中国）有限公司": "Procter & Gamble",
    "广州宝洁有限公司": "Procter & Gamble",
    "三星电子（中国）有限公司": "Samsung",
    "三星（中国）投资有限公司": "Samsung",
    "高通无线通信技术（中国）有限公司": "Qualcomm",
    "长城汽车股份有限公司": "Great Wall Motor",
}
STRANGERS = [
    "上海苹果园艺有限公司",
    "苹果园社区居民委员会",
    "上海大众浴室有限公司",
    "大众剧场",
    "北京联想餐饮管理有限公司",
    "上海壳牌服饰有限公司",
    "上海通力商务咨询有限公司",
    "通力律师事务所",
    "现代服装店",
    "现代农业发展有限公司",
    "上海宝洁保洁服务有限公司",
    "三星镇人民政府",
    "三星村村民委员会",
    "上海三星五金厂",
    "上海高通物流有限公司",
    "长城饭店",
    "上海长城实业公司",
]


@pytest.fixture(scope="module")
def decisions():
    table = Matcher().fit(REFERENCES).match([*THEIRS, *STRANGERS], threshold=0.0, top_k=1).to_pandas()
    return dict(zip(table["query"], zip(table["reference"], table["decision"], strict=True), strict=True))


@pytest.mark.parametrize(("query", "reference"), THEIRS.items())
def test_with_its_trade_the_name_is_the_organisations(decisions, query, reference):
    assert decisions[query] == (reference, "link")


@pytest.mark.parametrize("query", STRANGERS)
def test_with_another_trade_it_is_not(decisions, query):
    assert decisions.get(query, ("", "non_link"))[1] == "non_link"


@pytest.mark.parametrize("name", ["苹果", "大众", "联想", "壳牌", "通力", "现代", "宝洁", "三星", "高通", "上海大众"])
def test_the_names_are_marked(name):
    assert all(alias.common for alias in Lexicon.default().han_aliases[name])
