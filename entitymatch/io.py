"""Tables from files and into files, by file ending: csv, tsv, parquet and jsonl.

Only the columns that are named are read: a register of two million rows may carry a hundred others. Text is UTF-8 or,
as Chinese spreadsheets save it, GB 18030; which one a file is in is found by reading it, and told. A file is written
beside its place under another name and then moved there, so that it appears whole or not at all (`os.replace` is
atomic within one folder).

    inspect(path)              -> FileInfo(columns, kinds, encoding): what a file holds, from its beginning
    read_table(path, columns)  -> a table that `entitymatch.columns.read_column` takes; read_pieces: piece by piece
    check_target(path)         -> None: whether a table could be written there, before the work is done
    write_table(frame, path)   -> None; write_pieces(frames, path)
"""

from __future__ import annotations

import codecs
import gzip
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from entitymatch.errors import EntityMatchError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow

ENDINGS = ("csv", "tsv", "parquet", "jsonl")
SEPARATORS = {"csv": ",", "tsv": "\t"}
OTHER_SEPARATORS = (";", "\t")  # of csv files, where a spreadsheet speaks a language with a decimal comma
ADVICE = {
    "xlsx": "save the sheet as CSV UTF-8",
    "xls": "save the sheet as CSV UTF-8",
    "txt": "for a plain list, put a heading such as name into its first line and call it .csv",
}
SAMPLE_RECORDS = 1_000  # of a jsonl file: how many records tell its columns
CHUNK = 1 << 20
PIECE_ROWS = 100_000  # of a file that is read piece by piece
PIECE_BYTES = 1 << 20  # of text in the wanted columns
BLOCK_BYTES = 1 << 18  # of a text file: Arrow reads some forty blocks ahead
LONG_ROW_BYTES = 1 << 20  # the blocks of a file in which a row is longer than a block


@dataclass(frozen=True)
class FileInfo:
    """What a table file holds, told from its beginning.

    Attributes:
        columns: the names of its columns.
        kinds: for each column ``"text"``, ``"numbers"``, ``"empty"`` or ``"other"``.
        encoding: ``"utf-8"``, ``"utf-8-sig"`` or ``"gb18030"``; empty for parquet, which has none.
    """

    columns: tuple[str, ...]
    kinds: dict[str, str]
    encoding: str


def ending(path: Path) -> str:
    """Return the kind of file: ``"csv"``, ``"tsv"``, ``"parquet"`` or ``"jsonl"``; a last ``.gz`` is looked through.

    Raises:
        EntityMatchError: if it is none of these.

    Example:
        >>> ending(Path("register.CSV.gz"))
        'csv'
    """
    suffixes = [suffix.lower().lstrip(".") for suffix in path.suffixes]
    if suffixes and suffixes[-1] == "gz":
        suffixes.pop()
    if not suffixes or suffixes[-1] not in ENDINGS:
        advice = f"; {ADVICE[suffixes[-1]]}" if suffixes and suffixes[-1] in ADVICE else ""
        raise EntityMatchError(f"{path}: the file's ending must be one of .{', .'.join(ENDINGS)}{advice}")
    return suffixes[-1]


def inspect(path: Path) -> FileInfo:
    """Tell a file's columns, their kinds and its encoding.

    Raises:
        EntityMatchError: if there is no such file, it is empty, broken, of another kind or in no encoding that we
            read.
    """
    kind = ending(path)
    if not path.is_file():
        raise EntityMatchError(f"{path}: {'not a file' if path.exists() else 'no such file'}")
    encoding = "" if kind == "parquet" else _encoding(path)
    with _told(path):
        if kind == "jsonl":
            sample = list(islice(_records(path, encoding), SAMPLE_RECORDS))
            columns = tuple(dict.fromkeys(key for record in sample for key in record))
            return FileInfo(columns, {c: _kind_of_values([r.get(c) for r in sample]) for c in columns}, encoding)
        schema = _parquet_schema(path) if kind == "parquet" else _csv_schema(path, kind, encoding)
    return FileInfo(tuple(schema.names), {field.name: _kind_of_type(field.type) for field in schema}, encoding)


def read_table(path: Path, columns: Sequence[str], info: FileInfo | None = None) -> Any:
    """Read some columns of a file.

    The values of csv and tsv files stay text, so that an id ``007`` comes back as given.

    Args:
        path: the file.
        columns: which columns; each once.
        info: what `inspect` said of the file, if it was asked.

    Returns:
        A pyarrow table, of a jsonl file a pandas table.

    Raises:
        EntityMatchError: as `inspect`; if a column is not there, or is there twice; if a row is broken.
    """
    pieces = list(read_pieces(path, columns, info))
    if ending(path) == "jsonl":
        import pandas as pd

        return pd.concat(pieces, ignore_index=True)
    import pyarrow

    return pyarrow.concat_tables(pieces)


