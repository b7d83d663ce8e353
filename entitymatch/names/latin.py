"""Take an English (or other Latin) name apart: wrapper, places, core, trades, legal form, units.

English names have no fixed order (Bank of Chongqing, Shanghai Branch, HSBC Bank (China) Company Limited), so words
are labelled rather than cut from the ends: the legal form and the units first, then every place and trade among the
words that are left. What has no label is the core. Little words (of, and, the) go with their neighbours where both
are of one kind.
"""

from __future__ import annotations

from entitymatch.names.latin_units import LatinWords, front_units, trailing_unit
from entitymatch.names.vocabulary import LatinVocabulary
from entitymatch.names.vocabulary import latin as latin_vocabulary
from entitymatch.names.wrapping import Piece

_CONNECTORS = frozenset({"of", "and", "the", "for", "de", "et", "in", "at", "to"})
# Of the forms only these are believed where more words follow them.
_SURE_FORM = frozenset(
    {"ltd", "limited", "inc", "plc", "gmbh", "llc", "coltd", "corp", "corporation", "pte", "company"}
)
_OF_A_PLACE = frozenset(
    ["province", "provincial", "city", "municipal", "municipality", "county", "district", "prefecture", "prefectural"]
)
_OF_FORMS = frozenset({"company", "corporation", "corp", "co", "inc", "limited"})  # Company of China
_TOWN = 2  # words of a town that no table has
_LONGEST = 10  # words of the longest phrase in the tables


def parse_latin(text: str, low: int = 0, high: int | None = None) -> list[Piece]:
    """Return the pieces (kind, start, end) of a normalised string without Han characters."""
    vocabulary = latin_vocabulary()
    words = LatinWords(text, low, len(text) if high is None else high)
    if not len(words):
        return []
    first, last = _wrapper(words, vocabulary)
    end = vocabulary.front_forms.at(words.lower, first, last)
    if end and end < last and (end - first > 1 or text[slice(*words.spans[first])].isupper()):
        words.mark(first, end, "legal_form")  # PT Astra, Kabushiki Kaisha Yaskawa
        first = end
    first, last = front_units(words, first, last, vocabulary)
    last = _forms_and_units(words, first, last, vocabulary)
    _places_and_trades(words, first, last, vocabulary)
    return _pieces(words)


def _wrapper(words: LatinWords, vocabulary: LatinVocabulary) -> tuple[int, int]:
    first, last = 0, len(words)
    end = vocabulary.front.at(words.lower, 0, last)
    if end and end < last:
        words.mark(0, end, "wrapper")
        first = end
    start = vocabulary.end.before(words.lower, first, last)
    if start > first:
        words.mark(start, last, "wrapper")
        last = start
    return first, last


def _forms_and_units(words: LatinWords, first: int, last: int, vocabulary: LatinVocabulary) -> int:
    """Label the legal form, what follows it, and trailing units; return the end of the name itself."""
    # A form with a unit or a bracket behind it: HSBC Bank (China) Company Limited Shanghai Branch.
    index = first + 1
    while index < last:
        end = vocabulary.company.at(words.lower, index, last)
        if end and end < last:
            sure = not _SURE_FORM.isdisjoint(words.lower[index:end])
            unit = sure and vocabulary.units.before(words.lower, end, last) >= 0
            if unit or (sure and "(" in words.gaps[end]) or _only_places(words, end, last, vocabulary):
                words.mark(index, end, "legal_form")
                if unit:
                    words.mark(end, last, "unit")
                else:
                    last = _trailing_forms(words, end, last, vocabulary)
                    _places_and_trades(words, end, last, vocabulary)
                    words.labels[end:last] = [label or "other" for label in words.labels[end:last]]
                last = index
                break
        index = end if end else index + 1
    last = _trailing_forms(words, first, last, vocabulary)
    start = trailing_unit(words, first, last, vocabulary)
    if start < last:
        words.mark(start, last, "unit")
        last = _trailing_forms(words, first, start, vocabulary)
    for index in range(first + 1, last):
        if vocabulary.groups.at(words.lower, index, index + 1) and words.lower[index] not in {"hold", "gp", "adr"}:
            words.labels[index] = "legal_form"
    return last


def _only_places(words: LatinWords, start: int, last: int, vocabulary: LatinVocabulary) -> bool:
    """Return whether nothing but places, set off by commas or by of, and forms stand from ``start`` on."""
    if words.lower[start] == "of" and words.lower[start - 1] in _OF_FORMS:
        start += 1
    elif "," not in words.gaps[start] and words.lower[start - 1] not in _SURE_FORM:
        return False
    low = start
    if last - low > _LONGEST:
        return False
    country = vocabulary.places.before(words.lower, low, last)
    while start < last:
        end = vocabulary.places.at(words.lower, start, last) or (
            start > low and vocabulary.forms.at(words.lower, start, last)
        )
        if not end and low < country and "," in words.gaps[country] and country - low <= _TOWN:
            words.mark(low, country, "place")  # Merck KGaA, Darmstadt, Germany
            end = country
        if not end:
            return False
        start = end
    return start > low


