"""Words of a name: where they stand, folded to the form in which names are compared.

Case, accents and plurals carry no information about which organisation is meant, and listings shorten words
(``INT'L HLDGS``). A :class:`Token` keeps the span in the text and the *stem*: lower case, without accents,
singular. The stemming is deliberately light (the plural ``s`` only): heavier stemmers fold words that tell names
apart, such as
*electric* and *electronics*.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Letters of alphabets and syllabaries that are neither Latin nor Han, with their marks: Greek, Cyrillic … Thai, kana,
# Hangul. Their words are compared with words of the same script.
_OTHER = "\u0370-\u1dff\u1f00-\u1fff\u3041-\u30fa\u30fc-\u30ff\u3131-\u318e\uac00-\ud7a3"
_WORD = re.compile(r"[0-9A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ]+(?:['’`´](?!s\b|S\b)[0-9A-Za-zÀ-ɏ]+)*(?:['’`´][sS]\b)?" rf"|[{_OTHER}]+")
_KANA = re.compile("[\u3041-\u30ff]")
_INITIALS = re.compile(r"(?<![0-9A-Za-z.])(?:[A-Za-z]\.){2,}(?:[A-Za-z](?![0-9A-Za-z]))?")
_FOLD = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ħ": "h"}
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word in letters: its stem, its span in the text it was read from, and whether it is written in capitals."""

    stem: str
    start: int
    end: int
    upper: bool


@lru_cache(maxsize=262_144)
def fold(word: str) -> str:
    """Return the word in lower case, without accents and apostrophes.

    Kana keep their marks, which make other syllables of them.

    Example:
        >>> fold("São"), fold("INT'L"), fold("Mercedes"), fold("Лукойл"), fold("ガス")
        ('sao', 'intl', 'mercedes', 'лукоил', 'ガス')
    """
    lower = word.lower().translate(_FOLD)
    if not lower.isascii() and not _KANA.match(lower):
        lower = "".join(c for c in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(c))
    return "".join(c for c in lower if c.isalnum())


@lru_cache(maxsize=262_144)
def stem(word: str) -> str:
    """Return the folded word in the singular.

    Example:
        >>> [stem(w) for w in ("Industries", "Resources", "McDonald's", "Glass", "Holdings", "gas")]
        ['industry', 'resource', 'mcdonald', 'glass', 'holding', 'gas']
    """
    if word[-2:].lower() in ("'s", "’s", "`s", "´s"):
        word = word[:-2]
    folded = fold(word)
    if len(folded) > 4 and folded.endswith("ies"):
        return folded[:-3] + "y"
    if len(folded) > 3 and folded.endswith("s") and folded[-2] not in "sui":
        return folded[:-1]
    return folded


def has_words(text: str) -> bool:
    """Say whether a text has words in letters or digits, :func:`tokens`.

    Example:
        >>> has_words("汇丰银行"), has_words("TCL科技")
        (False, True)
    """
    return _WORD.search(text) is not None


def tokens(text: str) -> list[Token]:
    """Return the words of a text in order, Han characters aside; dotted initials (``U.S.A.``) are one word.

    Example:
        >>> [(t.stem, t.start, t.end) for t in tokens("AT&T Inc., Bank of U.S.A.")]
        [('at', 0, 2), ('t', 3, 4), ('inc', 5, 8), ('bank', 11, 15), ('of', 16, 18), ('usa', 19, 25)]
        >>> [t.stem for t in tokens("ПАО Газпром, トヨタ自動車")]
        ['пао', 'газпром', 'トヨタ']
    """
    dotted = {m.start(): m.end() for m in _INITIALS.finditer(text)} if "." in text else {}
    found: list[Token] = []
    until = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        if start < until:
            continue
        end = dotted.get(start, end)
        word = text[start:end]
        until = end
        if folded := stem(word) if start not in dotted else fold(word):
            found.append(Token(folded, start, end, word.isupper()))
    return found
