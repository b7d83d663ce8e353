"""A fitted matcher in one file: arrays, JSON and parquet inside an ``npz``, never pickle.

The file holds the parameters, the references with their ids and aliases (parquet keeps the ids' types), the user's own rows
of the lexicon, and the index of the feature space, so that loading reads no name again. It is written whole or not at all.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from entitymatch.blocking import BlockingIndex
from entitymatch.errors import EntityMatchError
from entitymatch.io import write_whole
from entitymatch.lexicon import Lexicon, Organization
from entitymatch.links import ReferenceTable

if TYPE_CHECKING:
    from entitymatch.matcher import Matcher

FORMAT = "entitymatch matcher"
VERSION = 1


def save(matcher: Matcher, path: Path) -> None:
    """Write a fitted matcher to ``path``.

    Raises:
        EntityMatchError: if the ids cannot be stored (parquet wants ids of one kind).
    """
    frame = pd.DataFrame({"id": pd.Series(matcher.references_.ids), "name": matcher.references_.names, "aliases": matcher._aliases})
    table = io.BytesIO()
    try:
        frame.to_parquet(table, index=False)
    except (TypeError, ValueError) as error:  # pyarrow's errors are both
        raise EntityMatchError(f"the ids of the references cannot be saved: {error}; give ids of one kind") from error
    index = matcher.index_
    head = {
        "format": FORMAT,
        "version": VERSION,
        "parameters": {
            "prior": matcher.prior,
            "link_threshold": matcher.link_threshold,
            "possible_threshold": matcher.possible_threshold,
            "without": list(matcher.without),
        },
        "skipped": matcher.references_.skipped,
        "lexicon": None if matcher.lexicon is None else _own_rows(matcher.lexicon),
        "columns": list(index.columns),
        "shape": list(index.matrix.shape),
        "type_weights": index.weights,
    }
    arrays: dict[str, npt.NDArray[Any]] = {
        "head": _bytes(json.dumps(head, ensure_ascii=False).encode()),
        "references": _bytes(table.getvalue()),
        "information": index.information,
        "data": index.matrix.data,
        "indices": index.matrix.indices,
        "indptr": index.matrix.indptr,
    }
    write_whole(path, lambda stream: np.savez(stream, **arrays))  # type: ignore[arg-type]  # the stub knows no arrays by name


def load(kind: type[Matcher], path: Path) -> Matcher:
    """Read a matcher that :func:`save` wrote.

    Raises:
        EntityMatchError: if there is no such file, or it is no matcher, or of another version, or damaged.
    """
    if not path.is_file():
        raise EntityMatchError(f"there is no file {str(path)!r}")
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        head = json.loads(arrays["head"].tobytes())
        assert head["format"] == FORMAT
    except (ValueError, KeyError, OSError, EOFError, AssertionError, TypeError, zipfile.BadZipFile) as error:
        raise EntityMatchError(f"{str(path)!r} is not a saved matcher, or it is damaged: save it anew") from error
    if head["version"] != VERSION:
        raise EntityMatchError(f"{str(path)!r} has version {head['version']} of the format, this is {VERSION}: fit and save it anew")
    lexicon = None
    if head["lexicon"] is not None:
        lexicon = Lexicon([*Lexicon.default().organizations.values(), *(_organization(row) for row in head["lexicon"])])
    matcher = kind(lexicon=lexicon, **head["parameters"])
    frame = pd.read_parquet(io.BytesIO(arrays["references"].tobytes()))
    matcher.references_ = ReferenceTable(frame["name"].tolist(), frame["id"].array, head["skipped"])
    matcher._prepare([list(names) for names in frame["aliases"]])
    matrix = sparse.csr_matrix((arrays["data"], arrays["indices"], arrays["indptr"]), shape=tuple(head["shape"]))
    matcher.index_ = BlockingIndex.restore(head["columns"], arrays["information"], matrix, head["type_weights"])
    return matcher


def _bytes(content: bytes) -> npt.NDArray[np.uint8]:
    return np.frombuffer(content, dtype=np.uint8)


def _own_rows(lexicon: Lexicon) -> list[dict[str, Any]]:
    """Return the organisations that the shipped lexicon does not have."""
    shipped = Lexicon.default().organizations
    own = [o for key, o in lexicon.organizations.items() if shipped.get(key) != o]
    return [{**asdict(o), "common": sorted(o.common)} for o in own]


def _organization(row: dict[str, Any]) -> Organization:
    return Organization(**{**row, "en": tuple(row["en"]), "zh": tuple(row["zh"]), "common": frozenset(row["common"]), "trade": tuple(row["trade"])})
