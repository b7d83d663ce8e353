"""Count, in pairs that have been cut, which letters stood for which character, and with what around them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from entitymatch.romanize.channel import Channel
from entitymatch.romanize.counts import Counts
from entitymatch.romanize.direct import STOP, Direct, heard_of
from entitymatch.romanize.windows import Windows, without_neighbours

Ints = NDArray[np.int64]

DISCOUNT = 0.8
STRENGTH = 5.0
"""How many occurrences the level below counts for in each context."""
LENGTH_DISCOUNT = SKELETON_DISCOUNT = 0.5
LEAST = 3
"""Contexts seen less often are left to those with fewer neighbours."""


def learn_direct(
    channel: Channel, latin: Sequence[str], of_pair: Ints, characters: Ints, cuts: Ints, *, backward: bool = False
) -> Direct:
    """Learn P(characters | letters).

    Args:
        channel: the channel model of the same pairs.
        latin: folded Latin name of each pair.
        of_pair: ``(characters of all pairs,)``: the pair of each character; those of a pair stand together, in order.
        characters: the character, as a position in the channel's.
        cuts: how many letters it stands for.
        backward: learn to read from right to left.
    """
    if backward:
        latin = [name[::-1] for name in latin[::-1]]
        of_pair = len(latin) - 1 - of_pair[::-1]
        characters, cuts = characters[::-1], cuts[::-1]
    windows = Windows(latin)
    ends = np.cumsum(cuts)
    first = np.concatenate([[True], np.diff(of_pair) != 0])
    before = np.where(first, ends - cuts, 0)
    position = windows.starts[of_pair] + ends - cuts - np.maximum.accumulate(before)
    keys = windows.keys[cuts, position]
    pairs = of_pair[first]
    around = windows.cut_keys()
    taken = np.concatenate([cuts, np.full(len(pairs), STOP)])
    at = np.concatenate([position, windows.ends[pairs]])
    lengths = tuple(
        Counts.of(context[at], taken, width=STOP + 1, discount=LENGTH_DISCOUNT, strength=STRENGTH, least=LEAST)
        for context in around
    )
    syllables = channel.character_syllable[characters]
    count, syllable_count = len(channel.characters), len(channel.syllable_names)
    substring = without_neighbours(keys, 0)
    place = {name: index for index, name in enumerate(channel.skeletons)}
    distinct, inverse = np.unique(substring, return_inverse=True)
    found = [place.get(heard_of(number, backward), -1) for number in distinct.tolist()]
    heard = np.array(found, np.int64)[inverse]
    known = heard >= 0

    def level(contexts: Ints, values: Ints, width: int, discount: float = DISCOUNT) -> Counts:
        return Counts.of(contexts, values, width=width, discount=discount, strength=STRENGTH, least=LEAST)

    seen = np.bincount(characters, minlength=count) + 0.0
    of_syllable = np.bincount(channel.character_syllable, seen, minlength=syllable_count)
    return Direct(
        backward=backward,
        lengths=lengths,
        by_string=level(substring, characters, count),
        by_next=level(without_neighbours(keys, 1), characters, count),
        by_window=level(keys, characters, count),
        syllable_by_string=level(substring, syllables, syllable_count),
        syllable_by_skeleton=level(heard[known], syllables[known], syllable_count, SKELETON_DISCOUNT),
        syllables=(of_syllable + 0.5) / (of_syllable + 0.5).sum(),
        shares=(seen + 0.01) / (of_syllable + 1.0)[channel.character_syllable],
    )
