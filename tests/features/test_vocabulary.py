"""A query that is read with the references' words in mind has all that is looked up in it, and no more."""

import pandas as pd
import pytest

from entitymatch import Explanation, Matcher
from entitymatch.blocking import KeyBlocker, default_blockers
from entitymatch.features import FeatureExtractor, NameFeatures
from entitymatch.features.vocabulary import ANY_WORD, compounds, vocabulary_of

REFERENCES = [
    "Bank of Chongqing",
    "Shen Zhen Gas",
    "Citymedia",
    "Beijinggas Holdings",
    "Tsingtao Brewery",
    "HEZJ Smart Home",
    "Lyu Shi Tea",
    "海尔智家股份有限公司",
    "TCL科技集团",
]
NAMES = [
    "重庆银行股份有限公司上海分行",
    "深圳燃气集团股份有限公司",
    "城市传媒股份有限公司",
    "北京燃气控股有限公司",
    "青岛啤酒股份有限公司",
    "海尔智家股份有限公司",
    "吕氏茶叶",
    "TCL科技集团股份有限公司",
    "Haier Smart Home",
    "光明村",
]
EXTRACTOR = FeatureExtractor()


@pytest.mark.parametrize("without", [(), ("translation",), ("reading",), ("place",), ("initials",)])
def test_words_of_the_vocabulary_have_the_same_origins(without: tuple[str, ...]) -> None:
    references = [EXTRACTOR.extract(name) for name in REFERENCES]
    words = vocabulary_of((w.stem for name in references for w in name.words), compounds(references))
    whole, part = FeatureExtractor(without=without), FeatureExtractor(without=without, vocabulary=words)
    kept = 0
    for name in NAMES:
        everything = whole.extract(name)
        found = part.extract(name)
        assert found.origins == {stem: o for stem, o in everything.origins.items() if stem in words}
        assert len(found.origins) < len(everything.origins) or not everything.han
        kept += len(found.origins)
        everything.origins = found.origins
        assert found == everything
    assert kept


def test_nothing_that_is_looked_up_is_left_out() -> None:
    matcher = Matcher().fit(REFERENCES)

    def answers() -> tuple[pd.DataFrame, list[Explanation]]:
        links = matcher.match(NAMES, threshold=0.0, top_k=len(REFERENCES)).to_pandas()
        return links, [matcher.explain(name, i) for name in NAMES for i in range(len(REFERENCES))]

    links, explanations = answers()
    terms = [term for explanation in explanations for term in explanation.terms]
    assert {"initials", "place", "reading", "translation"} <= {term.kind for term in terms}
    assert any(" + " in term.source for term in terms)  # a compound
    matcher._extractor = EXTRACTOR
    again, explained = answers()
    pd.testing.assert_frame_equal(links, again, check_exact=True)
    assert explanations == explained


def test_a_blocker_of_ones_own_reads_every_word() -> None:
    class Possible(KeyBlocker):
        name = "possible"

        def keys(self, name: NameFeatures) -> dict[str, float]:
            return dict.fromkeys(name.origins, 1.0)

    own = Possible(weight=1.0)
    matcher = Matcher(blockers=[*default_blockers(), own]).fit(REFERENCES)
    assert matcher._extractor.extract(NAMES[0]).origins == EXTRACTOR.extract(NAMES[0]).origins
    assert Matcher().fit(REFERENCES)._extractor.extract(NAMES[0]).origins != EXTRACTOR.extract(NAMES[0]).origins


def test_references_keep_all_their_words() -> None:
    matcher = Matcher().fit(["海尔智家股份有限公司"])
    assert matcher._features_of(0).origins == EXTRACTOR.extract("海尔智家股份有限公司").origins
    assert not matcher._extractor.extract("海尔智家股份有限公司").origins  # the list has no Latin word to look up


def test_any_word_is_one() -> None:
    assert "" in ANY_WORD
    assert "qingdao" in ANY_WORD
