"""Understand one name of an organisation, in Chinese or English.

The parts and their order follow the rules by which Chinese companies are named (企业名称登记管理规定) and the usage
of English names; the words come from the tables of the lexicon. Spans point into the original string, whatever
normalisation did to it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from operator import itemgetter

from entitymatch.names.han import parse_han
from entitymatch.names.latin import parse_latin
from entitymatch.names.model import OrganizationName, Part, PartKind, join
from entitymatch.names.normalize import has_han, normalize_with_spans
from entitymatch.names.wrapping import Piece

_LATIN = re.compile("[A-Za-zÀ-ÖØ-öø-ɏ]")
_KINDS = {kind.value: kind for kind in PartKind}
_DEPTH = 3
_START = itemgetter(1)


def parse(text: str) -> OrganizationName:
    """Take one name apart.

    Args:
        text: any string, in Chinese, English or both.

    Returns:
        The parts with their spans in ``text``. Parsing the core again gives the same core.

    Example:
        >>> name = parse("中共汇丰银行（中国）有限公司上海分行支部委员会")
        >>> [(part.kind.value, part.text) for part in name.parts]  # doctest: +NORMALIZE_WHITESPACE
        [('wrapper', '中共'), ('core', '汇丰'), ('trade', '银行'), ('place', '中国'), ('legal_form', '有限公司'),
         ('unit', '上海分行'), ('wrapper', '支部委员会')]
        >>> name.name
        '汇丰银行中国'
        >>> parse("Bank of Chongqing Co., Ltd.").name
        'Bank of Chongqing'
    """
    normalized = normalize_with_spans(text)
    plain = normalized.text
    parts: list[Part] = []
    for kind, start, end in pieces_of(plain):
        begin, finish = normalized.span(start, end)
        parts.append(Part(_KINDS[kind], plain[start:end], begin, finish))
    return OrganizationName(text, plain, script(plain), tuple(parts))


def script(text: str) -> str:
    """Return the script of a string: ``"han"``, ``"latin"``, ``"mixed"`` or ``"none"``.

    Example:
        >>> script("汇丰银行"), script("HSBC"), script("TCL科技"), script("123")
        ('han', 'latin', 'mixed', 'none')
    """
    latin = bool(_LATIN.search(text))
    if has_han(text):
        return "mixed" if latin else "han"
    return "latin" if latin else "none"


def pieces_of(text: str) -> list[Piece]:
    """Return the kind, start and end of each part of a normalised name, in order.

    Example:
        >>> pieces_of("重庆银行")
        [('place', 0, 2), ('trade', 2, 4)]
    """
    pieces = _steady(text, parse_han(text) if has_han(text) else parse_latin(text), _DEPTH)
    return sorted(pieces, key=_START)


def _steady(text: str, pieces: list[Piece], depth: int) -> list[Piece]:
    """Read the core again until reading it by itself changes nothing: a core is what cannot be taken further apart."""
    cores = [piece for piece in pieces if piece[0] == "core"]
    if not cores:
        return pieces
    joined = join([text[start:end] for _, start, end in sorted(cores, key=_START)])
    if _is_steady(joined):
        return pieces
    if len(cores) > 1:
        longest = max(cores, key=lambda piece: (piece[2] - piece[1], -piece[1]))
        pieces = [("other", *piece[1:]) if piece[0] == "core" and piece != longest else piece for piece in pieces]
        return _steady(text, pieces, depth)
    _, start, end = cores[0]
    rest = [piece for piece in pieces if piece[0] != "core"]
    if not depth:
        return [*rest, ("other", start, end)]
    part = text[start:end]
    again = parse_han(part) if has_han(part) else parse_latin(part)
    again = _steady(part, again, depth - 1)
    # What wraps nothing, 工会 in 中国工会杂志社, is part of the name.
    kinds = {"wrapper": "other"}
    return rest + [(kinds.get(kind, kind), start + low, start + high) for kind, low, high in again]


@lru_cache(maxsize=65536)
def _is_steady(core: str) -> bool:
    """Return whether a core, read by itself, is all core."""
    pieces = parse_han(core) if has_han(core) else parse_latin(core)
    return join([core[low:high] for kind, low, high in sorted(pieces, key=_START) if kind == "core"]) == core
