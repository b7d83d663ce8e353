"""What party, union, youth and women's organisations put around the name of the organisation they belong to.

`中共汇丰银行（中国）有限公司上海分行第一支部委员会` names an organisation between a word that opens (中共) and words
that close (第一 + 支部委员会). The closing words are read from the end: a word for the kind of organisation (党支部,
党委, 工会 ...), before it any number of adjectives (第一, 离退休, 联合, 机关) and numbers, then perhaps another such
word (东北师范大学 | 机关党委 | ...). Everything runs on positions, from the right to the left, once.
"""

from __future__ import annotations

import re

from entitymatch.names.vocabulary import HanVocabulary, Words

Piece = tuple[str, int, int]

_NUMERALS = frozenset("一二三四五六七八九十百零两〇廿卅壹贰叁肆伍陆柒捌玖拾0123456789")
_ROMAN = frozenset("IVX")  # only behind 第
_SEPARATORS = frozenset(" ,-·\"'.、/&")
# A Chinese number without 第 belongs to the wrapper only after a word for an organisation or a part of one:
# 机关一支部, but 统一党支部.
_BEFORE_NUMBER = frozenset("司厂部处院校所店行关休心室科队站团会局系库办区村中大学社段组")
_PARTY = re.compile("党|支部|委员会|纪")


def strip_wrappers(text: str, words: HanVocabulary) -> tuple[list[Piece], int, int]:
    """Find the wrapper at both ends of a normalised string.

    Returns:
        The wrapper's pieces, and the start and end of what it is wrapped around (which may be empty).
    """
    high = len(text)
    pieces: list[Piece] = []
    low = words.front.at(text, 0, high)
    start = _closing(text, low, high, words, fronted=low > 0)
    if not low and start == high:
        start = _committee(text, high, words)
    if low and (start < high or text[:low] in _SURE_FRONT):
        pieces.append(("wrapper", 0, low))
        low = _skip(text, low, high)
    else:
        low = 0  # 民建, 民进 ... open a name only where something closes it
    if start < high and (_PARTY.search(text, start) or text[low:start] not in words.places):
        inside = text[start] == "(" and text[high - 1] == ")"
        end = high - inside
        while text[end - 1] in _SEPARATORS:
            end -= 1
        pieces.append(("wrapper", start + inside, end))
        high = start
    return pieces, min(low, high), high


def _committee(text: str, high: int, words: HanVocabulary) -> int:
    """Return where 委员会 begins that closes a company's, university's or hospital's name; ``high`` if none does."""
    start = high - 3
    if start < 4 or not text.startswith("委员会", start):
        return high
    if text.endswith("公司", 0, start):
        return start
    head = words.trades.before(text, 0, start)
    return start if head > 1 and text[head:start] in words.heads else high


_SURE_FRONT = frozenset({"中共", "中国共产党", "共青团", "中国共产主义青年团"})


def _skip(text: str, start: int, end: int) -> int:
    while start < end and text[start] in _SEPARATORS:
        start += 1
    return start


def _closing(text: str, low: int, high: int, words: HanVocabulary, fronted: bool) -> int:
    """Return where the closing words of the wrapper begin; ``high`` if there are none."""
    ends = words.front_end if fronted else words.end
    position = _behind_number(text, low, high, ends)
    found = high
    while position > low:
        end = position
        # A note in brackets behind the closing word, 党支部(临时), goes with it.
        if text[end - 1] == ")":
            opening = text.rfind("(", low, end)
            inner = ends.before(text, opening + 1, end - 1) if opening >= 0 else -1
            if inner >= 0 and found == high and _adjectives(text, opening + 1, inner, words) == opening + 1:
                found = position = opening  # 有限公司(临时党支部)
                continue
            if opening < 0 or not _only_adjectives(text, opening + 1, end - 1, words):
                break
            end = opening
        while end > low and text[end - 1] in _SEPARATORS:
            end -= 1
        start = ends.before(text, low, end)
        if start < 0 or (text[start:end] == "工会" and text[max(low, start - 1) : start] == "总"):
            break
        found = position = _adjectives(text, low, start, words)
    return found


def _behind_number(text: str, low: int, high: int, ends: Words) -> int:
    """Return the end of the closing word where a number follows it (党支部2), else ``high``."""
    end = high
    while end > low and text[end - 1] in _NUMERALS:
        end -= 1
    start = ends.before(text, low, end) if end < high else -1
    return end if start >= 0 and text.endswith(("支部", "总支", "小组"), start, end) else high


def _adjectives(text: str, low: int, high: int, words: HanVocabulary) -> int:
    """Return where the adjectives and numbers that end at ``high`` begin."""
    position = high
    while position > low:
        end = position
        while end > low and text[end - 1] in _SEPARATORS:
            end -= 1
        if end <= low:
            break
        if text[end - 1] == ")":
            opening = text.rfind("(", low, end)
            if opening >= 0 and _only_adjectives(text, opening + 1, end - 1, words):
                position = opening
                continue
            break
        start = words.middle.before(text, low, end)
        if start < 0:
            start = _number(text, low, end)
        if start < 0:
            break
        position = start
    return position


def _number(text: str, low: int, end: int) -> int:
    """Return the start of a number (第一, 第12, 3号, 二) that ends at ``end``, or -1."""
    start = end
    if start - low > 1 and text[start - 1] in "号级届":
        start -= 1
    digits = start
    while start > low and text[start - 1] in _NUMERALS:
        start -= 1
    if start == digits:
        while start > low and text[start - 1] in _ROMAN:
            start -= 1
        return start - 1 if low < start < digits and text[start - 1] == "第" else -1
    if start > low and text[start - 1] == "第":
        return start - 1
    if start == low or text[start].isascii() or text[start - 1] in _BEFORE_NUMBER or text[start - 1] in ")休":
        return start
    return -1


def _only_adjectives(text: str, low: int, high: int, words: HanVocabulary) -> bool:
    """Return whether a bracket holds nothing but adjectives, numbers or 筹."""
    return text[low:high] in {"筹", "筹备", "筹建"} or (high > low and _adjectives(text, low, high, words) == low)


def inner_wrapper(text: str, low: int, high: int, words: HanVocabulary) -> tuple[int, int] | None:
    """Return the span of a wrapper that stands between two names (大学 | 机关党委 | 就业指导中心), or None."""
    match = words.inner.search(text, low, high)
    if match is None or match.end() >= high:
        return None
    start = _adjectives(text, low, match.start(), words)
    # At the front only where a department follows in brackets: 党委宣传部(企业文化部).
    return (start, match.end()) if start > low or text[match.end()] == "(" else None
