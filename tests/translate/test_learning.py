"""Word translations: the glossary, the learned table, and learning it."""

import random

import pytest

from entitymatch.translate import Glossary, TranslationModel, default_glossary, default_model
from entitymatch.translate.model import LearnedWord, merge
from entitymatch.translate.training import LONGEST, Pair, learn, stretches

PLANTED = {"狮子": "lion", "岩石": "rock", "河流": "river", "银月": "moon", "金星": "venus", "松树": "pine"}
TRADES = {"银行": "bank", "大学": "university", "医院": "hospital"}


def planted_pairs(n: int = 120, seed: int = 1) -> list[Pair]:
    """Names of two planted words and a trade, the English words in another order."""
    rng = random.Random(seed)
    pairs = []
    for number in range(n):
        one, two = rng.sample(sorted(PLANTED), 2)
        trade = rng.choice(sorted(TRADES))
        words = [PLANTED[one], PLANTED[two], TRADES[trade]]
        rng.shuffle(words)
        pairs.append(Pair(one + two + trade, " ".join(words).title(), f"o{number}"))
    return pairs


def best(rows: list[LearnedWord]) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows:
        found.setdefault(row.zh, row.en)
    return found


def test_planted_words_are_found() -> None:
    found = best(learn(planted_pairs(), Glossary({})))
    wanted = PLANTED | TRADES
    assert {zh: found.get(zh) for zh in wanted} == wanted


def test_planted_words_are_certain_and_others_are_not() -> None:
    rows = {(row.zh, row.en): row.probability for row in learn(planted_pairs(), Glossary({}))}
    for zh, en in PLANTED.items():
        wrong = [p for (word, target), p in rows.items() if word == zh and target != en]
        assert rows[zh, en] > 2 * max(wrong, default=0.0)
    assert all(0 < p <= 1 for p in rows.values())


def test_the_same_pairs_in_any_order_give_the_same_rows() -> None:
    pairs = planted_pairs()
    shuffled = pairs * 2
    random.Random(5).shuffle(shuffled)
    assert learn(pairs, Glossary({})) == learn(shuffled, Glossary({})) == learn(iter(pairs), Glossary({}))


def test_rows_are_sorted() -> None:
    rows = learn(planted_pairs(), Glossary({}))
    assert rows == sorted(rows, key=lambda row: (row.zh, -row.probability, row.en))


def test_a_word_needs_three_organisations() -> None:
    pairs = planted_pairs()
    twice = [Pair("铁砧银行", "Anvil Bank", "x1"), Pair("铁砧医院", "Anvil Hospital", "x2")]
    same = [Pair("铁砧大学", "Anvil University", "x2"), Pair("铁砧狮子大学", "Anvil Lion University", "x1")]
    assert "anvil" not in {row.en for row in learn([*pairs, *twice, *same], Glossary({}))}
    third = Pair("铁砧河流", "Anvil River", "x3")
    rows = learn([*pairs, *twice, *same, third], Glossary({}))
    assert [row.support for row in rows if (row.zh, row.en) == ("铁砧", "anvil")] == [3]
    assert all(row.support >= 3 for row in rows)


def test_support_may_be_asked_for() -> None:
    pairs = [Pair("铁砧", "Anvil", "x")]
    assert learn(pairs, Glossary({})) == []
    assert best(learn(pairs, Glossary({}), support=1))["铁砧"] == "anvil"


def test_ignored_words_are_not_learned() -> None:
    rows = learn(planted_pairs(), Glossary({}), ignore=frozenset({"bank"}))
    assert "bank" not in {row.en for row in rows}
    assert "hospital" in {row.en for row in rows}


def test_the_glossary_decides_where_the_pairs_cannot() -> None:
    # 狮子 and 岩石 always stand together: only the dictionary knows which is which.
    pairs = [Pair(f"狮子岩石{last}", "Rock Lion", last) for last in "甲乙丙丁"]
    rows = {(row.zh, row.en): row.probability for row in learn(pairs, Glossary({"狮子": "lion", "岩石": "rock"}))}
    assert rows["狮子", "lion"] > rows.get(("狮子", "rock"), 0.0)
    assert rows["岩石", "rock"] > rows.get(("岩石", "lion"), 0.0)


@pytest.mark.parametrize("pairs", [[], [Pair("", "", "a")], [Pair("汇丰", "", "a")], [Pair("HSBC", "HSBC", "a")]])
def test_nothing_to_learn_from_gives_nothing(pairs: list[Pair]) -> None:
    assert learn(pairs, Glossary({})) == []


def test_stretches_are_runs_of_han_characters() -> None:
    assert stretches("中石化A股") == {"中", "石", "化", "中石", "石化", "中石化", "股"}
    assert max(map(len, stretches("甲乙丙丁戊己庚"))) == LONGEST
    assert stretches("HSBC") == set()


def test_merging_keeps_unconfirmed_meanings_at_a_discount() -> None:
    learned = [LearnedWord("招商", "merchant", 0.9, 5), LearnedWord("重工", "heavy", 0.7, 45)]
    merged = merge(learned, Glossary({"重工": "heavy industry", "银行": "bank"}))
    assert merged["招商"] == (("merchant", 0.9),)
    assert dict(merged["重工"])["heavy"] == 0.7
    assert dict(merged["重工"])["industry"] == pytest.approx(0.6 * 5 / 50)
    assert "银行" not in merged


def test_glosses_fall_in_weight_and_empty_words_go() -> None:
    found = dict(Glossary({"光明": "light|bright|to be of the light"}).translations("光明"))
    assert found["light"] > found["bright"] > 0
    assert set(found) == {"light", "bright"}
    assert Glossary({}).translations("光明") == ()


def test_membership_and_size_of_a_glossary() -> None:
    glossary = Glossary({"银行": "bank"})
    assert "银行" in glossary
    assert "大学" not in glossary
    assert (len(glossary), glossary.longest, Glossary({}).longest) == (1, 2, 0)


def test_our_own_words_replace_the_dictionary() -> None:
    assert dict(default_glossary().translations("药业"))["pharmaceutical"] > 0
    assert len(default_glossary()) > 50_000


@pytest.mark.parametrize(
    ("word", "stem"),
    [("银行", "bank"), ("大学", "university"), ("医院", "hospital"), ("汽车", "auto"), ("科技", "technology")],
)
def test_the_shipped_model_knows_common_words(word: str, stem: str) -> None:
    assert stem in dict(default_model().translations(word))


def test_learned_rows_come_before_the_glossary() -> None:
    model = TranslationModel(
        Glossary({"招商": "to attract investment", "大学": "university"}), {"招商": (("merchant", 0.9),)}
    )
    assert model.translations("招商") == (("merchant", 0.9),)
    assert (model.source("招商"), model.source("大学")) == ("learned translations", "glossary")
    assert model.translations("汇丰") == ()
    assert model.longest == 2
