"""The blockers that the package ships.

=========  ============================================  =====================================================
name       on the reference side                         on the query side
=========  ============================================  =====================================================
``word``   its Latin words, and runs of them joined      log2(P(word | name) / P(word)) of each possible word
``from``   Latin words that its Han name may stand for   its Latin words
``han``    its Han characters and pairs of them          the same, by rarity
``alias``  known organisations in it                     the same
``gram``   letter trigrams of the name in Latin          the same of the romanised name, by rarity (cosine)
``sound``  sound keys of its words                       sound keys of the Han core (cosine)
=========  ============================================  =====================================================
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from itertools import pairwise
from typing import ClassVar

import numpy as np
import numpy.typing as npt
from scipy import sparse

from entitymatch.blocking.blocker import Blocker, KeyBlocker, QuerySide, rows_of, unit_length
from entitymatch.blocking.query_sides import ByBatch, TrigramQueries, WordQueries
from entitymatch.features import NameFeatures
from entitymatch.features.compounds import parts_of
from entitymatch.features.name import LEGAL, PLACE, TRADE, UNIT, runs
from entitymatch.lexicon.tables import data_root
from entitymatch.romanize import sound_keys_latin
from entitymatch.romanize.sound_keys import CODES, code_keys, key_codes, sound_codes_han

FILE = "models/blocking.json"
ALIAS_BITS = 14.0
PART_SHARE = 0.6  # what half of a compound is worth, against a word of its own
PARENT_SHARE = 0.6  # what the name of a part is worth for the whole
_MOST_FROM = 80
_JOIN = 4


@dataclass(frozen=True)
class Words(ByBatch):
    """Latin words: the reference's own against those that the query has or may stand for."""

    weight: float = 1.0
    name: ClassVar[str] = "word"

    def keys(self, reference: NameFeatures) -> dict[str, float]:
        """Return the words, runs of them written together, and the parts of compounds."""
        stems = [w.stem for w in reference.words]
        keys = dict.fromkeys(stems, 1.0)
        for run in joined_runs(stems):
            keys.setdefault(run, 1.0)
        for stem in stems:
            for part in parts_of(stem):
                keys.setdefault(part, PART_SHARE)
        return keys

    def reference_values(
        self, keys: Mapping[str, float], bits: Mapping[str, float], scale: float
    ) -> Mapping[str, float]:
        """Return the shares, scaled by the length of the name."""
        return {key: share * scale for key, share in keys.items()}

    def query_side(self, values: Sequence[str], bits: npt.NDArray[np.float64], size: int) -> QuerySide:
        """Return what says how much likelier each word is in this name than in any."""
        return WordQueries(_words_of, values, bits)


@dataclass(frozen=True)
class PossibleWords:
    """Latin words that a Han reference may stand for, against the query's own."""

    weight: float = 1.0
    name: ClassVar[str] = "from"

    def keys(self, reference: NameFeatures) -> dict[str, float]:
        """Return the likeliest words with their probabilities."""
        if not reference.han:
            return {}
        best = sorted(reference.origins.items(), key=lambda item: (-item[1][0], item[0]))[:_MOST_FROM]
        return {stem: origin[0] for stem, origin in best}

    def reference_values(
        self, keys: Mapping[str, float], bits: Mapping[str, float], scale: float
    ) -> Mapping[str, float]:
        """Return how much likelier each word is in this name than in any."""
        return {key: max(0.0, math.log2(1.0 + share * 2.0 ** bits[key])) * scale for key, share in keys.items()}

    def query_values(self, query: NameFeatures, bits: Mapping[str, float], size: int) -> Mapping[str, float]:
        """Return the words."""
        return dict.fromkeys((stem for stem in _words_of(query) if stem in bits), 1.0)


@dataclass(frozen=True)
class Characters:
    """Han characters and pairs of neighbours, without legal form and unit."""

    weight: float = 1.0
    name: ClassVar[str] = "han"

    def keys(self, reference: NameFeatures) -> dict[str, float]:
        """Return the characters, then the pairs."""
        if not reference.han:
            return {}
        parts = zip(reference.han, reference.parts, strict=True)
        kept = "".join(c for c, part in parts if part not in (LEGAL, UNIT))
        return dict.fromkeys([*kept, *(kept[i : i + 2] for i in range(len(kept) - 1))], 1.0)

    def reference_values(
        self, keys: Mapping[str, float], bits: Mapping[str, float], scale: float
    ) -> Mapping[str, float]:
        """Return 1 for each, scaled by the length of the name."""
        return {key: share * scale for key, share in keys.items()}

    def query_values(self, query: NameFeatures, bits: Mapping[str, float], size: int) -> Mapping[str, float]:
        """Return the bits of each; half for a single character."""
        if not bits:  # a list without Han characters
            return {}
        return {
            key: known * (0.5 if len(key) == 1 else 1.0)
            for key in self.keys(query)
            if (known := bits.get(key)) is not None
        }


