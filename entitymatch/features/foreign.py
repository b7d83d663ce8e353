"""Whether a Chinese name was written for its sound: 埃尔拉多 (Eldorado) was, 华翔 was not.

Names written by sound use a few hundred characters that other names avoid (尔, 斯, 克). A foreign name that sounds like
another is hardly another's by chance, while dozens of firms are called 华翔.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np

from entitymatch.lexicon.tables import read_table
from entitymatch.romanize.transliteration import Transliteration

_MOST = 4.0  # bits that one character tells at most
_UNKNOWN = -1.5  # bits of a character that the transliteration model has not met
_RARE = 2e-5  # added to both shares, so that what is rare in both tells little


@cache
def _bits() -> dict[str, float]:
    """Return for each character the log2 odds of names written by sound against other names of organisations."""
    shares = Transliteration.load_default().character_shares()
    rows = read_table("models/background.tsv")
    single = {row["value"]: float(row["share"]) for row in rows if row["kind"] == "han" and len(row["value"]) == 1}
    total = sum(single.values())
    rare = min(single.values())
    found: dict[str, float] = {}
    for character, share in shares.items():
        native = single.get(character, rare) / total
        found[character] = float(np.clip(np.log2((share + _RARE) / (native + _RARE)), -_MOST, _MOST))
    return found


def foreignness(characters: Iterable[str]) -> float:
    """Return the probability that a name was written for its sound, if half of all names were.

    Args:
        characters: its characters, without place, trade and legal form.

    Example:
        >>> round(foreignness("埃尔拉多"), 3), round(foreignness("华翔"), 3), foreignness("")
        (1.0, 0.011, 0.0)
    """
    table = _bits()
    bits = [table.get(character, _UNKNOWN) for character in characters]
    return 1.0 / (1.0 + 2.0 ** min(-sum(bits), 1_000.0)) if bits else 0.0  # more is no number, and changes nothing
