"""Explain one name by the other: which words and characters of two names mean or sound the same, and what is left over.

Every Latin word looks for the characters of the other name that it may come from; the strongest explanations are taken
first, and a character that has been used explains another word only at a discount. What no explanation reaches is left
over, on both sides: that is how 上海汇丰纸业有限公司 (a paper mill) differs from 汇丰银行上海分行 (a branch of HSBC).

An explanation is worth ``log2(P(word | name) / P(word))`` bits: how much likelier the word is in a name of this
organisation than in any. The weights of :mod:`.model` say how far those bits are to be believed, by kind.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from entitymatch.features import NameFeatures, Origin, Word
from entitymatch.features.name import LEGAL, OTHER, PLACE, TRADE, UNIT, AliasSpan, runs
from entitymatch.features.trades import (
    ACTIVITY,
    GENERIC,
    SHOP,
    Trade,
    groups_of_words,
    han_trades,
    trade_stems,
    trades_of,
)
from entitymatch.lexicon import Lexicon
from entitymatch.lexicon.organizations import LIGHT_WORDS
from entitymatch.lexicon.words import countries

MOST_BITS = 14.0  # one agreement never counts more: two strings may share a rare word by chance
ALIAS_BITS = 14.0
_LEAST_GAIN = 0.3
_LEAST_EXPLAINED = 0.1  # an explanation that gives less of the bits of a word is chance
_EXPLAINED = 0.5  # one that gives so much of them explains the word whole
_LIGHT_BITS = 5.0  # words below are borne by more than one name in thirty
_REUSE = 0.4
_COMPOUND_GAP = 2  # characters between the two that make one word
_LONG_ALIAS = 4
PLACE_LEVELS = frozenset("省市县区镇乡州盟旗")
# What a query's organisation is to the reference's → the feature that says so.
_FEATURES = {
    "": "",
    "same": "alias",
    "unit": "unit_alias",
    "affiliate": "affiliate_alias",
    "joint_venture": "affiliate_alias",
}
ALIAS_FEATURES = ("alias", "common_alias", "ordinary_word", "unit_alias", "affiliate_alias")
_OTHER_TRADE = frozenset(["trade_conflict", "small_business"])
SILENT = (LEGAL, UNIT, OTHER)  # parts of which nothing is left over: 驻 in 英国驻上海总领事馆
_STRICT_GROUPS = ("education", "public")


class Piece(NamedTuple):
    """One explanation or left-over: the feature it counts for, its value, and the characters and words it rests on."""

    feature: str
    value: float
    han: tuple[int, int]
    words: tuple[int, int]
    source: str


Information = Callable[[str], float]


@dataclass(slots=True)
class Alignment:
    """How a Han name and a Latin name explain one another.

    Attributes:
        han, latin: the two names.
        swapped: True if the Han name is the reference's.
        pieces: the explanations accepted so far.
        used: bit mask over the Han characters that explain something.
        explained: for each word, how much of it is explained, from 0 (nothing) to 1.
        named: bit mask over the Han characters of the known organisations that both names bear.
    """

    han: NameFeatures
    latin: NameFeatures
    swapped: bool
    pieces: list[Piece] = field(default_factory=list)
    used: int = 0
    explained: list[float] = field(default_factory=list)
    named: int = 0

    def rest_segments(self) -> list[tuple[int, int]]:
        """Return the runs of Han characters of core or trade that explain nothing yet."""
        return runs(self.han.characters(*SILENT) & ~self.used)

    def rest_words(self) -> list[int]:
        """Return the positions of the words that nothing explains yet, legal forms and light words aside."""
        return [i for i in content_words(self.latin) if self.explained[i] < _EXPLAINED]

    def accept(self, piece: Piece, share: float = 1.0) -> None:
        """Add an explanation that covers its characters whole and such a share of its words."""
        self.pieces.append(piece)
        start, end = piece.han
        self.used |= (1 << end) - (1 << start)
        for i in range(*piece.words):
            self.explained[i] = max(self.explained[i], share)


def content_words(latin: NameFeatures) -> list[int]:
    """Return the positions of the words of a name, legal forms and light words aside."""
    found: list[int] | None = latin.memo.get("content")
    if found is None:
        found = [i for i, word in enumerate(latin.words) if word.part != LEGAL and word.stem not in LIGHT_WORDS]
        latin.memo["content"] = found
    return found


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
    alignment = Alignment(han, latin, swapped, explained=[0.0] * len(latin.words))
    options = [*_alias_options(han, latin, lexicon, swapped), *_word_options(han, latin, information)]
    options.sort(key=lambda p: (-p.value, p.words, p.han[0] - p.han[1], p.han))
    for piece in options:
        if any(alignment.explained[i] for i in range(*piece.words)):
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
        bits = sum(min(information(latin.words[i].stem), MOST_BITS) for i in range(*piece.words))
        share = piece.value / bits if bits else 1.0
        if piece.value >= _LEAST_GAIN and share >= _LEAST_EXPLAINED:
            alignment.accept(piece, min(share / _EXPLAINED, 1.0))
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


def _word_options(han: NameFeatures, latin: NameFeatures, information: Information) -> Iterator[Piece]:
    origins = han.origins
    literal = {w.stem for w in han.words}
    words = latin.words
    for i, word in enumerate(words):
        stem = word.stem
        if stem in LIGHT_WORDS and word.part != LEGAL:
            continue
        bits = min(information(stem), MOST_BITS)
        if stem in literal:
            yield Piece("literal", bits, (0, 0), (i, i + 1), "the same word")
        if (origin := origins.get(stem)) is not None:
            if (gain := bits + math.log2(origin.probability)) > _LEAST_GAIN:
                feature = LEGAL if word.part == LEGAL else origin.kind
                yield Piece(feature, gain, (origin.start, origin.end), (i, i + 1), origin.source)
        elif len(stem) >= 6 and (split := _compound(stem, origins)) is not None:
            first, second = split
            gain = bits + math.log2(first.probability * second.probability) - 1.0
            if gain > _LEAST_GAIN:
                span = (min(first.start, second.start), max(first.end, second.end))
                yield Piece("compound", gain, span, (i, i + 1), f"{first.source} + {second.source}")
        joined = stem
        for j in range(i + 1, min(i + 4, len(words))):
            joined += words[j].stem
            if (origin := origins.get(joined)) is not None and origin.source == "pinyin":
                total = bits + sum(information(word.stem) for word in words[i + 1 : j + 1])
                gain = min(total, MOST_BITS) + math.log2(origin.probability)
                if gain > _LEAST_GAIN:
                    yield Piece(origin.kind, gain, (origin.start, origin.end), (i, j + 1), origin.source)


def _compound(stem: str, origins: dict[str, Origin]) -> tuple[Origin, Origin] | None:
    """Split a word into two that both come from the Han name (``citymedia``, ``beijinggas``)."""
    best: tuple[float, tuple[Origin, Origin]] | None = None
    for cut in range(2, len(stem) - 1):
        first = origins.get(stem[:cut])
        if first is None:
            continue
        second = origins.get(stem[cut:])
        if second is None or not 0 <= max(first.start, second.start) - min(first.end, second.end) <= _COMPOUND_GAP:
            continue
        together = first.probability * second.probability
        if best is None or together > best[0]:
            best = (together, (first, second))
    return best[1] if best else None


def leftovers(
    alignment: Alignment, information: Information, han_information: Information, lexicon: Lexicon
) -> Iterator[Piece]:
    """Yield what nothing explains, on both sides, and the contradictions that it makes.

    A trade that is left over among the Han characters speaks against the pair if the other name, or what is known
    of its organisation, is of other trades (波音 + 文具); the activities of any group's subsidiaries (投资, 贸易)
    hardly do.
    """
    han, latin = alignment.han, alignment.latin
    yield from _parents(alignment, lexicon)
    places = False
    for i, word in enumerate(latin.words):
        open_share = 1.0 - alignment.explained[i]
        if open_share <= 0.0 or word.stem in LIGHT_WORDS:
            continue
        bits = min(information(word.stem), MOST_BITS)
        yield Piece(_left_word(word, bits), bits * open_share, (0, 0), (i, i + 1), "")
        places |= word.part == PLACE and open_share > _EXPLAINED
    left = _left_of(han, tuple(alignment.rest_segments()), _trades_of(latin, lexicon), han_information)
    if any(piece.feature == "trade_agreement" for piece in left) or _begins_with_long_alias(alignment):
        left = [piece for piece in left if piece.feature != "trade_conflict"]  # 航空 | 电子 of a maker of electronics
    if any(piece.feature in _OTHER_TRADE for piece in left):
        for at, piece in enumerate(alignment.pieces):
            if piece.feature == "common_alias":  # 大众 | 剧场 is the people's theatre, not Volkswagen's
                alignment.pieces[at] = piece._replace(feature="ordinary_word")
    if places and any(piece.feature == "left_han_place" for piece in left):
        yield Piece("place_conflict", 1.0, (0, 0), (0, 0), "")
    feature = _standing(alignment, left, lexicon)
    if feature:
        yield Piece(feature, 1.0, (0, 0), (0, 0), "")
    if feature == "alias_alone":
        # The seat and the activity of a subsidiary are part of its name, not left over.
        for piece in left:
            alignment.used |= (1 << piece.han[1]) - (1 << piece.han[0])
    else:
        yield from left
    unit = ~han.characters(UNIT) & ~alignment.used & ((1 << len(han.parts)) - 1)
    if unit:
        span = (unit & -unit).bit_length() - 1, unit.bit_length()
        yield Piece("left_han_unit", 1.0, span, (0, 0), "")
    yield from _place_in_front(alignment, lexicon)
    if _another_organization(alignment, lexicon):
        yield Piece("other_organization", 1.0, (0, 0), (0, 0), "")


def _another_organization(alignment: Alignment, lexicon: Lexicon) -> bool:
    """Say whether both names bear known names of organisations, and none of one belongs to one of the other.

    A name that goes on behind that of a group (中科院 | 分子细胞卓越创新中心) may be that of one of its members.
    """
    ours = [alias for alias in alignment.han.aliases if not alias.common]
    theirs = [alias for alias in alignment.latin.aliases if not alias.common]
    if not ours or not theirs:
        return False
    for alias in ours:
        goes_on = not alias.latin and alias.end < len(alignment.han.han)
        for other in theirs:
            if lexicon.relation(alias.key, other.key) and not alignment.swapped:
                return False
            if lexicon.relation(other.key, alias.key) and (alignment.swapped or goes_on):
                return False
    return True


def _parents(alignment: Alignment, lexicon: Lexicon) -> Iterator[Piece]:
    """Take out the organisation that an institution belongs to, where only one name says so.

    中国科学院 | 化学研究所 is the Institute of Chemistry, whether the other name adds the Academy or not. What is taken
    out counts as explained. Where both name it, though the Han name is that of the whole, nothing is left over.
    """
    han, latin = alignment.han, alignment.latin
    if not (han.institution and latin.institution):
        return
    span = (1 << han.parent) - 1
    if (span & ~alignment.used).bit_count() * 2 > han.parent:
        alignment.used |= span
        yield Piece("left_parent", 1.0, (0, han.parent), (0, 0), "")
    for alias in latin.aliases:
        words = range(alias.start, alias.end)
        if not alias.latin or len(words) == len(latin.words) or any(alignment.explained[i] for i in words):
            continue
        for i in words:
            alignment.explained[i] = 1.0
        if not any(a.key == alias.key for a in lexicon.han_aliases.get(han.han[: han.parent], ())):
            yield Piece("left_parent_word", 1.0, (0, 0), (alias.start, alias.end), "")
        break


def _place_in_front(alignment: Alignment, lexicon: Lexicon) -> Iterator[Piece]:
    """Yield a place before a known name: local firms put it there (上海波音文具), subsidiaries behind it."""
    start = min((piece.han[0] for piece in alignment.pieces if piece.feature in _NAMED), default=0)
    if _foreign_behind_a_place(alignment, start, lexicon):
        yield Piece("place_first", 1.0, (0, start), (0, 0), "")
    elif start and all(part == PLACE for part in alignment.han.parts[:start]) and not _is_country(alignment, start):
        yield Piece("place_before", 1.0, (0, start), (0, 0), "")


def _foreign_behind_a_place(alignment: Alignment, start: int, lexicon: Lexicon) -> bool:
    """Say whether the known name at ``start`` is a foreign organisation's and stands behind a place, not a country."""
    han = alignment.han
    if not start or any(part != PLACE for part in han.parts[:start]) or _is_country(alignment, start):
        return False
    found = {lexicon.organizations[alias.key].country for alias in han.aliases if alias.start == start}
    return found.isdisjoint(_CHINESE)


