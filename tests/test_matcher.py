"""The interface of the matcher, line by line."""

import inspect
import math
import random

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from entitymatch import EntityMatchError, Explanation, Lexicon, Links, Matcher
from entitymatch.blocking import default_blockers
from entitymatch.features import FeatureExtractor
from entitymatch.matcher import CANDIDATES, EVIDENCE
from entitymatch.names import normalize
from entitymatch.scoring import KINDS, default_scoring_model
from tests.examples import examples

COLUMNS = ["query_id", "query", "reference_id", "reference", "rank", "score", "match_weight", "decision", "relation"]
REFERENCES = [
    "HSBC",
    "Standard Chartered",
    "Pfizer",
    "University of St Andrews",
    "Rolls-Royce",
    "Boeing",
    "Siemens",
    "Bank of Chongqing",
    "Industrial and Commercial Bank of China",
    "China Merchants Bank",
    "Honeywell",
    "Shanghai Foreign Agency Service Corporation",
    "L'Oréal",
    "Tsinghua University",
    "Peking University",
    "BYD Company",
]
RIGHT = {
    "中共汇丰银行（中国）有限公司上海分行支部委员会": "HSBC",
    "罗尔斯-罗伊斯商贸（北京）有限公司党支部": "Rolls-Royce",
    "上海市外国机构服务处有限公司": "Shanghai Foreign Agency Service Corporation",
    "圣安德鲁斯大学": "University of St Andrews",
    "波音（中国）投资有限公司": "Boeing",
    "西门子（中国）有限公司": "Siemens",
    "霍尼韦尔自动化控制（中国）有限公司": "Honeywell",
    "重庆银行股份有限公司": "Bank of Chongqing",
    "工商银行北京分行": "Industrial and Commercial Bank of China",
    "招商银行": "China Merchants Bank",
    "滙豐銀行": "HSBC",
    "渣打銀行（香港）有限公司": "Standard Chartered",
    "清华大学": "Tsinghua University",
    "北京大學": "Peking University",
    "欧莱雅（中国）有限公司": "L'Oréal",
    "HSBC Bank (China) Company Limited": "HSBC",
    "Pfizer Inc.": "Pfizer",
    "Rolls Royce": "Rolls-Royce",
    "St Andrews University": "University of St Andrews",
    "HSBC汇丰银行上海分行": "HSBC",
}
DECOYS = [
    "上海光明村餐饮管理有限公司",
    "上海汇丰纸业有限公司",
    "波音文具店",
    "重庆市第一中学",
    "Sunshine Kindergarten",
    "苹果园社区居委会",
]
SURE = [
    "圣安德鲁斯大学",
    "招商银行",
    "清华大学",
    "重庆银行股份有限公司",
    "西门子（中国）有限公司",
    "St Andrews University",
]
REGISTER = [*RIGHT, *DECOYS]


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(prior=0.5).fit(REFERENCES)


@pytest.fixture(scope="module")
def everything(matcher: Matcher) -> pd.DataFrame:
    """All candidates of all strings of the register."""
    return matcher.match(REGISTER, threshold=0.0, top_k=CANDIDATES).to_pandas()


def first(table: pd.DataFrame) -> dict[str, str]:
    best = table[table["rank"] == 1]
    return dict(zip(best["query"], best["reference"], strict=True))


# What it is asked


def test_parameters_are_keyword_only_and_kept_as_given() -> None:
    lexicon, kinds = Lexicon.default(), ["sound", "alias"]
    given_values = {
        "prior": 0.2,
        "link_threshold": 0.8,
        "possible_threshold": 0.1,
        "lexicon": lexicon,
        "without": kinds,
        "blockers": list(default_blockers()),
        "scoring": default_scoring_model(),
    }
    matcher = Matcher(**given_values)
    for name, value in given_values.items():
        assert getattr(matcher, name) is value
    parameters = inspect.signature(Matcher).parameters
    assert list(parameters) == list(given_values)
    assert all(p.kind is inspect.Parameter.KEYWORD_ONLY for p in parameters.values())
    with pytest.raises(TypeError):
        Matcher(0.2)


