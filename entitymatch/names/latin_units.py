"""Units in English names: branches behind the organisation, departments and hospitals before or behind it.

English has more ways than Chinese to say that a part belongs to a whole: Shanghai Branch of HSBC; Department of Law,
Fudan University; Zhongshan Hospital Affiliated to Fudan University; Fudan University Zhongshan Hospital.
"""

from __future__ import annotations

from entitymatch.names.vocabulary import TOKEN, LatinVocabulary

_BREAKS = frozenset("(),;/")
_WHOLE = frozenset({"university", "hospital", "academy"})


class LatinWords:
    """The words of a string: lower case, span, label, and whether a bracket or comma stands before them."""

    def __init__(self, text: str, low: int, high: int) -> None:
        self.text = text
        self.lower: list[str] = []
        self.spans: list[tuple[int, int]] = []
        self.gaps: list[str] = []
        self.breaks: list[bool] = []
        previous = low
        for match in TOKEN.finditer(text, low, high):
            span = match.span()
            gap = text[previous : span[0]]
            self.lower.append(match[0].lower())
            self.spans.append(span)
            self.gaps.append(gap)
            self.breaks.append(gap != " " and not _BREAKS.isdisjoint(gap))
            previous = span[1]
        self.labels = [""] * len(self.lower)

    def __len__(self) -> int:
        return len(self.lower)

    def broken(self, index: int) -> bool:
        """Return whether a bracket, comma or slash stands before a word."""
        return self.breaks[index]

    def mark(self, start: int, end: int, label: str) -> None:
        """Give a run of words a label: a kind of part, or ``link`` for words that stand in none."""
        for index in range(start, end):
            self.labels[index] = label


def front_units(words: LatinWords, first: int, last: int, vocabulary: LatinVocabulary) -> tuple[int, int]:
    """Read a unit that stands before its organisation: Department of Law, Fudan University; Shanghai Branch of ..."""
    if (owner := _affiliated(words, first, last, vocabulary)) is not None:
        return owner
    comma = next((index for index in range(first + 1, last) if "," in words.gaps[index]), last)
    if comma < last and vocabulary.forms.at(words.lower, comma, last) != last:
        opens = vocabulary.front_units.at(words.lower, first, comma)
        closes = vocabulary.strong_units.before(words.lower, first, comma)
        if opens or closes > first:
            words.mark(first, comma, "unit")
            return comma, last
    # Fudan University School of Medicine: the unit begins behind a word that closes an organisation's name.
    seen = False
    for index in range(first + 1, last):
        closed = words.lower[index - 1] in _WHOLE
        seen = seen or closed
        if (closed or (seen and "," in words.gaps[index])) and vocabulary.front_units.at(words.lower, index, last):
            words.mark(index, last, "unit")
            return first, index
    for index in range(first, min(first + 6, last)):
        end = vocabulary.of_units.at(words.lower, index, last)
        if end and end < last:
            words.mark(first, end - 1, "unit")
            words.mark(end - 1, end, "other")
            return end, last
    return first, last


def _affiliated(words: LatinWords, first: int, last: int, vocabulary: LatinVocabulary) -> tuple[int, int] | None:
    """Read hospitals, schools and institutes beside the university or academy that they belong to.

    Returns:
        The words that are left for the owner; None where there is no such pair.
    """
    for index in range(first + 1, last):
        end = vocabulary.affiliated.at(words.lower, index, last)
        if end and end < last:  # Zhongshan Hospital | affiliated to | Fudan University
            _mark_units(words, first, index)
            words.mark(index, end, "link")
            return end, last
    owner = next((i for i in range(first, last) if vocabulary.owners.at(words.lower, i, last)), last)
    if owner == last:
        return None
    begin = _behind_units(words, first, owner, vocabulary)
    if begin > first:
        _mark_units(words, first, begin)
        return begin, last
    end = vocabulary.owners.at(words.lower, owner, last)
    if end < last and words.lower[end] == "of":  # University of Hong Kong | Queen Mary Hospital
        place = vocabulary.places.at(words.lower, end + 1, last)
        owner, end = (owner + 1, place) if place else (first, last)
    if owner > first and end < last and vocabulary.own_units.before(words.lower, end, last) >= end:
        _mark_units(words, end, last)  # Fudan University | Zhongshan Hospital
        return first, end
    return None


def _behind_units(words: LatinWords, first: int, owner: int, vocabulary: LatinVocabulary) -> int:
    """Return where the owner's name begins behind its units, ``first`` if none stand before it.

    ``owner`` is where its University or Academy stands.
    """
    comma = max((i for i in range(first + 1, owner + 1) if "," in words.gaps[i]), default=first)
    segment = first
    for index in range(first + 1, comma + 1):
        if "," in words.gaps[index]:
            opens = any(vocabulary.front_units.at(words.lower, i, index) for i in range(segment, index))
            if opens or vocabulary.own_units.before(words.lower, segment, index) >= segment:
                return comma  # Zhongshan Hospital, | Fudan University
            segment = index
    named = first + (words.lower[first] == "the")
    for index in range(owner, named + 1, -1):
        if words.lower[index - 1] == "of" and (
            vocabulary.own_units.before(words.lower, named, index - 1) >= named
            or vocabulary.front_units.at(words.lower, named, index - 1)
        ):
            return index - 1  # First Hospital | of Peking University, School of Medicine | of Fudan University
    return first


def _mark_units(words: LatinWords, start: int, end: int) -> None:
    """Label words as units, without a The at the front; each piece between commas becomes a unit of its own."""
    words.mark(start, end, "unit")
    if words.lower[start] == "the":
        words.labels[start] = "other"


def trailing_unit(words: LatinWords, first: int, last: int, vocabulary: LatinVocabulary) -> int:
    """Return where a unit that ends at ``last`` begins, or ``last``."""
    start = vocabulary.strong_units.before(words.lower, first, last)
    strong = start >= 0
    if not strong:
        start = vocabulary.units.before(words.lower, first, last)
    if start < 0:
        return last
    trade = vocabulary.trades.before(words.lower, first, last)
    if 0 <= trade < start:
        return last  # Law Office: the trade is longer than the unit
    begin = start
    while begin > first and not words.broken(begin):
        before = vocabulary.places.before(words.lower, first, begin)
        if before < 0 and (
            words.lower[begin - 1].isdigit() or words.lower[begin - 1] in {"no", "first", "second", "third"}
        ):
            before = begin - 1
        if before < 0 and words.lower[start] in {"division", "department", "dept", "faculty"}:
            before = vocabulary.trades.before(words.lower, first, begin)
        if before <= first:
            break
        begin = before
    if begin == first and not strong:
        return last
    if not strong and begin == start and not words.broken(start):
        return last
    return begin
