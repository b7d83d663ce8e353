import gzip
from pathlib import Path

import pandas as pd
import pytest

from entitymatch import io
from entitymatch.columns import read_column, read_numbers
from entitymatch.errors import EntityMatchError

FRAME = pd.DataFrame(
    {"id": ["007", "8"], "branch": ['汇丰, "银行"\t股份', "渣打\n银行"], "n": [1, 2], "score": [0.1 + 0.2, 1e-12]}
)


def left_behind(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("ending", io.ENDINGS)
def test_a_table_written_is_the_table_read(tmp_path, ending):
    path = tmp_path / f"x.{ending}"
    io.write_table(FRAME, path)
    info = io.inspect(path)
    assert info.columns == tuple(FRAME)
    assert (info.kinds["branch"], info.kinds["n"]) == ("text", "numbers")
    values, ids = read_column(io.read_table(path, ["branch", "id"], info), "branch", id="id")
    assert values == FRAME["branch"].tolist()
    assert list(ids) == ["007", "8"]
    scores = read_numbers(io.read_table(path, ["score"]), "score", 2)
    assert scores.tolist() == pytest.approx(FRAME["score"].tolist(), rel=1e-12)
    assert left_behind(tmp_path) == [path.name]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "csv.gz", "jsonl.gz"])
def test_the_encoding_is_found_and_told(tmp_path, encoding, ending):
    plain = '{"名称": "汇丰𠮷"}\n' if ending.startswith("jsonl") else "名称\n汇丰𠮷\n"
    data = plain.encode(encoding)
    path = tmp_path / f"x.{ending}"
    path.write_bytes(gzip.compress(data) if ending.endswith("gz") else data)
    info = io.inspect(path)
    assert (info.columns, info.encoding) == (("名称",), encoding)
    assert read_column(io.read_table(path, ["名称"]), "名称")[0] == ["汇丰𠮷"]


def test_a_character_across_two_chunks_is_no_mistake(tmp_path, monkeypatch):
    monkeypatch.setattr(io, "CHUNK", 1)
    path = tmp_path / "x.csv"
    path.write_text("name\n汇丰\n", encoding="utf-8")
    assert io.inspect(path).encoding == "utf-8"


@pytest.mark.parametrize("ending", io.ENDINGS)
def test_pieces_are_the_table(tmp_path, monkeypatch, ending):
    monkeypatch.setattr(io, "PIECE_ROWS", 2)
    monkeypatch.setattr(io, "PIECE_BYTES", 64)
    monkeypatch.setattr(io, "BLOCK_BYTES", 64)
    path = tmp_path / f"x.{ending}"
    frame = pd.DataFrame({"id": [f"r{i}" for i in range(9)], "branch": [f"汇丰银行{i % 4}" for i in range(9)]})
    io.write_pieces([frame[:0], frame[:5], frame[5:5], frame[5:]], path)
    pieces = [read_column(piece, "branch", id="id") for piece in io.read_pieces(path, ["id", "branch"])]
    assert len(pieces) > 2
    assert [name for names, _ in pieces for name in names] == frame["branch"].tolist()
    assert [one for _, ids in pieces for one in ids] == frame["id"].tolist()
    whole = read_column(io.read_table(path, ["branch", "id"]), "branch", id="id")
    assert (whole[0], list(whole[1])) == (frame["branch"].tolist(), frame["id"].tolist())


@pytest.mark.parametrize("longest", [100, 400])
def test_rows_longer_than_a_block_are_read_with_longer_ones(tmp_path, monkeypatch, longest):
    monkeypatch.setattr(io, "PIECE_BYTES", 64)
    monkeypatch.setattr(io, "BLOCK_BYTES", 64)
    monkeypatch.setattr(io, "LONG_ROW_BYTES", 200)
    names = [f"bank {i}" if i != 30 else "x" * longest for i in range(50)]
    path = tmp_path / "x.csv"
    path.write_text("\n".join(["name", *names]), encoding="utf-8")
    if longest < 400:
        assert io.read_table(path, ["name"]).column("name").to_pylist() == names
    else:
        with pytest.raises(EntityMatchError, match="block size"):
            io.read_table(path, ["name"])


@pytest.mark.parametrize("ending", io.ENDINGS)
def test_a_table_without_rows_has_its_columns(tmp_path, ending):
    path = tmp_path / f"x.{ending}"
    io.write_table(FRAME[:0], path)
    if ending != "jsonl":
        assert io.inspect(path).columns == tuple(FRAME)
        assert read_column(io.read_table(path, ["branch"]), "branch")[0] == []


def test_only_the_named_columns_are_read(tmp_path):
    for ending in io.ENDINGS:
        io.write_table(FRAME, tmp_path / f"x.{ending}")
        table = io.read_table(tmp_path / f"x.{ending}", ["branch"])
        assert list(getattr(table, "column_names", None) or table.columns) == ["branch"]