def test_defaults() -> None:
    matcher = Matcher()
    assert matcher.prior == 0.05
    assert (matcher.link_threshold, matcher.possible_threshold, matcher.lexicon, tuple(matcher.without)) == (
        None,
        None,
        None,
        (),
    )


def test_fit_returns_the_matcher_and_leaves_the_parameters_alone() -> None:
    matcher = Matcher(prior=0.3, without=["sound"])
    assert matcher.fit(["HSBC"]) is matcher
    assert (matcher.prior, matcher.without, matcher.link_threshold) == (0.3, ["sound"], None)
    assert matcher.references_.names == ["HSBC"]


def test_fitting_again_forgets_the_first_list() -> None:
    matcher = Matcher(prior=0.5).fit(["Pfizer"])
    matcher.match(["清华大学"])
    assert matcher.fit(["Tsinghua University"]) is matcher
    pd.testing.assert_frame_equal(
        matcher.match(["清华大学"]).to_pandas(),
        Matcher(prior=0.5).fit(["Tsinghua University"]).match(["清华大学"]).to_pandas(),
    )


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"prior": 0}, "prior is 0"),
        ({"prior": 1.0}, "prior is 1.0"),
        ({"prior": float("nan")}, "prior is nan"),
        ({"prior": -3}, "between 0 and 1"),
        ({"prior": "high"}, "prior is 'high'"),
        ({"prior": None}, "prior is None"),
        ({"lexicon": {"HSBC": "狮子银行"}}, "lexicon is of type dict"),
        ({"link_threshold": 1.5}, "link_threshold is 1.5"),
        ({"possible_threshold": -0.1}, "possible_threshold is -0.1"),
        ({"without": ["magic"]}, "'magic'.*alias, translation, reading"),
        ({"without": "alias"}, r"give a list, \['alias'\]"),
    ],
)
def test_a_wrong_parameter_is_told_when_fitting(parameters: dict, message: str) -> None:
    matcher = Matcher(**parameters)
    with pytest.raises(EntityMatchError, match=message):
        matcher.fit(["HSBC"])


@pytest.mark.parametrize(
    ("references", "arguments", "message"),
    [
        ([], {}, "empty"),
        (["", None], {}, "empty"),
        (pd.DataFrame({"name": ["HSBC"]}), {"name": "company"}, "'company'.*'name'"),
        (pd.DataFrame({"name": ["HSBC"]}), {"name": "name", "id": "key"}, "'key'"),
        (pd.DataFrame({"name": ["HSBC"]}), {"name": "name", "aliases": "also"}, "'also'"),
        (pd.DataFrame({"name": ["HSBC", "Pfizer"], "id": [1, 1]}), {"name": "name", "id": "id"}, "repeats"),
        (pd.DataFrame({"name": [1, 2]}), {"name": "name"}, "numbers"),
        ("HSBC", {}, "single string"),
    ],
)
def test_a_wrong_list_is_told(references: object, arguments: dict, message: str) -> None:
    with pytest.raises(EntityMatchError, match=message):
        Matcher().fit(references, **arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        {"top_k": 0},
        {"top_k": -1},
        {"top_k": 2.5},
        {"top_k": "5"},
        {"top_k": None},
        {"batch_size": 0},
        {"threshold": 7},
        {"threshold": float("nan")},
        {"threshold": "high"},
        {"name": "branch"},
        {"id": "row"},
    ],
)
def test_a_wrong_argument_of_match_is_told(matcher: Matcher, arguments: dict) -> None:
    register = pd.DataFrame({"company": ["汇丰银行"]}) if "name" in arguments else ["汇丰银行"]
    with pytest.raises(EntityMatchError, match=next(iter(arguments.values())) if "name" in arguments else None):
        matcher.match(register, **arguments)


