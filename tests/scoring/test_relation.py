import pandas as pd
import pytest

from entitymatch import Lexicon, Matcher
from entitymatch.features import FeatureExtractor
from entitymatch.scoring.relation import relation

EXTRACTOR = FeatureExtractor()


def relation_of(query, *names):
    return relation(EXTRACTOR.extract(query), [EXTRACTOR.extract(name) for name in names], Lexicon.default())


@pytest.mark.parametrize(
    ("query", "reference", "expected"),
    [
        ("滙豐", "HSBC", "same"),
        ("中共汇丰银行（中国）有限公司支部委员会", "HSBC", "same"),
        ("汇丰银行上海分行", "HSBC", "unit"),
        ("HSBC Bank, Shanghai Branch", "HSBC", "unit"),
        ("汇丰银行上海分行", "汇丰银行上海分行", "same"),
        ("汇丰银行上海分行", "汇丰银行北京分行", ""),
        ("上海通用汽车有限公司", "General Motors", "joint_venture"),
        ("上海通用汽车有限公司浦东分公司", "General Motors", "joint_venture"),
        ("华晨宝马汽车有限公司", "BMW", "joint_venture"),
        ("上海贝尔股份有限公司", "Alcatel-Lucent", "joint_venture"),
        ("惠氏制药有限公司", "Pfizer", "affiliate"),
        ("上海申美饮料食品有限公司", "Coca-Cola", "affiliate"),
        ("达丰（上海）电脑有限公司", "Quanta Computer", "affiliate"),
        ("Wyeth", "Pfizer", "affiliate"),
        ("General Motors", "上海通用汽车有限公司", ""),
        ("上海苹果园艺有限公司", "Apple", ""),
        ("苹果电脑贸易（上海）有限公司", "Apple", "same"),
        ("卓锐信和有限公司", "HSBC", ""),
        ("汇丰银行", "Zhuorui Xinhe", ""),
    ],
)
def test_what_a_string_is_to_a_reference(query, reference, expected):
    assert relation_of(query, reference) == expected


def test_the_closest_of_several_counts():
    assert relation_of("惠氏", "Pfizer") == "affiliate"
    assert relation_of("惠氏", "Pfizer", "Wyeth") == "same"
    assert relation_of("惠氏", "Boeing", "Pfizer") == "affiliate"


@pytest.fixture(scope="module")
def links():
    names = ["HSBC", "General Motors", "Pfizer"]
    register = ["汇丰银行上海分行", "上海通用汽车有限公司", "惠氏制药有限公司", "上海汇丰纸业有限公司", "辉瑞", "辉瑞"]
    return Matcher(prior=0.2).fit(names).match(register, threshold=0.0, top_k=1)


def test_it_is_the_last_column_of_every_table(links):
    table = links.to_pandas()
    assert table.columns[-1] == "relation"
    shown = table[["query", "reference", "relation"]].values.tolist()
    assert shown[:3] == [
        ["汇丰银行上海分行", "HSBC", "unit"],
        ["上海通用汽车有限公司", "General Motors", "joint_venture"],
        ["惠氏制药有限公司", "Pfizer", "affiliate"],
    ]
    assert shown[-2:] == [["辉瑞", "Pfizer", "same"]] * 2
    assert (
        links.to_polars()["relation"].to_list() == links.to_arrow()["relation"].to_pylist() == list(table["relation"])
    )


def test_what_is_no_link_is_not_the_same(links):
    table = links.to_pandas(distinct=True).set_index("query")
    assert list(table.columns[-2:]) == ["rows", "relation"]
    assert table.loc["上海汇丰纸业有限公司", ["reference", "decision", "relation"]].tolist() == ["HSBC", "non_link", ""]


def test_it_is_the_same_after_saving_and_does_not_depend_on_batches(links, tmp_path):
    matcher = Matcher(prior=0.2).fit(links.references.names)
    matcher.save(tmp_path / "matcher.npz")
    register = [links.queries.names[i] for i in links.queries.row_of]
    again = Matcher.load(tmp_path / "matcher.npz").match(register, threshold=0.0, top_k=1, batch_size=2)
    pd.testing.assert_frame_equal(links.to_pandas(), again.to_pandas())


def test_a_register_without_links_has_the_column_too():
    table = Matcher().fit(["HSBC"]).match(["卓锐信和"]).to_pandas()
    assert list(table["relation"]) == []
