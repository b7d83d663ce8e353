"""What no explanation reaches, on both sides of a pair, and what speaks against the pair for it.

That is how 上海汇丰纸业有限公司 (a paper mill) differs from 汇丰银行上海分行 (a branch of HSBC). What is left over
counts by what it is: characters and words by their rarity; a trade by whether the organisation of the other name has it
too; a place or a known name also by where it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from entitymatch.features import NameFeatures
from entitymatch.features.name import LEGAL, PLACE, UNIT
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
from entitymatch.lexicon.words import countries
from entitymatch.scoring.alignment import ALIAS_FEATURES, EXPLAINED, Alignment
from entitymatch.scoring.wording import Information, Piece, new_piece

Trades = tuple[frozenset[str], frozenset[str]]  # groups, English stems

_LONG_ALIAS = 4
_PLACE_LEVELS = frozenset("省市县区镇乡州盟旗")
_OTHER_TRADE = frozenset(["trade_conflict", "small_business"])
_STRICT_GROUPS = ("education", "public")
_NAMED = frozenset(["alias", "common_alias", "unit_alias"])
_CHINESE = frozenset(["CN", "HK", "MO", "TW", "SG", ""])
_BESIDE_A_GROUP = frozenset(["left_han_place", "left_han_activity", "trade_agreement", "trade_family"])
_BESIDE_AN_INSTITUTION = frozenset(["left_han_place"])  # 浙江学院 beside 同济大学 is a school of its own


def leftovers(alignment: Alignment, han_information: Information, lexicon: Lexicon) -> list[Piece]:
    """Return what nothing explains, on both sides, and the contradictions that it makes.

    A trade that is left over among the Han characters speaks against the pair if the other name, or what is known
    of its organisation, is of other trades (波音 + 文具); the activities of any group's subsidiaries (投资, 贸易)
    hardly do.
    """
    han, latin = alignment.han, alignment.latin
    pieces = _parents(alignment, lexicon)
    places = False
    for i, piece in alignment.wording.left:
        if explained := alignment.explained[i]:
            open_share = 1.0 - explained
            if open_share <= 0.0:
                continue
            pieces.append(piece._replace(value=piece.value * open_share))
            places |= piece.feature == "left_place_word" and open_share > EXPLAINED
        else:
            pieces.append(piece)
            places |= piece.feature == "left_place_word"
    left = left_characters(han, alignment.rest(alignment.own), _trades_of(latin, lexicon), han_information)
    kinds = {piece.feature for piece in left}
    both_known = han.aliases and latin.aliases  # in one pair of fifteen; else none explains the other
    named = bool(both_known) and any(piece.feature in ALIAS_FEATURES for piece in alignment.pieces)
    if "trade_conflict" in kinds and ("trade_agreement" in kinds or (named and _begins_with_long_alias(alignment))):
        left = [piece for piece in left if piece.feature != "trade_conflict"]  # 航空 | 电子 of a maker of electronics
        kinds.discard("trade_conflict")
    if named and not kinds.isdisjoint(_OTHER_TRADE):
        for at, piece in enumerate(alignment.pieces):
            if piece.feature == "common_alias":  # 大众 | 剧场 is the people's theatre, not Volkswagen's
                alignment.pieces[at] = piece._replace(feature="ordinary_word")
    if places and "left_han_place" in kinds:
        pieces.append(_flag("place_conflict"))
    feature = _standing(alignment, left, lexicon) if named else ""
    if feature:
        pieces.append(_flag(feature))
    if feature == "alias_alone":
        # The seat and the activity of a subsidiary are part of its name, not left over.
        for piece in left:
            alignment.used |= (1 << piece.han[1]) - (1 << piece.han[0])
    else:
        pieces += left
    unit = ~han.characters(UNIT) & ~alignment.used & ((1 << len(han.parts)) - 1)
    if unit:
        span = (unit & -unit).bit_length() - 1, unit.bit_length()
        pieces.append(Piece("left_han_unit", 1.0, span, (0, 0), ""))
    if named:
        pieces += _place_in_front(alignment, lexicon)
    if _another_organization(alignment, lexicon):
        pieces.append(_flag("other_organization"))
    return pieces


def _flag(feature: str) -> Piece:
    """Return what is said of the names as they are, not of a word."""
    return Piece(feature, 1.0, (0, 0), (0, 0), "")


def _another_organization(alignment: Alignment, lexicon: Lexicon) -> bool:
    """Say whether both names bear known names of organisations, and none of one belongs to one of the other.

    A name that goes on behind that of a group (中科院 | 分子细胞卓越创新中心) may be that of one of its members.
    """
    if not alignment.han.aliases or not alignment.latin.aliases:
        return False
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


def _parents(alignment: Alignment, lexicon: Lexicon) -> list[Piece]:
    """Take out the organisation that an institution belongs to, where only one name says so.

    中国科学院 | 化学研究所 is the Institute of Chemistry, whether the other name adds the Academy or not. What is taken
    out counts as explained. Where both name it, though the Han name is that of the whole, nothing is left over.
    """
    han, latin = alignment.han, alignment.latin
    pieces: list[Piece] = []
    if not (han.institution and latin.institution):
        return pieces
    span = (1 << han.parent) - 1
    if (span & ~alignment.used).bit_count() * 2 > han.parent:
        alignment.used |= span
        pieces.append(Piece("left_parent", 1.0, (0, han.parent), (0, 0), ""))
    for alias in latin.aliases:
        words = range(alias.start, alias.end)
        if not alias.latin or len(words) == len(latin.words) or any(alignment.explained[i] for i in words):
            continue
        for i in words:
            alignment.explained[i] = 1.0
        if not any(a.key == alias.key for a in lexicon.han_aliases.get(han.han[: han.parent], ())):
            pieces.append(Piece("left_parent_word", 1.0, (0, 0), (alias.start, alias.end), ""))
        break
    return pieces


def _place_in_front(alignment: Alignment, lexicon: Lexicon) -> list[Piece]:
    """Return a place before a known name: local firms put it there (上海波音文具), subsidiaries behind it."""
    start = min((piece.han[0] for piece in alignment.pieces if piece.feature in _NAMED), default=0)
    if _foreign_behind_a_place(alignment, start, lexicon):
        return [Piece("place_first", 1.0, (0, start), (0, 0), "")]
    if start and all(part == PLACE for part in alignment.han.parts[:start]) and not _is_country(alignment, start):
        return [Piece("place_before", 1.0, (0, start), (0, 0), "")]
    return []


def _foreign_behind_a_place(alignment: Alignment, start: int, lexicon: Lexicon) -> bool:
    """Say whether the known name at ``start`` is a foreign organisation's and stands behind a place, not a country."""
    han = alignment.han
    if not start or any(part != PLACE for part in han.parts[:start]) or _is_country(alignment, start):
        return False
    found = {lexicon.organizations[alias.key].country for alias in han.aliases if alias.start == start}
    return found.isdisjoint(_CHINESE)


