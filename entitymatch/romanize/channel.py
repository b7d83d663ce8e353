"""What letters a character emits: the joint source–channel model of Li, Zhang and Su (ACL 2004).

Each Chinese character emits a string of 0 to 6 letters, and a Latin name is the row of what its characters emit.
``P(letters | character)`` is learned by ``entitymatch.romanize.training``; a character that is rare or unknown there
speaks with the voice of its syllable. The background is the probability of the letters by themselves: a row of such
strings from no character in particular.

The emissions are one dense table (character or syllable × letter string), built when first asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from entitymatch.romanize.layout import Cells, Flat
from entitymatch.romanize.letters import LONGEST, lengths, skeleton, spans, string
from entitymatch.romanize.levels import Level, prior
from entitymatch.romanize.pinyin import han, syllables

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STOP = 0.22
"""Probability that the background ends a name after a string: names have four or five."""
BACKGROUND_WEIGHT = 1.25
"""How much the background counts, set on held-back names: its independent strings make rare names too likely."""
BIGRAM_STRENGTH = 10.0
"""How many occurrences the share of a syllable counts for after each other."""
SMALLEST = 1e-300
_BLOCK = 512  # characters
_MOST_CELLS = 8_192  # names remembered, of a kilobyte each


@dataclass(frozen=True)
class Channel:
    """A learned model of P(letters | character), and of letters by themselves.

    The levels of the back-off, in this order: a character's Hong Kong spellings, which have a small share; its own
    emissions; those of its syllable; the skeletons (what is heard of a letter string) that the syllable emits, and the
    strings of each skeleton; any letters.

    Attributes:
        characters: the characters with emissions of their own.
        syllable_names: the syllables (toneless, ``v`` for ü).
        character_syllable: for each character the position of its syllable.
        strings: the letter strings with emissions of their own, as numbers, ascending; the first is the empty one.
        skeletons: the skeletons of letter strings.
        letter_bigrams: ``(27, 27)``: probability of a letter after another, 0 for the start.
        anything: strings from no character in particular (one context).
        skeleton_of: strings of each skeleton.
        by_skeleton: skeletons of each syllable.
        by_syllable: strings of each syllable.
        by_character: strings of each character.
        cantonese: Hong Kong spellings of each character, on top of all that.
        syllable_bigrams: rows of (syllable, next syllable, count); the last position plus one stands for the edge of
            a name.
    """

    characters: str
    syllable_names: tuple[str, ...]
    character_syllable: Ints
    strings: Ints
    skeletons: tuple[str, ...]
    letter_bigrams: Floats
    anything: Level
    skeleton_of: Level
    by_skeleton: Level
    by_syllable: Level
    by_character: Level
    cantonese: Level
    syllable_bigrams: Ints

    @cached_property
    def _prior(self) -> Floats:
        return prior(self.strings, self.letter_bigrams)

    @cached_property
    def _string_skeletons(self) -> Ints:
        place = {name: index for index, name in enumerate(self.skeletons)}
        return np.array([place[skeleton(string(int(number)))] for number in self.strings], np.int64)

    @cached_property
    def syllable_emissions(self) -> Floats:
        """``P(string | syllable)`` for each syllable and each of ``strings``."""
        return self._emissions[0]

    def character_emissions(self, first: int, last: int) -> Floats:
        """``P(string | character)`` for the characters from ``first`` to ``last`` and each of ``strings``."""
        out: Floats = self.syllable_emissions[self.character_syllable[first:last]]
        for level in (self.by_character, self.cantonese):
            out *= level.rest[first:last, None]
            inside = (level.rows >= first) & (level.rows < last)
            out[level.rows[inside] - first, level.columns[inside]] += level.shares[inside]
        return out

    @cached_property
    def _emissions(self) -> tuple[Floats, Floats]:
        """Emissions of syllables: of known strings; of others by skeleton (last: unknown), relative to their prior."""
        width = len(self.strings)
        heard = self._string_skeletons
        skeleton_given = self.by_skeleton.dense(len(self.skeletons))
        share = np.zeros(width)
        share[self.skeleton_of.columns] = self.skeleton_of.shares
        unseen = skeleton_given * self.skeleton_of.rest + self.by_skeleton.rest[:, None]
        lower = skeleton_given[:, heard] * share + unseen[:, heard] * self._prior
        known = self.by_syllable.dense(width) + self.by_syllable.rest[:, None] * lower
        return known, self.by_syllable.rest[:, None] * np.hstack([unseen, self.by_skeleton.rest[:, None]])

    @cached_property
    def table(self) -> NDArray[np.float32]:
        """Emissions relative to uniform letters: rows of characters, syllables, an unknown syllable, and padding.

        Columns: the known strings; other strings of each skeleton, of an unknown skeleton (both relative to their
        prior); no string.
        """
        known, unseen = self._emissions
        open_share = (self.cantonese.rest * self.by_character.rest)[:, None] * unseen[self.character_syllable]
        table = np.zeros((len(self.characters) + len(known) + 2, known.shape[1] + unseen.shape[1] + 1), np.float32)
        scale = 26.0 ** lengths(self.strings)
        characters = len(self.characters)
        for first in range(0, characters, _BLOCK):  # all at once in float64 would take four times the memory
            last = min(first + _BLOCK, characters)
            table[first:last, : known.shape[1]] = self.character_emissions(first, last) * scale
        table[characters:-2, : known.shape[1]] = known * scale
        table[-2, : known.shape[1]] = self._any_string * scale
        table[:characters, known.shape[1] : -1] = open_share
        table[characters:-2, known.shape[1] : -1] = unseen
        table[-2, known.shape[1] : -1] = self.anything.rest[0]
        table[-1, 0] = 1.0
        return table

    def adopt_table(self, table: NDArray[np.float32]) -> None:
        """Take the table that another process built from the same model."""
        self.__dict__["table"] = np.asarray(table)

    @property
    def syllable_table(self) -> NDArray[np.float32]:
        """Emissions of each syllable relative to uniform letters, with the columns that ``cells`` gives."""
        return self.table[len(self.characters) : -2]

    def emission(self, row: int) -> Floats:
        """``P(string | ·)`` for each of ``strings``, of a character or syllable given by its row."""
        characters = len(self.characters)
        if row >= characters:
            return np.asarray(self.syllable_emissions[row - characters])
        return np.asarray(self.character_emissions(row, row + 1)[0])

    @cached_property
    def following(self) -> Floats:
        """P(next syllable | syllable), the edge of a name last; smoothed with the share of each syllable."""
        size = len(self.syllable_names) + 1
        counts = np.zeros((size, size))
        before, after, count = self.syllable_bigrams.T
        counts[before, after] = count
        single = (counts.sum(0) + 1.0) / (counts.sum() + size)
        return np.asarray((counts + BIGRAM_STRENGTH * single) / (counts.sum(1, keepdims=True) + BIGRAM_STRENGTH))

    @cached_property
    def _any_string(self) -> Floats:
        """``P(string)`` from no character in particular."""
        return np.asarray(self.anything.dense(len(self.strings))[0] + self.anything.rest[0] * self._prior)

    @cached_property
    def _character_rows(self) -> dict[str, int]:
        return {character: row for row, character in enumerate(self.characters)}

    @cached_property
    def _syllable_rows(self) -> dict[str, int]:
        return {syllable: len(self.characters) + row for row, syllable in enumerate(self.syllable_names)}

    def rows(self, text: str) -> list[int]:
        """Return the table's row for each Han character of a text (its own, its syllable's, or that of anything)."""
        own = self._character_rows
        found = [own.get(character, -1) for character in text]
        if -1 in found:  # a character without emissions of its own: only now its reading counts, if it has one
            found = [own.get(character, -1) for character in han(text)]
            anything = len(self.table) - 2
            read = zip(found, syllables(text), strict=True)
            found = [self._syllable_rows.get(syllable, anything) if row < 0 else row for row, syllable in read]
        return found

    def cells(self, names: Sequence[str]) -> list[Cells]:
        """Look up all short substrings of folded Latin names.

        Returns:
            For each name the table's column of each substring and the factor that its emission takes, both ``(letters
            + 1, LONGEST + 1)``.
        """
        sizes = np.array([len(name) for name in names], np.int64)
        starts = np.concatenate([[0], np.cumsum((sizes + 1) * (LONGEST + 1))])
        flat = np.zeros(starts[-1], np.int64)
        for size in np.unique(sizes).tolist():  # names of one length together
            members = np.flatnonzero(sizes == size)
            numbers = spans([names[index] for index in members.tolist()]).reshape(len(members), -1)
            flat[starts[members][:, None] + np.arange(numbers.shape[1])] = numbers
        distinct, place = np.unique(flat, return_inverse=True)
        width = len(self.strings)
        column = np.minimum(np.searchsorted(self.strings, distinct), width - 1)
        factor = np.ones(len(distinct))
        unseen = np.flatnonzero((self.strings[column] != distinct) & (distinct >= 0))
        if len(unseen):
            skeletons = {name: width + index for index, name in enumerate(self.skeletons)}
            unknown = width + len(self.skeletons)
            column[unseen] = [skeletons.get(_heard(number), unknown) for number in distinct[unseen].tolist()]
            factor[unseen] = prior(distinct[unseen], self.letter_bigrams) * 26.0 ** lengths(distinct[unseen])
        column[distinct < 0] = self.table.shape[1] - 1
        columns = column.astype(np.int32)[place]
        factors = factor.astype(np.float32)[place]
        shape = (-1, LONGEST + 1)
        bounds = starts.tolist()
        return [Cells(columns[a:b].reshape(shape), factors[a:b].reshape(shape)) for a, b in pairwise(bounds)]

    def remembered_cells(self, names: Sequence[str]) -> list[Cells]:
        """Look up as :meth:`cells` does, each name once: the words of a list are compared again and again."""
        known = self._cells
        new = [name for name in dict.fromkeys(names) if name not in known]
        found = dict(zip(new, self.cells(new), strict=True)) if new else {}
        cells = [found[name] if name in found else known[name] for name in names]
        if len(known) + len(found) > _MOST_CELLS:
            known.clear()
        if len(found) <= _MOST_CELLS:
            known.update(found)
        return cells

    @cached_property
    def _cells(self) -> dict[str, Cells]:
        """Names whose substrings were looked up."""
        return {}

    def background(self, names: Sequence[str]) -> Floats:
        """Return the weighted log2 probability of folded Latin names by themselves, relative to uniform letters.

        Args:
            names: strings of a to z.

        Returns:
            float64 array ``(len(names),)``.
        """
        return self.background_of(Flat.of(self.cells(names)))

    def background_of(self, flat: Flat) -> Floats:
        """Return the background of names that are laid out already."""
        row = self.table[-2].astype(np.float64)
        step = row[flat.columns] * flat.factors * ((1 - STOP) / (1 - row[0]))
        total = np.zeros(flat.columns.shape[1])
        total[flat.starts] = 1.0
        for position in range(int(flat.sizes.max(initial=0))):
            here = flat.starts[flat.sizes > position] + position
            for size in range(1, LONGEST + 1):
                total[here + size] += total[here] * step[size, here]
        relative = np.log2(np.maximum(total[flat.ends] * STOP, SMALLEST))
        return np.asarray(BACKGROUND_WEIGHT * relative - (BACKGROUND_WEIGHT - 1.0) * np.log2(26.0) * flat.sizes)


@lru_cache(maxsize=65_536)
def _heard(number: int) -> str:
    """Return the skeleton of a letter string given by its number; the words of a list come again and again."""
    return skeleton(string(number))
