"""How probable it is that a Latin name was written down from the sound of a Chinese one.

The joint source–channel model of Li, Zhang and Su (ACL 2004): each Chinese character emits a string of 0 to 6 letters,
and a Latin name is the row of what its characters emit. ``P(letters | character)`` is learned by
``entitymatch.romanize.training``; a character that is rare or unknown there speaks with the voice of its syllable. A
score is a log-odds in bits: the probability of the letters given the characters, summed over all ways to cut them,
against the probability of the letters by themselves (a row of such strings from no character in particular). 0 bits
says nothing either way, 10 bits a thousand to one. ``docs/transliteration.md`` has the mathematics.

The emissions are one dense table (character or syllable × letter string), built when first asked for. All names of a
batch lie one after another in one flat array of letter positions, so that a step of the forward algorithm is seven
shifted products however many names there are.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import as_file
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from entitymatch.lexicon.tables import data_root
from entitymatch.romanize.letters import BASE, LONGEST, lengths, letters, skeleton, spans, string
from entitymatch.romanize.pinyin import han, syllables

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LENGTH_PRIOR = np.array([0.05, 0.22, 0.36, 0.24, 0.09, 0.03, 0.01])
"""How many letters a character emits, before anything is learned."""
STOP = 0.22
"""Probability that the background ends a name after a string: names have four or five."""
BACKGROUND_WEIGHT = 1.25
"""How much the background counts, set on held-back names: its independent strings make rare names too likely."""
BIGRAM_STRENGTH = 10.0
"""How many occurrences the share of a syllable counts for after each other."""
_SMALLEST = 1e-300
_ALL_ABOVE_BEST = 6.0
"""Bits by which all alignments together exceed the best one at most; 5 in a million pairs of a register."""
_CHUNK = 60_000


def prior(numbers: Ints, bigrams: Floats) -> Floats:
    """Probability of letter strings (given by number) from their length and letter bigrams, 0 being the start."""
    sizes = lengths(numbers)
    out = LENGTH_PRIOR[sizes].copy()
    before = np.zeros(numbers.shape, np.int64)
    for place in range(LONGEST - 1, -1, -1):
        digit = np.maximum(numbers, 0) // BASE**place % BASE
        out *= np.where(digit > 0, bigrams[before, digit], 1.0)
        before = np.where(digit > 0, digit, before)
    return np.asarray(out)


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the back-off: discounted counts of each context, and the share left to the level below.

    ``rows`` (contexts), ``columns`` and ``shares`` are the emissions seen; ``rest`` has one share per context.
    """

    rows: Ints
    columns: Ints
    shares: Floats
    rest: Floats

    def sorted(self) -> Level:
        """Return the level with its emissions in order of context, as files hold them."""
        order = np.lexsort((self.columns, self.rows))
        return Level(self.rows[order], self.columns[order], self.shares[order], self.rest)

    def dense(self, width: int) -> Floats:
        """Return the shares as a table ``(contexts, width)``."""
        table = np.zeros((len(self.rest), width))
        table[self.rows, self.columns] = self.shares
        return table


LEVELS = ("anything", "skeleton_of", "by_skeleton", "by_syllable", "by_character")


@dataclass(frozen=True)
class Alignment:
    """Which letters each character stands for: ``pairs`` of character and letters (possibly empty) in order."""

    pairs: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return " ".join(f"{character}→{string or '∅'}" for character, string in self.pairs)


@dataclass(frozen=True)
class SubstringScores:
    """Scores of pairs in bits, each over the Han characters ``start[i]:end[i]`` of the Chinese side."""

    score: Floats
    start: Ints
    end: Ints


