"""Which Latin words are ever looked up among those that a query may stand for.

A Chinese name may stand for some 150 Latin words, and a list of references holds a third of them. What is compared
with a query are the words of the references, runs of them written together, and for a compound (*Citymedia*) the two
halves of each way to cut it (:mod:`entitymatch.scoring.alignment`). A query that is read with this vocabulary in mind
loses nothing that anybody asks for.
"""

from __future__ import annotations

from collections.abc import Iterable

from entitymatch.features.name import NameFeatures

SHORTEST_COMPOUND, SHORTEST_HALF = 6, 2  # letters


class _AnyWord:
    """The vocabulary that holds every word."""

    def __contains__(self, word: object) -> bool:
        return True


ANY_WORD = _AnyWord()


def cuts(stem: str) -> Iterable[int]:
    """Return where a word may be cut into the two halves of a compound; nowhere in a short one.

    Example:
        >>> [("citymedia"[:cut], "citymedia"[cut:]) for cut in cuts("citymedia")][:3], list(cuts("media"))
        ([('ci', 'tymedia'), ('cit', 'ymedia'), ('city', 'media')], [])
    """
    return range(SHORTEST_HALF, len(stem) - SHORTEST_HALF + 1) if len(stem) >= SHORTEST_COMPOUND else ()


def compounds(references: Iterable[NameFeatures]) -> list[str]:
    """Return the words of names that are long enough to be compounds, sorted."""
    return sorted({w.stem for name in references for w in name.words if len(w.stem) >= SHORTEST_COMPOUND})


def vocabulary_of(words: Iterable[str], compounds: Iterable[str]) -> set[str]:
    """Return all words that are looked up in a query for the sake of some references.

    Args:
        words: the references' words, and runs of them written together.
        compounds: the :func:`compounds` of the references.

    Example:
        >>> sorted(vocabulary_of(["bank", "linktel"], ["linktel"]))
        ['bank', 'el', 'ktel', 'li', 'lin', 'link', 'linkt', 'linktel', 'nktel', 'tel']
    """
    found = set(words)
    for stem in compounds:
        for cut in cuts(stem):
            found.add(stem[:cut])
            found.add(stem[cut:])
    return found
