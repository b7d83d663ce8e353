"""What the parser answers: the parts of one name, each with the place in the original string it was read from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class PartKind(StrEnum):
    """What a part of a name is."""

    WRAPPER = "wrapper"
    PLACE = "place"
    CORE = "core"
    TRADE = "trade"
    LEGAL_FORM = "legal_form"
    UNIT = "unit"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a name: its kind, its normalised text, and its span in the original string (``start < end``)."""

    kind: PartKind
    text: str
    start: int
    end: int


_NAME_KINDS = frozenset({PartKind.PLACE, PartKind.CORE, PartKind.TRADE, PartKind.OTHER})


@dataclass(frozen=True, slots=True)
class OrganizationName:
    """An organisation's name, taken apart.

    Attributes:
        original: the string as it was given. text: the normalised string. script: ``"han"``, ``"latin"``,
        ``"mixed"`` (letters of both) or ``"none"`` (of neither). parts: the parts, in order of start; they do not
        overlap. Punctuation and brackets between them belong to no part.
    """

    original: str
    text: str
    script: str
    parts: tuple[Part, ...]

    def _joined(self, kind: PartKind) -> str:
        return join(part.text for part in self.parts if part.kind is kind)

    @property
    def wrapper(self) -> str:
        """The words of party, union, youth and women's organisations around the name, joined."""
        return self._joined(PartKind.WRAPPER)

    @property
    def core(self) -> str:
        """What tells this organisation from others (字号): what is left beside places, trades and legal form.

        Empty where the name consists of a place and one trade (中国银行, 上海汽车) and where only a unit or a
        wrapper is named. Of a place and several trades the first trade that says something is the core
        (中国建设银行: 建设); of trades alone the first (交通银行: 交通).
        """
        return self._joined(PartKind.CORE)

    @property
    def trade(self) -> str:
        """The words for what the organisation does, joined."""
        return self._joined(PartKind.TRADE)

    @property
    def legal_form(self) -> str:
        """The legal form, joined, with group and holdings: 集团股份有限公司, Group Co. Ltd."""
        return self._joined(PartKind.LEGAL_FORM)

    @property
    def places(self) -> tuple[str, ...]:
        """The places of the name itself (not those of its units), in order."""
        return tuple(part.text for part in self.parts if part.kind is PartKind.PLACE)

    @property
    def units(self) -> tuple[str, ...]:
        """The named parts of the organisation, each with its own place and number: 上海分行, 第一项目部.

        Hospitals, schools and institutes beside the university or academy that they belong to are among them
        (复旦大学 | 附属中山医院; Zhongshan Hospital, | Fudan University); ``alternatives`` reads them as
        organisations of their own.
        """
        return tuple(part.text for part in self.parts if part.kind is PartKind.UNIT)

    @property
    def name(self) -> str:
        """The organisation's own name: places, core and trade, without wrapper, units and legal form.

        Where the string names nothing but a unit (上海分公司), it is the units; where nothing but a wrapper
        (第一党支部), the whole normalised text: a string with a letter or digit never has an empty name.
        """
        return join(part.text for part in self.parts if part.kind in _NAME_KINDS) or join(self.units) or self.text


def join(texts: Iterable[str]) -> str:
    """Join texts: with a space between Latin words, with nothing beside a Han character.

    Example:
        >>> join(["Bank", "of", "China"]), join(["中国", "银行"]), join(["TCL", "科技"])
        ('Bank of China', '中国银行', 'TCL科技')
    """
    result: list[str] = []
    for text in filter(None, texts):
        if result and result[-1][-1] < "\u2e80" and text[0] < "\u2e80":
            result.append(" ")
        result.append(text)
    return "".join(result)