@dataclass(frozen=True)
class Aliases:
    """Known organisations; the name of a part counts for the whole, too, but less."""

    weight: float = 1.0
    name: ClassVar[str] = "alias"

    def keys(self, reference: NameFeatures) -> dict[str, float]:
        """Return the organisations; one whose name is an ordinary word counts half."""
        return {alias.key: 0.5 if alias.common else 1.0 for alias in reference.aliases}

    def reference_values(
        self, keys: Mapping[str, float], bits: Mapping[str, float], scale: float
    ) -> Mapping[str, float]:
        """Return the shares, scaled by the length of the name."""
        return {key: share * scale for key, share in keys.items()}

    def query_values(self, query: NameFeatures, bits: Mapping[str, float], size: int) -> Mapping[str, float]:
        """Return the same bits for each, whatever its rarity: two strings share a name by knowledge, not by chance."""
        out: dict[str, float] = {}
        for alias in query.aliases:
            if alias.key in bits:
                out[alias.key] = ALIAS_BITS * (0.5 if alias.common else 1.0)
            for parent in alias.parents:
                if parent in bits:
                    out[parent] = max(out.get(parent, 0.0), PARENT_SHARE * ALIAS_BITS)
        return out


@dataclass(frozen=True)
class Trigrams(ByBatch):
    """Letter trigrams of the name in Latin letters: its own, or its pinyin."""

    weight: float = 1.0
    name: ClassVar[str] = "gram"

    def keys(self, reference: NameFeatures) -> dict[str, float]:
        """Return the trigrams."""
        return trigrams(letters_of(reference))

    def reference_values(
        self, keys: Mapping[str, float], bits: Mapping[str, float], scale: float
    ) -> Mapping[str, float]:
        """Return the bits at length 1, then scaled by the length of the name."""
        values = unit_length({key: share * bits[key] for key, share in keys.items()})
        return {key: value * scale for key, value in values.items()}

    def query_side(self, values: Sequence[str], bits: npt.NDArray[np.float64], size: int) -> QuerySide:
        """Return what gives the bits at length 1; trigrams that no reference has count in the length."""
        return TrigramQueries(_trigrams_of, values, bits)


@dataclass(frozen=True)
class Sounds(KeyBlocker):
    """Learned sound keys: of the words of a Latin name, of the core of a Han name; a long name sounds no less alike."""

    weight: float = 1.0
    name: ClassVar[str] = "sound"

    def keys(self, reference: NameFeatures) -> Mapping[str, float]:
        """Return the keys with their probabilities."""
        return sound_keys(reference)

    def keys_of(self, references: Sequence[NameFeatures]) -> Sequence[Mapping[str, float]]:
        """Return the keys of each reference."""
        return sound_keys_of(references)

    def query_side(self, values: Sequence[str], bits: npt.NDArray[np.float64], size: int) -> QuerySide:
        """Return what makes the queries' side."""
        return SoundQueries(self, values, bits, size)


def default_blockers() -> tuple[Blocker, ...]:
    """Return the blockers that the package ships, with their weights.

    Example:
        >>> [blocker.name for blocker in default_blockers()]
        ['word', 'from', 'han', 'alias', 'gram', 'sound']
    """
    kinds = (Words, PossibleWords, Characters, Aliases, Trigrams, Sounds)
    weights = blocking_weights()
    return tuple(kind(weight=weights[kind.name]) for kind in kinds)


@cache
def blocking_weights() -> dict[str, float]:
    """Return the fitted weight of each blocker (:mod:`.fitting`)."""
    weights = json.loads(data_root().joinpath(*FILE.split("/")).read_text(encoding="utf-8"))["weights"]
    return {name: float(weight) for name, weight in weights.items()}


def joined_runs(stems: Sequence[str]) -> Iterator[str]:
    """Yield the runs of two to four adjacent words, written together (``shen zhen`` → ``shenzhen``)."""
    for start in range(len(stems)):
        for size in range(2, min(_JOIN, len(stems) - start) + 1):
            yield "".join(stems[start : start + size])


def _words_of(features: NameFeatures) -> Collection[str]:
    """Return the Latin words of a name, and runs of them written together."""
    stems = [w.stem for w in features.words]
    return dict.fromkeys((*stems, *joined_runs(stems))) if stems else ()


