"""Compare two names of one script: an abbreviation with its full name, two spellings of one name.

Han against Han rests on the common subsequence of the characters (工行 in 工商银行); Latin against Latin on equal
words, words spelled nearly the same (Jaro–Winkler) and names of one known organisation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz.distance import JaroWinkler, LCSseq

from entitymatch.features import NameFeatures, Word
from entitymatch.features.name import LEGAL, PLACE, TRADE, UNIT
from entitymatch.features.trades import ACTIVITY, GENERIC, SHOP, han_trades, trades_of
from entitymatch.lexicon import Lexicon
from entitymatch.lexicon.organizations import LIGHT_WORDS
from entitymatch.scoring.alignment import ALIAS_BITS, sources
from entitymatch.scoring.leftovers import Trades, left_characters
from entitymatch.scoring.wording import MOST_BITS, Information, Piece

_ALL = 0.999
_NEAR = 0.88  # Jaro–Winkler from which two words may be one
_LEFT_HAN = {PLACE: "left_han_place", TRADE: "left_han_trade"}
_LEFT_WORD = {PLACE: "left_place_word", TRADE: "left_trade_word", UNIT: "left_unit_word", LEGAL: "left_legal_word"}


def compare_han(
    query: NameFeatures,
    reference: NameFeatures,
    han_information: Information,
    information: Information,
    lexicon: Lexicon,
) -> Iterator[Piece]:
    """Yield the common characters of two Han names and what is left over on each side.

    The spans of a piece are characters of the query (``han``) and of the reference (``words``). Latin words in the
    names (TCL科技) are compared as well; they have no span.
    """
    ours, theirs = _free(query), _free(reference)
    a, b = "".join(query.han[i] for i in ours), "".join(reference.han[i] for i in theirs)
    used_a: set[int] = set()
    used_b: set[int] = set()
    keys = {alias.key: alias for alias in reference.aliases if not alias.latin}
    for alias in query.aliases:
        other = keys.get(alias.key)
        if alias.latin or other is None or query.han[alias.start : alias.end] == reference.han[other.start : other.end]:
            continue
        feature = "common_alias" if alias.common or other.common else "alias"
        yield Piece(feature, ALIAS_BITS, (alias.start, alias.end), (other.start, other.end), sources(alias, other))
        used_a.update(range(alias.start, alias.end))
        used_b.update(range(other.start, other.end))
    for op in LCSseq.opcodes(a, b):
        if op.tag != "equal":
            continue
        both = zip(ours[op.src_start : op.src_end], theirs[op.dest_start : op.dest_end], strict=True)
        run = [(i, j) for i, j in both if i not in used_a and j not in used_b]
        if not run:
            continue
        bits = sum(han_information(query.han[i]) for i, _ in run) * (1.0 if len(run) > 1 else 0.5)
        feature = "place" if all(query.parts[i] == PLACE for i, _ in run) else "literal"
        spans = (run[0][0], run[-1][0] + 1), (run[0][1], run[-1][1] + 1)
        yield Piece(feature, min(bits, MOST_BITS), *spans, "the same characters")
        used_a.update(i for i, _ in run)
        used_b.update(j for _, j in run)
    yield from left_characters(
        query, _runs(i for i in ours if i not in used_a), _trades_of(reference, lexicon), han_information
    )
    for j in theirs:
        if j not in used_b:
            yield Piece(
                _LEFT_HAN.get(reference.parts[j], "left_han"), han_information(reference.han[j]), (0, 0), (j, j + 1), ""
            )
    our_words, their_words = ({w.stem for w in f.words if w.part not in (LEGAL, UNIT)} for f in (query, reference))
    for stem in sorted(our_words | their_words):
        same = stem in our_words and stem in their_words
        bits = min(information(stem), MOST_BITS)
        yield Piece("literal" if same else "left_word", bits, (0, 0), (0, 0), f"the word {stem}")
    used_words = len(our_words & their_words)
    yield from _shares(
        (len(used_b) + used_words) / (len(theirs) + len(their_words) or 1),
        (len(used_a) + used_words) / (len(ours) + len(our_words) or 1),
    )


def _runs(positions: Iterable[int]) -> list[tuple[int, int]]:
    """Join positions to runs: 1, 2, 4 gives (1, 3), (4, 5)."""
    runs: list[tuple[int, int]] = []
    for position in positions:
        if runs and runs[-1][1] == position:
            runs[-1] = (runs[-1][0], position + 1)
        else:
            runs.append((position, position + 1))
    return runs


def _trades_of(features: NameFeatures, lexicon: Lexicon) -> Trades:
    """Return the groups and the English stems of the trades of a Han name and of the organisations that it names."""
    found = [trade for trade in han_trades(features.han) if trade.group not in (ACTIVITY, GENERIC, SHOP)]
    groups = frozenset(trade.group for trade in found)
    stems = frozenset(stem for trade in found for stem in trade.words)
    for alias in features.aliases:
        known_groups, known_stems = trades_of(lexicon, alias.key)
        groups, stems = groups | known_groups, stems | known_stems
    return groups, stems


def _shares(of_reference: float, of_query: float) -> Iterator[Piece]:
    """Yield how much of each side is explained."""
    yield Piece("words_explained", of_reference, (0, 0), (0, 0), "")
    yield Piece("han_explained", of_query, (0, 0), (0, 0), "")
    if of_reference > _ALL and of_query > _ALL:
        yield Piece("same_name", 1.0, (0, 0), (0, 0), "")


def _free(features: NameFeatures) -> list[int]:
    return [i for i, part in enumerate(features.parts) if part not in (LEGAL, UNIT)]


def compare_latin(query: NameFeatures, reference: NameFeatures, information: Information) -> Iterator[Piece]:
    """Yield the common words of two Latin names and what is left over on each side.

    The spans of a piece are words of the query (``han``) and of the reference (``words``).
    """
    ours = {i: w for i, w in enumerate(query.words) if w.stem not in LIGHT_WORDS}
    theirs = {j: w for j, w in enumerate(reference.words) if w.stem not in LIGHT_WORDS}
    pieces = [*_same_organization(query, reference, ours, theirs), *_same_words(ours, theirs, information)]
    pieces += _near_words(ours, theirs, information)
    yield from pieces
    for j, word in theirs.items():
        yield Piece(
            _LEFT_WORD.get(word.part, "left_word"), min(information(word.stem), MOST_BITS), (0, 0), (j, j + 1), ""
        )
    for i, word in ours.items():
        yield Piece(
            _LEFT_WORD.get(word.part, "left_word"), min(information(word.stem), MOST_BITS), (i, i + 1), (0, 0), ""
        )
    yield from _shares(_share(reference.words, theirs, information), _share(query.words, ours, information))


def _same_organization(
    query: NameFeatures, reference: NameFeatures, ours: dict[int, Word], theirs: dict[int, Word]
) -> Iterator[Piece]:
    """Take out names of one known organisation that differ (IBM, International Business Machines)."""
    keys = {alias.key: alias for alias in reference.aliases if alias.latin}
    for alias in query.aliases:
        other = keys.get(alias.key)
        if not alias.latin or other is None:
            continue
        span, target = range(alias.start, alias.end), range(other.start, other.end)
        if [query.words[i].stem for i in span] == [reference.words[j].stem for j in target]:
            continue
        for i in span:
            ours.pop(i, None)
        for j in target:
            theirs.pop(j, None)
        yield Piece("alias", ALIAS_BITS, (span.start, span.stop), (target.start, target.stop), sources(alias, other))


def _same_words(ours: dict[int, Word], theirs: dict[int, Word], information: Information) -> Iterator[Piece]:
    for j, word in list(theirs.items()):
        i = next((i for i, other in ours.items() if other.stem == word.stem), None)
        if i is not None:
            del ours[i], theirs[j]
            feature = "legal_form" if word.part == LEGAL else "place" if word.part == PLACE else "literal"
            yield Piece(feature, min(information(word.stem), MOST_BITS), (i, i + 1), (j, j + 1), "the same word")


def _near_words(ours: dict[int, Word], theirs: dict[int, Word], information: Information) -> Iterator[Piece]:
    for j, word in list(theirs.items()):
        if len(word.stem) <= 3 or not ours:
            continue
        similarity, i = max((JaroWinkler.similarity(other.stem, word.stem), -i) for i, other in ours.items())
        if similarity >= _NEAR:
            del ours[-i], theirs[j]
            bits = min(information(word.stem), MOST_BITS) * (similarity - 0.7) / 0.3
            yield Piece("spelling", bits, (-i, -i + 1), (j, j + 1), "Jaro–Winkler")


def _share(words: Sequence[Word], left: dict[int, Word], information: Information) -> float:
    """Return the share of the words' information that is not left over; legal forms and light words do not count."""
    bits = {i: information(w.stem) for i, w in enumerate(words) if w.part != LEGAL and w.stem not in LIGHT_WORDS}
    total = sum(bits.values())
    return 1.0 - sum(b for i, b in bits.items() if i in left) / total if total else 0.0
