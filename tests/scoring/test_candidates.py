"""Which candidates are compared, and that a short cut for most strings changes no answer."""

import numpy as np
import pytest

from entitymatch import Matcher
from entitymatch.scoring import default_scoring_model
from entitymatch.scoring.candidates import FIRST_PLACE, LEAST_SIMILARITY, PLACE, SURELY, TIMES, _outstanding, _place
from entitymatch.scoring.compare import Comparer

NAMES = ["HSBC Bank (China)", "Pfizer", "University of St Andrews", "Siemens", "Honeywell", "Rolls-Royce"]
WORDS = ["Bright", "Golden", "Ocean", "River", "Stone", "Forest", "Cloud", "Harbour"]
TRADES = ["Paper", "Textile", "Food", "Logistics", "Software", "Chemical", "Steel", "Packaging", "Printing"]
REGISTER = [
    "中共汇丰银行（中国）有限公司上海分行支部委员会",
    "辉瑞制药有限公司",
    "上海金河软件有限公司党支部",
    "苏州云石包装有限公司",
    "上海汇丰纸业有限公司",
    "海洋食品有限公司",
    "霍尼韦尔",
    "西门子工会",
]


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher().fit([*NAMES, *(f"{word} {trade} Co., Ltd." for word in WORDS for trade in TRADES)])


def test_what_is_a_link_does_not_depend_on_the_threshold(matcher: Matcher) -> None:
    few = matcher.match(REGISTER, top_k=50).to_pandas()
    every = matcher.match(REGISTER, top_k=50, threshold=0.0).to_pandas()
    assert len(every) > 5 * len(few) > 0
    same = every[every["decision"] != "non_link"].reset_index(drop=True)
    assert few.drop(columns="query_id").equals(same.drop(columns="query_id"))


def test_scores_fall_with_the_rank(matcher: Matcher) -> None:
    every = matcher.match(REGISTER, top_k=50, threshold=0.0).to_pandas()
    assert every.groupby("query_id")["score"].apply(lambda score: score.is_monotonic_decreasing).all()


def test_a_candidate_like_many_others_is_no_more_than_a_non_link() -> None:
    matcher = Matcher(prior=0.999).fit([f"Shanghai {trade} {word}" for word in WORDS for trade in TRADES])
    found = matcher.match(["上海甬奉"], top_k=100, threshold=0.0)
    table = found.to_pandas()
    explained = [found.explain(i) for i in range(len(table))]
    held = [e for e in explained if any(term.kind == "unremarkable" for term in e.terms)]
    assert held
    for explanation in held:
        assert explanation.score < default_scoring_model().possible_threshold
        assert sum(term.bits for term in explanation.terms) == pytest.approx(explanation.match_weight, abs=1e-9)


def test_outstanding_against_the_fiftieth_reference() -> None:
    similarity = np.concatenate([[TIMES * 2.0, TIMES * 2.0 - 0.1], np.full(PLACE, 2.0), [SURELY], np.full(PLACE, 4.9)])
    query = np.repeat([0, 1], [PLACE + 2, PLACE + 1])
    owner = np.arange(len(query))
    found = np.flatnonzero(_outstanding(query, owner, similarity, 2, PLACE))
    assert found.tolist() == [0, PLACE + 2]


def test_the_names_of_one_reference_count_once() -> None:
    similarity = np.full(PLACE + 1, 3.0)
    one = np.zeros(len(similarity), dtype=np.int64)
    many = np.arange(len(similarity))
    assert _outstanding(one, one, similarity, 1, PLACE)[:5].all()
    assert not _outstanding(one, many, similarity, 1, PLACE).any()


def test_how_long_the_list_is_tells_of_chance_and_not_of_knowledge(matcher: Matcher) -> None:
    def names(query: str, reference: int) -> set[str]:
        return {term.kind for term in matcher.explain(query, reference).terms}

    assert "list_size" not in names("西门子工会", NAMES.index("Siemens"))
    assert "list_size" in names("金河软件有限公司", len(NAMES))


def test_what_is_hardly_alike_never_stands_out() -> None:
    similarity = np.array([LEAST_SIMILARITY, LEAST_SIMILARITY - 0.01])
    query = np.zeros(2, dtype=np.int64)
    assert _outstanding(query, np.arange(2), similarity, 1, PLACE).tolist() == [True, False]


def test_the_place_grows_with_the_list_up_to_the_fiftieth() -> None:
    places = [_place(size) for size in range(0, 6000, 100)]
    assert places == sorted(places)
    assert (places[0], places[-1]) == (FIRST_PLACE, PLACE)


def test_a_string_that_names_nothing_costs_a_short_list_few_comparisons(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []
    compare = Comparer.compare
    monkeypatch.setattr(Comparer, "compare", lambda self, pairs: compared.append(len(pairs)) or compare(self, pairs))
    strings = [f"上海{word}餐饮管理有限公司" for word in ("光明", "金河", "云石", "海林")]
    Matcher().fit(NAMES).match(strings)
    assert sum(compared) <= len(strings)


def test_a_part_that_is_listed_itself_is_meant_and_not_its_group() -> None:
    def of(references: list[str]) -> tuple[list[str], set[str]]:
        matcher = Matcher(prior=0.5).fit(references)
        kinds = {term.kind for term in matcher.explain("中远散货运输有限公司", 0).terms}
        return matcher.match(["中远散货运输有限公司"]).to_pandas()["reference"].tolist()[:1], kinds

    found, kinds = of(["COSCO", "Pfizer"])
    assert found == ["COSCO"]
    assert "listed_itself" not in kinds
    found, kinds = of(["COSCO", "COSCO Shipping Bulk"])
    assert found == ["COSCO Shipping Bulk"]
    assert "listed_itself" in kinds


def test_another_organisation_named_beside_a_part_says_nothing_against_its_group() -> None:
    def kinds(references: list[str]) -> set[str]:
        matcher = Matcher(prior=0.5).fit(references)
        return {term.kind for term in matcher.explain("中远散货运输有限公司华为项目部", 0).terms}

    assert "listed_itself" not in kinds(["COSCO", "Huawei"])
    assert "listed_itself" in kinds(["COSCO", "COSCO Shipping Bulk", "Huawei"])


def test_a_part_that_does_not_stand_out_counts_with_no_threshold() -> None:
    long = "COSCO Shipping Bulk Harbour River Stone Forest Cloud Golden Ocean Bright Paper Textile Food Steel Printing"
    matcher = Matcher(prior=0.5).fit(["COSCO", *(f"COSCO Alpha{letter}" for letter in "abcdefghijklmnopq"), long])
    few = matcher.match(["中远散货运输有限公司"], top_k=50).to_pandas()
    all_ = matcher.match(["中远散货运输有限公司"], top_k=50, threshold=0.0).to_pandas()
    all_ = all_[all_["decision"] != "non_link"]
    assert (
        few[["reference", "score", "decision"]].values.tolist()
        == all_[["reference", "score", "decision"]].values.tolist()
    )
