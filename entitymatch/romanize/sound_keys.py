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

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from entitymatch.romanize.letters import lengths, letters, skeleton, string
from entitymatch.romanize.transliteration import Transliteration

SIZES = (2, 3, 4)
BEAM = 10
CHOICES = 4
LEAST_CHOICE = 0.05
LEAST_KEY = 0.04
CODES = 1 << 17
"""How many codes there are (:func:`key_codes`)."""

_MOST_CACHED = 16_384
_SYMBOLS = "$AIO^fhjknprst"  # in the order of their characters, so that codes of one length sort like strings
_DIGITS = {symbol: digit for digit, symbol in enumerate(_SYMBOLS, 1)}
_KINDS = "cv"
_KIND = 1 << 16  # the bit of a code that tells vowels from consonants only
_ENDING = 0xFFF  # the last three symbols
_START, _END = _DIGITS["^"], _DIGITS["$"]

Weighted = list[tuple[str, float]]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def _classes(text: str, kind: str) -> str:
    if kind == "v":
        return skeleton(text, vowels=True)
    return skeleton(text).replace("A", "")


def _pieces(classes: str) -> set[str]:
    padded = f"^{classes}$"
    return {padded[start : start + size] for size in SIZES for start in range(len(padded) - size + 1)}


def _digits(classes: str) -> int:
    """Return symbols as one number, four bits each."""
    code = 0
    for symbol in classes:
        code = code << 4 | _DIGITS[symbol]
    return code


@dataclass(frozen=True, slots=True)
class _Choices:
    """The likeliest class strings of each row of the model (characters, then syllables; last: the end of a name).

    All have the shape ``(kinds, rows, CHOICES)``: the symbols as a number, how many there are, and the probability, 0
    where there are fewer choices.
    """

    symbols: Ints
    lengths: Ints
    probability: Floats


_adopted: list[_Choices] = []  # from another process


def _choices() -> _Choices:
    return _adopted[0] if _adopted else _worked_out()


def choice_arrays() -> dict[str, NDArray[Any]]:
    """Return what :func:`adopt_choices` takes in another process."""
    return {field.name: getattr(_choices(), field.name) for field in fields(_Choices)}


def adopt_choices(arrays: dict[str, NDArray[Any]]) -> None:
    """Take the choices that another process worked out from the same model."""
    _adopted[:] = [_Choices(**arrays)]


@cache
def _worked_out() -> _Choices:
    channel = Transliteration.load_default().channel
    rows = len(channel.characters) + len(channel.syllable_names)
    shape = (len(_KINDS), rows + 1, CHOICES)
    found = _Choices(np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.zeros(shape))
    strings = [string(int(number)) for number in channel.strings]
    table = channel.table[:-2, : len(strings)]  # relative to uniform letters
    uniform = 26.0 ** -lengths(channel.strings).astype(np.float64)
    for number, kind in enumerate(_KINDS):
        classes = [_classes(text, kind) for text in strings]
        names = sorted(set(classes))
        place = {name: index for index, name in enumerate(names)}
        columns = np.array([place[name] for name in classes])
        joined = sparse.csr_matrix((uniform, (np.arange(len(classes)), columns)))
        symbols, sizes = np.array(list(map(_digits, names))), np.array(list(map(len, names)))
        for part in np.array_split(np.arange(rows), 8):  # each is copied
            totals = table[part[0] : part[-1] + 1] @ joined
            best, likely = _largest(totals, CHOICES)
            likely[likely <= LEAST_CHOICE * likely[:, :1]] = 0.0
            found.symbols[number, part], found.lengths[number, part] = symbols[best], sizes[best]
            found.probability[number, part] = likely / np.cumsum(likely, axis=1)[:, -1:]
    found.symbols[:, rows, 0], found.lengths[:, rows, 0], found.probability[:, rows, 0] = _END, 1, 1.0
    return found


