"""One form for one name: the same characters, brackets and spaces however a register was typed.

Registers write `ＨＳＢＣ（中国）`, `HSBC(中國)` and `HSBC [ 中国 ]` for one organisation. Everything after this
module sees one form: Unicode's NFKC (full width, compatibility characters), simplified characters (OpenCC's tables
with the Hong Kong, Taiwan and Japanese forms), look-alikes (Kangxi radicals, Cyrillic and Greek letters inside Latin
words, kana that look like Han characters), one kind of bracket, dash, quote and space, no control characters. Latin
case and accents stay: they tell acronyms from words.

Characters are looked up in one table that fills itself, so that a string costs one ``str.translate``; only strings
in which the number of characters changes take the slow way that keeps, for every character, where it comes from.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import groupby

_BRACKETS = {**dict.fromkeys("（［｛〔【〖〘〚⟨⦅﹙﹛﹝[{", "("), **dict.fromkeys("）］｝〕】〗〙〛⟩⦆﹚﹜﹞]}", ")")}
_QUOTES = {**dict.fromkeys("“”„‟«»「」『』《》〈〉‹›〝〞〟＂﹁﹂﹃﹄", '"'), **dict.fromkeys("‘’‚‛`´＇ʼ", "'")}
_DASHES = dict.fromkeys("‐‑‒–—―−－─﹘﹣⁃", "-")
_DOTS = dict.fromkeys("•・‧⋅∙●﹒･᛫", "·")
_OTHER = {
    "、": ",",
    "，": ",",
    "﹐": ",",
    "。": ".",
    "｡": ".",
    "〇": "零",
    "○": "零",
    "＆": "&",
    "﹠": "&",
    "⺀": "冫",
    "⻢": "马",
}
# Cyrillic and Greek capitals and small letters with the Latin letter that they cannot be told from.
_HOMOGLYPHS = str.maketrans("АВЕКМНОРСТХУЅІЈаеорсхуѕіјΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEKMHOPCTXYSIJaeopcxysijABEZHIKMNOPTYXo")
# Kana and other signs that are typed for Han characters; only turned between two Han characters.
_KANA = str.maketrans("ニハミロカエトタチ", "二八三口力工卜夕千")

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_SPACE_TO_DROP = re.compile(rf"(?<=[{_HAN}(]) | (?=[{_HAN})])")
_MIXED_WORD = re.compile(r"[A-Za-z][Ѐ-ӿͰ-Ͽ]|[Ѐ-ӿͰ-Ͽ][A-Za-z]")
_WORD = re.compile(r"[^\W_]+")
_KANA_AMONG_HAN = re.compile(rf"(?<=[{_HAN}])[ニハミロカエトタチ](?=[{_HAN}])")
_HAS_HAN = re.compile(rf"[{_HAN}]")
_IRREGULAR = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\xad]| {2}|^ | $")
_GARBLED = re.compile(
    "\ufffd|锟斤拷|烫烫烫|[ÃÂâåæçèé][\u0080-\u00bf\u0152-\u0178\u2013-\u203a\u20ac\u2122]|(?:Ð|Ñ)[\u0080-\u00bf]|[\u0080-\u00ff]{4}"
)
DROP = "\x00"
_FEW_MARKS = 30  # more marks on one letter no language writes (UAX #15, stream-safe text)


class _Table(dict[int, str]):
    """A translation table that works a character out when it first meets it. ``DROP`` stands for nothing."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        result = _one(char)
        self[code] = result
        return result


def _one(char: str) -> str:
    """Return what one character becomes: a string, or ``DROP``."""
    for table in (_BRACKETS, _QUOTES, _DASHES, _DOTS, _OTHER):
        if char in table:
            return table[char]
    category = unicodedata.category(char)
    if char in "\t\n\r\v\f\x85" or category[0] == "Z":
        return " "
    if category in {"Cc", "Cf", "Cs"}:
        return DROP
    simple = _simplified()
    folded = unicodedata.normalize("NFKC", char)
    if folded == char:
        return simple.get(char, char)
    if folded in {"(", ")"}:
        return folded
    return "".join("" if part == DROP else part for part in map(_one, folded)) if len(folded) < 20 else char


@cache
def _simplified() -> dict[str, str]:
    """Return the table of traditional characters."""
    from entitymatch.lexicon.tables import read_table  # here: the lexicon's index normalises its names

    return {
        old: new
        for row in read_table("traditional.tsv")
        for old, new in zip(row["traditional"], row["simplified"], strict=True)
    }


@cache
def _phrases() -> tuple[frozenset[str], re.Pattern[str], dict[str, str]]:
    """Return the phrases to turn before their characters: second characters to look for, a pattern and the table."""
    from entitymatch.lexicon.tables import read_table

    table = {row["traditional"]: row["simplified"] for row in read_table("traditional_phrases.tsv")}
    pattern = re.compile("|".join(sorted(map(re.escape, table), key=len, reverse=True)))
    # Every phrase holds one of these characters, which are rare; a string without them need not be searched.
    return frozenset("乾著藉瞭覆麽徵沈鍊逕祕鉅剋甦釐鍾坏薹蒐"), pattern, table


_TABLE = _Table()