def letters_of(features: NameFeatures) -> str:
    """Return the name in Latin letters: its own, or its pinyin, without legal form and unit."""
    if features.han:
        return "".join(
            [s for s, part in zip(features.syllables, features.parts, strict=True) if part not in (LEGAL, UNIT)]
        )
    return "".join(w.stem for w in features.words if w.part not in (LEGAL, UNIT)) or "".join(
        w.stem for w in features.words
    )


def sound_keys(features: NameFeatures) -> dict[str, float]:
    """Return the weighted sound keys of a name: of each run of core characters, or of each Latin word of a name."""
    return sound_keys_of([features])[0]


def sound_keys_of(names: Sequence[NameFeatures]) -> list[dict[str, float]]:
    """Return the weighted sound keys of each name."""
    found = [_latin_sound_keys(name) for name in names]
    codes = sound_codes(names)
    keys = code_keys(codes.indices)
    for row, (start, end) in enumerate(pairwise(codes.indptr.tolist())):
        found[row].update(zip(keys[start:end], codes.data[start:end].tolist(), strict=True))
    return found


def _latin_sound_keys(features: NameFeatures) -> dict[str, float]:
    """Return the sound keys of the Latin words of a name without Han characters."""
    if features.han:
        return {}
    latin = [sound_keys_latin(w.stem) for w in features.words if w.part not in (LEGAL, TRADE, PLACE, UNIT)]
    return dict(key for keys in latin for key in keys)


def sound_codes(names: Sequence[NameFeatures]) -> sparse.csr_matrix:
    """Return the sound keys of the Han names among these as (names × codes); of several runs, the heaviest counts."""
    texts = {"": 0}
    layers: list[list[int]] = [[0] * len(names)]  # of each name its first text, its second …
    for position, name in enumerate(names):
        if name.han:
            # A name of known words alone (上海农商银行): all of it but the legal form and the unit.
            stretches = runs(name.characters(LEGAL, TRADE, PLACE, UNIT)) or runs(name.characters(LEGAL, UNIT))
            for number, (start, end) in enumerate(stretches or [(0, len(name.han))]):
                if number == len(layers):
                    layers.append([0] * len(names))
                layers[number][position] = texts.setdefault(name.han[start:end], len(texts))
    codes = sound_codes_han(list(texts))
    return reduce(sparse.csr_matrix.maximum, [codes[layer] for layer in layers])


class SoundQueries:
    """Makes the queries' side of :class:`Sounds`: what :class:`.KeyBlocker` gives for each.

    Args:
        blocker: reads names without Han characters, one by one.
        values: the keys that the references have.
        bits: (values,) the bits of each.
        size: how many references there are.
    """

    def __init__(self, blocker: Sounds, values: Sequence[str], bits: npt.NDArray[np.float64], size: int) -> None:
        self.blocker, self.size = blocker, size
        codes = key_codes(values)
        self._known = dict(zip(values, bits.tolist(), strict=True))
        self._position = {key: position for position, key in enumerate(values)}
        self._columns = np.full(CODES, -1, dtype=np.int32)
        self._columns[codes] = np.arange(len(codes))
        self._bits = np.full(CODES, math.log2(size + 1.0))
        self._bits[codes] = bits

    def __call__(self, queries: Sequence[NameFeatures]) -> sparse.csr_matrix:
        """Return queries × values."""
        found = sound_codes(queries)
        row = np.repeat(np.arange(len(queries)), np.diff(found.indptr))
        values = found.data * self._bits[found.indices]
        norm = np.sqrt(np.bincount(row, values * values, minlength=len(queries)))
        norm[norm == 0.0] = 1.0
        columns = self._columns[found.indices]
        known = columns >= 0
        row, columns, values = row[known], columns[known], values[known] / norm[row[known]]
        latin = [number for number, query in enumerate(queries) if query.words and not query.han]
        if latin:
            given = [self.blocker.query_values(queries[number], self._known, self.size) for number in latin]
            row = np.concatenate([row, np.repeat(latin, list(map(len, given)))])
            columns = np.concatenate([columns, np.array([self._position[k] for v in given for k in v], np.int32)])
            values = np.concatenate([values, np.array([value for v in given for value in v.values()], np.float64)])
        return rows_of(row, columns, values, (len(queries), len(self._known)))


def _trigrams_of(features: NameFeatures) -> Collection[str]:
    return trigrams(letters_of(features))


def trigrams(letters: str) -> dict[str, float]:
    """Return the letter trigrams of a string, with its ends marked, each with the share 1."""
    marked = f"^{letters}$"
    return dict.fromkeys([marked[i : i + 3] for i in range(len(marked) - 2)], 1.0)
