"""Rank Latin names by how they sound, for each of a list of Chinese names.

Both directions count: the channel's log-odds of the letters given the characters, and the log-probability of the
characters given the letters, read from either end. None of it depends on which other names are asked for or listed.

Every Chinese name meets every Latin name here. What keeps that to seconds: the emissions of a character are looked up
once for each distinct letter string of the list, all Latin names are walked through at once, and Chinese names that
begin alike share the beginning.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from entitymatch.romanize.channel import SMALLEST, Channel
from entitymatch.romanize.layout import Flat
from entitymatch.romanize.letters import LONGEST, letters
from entitymatch.romanize.transliteration import Transliteration

Floats = NDArray[np.float64]

DIRECT_WEIGHT = 0.75
"""How much each of the two direct models counts against the channel, set on held-back names."""


def rank_by_sound(
    chinese: Sequence[str], latin: Sequence[str], top_k: int, model: Transliteration | None = None
) -> NDArray[np.int64]:
    """Return, for each Chinese name, the Latin names that sound most like it.

    Args:
        chinese: Chinese names; other than Han characters are skipped.
        latin: Latin names; accents are folded, other than letters are skipped.
        top_k: how many to return, at least 1.
        model: the transliteration model; the package's own if None.

    Returns:
        int64 array ``(len(chinese), top_k)`` of positions in ``latin``, best first, equal ones in their order; -1
        where there are no more. A name without Han characters gets no candidates, a Latin name without letters is
        never one.

    Raises:
        ValueError: if ``top_k`` is less than 1.

    Example:
        >>> rank_by_sound(["霍尼韦尔", "西门子"], ["Siemens", "Nokia", "Honeywell"], top_k=1).tolist()
        [[2], [0]]
    """
    if top_k < 1:
        raise ValueError(f"top_k is {top_k}, but at least 1 name must be asked for")
    model = model or Transliteration.load_default()
    folded = [letters(name) for name in latin]
    known = list(dict.fromkeys(name for name in folded if name))
    out = np.full((len(chinese), top_k), -1, np.int64)
    if not known:
        return out
    channel = model.channel
    flat = Flat.of(channel.cells(known))
    background = channel.background_of(flat)
    readers = [direct.reader(known, channel.character_syllable, channel.skeletons) for direct in model.direct]
    place = {name: index for index, name in enumerate(known)}
    positions = np.array([index for index, name in enumerate(folded) if name], np.int64)
    of_known = np.array([place[folded[index]] for index in positions], np.int64)
    channel_emission = _by_letter_string(channel, flat)
    windows = readers[0].windows
    start = np.zeros(windows.keys.shape[1])
    start[windows.starts] = 1.0
    read = [tuple(channel.rows(name)) for name in chinese]
    path: list[tuple[int, list[Floats]]] = []
    best: NDArray[np.int64] = np.zeros(0, np.int64)
    done: tuple[int, ...] | None = None
    for rows, query in sorted(zip(read, range(len(read)), strict=True)):
        if not rows:
            continue
        if rows != done:
            shared = 0
            while shared < min(len(path), len(rows)) and path[shared][0] == rows[shared]:
                shared += 1
            del path[shared:]
            for row in rows[shared:]:
                so_far = path[-1][1] if path else [start] * (1 + len(readers))
                emissions = [channel_emission(row), *(reader.emission(row) for reader in readers)]
                path.append((row, [_step(*each) for each in zip(so_far, emissions, strict=True)]))
            of_letters, *of_characters = (total[windows.ends] for total in path[-1][1])
            score = _bits(of_letters) - background
            for total, reader in zip(of_characters, readers, strict=True):
                score += DIRECT_WEIGHT * _bits(total * reader.stop)
            best = positions[_top(np.round(score, 9)[of_known], top_k)]
            done = rows
        out[query, : len(best)] = best
    return out


def _by_letter_string(channel: Channel, flat: Flat) -> Callable[[int], Floats]:
    """Return a function of a row: its emissions at each position of the names, looked up once per distinct string."""
    used = len(flat.columns[0]) - LONGEST  # without the unused positions after the last name
    columns, factors = flat.columns[:, :used], flat.factors[:, :used]
    # strings the table does not know share a column but have their own factors
    cells = np.stack([columns.ravel().astype(np.float64), factors.ravel().astype(np.float64)])
    (distinct, factor), inverse = np.unique(cells, axis=1, return_inverse=True)
    distinct, inverse = distinct.astype(np.int64), inverse.reshape(columns.shape)
    return lambda row: np.asarray((channel.table[row][distinct] * factor)[inverse])


def _step(total: Floats, emission: Floats) -> Floats:
    """One character more: the forward algorithm over all names at once."""
    after = total * emission[0]
    for size in range(1, LONGEST + 1):
        after[size:] += total[:-size] * emission[size, :-size]
    return np.asarray(after)


def _bits(probability: Floats) -> Floats:
    return np.asarray(np.log2(np.maximum(probability, SMALLEST)))


def _top(score: NDArray[np.float64], top_k: int) -> NDArray[np.int64]:
    """Positions of the highest scores, best first, equal ones in order."""
    if top_k < len(score):
        least = np.partition(score, len(score) - top_k)[len(score) - top_k]
        among = np.flatnonzero(score >= least)
    else:
        among = np.arange(len(score))
    return among[np.argsort(-score[among], kind="stable")][:top_k]