@pytest.mark.parametrize("call", [lambda m: m.match(["x"]), lambda m: m.explain("x", 0), lambda m: m.save("x.npz")])
def test_a_matcher_that_is_not_fitted_says_so(call) -> None:
    with pytest.raises(EntityMatchError, match="not fitted"):
        call(Matcher())


# What comes back


def test_columns_and_their_order(matcher: Matcher) -> None:
    links = matcher.match(REGISTER)
    assert isinstance(links, Links)
    assert list(links.to_pandas()) == COLUMNS
    assert list(links.to_pandas(distinct=True)) == [*COLUMNS[:-1], "rows", "relation"]


def test_right_organisations_come_first_and_decoys_are_no_links(everything: pd.DataFrame) -> None:
    best = first(everything)
    assert {query: best.get(query) for query in RIGHT} == RIGHT
    table = everything[everything["rank"] == 1].set_index("query")
    assert table.loc[list(RIGHT), "decision"].isin(["link", "possible_link"]).all(), table.loc[
        list(RIGHT), ["score", "decision"]
    ]
    assert (table.loc[SURE, "decision"] == "link").all(), table.loc[SURE, ["score", "decision"]]
    assert "link" not in set(everything[everything["query"].isin(DECOYS)]["decision"])


def test_score_is_the_probability_of_the_match_weight(everything: pd.DataFrame) -> None:
    assert np.allclose(everything["score"], 1 / (1 + np.exp2(-everything["match_weight"])), atol=1e-11)
    assert everything["score"].between(0, 1).all()


def test_ranks_count_from_one_without_gaps_and_scores_fall(everything: pd.DataFrame) -> None:
    for _, lines in everything.groupby("query"):
        assert lines["rank"].tolist() == list(range(1, len(lines) + 1))
        assert lines["match_weight"].is_monotonic_decreasing
        assert lines["reference_id"].is_unique


@pytest.mark.parametrize(
    "thresholds", [{}, {"link_threshold": 0.0}, {"link_threshold": 0.5, "possible_threshold": 0.0}]
)
def test_at_most_one_link_a_string_and_its_rank_is_one(thresholds: dict) -> None:
    table = Matcher(**thresholds).fit([*REFERENCES, "HSBC Bank"]).match(REGISTER, threshold=0.0).to_pandas()
    linked = table[table["decision"] == "link"]
    assert len(linked)
    assert linked["query"].is_unique
    assert (linked["rank"] == 1).all()
    # Beside a link nothing else is possible.
    assert (table[table["query"].isin(linked["query"])]["decision"] != "possible_link").all()


def test_decisions_follow_the_thresholds(everything: pd.DataFrame) -> None:
    strict = (
        Matcher(prior=0.5, link_threshold=1.0, possible_threshold=0.5)
        .fit(REFERENCES)
        .match(REGISTER, threshold=0.0, top_k=CANDIDATES)
    )
    table = strict.to_pandas()
    assert np.array_equal(table["score"], everything["score"])
    assert "link" not in set(table[table["score"] < 1.0]["decision"])
    assert ((table["decision"] == "possible_link") == (table["score"] >= 0.5)).all()


def test_a_second_candidate_too_close_to_tell_makes_both_possible() -> None:
    table = (
        Matcher(prior=0.5)
        .fit(["Tsinghua University", "Pfizer", "Tsinghua University"])
        .match(["清华大学"], threshold=0.0)
        .to_pandas()
    )
    assert table["reference_id"].tolist()[:2] == [0, 2]
    assert table["decision"].tolist()[:2] == ["possible_link", "possible_link"]
    assert table["score"][0] == table["score"][1] <= 0.5


