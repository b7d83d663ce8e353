"""What the sound of names rests on, worked out by one process and mapped into the memory of others.

The emissions of the shipped model are a table of 77 MB. Each process that matches would take a second to build it, and
hold it for itself.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from entitymatch.romanize import sound_keys
from entitymatch.romanize.transliteration import Transliteration

FOLDER = "sound"
_TABLE = "emissions.npy"
_CHOICES = "choices.npz"


def share(folder: Path) -> None:
    """Write what this process has worked out (now, if it has not yet) into a folder; whole or not at all."""
    draft = folder / f"{FOLDER}.part"
    draft.mkdir(exist_ok=True)  # of a process that failed
    np.save(draft / _TABLE, Transliteration.load_default().channel.table)
    arrays = sound_keys.choice_arrays()
    np.savez(draft / _CHOICES, **arrays)  # type: ignore[arg-type]  # the stub knows no arrays by name
    draft.replace(folder / FOLDER)


def adopt(folder: Path, *, mapped: bool = True) -> bool:
    """Take what :func:`share` wrote; say whether it was there.

    Args:
        folder: where it is.
        mapped: whether the file is mapped, for good; else this process has a copy in its own memory.
    """
    found = folder / FOLDER
    if not found.is_dir():
        return False
    Transliteration.load_default().channel.adopt_table(np.load(found / _TABLE, mmap_mode="r" if mapped else None))
    with np.load(found / _CHOICES) as arrays:
        sound_keys.adopt_choices(dict(arrays))
    return True