def _trailing_forms(words: LatinWords, first: int, last: int, vocabulary: LatinVocabulary) -> int:
    """Label the forms at the end; return where they begin."""
    if (
        first < last - 1
        and "/" in words.gaps[last - 1]
        and vocabulary.forms.before(words.lower, first, last - 1) > first
    ):
        words.mark(last - 1, last, "other")  # Century Bancorp Inc/MA: the state it was founded in
        last -= 1
    while True:
        start = vocabulary.forms.before(words.lower, first, last)
        if start <= first:
            return last
        words.mark(start, last, "legal_form")
        last = start


def _places_and_trades(words: LatinWords, first: int, last: int, vocabulary: LatinVocabulary) -> None:
    """Label places and trades; what stays without a label is the core."""
    index = first
    matched: list[tuple[int, int]] = []
    while index < last:
        if words.labels[index]:
            index += 1
            continue
        limit, furthest = index + 1, min(last, index + _LONGEST)
        while limit < furthest and not words.labels[limit] and not words.broken(limit):
            limit += 1
        end = vocabulary.places.at(words.lower, index, limit)
        trade = vocabulary.trades.at(words.lower, index, limit)
        if (
            end
            and end >= trade
            and (
                tuple(words.lower[index:end]) not in vocabulary.weak_places
                or _sure_position(words, index, end, first, last)
            )
        ):
            while end < limit and words.lower[end] in _OF_A_PLACE:
                end += 1
            words.mark(index, end, "place")
            index = end
        elif trade:
            words.mark(index, trade, "trade")
            matched.append((index, trade))
            index = trade
        else:
            if words.lower[index] in _CONNECTORS:
                words.labels[index] = "other"
            index += 1
    _resolve(words, first, last, matched, vocabulary)


def _sure_position(words: LatinWords, start: int, end: int, first: int, last: int) -> bool:
    """Return whether a doubtful place stands where places do: at the front of more words, in brackets, after of."""
    if "(" in words.gaps[start] and (end == len(words) or ")" in words.gaps[end]):
        return True
    if start > first and words.lower[start - 1] == "of":
        return True
    return start == first and last - end >= 2


def _resolve(
    words: LatinWords, first: int, last: int, matched: list[tuple[int, int]], vocabulary: LatinVocabulary
) -> None:
    """Where no core is left: a doubtful place, else the trade that says most, becomes it."""
    labels = words.labels[first:last]
    if "" in labels or not labels:
        return
    index = first
    while index < last:
        end = vocabulary.places.at(words.lower, index, last) if words.labels[index] == "place" else 0
        named_after = index > first and words.lower[index - 1] == "of"  # Bank of Montreal
        if end and not named_after and tuple(words.lower[index:end]) in vocabulary.weak_places:
            words.mark(index, end, "")
            return
        index = end or index + 1
    placed = "place" in labels
    if matched and (len(matched) > 1 or not placed):
        phrases = [(tuple(words.lower[start:end]), start, end) for start, end in matched]
        telling = [p for p in phrases if p[0] not in vocabulary.heads and p[0] not in vocabulary.generic]
        plain = [p for p in phrases if p[0] not in vocabulary.heads]
        chosen = telling[0] if telling else None if placed else (plain or phrases)[0]
        if chosen and not (placed and len(telling) == len(phrases) == 1):
            words.mark(chosen[1], chosen[2], "")


def _pieces(words: LatinWords) -> list[Piece]:
    """Join neighbours of one kind, with the little words between them, to pieces."""
    labels = [label or "core" for label in words.labels]
    for index in range(1, len(labels) - 1):
        if labels[index] == "other" and words.lower[index] in _CONNECTORS and not words.broken(index):
            after = index + 1
            if labels[index - 1] == labels[after] in {"core", "trade"} and not words.broken(after):
                labels[index] = labels[after]
    pieces: list[Piece] = []
    for index, label in enumerate(labels):
        if label == "link" or (label == "other" and words.lower[index] in _CONNECTORS and not _inside(labels, index)):
            continue
        start, end = words.spans[index]
        joint = not words.broken(index)
        if label == "legal_form":
            joint = "(" not in words.gaps[index] and ")" not in words.gaps[index]
            if words.text[end : end + 1] == ".":
                end += 1
        if label == "unit":
            joint = "," not in words.gaps[index]
        if (pieces and pieces[-1][0] == label and joint and label != "place") or (
            pieces and label == "place" == pieces[-1][0] and joint and _same_place(words, index)
        ):
            pieces[-1] = (label, pieces[-1][1], end)
        else:
            pieces.append((label, start, end))
    return pieces


def _inside(labels: list[str], index: int) -> bool:
    """Return whether a little word stands between two words of the name; a first The and a last of do not."""
    own = {"core", "place", "trade"}
    return 0 < index < len(labels) - 1 and labels[index - 1] in own | {"other"} and labels[index + 1] in own | {"other"}


def _same_place(words: LatinWords, index: int) -> bool:
    """Return whether a word goes on with the place before it (Hong | Kong); Shanghai | China are two places."""
    vocabulary = latin_vocabulary()
    if not vocabulary.places.at(words.lower, index, index + 1):
        return True
    return vocabulary.places.at(words.lower, index - 1, index + 1) == index + 1
