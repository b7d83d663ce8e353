"""Other readings of a name that its words allow.

中山 is a city and the beginning of 中山大洋, a firm's own name; 附属中山医院 is a hospital of its own and a part of
复旦大学; 计算机学院 may be meant for itself. The parser decides for one reading; who compares names may ask for the
others, which are computed only then.
"""

from __future__ import annotations

import re
from dataclasses import replace

from entitymatch.names.model import OrganizationName, Part, PartKind
from entitymatch.names.parse import parse
from entitymatch.names.vocabulary import han

_BELONGING = re.compile("附属|直属|下属")


def alternatives(name: OrganizationName) -> tuple[OrganizationName, ...]:
    """Return the other possible readings of a parsed name, likeliest first; often there are none.

    Args:
        name: what :func:`~entitymatch.names.parse.parse` answered.

    Returns:
        Names with the same ``original`` and other parts: a doubtful place as part of the core, an affiliated
        organisation as a unit of the one it belongs to, and units that follow no legal form as part of the name.

    Example:
        >>> [other.name for other in alternatives(parse("复旦大学附属中山医院"))]
        ['复旦大学']
        >>> [other.core for other in alternatives(parse("中山大洋电机股份有限公司"))]
        ['中山大洋']
        >>> [other.name for other in alternatives(parse("宁波大学计算机学院"))]
        ['宁波大学计算机学院']
    """
    found = [_belongs(name), _place_as_core(name), _unit_as_name(name)]
    return tuple(other for other in found if other is not None)


def _belongs(name: OrganizationName) -> OrganizationName | None:
    """Read X附属Y as unit 附属Y of X."""
    match = _BELONGING.search(name.original)
    if match is None or not match.start():
        return None
    end = next(
        (part.start for part in name.parts if part.start > match.start() and part.kind is PartKind.WRAPPER), None
    )
    owner = parse(name.original[: match.start()])
    rest = parse(name.original[match.start() : end]).text
    if not owner.name or not rest or not any(part.kind is PartKind.TRADE for part in owner.parts):
        return None
    unit = Part(PartKind.UNIT, rest, match.start(), end if end is not None else len(name.original))
    behind = tuple(part for part in name.parts if end is not None and part.start >= end)
    return replace(name, parts=(*owner.parts, unit, *behind))


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
    """Read the first unit that stands directly behind the name as part of it."""
    for index in range(1, len(name.parts)):
        before, part = name.parts[index - 1], name.parts[index]
        if part.kind is PartKind.UNIT and before.kind in {PartKind.TRADE, PartKind.CORE, PartKind.PLACE}:
            own = replace(part, kind=PartKind.OTHER)
            return replace(name, parts=(*name.parts[:index], own, *name.parts[index + 1 :]))
    return None
