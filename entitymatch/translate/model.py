"""The translation model: which English words of a name a stretch of Chinese characters may stand for.

The glossary knows what words mean; what organisations *call* themselves is learned from pairs of names
(:mod:`.training`) and shipped as ``data/models/translation.tsv``. A learned row replaces the glossary's opinion,
into which it was shrunk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property

from entitymatch.lexicon.tables import read_table
from entitymatch.translate.glossary import Glossary, Translations, default_glossary

LEARNED = "models/translation.tsv"
_TRUST = 5.0
_SINGLE = 0.3  # a character alone mostly stands for its sound, or within a longer word


@dataclass(frozen=True, slots=True)
class LearnedWord:
    """One row of the learned table: t(en | zh) and the number of organisations that show the two together."""

    zh: str
    en: str
    probability: float
    support: int


def merge(learned: Iterable[LearnedWord], glossary: Glossary) -> dict[str, Translations]:
    """Combine learned rows with the glossary's translations of the same words.

    A glossary translation that no pair confirmed is kept at a discount: the more organisations bear the Chinese
    word, the less likely a translation is that none of them uses.

    Example:
        >>> merge([LearnedWord("银行", "bank", 0.5, 5)], Glossary({"银行": "bank|banking"}))
        {'银行': (('bank', 0.5), ('banking', 0.18))}
    """
    by_word: dict[str, dict[str, float]] = defaultdict(dict)
    most: dict[str, int] = defaultdict(int)
    for row in learned:
        by_word[row.zh][row.en] = row.probability
        most[row.zh] = max(most[row.zh], row.support)
    for word, found in by_word.items():
        trust = _TRUST / (_TRUST + most[word]) * (_SINGLE if len(word) == 1 else 1.0)
        for target, probability in glossary.translations(word):
            found.setdefault(target, round(probability * trust, 6))
    return {word: tuple(sorted(found.items(), key=lambda item: (-item[1], item[0]))) for word, found in by_word.items()}


def reach(words: Iterable[str]) -> dict[str, int]:
    """Return, for each beginning of two characters, the length of the longest of the words with it.

    Example:
        >>> reach(["银行", "银", "招商", "招商局"])
        {'银行': 2, '银': 1, '招商': 3}
    """
    found: dict[str, int] = {}
    known = found.get
    for word in words:
        if len(word) > known(start := word[:2], 0):
            found[start] = len(word)
    return found


class TranslationModel:
    """Translation probabilities t(english stem | chinese string), learned ones first, else the glossary's.

    Args:
        glossary: the words that need no learning.
        learned: chinese string → ``(stem, probability)`` pairs.

    Example:
        >>> model = TranslationModel(Glossary({"银行": "bank"}), {"招商": (("merchant", 0.9),)})
        >>> model.translations("招商"), model.translations("银行"), model.translations("汇丰")
        ((('merchant', 0.9),), (('bank', 0.6),), ())
    """

    def __init__(self, glossary: Glossary, learned: dict[str, Translations]) -> None:
        self.glossary = glossary
        self.learned = learned
        self.longest = max(glossary.longest, max((len(word) for word in learned), default=0))

    @cached_property
    def reach(self) -> dict[str, int]:
        """How long the longest word is that begins with two characters."""
        return reach([*self.glossary, *self.learned])

    def translations(self, word: str) -> Translations:
        """Return ``(stem, probability)`` for ``word``; empty if nothing is known of it."""
        known = self.learned.get(word)
        return known if known is not None else self.glossary.translations(word)

    def source(self, word: str) -> str:
        """Name the table that :meth:`translations` answers from."""
        return "learned translations" if word in self.learned else "glossary"


@cache
def default_model() -> TranslationModel:
    """Return the translation model that the package ships."""
    rows = (LearnedWord(r["zh"], r["en"], float(r["probability"]), int(r["support"])) for r in read_table(LEARNED))
    glossary = default_glossary()
    return TranslationModel(glossary, merge(rows, glossary))
