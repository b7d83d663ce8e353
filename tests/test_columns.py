import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entitymatch.columns import DistinctStrings, distinct, read_column, read_numbers, read_reference, read_register
from entitymatch.errors import EntityMatchError

DATA = {"name": ["汇丰", None, "渣打"], "id": ["a", "b", "c"], "n": [1, 2, 3]}


def polars_table(data):
    return pytest.importorskip("polars").DataFrame(data)


def polars_series(values):
    return pytest.importorskip("polars").Series(values)


TABLES = {
    "pandas": pd.DataFrame,
    "pandas nullable": lambda data: pd.DataFrame(data).convert_dtypes(),
    "pandas category": lambda data: pd.DataFrame(data).astype({"name": "category"}),
    "pandas arrow": lambda data: pd.DataFrame(data).astype({"name": "string[pyarrow]"}),
    "pandas odd index": lambda data: pd.DataFrame(data, index=[5, 5, 7]),
    "polars": polars_table,
    "arrow": pa.table,
}
SEQUENCES = {
    "list": list,
    "tuple": tuple,
    "array": lambda values: np.array(values, dtype=object),
    "pandas series": pd.Series,
    "pandas index": pd.Index,
    "polars series": polars_series,
    "arrow array": pa.array,
    "arrow chunks": lambda values: pa.chunked_array([values]),
}


@pytest.mark.parametrize("make", TABLES.values(), ids=TABLES)
def test_every_kind_of_table_is_read(make):
    values, ids = read_column(make(DATA), "name", id="id")
    assert values == DATA["name"]
    assert list(ids) == DATA["id"]
    assert list(read_column(make(DATA), "name", id="n")[1]) == DATA["n"]
    assert list(read_column(make(DATA), "name")[1]) == [0, 1, 2]


@pytest.mark.parametrize("make", SEQUENCES.values(), ids=SEQUENCES)
def test_every_kind_of_sequence_is_read(make):
    values, ids = read_column(make(DATA["name"]))
    assert values == DATA["name"]
    assert list(ids) == [0, 1, 2]


def test_an_array_of_numpy_strings_gives_plain_strings():
    values, _ = read_column(np.array(["汇丰", "渣打"]))
    assert [type(value) for value in values] == [str, str]


def test_missing_values_of_every_kind():
    assert read_column([None, float("nan"), pd.NA, pd.NaT, "汇丰"])[0] == [None] * 4 + ["汇丰"]
    assert read_column(pd.Series([np.nan, np.nan]))[0] == [None, None]


@pytest.mark.parametrize("table", [[], pd.DataFrame({"name": []}), pa.table({"name": pa.array([], pa.string())})])
def test_a_register_may_be_empty(table):
    assert read_register(table, None if isinstance(table, list) else "name").names == []


@pytest.mark.parametrize(
    ("read", "message"),
    [
        (lambda: read_column(pd.DataFrame(DATA)), "which column of the register holds the names.*'name', 'id', 'n'"),
        (lambda: read_column(pd.DataFrame(DATA), "x"), "no column 'x'; it has the columns 'name', 'id', 'n'"),
        (lambda: read_column(pa.table(DATA), "name", id="x"), "no column 'x'"),
        (lambda: read_column(pd.DataFrame(DATA), "n"), "column 'n' of the register is a list of numbers: row 0 is 1"),
        (lambda: read_column([1, 2]), "the register is a list of numbers: row 0 is 1"),
        (lambda: read_column(["汇丰", 3.5]), "a list of numbers: row 1 is 3.5"),
        (lambda: read_column([b"x"]), "values of type bytes"),
        (lambda: read_column([["x"]]), "values of type list"),
        (lambda: read_column("汇丰"), r"single string: give a list of strings, \['汇丰'\]"),
        (lambda: read_column(name for name in ["汇丰"]), "generator, which can be read only once"),
        (lambda: read_column({"汇丰"}), "not set"),
        (lambda: read_column({"name": ["汇丰"]}), "not dict"),
        (lambda: read_column(None), "not NoneType"),
        (lambda: read_column(np.array([["汇丰"]], dtype=object)), "not ndarray"),
        (lambda: read_column(["汇丰"], id="row"), "id='row' names a column"),
        (lambda: read_column(polars_table(DATA).lazy(), "name"), r"lazy frame: give the result of its \.collect\(\)"),
        (lambda: read_reference([]), r"the reference list is empty \(no rows\)"),
        (lambda: read_reference([None, " "]), r"the reference list is empty \(2 rows, but no name\)"),
        (lambda: read_reference(["HSBC"], aliases="also"), "aliases='also' names a column"),
    ],
)
def test_mistakes_are_told(read, message):
    with pytest.raises(EntityMatchError, match=message):
        read()


