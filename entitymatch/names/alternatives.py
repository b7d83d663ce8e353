"""Other readings of a name that its words allow.

中山 is a city and the beginning of 中山大洋, a firm's own name; 附属中山医院 is a part of 复旦大学 and a hospital of
its own, 复旦大学附属中山医院 or 中山医院; 计算机学院 may be meant for itself. The parser decides for one reading (a
hospital, school or institute beside its university or academy is a unit of it, in both languages); who compares names
may ask for the others, which are computed only then.
"""

from __future__ import annotations

import re
from dataclasses import replace

from entitymatch.names.model import OrganizationName, Part, PartKind
from entitymatch.names.parse import parse
from entitymatch.names.vocabulary import han, latin, tokens

_BELONGING = re.compile(r"^(?:附属|直属|下属|affiliated |第?[一二三四五六七八九十]*附属)", re.IGNORECASE)


def alternatives(name: OrganizationName) -> tuple[OrganizationName, ...]:
    """Return the other possible readings of a parsed name, likeliest first; often there are none.

    Args:
        name: what :func:`~entitymatch.names.parse.parse` answered.

    Returns:
        Names with the same ``original`` and other parts: a doubtful place as part of the core, units that follow no
        legal form as part of the name, and an affiliated organisation by its own name alone.

    Example:
        >>> [other.name for other in alternatives(parse("复旦大学附属中山医院"))]
        ['复旦大学附属中山医院', '中山医院']
        >>> [other.name for other in alternatives(parse("Zhongshan Hospital, Fudan University"))]
        ['Zhongshan Hospital Fudan University', 'Zhongshan Hospital']
        >>> [other.core for other in alternatives(parse("中山大洋电机股份有限公司"))]
        ['中山大洋']
        >>> [other.name for other in alternatives(parse("宁波大学计算机学院"))]
        ['宁波大学计算机学院']
    """
    found = [_place_as_core(name), _unit_as_name(name), _own_name(name)]
    return tuple(other for other in found if other is not None)


def _own_name(name: OrganizationName) -> OrganizationName | None:
    """Read an affiliated organisation, 附属中山医院, without the one it belongs to; 附属医院 has no name of its own."""
    for part in name.parts:
        if part.kind is not PartKind.UNIT or not _is_own(part.text):
            continue
        start = part.end - len(_BELONGING.sub("", part.text))
        if name.original[start : part.end] not in part.text:
            start = part.start  # the original is written otherwise than its normal form
        own = parse(name.original[start : part.end])
        if own.core in {"", own.name} or any(char.isdigit() or char in "第一二三四五六七八九十" for char in own.core):
            continue
        shifted = (replace(p, start=p.start + start, end=p.end + start) for p in own.parts)
        wrappers = (p for p in name.parts if p.kind is PartKind.WRAPPER)
        return replace(name, parts=tuple(sorted((*shifted, *wrappers), key=lambda p: p.start)))
    return None


def _is_own(unit: str) -> bool:
    """Return whether a unit is an organisation of its own: a hospital or school, not a department."""
    words = list(tokens(unit))
    return han().own_units.before(unit, 0, len(unit)) > 0 or latin().own_units.before(words, 0, len(words)) > 0


def _place_as_core(name: OrganizationName) -> OrganizationName | None:
    """Read a doubtful place before the core as its beginning."""
    weak = han().weak_places
    for index, part in enumerate(name.parts[:-1]):
        after = name.parts[index + 1]
        if (
            part.kind is PartKind.PLACE
            and part.text in weak
            and after.kind is PartKind.CORE
            and part.end == after.start
        ):
            core = Part(PartKind.CORE, part.text + after.text, part.start, after.end)
            return replace(name, parts=(*name.parts[:index], core, *name.parts[index + 2 :]))
    return None


def _unit_as_name(name: OrganizationName) -> OrganizationName | None:
    """Read the first unit that stands directly beside the name, without a legal form between, as part of it."""
    own_kinds = {PartKind.TRADE, PartKind.CORE, PartKind.PLACE}
    for index, part in enumerate(name.parts):
        beside = name.parts[max(0, index - 1) : index] or (name.parts[1:2] if _is_own(part.text) else ())
        if part.kind is PartKind.UNIT and any(other.kind in own_kinds for other in beside):
            own = replace(part, kind=PartKind.OTHER)
            return replace(name, parts=(*name.parts[:index], own, *name.parts[index + 1 :]))
    return None