def _is_country(alignment: Alignment, end: int) -> bool:
    return alignment.han.han[:end] in countries()


def left_characters(
    han: NameFeatures, segments: Iterable[tuple[int, int]], known: Trades, han_information: Information
) -> list[Piece]:
    """Return the Han characters that nothing explains, trade words whole.

    Args:
        han: the name.
        segments: the runs of its characters that nothing explains.
        known: what the other name's organisation does.
        han_information: character → bits.
    """
    pieces: list[Piece] = []
    for segment in segments:
        left: list[Piece | Trade] | None = han.memo.get(segment)
        if left is None:  # candidates differ in their trades; what else is left over of a stretch is the same
            left = han.memo[segment] = _stretch(han, *segment, han_information)
        pieces += [
            item if isinstance(item, Piece) else _left_trade(item, segment[0], known, han, han_information)
            for item in left
        ]
    return pieces


def _stretch(han: NameFeatures, start: int, end: int, han_information: Information) -> list[Piece | Trade]:
    """Return the characters of a run, and the trade words in it."""
    found: list[Piece | Trade] = []
    trades = {trade.start: trade for trade in han_trades(han.han[start:end])}
    i = start
    while i < end:
        if (trade := trades.get(i - start)) is not None:
            found.append(trade)
            i = start + trade.end
            continue
        place = han.parts[i] == PLACE
        # The level of a place that the other name gives as well (山西 | 省) is not left over.
        if not (place and i == start and i and han.parts[i - 1] == PLACE and han.han[i] in _PLACE_LEVELS):
            feature = "left_han_place" if place else "left_han"
            found.append(new_piece((feature, han_information(han.han[i]), (i, i + 1), (0, 0), "")))
        i += 1
    return found


def _begins_with_long_alias(alignment: Alignment) -> bool:
    """Say whether the Han name begins with a known name too long to be another's by chance (中远海运财产保险)."""
    return any(
        piece.feature in ("alias", "unit_alias") and piece.han[0] == 0 and piece.han[1] >= _LONG_ALIAS
        for piece in alignment.pieces
    )


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
