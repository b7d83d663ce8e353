"""What other linkage tools can block and compare on: plain keys of a name that are alike in both scripts.

A tool that knows nothing of Chinese can compare these: the letters of the core (华为技术有限公司 and Huawei are both
``huawei``), the words that it may stand for, the known organisations in it, its places.

    KeyReader()(name)   -> NameKeys, each name read once
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from entitymatch.blocking.blockers import letters_of, sound_keys
from entitymatch.features import FeatureExtractor, NameFeatures
from entitymatch.features.extract import place_stems
from entitymatch.features.name import CORE, LEGAL, PLACE, UNIT, Origin, place_until
from entitymatch.features.translations import Translator
from entitymatch.lexicon import Lexicon
from entitymatch.lexicon.organizations import LIGHT_WORDS

LEAST_PROBABILITY = 0.1  # of a word that Han characters may stand for, to be a concept of the name
LEAST_RUN = 2  # characters of a reading or a translation: one alone says little
MOST_SOUNDS = 6


@dataclass(frozen=True, slots=True)
class NameKeys:
    """Keys of one name; each is empty where the name has nothing of the kind.

    Attributes:
        letters: the name in Latin letters (pinyin for Han) without legal form and unit, run together.
        core: the letters of its core (字号), run together; ``letters`` where it has none.
        han: the Han characters of its core; empty for a Latin name.
        concepts: stems of the words it consists of, or may be translated to, sorted.
        readings: Latin words that two or more characters of its core may be spelled as, or its own words, sorted.
        aliases: keys of the known organisations in it and of the groups they belong to, sorted.
        places: stems of its places in English, sorted.
        sounds: its strongest sound keys, sorted.
    """

    letters: str
    core: str
    han: str
    concepts: tuple[str, ...]
    readings: tuple[str, ...]
    aliases: tuple[str, ...]
    places: tuple[str, ...]
    sounds: tuple[str, ...]


class KeyReader:
    """Reads the keys of names, each distinct name once.

    Args:
        lexicon: the organisations to recognise; None for those that the package ships.

    Example:
        >>> read = KeyReader()
        >>> read("华为技术有限公司").core, read("Huawei Co., Ltd.").core
        ('huawei', 'huawei')
        >>> sorted(set(read("重庆银行").concepts) & set(read("Bank of Chongqing").concepts))
        ['bank']
        >>> sorted(set(read("重庆银行").places) & set(read("Bank of Chongqing").places))
        ['chongqing']
    """

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self._extractor = FeatureExtractor(lexicon)
        self._translate = Translator(self._extractor.model, {}, {})
        self._known: dict[str, NameKeys] = {}

    def __call__(self, name: str) -> NameKeys:
        """Return the keys of a name."""
        keys = self._known.get(name)
        if keys is None:
            keys = self._known[name] = _keys(self._extractor.extract(name), self._translate)
        return keys


def _keys(features: NameFeatures, translate: Translator) -> NameKeys:
    letters = letters_of(features)
    inside = [part == CORE for part in features.parts]
    words = [w for w in features.words if w.part not in (LEGAL, UNIT) and w.stem not in LIGHT_WORDS]
    if features.han:
        core = "".join(s for s, kept in zip(features.syllables, inside, strict=True) if kept)
    else:
        core = "".join(w.stem for w in words if w.part == CORE)
    places = {w.stem for w in words if w.part == PLACE} | _places(features)
    own = {w.stem for w in words}
    runs = [(s, start, end) for s, (_, kind, start, end, _) in features.origins.items() if kind == "reading"]
    readings = {stem for stem, start, end in runs if end - start >= LEAST_RUN and all(inside[start:end])}
    sounds = sorted(sound_keys(features).items(), key=lambda item: (-item[1], item[0]))[:MOST_SOUNDS]
    return NameKeys(
        letters=letters,
        core=core or letters,
        han="".join(c for c, kept in zip(features.han, inside, strict=True) if kept),
        concepts=tuple(sorted((_translations(features, translate) | own) - places)),
        readings=tuple(sorted((readings | own) - places)),
        aliases=tuple(sorted({key for alias in features.aliases for key in (alias.key, *alias.parents)})),
        places=tuple(sorted(places)),
        sounds=tuple(sorted(key for key, _ in sounds)),
    )


def _translations(features: NameFeatures, translate: Translator) -> set[str]:
    """Return the words that stretches of its core and trades may be translated to, long stretches before short ones."""
    found: set[str] = set()
    for own, run in groupby(zip(features.han, features.parts, strict=True), lambda c: c[1] not in (LEGAL, UNIT, PLACE)):
        if not own:
            continue
        characters, parts = zip(*run, strict=True)
        translated = translate("".join(characters), place_until(parts))
        kept = {
            stem: origin
            for stem, origin in zip(translated, map(Origin._make, translated.values()), strict=True)
            if origin.probability >= LEAST_PROBABILITY and origin.end - origin.start >= LEAST_RUN
        }
        found.update(stem for stem, origin in kept.items() if not _outdone(origin, kept.values()))
    return found - LIGHT_WORDS


def _outdone(origin: Origin, others: Iterable[Origin]) -> bool:
    """Say whether a longer stretch around this one gives a word that is as likely."""
    return any(
        o.start <= origin.start and origin.end <= o.end and o.end - o.start > origin.end - origin.start
        for o in others
        if o.probability >= origin.probability
    )


def _places(features: NameFeatures) -> set[str]:
    """Return the English names of its Chinese places, word by word: the longest known name first."""
    known = place_stems()
    found: set[str] = set()
    start = 0
    while start < len(features.han):
        end = start
        while end < len(features.han) and features.parts[end] == PLACE:
            end += 1
        while end > start and features.han[start:end] not in known:
            end -= 1
        found.update(known.get(features.han[start:end], ()))
        start = max(end, start + 1)
    return found