@pytest.mark.parametrize("name", ["Tsinghua University", "清华大学"])
@pytest.mark.parametrize("size", [2, 30, CANDIDATES + 60])
def test_ties_fall_by_reference_order(name: str, size: int) -> None:
    table = Matcher().fit(["Pfizer", *[name] * size]).match(["清华大学"], threshold=0.0, top_k=20).to_pandas()
    assert table["reference_id"].tolist()[: min(size, 20)] == list(range(1, min(size, 20) + 1))


def test_spellings_of_one_name_tie_by_reference_order() -> None:
    references = ["Pfizer", "TSINGHUA UNIVERSITY", "Tsinghua University", "tsinghua university", "Tsinghua  University"]
    table = Matcher().fit(references).match(["清华大学"], threshold=0.0).to_pandas()
    assert table["reference_id"].tolist()[:4] == [1, 2, 3, 4]
    assert table["score"][:4].nunique() == 1


def test_parameters_count_from_the_fit_on() -> None:
    matcher = Matcher(prior=0.5).fit(["Pfizer"])
    before = matcher.match(["辉瑞制药"], threshold=0.0).to_pandas()
    matcher.prior = 0.01
    pd.testing.assert_frame_equal(matcher.match(["辉瑞制药"], threshold=0.0).to_pandas(), before)
    assert matcher.fit(["Pfizer"]).match(["辉瑞制药"], threshold=0.0).to_pandas()["score"][0] < before["score"][0]


def test_strings_that_differ_only_behind_a_nul_are_two(matcher: Matcher) -> None:
    table = matcher.match(["清华大学", "清华大学\x00医院"], threshold=0.0, top_k=1).to_pandas(distinct=True)
    assert table["query"].tolist() == ["清华大学", "清华大学\x00医院"]


def test_threshold_filters_only(matcher: Matcher, everything: pd.DataFrame) -> None:
    chosen = matcher.match(REGISTER, top_k=CANDIDATES).to_pandas()
    wanted = everything[everything["decision"] != "non_link"].reset_index(drop=True)
    pd.testing.assert_frame_equal(chosen, wanted)
    for threshold in (0.001, 0.5, 1.0):
        filtered = matcher.match(REGISTER, threshold=threshold, top_k=CANDIDATES).to_pandas()
        pd.testing.assert_frame_equal(filtered, everything[everything["score"] >= threshold].reset_index(drop=True))


@pytest.mark.parametrize("top_k", [1, 2, 5])
def test_score_and_decision_do_not_depend_on_top_k(matcher: Matcher, everything: pd.DataFrame, top_k: int) -> None:
    few = matcher.match(REGISTER, threshold=0.0, top_k=top_k).to_pandas()
    pd.testing.assert_frame_equal(few, everything[everything["rank"] <= top_k].reset_index(drop=True), check_exact=True)


@pytest.mark.parametrize("batch_size", [1, 3, 7])
def test_nothing_depends_on_the_batch_size(everything: pd.DataFrame, batch_size: int) -> None:
    fresh = Matcher(prior=0.5).fit(REFERENCES)  # with nothing remembered from other batches
    table = fresh.match(REGISTER, threshold=0.0, top_k=CANDIDATES, batch_size=batch_size).to_pandas()
    pd.testing.assert_frame_equal(table, everything, check_exact=True)


def test_nothing_depends_on_the_order_of_rows(matcher: Matcher, everything: pd.DataFrame) -> None:
    shuffled = REGISTER * 2
    random.Random(3).shuffle(shuffled)
    table = matcher.match(shuffled, threshold=0.0, top_k=CANDIDATES).to_pandas(distinct=True)
    assert set(table["rows"]) == {2}
    by_string = [*COLUMNS[1:]]
    pd.testing.assert_frame_equal(
        table[by_string].sort_values(["query", "rank"], ignore_index=True),
        everything[by_string].sort_values(["query", "rank"], ignore_index=True),
        check_exact=True,
    )


def test_lines_come_in_the_order_of_the_rows(matcher: Matcher) -> None:
    rows = ["清华大学", "招商银行", "清华大学"]
    assert matcher.match(rows).to_pandas()["query"].tolist() == rows


