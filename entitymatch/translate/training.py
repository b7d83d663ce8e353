"""Learn word translations from pairs of names: IBM Model 1, shrunk towards the glossary.

Every English word of a name is explained by one stretch of up to :data:`LONGEST` Chinese characters of the other
name, or by none (Brown et al., *The Mathematics of Statistical Machine Translation*, Computational Linguistics
19(2), 1993). Stretches overlap, so no segmentation of the Chinese name is needed: the stretch that explains a word
most reliably wins it over the rounds of expectation maximisation. The glossary enters as pseudo-counts, so a rare
word keeps its dictionary meaning until the pairs say otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from entitymatch.names.tokens import tokens
from entitymatch.translate.glossary import Glossary
from entitymatch.translate.model import LearnedWord

LONGEST = 5
_NULL = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A Chinese and an English name of one organisation; ``organization`` says which pairs belong to the same one."""

    zh: str
    en: str
    organization: str


def stretches(text: str) -> set[str]:
    """Return the distinct runs of one to :data:`LONGEST` Han characters of a name.

    Example:
        >>> sorted(stretches("中石化A"))
        ['中', '中石', '中石化', '化', '石', '石化']
    """
    return {
        text[i:j]
        for i in range(len(text))
        for j in range(i + 1, min(i + LONGEST, len(text)) + 1)
        if all("\u3400" <= c <= "\u9fff" for c in text[i:j])
    }


def learn(
    pairs: Iterable[Pair],
    glossary: Glossary,
    *,
    ignore: frozenset[str] = frozenset(),
    rounds: int = 8,
    support: int = 3,
    shrinkage: float = 2.0,
    least: float = 0.02,
) -> list[LearnedWord]:
    """Learn t(en | zh) by expectation maximisation.

    Args:
        pairs: the names; several pairs of one organisation count as one piece of evidence for the support.
        glossary: prior translations.
        ignore: English stems to leave out (legal forms).
        rounds: rounds of EM.
        support: keep a row only if at least so many organisations show both words.
        shrinkage: weight of the glossary, in pseudo-occurrences of the Chinese word.
        least: drop rows with a smaller probability.

    Returns:
        The rows, sorted by Chinese word and falling probability; the same pairs give the same rows.
    """
    sources: dict[str, int] = {_NULL: 0}
    targets: dict[str, int] = {}
    pair_sources: list[list[int]] = []
    pair_targets: list[list[int]] = []
    organizations: list[str] = []
    seen: set[tuple[str, str]] = set()
    for pair in sorted(pairs, key=lambda p: (p.organization, p.zh, p.en)):
        if (pair.zh, pair.en) in seen:
            continue
        seen.add((pair.zh, pair.en))
        words = sorted({t.stem for t in tokens(pair.en)} - ignore)
        if not words:
            continue
        pair_sources.append([0, *(sources.setdefault(s, len(sources)) for s in sorted(stretches(pair.zh)))])
        pair_targets.append([targets.setdefault(w, len(targets)) for w in words])
        organizations.append(pair.organization)

    if not pair_sources:
        return []
    counts = _support(pair_sources, pair_targets, organizations, len(targets))
    kept = {key for key, n in counts.items() if n >= support}
    source_names, target_names = list(sources), list(targets)
    slots: dict[int, int] = {}
    slot_of, source_of, token_of = [], [], []
    token = 0
    for ss, ts in zip(pair_sources, pair_targets, strict=True):
        for t in ts:
            for s in ss:
                key = s * len(targets) + t
                if s == 0 or key in kept:
                    slot_of.append(slots.setdefault(key, len(slots)))
                    source_of.append(s)
                    token_of.append(token)
            token += 1
    slot, source, word = np.array(slot_of), np.array(source_of), np.array(token_of)
    keys = np.fromiter(slots, dtype=np.int64, count=len(slots))
    slot_source = keys // len(targets)
    # How often each source is seen at all, with any word: stretches that explain nothing must not look certain.
    seen_times = np.zeros(len(sources))
    for ss, ts in zip(pair_sources, pair_targets, strict=True):
        seen_times[ss] += len(ts)
    prior = _prior(keys, source_names, target_names, glossary, shrinkage)
    prior_mass = np.bincount(slot_source, prior, minlength=len(sources))

    probability = 1.0 / np.maximum(np.bincount(slot_source, minlength=len(sources)), 1)[slot_source]
    probability = 0.5 * probability + prior
    for _ in range(rounds):
        share = probability[slot]
        share = share / np.bincount(word, share, minlength=token)[word]
        expected = np.bincount(slot, share, minlength=len(slots))
        mass = np.bincount(source, share, minlength=len(sources))
        probability = (expected + shrinkage * prior) / np.maximum(mass + shrinkage * prior_mass, 1e-12)[slot_source]

    # P(the word is there | the stretch is there): what a reader of the name needs, from the last expectation.
    present = np.zeros(len(sources))
    for ss in pair_sources:
        present[ss] += 1.0
    rate = (expected + shrinkage * prior) / (present + shrinkage)[slot_source]
    rows = [
        LearnedWord(
            source_names[key // len(targets)],
            target_names[key % len(targets)],
            round(min(float(p), 1.0), 4),
            counts[key],
        )
        for key, p in zip(keys.tolist(), rate.tolist(), strict=True)
        if key >= len(targets) and p >= least
    ]
    return sorted(rows, key=lambda r: (r.zh, -r.probability, r.en))


def _support(
    pair_sources: Sequence[Sequence[int]],
    pair_targets: Sequence[Sequence[int]],
    organizations: Sequence[str],
    width: int,
) -> dict[int, int]:
    """Count the organisations that show each (source, target); keys are ``source * width + target``."""
    by_organization: dict[str, list[int]] = defaultdict(list)
    for index, organization in enumerate(organizations):
        by_organization[organization].append(index)
    counts: dict[int, int] = defaultdict(int)
    for indices in by_organization.values():
        together = {s * width + t for i in indices for s in pair_sources[i][1:] for t in pair_targets[i]}
        for key in together:
            counts[key] += 1
    return counts


def _prior(
    keys: np.ndarray[tuple[int], np.dtype[np.int64]],
    sources: list[str],
    targets: list[str],
    glossary: Glossary,
    weight: float,
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the glossary's t0(target | source) for each key, 0 where it has none."""
    known: dict[str, dict[str, float]] = {}
    out = np.zeros(len(keys))
    for i, key in enumerate(keys.tolist()):
        s = sources[key // len(targets)]
        table = known.get(s)
        if table is None:
            table = known[s] = dict(glossary.translations(s))
        out[i] = table.get(targets[key % len(targets)], 0.0)
    return out