@pytest.mark.parametrize(
    ("ids", "message"), [([1, 2, 1], "repeats 1 of them, first '1'"), ([1, None, 2], "row 1 .* no id")]
)
def test_ids_of_the_list_must_be_there_once(ids, message):
    table = pd.DataFrame({"name": ["HSBC", "Pfizer", "Thales"], "id": pd.array(ids, dtype="Int64")})
    with pytest.raises(EntityMatchError, match=message):
        read_reference(table, "name", id="id")


def test_ids_of_nameless_rows_do_not_matter():
    table = pd.DataFrame({"name": ["HSBC", "", "Thales"], "id": [1, 1, 2]})
    references, _ = read_reference(table, "name", id="id")
    assert (references.names, list(references.ids), references.skipped) == (["HSBC", "Thales"], [1, 2], 1)


def test_aliases_are_lists_or_text_with_bars():
    for make in (pd.DataFrame, polars_table, pa.table):
        names = ["HSBC", "Thales"]
        assert read_reference(make({"name": names, "a": ["汇丰| 滙豐 |", None]}), "name", aliases="a")[1] == [
            ["汇丰", "滙豐"],
            [],
        ]
        assert read_reference(make({"name": names, "a": [["汇丰", ""], None]}), "name", aliases="a")[1] == [
            ["汇丰"],
            [],
        ]
    wrong = pd.DataFrame({"name": ["HSBC"], "a": [5]})
    with pytest.raises(EntityMatchError, match=r"column 'a' .* text or lists of text: row 0 is 5"):
        read_reference(wrong, "name", aliases="a")


def test_distinct_is_by_the_exact_string():
    table = distinct(["汇丰", "滙豐", "汇丰 ", "汇丰"])
    assert table.names == ["汇丰", "滙豐", "汇丰 "]
    assert table.row_of.tolist() == [0, 1, 2, 0]


@given(st.lists(st.none() | st.sampled_from(["", " ", "\u3000", "汇丰", "渣打", "HSBC"])))
def test_distinct_gives_back_every_row(values):
    table = distinct(values)
    named = [value is not None and bool(value.strip()) for value in values]
    assert [row >= 0 for row in table.row_of] == named
    assert [table.names[row] for row in table.row_of if row >= 0] == [
        v for v, keep in zip(values, named, strict=True) if keep
    ]
    assert table.names == list(dict.fromkeys(v for v, keep in zip(values, named, strict=True) if keep))


VALUES = st.lists(st.none() | st.sampled_from(["", " ", "\u3000", "汇丰", "汇丰\0", "汇丰 ", "渣打", "HSBC"]))
KINDS = {"pandas": pd.DataFrame, "arrow": pa.table}


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
@given(pieces=st.lists(VALUES, max_size=4))
def test_a_register_in_pieces_is_the_register(make, pieces):
    every = [value for piece in pieces for value in piece]
    ids = [f"r{i}" for i in range(len(every))]
    whole = read_register(make({"name": pa.array(every, pa.string()), "id": ids}), "name", id="id")
    expected = distinct(every)
    assert (whole.names, whole.row_of.tolist()) == (expected.names, expected.row_of.tolist())
    for column in ("id", None):
        strings, start = DistinctStrings("name", column), 0
        for piece in pieces:
            cells = {"name": pa.array(piece, pa.string()), "id": pa.array(ids[start : start + len(piece)], pa.string())}
            strings.add(make(cells))
            start += len(piece)
        register = strings.register()
        assert (register.names, register.skipped, register.n_rows) == (whole.names, whole.skipped, len(every))
        assert register.rows.tolist() == whole.rows.tolist()
        first = [ids[row] for row in whole.first_rows] if column else whole.first_rows.tolist()
        assert list(register.row_ids) == first
        assert strings.repeated_ids() == 0


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_ids_that_stand_twice_are_counted(make):
    strings = DistinctStrings("name", "id")
    for ids in (["7", "007", "x"], ["7", "8", "07"], ["x", "x", "-7"]):
        strings.add(make({"name": ["汇丰"] * 3, "id": ids}))
    assert strings.repeated_ids() == 3


def test_weights_of_a_column():
    assert read_numbers(pa.table(DATA), "n", 3).tolist() == [1.0, 2.0, 3.0]
    with pytest.raises(EntityMatchError, match="no column 'm'"):
        read_numbers(pa.table(DATA), "m", 3)
    with pytest.raises(EntityMatchError, match="must be numbers"):
        read_numbers(pa.table(DATA), "id", 3)
