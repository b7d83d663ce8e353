"""How good a transliteration model is on pairs that it has not seen.

Some pairs are held back, with all that share either name; a model is trained on the others and must find the Latin
name of each Chinese one among all that are held back.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from entitymatch.errors import EntityMatchError
from entitymatch.romanize.letters import letters
from entitymatch.romanize.pinyin import han
from entitymatch.romanize.ranking import rank_by_sound
from entitymatch.romanize.training import train_transliteration
from entitymatch.romanize.transliteration import Transliteration

MOST_HELD_BACK = 2_000
Pair = tuple[str, str]


@dataclass(frozen=True)
class HeldBack:
    """What a model makes of pairs that it has not seen.

    Attributes:
        trained: pairs it was trained on.
        queries: different Chinese names held back.
        references: different Latin names among which each was to be found.
        hit_at_1: share of the Chinese names whose Latin name came first.
        hit_at_5: share with it among the first five.
        log2_odds: median log-odds of the held-back pairs, in bits.
    """

    trained: int
    queries: int
    references: int
    hit_at_1: float
    hit_at_5: float
    log2_odds: float


def split(pairs: Sequence[Pair], share: float, seed: int) -> tuple[list[Pair], list[Pair]]:
    """Hold back a share of the pairs (at most 2,000), chosen by the seed.

    Returns:
        Pairs to train on, none of which has a name in common with those held back, and the pairs held back.

    Raises:
        EntityMatchError: if the share is not between 0 and 0.5, or nothing is left to train on or to test.
    """
    if not 0.0 < share <= 0.5:
        raise EntityMatchError(f"a share of {share} cannot be held back: give more than 0 and at most 0.5")
    usable = [pair for pair in dict.fromkeys(pairs) if han(pair[0]) and letters(pair[1])]
    chosen = random.Random(seed).sample(usable, min(round(share * len(usable)), MOST_HELD_BACK))
    chinese, latin = {han(zh) for zh, _ in chosen}, {letters(name) for _, name in chosen}
    rest = [(zh, name) for zh, name in pairs if han(zh) not in chinese and letters(name) not in latin]
    if not chosen or not rest:
        raise EntityMatchError(f"too few pairs ({len(usable)}) to hold back a share of {share}")
    return rest, chosen


def judge(model: Transliteration, trained: int, pairs: Sequence[Pair]) -> HeldBack:
    """Let a model find the Latin name of each Chinese one among all of ``pairs``."""
    right: dict[str, set[str]] = {}
    for zh, name in pairs:
        right.setdefault(zh, set()).add(letters(name))
    latin = sorted(set().union(*right.values()))
    ranked = rank_by_sound(list(right), latin, 5, model)
    found = np.array(
        [[j >= 0 and latin[j] in names for j in row] for row, names in zip(ranked, right.values(), strict=True)]
    )
    odds = model.score_pairs([zh for zh, _ in pairs], [name for _, name in pairs])
    return HeldBack(
        trained, len(right), len(latin), float(found[:, 0].mean()), float(found.any(1).mean()), float(np.median(odds))
    )


def evaluate_transliteration(
    pairs: Sequence[Pair],
    share: float = 0.05,
    *,
    seed: int = 0,
    rounds: int = 6,
    progress: Callable[[int, float], None] | None = None,
) -> HeldBack:
    """Train on some pairs and find the others by sound.

    Args:
        pairs: Chinese and Latin name.
        share: share of the pairs to hold back, more than 0 and at most 0.5; never more than 2,000.
        seed: which ones.
        rounds: as ``train_transliteration`` takes it.
        progress: likewise.

    Returns:
        The shares found and the log-odds. The same pairs and seed give the same.

    Raises:
        EntityMatchError: if the share is out of range or there are too few pairs.
    """
    rest, held = split(pairs, share, seed)
    return judge(train_transliteration(rest, rounds=rounds, progress=progress), len(rest), held)
