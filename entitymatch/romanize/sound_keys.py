"""Blocking features by sound: weighted keys that a Chinese and a Latin spelling of one sound share.

霍尼韦尔 and Honeywell share no letter, and a spelling of one made from the other misses by a vowel. So both are
reduced to what survives transliteration, and cut into short pieces:

* ``c:`` consonant classes only (L and R alike, voiced and voiceless alike): ``^hnfr$`` gives ``^hn``, ``hnf`` …
* ``v:`` the same with three classes of vowels in between: ``^hOnIfIr$`` gives ``^hO``, ``hOnI`` …

``^`` and ``$`` stand for the ends. The Latin side is known and its pieces weigh 1. The Chinese side may be spelled in
many ways: the transliteration model says how probable each class string of a character is, the likeliest whole
strings are put together, and a piece weighs the square root of the probability that it occurs. Keys want weighting by
rarity (IDF) in the reference list.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

import numpy as np

from entitymatch.romanize.letters import letters, skeleton, string
from entitymatch.romanize.transliteration import Transliteration

SIZES = (2, 3, 4)
BEAM = 30
CHOICES = 4
LEAST_CHOICE = 0.05
LEAST_KEY = 0.02
_MOST_CACHED = 100_000

Weighted = list[tuple[str, float]]
_Choices = list[list[tuple[str, float]]]


def _classes(text: str, kind: str) -> str:
    if kind == "v":
        return skeleton(text, vowels=True)
    return skeleton(text).replace("A", "")


def _joined(left: str, right: str) -> str:
    return left + right[1:] if left[-1:] == right[:1] else left + right


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
    order = np.argsort([place[name] for name in classes], kind="stable")
    starts = np.searchsorted(np.array([place[classes[index]] for index in order]), np.arange(len(names)))
    totals = np.vstack(
        [
            np.add.reduceat(rows[:, order], starts, axis=1)
            for emissions in (model.character_emissions, model.syllable_emissions)
            for rows in np.array_split(emissions, 8)  # the reordered copy is large
        ]
    )
    best = np.argsort(-totals, axis=1, kind="stable")[:, :CHOICES]
    out: _Choices = []
    for row, columns in zip(totals, best, strict=True):
        kept = [int(column) for column in columns if row[column] > LEAST_CHOICE * row[columns[0]]]
        whole = sum(float(row[column]) for column in kept)
        out.append([(names[column], float(row[column]) / whole) for column in kept])
    return out


def _class_strings(rows: list[int], kind: str) -> Weighted:
    """The likeliest class strings of a whole Chinese name."""
    choices = _choices(kind)
    strings = {"": 1.0}
    for row in rows:
        if row >= len(choices):
            continue
        longer: dict[str, float] = defaultdict(float)
        for so_far, weight in strings.items():
            for classes, probability in choices[row]:
                longer[_joined(so_far, classes)] += weight * probability
        best = sorted(longer.items(), key=lambda item: (-item[1], item[0]))[:BEAM]
        total = sum(
            weight for _, weight in best
        )  # at each step: the weights of a page of text would run out of numbers
        strings = {classes: weight / total for classes, weight in best}
    return list(strings.items())


@lru_cache(maxsize=_MOST_CACHED)
def _latin_keys(name: str) -> tuple[tuple[str, float], ...]:
    return tuple((f"{kind}:{piece}", 1.0) for kind in "cv" for piece in sorted(_pieces(_classes(name, kind))))


@lru_cache(maxsize=_MOST_CACHED)
def _han_keys(text: str) -> tuple[tuple[str, float], ...]:
    rows = Transliteration.load_default().channel.rows(text)
    if not rows:
        return ()
    out = []
    for kind in "cv":
        expected: dict[str, float] = defaultdict(float)
        for classes, probability in _class_strings(rows, kind):
            for piece in _pieces(classes):
                expected[piece] += probability
        out += [
            (f"{kind}:{piece}", round(weight**0.5, 4))
            for piece, weight in sorted(expected.items())
            if weight > LEAST_KEY
        ]
    return tuple(out)


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
