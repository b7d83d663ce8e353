"""The feature space: what is near, and that nothing but the names decides it."""

import numpy as np
import pytest
from scipy import sparse

from entitymatch.blocking import Background, BlockingIndex, default_background, default_blockers
from entitymatch.blocking.blockers import joined_runs, letters_of, sound_keys, trigrams
from entitymatch.blocking.index import _nearest
from entitymatch.features import FeatureExtractor
from entitymatch.lexicon import Lexicon

REFERENCES = [
    "Tsinghua University", "HSBC", "Shenzhen Airport", "Rolls-Royce", "China Merchants Bank", "Kweichow Moutai",
    "Honeywell", "清华大学", "贵州茅台酒股份有限公司", "Siemens", "Bank of Chongqing", "University of St Andrews",
]  # fmt: skip
EXTRACTOR = FeatureExtractor()
UNKNOWN = FeatureExtractor(Lexicon([]))  # knows no organisation


def index_of(
    references: list[str] = REFERENCES, extractor: FeatureExtractor = EXTRACTOR, **options: object
) -> BlockingIndex:
    return BlockingIndex([extractor.extract(name) for name in references], **options)


@pytest.fixture(scope="module")
def index() -> BlockingIndex:
    return index_of()


def nearest(index: BlockingIndex, query: str, extractor: FeatureExtractor = EXTRACTOR, top_k: int = 5) -> list[int]:
    _, reference, _ = index.search(index.query_matrix([extractor.extract(query)]), top_k)
    return reference.tolist()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("招商银行", "China Merchants Bank"),  # by translation
        ("深圳机场", "Shenzhen Airport"),  # by reading
        ("霍尼韦尔", "Honeywell"),  # by sound
        ("西门子", "Siemens"),
        ("重庆银行", "Bank of Chongqing"),
        ("Shen Zhen Airport", "Shenzhen Airport"),  # words written together
        ("圣安德鲁斯大学", "University of St Andrews"),
    ],
)
def test_a_name_is_found_by_rules_alone(query: str, expected: str) -> None:
    references = [name for name in REFERENCES if name.isascii()]
    index = index_of(references, UNKNOWN)
    assert references[nearest(index, query, UNKNOWN)[0]] == expected


def test_an_arbitrary_name_is_found_by_what_is_known(index: BlockingIndex) -> None:
    assert REFERENCES[nearest(index, "汇丰")[0]] == "HSBC"
    assert REFERENCES[nearest(index, "Kweichow Moutai Co., Ltd.")[0]] == "Kweichow Moutai"


@pytest.mark.parametrize("query", ["清华", "清華大學", "Tsinghua University", "清华大学 Tsinghua"])
def test_both_scripts_find_both_scripts(index: BlockingIndex, query: str) -> None:
    assert {REFERENCES[i] for i in nearest(index, query)[:2]} == {"Tsinghua University", "清华大学"}


def test_search_gives_the_largest_products_in_order(index: BlockingIndex) -> None:
    vectors = index.query_matrix([EXTRACTOR.extract(name) for name in ("清华大学", "招商银行", "???", "Siemens AG")])
    dense = np.round((vectors @ index.matrix.T).toarray(), 9)
    for top_k in (1, 3, 100):
        query, reference, product = index.search(vectors, top_k)
        assert np.array_equal(query, np.sort(query))
        for row in range(len(dense)):
            order = np.lexsort((np.arange(index.size), -dense[row]))[:top_k]
            wanted = [i for i in order.tolist() if dense[row, i] > 0]
            assert reference[query == row].tolist() == wanted
            assert product[query == row].tolist() == dense[row, wanted].tolist()


@pytest.mark.parametrize("factor", [0.0, 0.1, 1.0, 3.0, 1e6])
def test_the_nearest_are_the_nearest_however_wrong_the_guess(factor: float) -> None:
    rng = np.random.default_rng(7)
    references = sparse.random(60, 900, density=0.1, format="csr", rng=rng)
    queries = sparse.random(50, 60, density=0.2, format="csr", rng=rng)
    queries.data **= 3.0  # some products are far above the others
    queries.data[queries.indptr[3] : queries.indptr[4]] = 0.0
    mean = np.asarray(references.mean(axis=1)).ravel() * factor
    query, reference, values = _nearest(queries, references, mean, 40, 1)
    query, reference, values = query[values > 0.0], reference[values > 0.0], values[values > 0.0]
    every = (queries @ references).toarray()
    expected = np.sort(every, axis=1)[:, :-41:-1]
    assert query.tolist() == np.repeat(np.arange(50), (expected > 0.0).sum(axis=1)).tolist()
    np.testing.assert_allclose(values, expected[expected > 0.0])
    np.testing.assert_allclose(values, every[query, reference])


