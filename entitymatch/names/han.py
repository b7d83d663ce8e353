"""Take a Chinese name apart: wrapper, places, core (字号), trades, legal form, units.

A Chinese company's name has an order laid down by law (企业名称登记管理规定, 2020): place, 字号, trade, form of
organisation; what follows the form names a part of the company. The parser reads it from its surest marks inwards:
the wrapper, the legal form, the units behind it, then places from the left and trades from the right. What remains
is the core. Each step runs over the string once.
"""

from __future__ import annotations

import re
from operator import itemgetter

from entitymatch.names.normalize import is_letter
from entitymatch.names.units import find_units, split_units
from entitymatch.names.vocabulary import HanVocabulary
from entitymatch.names.vocabulary import han as han_vocabulary
from entitymatch.names.wrapping import Piece, inner_wrapper, strip_wrappers

_START = itemgetter(1)  # of a piece

# A town, village or district that no table has, behind a place that bears its level: 昆山市 | 周庄镇, 慈溪市 | 双湖村.
_LEVEL_ENDS = frozenset("省市县区镇乡村州盟旗道")
_SMALL_PLACE = re.compile(
    "[一-鿿]{1,5}?(?:自治县|(?<![社小园校院市城郊山矿景片战军地特牧林厂发务税贸业辖商])区|县|(?<![城乡])镇(?!银行)|(?<![城老水侨])乡(?!村)"
    "|(?<![农乡渔])村(?![镇民委])|街道(?!办))"
)
_NO_FORM_BEFORE = frozenset("分支")
_FOUNDED = ("国立", "私立", "公立")
_NO_FORM_AFTER = ("业务", "银行", "金融", "律师", "客户", "治理")


def parse_han(text: str) -> list[Piece]:
    """Return the pieces (kind, start, end) of a normalised string with Han characters, in no particular order."""
    words = han_vocabulary()
    pieces, low, high = strip_wrappers(text, words)
    if low >= high:
        return pieces
    inner = inner_wrapper(text, low, high, words)
    if inner:
        pieces.append(("wrapper", *inner))
        pieces += split_units(text, inner[1], high, words)
        high = inner[0]
    opening = words.bodies.at(text, low, high)
    if opening and text[low:opening].endswith("法人"):
        pieces.append(("legal_form", low, opening))
        low = opening
    form = _company_form(text, low, high, words) or _body_form(text, low, high, words)
    if form:
        start, end = form
        pieces += _behind_form(text, end, high, words)
        pieces.append(("legal_form", start, end))
        high = start - 1 if text[start - 1] == "(" else start
    else:
        start = find_units(text, low, high, words)
        pieces += split_units(text, start, high, words)
        high = start
    return pieces + _body(text, low, high, words)


def _company_form(text: str, low: int, high: int, words: HanVocabulary) -> tuple[int, int] | None:
    """Return the span of the first company form that has a name before it."""
    for match in words.company.finditer(text, low, high):
        start, end = match.span()
        if start - low < 2 or (end - start == 2 and text[start - 1] in _NO_FORM_BEFORE):
            continue
        if end - start == 2 and text[start - 1] == "子" and text[start - 2] in "资股属":
            continue  # 全资子公司, but 西门子公司
        if text[start - 1] == "(" and not text.startswith(")", end):
            continue
        if end - start == 2 and text.startswith(_NO_FORM_AFTER, end):
            continue
        return start, end
    return None


def _body_form(text: str, low: int, high: int, words: HanVocabulary) -> tuple[int, int] | None:
    """Return the span of the form of another organisation (合作社, 财团法人) that closes the string."""
    start = words.bodies.before(text, low, high)
    if start <= low or words.trades.before(text, low, high) in range(low, start):
        return None
    return start, high


def _behind_form(text: str, low: int, high: int, words: HanVocabulary) -> list[Piece]:
    """Read what follows a company form: bracketed places and forms, then units."""
    pieces: list[Piece] = []
    if low < high and text[low] == ")":
        low += 1
    while low < high and text[low] == "(":
        close = text.find(")", low, high)
        if close < 0:
            break
        inside = text[low + 1 : close]
        if inside in words.places:
            pieces.append(("place", low + 1, close))
        elif inside in words.forms:
            pieces.append(("legal_form", low + 1, close))
        elif words.units.before(inside, 0, len(inside)) >= 0:
            pieces.append(("unit", low + 1, close))
        elif inside:
            pieces.append(("other", low + 1, close))
        low = close + 1
    return pieces + split_units(text, low, high, words)


def _body(text: str, low: int, high: int, words: HanVocabulary) -> list[Piece]:
    """Read the name itself, cut into stretches at brackets and at group forms within it."""
    pieces: list[Piece] = []
    stretches: list[tuple[int, int]] = []
    start = low
    cut = words.cuts.search(text, low, high)  # most names have none
    position = cut.start() if cut else high
    while position < high:
        if text[position] in "()":
            stretches.append((start, position))
            start = position = position + 1
            continue
        end = words.groups.at(text, position, high)
        # 集团 and 控股 close a name; with more text behind them a second name begins (国药控股 | 北京天星).
        if end and position > start and text[position:end] != "股份":
            stretches.append((start, position))
            pieces.append(("legal_form", position, end))
            start = position = end
        elif end and position == start and (pieces or stretches):
            pieces.append(("legal_form", position, end))
            start = position = end
        else:
            position += 1
    stretches.append((start, high))
    read: list[Piece] = []
    for begin, end in stretches:
        read += _stretch(text, begin, end, words)
    return pieces + _resolve(text, sorted(read, key=_START), words)