@dataclass(frozen=True)
class Transliteration:
    """A learned transliteration model.

    The levels of the back-off, in this order: a character's own emissions; those of its syllable; the skeletons (what
    is heard of a letter string) that the syllable emits, and the strings of each skeleton; any letters.

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
    syllable_bigrams: Ints

    # -- tables -------------------------------------------------------------------------------------------------

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

    @cached_property
    def character_emissions(self) -> Floats:
        """``P(string | character)`` for each character and each of ``strings``."""
        level = self.by_character
        below = self.syllable_emissions[self.character_syllable]
        return np.asarray(level.dense(len(self.strings)) + level.rest[:, None] * below)

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
    def _table(self) -> NDArray[np.float32]:
        """Emissions relative to uniform letters: rows of characters, syllables, an unknown syllable, and padding.

        Columns: the known strings; other strings of each skeleton, of an unknown skeleton (both relative to their
        prior); no string.
        """
        known, unseen = self._emissions
        open_share = self.by_character.rest[:, None] * unseen[self.character_syllable]
        table = np.zeros((len(self.characters) + len(known) + 2, known.shape[1] + unseen.shape[1] + 1), np.float32)
        scale = 26.0 ** lengths(self.strings)
        characters = len(self.characters)
        table[:characters, : known.shape[1]] = self.character_emissions * scale
        table[characters:-2, : known.shape[1]] = known * scale
        table[-2, : known.shape[1]] = self._any_string * scale
        table[:characters, known.shape[1] : -1] = open_share
        table[characters:-2, known.shape[1] : -1] = unseen
        table[-2, known.shape[1] : -1] = self.anything.rest[0]
        table[-1, 0] = 1.0
        return table

    @property
    def syllable_table(self) -> NDArray[np.float32]:
        """Emissions of each syllable relative to uniform letters, with the columns that ``cells`` gives."""
        return self._table[len(self.characters) : -2]

    def emission(self, row: int) -> Floats:
        """``P(string | ·)`` for each of ``strings``, of a character or syllable given by its row."""
        characters = len(self.characters)
        own = self.character_emissions[row] if row < characters else self.syllable_emissions[row - characters]
        return np.asarray(own)

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
        characters = han(text)
        found = [own.get(character, -1) for character in characters]
        if -1 in found:  # a character without emissions of its own: only now its reading counts
            anything = len(self._table) - 2
            read = syllables(text)
            found = [self._syllable_rows.get(read[i], anything) if row < 0 else row for i, row in enumerate(found)]
        return found

    def cells(self, names: Sequence[str]) -> list[_Cells]:
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
            column[unseen] = [skeletons.get(skeleton(string(int(number))), unknown) for number in distinct[unseen]]
            factor[unseen] = prior(distinct[unseen], self.letter_bigrams) * 26.0 ** lengths(distinct[unseen])
        column[distinct < 0] = self._table.shape[1] - 1
        columns = column.astype(np.int32)[place]
        factors = factor.astype(np.float32)[place]
        shape = (-1, LONGEST + 1)
        bounds = starts.tolist()
        return [_Cells(columns[a:b].reshape(shape), factors[a:b].reshape(shape)) for a, b in pairwise(bounds)]

    # -- scores -------------------------------------------------------------------------------------------------

    def background(self, names: Sequence[str]) -> Floats:
        """Return the weighted log2 probability of folded Latin names by themselves, relative to uniform letters.

        Args:
            names: strings of a to z.

        Returns:
            float64 array ``(len(names),)``.
        """
        return self._background(_Flat.of(self.cells(names)))

    def _background(self, flat: _Flat) -> Floats:
        row = self._table[-2].astype(np.float64)
        step = row[flat.columns] * flat.factors * ((1 - STOP) / (1 - row[0]))
        total = np.zeros(flat.columns.shape[1])
        total[flat.starts] = 1.0
        for position in range(int(flat.sizes.max(initial=0))):
            here = flat.starts[flat.sizes > position] + position
            for size in range(1, LONGEST + 1):
                total[here + size] += total[here] * step[size, here]
        relative = np.log2(np.maximum(total[flat.ends] * STOP, _SMALLEST))
        return np.asarray(BACKGROUND_WEIGHT * relative - (BACKGROUND_WEIGHT - 1.0) * np.log2(26.0) * flat.sizes)

    def score(self, zh: str, latin: str) -> float:
        """Return the log-odds in bits that ``latin`` was made from the sound of the whole of ``zh``.

        Args:
            zh: Chinese name or part of one; other than Han characters are skipped.
            latin: Latin name; accents are folded, other than letters are skipped.

        Returns:
            Bits; positive if the sound speaks for the pair. ``-inf`` if either has nothing to compare, or there are
            more than six letters per character.

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
            float64 array ``(len(zh),)`` in bits; ``-inf`` as for ``score``.

        Raises:
            ValueError: if the two are not of equal length.

        Example:
            >>> Transliteration.load_default().score_pairs(["西门子", "西门子"], ["Siemens", "Nokia"]).round() > 0
            array([ True, False])
        """
        ready = _Prepared.of(self, zh, latin)
        return self._sum(ready, np.zeros(len(zh), np.int64), ready.zh_sizes[ready.zh_of])

    def score_substrings(self, zh: Sequence[str], latin: Sequence[str], at_least: float = -np.inf) -> SubstringScores:
        """Score many pairs, each over the substring of the Chinese side that sounds most like the Latin name.

        The substring is that of the best single alignment; the score is then that of ``score`` for the substring.

        Args:
            zh: Chinese names, such as cores with further words.
            latin: Latin names or tokens, as many.
            at_least: bits of interest; a pair whose best single alignment stays so far below that all together do not
                reach it keeps the score of that one.

        Returns:
            Scores in bits and the substrings, counted in Han characters; -1 and -1 where either side has nothing to
            compare.

        Raises:
            ValueError: if the two are not of equal length.

        Example:
            >>> found = Transliteration.load_default().score_substrings(["上海霍尼韦尔环境技术"], ["Honeywell"])
            >>> int(found.start[0]), int(found.end[0])
            (2, 6)
        """
        ready = _Prepared.of(self, zh, latin)
        start, end, best = self._best_substrings(ready)
        open_ = best >= at_least - _ALL_ABOVE_BEST
        summed = self._sum(ready, np.where(open_, start, 0), np.where(open_, end, 0))
        return SubstringScores(np.where(open_, summed, best), start, end)

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
            reached = total[flat.ends]
            bits = np.log2(np.maximum(reached, _SMALLEST)) - ready.background[ready.latin_of[chunk]]
            out[chunk] = np.where(reached > 0, bits, -np.inf)
        return out

    def _best_substrings(self, ready: _Prepared) -> tuple[Ints, Ints, Floats]:
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
            relative = np.log2(np.maximum(top, _SMALLEST)) - ready.background[ready.latin_of[chunk]]
            bits[chunk] = np.where(top > 0, relative, -np.inf)
        return start, end, bits

    def _gather(self, rows: Ints, flat: _Flat) -> NDArray[np.float32]:
        """Emissions of the row of each name at each of its positions: ``(LONGEST + 1, positions)``."""
        table = self._table
        offset = np.repeat(rows * table.shape[1], flat.sizes + 1)
        offset = np.concatenate([offset, np.zeros(flat.columns.shape[1] - len(offset), np.int64)])
        return np.asarray(np.take(table.ravel(), flat.columns + offset) * flat.factors)

    def spell(self, latin: str, n: int = 5) -> list[tuple[str, float]]:
        """Return the likeliest Chinese syllables of a Latin name: see ``entitymatch.romanize.spelling.spell``."""
        from entitymatch.romanize.spelling import spell

        return spell(latin, n, self)

    def spell_latin(self, zh: str, n: int = 5) -> list[tuple[str, float]]:
        """Return the likeliest Latin spellings of a Chinese name: see ``entitymatch.romanize.spelling.spell_latin``."""
        from entitymatch.romanize.spelling import spell_latin

        return spell_latin(zh, n, self)

    def align(self, zh: str, latin: str) -> Alignment:
        """Return the best single alignment of the whole of ``zh`` with ``latin``.

        Example:
            >>> print(Transliteration.load_default().align("西门子", "Siemens"))
            西→sie 门→men 子→s
        """
        name = letters(latin)
        cells = self.cells([name])[0]
        best: dict[int, tuple[float, tuple[int, ...]]] = {0: (1.0, (0,))}
        for row in self.rows(zh):
            after: dict[int, tuple[float, tuple[int, ...]]] = {}
            for position, (probability, cuts) in best.items():
                for size in range(min(LONGEST, len(name) - position) + 1):
                    found = probability * float(
                        self._table[row, cells.columns[position, size]] * cells.factors[position, size]
                    )
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
            "skeletons": np.frombuffer("|".join(self.skeletons).encode("ascii"), np.uint8),
            "character_syllable": self.character_syllable.astype(np.uint16),
            "strings": self.strings.astype(np.uint32),
            "letter_bigrams": self.letter_bigrams.astype(np.float32),
            "syllable_bigrams": self.syllable_bigrams.astype(np.uint16),
        }
        for name in LEVELS:
            level: Level = getattr(self, name).sorted()
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
            for name in LEVELS:
                counts = data[f"{name}.counts"].astype(np.int64)
                levels[name] = Level(
                    np.repeat(np.arange(len(counts)), counts),
                    data[f"{name}.columns"].astype(np.int64),
                    data[f"{name}.shares"].astype(np.float64),
                    data[f"{name}.rest"].astype(np.float64),
                )
            return cls(
                characters=data["characters"].tobytes().decode("utf-32-le"),
                syllable_names=tuple(data["syllables"].tobytes().decode("ascii").split("|")),
                skeletons=tuple(data["skeletons"].tobytes().decode("ascii").split("|")),
                character_syllable=data["character_syllable"].astype(np.int64),
                strings=data["strings"].astype(np.int64),
                letter_bigrams=data["letter_bigrams"].astype(np.float64),
                syllable_bigrams=data["syllable_bigrams"].astype(np.int64),
                **levels,
            )

    @classmethod
    def load_default(cls) -> Transliteration:
        """Return the model that comes with the package (read once)."""
        return _default()


@cache
def _default() -> Transliteration:
    with as_file(data_root() / "models" / "transliteration.npz") as path:
        return Transliteration.load(path)


@dataclass(frozen=True, slots=True)
class _Cells:
    """The substrings of one Latin name: columns of the table and factors, ``(letters + 1, LONGEST + 1)``."""

    columns: NDArray[np.int32]
    factors: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Flat:
    """Latin names one after another: name ``i`` has the positions ``starts[i]`` to ``ends[i]``.

    There is one position more than letters. ``columns[k, p]`` and ``factors[k, p]`` are those of the ``k`` letters
    from position ``p``; "no string" where the name ends before. A few unused positions follow the last name, so that
    shifts stay inside.
    """

    columns: NDArray[np.int32]
    factors: NDArray[np.float32]
    starts: Ints
    ends: Ints
    sizes: Ints

    @classmethod
    def of(cls, names: Sequence[_Cells]) -> _Flat:
        """Lay out names one after another."""
        sizes = np.array([len(name.columns) - 1 for name in names], np.int64)
        ends = np.cumsum(sizes + 1) - 1
        none = np.full((LONGEST, LONGEST + 1), names[0].columns[-1, -1] if len(names) else 0, np.int32)
        columns = np.concatenate([*(name.columns for name in names), none])
        factors = np.concatenate([*(name.factors for name in names), np.zeros(none.shape, np.float32)])
        return cls(np.ascontiguousarray(columns.T), np.ascontiguousarray(factors.T), ends - sizes, ends, sizes)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Pairs over distinct names: ``zh_of`` and ``latin_of`` say which distinct names a pair has."""

    zh_of: Ints
    latin_of: Ints
    zh_sizes: Ints
    rows: Ints
    names: _Flat
    name_sizes: Ints
    background: Floats

    @classmethod
    def of(cls, model: Transliteration, chinese: Sequence[str], latin: Sequence[str]) -> _Prepared:
        if len(chinese) != len(latin):
            raise ValueError(f"{len(chinese)} Chinese names but {len(latin)} Latin ones: pairs need as many of each")
        zh_of, zh = _distinct(chinese)
        folded = {name: letters(name) for name in dict.fromkeys(latin)}
        latin_of, names = _distinct([folded[name] for name in latin])
        read = [model.rows(name) for name in zh]
        rows = np.zeros((len(read), max(map(len, read), default=0) + 1), np.int64)
        for index, found in enumerate(read):
            rows[index, : len(found)] = found
        sizes = np.array([len(found) for found in read], np.int64)
        name_sizes = np.array([len(name) for name in names], np.int64)
        flat = _Flat.of(model.cells(names))
        return cls(zh_of, latin_of, sizes, rows, flat, name_sizes, model._background(flat))

    def chunks(self, steps: Ints) -> list[Ints]:
        """Pairs with something on both sides, those with equally many steps together, in pieces that fit the cache."""
        usable = np.flatnonzero((steps > 0) & (self.name_sizes[self.latin_of] > 0))
        usable = usable[np.argsort(steps[usable], kind="stable")]
        piece = np.cumsum(self.name_sizes[self.latin_of[usable]] + 1) // _CHUNK
        return np.split(usable, np.flatnonzero(np.diff(piece)) + 1) if len(usable) else []

    def flat(self, chunk: Ints) -> _Flat:
        """Lay out the Latin names of the pairs one after another."""
        latin = self.latin_of[chunk]
        sizes = self.name_sizes[latin]
        ends = np.cumsum(sizes + 1) - 1
        starts = ends - sizes
        positions = np.arange(ends[-1] + 1) + np.repeat(self.names.starts[latin] - starts, sizes + 1)
        unused = np.arange(-LONGEST, 0)
        source = np.concatenate([positions, unused])
        return _Flat(self.names.columns[:, source], self.names.factors[:, source], starts, ends, sizes)


def _distinct(texts: Sequence[str]) -> tuple[Ints, list[str]]:
    known: dict[str, int] = {}
    positions = np.array([known.setdefault(text, len(known)) for text in texts], np.int64)
    return positions, list(known)