def _is_country(alignment: Alignment, end: int) -> bool:
    return alignment.han.han[:end] in countries()


_NAMED = frozenset(["alias", "common_alias", "unit_alias"])
_CHINESE = frozenset(["CN", "HK", "MO", "TW", "SG", ""])
Trades = tuple[frozenset[str], frozenset[str]]  # groups, English stems


def _left_of(
    han: NameFeatures, segments: tuple[tuple[int, int], ...], known: Trades, han_information: Information
) -> list[Piece]:
    """Return what :func:`left_characters` yields; candidates of one trade leave the same over."""
    key = (segments, known)
    found: list[Piece] | None = han.memo.get(key)
    if found is None:
        found = han.memo[key] = list(left_characters(han, segments, known, han_information))
    return found


def left_characters(
    han: NameFeatures, segments: Iterable[tuple[int, int]], known: Trades, han_information: Information
) -> Iterator[Piece]:
    """Yield the Han characters that nothing explains, trade words whole.

    Args:
        han: the name.
        segments: the runs of its characters that nothing explains.
        known: what the other name's organisation does.
        han_information: character → bits.
    """
    for start, end in segments:
        trades = {trade.start: trade for trade in han_trades(han.han[start:end])}
        i = start
        while i < end:
            if (trade := trades.get(i - start)) is not None:
                yield _left_trade(trade, start, known, han, han_information)
                i = start + trade.end
            else:
                place = han.parts[i] == PLACE
                # The level of a place that the other name gives as well (山西 | 省) is not left over.
                if not (place and i == start and i and han.parts[i - 1] == PLACE and han.han[i] in PLACE_LEVELS):
                    feature = "left_han_place" if place else "left_han"
                    yield Piece(feature, han_information(han.han[i]), (i, i + 1), (0, 0), "")
                i += 1


