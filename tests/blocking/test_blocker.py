"""Blockers of one's own: what one needs to be, what it finds, and that it changes nothing else."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pandas as pd
import pytest

from entitymatch import EntityMatchError, Matcher
from entitymatch.blocking import Blocker, BlockingIndex, KeyBlocker, check_blockers, default_blockers
from entitymatch.features import FeatureExtractor, NameFeatures
from entitymatch.matcher import CANDIDATES

REFERENCES = ["Tsinghua University", "HSBC", "Honeywell", "Quiet Zebra Works"]


@dataclass(frozen=True)
class Length(KeyBlocker):
    """Brings names of a kind together that have nothing else in common: a Han name of n characters, n words."""

    name: ClassVar[str] = "length"

    def keys(self, reference: NameFeatures) -> dict[str, float]:
        return {str(len(reference.han) or len(reference.words)): 1.0}


class Loud:
    """A blocker that inherits nothing."""

    name = "loud"
    weight = 1.0

    def keys(self, reference):
        return {"x": 1.0}

    def reference_values(self, keys, bits, scale):
        return keys

    def query_values(self, query, bits, size):
        return {"x": 1.0} if "x" in bits else {}


def test_the_shipped_blockers_are_blockers() -> None:
    assert check_blockers(default_blockers()) == default_blockers()
    assert all(isinstance(blocker, Blocker) for blocker in default_blockers())


def test_a_blocker_of_ones_own_proposes_candidates() -> None:
    few = [blocker for blocker in default_blockers() if blocker.name in ("word", "alias")]
    query = ["法法法"]  # three characters, three words
    plain = Matcher(blockers=few).fit(REFERENCES).match(query, threshold=0.0).to_pandas()
    more = Matcher(blockers=[*few, Length()]).fit(REFERENCES).match(query, threshold=0.0).to_pandas()
    assert plain["reference"].tolist() == []
    assert more["reference"].tolist() == ["Quiet Zebra Works"]


def test_it_needs_to_inherit_nothing() -> None:
    table = Matcher(blockers=[Loud()]).fit(REFERENCES).match(["毫无关系"], threshold=0.0).to_pandas()
    assert sorted(table["reference"]) == sorted(REFERENCES)


def test_it_proposes_but_does_not_change_the_evidence() -> None:
    register = ["清华大学", "霍尼韦尔有限公司", "汇丰银行上海分行"]
    plain = Matcher().fit(REFERENCES)
    more = Matcher(blockers=[*default_blockers(), Length()]).fit(REFERENCES)
    for query in register:
        for reference in range(len(REFERENCES)):
            ours = {t.kind: t.bits for t in more.explain(query, reference).terms}
            theirs = {t.kind: t.bits for t in plain.explain(query, reference).terms}
            assert ours.get("similarity") == theirs.get("similarity")


def test_the_parameter_is_kept_as_given() -> None:
    blockers = [*default_blockers(), Length()]
    assert Matcher(blockers=blockers).fit(REFERENCES).blockers is blockers
    assert Matcher().blockers is None


def test_all_shipped_blockers_by_name_are_the_default() -> None:
    register = ["清华大学", "霍尼韦尔有限公司", "汇丰银行上海分行", "Tsinghua"]
    default = Matcher().fit(REFERENCES).match(register, threshold=0.0, top_k=CANDIDATES)
    named = Matcher(blockers=list(default_blockers())).fit(REFERENCES).match(register, threshold=0.0, top_k=CANDIDATES)
    pd.testing.assert_frame_equal(named.to_pandas(), default.to_pandas(), check_exact=True)


@pytest.mark.parametrize(
    ("blockers", "message"),
    [
        ("gram", "give a list of blockers"),
        (5, "give a list of blockers"),
        ([], "weight above 0"),
        (["gram"], "'gram' is no blocker"),
        ([Length], "is no blocker"),
        ([Length(), Length()], "two blockers are called 'length'"),
        ([Length(weight=-1.0)], "weight of blocker 'length' is -1.0"),
        ([Length(weight=float("nan"))], "weight of blocker 'length' is nan"),
        ([Length(weight=0.0)], "weight above 0"),
        ([KeyBlocker()], "the name of KeyBlocker.* is ''"),
    ],
)
def test_what_is_no_blocker_is_told_when_fitting(blockers: object, message: str) -> None:
    with pytest.raises(EntityMatchError, match=message):
        Matcher(blockers=blockers).fit(REFERENCES)  # type: ignore[arg-type]


def test_the_columns_of_two_names_that_begin_alike_are_apart() -> None:
    """``gram`` and ``gram2`` sort side by side."""

    class More(Length):
        name = "gram2"

    extractor = FeatureExtractor()
    features = [extractor.extract(name) for name in REFERENCES]
    index = BlockingIndex(features, blockers=[*default_blockers(), More()])
    vectors = index.query_matrix(features)
    query, reference, product = index.search(vectors, 10)
    parts = [index.similarity_by_type(vectors, query, reference, blocker.name) for blocker in index.blockers]
    assert sum(parts) == pytest.approx(product, abs=1e-8)
    assert parts[-1].max() == pytest.approx(4.0)


class TestSaved:
    REGISTER = ("清华大学", "法法法", "汇丰银行")

    def test_a_blocker_of_ones_own_is_given_again(self, tmp_path: Path) -> None:
        matcher = Matcher(blockers=[*default_blockers(), Length(weight=2.0)]).fit(REFERENCES)
        matcher.save(tmp_path / "saved")
        with pytest.raises(EntityMatchError, match=r"blocker 'length' of your own: give load\(path, blockers=\[…\]\)"):
            Matcher.load(tmp_path / "saved")
        loaded = Matcher.load(tmp_path / "saved", blockers=[Length(weight=2.0)])
        found, expected = (m.match(self.REGISTER, threshold=0.0).to_pandas() for m in (loaded, matcher))
        pd.testing.assert_frame_equal(found, expected, check_exact=True)
        assert [blocker.name for blocker in loaded.blockers or ()][-1] == "length"

    def test_a_blocker_taken_away_stays_away(self, tmp_path: Path) -> None:
        matcher = Matcher(blockers=[b for b in default_blockers() if b.name != "gram"]).fit(REFERENCES)
        matcher.save(tmp_path / "saved")
        loaded = Matcher.load(tmp_path / "saved")
        assert [b.name for b in loaded.blockers or ()] == ["word", "from", "han", "alias", "sound"]
        found, expected = (m.match(self.REGISTER, threshold=0.0).to_pandas() for m in (loaded, matcher))
        pd.testing.assert_frame_equal(found, expected, check_exact=True)

    def test_the_default_stays_the_default(self, tmp_path: Path) -> None:
        Matcher(without=["sound"]).fit(REFERENCES).save(tmp_path / "saved")
        loaded = Matcher.load(tmp_path / "saved")
        assert loaded.blockers is None
        assert "sound" not in {b.name for b in loaded.index_.blockers}
