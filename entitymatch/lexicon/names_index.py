"""Where names are looked up: a name as it is compared → the organisations that bear it.

There are some 40,000 names, and one register shows a few hundred of them. So the index holds keys only; what else is
known of a name (:class:`Alias`) is worked out when the name is first met, and Latin names, which cost a tokeniser each,
are read by the first two letters, all that share them, when a word with these letters is first looked up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

from entitymatch.lexicon.words import light_words
from entitymatch.names.normalize import normalize
from entitymatch.names.tokens import fold, tokens

if TYPE_CHECKING:
    from entitymatch.lexicon.organizations import Organization

# Words without which a Latin name is still the same name.
LIGHT_WORDS = light_words("article", "form")

LatinKey: TypeAlias = tuple[str, ...]
Key = TypeVar("Key", str, LatinKey)

LEAST_LETTERS = 2  # of a name
_ACRONYM = 6  # letters
SEPARATOR = "\n"  # between the keys of several organisations
LIGHT_HEAD = re.compile(rf"(?:{'|'.join(sorted(LIGHT_WORDS))})s?(?![0-9A-Za-z])", re.IGNORECASE)


class Alias(NamedTuple):
    """A name as it is looked up, and one organisation that bears it.

    Attributes:
        key: the organisation.
        common: whether the name is also an ordinary word or a common trade name (苹果).
        shared: whether an organisation that has nothing to do with this one bears the name too (*SSE*).
        source: who says so: a table of ours (``banks.tsv``) or what the user gave (``user: mine.tsv``).
    """

    key: str
    common: bool = False
    shared: bool = False
    source: str = ""

    @property
    def weak(self) -> bool:
        """Whether the name counts only where trade or context agrees."""
        return self.common or self.shared


def compact(text: str) -> str:
    """Return a Han name without anything that is not a letter or a digit, in lower case.

    Example:
        >>> compact("罗尔斯-罗伊斯"), compact("可口 可乐")
        ('罗尔斯罗伊斯', '可口可乐')
    """
    return "".join(c for c in text.lower() if c.isalnum())


def han_key(text: str) -> str:
    """Return a name with Han characters as it is looked up: normalised, without punctuation, in lower case.

    Example:
        >>> han_key("滙豐（中國）"), han_key("TCL 科技")
        ('汇丰中国', 'tcl科技')
    """
    return compact(normalize(text))


def latin_key(text: str) -> LatinKey:
    """Return the stems of a Latin name without light words and legal forms, in order; an acronym keeps its S.

    Example:
        >>> latin_key("The Bank of Nova Scotia"), latin_key("HBOS")
        (('bank', 'nova', 'scotia'), ('hbos',))
    """
    found = tokens(text)
    if len(found) == 1 and is_acronym(found[0].upper, word := text[found[0].start : found[0].end]):
        return (fold(word),)
    return tuple(t.stem for t in found if t.stem not in LIGHT_WORDS)


def is_acronym(upper: bool, word: str) -> bool:
    """Say whether a word is so short and in capitals that an S at its end need not be a plural's (HBOS, HBO).

    Example:
        >>> is_acronym(True, "HBOS"), is_acronym(False, "Foods"), is_acronym(True, "INDUSTRIES")
        (True, False, False)
    """
    return upper and len(word) <= _ACRONYM


class NameIndex(Mapping[Key, tuple[Alias, ...]]):
    """Names of one script; a name that nobody bears is not there.

    Args:
        organizations: key → organisation, read when a name of it is first asked for.
    """

    def __init__(self, organizations: Mapping[str, Organization]) -> None:
        self._organizations = organizations
        self._known: dict[Key, tuple[Alias, ...]] = {}

    def keys_of(self, name: Key) -> list[str]:
        """Return the keys of the organisations that bear a name; none if nobody does."""
        raise NotImplementedError

    def longest(self, start: str) -> int:
        """Return the length of the longest name with this beginning; 0 if there is none."""
        raise NotImplementedError

    def __getitem__(self, name: Key) -> tuple[Alias, ...]:
        known = self._known.get(name)
        if known is None:
            if not (keys := self.keys_of(name)):
                raise KeyError(name)
            known = self._known[name] = tuple(self._alias(name, key, keys) for key in dict.fromkeys(keys))
        return known

    def __contains__(self, name: object) -> bool:
        return bool(self.keys_of(name))  # type: ignore[arg-type]  # whatever is asked for

    def _alias(self, name: Key, key: str, keys: list[str]) -> Alias:
        organization = self._organizations[key]
        shared = any(not self._related(key, other) for other in keys)
        return Alias(key, name in organization.common, shared, organization.source_of(name))

    def _related(self, one: str, other: str) -> bool:
        """Say whether two organisations are one, or of one family: the parent of one is the other's, or the other."""
        families = []
        for key in (one, other):
            known = self._organizations.get(key)
            families.append({key, known.parent} if known is not None and known.parent else {key})
        return not families[0].isdisjoint(families[1])


