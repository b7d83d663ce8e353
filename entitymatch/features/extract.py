"""Read a name into its features."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from entitymatch.features import han as han_words
from entitymatch.features.name import CORE, LEGAL, PLACE, UNIT, AliasSpan, NameFeatures, Word
from entitymatch.features.numbers import numbers_of
from entitymatch.features.trades import SHOP, han_trades
from entitymatch.lexicon import Lexicon
from entitymatch.lexicon.organizations import LIGHT_WORDS
from entitymatch.lexicon.tables import values
from entitymatch.names import parse
from entitymatch.names.tokens import tokens
from entitymatch.romanize import syllables
from entitymatch.translate import TranslationModel, default_model


@cache
def place_stems() -> dict[str, tuple[str, ...]]:
    """Return Chinese place names with the stems of the words of their English names."""
    from entitymatch.lexicon.words import places

    found: dict[str, tuple[str, ...]] = {}
    for row in places():
        stems = dict.fromkeys(t.stem for name in values(row["en"]) for t in tokens(name) if t.stem not in LIGHT_WORDS)
        for zh in values(row["zh"]):
            found.setdefault(zh, tuple(stems))
    return found


def is_han(character: str) -> bool:
    """Return whether a character of a normalised name counts as Han."""
    return "\u3400" <= character <= "\u9fff" or character == "〇"


class FeatureExtractor:
    """Reads names into :class:`NameFeatures`.

    Args:
        lexicon: the organisations to recognise.
        without: kinds of evidence to leave out (``"alias"``, ``"translation"``, ``"reading"``, ``"initials"``,
            ``"place"``).
        model: the translations; the shipped ones by default.
    """

    def __init__(
        self, lexicon: Lexicon | None = None, without: Collection[str] = (), model: TranslationModel | None = None
    ) -> None:
        self.lexicon = lexicon or Lexicon.default()
        self.without = frozenset(without)
        self.model = model or default_model()

    def extract(self, name: str) -> NameFeatures:
        """Read one name.

        Args:
            name: any string, of either script.

        Returns:
            Its features; empty ones if nothing but a wrapper or punctuation is there.
        """
        parsed = parse(name)
        words: list[Word] = []
        characters: list[str] = []
        parts: list[str] = []
        borders = {0}
        for part in parsed.parts:
            kind = str(part.kind.value)
            if kind == "wrapper":
                continue
            text = part.text
            if kind == UNIT and any(trade.group == SHOP for trade in han_trades(text)):
                kind = CORE  # 波音文具经营部 is a firm of its own, not a part of Boeing
            if not text.isascii():
                for character in text:
                    if is_han(character):
                        characters.append(character)
                        parts.append(kind)
                borders.add(len(characters))
            words.extend(Word(t.stem, kind, text[t.start : t.end], t.upper) for t in tokens(text))
        han = "".join(characters)
        features = NameFeatures(parsed.text, tuple(words), han, tuple(parts))
        features.numbers = numbers_of(han, (w.stem for w in words))
        if han:
            self._read_han(features)
        if "alias" not in self.without:
            features.aliases = (*self._han_aliases(features, borders), *self._latin_aliases(features))
        return features

    def _read_han(self, features: NameFeatures) -> None:
        without, han, parts, origins = self.without, features.han, features.parts, features.origins
        read = syllables(han)
        features.syllables = tuple(read) if len(read) == len(han) else tuple("".join(syllables(c)) for c in han)
        model = None if "translation" in without else self.model
        han_words.translations(han, parts, model, origins, {} if "place" in without else place_stems())
        if "reading" not in without:
            han_words.readings(han, features.syllables, parts, origins)
        if not without.isdisjoint(("place", "initials")):
            features.origins = {stem: origin for stem, origin in origins.items() if origin.kind not in without}

    def _han_aliases(self, features: NameFeatures, borders: Collection[int]) -> list[AliasSpan]:
        """Find known organisations in the Han characters, the longest name first from left to right.

        A name does not begin or end within a place: 国泰 is not in 法国泰雷兹.
        """
        aliases, han, parts = self.lexicon.han_aliases, features.han, features.parts
        found: list[AliasSpan] = []
        n = len(han)
        position = 0
        while position < n:
            for end in range(min(n, position + self.lexicon.longest_han), position + 1, -1):
                if (known := aliases.get(han[position:end])) is None or parts[position] == LEGAL:
                    continue
                whole = (parts[position] != PLACE or position in borders) and (
                    parts[end - 1] != PLACE or end in borders
                )
                if whole:
                    found.extend(
                        AliasSpan(a.key, position, end, a.common, False, self.lexicon.parents(a.key)) for a in known
                    )
                    position = end - 1
                    break
            position += 1
        return found

    def _latin_aliases(self, features: NameFeatures) -> list[AliasSpan]:
        """Find known organisations among the Latin words, the longest name first from left to right."""
        aliases = self.lexicon.latin_aliases
        content = [(i, w.stem) for i, w in enumerate(features.words) if w.stem not in LIGHT_WORDS]
        found: list[AliasSpan] = []
        position = 0
        while position < len(content):
            for size in range(min(self.lexicon.longest_latin, len(content) - position), 0, -1):
                key = tuple(stem for _, stem in content[position : position + size])
                if (known := aliases.get(key)) is not None:
                    start, end = content[position][0], content[position + size - 1][0] + 1
                    found.extend(
                        AliasSpan(a.key, start, end, a.common, True, self.lexicon.parents(a.key)) for a in known
                    )
                    position += size - 1
                    break
            position += 1
        return found