def test_words_that_look_like_gaps_stay(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("name,n\nNA,1\nnull,2\n", encoding="utf-8")
    assert read_column(io.read_table(path, ["name"]), "name")[0] == ["NA", "null"]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("x.txt", b"name\n", r"ending must be one of \.csv, \.tsv, \.parquet, \.jsonl"),
        ("x", b"name\n", "ending must be one of"),
        ("empty.csv", b"", "Empty CSV file"),
        ("utf16.csv", "name\n汇丰\n".encode("utf-16"), "neither utf-8, utf-8-sig nor gb18030"),
        ("utf16le.csv", "name\nHSBC\n".encode("utf-16-le"), "neither utf-8, utf-8-sig nor gb18030"),
        ("binary.tsv", b"name\n\xff\xff\n", "neither utf-8, utf-8-sig nor gb18030"),
        ("bom.csv", b"\xef\xbb\xbfname\n\xff\xff\n", "neither utf-8, utf-8-sig nor gb18030"),
        ("ragged.csv", b"name,b\nx\n", "Expected 2 columns, got 1"),
        ("twice.csv", b"name,name\nx,y\n", "several columns 'name'"),
        ("missing.csv", b"a,b\nx,y\n", "no column 'name'; it has 'a', 'b'"),
        ("list.jsonl", b'{"name": "x"}\n\n[1]\n', "line 3: a list"),
        ("broken.jsonl", b"{\n", "line 1: not JSON"),
        ("broken.parquet", b"xx", "[Pp]arquet"),
        ("broken.csv.gz", b"xx", "gzip"),
        ("cut.csv.gz", gzip.compress(b"name\nx\n")[:-9], "ended before"),
    ],
)
def test_a_broken_file_is_one_clear_line(tmp_path, name, data, message):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(EntityMatchError, match=message) as caught:
        io.read_table(path, ["name"])
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_such_file(tmp_path):
    with pytest.raises(EntityMatchError, match="no such file"):
        io.inspect(tmp_path / "x.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(EntityMatchError, match="not a file"):
        io.inspect(tmp_path / "folder.csv")


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError("no space left")])
@pytest.mark.parametrize("ending", io.ENDINGS)
def test_a_failed_run_leaves_the_old_file_and_nothing_else(tmp_path, error, ending):
    path = tmp_path / f"links.{ending}"
    path.write_text("the old table", encoding="utf-8")

    def pieces():
        yield FRAME
        raise error

    with pytest.raises(error if isinstance(error, type) else type(error)):
        io.write_pieces(pieces(), path)
    assert left_behind(tmp_path) == [path.name]
    assert path.read_text(encoding="utf-8") == "the old table"


def test_parquet_cannot_hold_mixed_ids(tmp_path):
    with pytest.raises(EntityMatchError, match="ids of one kind"):
        io.write_table(pd.DataFrame({"id": [1, "x"]}), tmp_path / "x.parquet")
    assert left_behind(tmp_path) == []


def test_a_link_to_a_file_stays_a_link(tmp_path):
    (tmp_path / "real.csv").touch()
    (tmp_path / "link.csv").symlink_to("real.csv")
    io.write_table(FRAME, tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert io.inspect(tmp_path / "real.csv").columns == tuple(FRAME)


def test_a_closed_folder_is_told_before_the_work(tmp_path, monkeypatch):
    monkeypatch.setattr(io.os, "access", lambda *_: False)  # root may write anywhere, so the mode would not do
    with pytest.raises(EntityMatchError, match="no permission to write into"):
        io.check_target(tmp_path / "x.csv")


def test_targets_that_cannot_be_written(tmp_path):
    (tmp_path / "folder.csv").mkdir()
    for path, message in [
        (Path("x.xlsx"), "ending must be one of"),
        (tmp_path / "x.csv.gz", r"gzip is read but not written; give \.csv"),
        (tmp_path / "none" / "x.csv", "there is no folder"),
        (tmp_path / "folder.csv", "not a file"),
    ]:
        with pytest.raises(EntityMatchError, match=message):
            io.check_target(path)


@pytest.mark.parametrize("separator", [";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_csv_of_another_separator_is_read(tmp_path, separator, encoding):
    path = tmp_path / "r.csv"
    lines = [("编号", "单位名称"), ("1", "汇丰, 银行"), ("2", '"辉瑞\n制药"')]
    path.write_bytes("\r\n".join(separator.join(line) for line in lines).encode(encoding))
    info = io.inspect(path)
    assert info.columns == ("编号", "单位名称")
    table = io.read_table(path, ["单位名称"], info)
    assert table.column("单位名称").to_pylist() == ["汇丰, 银行", "辉瑞\n制药"]


@pytest.mark.parametrize(
    ("name", "advice"), [("r.xlsx", "save the sheet as CSV"), ("r.txt", "call it .csv"), ("r.doc", "parquet, .jsonl")]
)
def test_other_endings_are_told_what_to_do(tmp_path, name, advice):
    with pytest.raises(EntityMatchError, match=f"{advice}[^;]*$"):
        io.ending(tmp_path / name)
