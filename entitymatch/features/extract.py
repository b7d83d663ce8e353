"""Read a name into its features."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Sequence
from functools import cache

from entitymatch.features.foreign import foreignness
from entitymatch.features.institutions import is_institution, is_named_part
from entitymatch.features.name import CORE, LEGAL, PLACE, UNIT, WRAPPER, AliasSpan, NameFeatures, Word, place_until
from entitymatch.features.numbers import numbers_of
from entitymatch.features.readings import Readings
from entitymatch.features.trades import SHOP, han_trades
from entitymatch.features.translations import Translator
from entitymatch.features.vocabulary import ANY_WORD
from entitymatch.lexicon import Alias, Lexicon
from entitymatch.lexicon.names_index import LIGHT_WORDS, is_acronym
from entitymatch.lexicon.tables import values
from entitymatch.names.normalize import normalize
from entitymatch.names.parse import pieces_of
from entitymatch.names.tokens import Token, fold, has_words, tokens
from entitymatch.romanize import syllables
from entitymatch.translate import TranslationModel, default_model
from entitymatch.translate.model import reach

_NOT_HAN = re.compile("[^\u3400-\u9fff〇]+")
_SHORTEST_PARENT = 4  # characters: a shorter known name stands at the front of other names by chance
_SHORTEST_PART = 3


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


@cache
def place_reach() -> dict[str, int]:
    """Return how long the longest place is that begins with two characters."""
    return reach(place_stems())


class FeatureExtractor:
    """Reads names into :class:`NameFeatures`.

    Args:
        lexicon: the organisations to recognise.
        without: kinds of evidence to leave out (``"alias"``, ``"translation"``, ``"reading"``, ``"initials"``,
            ``"place"``).
        model: the translations; the shipped ones by default.
        vocabulary: the Latin words to look for among those that a Han name may stand for (:mod:`.vocabulary`).
    """

    def __init__(
        self,
        lexicon: Lexicon | None = None,
        without: Collection[str] = (),
        model: TranslationModel | None = None,
        vocabulary: Container[str] = ANY_WORD,
    ) -> None:
        self.lexicon = lexicon or Lexicon.default()
        self.without = frozenset(without)
        self.model = model or default_model()
        self._translated = Translator(
            None if "translation" in self.without else self.model,
            {} if "place" in self.without else place_stems(),
            {} if "place" in self.without else place_reach(),
            vocabulary,
        )
        self._readings = Readings(vocabulary)

    def extract(self, name: str) -> NameFeatures:
        """Read one name.

        Args:
            name: any string, of either script.

        Returns:
            Its features; empty ones if nothing but a wrapper or punctuation is there.
        """
        plain = normalize(name)
        pieces = pieces_of(plain)
        words: list[Word] = []
        han = ""
        parts: list[str] = []
        borders = {0}
        runs: list[Run] = []
        kinds = [kind for kind, _, _ in pieces]
        nothing_else = all(kind == WRAPPER for kind in kinds)
        firm = LEGAL in kinds
        latin = has_words(plain)
        for kind, start, end in pieces:
            if kind == WRAPPER:
                if not nothing_else:
                    continue
                kind = CORE  # 中国共产党 itself
            text = plain[start:end]
            if kind == UNIT and (self._is_firm(text) or (not firm and self._is_institution(text))):
                kind = CORE
            if not text.isascii():
                own = _NOT_HAN.sub("", text)
                if kind == PLACE and plain[start - 1 : start] == "(" and plain[end : end + 1] == ")":
                    borders.discard(len(han) or -1)
                han += own
                parts += [kind] * len(own)
                borders.add(len(han))
            if latin:
                found = tokens(text)
                runs.append((text, found, len(words)))
                words.extend(Word(t.stem, kind, text[t.start : t.end], t.upper) for t in found)
        features = NameFeatures(plain, tuple(words), han, tuple(parts))
        features.numbers = numbers_of(han, (w.stem for w in words))
        if not firm:
            own = han
            if UNIT in parts:
                own = "".join(c for c, part in zip(han, parts, strict=True) if part != UNIT)
            features.institution = is_institution(own, (w.stem for w in words))
            if features.institution and "alias" not in self.without:
                features.parent = self._parent(han)
        if han:
            features.foreign = foreignness(c for c, part in zip(han, parts, strict=True) if part == CORE)
            self._read_han(features)
        if "alias" not in self.without:
            where: Sequence[int] = range(len(han))
            text = han
            if han and words:
                text, where = _letters(runs)
            aliases, covered = self._han_aliases(features, text, where, borders)
            features.aliases = (*aliases, *self._latin_aliases(features, covered))
        return features

    def _read_han(self, features: NameFeatures) -> None:
        without, han, parts = self.without, features.han, features.parts
        read = syllables(han)
        features.syllables = tuple(read) if len(read) == len(han) else tuple("".join(syllables(c)) for c in han)
        until = place_until(parts)
        features.origins = origins = self._translated(han, until)
        if "reading" not in without:
            self._readings.add_to(origins, han, features.syllables, parts, until)
        if not without.isdisjoint(("place", "initials")):
            features.origins = {stem: origin for stem, origin in origins.items() if origin[1] not in without}

    def _is_firm(self, unit: str) -> bool:
        """Say whether what is parsed as a unit is a firm of its own: 波音文具经营部 is not a part of Boeing."""
        return any(trade.group == SHOP for trade in han_trades(unit))

    def _is_institution(self, unit: str) -> bool:
        """Say whether a unit has a name of its own, which is to be compared like any other."""
        if unit.isascii():
            return is_institution("", (t.stem for t in tokens(unit)))
        return is_named_part(unit, lambda word: word in self.model.glossary and word not in place_stems())

    def _parent(self, han: str) -> int:
        longest = min(len(han) - _SHORTEST_PART, self.lexicon.han_aliases.longest(han[:2]))
        known = (end for end in range(longest, _SHORTEST_PARENT - 1, -1) if han[:end] in self.lexicon.han_aliases)
        return next(known, 0)

    def _han_aliases(
        self, features: NameFeatures, text: str, where: Sequence[int], borders: Collection[int]
    ) -> tuple[list[AliasSpan], set[int]]:
        """Find known organisations in the Han characters, the longest name first from left to right.

        A name does not begin or end within a place (国泰 is not in 法国泰雷兹) or within a Latin word.

        Args:
            features: the name.
            text: its characters, with those of its Latin words if it has both.
            where: the position of each in ``features.han``, ``-1 - word`` in a Latin word.
            borders: positions in ``features.han`` where a part begins; not that of a place in brackets behind other
                characters, with which no name begins: 三星（中国）投资 is not of 中国投资.

        Returns:
            The organisations, and the positions of the Latin words in their names (TCL of TCL科技).
        """
        aliases, parts = self.lexicon.han_aliases, features.parts
        longest_of = aliases.longest
        found: list[AliasSpan] = []
        covered: set[int] = set()
        n = len(text)
        position = 0
        while position < n:
            last = min(n, position + longest) if (longest := longest_of(text[position : position + 2])) else 0
            for end in range(last, position + 1, -1):
                name = text[position:end]
                if name not in aliases:
                    continue
                first, last = where[position], where[end - 1]
                if first >= 0 and (parts[first] == LEGAL or (parts[first] == PLACE and first not in borders)):
                    continue
                if last >= 0 and parts[last] == PLACE and last + 1 not in borders:
                    continue
                if _within_word(where, position) or _within_word(where, end):
                    continue
                characters = [i for i in where[position:end] if i >= 0]
                covered.update(-1 - i for i in where[position:end] if i < 0)
                found.extend(self._spans(aliases[name], characters[0], characters[-1] + 1, latin=False))
                position = end - 1
                break
            position += 1
        return found, covered

    def _latin_aliases(self, features: NameFeatures, covered: Collection[int]) -> list[AliasSpan]:
        """Find known organisations among the Latin words, the longest name first from left to right."""
        aliases = self.lexicon.latin_aliases
        content = [(i, w.stem) for i, w in enumerate(features.words) if w.stem not in LIGHT_WORDS and i not in covered]
        found: list[AliasSpan] = []
        position = 0
        while position < len(content):
            longest = aliases.longest(content[position][1])
            for size in range(min(longest, len(content) - position), 0, -1):
                word, key = (
                    features.words[content[position][0]],
                    tuple(s for _, s in content[position : position + size]),
                )
                known = None
                if size == 1 and is_acronym(word.upper, word.text):
                    known = aliases.get((fold(word.text),))
                    if known is None and not features.text.isupper():
                        break  # among small letters HBOS is no plural; in a name all in capitals it may be
                if known is None:
                    known = aliases.get(key)
                if known is not None:
                    start, end = content[position][0], content[position + size - 1][0] + 1
                    found.extend(self._spans(known, start, end, latin=True))
                    position += size - 1
                    break
            position += 1
        return found

    def _spans(self, known: Sequence[Alias], start: int, end: int, *, latin: bool) -> list[AliasSpan]:
        parents = self.lexicon.parents
        return [AliasSpan(a.key, start, end, a.weak, latin, parents(a.key), a.source) for a in known]


Run = tuple[str, list[Token], int]  # the text of a part, its Latin words, and how many words stand before it


def _letters(runs: Sequence[Run]) -> tuple[str, list[int]]:
    """Return the letters of a name of both scripts in one string, and where each comes from.

    Returns:
        The Han characters and the letters and digits of the Latin words, in lower case; for each its position among
        the Han characters, or ``-1 - word``.

    Example:
        >>> _letters([("TCL科技", tokens("TCL科技"), 0)])
        ('tcl科技', [-1, -1, -1, 0, 1])
    """
    letters: list[str] = []
    where: list[int] = []
    han = 0
    for text, latin, before in runs:
        word_at = {i: before + number for number, t in enumerate(latin) for i in range(t.start, t.end)}
        for i, char in enumerate(text):
            if "\u3400" <= char <= "\u9fff" or char == "〇":
                letters.append(char)
                where.append(han)
                han += 1
            elif i in word_at and char.isalnum():
                letters.append(char.lower())
                where.append(-1 - word_at[i])
    return "".join(letters), where


def _within_word(where: Sequence[int], position: int) -> bool:
    """Say whether a position is inside a Latin word."""
    return 0 < position < len(where) and where[position] < 0 and where[position] == where[position - 1]
