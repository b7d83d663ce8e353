"""Many pairs of names at once: sums over alignments, and the substrings that sound alike.

Names are prepared once for each distinct one; the pairs are walked through in chunks that fit the processor's cache,
all Latin names of a chunk laid end to end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entitymatch.romanize.channel import SMALLEST, Channel
from entitymatch.romanize.layout import Flat
from entitymatch.romanize.letters import LONGEST, letters

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_CHUNK = 60_000


@dataclass(frozen=True, slots=True)
class Prepared:
    """Pairs over distinct names: ``zh_of`` and ``latin_of`` say which distinct names a pair has."""

    zh_of: Ints
    latin_of: Ints
    zh_sizes: Ints
    rows: Ints
    names: Flat
    background: Floats

    @classmethod
    def of(cls, channel: Channel, chinese: Sequence[str], latin: Sequence[str]) -> Prepared:
        """Look up the distinct names of pairs."""
        if len(chinese) != len(latin):
            raise ValueError(f"{len(chinese)} Chinese names but {len(latin)} Latin ones: pairs need as many of each")
        zh_of, zh = _distinct(chinese)
        folded = {name: letters(name) for name in dict.fromkeys(latin)}
        latin_of, names = _distinct([folded[name] for name in latin])
        read = [channel.rows(name) for name in zh]
        rows = np.zeros((len(read), max(map(len, read), default=0) + 1), np.int64)
        for index, found in enumerate(read):
            rows[index, : len(found)] = found
        sizes = np.array([len(found) for found in read], np.int64)
        flat = Flat.of(channel.remembered_cells(names))
        return cls(zh_of, latin_of, sizes, rows, flat, channel.background_of(flat))

    def chunks(self, steps: Ints) -> list[Ints]:
        """Pairs with something on both sides, those with equally many steps together, in pieces that fit the cache."""
        letter_counts = self.names.sizes[self.latin_of]
        usable = np.flatnonzero((steps > 0) & (letter_counts > 0))
        usable = usable[np.argsort(steps[usable], kind="stable")]
        piece = np.cumsum(letter_counts[usable] + 1) // _CHUNK
        return np.split(usable, np.flatnonzero(np.diff(piece)) + 1) if len(usable) else []

    def flat(self, chunk: Ints) -> Flat:
        """Lay the Latin names of a chunk end to end."""
        return self.names.select(self.latin_of[chunk])


def sum_alignments(channel: Channel, ready: Prepared, start: Ints, end: Ints) -> Floats:
    """Sum over all alignments of each Latin name with characters ``start`` to ``end`` of the Chinese one."""
    out = np.full(len(ready.zh_of), -np.inf)
    for chunk in ready.chunks(end - start):
        flat = ready.flat(chunk)
        steps = end[chunk] - start[chunk]
        total = np.zeros(flat.columns.shape[1])
        total[flat.starts] = 1.0
        for step in range(int(steps.max(initial=0))):
            at = np.minimum(start[chunk] + step, ready.rows.shape[1] - 1)
            rows = np.where(step < steps, ready.rows[ready.zh_of[chunk], at], len(channel.table) - 1)
            emission = _gather(channel, rows, flat)
            after = total * emission[0]
            for size in range(1, LONGEST + 1):
                after[size:] += total[:-size] * emission[size, :-size]
            total = after
        reached = total[flat.ends]
        bits = np.log2(np.maximum(reached, SMALLEST)) - ready.background[ready.latin_of[chunk]]
        out[chunk] = np.where(reached > 0, bits, -np.inf)
    return out


def best_substrings(channel: Channel, ready: Prepared) -> tuple[Ints, Ints, Floats]:
    """Find where the best single alignment of each pair starts and ends (Viterbi, both free), and its bits."""
    bits = np.full(len(ready.zh_of), -np.inf)
    start = np.full(len(ready.zh_of), -1, np.int64)
    end = np.full(len(ready.zh_of), -1, np.int64)
    whole = ready.zh_sizes[ready.zh_of]
    for chunk in ready.chunks(whole):
        flat = ready.flat(chunk)
        best = np.zeros(flat.columns.shape[1])
        origin = np.zeros(len(best), np.int16)
        top = np.zeros(len(chunk))
        for step in range(int(whole[chunk].max(initial=0))):
            best[flat.starts] = 1.0
            origin[flat.starts] = step
            inside = step < whole[chunk]
            rows = np.where(inside, ready.rows[ready.zh_of[chunk], step], len(channel.table) - 1)
            emission = _gather(channel, rows, flat)
            after, source = best * emission[0], origin.copy()
            for size in range(1, LONGEST + 1):
                moved = best[:-size] * emission[size, :-size]
                better = moved > after[size:]
                np.copyto(after[size:], moved, where=better)
                np.copyto(source[size:], origin[:-size], where=better)
            best, origin = after, source
            reached = best[flat.ends]
            improved = inside & (reached > top)
            top = np.where(improved, reached, top)
            start[chunk] = np.where(improved, origin[flat.ends], start[chunk])
            end[chunk] = np.where(improved, step + 1, end[chunk])
        relative = np.log2(np.maximum(top, SMALLEST)) - ready.background[ready.latin_of[chunk]]
        bits[chunk] = np.where(top > 0, relative, -np.inf)
    return start, end, bits


def bits_of_choice(ready: Prepared, start: Ints, end: Ints) -> Floats:
    """Bits by which all alignments of a pair together exceed the best one at most: how many there are."""
    steps = end - start
    sizes = ready.names.sizes[ready.latin_of]
    ways = np.zeros((int(steps.max(initial=0)) + 1, int(sizes.max(initial=0)) + 1))
    ways[0, 0] = 1.0
    with np.errstate(over="ignore"):  # more ways than there are numbers for: no bound
        for step in range(1, len(ways)):
            for size in range(min(LONGEST + 1, ways.shape[1])):
                ways[step, size:] += ways[step - 1, : ways.shape[1] - size]
    return np.asarray(np.log2(np.maximum(ways[steps, sizes], 1.0)))


def _gather(channel: Channel, rows: Ints, flat: Flat) -> NDArray[np.float32]:
    """Emissions of the row of each name at each of its positions: ``(LONGEST + 1, positions)``."""
    table = channel.table
    offset = np.repeat(rows * table.shape[1], flat.sizes + 1)
    offset = np.concatenate([offset, np.zeros(flat.columns.shape[1] - len(offset), np.int64)])
    return np.asarray(np.take(table.ravel(), flat.columns + offset) * flat.factors)


def _distinct(texts: Sequence[str]) -> tuple[Ints, list[str]]:
    known: dict[str, int] = {}
    positions = np.array([known.setdefault(text, len(known)) for text in texts], np.int64)
    return positions, list(known)
