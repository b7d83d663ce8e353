"""Where the characters and words of a name's features stand in the string as it was given.

The features of a name are read from its normalised form without wrapper and brackets. An explanation points at the
characters that a person sees, so it needs the way back. That way is worked out when somebody asks, not for each of
the millions of names that nobody asks about.
"""

from __future__ import annotations

from dataclasses import dataclass

from entitymatch.features.extract import is_han
from entitymatch.names import PartKind, parse
from entitymatch.names.normalize import normalize_with_spans
from entitymatch.names.tokens import tokens

Span = tuple[int, int]


@dataclass(frozen=True)
class FeatureSpans:
    """Spans in the original string.

    Attributes:
        han: of each character of ``NameFeatures.han``.
        words: of each word of ``NameFeatures.words``.
    """

    han: tuple[Span, ...]
    words: tuple[Span, ...]

    def of_han(self, start: int, end: int) -> Span | None:
        """Return the span from the first to the last of some characters; None if there is none."""
        return _around(self.han[start:end])

    def of_words(self, start: int, end: int) -> Span | None:
        """Return the span from the first to the last of some words; None if there is none."""
        return _around(self.words[start:end])


def feature_spans(text: str) -> FeatureSpans:
    """Find the characters and words of a name's features in the string.

    Args:
        text: the string as given.

    Example:
        >>> spans = feature_spans("中共匯豐銀行（中國）有限公司")
        >>> start, end = spans.of_han(0, 4)
        >>> "中共匯豐銀行（中國）有限公司"[start:end]
        '匯豐銀行'
    """
    normalized = normalize_with_spans(text)
    han: list[Span] = []
    words: list[Span] = []
    position = 0
    parts = parse(text).parts
    nothing_else = all(part.kind is PartKind.WRAPPER for part in parts)
    for part in parts:
        offset = normalized.text.find(part.text, position)
        while normalized.span(offset, offset + 1)[0] != part.start:
            offset = normalized.text.index(part.text, offset + 1)
        position = offset + len(part.text)
        if part.kind is PartKind.WRAPPER and not nothing_else:
            continue
        han += [normalized.span(i, i + 1) for i in range(offset, position) if is_han(normalized.text[i])]
        words += [normalized.span(offset + t.start, offset + t.end) for t in tokens(part.text)]
    return FeatureSpans(tuple(han), tuple(words))


def _around(spans: tuple[Span, ...]) -> Span | None:
    return (spans[0][0], spans[-1][1]) if spans else None
