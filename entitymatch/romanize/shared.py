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
    draft.mkdir()
    np.save(draft / _TABLE, Transliteration.load_default().channel.table)
    arrays = sound_keys.choice_arrays()
    np.savez(draft / _CHOICES, **arrays)  # type: ignore[arg-type]  # the stub knows no arrays by name
    draft.replace(folder / FOLDER)


def adopt(folder: Path) -> bool:
    """Take what :func:`share` wrote; say whether it was there."""
    found = folder / FOLDER
    if not found.is_dir():
        return False
    Transliteration.load_default().channel.adopt_table(np.load(found / _TABLE, mmap_mode="r"))
    with np.load(found / _CHOICES) as arrays:
        sound_keys.adopt_choices(dict(arrays))
    return True