def read_pieces(path: Path, columns: Sequence[str], info: FileInfo | None = None) -> Iterator[Any]:
    """Read some columns of a file piece by piece, as :func:`read_table` reads them whole; there is one piece at least.

    Args:
        path: the file.
        columns: which columns; each once.
        info: what `inspect` said of the file, if it was asked.

    Yields:
        Pyarrow tables, of a jsonl file pandas tables.

    Raises:
        EntityMatchError: as :func:`read_table`.
    """
    info = info or inspect(path)
    for column in columns:
        if column not in info.columns:
            found = ", ".join(map(repr, info.columns)) or "none"
            raise EntityMatchError(f"{path} has no column {column!r}; it has {found}")
        if info.columns.count(column) > 1:
            raise EntityMatchError(f"{path} has several columns {column!r}: give each its own name")
    kind = ending(path)
    read = _jsonl_pieces if kind == "jsonl" else _parquet_pieces if kind == "parquet" else _csv_pieces
    with _told(path):
        yield from read(path, list(columns), info)


def _jsonl_pieces(path: Path, columns: Sequence[str], info: FileInfo) -> Iterator[Any]:
    import pandas as pd

    records = _records(path, info.encoding)
    for first in (True, False):
        while (piece := list(islice(records, PIECE_ROWS))) or first:
            cells = {column: pd.Series([r.get(column) for r in piece], dtype=object) for column in columns}
            yield pd.DataFrame(cells)
            first = False


def _parquet_pieces(path: Path, columns: list[str], info: FileInfo) -> Iterator[Any]:
    import pyarrow.parquet

    with pyarrow.parquet.ParquetFile(path) as file:
        schema = pyarrow.schema([file.schema_arrow.field(column) for column in columns])
        yield schema.empty_table()
        for batch in file.iter_batches(batch_size=PIECE_ROWS, columns=columns):
            yield pyarrow.Table.from_batches([batch]).select(columns)


def _csv_pieces(path: Path, columns: list[str], info: FileInfo) -> Iterator[Any]:
    import pyarrow

    held: list[Any] = []
    for batch in _csv_batches(path, columns, info):
        held.append(batch)
        if not batch.num_rows or sum(one.nbytes for one in held) >= PIECE_BYTES:
            yield pyarrow.Table.from_batches(held)
            held.clear()
    if held:
        yield pyarrow.Table.from_batches(held)


def _csv_batches(path: Path, columns: list[str], info: FileInfo) -> Iterator[Any]:
    """Yield the batches as Arrow reads them; the first has no rows."""
    import pyarrow as pa
    import pyarrow.csv

    options = _csv_options(path, ending(path), info.encoding)
    as_text = pyarrow.csv.ConvertOptions(include_columns=columns, column_types=dict.fromkeys(columns, pa.string()))
    schema = pa.schema([(column, pa.string()) for column in columns])
    yield pa.RecordBatch.from_pylist([], schema=schema)
    done = 0  # rows
    for block_size in (BLOCK_BYTES, LONG_ROW_BYTES):
        options["read_options"].block_size = block_size
        again = done  # rows that the smaller blocks have given
        try:
            with pyarrow.csv.open_csv(path, **options, convert_options=as_text) as reader:
                for batch in reader:
                    rest = batch.slice(again)
                    again -= batch.num_rows - rest.num_rows
                    done += rest.num_rows
                    if rest.num_rows:
                        yield rest
                return
        except pa.ArrowInvalid as error:
            if block_size == LONG_ROW_BYTES or "straddling" not in str(error):
                raise


def check_target(path: Path) -> None:
    """Find out whether a table can be written to `path`.

    Raises:
        EntityMatchError: if its ending is unknown, its folder is missing or closed, or it is no file.
    """
    if path.suffix.lower() == ".gz":
        raise EntityMatchError(f"{path}: gzip is read but not written; give .{ending(path)}")
    ending(path)
    if not path.resolve().parent.is_dir():
        raise EntityMatchError(f"{path}: there is no folder {path.parent}")
    if not os.access(path.resolve().parent, os.W_OK):
        raise EntityMatchError(f"{path}: no permission to write into {path.resolve().parent}")
    if path.exists() and not path.is_file():
        raise EntityMatchError(f"{path}: not a file that can be replaced")


def write_table(frame: pd.DataFrame, path: Path, *, byte_order_mark: bool = False) -> None:
    """Write a table as a whole, or not at all.

    Args:
        frame: the table.
        path: where to; its ending says how.
        byte_order_mark: begin a csv or tsv file with the mark by which Excel knows that it is UTF-8.

    Raises:
        EntityMatchError: as `check_target`, or if parquet cannot hold the ids because they are of several kinds.
    """
    write_pieces([frame], path, byte_order_mark=byte_order_mark)


