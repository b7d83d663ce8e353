"""Compare pairs of names: the values of all features, in batches.

The alignment of a pair is Python; what costs more, the comparison of sounds and spellings of what the alignment leaves
over, is collected over a batch and computed once per distinct pair of strings.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from jellyfish import jaro_winkler_similarity
from rapidfuzz import fuzz, process

from entitymatch.blocking import Background, default_background
from entitymatch.features import FeatureSpans, NameFeatures
from entitymatch.features.name import PLACE, TRADE
from entitymatch.lexicon import Lexicon
from entitymatch.romanize import Transliteration
from entitymatch.scoring.alignment import EXPLAINED, SILENT, Alignment, align
from entitymatch.scoring.leftovers import leftovers
from entitymatch.scoring.model import FEATURES, KINDS
from entitymatch.scoring.same_script import compare_han, compare_latin
from entitymatch.scoring.wording import Information, Piece, new_piece

Floats = npt.NDArray[np.float64]
COLUMN = {name: i for i, name in enumerate(FEATURES)}
_CHANCE_SOUND = 14.0  # bits of resemblance that the best of many stretches reaches by chance, on training pairs
_MOST_SOUND = 14.0
_SURE_SOUND = 4.0  # bits beyond chance that explain a word whole
_MOST_REMEMBERED = 60_000
_WHOLE = 0.95


@dataclass(slots=True)
class Comparison:
    """The evidence of one pair.

    Attributes:
        pieces: explanations and left-overs.
        query_is_first: whether the first spans of the pieces are the query's.
    """

    query: NameFeatures
    reference: NameFeatures
    pieces: list[Piece]
    query_is_first: bool

    def texts(self, piece: Piece) -> tuple[str, str]:
        """Return the characters of the query and of the reference that a piece rests on."""
        first, second = (self.query, self.reference) if self.query_is_first else (self.reference, self.query)
        texts = (_text(first, piece.han), _text(second, piece.words, words=not (first.han and second.han)))
        return texts if self.query_is_first else (texts[1], texts[0])

    def spans(
        self, piece: Piece, query: FeatureSpans, reference: FeatureSpans
    ) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
        """Return where those characters stand in the query and in the reference as given."""
        first, second = (self.query, self.reference) if self.query_is_first else (self.reference, self.query)
        ours, theirs = (query, reference) if self.query_is_first else (reference, query)
        both_han = bool(first.han and second.han)
        one = ours.of_han(*piece.han) if first.han else ours.of_words(*piece.han)
        two = theirs.of_han(*piece.words) if both_han else theirs.of_words(*piece.words)
        return (one, two) if self.query_is_first else (two, one)


def _text(features: NameFeatures, span: tuple[int, int], words: bool = False) -> str:
    if features.han and not words:
        return features.han[slice(*span)]
    return " ".join(w.text for w in features.words[slice(*span)])


class _Remembered(dict[str, float]):
    """What a function answered."""

    def __init__(self, function: Information) -> None:
        self.function = function

    def __missing__(self, key: str) -> float:
        if len(self) > _MOST_REMEMBERED:
            self.clear()
        bits = self[key] = self.function(key)
        return bits


class Comparer:
    """Compares pairs of names.

    Args:
        information: stem of a Latin word → bits.
        lexicon: the organisations.
        background: how common characters are.
        without: kinds of evidence to leave out.
    """

    def __init__(
        self,
        information: Information,
        lexicon: Lexicon,
        background: Background | None = None,
        without: Collection[str] = (),
    ) -> None:
        self.lexicon = lexicon
        self.background = background or default_background()
        self.information: Information = _Remembered(information).__getitem__
        self.han_information: Information = _Remembered(self._bits_of_character).__getitem__
        self.without = frozenset(without)
        self._dropped = frozenset(feature for kind in without for feature in KINDS[kind])
        self._sounds: dict[tuple[str, str], tuple[float, int, int]] = {}

    def _bits_of_character(self, character: str) -> float:
        return self.background.information(f"han:{character}", 0, 0)

    def compare(self, pairs: Sequence[tuple[NameFeatures, NameFeatures]]) -> list[Comparison]:
        """Compare each (query, reference)."""
        comparisons: list[Comparison] = []
        crossed: list[tuple[Comparison, Alignment]] = []
        for query, reference in pairs:
            if query.han and reference.han:
                pieces = list(compare_han(query, reference, self.han_information, self.information, self.lexicon))
                comparisons.append(Comparison(query, reference, pieces, query_is_first=True))
            elif not query.han and not reference.han:
                pieces = list(compare_latin(query, reference, self.information))
                comparisons.append(Comparison(query, reference, pieces, query_is_first=True))
            else:
                han, latin = (query, reference) if query.han else (reference, query)
                alignment = align(han, latin, self.information, self.lexicon, swapped=not query.han)
                comparison = Comparison(query, reference, alignment.pieces, query_is_first=not alignment.swapped)
                comparisons.append(comparison)
                crossed.append((comparison, alignment))
            if query.numbers and reference.numbers and query.numbers.isdisjoint(reference.numbers):
                comparisons[-1].pieces.append(Piece("number_conflict", 1.0, (0, 0), (0, 0), "numbers.tsv"))
        if "sound" not in self.without:
            self._add_sounds([alignment for _, alignment in crossed])
        if "spelling" not in self.without:
            self._add_spellings([alignment for _, alignment in crossed])
        for _, alignment in crossed:
            alignment.pieces.extend(leftovers(alignment, self.han_information, self.lexicon))
            alignment.pieces.extend(_shares(alignment))
        if self._dropped:
            for comparison in comparisons:
                comparison.pieces[:] = [p for p in comparison.pieces if p.feature not in self._dropped]
        return comparisons

    def values(self, comparisons: Sequence[Comparison]) -> Floats:
        """Return the feature values of the comparisons: (pairs, features)."""
        sizes = [len(comparison.pieces) for comparison in comparisons]
        columns = [COLUMN[piece[0]] for comparison in comparisons for piece in comparison.pieces]
        values = [piece[1] for comparison in comparisons for piece in comparison.pieces]
        cells = np.repeat(np.arange(len(comparisons)) * len(FEATURES), sizes) + np.array(columns, dtype=np.int64)
        shape = (len(comparisons), len(FEATURES))
        return np.bincount(cells, values, minlength=shape[0] * shape[1]).astype(np.float64).reshape(shape)

    def _add_sounds(self, alignments: Sequence[Alignment]) -> None:
        """Explain left-over words by left-over characters that sound alike."""
        wanted: list[tuple[Alignment, list[tuple[int, int, tuple[str, str]]]]] = []
        new: dict[tuple[str, str], None] = {}
        for alignment in alignments:
            words = [i for i in alignment.wording.heard if alignment.explained[i] < EXPLAINED]
            # Stretches that no table knows: places and trades are not written by sound.
            segments = alignment.rest(alignment.han.characters(*SILENT, PLACE, TRADE)) if words else ()
            if segments:
                texts = [(start, alignment.han.han[start:end]) for start, end in segments]
                stems = [(i, alignment.latin.words[i].stem) for i in words]
                options = [(i, start, (text, stem)) for i, stem in stems for start, text in texts]
                new.update((key, None) for _, _, key in options if key not in self._sounds)
                wanted.append((alignment, options))
        if new:
            keys = list(new)
            found_sounds = Transliteration.load_default().score_substrings(
                [k[0] for k in keys], [k[1] for k in keys], at_least=_CHANCE_SOUND
            )
            columns = (found_sounds.score.tolist(), found_sounds.start.tolist(), found_sounds.end.tolist())
            for key, score, s, e in zip(keys, *columns, strict=True):
                self._sounds[key] = (score, s, e)
        for alignment, options in wanted:
            found = []
            for i, start, key in options:
                bits, s, e = self._sounds[key]
                bits = min(bits - _CHANCE_SOUND, _MOST_SOUND)
                if bits > 0.0:
                    found.append(Piece("sound", bits, (start + s, start + e), (i, i + 1), "transliteration model"))
            found.sort(key=lambda p: (-p.value, p.words, p.han))
            for piece in found:
                mask = (1 << piece.han[1]) - (1 << piece.han[0])
                if not alignment.explained[piece.words[0]] and not mask & alignment.used:
                    alignment.accept(piece, min(piece.value / _SURE_SOUND, 1.0))
        if len(self._sounds) > _MOST_REMEMBERED:
            self._sounds.clear()

    def _add_spellings(self, alignments: Sequence[Alignment]) -> None:
        """Compare the letters of what is left: pinyin against Latin words, by edit distance and Jaro–Winkler."""
        kept: list[Alignment] = []
        han_letters: list[str] = []
        latin_letters: list[str] = []
        spans: list[tuple[tuple[int, int], tuple[int, int]]] = []
        for alignment in alignments:
            segments, words = alignment.rest(alignment.own), alignment.rest_words()
            if not segments or not words:
                continue
            ours = "".join(["".join(alignment.han.syllables[s:e]) for s, e in segments])
            theirs = "".join([alignment.latin.words[i].stem for i in words])
            if len(ours) >= 3 and len(theirs) >= 3:
                kept.append(alignment)
                han_letters.append(ours)
                latin_letters.append(theirs)
                spans.append(((segments[0][0], segments[-1][1]), (words[0], words[-1] + 1)))
        if not kept:
            return
        ratios = process.cpdist(han_letters, latin_letters, scorer=fuzz.ratio, dtype=np.float64) / 100.0
        closeness = map(jaro_winkler_similarity, han_letters, latin_letters)
        for alignment, ratio, close, (han, latin) in zip(kept, ratios.tolist(), closeness, spans, strict=True):
            if ratio > 0.4:
                alignment.pieces.append(Piece("fuzzy", (ratio - 0.4) / 0.6, han, latin, "rapidfuzz ratio of pinyin"))
            if close > 0.6:
                alignment.pieces.append(
                    Piece("jaro_winkler", (close - 0.6) / 0.4, han, latin, "Jaro–Winkler of pinyin")
                )


_OF_ANOTHER = frozenset(["unit_alias", "affiliate_alias", "left_parent", "left_parent_word"])


def _shares(alignment: Alignment) -> list[Piece]:
    """Return how much of each side is explained."""
    wording, of_words = alignment.wording, alignment.explained
    explained = sum([wording.bits[i] * of_words[i] for i in wording.content])
    share = explained / wording.content_bits if wording.content_bits else 0.0
    own = alignment.own
    han_share = (alignment.used & own).bit_count() / own.bit_count() if own else 0.0
    pieces = [
        new_piece(("words_explained", share, (0, 0), (0, 0), "")),
        new_piece(("han_explained", han_share, (0, 0), (0, 0), "")),
    ]
    if alignment.han.foreign:
        pieces.append(new_piece(("foreign", alignment.han.foreign, (0, 0), (0, 0), "")))
        pieces.append(new_piece(("foreign_explained", alignment.han.foreign * share * han_share, (0, 0), (0, 0), "")))
    if share > _WHOLE and han_share > _WHOLE and all(piece.feature not in _OF_ANOTHER for piece in alignment.pieces):
        pieces.append(Piece("whole", 1.0, (0, 0), (0, 0), ""))
    if wording.content and (head := of_words[wording.content[0]]):
        pieces.append(Piece("head", head, (0, 0), (wording.content[0], wording.content[0] + 1), ""))
    return pieces
