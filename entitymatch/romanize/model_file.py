"""A transliteration model as a file: arrays in a zip (npz), never pickle; equal models give equal bytes."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from entitymatch.errors import EntityMatchError
from entitymatch.io import write_whole
from entitymatch.romanize.channel import Channel
from entitymatch.romanize.counts import Counts
from entitymatch.romanize.direct import Direct
from entitymatch.romanize.levels import Level
from entitymatch.romanize.transliteration import Transliteration

Arrays = dict[str, NDArray[Any]]

LEVELS = ("anything", "skeleton_of", "by_skeleton", "by_syllable", "by_character", "cantonese")
COUNTS = ("by_string", "by_next", "by_window", "syllable_by_string", "syllable_by_skeleton")
DIRECTIONS = ("forward", "backward")


def save(model: Transliteration, path: Path) -> None:
    """Write a model, whole or not at all."""
    arrays = _of_channel(model.channel)
    for name, direct in zip(DIRECTIONS, model.direct, strict=True):
        arrays |= _of_direct(direct, name)

    def write(target: BinaryIO) -> None:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name, array in arrays.items():
                info = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                with archive.open(info, "w") as member:
                    np.lib.format.write_array(member, array, version=(1, 0), allow_pickle=False)

    write_whole(path, write)


def load(path: Path) -> Transliteration:
    """Read a model.

    Raises:
        EntityMatchError: if the file is not such a model.
    """
    try:
        with np.load(path, allow_pickle=False) as data:
            arrays: Arrays = dict(data)
        return Transliteration(_channel(arrays), (_direct(arrays, DIRECTIONS[0]), _direct(arrays, DIRECTIONS[1])))
    except (ValueError, EOFError, KeyError, zipfile.BadZipFile, AttributeError, TypeError) as error:
        raise _not_one(path) from error


def _not_one(path: Path) -> EntityMatchError:
    return EntityMatchError(
        f"{path} is not a transliteration model of this version: write one with `entitymatch train transliteration`"
    )


def _of_channel(channel: Channel) -> Arrays:
    arrays: Arrays = {
        "characters": np.frombuffer(channel.characters.encode("utf-32-le"), np.uint32),
        "syllables": np.frombuffer("|".join(channel.syllable_names).encode("ascii"), np.uint8),
        "skeletons": np.frombuffer("|".join(channel.skeletons).encode("ascii"), np.uint8),
        "character_syllable": channel.character_syllable.astype(np.uint16),
        "strings": channel.strings.astype(np.uint32),
        "letter_bigrams": channel.letter_bigrams.astype(np.float32),
        "syllable_bigrams": channel.syllable_bigrams.astype(np.uint16),
    }
    for name in LEVELS:
        level: Level = getattr(channel, name).sorted()
        arrays[f"{name}.counts"] = np.bincount(level.rows, minlength=len(level.rest)).astype(np.uint16)
        arrays[f"{name}.columns"] = level.columns.astype(np.uint16)
        arrays[f"{name}.shares"] = level.shares.astype(np.float32)
        arrays[f"{name}.rest"] = level.rest.astype(np.float32)
    return arrays


def _channel(arrays: Arrays) -> Channel:
    levels = {}
    for name in LEVELS:
        counts = arrays[f"{name}.counts"].astype(np.int64)
        levels[name] = Level(
            np.repeat(np.arange(len(counts)), counts),
            arrays[f"{name}.columns"].astype(np.int64),
            arrays[f"{name}.shares"].astype(np.float64),
            arrays[f"{name}.rest"].astype(np.float64),
        )
    return Channel(
        characters=arrays["characters"].tobytes().decode("utf-32-le"),
        syllable_names=tuple(arrays["syllables"].tobytes().decode("ascii").split("|")),
        skeletons=tuple(arrays["skeletons"].tobytes().decode("ascii").split("|")),
        character_syllable=arrays["character_syllable"].astype(np.int64),
        strings=arrays["strings"].astype(np.int64),
        letter_bigrams=arrays["letter_bigrams"].astype(np.float64),
        syllable_bigrams=arrays["syllable_bigrams"].astype(np.int64),
        **levels,
    )


def _of_direct(direct: Direct, direction: str) -> Arrays:
    arrays: Arrays = {}
    tables = [(f"length_{index}", table) for index, table in enumerate(direct.lengths)]
    for name, table in [*tables, *((name, getattr(direct, name)) for name in COUNTS)]:
        # contexts are ascending: their differences are small numbers, and pack better
        arrays[f"{direction}.{name}.keys"] = np.diff(table.keys, prepend=0).astype(np.uint64)
        arrays[f"{direction}.{name}.sizes"] = table.sizes.astype(np.uint16)
        arrays[f"{direction}.{name}.values"] = table.values.astype(np.uint16)
        arrays[f"{direction}.{name}.counts"] = table.counts.astype(np.uint32)
        arrays[f"{direction}.{name}.smoothing"] = np.array([table.discount, table.strength, table.width])
    arrays[f"{direction}.syllables"] = direct.syllables.astype(np.float32)
    arrays[f"{direction}.shares"] = direct.shares.astype(np.float32)
    return arrays


def _direct(arrays: Arrays, direction: str) -> Direct:
    def table(name: str) -> Counts:
        discount, strength, width = arrays[f"{direction}.{name}.smoothing"].tolist()
        part = {kind: arrays[f"{direction}.{name}.{kind}"].astype(np.int64) for kind in ("sizes", "values", "counts")}
        keys = np.cumsum(arrays[f"{direction}.{name}.keys"].astype(np.int64))
        return Counts(keys, **part, width=int(width), discount=discount, strength=strength)

    lengths = sum(name.startswith(f"{direction}.length_") and name.endswith(".keys") for name in arrays)
    return Direct(
        backward=direction == DIRECTIONS[1],
        lengths=tuple(table(f"length_{index}") for index in range(lengths)),
        **{name: table(name) for name in COUNTS},
        syllables=arrays[f"{direction}.syllables"].astype(np.float64),
        shares=arrays[f"{direction}.shares"].astype(np.float64),
    )