@pytest.mark.parametrize("size", [1, 5, 109, 110, 111, 300])
def test_products_of_nothing_never_come_back(size: int) -> None:
    """Values of 0 among the weights must not turn into candidates, whatever the size of the list (or crash)."""
    index = index_of(["HSBC Group"] * size)
    vectors = index.query_matrix([EXTRACTOR.extract(name) for name in ("上海光明村", "HSBC", "Group", "xyz")])
    _, reference, product = index.search(vectors, 100)
    assert ((reference >= 0) & (reference < size)).all()
    assert (product > 0).all()


def test_ties_fall_by_position() -> None:
    index = index_of(["Pfizer", *["HSBC"] * 28])
    assert nearest(index, "HSBC", top_k=20) == list(range(1, 21))


def test_threads_change_nothing() -> None:
    references = REFERENCES * 15
    index = index_of(references)
    vectors = index.query_matrix([EXTRACTOR.extract(name) for name in references[:40]])
    one, two = index.search(vectors, 10, threads=1), index.search(vectors, 10, threads=2)
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


def test_a_query_is_searched_alike_alone_and_among_others(index: BlockingIndex) -> None:
    names = ["清华大学", "招商银行", "Siemens AG"]
    together = index.search(index.query_matrix([EXTRACTOR.extract(name) for name in names]), 5)
    for row, name in enumerate(names):
        alone = index.search(index.query_matrix([EXTRACTOR.extract(name)]), 5)
        assert together[1][together[0] == row].tolist() == alone[1].tolist()
        assert together[2][together[0] == row].tolist() == alone[2].tolist()


def test_nothing_in_nothing_out(index: BlockingIndex) -> None:
    empty = index.search(index.query_matrix([]), 5)
    assert [len(part) for part in empty] == [0, 0, 0]
    assert nearest(index, "") == []
    assert nearest(index_of(["???", ""]), "汇丰") == []


def test_types_add_up_to_the_product(index: BlockingIndex) -> None:
    vectors = index.query_matrix([EXTRACTOR.extract(name) for name in ("清华大学", "霍尼韦尔", "Tsinghua University")])
    query, reference, product = index.search(vectors, 12)
    parts = [index.similarity_by_type(vectors, query, reference, blocker.name) for blocker in index.blockers]
    assert np.allclose(sum(parts), product, atol=1e-8)
    assert all(part.max() > 0 for part in parts), "every type finds something"


@pytest.mark.parametrize("left_out", [blocker.name for blocker in default_blockers()])
def test_a_blocker_can_be_left_out(left_out: str) -> None:
    index = index_of(blockers=[blocker for blocker in default_blockers() if blocker.name != left_out])
    vectors = index.query_matrix([EXTRACTOR.extract("霍尼韦尔清华大学 Siemens")])
    query, reference, _ = index.search(vectors, 12)
    assert not index.similarity_by_type(vectors, query, reference, left_out).any()
    assert index.word_information("honeywell") == index_of().word_information("honeywell")


@pytest.mark.parametrize("name", [blocker.name for blocker in default_blockers()])
def test_a_search_by_some_blockers_is_that_of_an_index_with_them_alone(name: str, index: BlockingIndex) -> None:
    alone = index_of(blockers=[blocker for blocker in default_blockers() if blocker.name == name])
    names = [EXTRACTOR.extract(text) for text in ("清华大学", "霍尼韦尔", "Tsinghua University", "汇丰银行")]
    some = index.search(index.query_matrix(names), 5, blockers=[name])
    assert len(some[0])
    assert all(np.array_equal(a, b) for a, b in zip(some, alone.search(alone.query_matrix(names), 5), strict=True))


def test_an_index_restored_from_its_parts_finds_the_same(index: BlockingIndex) -> None:
    again = BlockingIndex.restore(index.columns, index.information, index.matrix, index.blockers)
    vectors = index.query_matrix([EXTRACTOR.extract("清华大学")])
    same = again.query_matrix([EXTRACTOR.extract("清华大学")])
    assert isinstance(vectors, sparse.csr_matrix)
    assert (vectors != same).nnz == 0
    assert nearest(again, "霍尼韦尔") == nearest(index, "霍尼韦尔")
    assert again.word_information("tsinghua") == index.word_information("tsinghua")


def test_rare_words_inform_more_than_common_ones(index: BlockingIndex) -> None:
    assert index.word_information("honeywell") > index.word_information("bank") > 0
    assert index.word_information("nowhereonthelist") > index.word_information("university")


def test_a_word_that_many_references_bear_informs_less() -> None:
    few, many = index_of(REFERENCES), index_of([*REFERENCES, *[f"Honeywell {n}" for n in range(200)]])
    assert many.word_information("honeywell") < few.word_information("honeywell")


