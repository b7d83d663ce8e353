"""Rank Latin names by how they sound, for each of a list of Chinese names.

Every Chinese name meets every Latin name here. What keeps that to seconds: the emissions of a character are looked up
once for each distinct letter string of the list, all Latin names are walked through at once, and Chinese names that
begin alike share the beginning.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from entitymatch.romanize.letters import LONGEST, letters
from entitymatch.romanize.transliteration import Transliteration, _Flat


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
    flat = _Flat.of(model.cells(known))
    background = model.background(known)
    place = {name: index for index, name in enumerate(known)}
    positions = np.array([index for index, name in enumerate(folded) if name], np.int64)
    of_known = np.array([place[folded[index]] for index in positions], np.int64)
    # one lookup per distinct letter string; strings the table does not know share a column but have their own factors
    cells = np.stack([flat.columns.ravel().astype(np.float64), flat.factors.ravel().astype(np.float64)])
    (columns, factors), inverse = np.unique(cells, axis=1, return_inverse=True)
    columns = columns.astype(np.int64)
    inverse = inverse.reshape(flat.columns.shape)
    start = np.zeros(flat.columns.shape[1], np.float64)
    start[flat.starts] = 1.0
    read = [tuple(model.rows(name)) for name in chinese]
    path: list[tuple[int, NDArray[np.float64]]] = []
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
                total = path[-1][1] if path else start
                emission = (model._table[row][columns] * factors)[inverse]
                after = total * emission[0]
                for size in range(1, LONGEST + 1):
                    after[size:] += total[:-size] * emission[size, :-size]
                path.append((row, after))
            score = np.log2(np.maximum(path[-1][1][flat.ends], 1e-300)) - background
            best = positions[_top(np.round(score, 9)[of_known], top_k)]
            done = rows
        out[query, : len(best)] = best
    return out


def _top(score: NDArray[np.float64], top_k: int) -> NDArray[np.int64]:
    """Positions of the highest scores, best first, equal ones in order."""
    if top_k < len(score):
        least = np.partition(score, len(score) - top_k)[len(score) - top_k]
        among = np.flatnonzero(score >= least)
    else:
        among = np.arange(len(score))
    return among[np.argsort(-score[among], kind="stable")][:top_k]
