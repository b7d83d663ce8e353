"""What a run has done, so that another one can go on where it stopped.

The candidates of each batch are noted in the user's cache folder as soon as they are there, under a name that stands
for everything they depend on: the fitted matcher, the strings, what is wanted. A run of the same kind that goes on
therefore gives the same bytes as one that was never stopped, and never mixes in another's. Nothing is written beside
the output.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sys
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from entitymatch.batches import FIELDS, Found, Wanted
from entitymatch.links import Candidates

if TYPE_CHECKING:
    from entitymatch.matcher import Matcher

_DAYS_KEPT = 14


def cache_folder() -> Path:
    """Return the user's folder for what can be made again, as each system has it."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base, "entitymatch")


class Journal:
    """The notes of one run.

    Args:
        folder: where they are kept; it is made when the first is written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def of(cls, matcher: Matcher, names: Sequence[str], wanted: Wanted, batch_size: int) -> Journal:
        """Return the notes of runs of this matcher over these strings."""
        from entitymatch import __version__
        from entitymatch.storage import save

        digest = hashlib.sha256()
        with TemporaryDirectory(prefix="entitymatch-") as folder:
            path = Path(folder, "matcher")
            save(matcher, path, ids=False)
            digest.update(path.read_bytes())
        scorer = matcher._scorer
        model = json.dumps(scorer.model.to_dict(), sort_keys=True)
        settings = f"{scorer.prior_bits!r} {scorer.link_threshold!r} {scorer.possible_threshold!r}"
        digest.update(f"{__version__} {wanted} {batch_size} {len(names)} {settings} {model}".encode())
        for name in names:
            digest.update(name.encode("utf-8", "surrogatepass") + b"\0")
        return cls(cache_folder() / "runs" / digest.hexdigest()[:32])

    def read(self, start: int) -> Found | None:
        """Return the candidates of a batch; None if they are not noted, or the note is not whole."""
        try:
            with self._path(start).open("rb") as stream, np.load(stream, allow_pickle=False) as file:
                columns = {field: file[field] for field in FIELDS}
                rivals = file["rivals"]
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None
        columns["relation"] = columns["relation"].astype(object)
        return Found(Candidates(**columns), rivals)

    def write(self, start: int, found: Found) -> None:
        """Note the candidates of a batch; where the folder cannot be written, nothing is noted."""
        arrays = {field: getattr(found.candidates, field) for field in FIELDS} | {"rivals": found.rivals}
        arrays["relation"] = np.array(arrays["relation"].tolist(), dtype=np.str_)
        content = io.BytesIO()
        np.savez(content, **arrays)
        path = self._path(start)
        draft = path.with_suffix(f".{os.getpid()}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(content.getvalue())
            draft.replace(path)
        except OSError:
            return

    def forget(self) -> None:
        """Remove the notes, and those of other runs that nobody went on with."""
        shutil.rmtree(self.folder, ignore_errors=True)
        oldest = time.time() - _DAYS_KEPT * 86_400
        for other in self.folder.parent.glob("*"):
            if other.stat().st_mtime < oldest:
                shutil.rmtree(other, ignore_errors=True)

    def _path(self, start: int) -> Path:
        return self.folder / f"{start}.npz"