def _begins_with_long_alias(alignment: Alignment) -> bool:
    """Say whether the Han name begins with a known name too long to be another's by chance (中远海运财产保险)."""
    return any(
        piece.feature in ("alias", "unit_alias") and piece.han[0] == 0 and piece.han[1] >= _LONG_ALIAS
        for piece in alignment.pieces
    )


_BESIDE_A_GROUP = frozenset(["left_han_place", "left_han_activity", "trade_agreement", "trade_family"])
_BESIDE_AN_INSTITUTION = frozenset(["left_han_place"])  # 浙江学院 beside 同济大学 is a school of its own


def _standing(alignment: Alignment, left: Sequence[Piece], lexicon: Lexicon) -> str:
    """Say how the known name stands in the Han name: ``alias_alone``, ``alias_first`` or neither ("").

    Alone, with only places, activities and fitting trades beside it (波音（中国）投资), it is a subsidiary's name.
    First, before everything else and with other words behind it (波音完工中心), it is one as a rule, if the other name
    is that of the group and of no part of it: no firm of its own would put another's name in front.
    """
    named = [piece for piece in alignment.pieces if piece.feature in ("alias", "unit_alias")]
    if not named or alignment.rest_words():
        return ""
    begins = min(piece.han[0] for piece in named)
    beside = _BESIDE_AN_INSTITUTION if alignment.han.institution else _BESIDE_A_GROUP
    if _foreign_behind_a_place(alignment, begins, lexicon):
        beside = beside - {"trade_family"}  # 金华孟山都钢构 is a local firm of a related trade, not Monsanto's
    strange = [piece for piece in left if piece.feature not in beside]
    if not strange:
        return "alias_alone"
    others = sum(piece.words[1] - piece.words[0] for piece in alignment.pieces if piece not in named)
    behind = begins == 0 and not others and all(piece.feature == "left_han" for piece in strange)
    return "alias_first" if behind else ""


