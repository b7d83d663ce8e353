"""A fitted matcher in one file: arrays, JSON and parquet inside an ``npz``, never pickle.

The file holds the parameters, the references with their aliases and ids (parquet keeps the ids' types), the user's
own rows of the lexicon, and the index of the feature space, so that loading reads no name again. It is written
whole or not at all.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from entitymatch.blocking import Blocker, BlockingIndex, check_blockers, default_blockers
from entitymatch.errors import EntityMatchError
from entitymatch.garbage import uncollected
from entitymatch.io import write_whole
from entitymatch.lexicon import Lexicon, Organization
from entitymatch.links import ReferenceTable
from entitymatch.scoring import ScoringModel

if TYPE_CHECKING:
    from entitymatch.links import Ids
    from entitymatch.matcher import Matcher

FORMAT = "entitymatch matcher"
VERSION = 4


def save(matcher: Matcher, path: Path, *, ids: bool = True) -> None:
    """Write a fitted matcher to ``path``, with the parameters it was fitted with.

    Args:
        matcher: the matcher.
        path: where.
        ids: whether the references keep their ids; without, they are numbered.

    Raises:
        EntityMatchError: if the ids cannot be stored (parquet wants ids of one kind).
    """
    index, shipped, fitted = matcher.index_, set(map(type, default_blockers())), matcher._fitted_with
    head = {
        "format": FORMAT,
        "version": VERSION,
        "parameters": {
            "prior": fitted["prior"],
            "link_threshold": fitted["link_threshold"],
            "possible_threshold": fitted["possible_threshold"],
            "without": sorted(fitted["without"]),
        },
        "skipped": matcher.references_.skipped,
        "ids": ids,
        "lexicon": None if fitted["lexicon"] is None else _difference(fitted["lexicon"]),
        "columns": list(index.columns),
        "shape": list(index.matrix.shape),
        "scoring": None if fitted["scoring"] is None else fitted["scoring"].to_dict(),
        "default_blockers": fitted["blockers"] is None,
        "blockers": [[blocker.name, blocker.weight, type(blocker) not in shipped] for blocker in index.blockers],
    }
    arrays: dict[str, npt.NDArray[Any]] = {
        "head": _bytes(json.dumps(head, ensure_ascii=False).encode()),
        "references": _bytes(json.dumps([matcher.references_.names, matcher._aliases, matcher._compounds]).encode()),
        "information": index.information,
        "data": index.matrix.data,
        "indices": index.matrix.indices,
        "indptr": index.matrix.indptr,
    }
    if ids:
        arrays["ids"] = _bytes(_parquet(matcher.references_.ids))
    write_whole(path, lambda stream: np.savez(stream, **arrays))  # type: ignore[arg-type]  # the stub knows no arrays by name


@uncollected()
def load(kind: type[Matcher], path: Path, blockers: Sequence[Blocker] = ()) -> Matcher:
    """Read a matcher that :func:`save` wrote.

    Args:
        kind: the class.
        path: the file.
        blockers: those that the package does not ship; others of the file are made anew.

    Raises:
        EntityMatchError: if there is no such file, or it is no matcher, or of another version, or damaged, or has
            a blocker that is not given.
    """
    if not path.is_file():
        raise EntityMatchError(f"there is no file {str(path)!r}")
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        head = json.loads(arrays["head"].tobytes())
        if head["format"] != FORMAT:
            raise ValueError(head["format"])
        if head["version"] == VERSION:
            return _restore(kind, head, arrays, check_blockers(blockers) if blockers else ())
    except EntityMatchError:
        raise
    except Exception as error:  # whatever zip, numpy, json or parquet make of a damaged or foreign file
        raise EntityMatchError(f"{str(path)!r} is not a saved matcher, or it is damaged: save it anew") from error
    raise EntityMatchError(
        f"{str(path)!r} has version {head['version']} of the format, this is {VERSION}: fit and save it anew"
    )


def _restore(
    kind: type[Matcher], head: dict[str, Any], arrays: dict[str, npt.NDArray[Any]], own: Sequence[Blocker]
) -> Matcher:
    parameters = {**head["parameters"], "without": tuple(head["parameters"]["without"])}
    blockers = [_blocker(name, weight, is_own, own) for name, weight, is_own in head["blockers"]]
    parameters["scoring"] = None if head["scoring"] is None else _scoring(head["scoring"])
    parameters["blockers"] = None if head["default_blockers"] else blockers
    matcher = kind(lexicon=_lexicon(head["lexicon"]), **parameters)
    names, aliases, compounds = json.loads(arrays["references"].tobytes())
    ids = _from_parquet(arrays["ids"].tobytes()) if head["ids"] else np.arange(len(names))
    if not len(names) == len(aliases) == len(ids):
        raise ValueError("the references do not fit together")
    matcher.references_ = ReferenceTable(names, ids, head["skipped"])
    matcher._prepare(aliases)
    matrix = sparse.csr_matrix((arrays["data"], arrays["indices"], arrays["indptr"]), shape=tuple(head["shape"]))
    matrix.check_format(full_check=True)
    if matrix.shape != (len(matcher._variants), len(head["columns"])) or len(arrays["information"]) != matrix.shape[1]:
        raise ValueError("the parts do not fit together")
    matcher._start(BlockingIndex.restore(head["columns"], arrays["information"], matrix, blockers), compounds)
    return matcher


def _parquet(ids: Ids) -> bytes:
    import pandas as pd  # here, as a process that only matches has no use for ids

    file = io.BytesIO()
    try:
        pd.DataFrame({"id": pd.Series(ids)}).to_parquet(file, index=False)
    except (TypeError, ValueError, OverflowError, NotImplementedError) as error:  # what pyarrow raises, by kind of id
        raise EntityMatchError(f"the ids of the references cannot be saved: {error}; give ids of one kind") from error
    return file.getvalue()


def _from_parquet(content: bytes) -> Ids:
    import pandas as pd

    ids: Ids = pd.read_parquet(io.BytesIO(content))["id"].array
    return ids


def _scoring(values: dict[str, Any]) -> ScoringModel:
    try:
        return ScoringModel.from_dict(values)
    except ValueError as error:
        raise EntityMatchError(f"the saved matcher cannot be used: {error}") from error


def _blocker(name: str, weight: float, is_own: bool, own: Sequence[Blocker]) -> Blocker:
    """Return a blocker of the file: made anew, or the one that was given."""
    if not is_own:
        return next(replace(b, weight=weight) for b in default_blockers() if b.name == name)  # type: ignore[type-var]
    if (given := next((blocker for blocker in own if blocker.name == name), None)) is None:
        raise EntityMatchError(
            f"the matcher was saved with a blocker {name!r} of your own: give load(path, blockers=[…]) it"
        )
    return given


def _bytes(content: bytes) -> npt.NDArray[np.uint8]:
    return np.frombuffer(content, dtype=np.uint8)


def _difference(lexicon: Lexicon) -> dict[str, Any]:
    """Return what sets a lexicon apart from the shipped one: what it adds or changes, and what it lacks."""
    shipped = Lexicon.default().organizations
    own = [o for key, o in lexicon.organizations.own.items() if shipped.get(key) != o]
    rows = [{**asdict(o), "common": sorted(o.common)} for o in own]
    return {"own": rows, "without": [key for key in shipped if key not in lexicon.organizations]}


def _lexicon(difference: dict[str, Any] | None) -> Lexicon | None:
    if difference is None:
        return None
    own = list(map(_organization, difference["own"]))
    if not (lacking := set(difference["without"])):
        return Lexicon.default().replacing(own)
    return Lexicon([*(o for key, o in Lexicon.default().organizations.items() if key not in lacking), *own])


def _organization(row: dict[str, Any]) -> Organization:
    names = {name: tuple(row[name]) for name in ("en", "zh", "trade")}
    given = tuple((name, source) for name, source in row.get("given", ()))
    return Organization(**{**row, **names, "common": frozenset(row["common"]), "given": given})
