"""Standard input and output in the place of files, for a path that is ``-``.

A table is read twice, once for its columns and its encoding and once for its rows, and written whole or not at all. So
what comes in by a pipe is put into a file first, and what goes out is written to one, then copied; the commands see
files only.
"""

from __future__ import annotations

import gzip
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from entitymatch.errors import EntityMatchError

DASH = Path("-")
HEAD = 1 << 16  # bytes that tell what kind of table it is
STDIN, STDOUT = "standard input", "standard output"


class Pipes:
    """A context in which ``-`` is a file like any other.

    Args:
        kind: what is written to standard output: ``"csv"`` or ``"jsonl"``.
    """

    def __init__(self, kind: str = "csv") -> None:
        self.kind = kind
        self._source: Path | None = None
        self._target: Path | None = None

    def __enter__(self) -> Self:
        self._folder = TemporaryDirectory(prefix="entitymatch-")
        return self

    def source(self, path: Path) -> Path:
        """Return the file to read: the one given, or a copy of standard input.

        Raises:
            EntityMatchError: if standard input is asked for twice, or there is nothing in it.
        """
        if path != DASH:
            return path
        if self._source is not None:
            raise EntityMatchError("- is given for two inputs, but there is one standard input: name a file for one")
        content = Path(self._folder.name, "content")
        with content.open("wb") as target:
            shutil.copyfileobj(sys.stdin.buffer, target)
        self._source = content.rename(content.with_name(f"standard-input.{_kind(content)}"))
        return self._source

    def target(self, path: Path) -> Path:
        """Return the file to write: the one given, or one that is copied to standard output at the end.

        Raises:
            EntityMatchError: if standard output is asked for twice.
        """
        if path != DASH:
            return path
        if self._target is not None:
            raise EntityMatchError("- is given for two outputs, but there is one standard output: name a file for one")
        self._target = Path(self._folder.name, f"standard-output.{self.kind}")
        return self._target

    @property
    def writes(self) -> bool:
        """Whether standard output is taken by a table, so that nothing else may be printed there."""
        return self._target is not None

    def named(self, text: str) -> str:
        """Return a message with standard input and output by their names."""
        for path, name in ((self._source, STDIN), (self._target, STDOUT)):
            text = text.replace(str(path), name) if path is not None else text
        return text

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._folder:
            if error is None and self._target is not None and self._target.exists():
                with self._target.open("rb") as written:
                    shutil.copyfileobj(written, sys.stdout.buffer)
                sys.stdout.buffer.flush()
        if isinstance(error, EntityMatchError):
            raise EntityMatchError(self.named(str(error))) from error


def _kind(path: Path) -> str:
    """Tell the kind of table from its beginning: ``csv``, ``tsv``, ``jsonl``, ``parquet``; with ``.gz`` if packed."""
    with path.open("rb") as source:
        head = source.read(HEAD)
    if not head:
        raise EntityMatchError(f"{STDIN} is empty: a table was expected, for -")
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"\x1f\x8b"):
        with gzip.open(path) as unpacked:
            return f"{_text_kind(unpacked.read(HEAD))}.gz"
    return _text_kind(head)


def _text_kind(head: bytes) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{"):
        return "jsonl"
    line = start.partition(b"\n")[0]
    return "tsv" if line.count(b"\t") > line.count(b",") else "csv"