@dataclass(frozen=True, slots=True)
class Normalized:
    """A normalised string and, for each of its characters, the span it comes from.

    ``starts`` and ``ends`` are None where every character stands where it stood in the original.
    """

    text: str
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the original of ``text[start:end]`` (``start < end``)."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def normalize(text: str) -> str:
    """Return the one form in which names are compared.

    Args:
        text: any string.

    Returns:
        The string in NFKC, simplified, with ASCII brackets, quotes, dashes and single inner spaces; no space beside
        a Han character or inside a bracket; no control characters. Case and accents of Latin letters are kept.
        Applied twice it changes nothing more. A string with a Han character never becomes empty.

    Example:
        >>> normalize("　滙豐銀行〔中國〕 有限公司 ")
        '汇丰银行(中国)有限公司'
        >>> normalize("Ｒｏｌｌｓ‐Ｒｏｙｃｅ  （China）")
        'Rolls-Royce (China)'
    """
    return normalize_with_spans(text).text


def normalize_with_spans(text: str) -> Normalized:
    """Normalise like :func:`normalize` and keep where each character comes from.

    Example:
        >>> result = normalize_with_spans("ABB　 （中國）")
        >>> result.text, result.span(5, 7)
        ('ABB (中国)', (6, 8))
    """
    letters = set(text)
    rare, pattern, table = _phrases()
    source = text
    if not letters.isdisjoint(rare):
        source = pattern.sub(lambda match: table[match[0]], text)
    if unicodedata.is_normalized("NFC", source):
        result = source.translate(_TABLE)
        if len(result) == len(text) and not _IRREGULAR.search(result) and not _SPACE_TO_DROP.search(result):
            return Normalized(_look_alikes(result))
    return _slow(source)


def _slow(source: str) -> Normalized:
    """Normalise character by character, keeping positions."""
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position, length = 0, len(source)
    while position < length:
        end = position + 1
        while end < length and (unicodedata.combining(source[end]) or "\u1160" <= source[end] <= "\u11ff"):
            end += 1
        cluster = source[position:end]
        if end - position > 1:
            cluster = unicodedata.normalize("NFC", _ordered(cluster))
        for char in cluster.translate(_TABLE):
            if char != DROP:
                chars.append(char)
                starts.append(position)
                ends.append(end)
        position = end
    keep = _kept("".join(chars))
    return Normalized(
        _look_alikes("".join([chars[index] for index in keep])),
        tuple([starts[index] for index in keep]),
        tuple([ends[index] for index in keep]),
    )


def _ordered(cluster: str) -> str:
    """Put many combining marks into canonical order, which Python's own normalisation does in quadratic time."""
    if len(cluster) <= _FEW_MARKS:
        return cluster
    marks = unicodedata.combining
    runs = ("".join(sorted(run, key=marks)) for _, run in groupby(cluster, key=lambda char: marks(char) == 0))
    return "".join(runs)


def _kept(text: str) -> list[int]:
    """Return the positions that stay when needless spaces go."""
    keep: list[int] = []
    for index, char in enumerate(text):
        if char == " " and (not keep or text[keep[-1]] in " ("):
            continue
        if keep and text[keep[-1]] == " " and (char == ")" or _is_han(char)):
            keep.pop()
        if char == " " and _is_han(text[keep[-1]]):
            continue
        keep.append(index)
    while keep and text[keep[-1]] == " ":
        keep.pop()
    return keep


def _look_alikes(text: str) -> str:
    """Turn Cyrillic and Greek letters inside Latin words, and kana between Han characters; lengths do not change."""
    if text.isascii():
        return text
    if _MIXED_WORD.search(text):
        text = _WORD.sub(_latin_word, text)
    return _KANA_AMONG_HAN.sub(lambda match: match[0].translate(_KANA), text)


def _latin_word(match: re.Match[str]) -> str:
    word = match[0]
    return word.translate(_HOMOGLYPHS) if _MIXED_WORD.search(word) else word


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or "\U00020000" <= char <= "\U000323af"


def is_letter(char: str) -> bool:
    """Return whether a character is a letter or digit, or a Han character newer than Python's tables."""
    return char.isalnum() or _is_han(char)


def has_han(text: str) -> bool:
    """Return whether a Han character stands in the string.

    Example:
        >>> has_han("TCL集团"), has_han("TCL")
        (True, False)
    """
    return bool(_HAS_HAN.search(text))


def is_garbled(text: str) -> bool:
    r"""Return whether a string looks like text decoded with the wrong encoding. It is reported, never guessed at.

    Example:
        >>> is_garbled("锟斤拷锟斤拷有限公司"), is_garbled("ä¸\xadå\x9b½"), is_garbled("中国银行")
        (True, True, False)
        >>> is_garbled("涓浗閾惰")  # UTF-8 read as GBK
        True
    """
    return bool(_GARBLED.search(text)) or (has_han(text) and _is_utf8_read_as_gbk(text))


def _is_utf8_read_as_gbk(text: str) -> bool:
    """Return whether the bytes of a Han string in GB 18030 are Han characters in UTF-8, but for a few lost bytes.

    That hardly happens by chance: in UTF-8 a Han character takes three bytes of narrow ranges, and what comes out
    always holds characters that GB 2312, the common ones, lacks.
    """
    if not _beyond_gb2312(text):
        return False
    data = text.encode("gb18030", "ignore")
    turned = data.decode("utf-8", "ignore")
    found = sum(map(_is_han, turned))
    others = sum(not char.isascii() and not _is_han(char) and char not in "（）、，。·" for char in turned)
    return found > 1 and not others and 6 * found >= sum(byte > 0x7F for byte in data)


def _beyond_gb2312(text: str) -> bool:
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return True
    return False