def test_distinct_strings_are_read_once(monkeypatch: pytest.MonkeyPatch, matcher: Matcher) -> None:
    read: list[str] = []
    extract = FeatureExtractor.extract
    monkeypatch.setattr(FeatureExtractor, "extract", lambda self, name: read.append(name) or extract(self, name))
    links = matcher.match(["清华大学", "招商银行", "清华大学", "", "清华大学"] * 4, batch_size=1)
    assert sorted(read) == sorted(["清华大学", "招商银行"])
    assert len(links) == 16


def test_empty_and_missing_names_are_skipped_and_counted(matcher: Matcher) -> None:
    links = matcher.match(["", None, "  ", "清华大学", "\t"], threshold=0.0)
    assert links.skipped == 4
    assert set(links.to_pandas()["query_id"]) == {3}
    assert len(matcher.match([])) == len(matcher.match([None])) == 0


def test_a_string_of_signs_is_answered_with_nothing(matcher: Matcher) -> None:
    links = matcher.match(["***", "（）", "。", "🏦"], threshold=0.0)
    assert (links.skipped, len(links)) == (0, 0)


def test_a_list_of_signs_matches_nothing() -> None:
    assert len(Matcher().fit(["***", "。"]).match(REGISTER, threshold=0.0)) == 0


def test_strings_without_anything_in_common_are_answered() -> None:
    links = Matcher().fit(["HSBC", "Boeing"]).match(["上海光明村餐饮管理有限公司", "xyz", "长安"], threshold=0.0)
    assert links.to_pandas()["score"].lt(0.5).all()


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow"])
def test_tables_of_all_kinds_with_ids_as_given(kind: str) -> None:
    make = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.table}[kind]
    references = make({"key": ["t", "h"], "company": ["Tsinghua University", "China Merchants Bank"]})
    register = make({"row": [70, 71, 72], "branch": ["招商银行", "", "清华大学"], "other": [1, 2, 3]})
    links = Matcher(prior=0.5).fit(references, name="company", id="key").match(register, name="branch", id="row")
    assert links.to_pandas()[COLUMNS[:4]].values.tolist() == [
        [70, "招商银行", "h", "China Merchants Bank"],
        [72, "清华大学", "t", "Tsinghua University"],
    ]


def test_default_ids_are_row_numbers() -> None:
    table = Matcher(prior=0.5).fit(["Pfizer", "Tsinghua University"]).match(["", "清华大学"]).to_pandas()
    assert table[["query_id", "reference_id"]].values.tolist() == [[1, 1]]


@pytest.mark.parametrize("aliases", [["狮子岩|Anvil House", ""], [["狮子岩", "Anvil House"], []]])
def test_aliases_of_the_list_are_names_of_the_organisation(aliases: list) -> None:
    table = pd.DataFrame({"name": ["Acme Anvils", "Boeing"], "aliases": aliases})
    links = Matcher(prior=0.5).fit(table, name="name", aliases="aliases").match(["狮子岩有限公司", "Anvil House Ltd."])
    assert links.to_pandas()[["reference_id", "reference"]].values.tolist() == [[0, "Acme Anvils"]] * 2
    assert len(Matcher(prior=0.5).fit(["Acme Anvils", "Boeing"]).match(["狮子岩有限公司"])) == 0


def test_a_name_that_the_list_gives_beats_ours_and_the_evidence_says_so() -> None:
    table = pd.DataFrame({"name": ["HSBC", "Huifeng Paper"], "aliases": ["", "汇丰"]})
    matcher = Matcher(prior=0.2).fit(table, name="name", aliases="aliases")
    links = matcher.match(["汇丰", "汇丰上海分公司"])
    assert links.to_pandas()["reference"].tolist() == ["Huifeng Paper"] * 2
    sources = {term.kind: term.source for term in matcher.explain("汇丰", 1).terms}
    assert sources["literal"] == "the same characters, user: fit(aliases=)"
    assert "user: fit(aliases=)" in str(links.explain(0))
    assert {term["source"] for term in matcher.explain("汇丰", 0).to_dict()["terms"] if term["kind"] == "alias"} == {
        "banks.tsv"
    }


