"""The evidence of a link: terms that add up, where they stand, where they come from, and what is left out."""

import math

import pandas as pd
import pytest

from entitymatch import EntityMatchError, Lexicon, Matcher
from entitymatch.matcher import CANDIDATES, EVIDENCE
from entitymatch.names import normalize
from entitymatch.scoring import KINDS
from tests.matcher.checks import check
from tests.matcher.register import REFERENCES, REGISTER


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
