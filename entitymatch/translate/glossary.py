"""What a Chinese word means: the glossary derived from CC-CEDICT and the package's own words.

A headword has glosses in the order of the dictionary; the earlier one is the likelier. Each word of a gloss is a
possible translation of the headword on its own, since names rarely repeat a gloss whole (重工, "heavy industry", is the
*Heavy* and the *Industries* of ``Sany Heavy Industries``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache

from entitymatch.lexicon.tables import data_root, values
from entitymatch.lexicon.words import light_words
from entitymatch.names.tokens import tokens

Translations = tuple[tuple[str, float], ...]

_DECAY = 0.6  # how much less likely each further gloss is; by eye on well-known trade words


class Glossary:
    """Chinese words and the English words that translate them.

    Args:
        cells: headword → glosses, separated by ``|``; the likeliest first.
        own: headwords whose glosses were chosen for names of organisations, and are believed as far again.

    Example:
        >>> Glossary({"重工": "heavy industry"}).translations("重工")
        (('heavy', 0.6), ('industry', 0.6))
    """

    def __init__(self, cells: dict[str, str], own: Collection[str] = ()) -> None:
        self._cells = cells
        self.words = cells.keys()
        self._own = frozenset(own)
        self._cache: dict[str, Translations] = {}
        self.longest = max((len(word) for word in cells), default=0)

    def __contains__(self, word: object) -> bool:
        return word in self._cells

    def __len__(self) -> int:
        return len(self._cells)

    def __iter__(self) -> Iterator[str]:
        return iter(self._cells)

    def translations(self, word: str) -> Translations:
        """Return ``(stem, probability)`` of each English word that may stand for ``word``; empty if it is unknown."""
        known = self._cache.get(word)
        if known is None:
            known = self._cache[word] = self._translate(word)
        return known

    def _translate(self, word: str) -> Translations:
        found: dict[str, float] = {}
        empty = light_words("gloss")
        own = word in self._own
        weight = 1.0 if own else _DECAY
        for gloss in values(self._cells.get(word, "")):
            stems = [token.stem for token in tokens(gloss) if token.stem not in empty]
            # With more words than the headword has characters a dictionary explains, it does not translate.
            share = weight if own or len(stems) <= max(len(word), 2) else weight / len(stems)
            for stem in stems:
                found[stem] = max(found.get(stem, 0.0), share)
            weight *= _DECAY
        return tuple(found.items())


def _rows(name: str) -> dict[str, str]:
    """Return the column ``en`` of a table by its column ``zh``; read by hand, for the dictionary is large."""
    cells: dict[str, str] = {}
    for line in data_root().joinpath(name).read_text(encoding="utf-8").splitlines():
        if line and line[0] != "#":
            word, _, rest = line.partition("\t")
            cells[word] = rest.partition("\t")[0]
    cells.pop("zh", None)
    return cells


@cache
def default_glossary() -> Glossary:
    """Return the glossary that the package ships.

    A word of ``glossary.tsv`` replaces the dictionary's entry; ``glossary_institutions.tsv`` stands behind it and
    before the dictionary, whose glosses follow where only the two of them know the word.
    """
    own, institutions, cells = _rows("glossary.tsv"), _rows("glossary_institutions.tsv"), _rows("glossary_cedict.tsv")
    for word, cell in institutions.items():
        known = values(own.get(word, "")), values(cell), values("" if word in own else cells.get(word, ""))
        cells[word] = "|".join(dict.fromkeys(gloss for glosses in known for gloss in glosses))
    for word in own.keys() - institutions.keys():
        cells[word] = own[word]
    return Glossary(cells, own.keys() | institutions.keys())