class HanNames(NameIndex[str]):
    """Names with Han characters, by :func:`han_key`.

    Args:
        organizations: key → organisation.
        bearers: name → the keys of the organisations that bear it, with :data:`SEPARATOR` between them.
    """

    def __init__(self, organizations: Mapping[str, Organization], bearers: dict[str, str]) -> None:
        super().__init__(organizations)
        self._bearers = bearers

    def keys_of(self, name: str) -> list[str]:  # noqa: D102
        return self._bearers[name].split(SEPARATOR) if name in self._bearers else []

    def __contains__(self, name: object) -> bool:
        return name in self._bearers  # asked a dozen times a name

    def longest(self, start: str) -> int:
        """Return the length of the longest name that begins with these two characters; 0 if there is none."""
        return self._longest.get(start, 0)

    @cached_property
    def _longest(self) -> dict[str, int]:
        longest: dict[str, int] = {}
        for name in self._bearers:
            start = name[:LEAST_LETTERS]
            if len(name) > longest.get(start, 0):
                longest[start] = len(name)
        return longest

    def __iter__(self) -> Iterator[str]:
        return iter(self._bearers)

    def __len__(self) -> int:
        return len(self._bearers)

    def changed(
        self,
        organizations: Mapping[str, Organization],
        without: Iterable[tuple[str, str]],
        added: Iterable[tuple[str, str]],
    ) -> HanNames:
        """Return an index without some (name, key) and with others."""
        bearers = dict(self._bearers)
        for name, key in without:
            _drop(bearers, name, key)
        for name, key in added:
            _bear(bearers, name, key, len(name))
        return HanNames(organizations, bearers)


class LatinNames(NameIndex[LatinKey]):
    """Names in Latin letters, by :func:`latin_key`.

    Args:
        organizations: key → organisation.
        written: names by the first two letters of their first word (:func:`head_of`): name, key, name, key …
    """

    def __init__(self, organizations: Mapping[str, Organization], written: Mapping[str, list[str]]) -> None:
        super().__init__(organizations)
        self._written = written
        self._read: dict[str, dict[LatinKey, str]] = {}
        self._longest: dict[str, int] = {}

    def keys_of(self, name: LatinKey) -> list[str]:  # noqa: D102
        return found.split(SEPARATOR) if (found := self._with(head_of(name)).get(name)) else []

    def longest(self, start: str) -> int:
        """Return how many words the longest name has whose first word begins as this one; 0 if there is none."""
        head = start[:LEAST_LETTERS]
        if head not in self._longest:
            self._longest[head] = max(map(len, self._with(head)), default=0)
        return self._longest[head]

    def __iter__(self) -> Iterator[LatinKey]:
        for head in sorted({*self._written, *self._read}):
            yield from self._with(head)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def changed(
        self,
        organizations: Mapping[str, Organization],
        without: Iterable[tuple[LatinKey, str]],
        added: Iterable[tuple[LatinKey, str]],
    ) -> LatinNames:
        """Return an index without some (name, key) and with others."""
        found = LatinNames(organizations, self._written)
        found._read = dict(self._read)
        touched: set[str] = set()

        def own(name: LatinKey) -> dict[LatinKey, str]:
            head = head_of(name)
            if head not in touched:
                touched.add(head)
                found._read[head] = dict(self._with(head))
            return found._read[head]

        for name, key in without:
            _drop(own(name), name, key)
        for name, key in added:
            _bear(own(name), name, key, len("".join(name)))
        return found

    def _with(self, head: str) -> dict[LatinKey, str]:
        """Return the names whose first word begins with these letters."""
        found = self._read.get(head)
        if found is None:
            found = {}
            names = self._written.get(head, ())
            for written, key in zip(names[::2], names[1::2], strict=True):
                name = latin_key(written)
                _bear(found, name, key, len("".join(name)))
            self._read[head] = found
        return found


def head_of(name: LatinKey) -> str:
    """Return the first two letters of the first word."""
    return name[0][:LEAST_LETTERS] if name else ""


def _bear(bearers: dict[Key, str], name: Key, key: str, letters: int) -> None:
    if letters >= LEAST_LETTERS and key not in (held := bearers.get(name, "")).split(SEPARATOR):
        bearers[name] = f"{held}{SEPARATOR}{key}" if held else key


def _drop(bearers: dict[Key, str], name: Key, key: str) -> None:
    if left := [held for held in bearers.get(name, "").split(SEPARATOR) if held not in (key, "")]:
        bearers[name] = SEPARATOR.join(left)
    else:
        bearers.pop(name, None)