def _trades_of(latin: NameFeatures, lexicon: Lexicon) -> Trades:
    """Return the groups and the words of the trades of a Latin name and of the organisations that it names."""
    found: Trades | None = latin.memo.get(lexicon)
    if found is None:
        stems = frozenset(w.stem for w in latin.words if w.part != LEGAL)
        groups = groups_of_words(stems)
        for alias in latin.aliases:
            known_groups, known_stems = trades_of(lexicon, alias.key)
            groups, stems = groups | known_groups, stems | known_stems
        found = latin.memo[lexicon] = groups, stems & trade_stems()
    return found


def _left_trade(trade: Trade, offset: int, known: Trades, han: NameFeatures, han_information: Information) -> Piece:
    groups, stems = known
    span = (offset + trade.start, offset + trade.end)
    if trade.group in (ACTIVITY, GENERIC) and not han.institution:
        return Piece("left_han_activity", 1.0, span, (0, 0), "activities.tsv")
    if trade.group == SHOP:
        return Piece("small_business", 1.0, span, (0, 0), "activities.tsv")
    if trade.group in (ACTIVITY, GENERIC):
        return Piece("left_han", sum(map(han_information, han.han[slice(*span)])), span, (0, 0), "")  # 科技 | 大学
    if not groups:
        return Piece("left_han_trade", sum(map(han_information, han.han[slice(*span)])), span, (0, 0), "trades.tsv")
    if not stems.isdisjoint(trade.words) and not han.institution:
        return Piece("trade_agreement", 1.0, span, (0, 0), "trades.tsv")
    # A kindergarten is no university and a tax office no consulate, though both are education, or public.
    related = trade.group in groups and trade.group not in _STRICT_GROUPS
    return Piece("trade_family" if related else "trade_conflict", 1.0, span, (0, 0), "trades.tsv")


def _left_word(word: Word, bits: float) -> str:
    if word.part == LEGAL:
        return "left_legal_word"
    if word.part == UNIT:
        return "left_unit_word"
    if word.part == PLACE:
        return "left_place_word"
    if word.part == TRADE:
        return "left_trade_word"
    return "left_word" if bits >= _LIGHT_BITS else "left_light_word"
