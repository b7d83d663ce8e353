"""How probable it is that a Latin name was written down from the sound of a Chinese one.

The joint source–channel model of Li, Zhang and Su (ACL 2004): each Chinese character emits a string of 0 to 6 letters, and a Latin name is the row
of what its characters emit. ``P(letters | character)`` is learned by ``entitymatch.romanize.training``; a character that is rare or
unknown there speaks with the voice of its syllable. A score is a log-odds in bits: the probability of the letters given the
characters, summed over all ways to cut them, against the probability of the letters by themselves (a row of such strings from no character
in particular). 0 bits says nothing either way, 10 bits a thousand to one.

The emissions are one dense table (character or syllable × letter string), built when first asked for. All names of a batch lie one after
another in one flat array of letter positions, so that a step of the forward algorithm is seven shifted products however many names there are.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import as_file
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from entitymatch.lexicon.tables import data_root
from entitymatch.romanize.letters import LONGEST, lengths, letters, spans
from entitymatch.romanize.pinyin import han, syllables

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LENGTH_PRIOR = np.array([0.05, 0.22, 0.36, 0.24, 0.09, 0.03, 0.01])
"""How many letters a character emits, before anything is learned."""
STOP = 0.22
"""Probability that the background ends a name after a string: names have four or five."""
_SMALLEST = 1e-300
_CHUNK = 60_000


def uniform_letters(sizes: Ints) -> Floats:
    """Probability of a letter string of each size if all letters were alike."""
    return np.asarray(LENGTH_PRIOR[sizes] * 26.0 ** -sizes.astype(np.float64))


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the back-off: what remains of the counts of each context after discounting, and the share left to the level below.

    ``rows``, ``columns`` and ``shares`` are the emissions seen; ``rest`` has one share per context.
    """

    rows: Ints
    columns: Ints
    shares: Floats
    rest: Floats

    def over(self, below: Floats) -> Floats:
        """Return the emissions of this level as a dense table, given those of the level below for each context."""
        table = below * self.rest[:, None]
        table[self.rows, self.columns] += self.shares
        return table


@dataclass(frozen=True)
class Alignment:
    """Which letters each character stands for: ``pairs`` of character and letters (possibly empty) in order."""

    pairs: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return " ".join(f"{character}→{string or '∅'}" for character, string in self.pairs)


@dataclass(frozen=True)
class SubstringScores:
    """Scores of pairs over the best substring of the Chinese side: ``score[i]`` in bits, of ``zh[i][start[i]:end[i]]`` (Han characters counted)."""

    score: Floats
    start: Ints
    end: Ints


