"""Latin names as the transliteration model sees them: the letters a to z, and all their short substrings as numbers.

The model explains a Latin name as a row of short letter strings, one per Chinese character. Every string of at most
``LONGEST`` letters has a number (a = 1 … z = 26, read as digits of base 27; the empty string is 0), so that a table of
emissions is an array and a name is an array of numbers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LONGEST = 6
"""The longest letter string that one character emits."""
BASE = 27

_FOLDED = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ı": "i",
        "ə": "e",
        "ħ": "h",
        "ŋ": "ng",
    }
)


def letters(text: str) -> str:
    """Fold a Latin name to the letters a to z; everything else goes out.

    Example:
        >>> letters("Citroën S.A."), letters("Łódź"), letters("Rolls-Royce")
        ('citroensa', 'lodz', 'rollsroyce')
    """
    folded = text.casefold()
    if not folded.isascii():
        folded = unicodedata.normalize("NFKD", folded.translate(_FOLDED))
    return "".join(letter for letter in folded if "a" <= letter <= "z")


def number(string: str) -> int:
    """Return the number of a string of at most ``LONGEST`` letters.

    Example:
        >>> number(""), number("a"), number("ab")
        (0, 1, 29)
    """
    value = 0
    for letter in string:
        value = value * BASE + ord(letter) - 96
    return value


def string(value: int) -> str:
    """Return the letters of a number: the inverse of ``number``."""
    out = ""
    while value > 0:
        value, digit = divmod(value, BASE)
        out = chr(96 + digit) + out
    return out


def lengths(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many letters each number stands for."""
    out = np.zeros(numbers.shape, np.int64)
    rest = np.maximum(numbers, 0)
    while rest.any():
        out += rest > 0
        rest = rest // BASE
    return out


def spans(names: Sequence[str]) -> NDArray[np.int64]:
    """Return the numbers of all short substrings of folded names.

    Args:
        names: strings of a to z only, of any lengths.

    Returns:
        int64 array ``(len(names), longest + 1, LONGEST + 1)``; element ``[i, p, k]`` is the number of
        ``names[i][p:p+k]``, or -1 where the name ends before that.
    """
    width = max(map(len, names), default=0)
    codes = np.zeros((len(names), width), np.int64)
    for row, name in enumerate(names):
        codes[row, : len(name)] = np.frombuffer(name.encode("ascii"), np.uint8).astype(np.int64) - 96
    out = np.full((len(names), width + 1, LONGEST + 1), -1, np.int64)
    out[:, :, 0] = np.where(np.arange(width + 1) <= np.array([len(name) for name in names])[:, None], 0, -1)
    for size in range(1, min(LONGEST, width) + 1):
        starts = width - size + 1
        value = np.zeros((len(names), starts), np.int64)
        for offset in range(size):
            value = value * BASE + codes[:, offset : offset + starts]
        out[:, :starts, size] = np.where(codes[:, size - 1 : size - 1 + starts] > 0, value, -1)
    return out


_CLUSTERS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (("ph", "f"), ("qu|ck", "k"), ("t?ch|sch|sh", "j"), ("th", "t"), ("gh", "k"))
)
_CLASSES = dict(zip("bcdgqvwzlmx", ("p", "k", "t", "k", "k", "f", "f", "s", "r", "n", "ks"), strict=True))

_VOWELS = dict(zip("aeiouy", "AIIOOI", strict=True))
_ONE_VOWEL = dict.fromkeys("aeiouy", "A")


def skeleton(text: str, *, vowels: bool = False) -> str:
    """Return what of a letter string is heard.

    Consonants by class (voiced and voiceless, L and R alike), vowels alike, doubles single. Strings of one skeleton
    are likely to stand for one Chinese syllable, however they are spelled.

    Args:
        text: letters a to z.
        vowels: tell vowels apart by three classes: ``A`` (a), ``I`` (e, i, y) and ``O`` (o, u).

    Example:
        >>> skeleton("kear"), skeleton("car"), skeleton("quall")
        ('kAr', 'kAr', 'kAr')
        >>> skeleton("honeywell", vowels=True)
        'hOnIfIr'
    """
    for pattern, replacement in _CLUSTERS:
        text = pattern.sub(replacement, text)
    vowel_classes = _VOWELS if vowels else _ONE_VOWEL
    out = ""
    for letter in text:
        heard = vowel_classes.get(letter) or _CLASSES.get(letter, letter)
        if (heard == "h" and out) or out[-1:] == heard[-1]:
            continue
        out += heard
    return out
