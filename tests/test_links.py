import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entitymatch.columns import distinct
from entitymatch.errors import EntityMatchError
from entitymatch.links import LINK, NON_LINK, Candidates, Links, ReferenceTable
from tests.examples import examples
from tests.stub import StubMatcher

COLUMNS = ["query_id", "query", "reference_id", "reference", "rank", "score", "match_weight", "decision", "relation"]
NAMES = ["HSBC", "Standard Chartered", "Pfizer"]
ROWS = ["汇丰银行", "渣打银行", "", "汇丰银行", "汇丰纸业", None, "无关公司", "汇丰银行上海分行"]


def stub_links(rows=ROWS, *, top_k=2, threshold=None, **kwargs):
    return StubMatcher().fit(NAMES).match(rows, top_k=top_k, threshold=threshold, **kwargs)


def links_of(lines, n_queries, n_references, row_of=None):
    """Links from (query, reference, rank, decision) lines."""
    query, reference, rank, decision = np.array(lines, dtype=np.int64).reshape(-1, 4).T
    score = np.linspace(0.9, 0.1, len(lines))
    names = [f"q{i}" for i in range(n_queries)]
    table = distinct([names[i] for i in (range(n_queries) if row_of is None else row_of)])
    references = ReferenceTable([f"r{i}" for i in range(n_references)], np.arange(n_references))
    candidates = Candidates(query, reference, rank, np.log2(score / (1 - score)), score, decision.astype(np.int8))
    return Links(queries=table, references=references, candidates=candidates, explainer=None, threshold=0.0)


def test_every_row_of_the_register_is_answered_in_its_order():
    table = stub_links().to_pandas()
    assert list(table) == COLUMNS
    assert table[["query_id", "query", "reference", "decision"]].values.tolist() == [
        [0, "汇丰银行", "HSBC", "link"],
        [1, "渣打银行", "Standard Chartered", "link"],
        [3, "汇丰银行", "HSBC", "link"],
        [4, "汇丰纸业", "HSBC", "possible_link"],
        [7, "汇丰银行上海分行", "HSBC", "link"],
    ]
    assert table["rank"].tolist() == [1] * 5
    assert np.allclose(table["score"], 1 / (1 + 2.0 ** -table["match_weight"]))


def test_distinct_lines_bear_the_number_of_rows_and_the_id_of_the_first():
    table = stub_links().to_pandas(distinct=True)
    assert list(table) == [*COLUMNS[:-1], "rows", "relation"]
    assert table[["query_id", "query", "rows"]].values.tolist() == [
        [0, "汇丰银行", 2],
        [1, "渣打银行", 1],
        [4, "汇丰纸业", 1],
        [7, "汇丰银行上海分行", 1],
    ]


@pytest.mark.parametrize(("threshold", "lines"), [(None, 5), (0.0, 12), (0.5, 5), (0.9, 4), (1.0, 0)])
def test_threshold_filters_what_comes_back(threshold, lines):
    links = stub_links(threshold=threshold)
    assert len(links) == len(links.to_pandas()) == lines


def test_columns_are_of_one_kind_with_and_without_lines():
    with_lines, without = stub_links().to_pandas(), stub_links(threshold=1.0).to_pandas()
    assert len(with_lines)
    assert not len(without)
    assert with_lines.dtypes.to_dict() == without.dtypes.to_dict()


def test_empty_and_missing_names_are_counted():
    assert stub_links().skipped == 2
    assert stub_links(["", " ", None]).skipped == 3
    assert list(stub_links(["", None]).to_pandas()) == COLUMNS
    assert len(stub_links([])) == 0


def test_ids_come_back_as_given():
    register = pd.DataFrame({"branch": ["汇丰银行", "渣打银行"], "row": [("a", 1), ("b", 2)]})
    assert stub_links(register, name="branch", id="row").to_pandas()["query_id"].tolist() == [("a", 1), ("b", 2)]
    gaps = pd.DataFrame({"branch": ["汇丰银行", "渣打银行"], "row": pd.array([7, None], dtype="Int64")})
    table = stub_links(gaps, name="branch", id="row").to_pandas()
    assert table["query_id"].dtype == "Int64"
    mixed = pd.DataFrame({"branch": ["汇丰银行", "渣打银行"], "row": [7, "x"]})
    assert stub_links(mixed, name="branch", id="row").to_pandas()["query_id"].tolist() == [7, "x"]


def test_polars_and_arrow_hold_the_same_table():
    polars = pytest.importorskip("polars")
    links = stub_links()
    assert links.to_arrow().to_pylist() == links.to_pandas().to_dict("records")
    assert isinstance(links.to_polars(), polars.DataFrame)
    assert links.to_polars(distinct=True).to_dicts() == links.to_pandas(distinct=True).to_dict("records")


def test_arrow_says_that_it_cannot_hold_mixed_ids():
    mixed = pd.DataFrame({"branch": ["汇丰银行", "渣打银行"], "row": [7, "x"]})
    with pytest.raises(EntityMatchError, match="ids of one kind"):
        stub_links(mixed, name="branch", id="row").to_arrow()


def test_explain_shows_the_evidence_of_the_line():
    links = stub_links(threshold=0.0)
    for distinct_ in (False, True):
        table = links.to_pandas(distinct=distinct_)
        for line in range(len(table)):
            explanation = links.explain(line, distinct=distinct_)
            shown = (explanation.query, explanation.reference, explanation.match_weight, explanation.decision)
            assert shown == tuple(table.loc[line, ["query", "reference", "match_weight", "decision"]])
    assert links.explain(-1) == links.explain(len(links) - 1)


def test_explain_of_no_such_line():
    with pytest.raises(IndexError, match="line 5 of 5"):
        stub_links().explain(5)
    with pytest.raises(EntityMatchError, match="without a matcher"):
        links_of([(0, 0, 1, LINK)], 1, 1).explain(0)


def test_repr_tells_the_counts():
    assert repr(stub_links()) == (
        "<Links: 8 rows, 5 distinct strings, 3 references: 3 strings (4 rows) linked, 1 possible; 2 rows skipped>"
    )


@settings(max_examples=examples(50), deadline=None)
@given(
    rows=st.lists(st.integers(-1, 4), max_size=30),
    counts=st.lists(st.integers(0, 3), min_size=5, max_size=5),
)
def test_expansion_agrees_with_a_plain_loop(rows, counts):
    lines = [(q, r, r + 1, NON_LINK) for q, count in enumerate(counts) for r in range(count)]
    links = links_of(lines, 5, 3)
    values = [None if row < 0 else f"q{row}" for row in rows]
    table = distinct(values)
    seen = [int(name[1:]) for name in table.names]
    renumbered = [(i, r, rank, code) for i, q in enumerate(seen) for (own, r, rank, code) in lines if own == q]
    links = links_of(renumbered, len(seen), 3)
    links.queries = table
    expected = [(i, f"r{r}") for i, row in enumerate(rows) if row >= 0 for r in range(counts[row])]
    assert list(links.to_pandas()[["query_id", "reference"]].itertuples(index=False, name=None)) == expected
    assert len(links) == len(expected)