@dataclass(frozen=True)
class Transliteration:
    """A learned transliteration model.

    Attributes:
        characters: the characters with emissions of their own.
        syllable_names: the syllables (toneless, ``v`` for ü).
        character_syllable: for each character the position of its syllable.
        strings: the letter strings with emissions of their own, as numbers, ascending; the first is the empty one.
        anything, by_syllable, by_character: the levels of the back-off, from the lowest.
    """

    characters: str
    syllable_names: tuple[str, ...]
    character_syllable: Ints
    strings: Ints
    anything: Level
    by_syllable: Level
    by_character: Level
    bigrams: Ints = field(default_factory=lambda: np.zeros((0, 3), np.int64))

    # -- tables -------------------------------------------------------------------------------------------------

    @cached_property
    def _sizes(self) -> Ints:
        """Letters of each column: the strings, then one column for all other strings of each length, then one for "no string"."""
        return np.concatenate([lengths(self.strings), np.arange(LONGEST + 1), [0]])

    @cached_property
    def emissions(self) -> tuple[Floats, Floats, Floats]:
        """``P(string | ·)`` for anything (1 row), for each syllable and for each character; columns as in ``strings``, then unseen ones by length."""
        uniform = uniform_letters(self._sizes)[None, :]
        uniform[:, -1] = 0.0
        anything = self.anything.over(uniform)
        syllable = self.by_syllable.over(np.repeat(anything, len(self.syllable_names), 0))
        return anything, syllable, self.by_character.over(syllable[self.character_syllable])

    @cached_property
    def _table(self) -> NDArray[np.float32]:
        """Emissions relative to uniform letters; rows: characters, syllables, anything, and the row of padding that emits nothing."""
        anything, syllable, character = self.emissions
        width = anything.shape[1]
        table = np.zeros((len(character) + len(syllable) + 2, width), np.float32)
        scale = 26.0**self._sizes
        table[: len(character)] = character * scale
        table[len(character) : -2] = syllable * scale
        table[-2] = anything[0] * scale
        table[-1, 0] = 1.0
        return table

    @cached_property
    def _character_rows(self) -> dict[str, int]:
        return {character: row for row, character in enumerate(self.characters)}

    @cached_property
    def _syllable_rows(self) -> dict[str, int]:
        return {syllable: len(self.characters) + row for row, syllable in enumerate(self.syllable_names)}

    def rows(self, text: str) -> list[int]:
        """Return the row of the table for each Han character of a text (its own, its syllable's, or that of anything)."""
        anything = len(self._table) - 2
        out = []
        for character, syllable in zip(han(text), syllables(text), strict=True):
            row = self._character_rows.get(character)
            out.append(self._syllable_rows.get(syllable, anything) if row is None else row)
        return out

    def columns(self, numbers: Ints) -> NDArray[np.int32]:
        """Return the column of each letter string given by its number (-1: no string)."""
        width = len(self.strings)
        found = np.minimum(np.searchsorted(self.strings, numbers), width - 1)
        unseen = np.where(numbers >= 0, width + lengths(numbers), width + LONGEST + 1)
        return np.where(self.strings[found] == numbers, found, unseen).astype(np.int32)

    # -- scores -------------------------------------------------------------------------------------------------

    def background(self, names: Sequence[str]) -> Floats:
        """Return the log2 probability of folded Latin names by themselves, relative to uniform letters.

        Args:
            names: strings of a to z.

        Returns:
            float64 array ``(len(names),)``.
        """
        flat = _Flat.of([self.columns(spans([name])[0]) for name in names])
        anything = self.emissions[0][0] * 26.0**self._sizes
        anything[self._sizes == 0] = 0.0
        step = anything[flat.columns] * ((1 - STOP) / (1 - self.emissions[0][0][0]))
        total = np.zeros(flat.columns.shape[1])
        total[flat.starts] = 1.0
        for position in range(int(flat.sizes.max(initial=0))):
            here = flat.starts[flat.sizes > position] + position
            for size in range(1, LONGEST + 1):
                total[here + size] += total[here] * step[size, here]
        return np.log2(np.maximum(total[flat.ends] * STOP, _SMALLEST))

    def score(self, zh: str, latin: str) -> float:
        """Return the log-odds in bits that ``latin`` was made from the sound of the whole of ``zh``.

        Args:
            zh: Chinese name or part of one; other than Han characters are skipped.
            latin: Latin name; accents are folded, other than letters are skipped.

        Returns:
            Bits; positive if the sound speaks for the pair. ``-inf`` if either has nothing to compare.

        Example:
            >>> model = Transliteration.load_default()
            >>> model.score("霍尼韦尔", "Honeywell") > 10 > 0 > model.score("霍尼韦尔", "Siemens")
            True
        """
        return float(self.score_pairs([zh], [latin])[0])

    def score_pairs(self, zh: Sequence[str], latin: Sequence[str]) -> Floats:
        """Score many pairs at once: ``out[i]`` is ``score(zh[i], latin[i])``.

        Args:
            zh: Chinese names.
            latin: Latin names, as many.

        Returns:
            float64 array ``(len(zh),)`` in bits; ``-inf`` where either side has nothing to compare.

        Raises:
            ValueError: if the two are not of equal length.

        Example:
            >>> Transliteration.load_default().score_pairs(["西门子", "西门子"], ["Siemens", "Nokia"]).round() > 0
            array([ True, False])
        """
        ready = _Prepared.of(self, zh, latin)
        return self._sum(ready, np.zeros(len(zh), np.int64), ready.zh_sizes[ready.zh_of])

    def score_substrings(self, zh: Sequence[str], latin: Sequence[str]) -> SubstringScores:
        """Score many pairs, each over the substring of the Chinese side that sounds most like the Latin name.

        The substring is that of the best single alignment; the score is then that of ``score`` for the substring.

        Args:
            zh: Chinese names, such as cores with further words.
            latin: Latin names or tokens, as many.

        Returns:
            Scores in bits and the substrings, counted in Han characters; -1 and -1 where either side has nothing to compare.

        Raises:
            ValueError: if the two are not of equal length.

        Example:
            >>> found = Transliteration.load_default().score_substrings(["上海霍尼韦尔环境技术"], ["Honeywell"])
            >>> int(found.start[0]), int(found.end[0])
            (2, 6)
        """
        ready = _Prepared.of(self, zh, latin)
        start, end = self._best_substrings(ready)
        return SubstringScores(self._sum(ready, start, end), start, end)

    def _sum(self, ready: _Prepared, start: Ints, end: Ints) -> Floats:
        """Sum over all alignments of each Latin name with characters ``start`` to ``end`` of the Chinese one."""
        out = np.full(len(ready.zh_of), -np.inf)
        for chunk in ready.chunks(end - start):
            flat = ready.flat(chunk)
            steps = end[chunk] - start[chunk]
            total = np.zeros(flat.columns.shape[1])
            total[flat.starts] = 1.0
            for step in range(int(steps.max(initial=0))):
                at = np.minimum(start[chunk] + step, ready.rows.shape[1] - 1)
                rows = np.where(step < steps, ready.rows[ready.zh_of[chunk], at], len(self._table) - 1)
                emission = self._gather(rows, flat)
                after = total * emission[0]
                for size in range(1, LONGEST + 1):
                    after[size:] += total[:-size] * emission[size, :-size]
                total = after
            out[chunk] = np.log2(np.maximum(total[flat.ends], _SMALLEST)) - ready.background[ready.latin_of[chunk]]
        return out

    def _best_substrings(self, ready: _Prepared) -> tuple[Ints, Ints]:
        """Find where the best single alignment of each pair starts and ends (Viterbi with a free start and a free end)."""
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
                rows = np.where(inside, ready.rows[ready.zh_of[chunk], step], len(self._table) - 1)
                emission = self._gather(rows, flat)
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
        return start, end

    def _gather(self, rows: Ints, flat: _Flat) -> NDArray[np.float32]:
        """Emissions of the row of each name at each of its positions: ``(LONGEST + 1, positions)``."""
        table = self._table
        offset = np.repeat(rows * table.shape[1], flat.sizes + 1)
        offset = np.concatenate([offset, np.zeros(flat.columns.shape[1] - len(offset), np.int64)])
        return np.take(table.ravel(), flat.columns + offset)

    def align(self, zh: str, latin: str) -> Alignment:
        """Return the best single alignment of the whole of ``zh`` with ``latin``.

        Example:
            >>> print(Transliteration.load_default().align("西门子", "Siemens"))
            西→si 门→men 子→s
        """
        name = letters(latin)
        columns = self.columns(spans([name])[0])
        best: dict[int, tuple[float, tuple[int, ...]]] = {0: (1.0, (0,))}
        for row in self.rows(zh):
            after: dict[int, tuple[float, tuple[int, ...]]] = {}
            for position, (probability, cuts) in best.items():
                for size in range(min(LONGEST, len(name) - position) + 1):
                    found = probability * float(self._table[row, columns[position, size]])
                    if found > after.get(position + size, (0.0, ()))[0]:
                        after[position + size] = (found, (*cuts, position + size))
            best = after
        cuts = best.get(len(name), (0.0, ()))[1]
        return Alignment(tuple((c, name[a:b]) for c, a, b in zip(han(zh), cuts, cuts[1:], strict=False)))

    # -- files --------------------------------------------------------------------------------------------------

    def save(self, path: str | Path) -> None:
        """Write the model as npz without pickle; equal models give equal bytes."""
        arrays: dict[str, NDArray[np.generic]] = {
            "characters": np.frombuffer(self.characters.encode("utf-32-le"), np.uint32),
            "syllables": np.frombuffer("|".join(self.syllable_names).encode("ascii"), np.uint8),
            "character_syllable": self.character_syllable.astype(np.uint16),
            "strings": self.strings.astype(np.uint32),
            "bigrams": self.bigrams.astype(np.uint16),
        }
        for name in ("anything", "by_syllable", "by_character"):
            level: Level = getattr(self, name)
            arrays[f"{name}.counts"] = np.bincount(level.rows, minlength=len(level.rest)).astype(np.uint16)
            arrays[f"{name}.columns"] = level.columns.astype(np.uint16)
            arrays[f"{name}.shares"] = level.shares.astype(np.float32)
            arrays[f"{name}.rest"] = level.rest.astype(np.float32)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name, array in arrays.items():
                info = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                with archive.open(info, "w") as member:
                    np.lib.format.write_array(member, array, version=(1, 0), allow_pickle=False)

    @classmethod
    def load(cls, path: str | Path) -> Transliteration:
        """Read a model written by ``save``.

        Raises:
            ValueError: if the file is not such a model.
        """
        with np.load(path, allow_pickle=False) as data:
            if "by_character.shares" not in data:
                raise ValueError(f"{path} is not a transliteration model: write one with `Transliteration.save`")
            levels = {}
            for name in ("anything", "by_syllable", "by_character"):
                counts = data[f"{name}.counts"].astype(np.int64)
                levels[name] = Level(
                    np.repeat(np.arange(len(counts)), counts),
                    data[f"{name}.columns"].astype(np.int64),
                    data[f"{name}.shares"].astype(np.float64),
                    data[f"{name}.rest"].astype(np.float64),
                )
            return cls(
                data["characters"].tobytes().decode("utf-32-le"),
                tuple(data["syllables"].tobytes().decode("ascii").split("|")),
                data["character_syllable"].astype(np.int64),
                data["strings"].astype(np.int64),
                levels["anything"],
                levels["by_syllable"],
                levels["by_character"],
                data["bigrams"].astype(np.int64),
            )

    @classmethod
    def load_default(cls) -> Transliteration:
        """Return the model that comes with the package (read once)."""
        return _default()


