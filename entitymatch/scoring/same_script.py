"""Compare two names of one script: an abbreviation with its full name, two spellings of one name.

Han against Han rests on the common subsequence of the characters (工行 in 工商银行); Latin against Latin on equal words, words
spelled nearly the same (Jaro–Winkler) and initials.
"""

from __future__ import annotations

from collections.abc import Iterator

from jellyfish import jaro_winkler_similarity
from rapidfuzz.distance import LCSseq

from entitymatch.features import NameFeatures
from entitymatch.features.name import LEGAL, PLACE, TRADE, UNIT
from entitymatch.lexicon.organizations import LIGHT_WORDS
from entitymatch.scoring.alignment import ALIAS_BITS, MOST_BITS, Information, Piece

_NEAR = 0.88  # Jaro–Winkler from which two words may be one
_LEFT_HAN = {PLACE: "left_han_place", TRADE: "left_han_trade"}
_LEFT_WORD = {PLACE: "left_place_word", TRADE: "left_trade_word", UNIT: "left_unit_word", LEGAL: "left_legal_word"}


def compare_han(query: NameFeatures, reference: NameFeatures, han_information: Information) -> Iterator[Piece]:
    """Yield the common characters of two Han names and what is left over on each side.

    The spans of a piece are characters of the query (``han``) and of the reference (``words``).
    """
    ours, theirs = [_free(f) for f in (query, reference)]
    a, b = "".join(query.han[i] for i in ours), "".join(reference.han[i] for i in theirs)
    used_a, used_b = set(), set()
    keys = {alias.key: alias for alias in reference.aliases if not alias.latin}
    for alias in query.aliases:
        if not alias.latin and (other := keys.get(alias.key)) is not None and query.han[alias.start : alias.end] != reference.han[other.start : other.end]:
            feature = "common_alias" if alias.common or other.common else "alias"
            yield Piece(feature, ALIAS_BITS, (alias.start, alias.end), (other.start, other.end), "organisations")
            used_a.update(range(alias.start, alias.end))
            used_b.update(range(other.start, other.end))
    for op in LCSseq.opcodes(a, b):
        if op.tag != "equal":
            continue
        run = [(ours[i], theirs[j]) for i, j in zip(range(op.src_start, op.src_end), range(op.dest_start, op.dest_end), strict=True)]
        run = [(i, j) for i, j in run if i not in used_a and j not in used_b]
        if not run:
            continue
        bits = sum(han_information(query.han[i]) for i, _ in run) * (1.0 if len(run) > 1 else 0.5)
        feature = "place" if all(query.parts[i] == PLACE for i, _ in run) else "literal"
        yield Piece(feature, min(bits, MOST_BITS), (run[0][0], run[-1][0] + 1), (run[0][1], run[-1][1] + 1), "the same characters")
        used_a.update(i for i, _ in run)
        used_b.update(j for _, j in run)
    for i in ours:
        if i not in used_a:
            yield Piece(_LEFT_HAN.get(query.parts[i], "left_han"), han_information(query.han[i]), (i, i + 1), (0, 0), "")
    for j in theirs:
        if j not in used_b:
            yield Piece(_LEFT_HAN.get(reference.parts[j], "left_han"), han_information(reference.han[j]), (0, 0), (j, j + 1), "")


def _free(features: NameFeatures) -> list[int]:
    return [i for i, part in enumerate(features.parts) if part not in (LEGAL, UNIT)]


def compare_latin(query: NameFeatures, reference: NameFeatures, information: Information) -> Iterator[Piece]:
    """Yield the common words of two Latin names and what is left over on each side.

    The spans of a piece are words of the query (``han``) and of the reference (``words``).
    """
    ours = [i for i, w in enumerate(query.words) if w.stem not in LIGHT_WORDS]
    theirs = [j for j, w in enumerate(reference.words) if w.stem not in LIGHT_WORDS]
    free = dict.fromkeys(ours)
    keys = {alias.key: alias for alias in reference.aliases if alias.latin}
    for alias in query.aliases:
        if alias.latin and (other := keys.get(alias.key)) is not None:
            span, target = range(alias.start, alias.end), range(other.start, other.end)
            if [query.words[i].stem for i in span] != [reference.words[j].stem for j in target]:
                yield Piece("alias", ALIAS_BITS, (alias.start, alias.end), (other.start, other.end), "organisations")
                for i in span:
                    free.pop(i, None)
                theirs = [j for j in theirs if j not in target]
    left: list[int] = []
    for j in theirs:
        word = reference.words[j]
        bits = min(information(word.stem), MOST_BITS)
        same = next((i for i in free if query.words[i].stem == word.stem), None)
        if same is not None:
            del free[same]
            feature = "legal_form" if word.part == LEGAL else "place" if word.part == PLACE else "literal"
            yield Piece(feature, bits, (same, same + 1), (j, j + 1), "the same word")
        else:
            left.append(j)
    for j in left:
        word = reference.words[j]
        bits = min(information(word.stem), MOST_BITS)
        near = [(jaro_winkler_similarity(query.words[i].stem, word.stem), -i) for i in free] if len(word.stem) > 3 else []
        if near and max(near)[0] >= _NEAR:
            similarity, i = max(near)[0], -max(near)[1]
            del free[i]
            yield Piece("spelling", bits * (similarity - 0.7) / 0.3, (i, i + 1), (j, j + 1), "Jaro–Winkler")
            continue
        yield Piece(_LEFT_WORD.get(word.part, "left_word"), bits, (0, 0), (j, j + 1), "")
    for i in free:
        word = query.words[i]
        yield Piece(_LEFT_WORD.get(word.part, "left_word"), min(information(word.stem), MOST_BITS), (i, i + 1), (0, 0), "")