def _largest(totals: Floats, most: int) -> tuple[Ints, Floats]:
    """Return the positions of the largest of each row, the first of equal ones first, and these; `totals` is used up.

    Not all of a row is sorted for the sake of a few.
    """
    best = np.zeros((len(totals), most), np.int64)
    likely = np.zeros((len(totals), most))
    rows = np.arange(len(totals))
    for choice in range(most):
        best[:, choice] = np.argmax(totals, axis=1)
        likely[:, choice] = totals[rows, best[:, choice]]
        totals[rows, best[:, choice]] = -1.0
    return best, likely


@cache
def _shorter() -> sparse.csr_matrix:
    """Return, for each code, the codes of the pieces that end where it ends: itself, and it without what comes first.

    The codes of four symbols hold two more, those of three one.
    """
    codes = np.arange(CODES)
    symbols, kind = codes & (_KIND - 1), codes & _KIND
    pieces = np.stack([codes, kind | symbols & _ENDING, kind | symbols & 0xFF], axis=1)
    kept = np.stack([symbols > 0xF, symbols > _ENDING, symbols > 0xFF], axis=1)
    starts = np.concatenate([[0], np.cumsum(kept.sum(axis=1))])
    return sparse.csr_matrix((np.ones(starts[-1]), pieces[kept], starts), shape=(CODES, CODES))


def _expected(texts: Sequence[Sequence[int]]) -> sparse.csr_matrix:
    """How often each piece is expected in the class strings of Chinese names.

    A piece ends within the classes of one character, and what stood before is told by the last classes of the string,
    so that all strings with one ending go on together. All names take a step at a time.

    Args:
        texts: the rows of the model of each name's characters.

    Returns:
        Names × codes.
    """
    choices = _choices()
    last = choices.symbols.shape[1] - 1
    sizes = np.array([len(rows) + 1 for rows in texts], np.int64)
    steps = np.full((len(texts), int(sizes.max(initial=0))), last, np.int64)
    for index, rows in enumerate(texts):
        steps[index, : len(rows)] = rows
    # The strings of all names: the name and the kind of classes, how a string ends, and how probable it is.
    group = np.arange(len(texts) * len(_KINDS))
    ending, weight = np.full(len(group), _START), np.ones(len(group))
    found: list[tuple[Ints, Ints, Floats]] = []
    for step in range(steps.shape[1]):
        going = sizes[group >> 1] > step
        group, ending, weight = group[going], ending[going], weight[going]
        kind, row = group & 1, steps[group >> 1, step]
        probability = choices.probability[kind, row]
        one, choice = np.nonzero(probability)
        group, ending, weight = group[one], ending[one], weight[one] * probability[one, choice]
        at = kind[one], row[one], choice
        size, symbols = choices.lengths[at], choices.symbols[at]
        doubled = (size > 0) & (ending & 0xF == symbols >> 4 * np.maximum(size - 1, 0))
        size = size - doubled
        whole = ending << 4 * size | symbols & (1 << 4 * size) - 1
        for end in range(int(size.max(initial=0)) - 1, -1, -1):
            reaching = np.flatnonzero(size > end)
            code = whole[reaching] >> 4 * end & _KIND - 1
            found.append((group[reaching], code, weight[reaching]))
        group, ending, weight = _likeliest(group, whole & _ENDING, weight)
    group, code = np.concatenate([part[0] for part in found]), np.concatenate([part[1] for part in found])
    weight = np.concatenate([part[2] for part in found])
    text = group >> 1
    order = np.argsort(text.astype(np.uint16) if len(texts) < 1 << 16 else text, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(text, minlength=len(texts)))])
    n = len(order)
    of_name = sparse.csr_matrix((weight[order], np.arange(n), starts), shape=(len(texts), n))
    of_kind: Ints = (code | (group & 1) * _KIND)[order]
    of_code = sparse.csr_matrix((np.ones(n), of_kind, np.arange(n + 1)), shape=(n, CODES))
    return of_name @ of_code @ _shorter()