@lru_cache(maxsize=None)
def _default() -> Transliteration:
    with as_file(data_root() / "models" / "transliteration.npz") as path:
        return Transliteration.load(path)


@dataclass(frozen=True, slots=True)
class _Flat:
    """Latin names one after another: name ``i`` has the positions ``starts[i]`` to ``ends[i]``, one more than it has letters.

    ``columns[k, p]`` is the table's column of the ``k`` letters from position ``p``, or that of "no string" where the name ends before.
    A few unused positions follow the last name, so that shifts stay inside.
    """

    columns: NDArray[np.int32]
    starts: Ints
    ends: Ints
    sizes: Ints

    @classmethod
    def of(cls, names: Sequence[NDArray[np.int32]]) -> _Flat:
        """Lay out names given as arrays ``(letters + 1, LONGEST + 1)`` of columns."""
        sizes = np.array([len(name) - 1 for name in names], np.int64)
        ends = np.cumsum(sizes + 1) - 1
        none = np.full((LONGEST, LONGEST + 1), names[0][-1, -1] if len(names) else 0, np.int32)
        return cls(np.ascontiguousarray(np.concatenate([*names, none]).T), ends - sizes, ends, sizes)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Pairs over distinct names: ``zh_of`` and ``latin_of`` say which distinct names a pair has."""

    zh_of: Ints
    latin_of: Ints
    zh_sizes: Ints
    rows: Ints
    names: list[NDArray[np.int32]]
    name_sizes: Ints
    background: Floats

    @classmethod
    def of(cls, model: Transliteration, chinese: Sequence[str], latin: Sequence[str]) -> _Prepared:
        if len(chinese) != len(latin):
            raise ValueError(f"{len(chinese)} Chinese names but {len(latin)} Latin ones: pairs need as many of each")
        zh_of, zh = _distinct(chinese)
        latin_of, names = _distinct([letters(name) for name in latin])
        read = [model.rows(name) for name in zh]
        rows = np.zeros((len(read), max(map(len, read), default=0) + 1), np.int64)
        for index, found in enumerate(read):
            rows[index, : len(found)] = found
        columns = [model.columns(spans([name])[0]) for name in names]
        sizes = np.array([len(found) for found in read], np.int64)
        name_sizes = np.array([len(name) for name in names], np.int64)
        return cls(zh_of, latin_of, sizes, rows, columns, name_sizes, model.background(names))

    def chunks(self, steps: Ints) -> list[Ints]:
        """Pairs with something on both sides, those with equally many steps together, in pieces that fit the cache."""
        usable = np.flatnonzero((steps > 0) & (self.name_sizes[self.latin_of] > 0))
        usable = usable[np.argsort(steps[usable], kind="stable")]
        piece = np.cumsum(self.name_sizes[self.latin_of[usable]] + 1) // _CHUNK
        return np.split(usable, np.flatnonzero(np.diff(piece)) + 1) if len(usable) else []

    def flat(self, chunk: Ints) -> _Flat:
        return _Flat.of([self.names[index] for index in self.latin_of[chunk]])


def _distinct(texts: Sequence[str]) -> tuple[Ints, list[str]]:
    known: dict[str, int] = {}
    positions = np.array([known.setdefault(text, len(known)) for text in texts], np.int64)
    return positions, list(known)
