"""Explain one name by the other: which words of the one mean what which characters of the other mean, or are read so.

Every Latin word looks for the characters of the other name that it may come from; the strongest explanations are taken
first, and a character that has been used explains another word only at a discount. :mod:`.compare` adds those by sound;
what no explanation reaches is left over (:mod:`.leftovers`).

An explanation is worth ``log2(P(word | name) / P(word))`` bits: how much likelier the word is in a name of this
organisation than in any. The weights of :mod:`.model` say how far those bits are to be believed, by kind.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from entitymatch.features import NameFeatures, Origin
from entitymatch.features.name import LEGAL, OTHER, UNIT, AliasSpan, runs
from entitymatch.features.trades import han_trades, trades_of
from entitymatch.lexicon import Lexicon
from entitymatch.scoring.wording import Information, Piece, Wording, wording

ALIAS_BITS = 14.0
_LEAST_GAIN = 0.3
_LEAST_EXPLAINED = 0.1  # an explanation that gives less of the bits of a word is chance
EXPLAINED = 0.5  # one that gives so much of them explains the word whole
_REUSE = 0.4
_COMPOUND_GAP = 2  # characters between the two that make one word
# What a query's organisation is to the reference's → the feature that says so.
_FEATURES = {
    "": "",
    "same": "alias",
    "unit": "unit_alias",
    "affiliate": "affiliate_alias",
    "joint_venture": "affiliate_alias",
}
ALIAS_FEATURES = ("alias", "common_alias", "ordinary_word", "unit_alias", "affiliate_alias")
SILENT = (LEGAL, UNIT, OTHER)  # parts of which nothing is left over: 驻 in 英国驻上海总领事馆


@dataclass(slots=True)
class Alignment:
    """How a Han name and a Latin name explain one another.

    Attributes:
        han, latin: the two names.
        swapped: True if the Han name is the reference's.
        wording: what comparisons need of the Latin name.
        own: bit mask over the Han characters that are left over if nothing explains them: all but the silent ones.
        pieces: the explanations accepted so far.
        used: bit mask over the Han characters that explain something.
        explained: for each word, how much of it is explained, from 0 (nothing) to 1.
        named: bit mask over the Han characters of the known organisations that both names bear.
    """

    han: NameFeatures
    latin: NameFeatures
    swapped: bool
    wording: Wording
    own: int
    pieces: list[Piece] = field(default_factory=list)
    used: int = 0
    explained: list[float] = field(default_factory=list)
    named: int = 0

    def rest(self, among: int) -> tuple[tuple[int, int], ...]:
        """Return the runs of Han characters among these (a bit mask) that explain nothing yet."""
        mask = among & ~self.used
        found: tuple[tuple[int, int], ...] | None = self.han.memo.get(mask)
        if found is None:  # most candidates of a string are explained by the same few characters, or by none
            found = self.han.memo[mask] = tuple(runs(mask))
        return found

    def rest_words(self) -> list[int]:
        """Return the positions of the words that nothing explains yet, legal forms and light words aside."""
        return [i for i in self.wording.content if self.explained[i] < EXPLAINED]

    def accept(self, piece: Piece, share: float = 1.0) -> None:
        """Add an explanation that covers its characters whole and such a share of its words."""
        self.pieces.append(piece)
        start, end = piece.han
        self.used |= (1 << end) - (1 << start)
        for i in range(*piece.words):
            self.explained[i] = max(self.explained[i], share)


def align(
    han: NameFeatures, latin: NameFeatures, information: Information, lexicon: Lexicon, swapped: bool = False
) -> Alignment:
    """Explain the words of ``latin`` by the characters (and words) of ``han``, without sound.

    Args:
        han: a name with Han characters.
        latin: a name in Latin letters.
        information: stem → bits of surprise in meeting it in a name.
        lexicon: says which organisation belongs to which.
        swapped: whether ``han`` is the reference.
    """
    words = wording(latin, information)
    alignment = Alignment(han, latin, swapped, words, han.characters(*SILENT), explained=[0.0] * len(latin.words))
    options = [*_alias_options(han, latin, lexicon, swapped), *_word_options(han, words)]
    if len(options) > 1:
        options.sort(key=lambda p: (-p.value, p.words, p.han[0] - p.han[1], p.han))
    for piece in options:
        if any(alignment.explained[slice(*piece.words)]):
            continue
        start, end = piece.han
        mask = (1 << end) - (1 << start)
        if mask & alignment.named and piece.feature not in ALIAS_FEATURES:
            continue
        shared = (mask & alignment.used).bit_count()
        if shared and not any(p.han == piece.han and p.feature == piece.feature for p in alignment.pieces):
            piece = piece._replace(value=piece.value * (1.0 - (1.0 - _REUSE) * shared / (end - start)))
        if piece.feature in ALIAS_FEATURES:
            alignment.named |= mask
            alignment.accept(piece)
            continue
        bits = sum(words.bits[slice(*piece.words)])
        share = piece.value / bits if bits else 1.0
        if piece.value >= _LEAST_GAIN and share >= _LEAST_EXPLAINED:
            alignment.accept(piece, min(share / EXPLAINED, 1.0))
    return alignment


def _alias_options(han: NameFeatures, latin: NameFeatures, lexicon: Lexicon, swapped: bool) -> Iterator[Piece]:
    """Yield the known organisations that both names bear, and units of the reference's that the query bears."""
    if not han.aliases or not latin.aliases:
        return
    # 罗·罗公司（Rolls-Royce）: the Latin name of an organisation explains its Han name beside it.
    spans = {alias.key: (alias.start, alias.end) for alias in han.aliases if not alias.latin}
    for ours in han.aliases:
        for theirs in latin.aliases:
            if ours.key == theirs.key:
                feature = "alias"
                if (ours.common or theirs.common) and not in_context(han, ours, lexicon):
                    feature = "common_alias"
            else:
                query, reference = (theirs, ours) if swapped else (ours, theirs)
                feature = _FEATURES[lexicon.relation(query.key, reference.key)]
                if not feature:
                    continue
            span = spans.get(ours.key, (0, 0)) if ours.latin else (ours.start, ours.end)
            bits = alias_bits(ours.end - ours.start) if not ours.latin else ALIAS_BITS
            yield Piece(feature, bits, span, (theirs.start, theirs.end), sources(ours, theirs))


