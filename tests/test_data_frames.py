"""Tables of every kind in, the same kind out, the caller's ids as given: with pandas 2 and 3 alike."""

import datetime as dt
import decimal
import runpy
import uuid
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from entitymatch.columns import read_column, read_reference
from entitymatch.errors import EntityMatchError
from tests.stub import StubMatcher

NAMES = ["汇丰银行", None, "渣打银行", "汇丰银行"]
EXAMPLES = Path(__file__).parents[1] / "examples"


def polars():
    return pytest.importorskip("polars")


COLUMNS = {
    "pandas object": lambda: pd.DataFrame({"n": pd.Series(NAMES, dtype=object)}),
    "pandas object with nan": lambda: pd.DataFrame({"n": pd.Series([n or np.nan for n in NAMES], dtype=object)}),
    "pandas default": lambda: pd.DataFrame({"n": NAMES}),
    "pandas string": lambda: pd.DataFrame({"n": pd.Series(NAMES, dtype="string")}),
    "pandas string[pyarrow]": lambda: pd.DataFrame({"n": pd.Series(NAMES, dtype="string[pyarrow]")}),
    "pandas ArrowDtype": lambda: pd.DataFrame({"n": pd.Series(NAMES, dtype=pd.ArrowDtype(pa.string()))}),
    "pandas categorical": lambda: pd.DataFrame({"n": pd.Categorical(NAMES)}),
    "polars string": lambda: polars().DataFrame({"n": NAMES}),
    "polars categorical": lambda: polars().DataFrame({"n": polars().Series(NAMES, dtype=polars().Categorical)}),
    "polars enum": lambda: polars().DataFrame(
        {"n": polars().Series(NAMES, dtype=polars().Enum(["汇丰银行", "渣打银行"]))}
    ),
    "arrow string": lambda: pa.table({"n": NAMES}),
    "arrow large string": lambda: pa.table({"n": pa.array(NAMES, pa.large_string())}),
    "arrow dictionary": lambda: pa.table({"n": pa.array(NAMES).dictionary_encode()}),
    "arrow record batch": lambda: pa.record_batch({"n": NAMES}),
}


@pytest.mark.parametrize("make", COLUMNS.values(), ids=COLUMNS)
def test_every_kind_of_column_gives_the_same_links_in_the_kind_of_the_caller(make):
    table = make()
    links = StubMatcher().fit(["HSBC", "Standard Chartered"]).match(table, name="n")
    assert links.skipped == 1
    native = links.to_native()
    expected = pa.Table if isinstance(table, pa.RecordBatch) else type(table)
    assert type(native) is expected
    frame = native if isinstance(native, pd.DataFrame) else native.to_pandas()
    assert frame[["query_id", "query", "reference"]].values.tolist() == [
        [0, "汇丰银行", "HSBC"],
        [2, "渣打银行", "Standard Chartered"],
        [3, "汇丰银行", "HSBC"],
    ]
    distinct = links.to_native(distinct=True)
    assert type(distinct) is expected
    assert len(distinct) == 2


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (list, pd.DataFrame),
        (np.array, pd.DataFrame),
        (pd.Series, pd.DataFrame),
        (pa.array, pa.Table),
        (lambda names: pa.chunked_array([names]), pa.Table),
    ],
)
def test_a_sequence_gives_the_table_of_its_package(make, kind):
    assert type(StubMatcher().fit(["HSBC"]).match(make(["汇丰"])).to_native()) is kind


def test_a_polars_series_gives_polars():
    table = StubMatcher().fit(["HSBC"]).match(polars().Series(["汇丰"])).to_native()
    assert type(table) is polars().DataFrame


IDS = {
    "text": ["a", "b", "c"],
    "number": [3, 1, 2],
    "gap": pd.array([3, None, 2], dtype="Int64"),
    "tuple": [("a", 1), ("b", 2), ("c", 3)],
    "date": [dt.date(2020, 1, day) for day in (1, 2, 3)],
    "uuid": [uuid.UUID(int=number) for number in range(3)],
    "decimal": [decimal.Decimal(number) for number in range(3)],
    "mixed": [1, "x", (2, 5)],
    "frozenset": [frozenset([number]) for number in range(3)],
    "bytes": [b"a", b"b", b"c"],
    "timestamp": pd.date_range("2020-01-01", periods=3, tz="Asia/Shanghai"),
    "categorical": pd.Categorical(["x", "y", "z"]),
    "period": pd.period_range("2020-01-01", periods=3),
}


@pytest.mark.parametrize("ids", IDS.values(), ids=IDS)
def test_ids_of_any_hashable_kind_come_back_as_given(ids):
    names = ["汇丰", "渣打", "汇丰银行"]
    # not DataFrame({"id": …}): pandas would lay a list of tuples out itself
    register = pd.DataFrame({"n": names}).assign(id=ids if hasattr(ids, "dtype") else pd.Series(ids, dtype=object))
    links = StubMatcher().fit(["HSBC", "Standard Chartered"]).match(register, name="n", id="id")
    back = links.to_pandas()["query_id"]
    assert back.tolist() == register["id"].tolist()
    if hasattr(ids, "dtype"):
        assert back.dtype == register["id"].dtype
    if not register["id"].isna().any():
        assert list(read_reference(register, "n", id="id")[0].ids) == register["id"].tolist()


def test_objects_of_polars_come_back_as_they_are():
    ids = [uuid.UUID(int=number) for number in range(3)]
    register = polars().DataFrame({"n": ["汇丰", "渣打", "汇丰"], "id": ids})
    links = StubMatcher().fit(["HSBC", "Standard Chartered"]).match(register, name="n", id="id")
    assert links.to_pandas()["query_id"].tolist() == ids


@pytest.mark.parametrize("label", [0, ("name", "zh"), None])
def test_labels_that_are_no_strings(label):
    register = pd.DataFrame([["汇丰", "x"]])
    if label is None:
        with pytest.raises(EntityMatchError, match="has the columns 0, 1: give name="):
            read_column(register)
        return
    if isinstance(label, tuple):
        register.columns = pd.MultiIndex.from_tuples([label, ("name", "en")])
    assert read_column(register, label)[0] == ["汇丰"]


def test_a_label_that_stands_twice_is_told_only_where_it_is_asked_for():
    register = pd.DataFrame([["汇丰", 1, 2]], columns=["n", "x", "x"])
    assert read_column(register, "n")[0] == ["汇丰"]
    with pytest.raises(EntityMatchError, match="several columns 'x': give each its own name"):
        read_column(register, "n", id="x")


def test_the_example_of_a_second_column():
    found = runpy.run_path(str(EXAMPLES / "second_column.py"))["found"]
    assert found[["id", "organisation", "says"]].values.tolist() == [
        ["r1", "HSBC", "both"],
        ["r2", "Pfizer", "employer"],
        ["r3", "HSBC", "branch"],
        ["r4", "Boeing", "conflict"],
        ["r4", "HSBC", "conflict"],
    ]
