"""Fit the transliteration model on pairs of names by expectation–maximisation.

Li, Zhang, Su (ACL 2004) model a name and its transliteration as one row of pairs: a Chinese character and the letters
it stands for. Where the letters of one character end is not written down; EM finds it: guess, for every pair, how
probable each cut is under the present emissions (forward–backward), count the letters each character then emits, and
make emissions of the counts. Half way, each pair is weighed by the probability that it is a transliteration at all,
its letters under its characters against the letters by themselves. The direct models are counted from the best
cut of each trusted pair in the end.

Everything is done in numpy over all pairs of equal lengths at once; 56,000 pairs and 6 rounds take about ten seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from entitymatch.errors import EntityMatchError
from entitymatch.romanize.channel import Channel
from entitymatch.romanize.channel_training import ChannelFit, letter_bigrams
from entitymatch.romanize.cuts import Group, best_cuts, expect, group_pairs
from entitymatch.romanize.direct import Direct
from entitymatch.romanize.direct_training import learn_direct
from entitymatch.romanize.letters import letters
from entitymatch.romanize.pinyin import han, syllables
from entitymatch.romanize.transliteration import Transliteration
from entitymatch.romanize.variants import spelled_characters

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TRUSTED = 4.0
"""Log-odds in bits from which the direct models learn from a pair."""


def train_transliteration(
    pairs: Iterable[tuple[str, str]],
    *,
    rounds: int = 6,
    discount: float = 0.9,
    noise: float = 0.1,
    progress: Callable[[int, float], None] | None = None,
) -> Transliteration:
    """Learn a transliteration model from pairs of names.

    Args:
        pairs: Chinese and Latin name; pairs without Han characters or letters, or longer than 10 characters or 24
            letters, are skipped.
        rounds: rounds of EM.
        discount: what is taken from the expected count of every emission and given to the level below, in occurrences.
        noise: share of pairs that are expected not to be transliterations.
        progress: called after each round with its number (from 1) and the mean log2 likelihood of a pair.

    Returns:
        The model. The same pairs in the same order give the same model.

    Raises:
        EntityMatchError: if no pair can be used.
    """
    read = [(han(zh), letters(name)) for zh, name in pairs]
    chinese_names = [zh for zh, name in read if zh and name]
    latin = [name for zh, name in read if zh and name]
    position: dict[str, int] = {}
    units = [[position.setdefault(character, len(position)) for character in name] for name in chinese_names]
    for (
        character
    ) in spelled_characters():  # those of Hong Kong's names that no pair has: known by syllable and spelling
        position.setdefault(character, len(position))
    characters = "".join(position)
    syllable_position: dict[str, int] = {}
    syllable_of = np.array(
        [syllable_position.setdefault(syllables(c)[0], len(syllable_position)) for c in characters], np.int64
    )
    groups, keys = group_pairs(units, latin)
    if not groups:
        raise EntityMatchError("no pair has Han characters on one side and letters on the other: nothing to learn from")
    fit = ChannelFit(keys, syllable_of, letter_bigrams(latin), discount)
    emission = np.append(fit.prior[fit.column], 0.0)
    weights = np.ones(len(units))
    likelihood = np.ones(len(units))
    used = np.concatenate([group.pairs for group in groups])
    for number in range(1, rounds + 1):
        counts = np.zeros(len(keys) + 1)
        for group in groups:
            expect(group, emission, weights, counts, likelihood)
        levels = fit.levels(counts[:-1])
        emission = np.append(fit.probabilities(levels), 0.0)
        channel = fit.channel(levels, characters, tuple(syllable_position), units)
        if number == max(1, rounds // 2):
            weights = 1.0 / (
                1.0 + noise / (1.0 - noise) * 2.0 ** np.clip(-_odds(channel, latin, likelihood), -500, 500)
            )
        if progress is not None:
            progress(number, float(np.log2(likelihood[used]).mean()))
    trusted = _odds(channel, latin, likelihood) >= TRUSTED
    return Transliteration(channel, _direct(channel, groups, emission, units, latin, trusted))


def _odds(channel: Channel, latin: list[str], likelihood: Floats) -> Floats:
    """Log-odds in bits that each pair is a transliteration at all: letters under characters against background."""
    place = {name: index for index, name in enumerate(dict.fromkeys(latin))}
    background = channel.background(list(place)) - np.log2(26.0) * np.array([len(name) for name in place])
    return np.asarray(np.log2(np.maximum(likelihood, 1e-300)) - background[[place[name] for name in latin]])


def _direct(
    channel: Channel,
    groups: list[Group],
    emission: Floats,
    units: list[list[int]],
    latin: list[str],
    trusted: NDArray[np.bool_],
) -> tuple[Direct, Direct]:
    """Cut the trusted pairs and learn the direct models from them."""
    cuts: dict[int, Ints] = {}
    for group in groups:
        found = best_cuts(group, emission)
        cuts.update((pair, row) for pair, row in zip(group.pairs.tolist(), found, strict=True) if trusted[pair])
    pairs = sorted(cuts)
    sizes = [len(units[pair]) for pair in pairs]
    names = [latin[pair] for pair in pairs]
    of_pair = np.repeat(np.arange(len(pairs)), sizes)
    characters = np.array([unit for pair in pairs for unit in units[pair]], np.int64)
    taken = np.concatenate([np.zeros(0, np.int64), *(cuts[pair] for pair in pairs)])
    forward = learn_direct(channel, names, of_pair, characters, taken)
    return forward, learn_direct(channel, names, of_pair, characters, taken, backward=True)