def sources(one: AliasSpan, other: AliasSpan) -> str:
    """Return who says what two names of organisations stand for, each once."""
    return ", ".join(dict.fromkeys((one.source, other.source)))


def alias_bits(characters: int) -> float:
    """Return how much a Han alias of so many characters tells: two stand in a name by chance, five hardly do.

    Example:
        >>> [alias_bits(n) for n in (2, 3, 4, 5, 9)]
        [12.0, 14.0, 16.0, 17.0, 17.0]
    """
    return {2: 12.0, 3: 14.0, 4: 16.0}.get(characters, 17.0)


def in_context(han: NameFeatures, alias: AliasSpan, lexicon: Lexicon) -> bool:
    """Say whether a Han name speaks of the organisation that a word in it may name.

    It does if it names a trade of the organisation (苹果电脑 does, 苹果园艺 does not), or calls a foreign organisation
    by its country's company: 宝洁（中国）.
    """
    abroad = lexicon.organizations[alias.key].country not in ("CN", "")
    if abroad and not alias.latin and han.han.startswith("中国", alias.end):
        return True
    groups, _ = trades_of(lexicon, alias.key)
    return any(trade.group in groups for trade in han_trades(han.han))


def _word_options(han: NameFeatures, wording: Wording) -> Iterator[Piece]:
    origins = han.origins
    literal = {w.stem for w in han.words}
    known = wording.keys & origins.keys()
    # Where no word is known, and that is the rule, only what is composed of two can be.
    for i, stem, legal, bits, parts, longer in wording.lookups if known or literal else wording.composed:
        if stem in literal:
            yield Piece("literal", bits, (0, 0), (i, i + 1), "the same word")
        if stem in known:
            probability, kind, start, stop, source = origins[stem]
            if (gain := bits + math.log2(probability)) > _LEAST_GAIN:
                yield Piece(LEGAL if legal else kind, gain, (start, stop), (i, i + 1), source)
        elif parts and (split := _compound(parts, han)) is not None:
            first, second = split
            gain = bits + math.log2(first.probability * second.probability) - 1.0
            if gain > _LEAST_GAIN:
                span = (min(first.start, second.start), max(first.end, second.end))
                yield Piece("compound", gain, span, (i, i + 1), f"{first.source} + {second.source}")
        if known:
            for letters, end, total in longer:
                if letters in known and origins[letters][4] == "pinyin":
                    probability, kind, start, stop, source = origins[letters]
                    gain = total + math.log2(probability)
                    if gain > _LEAST_GAIN:
                        yield Piece(kind, gain, (start, stop), (i, end), source)


def _compound(parts: tuple[tuple[str, str], ...], han: NameFeatures) -> tuple[Origin, Origin] | None:
    """Return the two origins of a word that is composed of two from the Han name (``citymedia``, ``beijinggas``)."""
    origins = han.origins
    best: tuple[float, tuple[Origin, Origin]] | None = None
    for beginning, end in parts:
        if beginning not in origins or end not in origins:
            continue
        first, second = han.origin(beginning), han.origin(end)
        if not 0 <= max(first.start, second.start) - min(first.end, second.end) <= _COMPOUND_GAP:
            continue
        together = first.probability * second.probability
        if best is None or together > best[0]:
            best = (together, (first, second))
    return best[1] if best else None