def test_an_alias_never_makes_an_organisation_its_own_rival() -> None:
    table = pd.DataFrame({"name": ["Tsinghua University", "Pfizer"], "aliases": ["清华大学|清华", ""]})
    links = Matcher().fit(table, name="name", aliases="aliases").match(["清华大学"], threshold=0.0)
    assert links.to_pandas()["reference_id"].is_unique
    assert links.to_pandas()["decision"][0] == "link"


def test_a_higher_prior_raises_every_score_of_a_first_candidate(everything: pd.DataFrame) -> None:
    low = Matcher(prior=0.01).fit(REFERENCES).match(REGISTER, threshold=0.0, top_k=CANDIDATES).to_pandas()
    best = everything["rank"] == 1
    assert (low.loc[low["rank"] == 1, "score"].to_numpy() < everything.loc[best, "score"].to_numpy()).all()


def test_progress_shows_a_bar_on_stderr_only(matcher: Matcher, capsys: pytest.CaptureFixture[str]) -> None:
    matcher.match(["清华大学"], progress=True)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "matching" in shown.err
    matcher.match(["清华大学"])
    assert capsys.readouterr() == ("", "")


def test_repr_names_the_parameters_and_the_size_of_the_list() -> None:
    assert repr(Matcher(prior=0.2).fit(["HSBC", "Pfizer"])) == "<Matcher(prior=0.2): 2 references>"
    assert (
        repr(Matcher(without=["alias"], link_threshold=0.9))
        == "<Matcher(prior=0.05, link_threshold=0.9, without=('alias',))>"
    )


# Evidence


def check(explanation: Explanation, line: pd.Series) -> None:
    assert abs(math.fsum(term.bits for term in explanation.terms) - explanation.match_weight) <= 1e-9
    assert abs(explanation.match_weight - line["match_weight"]) <= 1e-9
    assert abs(explanation.score - line["score"]) <= 1e-9
    assert (explanation.query, explanation.reference, explanation.decision) == (
        line["query"],
        line["reference"],
        line["decision"],
    )


def test_terms_add_up_to_the_match_weight_of_the_table(matcher: Matcher) -> None:
    links = matcher.match(REGISTER, threshold=0.0, top_k=CANDIDATES)
    table = links.to_pandas()
    for position in range(0, len(links), 3):
        check(links.explain(position), table.iloc[position])


@pytest.mark.parametrize(
    "references", [["汇丰银行", "中国工商银行", "清华大学", "招商银行"], ["HSBC Holdings plc", "IBM", "Pfizer"]]
)
def test_terms_add_up_in_one_script_too(references: list[str]) -> None:
    links = (
        Matcher()
        .fit(references)
        .match(["滙豐銀行上海分行", "工行", "HSBC", "International Business Machines", "Pfzier"], threshold=0.0)
    )
    table = links.to_pandas()
    assert len(table)
    for position in range(len(table)):
        check(links.explain(position), table.iloc[position])


def test_explanation_names_the_texts_and_the_prior(matcher: Matcher) -> None:
    explanation = matcher.explain("中共汇丰银行（中国）有限公司上海分行支部委员会", 0)
    assert explanation.reference == "HSBC"
    alias = [term for term in explanation.terms if (term.query_text, term.reference_text) == ("汇丰银行", "HSBC")]
    assert alias
    assert alias[0].bits > 0
    assert alias[0].source
    assert "prior" in {term.kind for term in explanation.terms}


