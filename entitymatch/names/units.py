"""Parts of an organisation: where the organisation's own name ends and a branch, office, department or works begins.

In Chinese the whole stands before its part without any mark. What tells them apart is the last word of the whole: a
legal form (有限公司 | 上海分公司), or a word that closes an organisation's name (银行 | 上海分行, 大学 |
计算机学院). Only strong words for parts (分公司, 支行, 财务部) are believed without one.
"""

from __future__ import annotations

import re

from entitymatch.names.normalize import is_letter
from entitymatch.names.vocabulary import HanVocabulary
from entitymatch.names.wrapping import Piece

_NUMBER = frozenset("第一二三四五六七八九十百零0123456789号")
# Words that merely begin or end like a part: 俱乐部, 财政部, 干部 are no departments.
_NO_DEPARTMENT = re.compile(
    "(俱乐|财政|教育|国防|外交|公安|民政|司法|商务|交通运输|农业农村|水利|铁道|卫生|文化|国家安全|住房和城乡建|应急管理|工业和信息化|科学技术|自然资源|"
    "生态环境|人力资源和社会保障|退役军人事务|国务院各|组织|宣传|统战|南|北|东|西|中|内|全)部$"
)
_STUDENTS = re.compile("大学生(?![命物态殖产])|大学[城路]")  # 大学 does not end a name here
_OWN = re.compile("(研究所|研究院|研究中心|实验室|出版社|杂志社|设计院|医院|协会|学会|大学)$")
_LONGEST_UNIT = 24
_OFFICE = "办事处"


def split_units(text: str, low: int, high: int, words: HanVocabulary) -> list[Piece]:
    """Cut what follows an organisation into its units: 上海分公司 | 第一项目部. Signs at the cuts fall away."""
    pieces: list[Piece] = []
    position = start = _skip(text, low, high)
    while position < high:
        place = words.places.at(text, position, high)
        if place:
            position = place  # 苏州工业园区 | 支行: the place is not a unit
            continue
        if position > start:
            end = max(words.units.at(text, position, high), _own(text, position, high, words))
        else:
            end = words.strong_units.at(text, position, high)
        one = end - position == 1
        if end and (not one or end == high) and not (one and position == start):
            closing = end
            # 一分公司(筹), 工程部(一): the bracket belongs to the unit.
            if closing < high and text[closing] == "(":
                close = text.find(")", closing, min(high, closing + _LONGEST_UNIT))
                closing = close + 1 if close > 0 else closing
            pieces += _unit(text, start, closing, high)
            position = start = _skip(text, closing, high)
        else:
            position = max(position + 1, position + 1 if not end else end - 1)
    if start < high:
        if pieces and high - start <= 2 and not is_letter(text[start]):
            return pieces
        pieces += _unit(text, start, high, high)
    return pieces


def _unit(text: str, start: int, end: int, high: int) -> list[Piece]:
    """Return a unit with both its brackets or, where it stands in them, without: 宣传部(品牌部), (品牌部)."""
    if text[start] == "(":
        while start < end and not is_letter(text[start]):
            start += 1
        end -= start < end and text[end - 1] == ")"
    elif end < high and text[end] == ")" and text.find("(", start, end) >= 0:
        end += 1
    return [("unit", start, end)] if start < end else []


def _own(text: str, start: int, high: int, words: HanVocabulary) -> int:
    """Return the end of an organisation of its own among the units: 附属中山医院 | 骨科, but 医院管理处."""
    end = words.own_units.at(text, start, high)
    return 0 if text.startswith(("管理", "工作"), end) else end


def _skip(text: str, low: int, high: int) -> int:
    while low < high and not is_letter(text[low]) and text[low] != "(":
        low += 1
    return low


def find_units(text: str, low: int, high: int, words: HanVocabulary) -> int:
    """Return where the units of a name without legal form begin; ``high``: it has none, ``low``: it is all unit."""
    end = high
    if end > low and text[end - 1] == ")":
        opening = text.rfind("(", low, end)
        end = opening if opening > low else end
    start = words.units.before(text, low, end)
    own = words.own_units.before(text, low, end)
    if start < 0 and own < 0:
        return high
    strong = words.strong_units.before(text, low, end) >= 0
    head = _head_end(text, low, max(start, own), words)
    if head:
        # 复旦大学 | 附属中山医院, 中国科学院 | 物理研究所; but a bank's institute is an organisation of its own.
        if strong or _is_owner(text, low, head, words):
            return head
        rest = text[head:end]
        return high if own >= 0 or (_OWN.search(rest) and not rest.endswith("实验室")) else head
    if start < 0:
        return high
    if not strong and text[start:end] == _OFFICE and words.places.before(text, low, start) > low:
        strong = True  # 空客中国 | 上海办事处; without a place it may be a district's own (街道办事处)
    if not strong:
        if words.trades.before(text, low, end) in range(low, start + 1):
            return high  # 门诊部: an organisation of its own where no other stands before it
        if text[end - 1] == "部" and end - low > 2 and not _NO_DEPARTMENT.search(text, low, end):
            return _left(text, low, start, words)
        return high
    return _left(text, low, start, words)


def _head_end(text: str, low: int, high: int, words: HanVocabulary) -> int:
    """Return the end of the first word that closes an organisation's name and has something before it; 0 if none."""
    position = low
    while position < high:
        end = words.trades.at(text, position, len(text))
        if not end:
            end = words.groups.at(text, position, high)
            if end and position > low and text[position:end] == "集团":
                return end
            position += 1
            continue
        if (
            low < position < end <= high
            and text[position:end] in words.heads
            and not _STUDENTS.match(text, end - 2)
            and not text.startswith(("大学", "集团"), end)
        ):
            return _behind_bracket(text, end, high, words)
        position = end
    return 0


def _behind_bracket(text: str, end: int, high: int, words: HanVocabulary) -> int:
    """Return the end of a bracketed place behind a head word, 银行(中国) | 上海分行."""
    if end < high and text[end] == "(":
        close = text.find(")", end, high)
        if close > 0 and text[end + 1 : close] in words.places:
            return close + 1
    return end


def _is_owner(text: str, low: int, head: int, words: HanVocabulary) -> bool:
    """Return whether the word that closes at ``head`` is one to which hospitals, schools and institutes belong."""
    start = words.trades.before(text, low, head)
    return start >= 0 and text[start:head] in words.owners


def _left(text: str, low: int, start: int, words: HanVocabulary) -> int:
    """Return where the unit whose last word begins at ``start`` begins: its places and numbers go with it."""
    position = start
    while position > low:
        before = words.places.before(text, low, position)
        if before < 0 and text[position - 1] in _NUMBER:
            before = position - 1
        if before < 0:
            break
        position = before
    return position
