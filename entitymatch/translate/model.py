"""The translation model: which English words of a name a stretch of Chinese characters may stand for.

The glossary knows what words mean; what organisations *call* themselves is learned from pairs of names (:mod:`.training`)
and shipped as ``data/models/translation.tsv``. A learned row replaces the glossary's opinion, into which it was shrunk.
"""

from __future__ import annotations

from functools import cache

from entitymatch.lexicon.tables import read_table
from entitymatch.translate.glossary import Glossary, Translations, default_glossary

LEARNED = "models/translation.tsv"


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
    learned: dict[str, list[tuple[str, float]]] = {}
    for row in read_table(LEARNED):
        learned.setdefault(row["zh"], []).append((row["en"], float(row["probability"])))
    return TranslationModel(default_glossary(), {word: tuple(found) for word, found in learned.items()})
