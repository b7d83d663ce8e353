"""A picture of an alignment: which letters each character stands for, drawn as SVG."""

from __future__ import annotations

import unicodedata
from html import escape

from entitymatch.romanize.alignment import Alignment

COLUMN, HEIGHT, MARGIN = 76, 150, 14


def alignment_text(alignment: Alignment) -> str:
    """Draw an alignment in characters, for a terminal: characters, strokes, letters.

    Example:
        >>> from entitymatch.romanize import Transliteration
        >>> print(alignment_text(Transliteration.load_default().align("西门子", "Siemens")))
        西   门   子
        │    │    │
        sie  men  s
    """
    widths = [max(len(letters), 2) + 2 for _, letters in alignment.pairs]
    rows = (
        [character for character, _ in alignment.pairs],
        ["│"] * len(widths),
        [letters or "∅" for _, letters in alignment.pairs],
    )
    return "\n".join("".join(_padded(cell, w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows)


def _padded(cell: str, width: int) -> str:
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in cell)
    return cell + " " * (width - len(cell) - wide)


def alignment_svg(alignment: Alignment, title: str = "") -> str:
    """Draw an alignment as SVG: each character above the letters it stands for.

    Args:
        alignment: as ``Transliteration.align`` gives it.
        title: what stands below, such as the score.

    Returns:
        A whole SVG document; the same alignment gives the same text.

    Example:
        >>> from entitymatch.romanize import Transliteration
        >>> picture = alignment_svg(Transliteration.load_default().align("西门子", "Siemens"))
        >>> picture.startswith("<svg") and ">men</text>" in picture
        True
    """
    width = MARGIN * 2 + COLUMN * max(len(alignment.pairs), 1)
    spoken = " ".join(f"{character} {letters or '∅'}" for character, letters in alignment.pairs)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{HEIGHT}" viewBox="0 0 {width} {HEIGHT}" '
        f'role="img" aria-label="{escape(spoken)}" font-family="sans-serif" text-anchor="middle">',
        f'<rect width="{width}" height="{HEIGHT}" fill="white"/>',
    ]
    for index, (character, letters) in enumerate(alignment.pairs):
        x = MARGIN + COLUMN * index + COLUMN // 2
        half = max(10, 6 * len(letters))
        out += [
            f'<text x="{x}" y="40" font-size="28">{escape(character)}</text>',
            f'<path d="M{x} 50 L{x - half} 88 H{x + half} Z" fill="#d0e2f4" stroke="#4a7fb5"/>',
            f'<text x="{x}" y="108" font-size="20">{escape(letters or "∅")}</text>',
        ]
    out += [f'<text x="{width // 2}" y="138" font-size="14" fill="#444">{escape(title)}</text>', "</svg>"]
    return "\n".join(out) + "\n"