def _likeliest(group: Ints, ending: Ints, weight: Floats) -> tuple[Ints, Ints, Floats]:
    """Join strings of one group with one ending, and keep the likeliest :data:`BEAM` of each group."""
    joined, inverse = np.unique(group << 12 | ending, return_inverse=True)
    group, ending, weight = joined >> 12, joined & _ENDING, np.bincount(inverse, weight).astype(np.float64)
    counts = np.bincount(group)
    if counts.max(initial=0) <= BEAM:
        return group, ending, weight
    left_aligned = ending << 4 * ((ending < 0x100).astype(np.int64) + (ending < 0x10))
    many = counts[group] > BEAM
    order = np.lexsort((np.where(many, left_aligned, 0), np.where(many, -weight, 0.0), group))
    group, ending, weight = group[order], ending[order], weight[order]
    starts = np.cumsum(counts) - counts
    kept = np.arange(len(group)) - starts[group] < BEAM
    group, ending, weight = group[kept], ending[kept], weight[kept]
    whole = np.bincount(group, weight)
    return group, ending, np.where(counts[group] > BEAM, weight / whole[group], weight)


@lru_cache(maxsize=_MOST_CACHED)
def _latin_keys(name: str) -> tuple[tuple[str, float], ...]:
    return tuple((f"{kind}:{piece}", 1.0) for kind in "cv" for piece in sorted(_pieces(_classes(name, kind))))


def sound_codes_han(texts: Sequence[str]) -> sparse.csr_matrix:
    """Return the sound keys of many Chinese cores at once, as numbers.

    Args:
        texts: as for :func:`sound_keys_han`.

    Returns:
        (texts, :data:`CODES`) the weight of each key, in (0, 1]; ``key_codes`` says which column is which key's.

    Example:
        >>> codes = dict(zip(key_codes(keys := ["c:^hn", "c:^hnf", "v:^hOn"]).tolist(), keys))
        >>> [codes[c] for c in sound_codes_han(["霍尼韦尔"]).indices if c in codes]
        ['c:^hn', 'c:^hnf', 'v:^hOn']
    """
    channel = Transliteration.load_default().channel
    known = len(channel.characters) + len(channel.syllable_names)
    read = [channel.rows(text) for text in texts]
    named = [index for index, rows in enumerate(read) if rows]
    if not named:
        return sparse.csr_matrix((len(texts), CODES))
    expected = _expected([[row for row in read[index] if row < known] for index in named])
    expected.data[expected.data <= LEAST_KEY] = 0.0
    expected.eliminate_zeros()
    np.sqrt(np.minimum(expected.data, 1.0), out=expected.data)
    expected.sort_indices()
    starts = np.zeros(len(texts) + 1, expected.indptr.dtype)
    starts[1:][named] = np.diff(expected.indptr)
    return sparse.csr_matrix((expected.data, expected.indices, np.cumsum(starts)), shape=(len(texts), CODES))


def key_codes(keys: Iterable[str]) -> Ints:
    """Return the columns of :func:`sound_codes_han` that keys stand in.

    Example:
        >>> key_codes(["c:^h", "v:^h"]).tolist()
        [87, 65623]
    """
    return np.array([_digits(key[2:]) + (_KIND if key[0] == "v" else 0) for key in keys], dtype=np.int64)


def code_keys(codes: NDArray[np.integer[Any]]) -> list[str]:
    """Return the keys that stand in columns of :func:`sound_codes_han`.

    Example:
        >>> code_keys(np.array([87, 65623]))
        ['c:^h', 'v:^h']
    """
    return list(map(_key, codes.tolist()))


@lru_cache(maxsize=_MOST_CACHED)
def _key(code: int) -> str:
    symbols = [_SYMBOLS[(code >> shift & 0xF) - 1] for shift in (12, 8, 4, 0) if code >> shift & 0xF]
    return f"{_KINDS[code >= _KIND]}:{''.join(symbols)}"


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
    found = sound_codes_han([text])
    return list(zip(code_keys(found.indices), found.data.tolist(), strict=True))