def write_pieces(frames: Iterable[pd.DataFrame], path: Path, *, byte_order_mark: bool = False) -> None:
    """Write a table that comes in pieces as :func:`write_table` does; there must be one piece at least."""
    check_target(path)
    kind = ending(path)

    def write(target: BinaryIO) -> None:
        if kind == "parquet":
            _write_parquet(frames, target, path)
            return
        for number, frame in enumerate(frames):
            if kind == "jsonl":
                frame.to_json(target, orient="records", lines=True, force_ascii=False, double_precision=15)
            else:
                encoding = "utf-8-sig" if byte_order_mark and not number else "utf-8"
                options: dict[str, Any] = {"index": False, "encoding": encoding, "lineterminator": "\n"}
                frame.to_csv(target, sep=SEPARATORS[kind], header=not number, **options)

    write_whole(path, write)


def _write_parquet(frames: Iterable[pd.DataFrame], target: BinaryIO, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet

    writer = None
    empty = None
    try:
        for frame in frames:
            if frame.empty:  # it does not tell the types
                empty = frame
                continue
            table = pa.Table.from_pandas(frame, preserve_index=False, schema=None if writer is None else writer.schema)
            if writer is None:
                writer = pyarrow.parquet.ParquetWriter(target, table.schema)
            writer.write_table(table)
        if writer is None and empty is not None:
            empty.to_parquet(target, index=False)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise EntityMatchError(f"{path}: parquet wants ids of one kind, write csv instead: {error}") from error
    finally:
        if writer is not None:
            writer.close()


def write_whole(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Write to a new file in the same folder, then move it to `path`; an interrupted run leaves nothing."""
    place = path.resolve()  # a link to a file stays a link
    draft = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        with draft.open("wb") as target:
            write(target)
            target.flush()
            os.fsync(target.fileno())
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what a reader says of a broken file into one line."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowInvalid, EOFError, gzip.BadGzipFile) as error:
        raise EntityMatchError(f"{path}: {str(error).splitlines()[0]}") from error


def _open(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path)) if path.suffix.lower() == ".gz" else path.open("rb")


def _encoding(path: Path) -> str:
    """Return the first of utf-8, utf-8-sig and gb18030 that the whole file can be read in."""
    with _told(path), _open(path) as source:
        start = source.read(4)
    candidates = ["utf-8-sig"] if start.startswith(codecs.BOM_UTF8) else ["utf-8", "gb18030"]
    if not start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        for name in candidates:
            if _decodes(path, name):
                return name
    raise EntityMatchError(f"{path}: the text is neither utf-8, utf-8-sig nor gb18030: save the file as UTF-8")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with _told(path), _open(path) as source:
        try:
            while chunk := source.read(CHUNK):
                if b"\0" in chunk:  # legal in every encoding, found in no table: this is UTF-16 or no text
                    return False
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _csv_options(path: Path, kind: str, encoding: str) -> dict[str, Any]:
    import pyarrow.csv

    plain = encoding.removesuffix("-sig")  # Arrow skips the byte order mark by itself
    return {
        "read_options": pyarrow.csv.ReadOptions(encoding=plain),
        "parse_options": pyarrow.csv.ParseOptions(delimiter=_separator(path, kind, encoding), newlines_in_values=True),
    }


def _separator(path: Path, kind: str, encoding: str) -> str:
    """Return what stands between the columns: in a csv file a semicolon or tab if its first line has no comma."""
    if kind == "csv":
        with _told(path), _open(path) as raw, codecs.getreader(encoding)(raw) as source:
            heading = source.readline()
        if "," not in heading:
            return next((found for found in OTHER_SEPARATORS if found in heading), SEPARATORS[kind])
    return SEPARATORS[kind]


def _csv_schema(path: Path, kind: str, encoding: str) -> pyarrow.Schema:
    import pyarrow.csv

    with pyarrow.csv.open_csv(path, **_csv_options(path, kind, encoding)) as reader:
        return reader.schema


def _parquet_schema(path: Path) -> pyarrow.Schema:
    import pyarrow.parquet

    return pyarrow.parquet.read_schema(path)


def _records(path: Path, encoding: str) -> Iterator[dict[str, Any]]:
    """Yield the records of a jsonl file; the standard library tells the line of a mistake, which Arrow does not."""
    with _open(path) as raw, codecs.getreader(encoding)(raw) as source:
        for number, line in enumerate(source, 1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except json.JSONDecodeError as error:
                raise EntityMatchError(f"{path}, line {number}: not JSON: {error}") from error
            if not isinstance(record, dict):
                found = type(record).__name__
                raise EntityMatchError(f"{path}, line {number}: a {found}, but each line must be an object {{…}}")
            yield record


def _kind_of_type(kind: pyarrow.DataType) -> str:
    from pyarrow import types

    if types.is_dictionary(kind):
        kind = kind.value_type
    if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        return "text"
    if types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind):
        return "numbers"
    return "empty" if types.is_null(kind) else "other"


def _kind_of_values(values: Sequence[Any]) -> str:
    kinds = {type(value) for value in values if value is not None}
    if not kinds:
        return "empty"
    if kinds == {str}:
        return "text"
    return "numbers" if kinds <= {int, float} else "other"