def test_texts_of_the_terms_stand_where_their_spans_say() -> None:
    names = ["HSBC Holdings plc", "Rolls-Royce", "清华大学", "AT&T Inc.", "Tsinghua University"]
    register = [
        "中共匯豐銀行（中國） 有限公司上海分行支部委员会",
        "罗尔斯-罗伊斯商贸（北京）有限公司党支部",
        "ＡＴ＆Ｔ 公司",
        "清華大學",
        "Qinghua Univ.",
        "HSBC Bank (China)",
    ]
    matcher = Matcher(prior=0.5).fit(names)
    texts = 0
    for query in register:
        for position, reference in enumerate(names):
            for term in matcher.explain(query, position).terms:
                for text, span, whole in (
                    (term.query_text, term.query_span, query),
                    (term.reference_text, term.reference_span, reference),
                ):
                    assert (span is None) == (not text)
                    if span is not None:
                        kept = [c for c in normalize(whole[slice(*span)]) if c.isalnum()]
                        assert "".join(c for c in text if c.isalnum()) in "".join(kept)
                        texts += 1
    assert texts > 40


def test_every_term_says_where_it_comes_from(matcher: Matcher) -> None:
    for query in REGISTER[:8]:
        for reference in range(len(REFERENCES)):
            assert all(term.source for term in matcher.explain(query, reference).terms)


def test_what_a_further_name_explains_stands_nowhere_in_the_name_shown() -> None:
    table = pd.DataFrame({"name": ["Acme Anvils"], "aliases": ["狮子岩"]})
    explanation = Matcher().fit(table, name="name", aliases="aliases").explain("狮子岩有限公司", 0)
    spans = {(term.query_span, term.reference_span) for term in explanation.terms if term.query_text}
    assert spans == {((0, 3), None)}


def test_the_reason_of_each_decision(matcher: Matcher) -> None:
    assert "score is 0." in matcher.explain("清华大学", REFERENCES.index("Tsinghua University")).reason
    assert matcher.explain("清华大学", 0).reason in {
        "the string is linked to Tsinghua University",
        "not among the candidates",
    }
    twice = Matcher(prior=0.5).fit(["Tsinghua University", "Pfizer", "Tsinghua University"])
    links = twice.match(["清华大学"])
    assert [links.explain(line).reason for line in (0, 1)] == ["too close to tell from Tsinghua University"] * 2
    unsure = Matcher(prior=0.5, link_threshold=1.0).fit(["Tsinghua University", "Pfizer"])
    assert unsure.explain("清华大学", 0).reason == "its score is below 1.00"
    assert "is below 0." in matcher.explain("波音文具店", REFERENCES.index("Boeing")).reason


def test_rivals_are_a_term() -> None:
    links = Matcher(prior=0.5).fit(["Tsinghua University", "Tsinghua University"]).match(["清华大学"])
    rivals = [term.bits for term in links.explain(0).terms if term.kind == "rivals"]
    assert len(rivals) == 1
    assert rivals[0] < -1


def test_a_pair_that_is_no_candidate_is_explained_all_the_same(matcher: Matcher) -> None:
    explanation = matcher.explain("长安", REFERENCES.index("L'Oréal"))
    assert explanation.score < 0.5
    assert abs(math.fsum(term.bits for term in explanation.terms) - explanation.match_weight) <= 1e-9


@pytest.mark.parametrize("position", [-1, len(REFERENCES), 10**6])
def test_a_reference_that_is_not_on_the_list(matcher: Matcher, position: int) -> None:
    with pytest.raises(EntityMatchError, match=f"no reference {position}: the list has 16"):
        matcher.explain("清华大学", position)


EMPTY = Lexicon([])
EXAMPLES = {
    "alias": ("汇丰银行", "HSBC", None),
    "translation": ("上海外国机构服务有限公司", "Shanghai Foreign Agency Service Corporation", EMPTY),
    "reading": ("清华大学", "Qinghua University", EMPTY),
    "sound": ("霍尼韦尔有限公司", "Honeywell", EMPTY),
    "initials": ("工商银行", "GSYH", EMPTY),
    "place": ("重庆银行", "Bank of Chengdu", EMPTY),
    "trade": ("上海汇丰纸业有限公司", "HSBC Bank", None),
    "spelling": ("霍尼韦尔有限公司", "Honneiwell", EMPTY),
}


