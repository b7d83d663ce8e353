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
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from entitymatch.blocking.blocker import Blocker, KeyBlocker, unit_length
from entitymatch.features import NameFeatures
from entitymatch.features.compounds import parts_of
from entitymatch.features.name import LEGAL, PLACE, TRADE, UNIT, runs
from entitymatch.lexicon.tables import data_root
from entitymatch.romanize import sound_keys_han, sound_keys_latin

FILE = "models/blocking.json"
ALIAS_BITS = 14.0
PART_SHARE = 0.6  # what half of a compound is worth, against a word of its own
PARENT_SHARE = 0.6  # what the name of a part is worth for the whole
_MOST_FROM = 80
_JOIN = 4
_UNSEEN_GRAM = 100.0  # the square of the bits of a trigram that no reference has


@dataclass(frozen=True)
class Words:
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

    def query_values(self, query: NameFeatures, bits: Mapping[str, float], size: int) -> Mapping[str, float]:
        """Return how much likelier each word is in this name than in any."""
        out: dict[str, float] = {}
        log2 = math.log2
        for stem, origin in query.origins.items():
            if (known := bits.get(stem)) is not None:
                gain = log2(0.2 + origin.probability * 2.0**known)
                if gain > 0.0:
                    out[stem] = gain
        stems = [w.stem for w in query.words]
        for stem in (*stems, *joined_runs(stems)):
            if (known := bits.get(stem)) is not None:
                out[stem] = known
        return out


@dataclass(frozen=True)
class PossibleWords:
    """Latin words that a Han reference may stand for, against the query's own."""

    weight: float = 1.0
    name: ClassVar[str] = "from"

    def keys(self, reference: NameFeatures) -> dict[str, float]:
        """Return the likeliest words with their probabilities."""
        if not reference.han:
            return {}
        best = sorted(reference.origins.items(), key=lambda item: (-item[1].probability, item[0]))[:_MOST_FROM]
        return {stem: origin.probability for stem, origin in best}

    def reference_values(
        self, keys: Mapping[str, float], bits: Mapping[str, float], scale: float
    ) -> Mapping[str, float]:
        """Return how much likelier each word is in this name than in any."""
        return {key: max(0.0, math.log2(1.0 + share * 2.0 ** bits[key])) * scale for key, share in keys.items()}

    def query_values(self, query: NameFeatures, bits: Mapping[str, float], size: int) -> Mapping[str, float]:
        """Return the words."""
        stems = [w.stem for w in query.words]
        return dict.fromkeys((stem for stem in (*stems, *joined_runs(stems)) if stem in bits), 1.0)


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
class Trigrams:
    """Letter trigrams of the name in Latin letters: its own, or its pinyin."""

    weight: float = 1.0
    name: ClassVar[str] = "gram"

    def keys(self, reference: NameFeatures) -> dict[str, float]:
        """Return the trigrams."""
        return dict.fromkeys(trigrams(letters_of(reference)), 1.0)

    def reference_values(
        self, keys: Mapping[str, float], bits: Mapping[str, float], scale: float
    ) -> Mapping[str, float]:
        """Return the bits at length 1, then scaled by the length of the name."""
        values = unit_length({key: share * bits[key] for key, share in keys.items()})
        return {key: value * scale for key, value in values.items()}

    def query_values(self, query: NameFeatures, bits: Mapping[str, float], size: int) -> Mapping[str, float]:
        """Return the bits at length 1; trigrams that no reference has count in the length."""
        found = trigrams(letters_of(query))
        kept = {gram: bits[gram] for gram in found if gram in bits}
        square = sum(value**2 for value in kept.values()) + _UNSEEN_GRAM * (len(found) - len(kept))
        norm = math.sqrt(square) or 1.0
        return {gram: value / norm for gram, value in kept.items()}


@dataclass(frozen=True)
class Sounds(KeyBlocker):
    """Learned sound keys: of the words of a Latin name, of the core of a Han name; a long name sounds no less alike."""

    weight: float = 1.0
    name: ClassVar[str] = "sound"

    def keys(self, reference: NameFeatures) -> dict[str, float]:
        """Return the keys with their probabilities."""
        return sound_keys(reference)


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


def letters_of(features: NameFeatures) -> str:
    """Return the name in Latin letters: its own, or its pinyin, without legal form and unit."""
    if features.han:
        return "".join(
            s for s, part in zip(features.syllables, features.parts, strict=True) if part not in (LEGAL, UNIT)
        )
    return "".join(w.stem for w in features.words if w.part not in (LEGAL, UNIT)) or "".join(
        w.stem for w in features.words
    )


def sound_keys(features: NameFeatures) -> dict[str, float]:
    """Return the weighted sound keys of a name: of each run of core characters, or of each Latin word of a name."""
    if not features.han:
        latin = [sound_keys_latin(w.stem) for w in features.words if w.part not in (LEGAL, TRADE, PLACE, UNIT)]
        return dict(key for keys in latin for key in keys)
    # A name of known words alone (上海农商银行): all of it but the legal form and the unit.
    stretches = runs(features.characters(LEGAL, TRADE, PLACE, UNIT)) or runs(features.characters(LEGAL, UNIT))
    found: dict[str, float] = {}
    for start, end in stretches or [(0, len(features.han))]:
        keys = sound_keys_han(features.han[start:end])
        if not found:
            found = dict(keys)
            continue
        for key, weight in keys:
            found[key] = max(weight, found.get(key, 0.0))
    return found


def trigrams(letters: str) -> Counter[str]:
    """Count the letter trigrams of a string, with its ends marked."""
    marked = f"^{letters}$"
    return Counter(marked[i : i + 3] for i in range(len(marked) - 2))