def _trim(text: str, low: int, high: int) -> tuple[int, int]:
    while low < high and not (text[low].isalnum() or is_letter(text[low])):
        low += 1
    while high > low and not (text[high - 1].isalnum() or is_letter(text[high - 1])):
        high -= 1
    return low, high


def _stretch(text: str, low: int, high: int, words: HanVocabulary) -> list[Piece]:
    """Read places from the left, trades and a last place from the right; the rest is core."""
    low, high = _trim(text, low, high)
    pieces: list[Piece] = []
    if text.startswith(_FOUNDED, low, high):
        pieces.append(("other", low, low + 2))
        low += 2
    while end := _place(text, low, high, words, pieces):
        founded = (
            end < high and text[end] == "立" and text[end - 1] in "市县省州" and text[low : end - 1] in words.places
        )
        end -= founded  # 台北 | 市立, 江苏 | 省立, 加利福尼亚 | 州立; but 广州 | 立白
        weak = text[low:end] in words.weak_places
        if weak and end < high and text[end] in "之的":
            break  # 锦江之星
        if weak and (head := words.trades.at(text, end, high)) and head < high and text[end:head] in words.heads:
            break  # 中山大学附属医院: a doubtful place before 大学 is the university's name
        pieces.append(("weak" if weak else "place", low, end))
        if founded:
            pieces.append(("other", end, end + 2))
            end += 2
        low, high = _trim(text, end, high)
        if low < high and text[low] == "驻":  # 美国 | 驻 | 上海 | 总领事馆, 美国 | 驻华 | 大使馆
            end = low + 1 + text.startswith("华", low + 1)
            pieces.append(("other", low, end))
            low = end
    end = words.trades.at(text, low, high)
    owner = text[low:end] in words.owners and (bool(pieces) or not text.endswith("大学", low, end))
    if low < end < high and owner and not text.startswith("生", end):  # 四川 | 大学 | 华西口腔医院
        pieces.append(("trade", low, end))
        low, high = _trim(text, end, high)
    whole = low
    while high > low:
        start = words.trades.before(text, low, high)
        if start - whole == 1:
            # One character that is left is no name of its own: 中石化, 新世界. A shorter trade may leave two: 牧医 |
            # 学院.
            start = words.trades.before(text, whole + 2, high)
            if start < 0:
                break
        if start >= 0:
            if high - start == 1 and start - whole < 2:
                break
            pieces.append(("trade", start, high))
        else:
            start = words.groups.before(text, low, high)
            if start > low and text[start:high] == "股份":
                pieces.append(("legal_form", start, high))
            else:
                start = words.places.before(text, low, high)
                if start - low < 2 or text[start:high] in words.weak_places:
                    break
                pieces.append(("place", start, high))
        _, high = _trim(text, low, start)
    if low < high:
        pieces.append(("core", low, high))
    return pieces


def _place(text: str, low: int, high: int, words: HanVocabulary, before: list[Piece]) -> int:
    """Return the end of the place that begins at ``low``, behind the pieces read so far; 0 if there is none."""
    end = words.places.at(text, low, high)
    if end and text[end - 1] in _LEVEL_ENDS:
        return end
    if before and before[-1][2] == low and text[low - 1] in _LEVEL_ENDS:
        match = _SMALL_PLACE.match(text, low, high)
        return max(end, match.end()) if match else end
    # One character that is left between a lesser place and a trade or the end is no name: 埃森哲, 丹佛斯 | 电气.
    if end and text[low:end] in words.lesser_places:
        rest = words.trades.before(text, end, high)
        if high - end == 1 or rest == end + 1:
            return 0
    return end


def _resolve(text: str, pieces: list[Piece], words: HanVocabulary) -> list[Piece]:
    """Decide what the doubtful words are: weak places and, where no core is left, trades."""
    if "core" in [kind for kind, _, _ in pieces]:
        return [("place" if kind == "weak" else kind, start, end) for kind, start, end in pieces]
    pieces = [("place", *piece[1:]) if _sure_place(text, pieces, i, words) else piece for i, piece in enumerate(pieces)]
    weak = [index for index, piece in enumerate(pieces) if piece[0] == "weak"]
    trades = [index for index, piece in enumerate(pieces) if piece[0] == "trade"]
    placed = any(piece[0] == "place" for piece in pieces)
    chosen = -1
    if weak:
        chosen = weak[-1]
    elif trades and not placed:
        chosen = trades[0]
    elif len(trades) > 1:
        plain = words.generic | words.heads
        telling = [i for i in trades if text[slice(*pieces[i][1:])] not in plain]
        chosen = telling[0] if telling and telling[0] != trades[-1] else -1
    result: list[Piece] = []
    for index, (kind, start, end) in enumerate(pieces):
        result.append(("core" if index == chosen else "place" if kind == "weak" else kind, start, end))
    return result


def _sure_place(text: str, pieces: list[Piece], index: int, words: HanVocabulary) -> bool:
    """Return whether a doubtful place is one after all.

    Before a trade, regions are (华东 | 师范大学), places behind the one they lie in (广州 | 天河 | 医院), and what a
    public body is named after (黄埔 | 海关).
    """
    kind, start, end = pieces[index]
    if kind != "weak" or index + 1 == len(pieces) or pieces[index + 1][0] != "trade":
        return False
    if index:
        parent = words.parents.get(text[start:end], "")
        return bool(parent) and text.startswith(parent, pieces[index - 1][1])
    return text[start:end] in words.regions or text[slice(*pieces[-1][1:])] in words.public