def test_there_is_an_example_of_every_kind_of_evidence() -> None:
    assert set(EXAMPLES) == set(EVIDENCE) == set(KINDS)


@pytest.mark.parametrize("kind", EVIDENCE)
def test_evidence_that_is_left_out_counts_for_nothing(kind: str) -> None:
    query, reference, lexicon = EXAMPLES[kind]
    references = [reference, "Pfizer", "China Merchants Bank"]
    always = ["sound"] if kind == "spelling" else []  # what sounds alike is not compared by its letters
    full = Matcher(lexicon=lexicon, without=always).fit(references).explain(query, 0)
    less = Matcher(lexicon=lexicon, without=[*always, kind]).fit(references).explain(query, 0)
    assert {term.kind for term in full.terms} & set(KINDS[kind])
    assert not {term.kind for term in less.terms} & set(KINDS[kind])
    assert less.match_weight != pytest.approx(full.match_weight, abs=1e-6)


def test_without_takes_several_kinds_and_all() -> None:
    bare = Matcher(without=set(EVIDENCE)).fit(REFERENCES)
    kinds = {feature for features in KINDS.values() for feature in features}
    links = bare.match(REGISTER, threshold=0.0)
    for position in range(0, len(links), 5):
        assert not {term.kind for term in links.explain(position).terms} & kinds


def test_a_lexicon_of_ones_own_is_believed() -> None:
    query = ["狮子银行上海分行"]
    plain = Matcher().fit(["HSBC", "Pfizer"]).match(query, threshold=0.0).to_pandas()
    known = (
        Matcher(lexicon=Lexicon.default().with_aliases({"HSBC": ["狮子银行"]}))
        .fit(["HSBC", "Pfizer"])
        .match(query)
        .to_pandas()
    )
    assert known["reference"].tolist() == ["HSBC"]
    assert "link" not in set(plain["decision"])


# Both scripts on both sides


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


# Any string


@pytest.mark.parametrize(
    "text",
    [
        "清华大学霍尼韦尔西门子" * 200,
        "清华大学，" * 600,
        "Siemens of " * 500,
        "（" * 3000,
        "A" * 5000,
        "支部委员会" * 300,
    ],
)
def test_a_string_as_long_as_a_page_is_answered(matcher: Matcher, text: str) -> None:
    table = matcher.match([text, "清华大学"], threshold=0.0).to_pandas()
    assert table[table["query"] == "清华大学"]["reference"].iloc[0] == "Tsinghua University"
    assert np.isfinite(table["match_weight"]).all()


@given(st.lists(st.text(max_size=25), max_size=5))
@example(["", "\x00"])
@example(["汇丰银行", "汇丰银行\x00纸业", "\ud800"])
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_string_is_answered(matcher: Matcher, strings: list[str]) -> None:
    links = matcher.match(strings, threshold=0.0)
    table = links.to_pandas()
    assert np.isfinite(table["match_weight"]).all()
    assert table["score"].between(0, 1).all()
    assert set(table["query_id"]) <= set(range(len(strings)))
    assert links.skipped == sum(not text.strip() for text in strings)
    for position in range(min(len(links), 2)):
        check(links.explain(position), table.iloc[position])


@given(st.lists(st.text(min_size=1, max_size=15).filter(str.strip), min_size=1, max_size=4))
@settings(max_examples=examples(30), deadline=None)
def test_any_string_can_stand_on_the_list(names: list[str]) -> None:
    table = Matcher().fit(names).match([*names, "汇丰银行", "HSBC"], threshold=0.0).to_pandas()
    assert np.isfinite(table["match_weight"]).all()
    assert set(table["reference_id"]) <= set(range(len(names)))