def test_runs_letters_and_trigrams() -> None:
    assert list(joined_runs(["shen", "zhen", "air"])) == ["shenzhen", "shenzhenair", "zhenair"]
    assert letters_of(EXTRACTOR.extract("重庆银行股份有限公司上海分行")) == "chongqingyinhang"
    assert letters_of(EXTRACTOR.extract("Rolls-Royce plc")) == "rollroyce"
    assert trigrams("abab") == {"^ab": 1, "aba": 1, "bab": 1, "ab$": 1}
    assert trigrams("") == {}


def test_sound_keys_leave_trade_and_place_out() -> None:
    assert set(sound_keys(EXTRACTOR.extract("上海霍尼韦尔汽车有限公司"))) == set(
        sound_keys(EXTRACTOR.extract("霍尼韦尔"))
    )


class TestBackground:
    def test_listed_features_have_the_bits_of_their_share(self) -> None:
        assert Background({"word:bank": 0.25}).information("word:bank", 0, 0) == 2.0
        assert Background({"word:bank": 0.25}).information("from:bank", 0, 0) == 2.0

    def test_the_list_outweighs_the_background_as_it_grows(self) -> None:
        background = Background({"word:bank": 0.25})
        bits = [background.information("word:bank", 0, size) for size in (0, 100, 10_000)]
        assert bits == sorted(bits)
        assert background.information("word:bank", 10_000, 10_000) < 0.1

    def test_information_is_never_negative(self) -> None:
        background = Background({"word:bank": 1.0})
        for key in ("word:bank", "word:x", "han:银", "han:银行", "alias:hsbc", "gram:abc", "sound:c:^h"):
            for count, size in ((0, 0), (1, 1), (5, 5), (3, 10)):
                assert background.information(key, count, size) >= 0.0

    def test_unseen_words_inform_by_their_length(self) -> None:
        background = Background({})
        assert (
            background.information("word:a", 0, 0)
            < background.information("word:abc", 0, 0)
            < background.information("word:abcdefgh", 0, 0)
        )

    def test_the_shipped_background_knows_common_words(self) -> None:
        background = default_background()
        assert background.information("word:bank", 0, 0) < background.information("word:honeywell", 0, 0)
        assert background.information("han:银", 0, 0) < background.information("han:璐", 0, 0)


def test_many_queries_at_once_get_what_each_gets_by_itself() -> None:
    names = [
        "上海霍尼韦尔汽车有限公司",
        "罗尔斯-罗伊斯商贸（北京）有限公司",
        "Honeywell China",
        "",
        "123",
        "上海银行",
        "TCL科技",
    ]
    queries = [EXTRACTOR.extract(name) for name in names]
    index = BlockingIndex([EXTRACTOR.extract(name) for name in ("Honeywell", "霍尼韦尔", "Rolls-Royce", "TCL")])
    matrix = index.query_matrix(queries)
    for blocker in index.blockers:
        columns = index.columns_of[blocker.name]
        bits = dict(
            zip(
                [column.partition(":")[2] for column in index.columns[columns]],
                index.information[columns].tolist(),
                strict=True,
            )
        )
        for number, query in enumerate(queries):
            row = matrix[number, columns]
            found = {list(bits)[i]: value for i, value in zip(row.indices, row.data, strict=True)}
            alone = blocker.query_values(query, bits, index.size)
            assert found == pytest.approx({k: v * blocker.weight for k, v in alone.items() if v})


def test_a_word_counts_by_how_much_likelier_it_is_in_the_name_than_in_any() -> None:
    query = EXTRACTOR.extract("TCL科技集团")  # of both scripts: its own words have all their bits
    bits = {"tcl": 9.0, "technology": 5.0, "group": 0.5, "bank": 3.0}
    words = next(blocker for blocker in default_blockers() if blocker.name == "word")
    expected = {stem: np.log2(0.2 + query.origin(stem).probability * 2.0 ** bits[stem]) for stem in ("technology",)}
    found = dict(words.query_values(query, bits, 10))
    assert found.pop("group", 0.0) == pytest.approx(max(0.0, np.log2(0.2 + query.origin("group").probability * 2**0.5)))
    assert found == pytest.approx({**expected, "tcl": 9.0})


def test_trigrams_have_length_one_with_those_that_no_reference_has() -> None:
    query = EXTRACTOR.extract("汇丰")  # ^huifeng$
    grams = next(blocker for blocker in default_blockers() if blocker.name == "gram")
    found = grams.query_values(query, {"^hu": 3.0, "hui": 4.0, "xyz": 2.0}, 10)
    norm = np.sqrt(3.0**2 + 4.0**2 + 5 * 100.0)
    assert found == pytest.approx({"^hu": 3.0 / norm, "hui": 4.0 / norm})
