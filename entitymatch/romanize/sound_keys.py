"""Blocking features by sound: weighted keys that a Chinese and a Latin spelling of one sound share.

霍尼韦尔 and Honeywell share no letter, and a spelling of one made from the other misses by a vowel. So both are
reduced to what survives transliteration, and cut into short pieces:

* ``c:`` consonant classes only (L and R alike, voiced and voiceless alike): ``^hnfr$`` gives ``^hn``, ``hnf`` …
* ``v:`` the same with three classes of vowels in between: ``^hOnIfIr$`` gives ``^hO``, ``hOnI`` …

``^`` and ``$`` stand for the ends. The Latin side is known and its pieces weigh 1. The Chinese side may be spelled in
many ways: the transliteration model says how probable each class string of a character is, the likeliest strings are
followed through the name, and a piece weighs the square root of how often it is expected (1 at most). Keys want
weighting by rarity (IDF) in the reference list.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from sys import intern

import numpy as np
from scipy import sparse

from entitymatch.romanize.letters import lengths, letters, skeleton, string
from entitymatch.romanize.transliteration import Transliteration

SIZES = (2, 3, 4)
BEAM = 10
CHOICES = 4
LEAST_CHOICE = 0.05
LEAST_KEY = 0.04
_MOST_CACHED = 131_072
_MOST_TEXTS = 4_096  # a text has a hundred keys, and comes once as a rule

Weighted = list[tuple[str, float]]
_Choices = list[list[tuple[str, float]]]


def _classes(text: str, kind: str) -> str:
    if kind == "v":
        return skeleton(text, vowels=True)
    return skeleton(text).replace("A", "")


def _pieces(classes: str) -> set[str]:
    padded = f"^{classes}$"
    return {padded[start : start + size] for size in SIZES for start in range(len(padded) - size + 1)}


@lru_cache(maxsize=4)
def _choices(kind: str) -> _Choices:
    """The likeliest class strings of each row of the model (characters, then syllables)."""
    model = Transliteration.load_default().channel
    classes = [_classes(string(int(number)), kind) for number in model.strings]
    names = sorted(set(classes))
    place = {name: index for index, name in enumerate(names)}
    table = model.table[:-2, : len(classes)]  # relative to uniform letters
    uniform = 26.0 ** -lengths(model.strings).astype(np.float64)
    columns = np.array([place[name] for name in classes])
    joined = sparse.csr_matrix((uniform, (np.arange(len(classes)), columns)))
    totals = np.vstack([rows @ joined for rows in np.array_split(table, 8)])  # each is copied
    best = np.argsort(-totals, axis=1, kind="stable")[:, :CHOICES]
    out: _Choices = []
    for row, likeliest in zip(totals, best, strict=True):
        kept = [int(column) for column in likeliest if row[column] > LEAST_CHOICE * row[likeliest[0]]]
        whole = sum(float(row[column]) for column in kept)
        out.append([(names[column], float(row[column]) / whole) for column in kept])
    return out


@lru_cache(maxsize=_MOST_CACHED)
def _grown(ending: str, classes: str, kind: str) -> tuple[str, tuple[str, ...]]:
    """Append classes to a string that ends so; return the new ending and the keys of the pieces that end in them."""
    if ending[-1] == classes[:1]:
        classes = classes[1:]
    whole = ending + classes
    ends = range(len(ending) + 1, len(whole) + 1)
    keys = tuple(intern(f"{kind}:{whole[end - size : end]}") for end in ends for size in SIZES if size <= end)
    return intern(whole[1 - max(SIZES) :]), keys


def _expected_keys(rows: Sequence[int], kind: str) -> dict[str, float]:
    """How often each piece is expected in the class string of a Chinese name.

    A piece ends within the classes of one character, and what stood before is told by the last classes of the string,
    so that all strings with one ending go on together.
    """
    choices = _choices(kind)
    expected: dict[str, float] = {}
    get = expected.get
    strings = [("^", 1.0)]
    for row in rows:
        if row >= len(choices):
            continue
        longer: dict[str, float] = {}
        for ending, so_far in strings:
            for classes, probability in choices[row]:
                grown, keys = _grown(ending, classes, kind)
                weight = so_far * probability
                longer[grown] = longer.get(grown, 0.0) + weight
                for key in keys:
                    expected[key] = get(key, 0.0) + weight
        strings = list(longer.items())
        if len(strings) > BEAM:
            strings = sorted(strings, key=lambda item: (-item[1], item[0]))[:BEAM]
            total = sum([weight for _, weight in strings])
            strings = [(ending, weight / total) for ending, weight in strings]
    for ending, weight in strings:
        for key in _grown(ending, "$", kind)[1]:
            expected[key] = get(key, 0.0) + weight
    return expected


@lru_cache(maxsize=_MOST_CACHED)
def _latin_keys(name: str) -> tuple[tuple[str, float], ...]:
    return tuple((f"{kind}:{piece}", 1.0) for kind in "cv" for piece in sorted(_pieces(_classes(name, kind))))


@lru_cache(maxsize=_MOST_TEXTS)
def _han_keys(text: str) -> tuple[tuple[str, float], ...]:
    rows = Transliteration.load_default().channel.rows(text)
    expected = _expected_keys(rows, "c") | _expected_keys(rows, "v") if rows else {}
    return tuple([(key, min(weight, 1.0) ** 0.5) for key, weight in expected.items() if weight > LEAST_KEY])


def sound_keys_latin(token: str) -> Weighted:
    """Return the sound keys of a Latin token (or of several, joined).

    Args:
        token: letters; accents are folded, everything else is skipped.

    Returns:
        Keys with weight 1.0, each once; [] for a token without letters.

    Example:
        >>> [key for key, _ in sound_keys_latin("Honeywell")][:3]
        ['c:^h', 'c:^hn', 'c:^hnf']
    """
    name = letters(token)
    return list(_latin_keys(name)) if name else []


def sound_keys_han(text: str) -> Weighted:
    """Return the sound keys of a Chinese core.

    Args:
        text: Han characters; everything else is skipped. Best the core alone: ``^`` and ``$`` mark its ends.

    Returns:
        Keys with weights in (0, 1], each once; [] for a text without Han characters.

    Example:
        >>> shared = {key for key, _ in sound_keys_han("霍尼韦尔")} & {key for key, _ in sound_keys_latin("Honeywell")}
        >>> {"c:^hnf", "c:fr$", "v:^hOn"} <= shared
        True
    """
    return list(_han_keys(text))
