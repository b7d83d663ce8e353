"""Every strategy finds what it must be able to find; one whose packages are missing here is not tested."""

import subprocess
import sys

import pytest

from benchmarks.compare import Result, compare, task_of_pairs
from benchmarks.strategies import STRATEGIES, Candidate, Exact, Informed, PinyinRapidfuzz
from benchmarks.strategies.own import ABLATIONS, EntityMatch
from entitymatch.matcher import EVIDENCE

LIST = ["Nike", "Wanda Group", "Lego", "Shenzhen Kaifa", "Haier", "Xiaomi", "Baidu", "Fuyao Glass", "Meidi", "Geli"]
STRINGS = ["WANDA Group", "中共万达集团有限公司第三党支部", "小米", "百度", "海尔集团", "三林镇"]
RIGHT = [1, 1, 5, 6, 4, None]
FOREIGN = [s for s in STRATEGIES if not issubclass(s, EntityMatch) and s is not Exact]


def test_every_strategy_has_a_name_of_its_own():
    names = [strategy.name for strategy in STRATEGIES]
    assert len(set(names)) == len(names)
    assert [strategy.without for strategy in ABLATIONS] == [(kind,) for kind in EVIDENCE]
    assert [s.name for s in STRATEGIES if isinstance(s, type) and issubclass(s, EntityMatch)][-1] == "entitymatch"


@pytest.mark.parametrize("strategy", FOREIGN, ids=lambda s: s.name)
@pytest.mark.filterwarnings("default")  # foreign packages warn
def test_names_that_pinyin_tells_are_found(strategy):
    try:
        adapter = strategy()
    except ImportError as error:
        pytest.skip(str(error))
    adapter.fit(LIST)
    found = adapter.match(STRINGS, top_k=3)
    assert len(found) == len(STRINGS)
    for candidates in found:
        assert len(candidates) <= 3
        assert len({c.reference for c in candidates}) == len(candidates)
        assert [c.score for c in candidates] == sorted((c.score for c in candidates), reverse=True)
        assert not any(c.link for c in candidates[1:])
        assert all(type(c.reference) is int and 0 <= c.reference < len(LIST) for c in candidates)
    hits = sum(bool(c) and c[0].reference == right for c, right in zip(found, RIGHT, strict=True))
    assert hits >= 3, found


def test_pinyin_ranks_what_sounds_alike_first_and_asks_for_likeness():
    adapter = PinyinRapidfuzz()
    adapter.fit(["Nike", "Wanda Group", "Lego"])
    wanda, nothing = adapter.match(["中共万达集团有限公司第三党支部", "三林镇"], top_k=2)
    assert wanda[0] == Candidate(1, 100.0, True)
    assert [len(wanda), len(nothing)] == [2, 2]
    assert not any(candidate.link for candidate in [*wanda[1:], *nothing])


def test_a_class_that_was_made_runs_in_another_process():
    task = task_of_pairs("known", [("汇丰银行", "HSBC"), ("辉瑞", "Pfizer"), ("乐高", "Lego")])
    whole, without = compare(task, [EntityMatch, ABLATIONS[EVIDENCE.index("alias")]])
    assert isinstance(whole, Result)
    assert isinstance(without, Result)
    assert (whole.hit_at_1, without.strategy) == (1.0, "entitymatch without alias")
    assert without.recall < whole.recall


def test_what_a_strategy_must_not_know_it_does_not_know():
    # 花旗 (flowery flag) and 汇丰 (remittances abound) sound and mean nothing like the English names.
    pairs = [("花旗银行", "Citibank"), ("汇丰", "HSBC"), ("宝洁", "Procter & Gamble"), ("英特尔", "Intel")]
    [knowing] = compare(task_of_pairs("pairs", pairs), [EntityMatch])
    [ignorant] = compare(task_of_pairs("pairs", pairs, unknown=True), [EntityMatch])
    assert isinstance(EntityMatch(), Informed)
    assert knowing.recall == 1.0
    assert ignorant.recall < 0.5


def test_names_are_forgotten_in_the_lexicon_and_in_the_glossary():
    # In a process of its own: what words mean is forgotten for the whole process.
    script = """
from benchmarks.strategies import EntityMatch
from entitymatch.features.extract import FeatureExtractor
matcher = EntityMatch()
matcher.forget(["辉瑞", "HSBC"])
known = FeatureExtractor(matcher._matcher.lexicon)
assert not known.lexicon.han_aliases.get("辉瑞") and not known.lexicon.han_aliases.get("汇丰")
assert known.lexicon.han_aliases["花旗"]
assert not known.model.translations("辉瑞") and known.model.translations("银行")
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=120)
