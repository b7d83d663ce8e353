"""Latin words that translate a Han name: what its stretches mean, and the English names of its places."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

from entitymatch.features.name import OriginRow
from entitymatch.features.vocabulary import ANY_WORD
from entitymatch.translate import Glossary, TranslationModel
from entitymatch.translate.glossary import Translations

_NO_MODEL = TranslationModel(Glossary({}), {})
_MOST_SURE = 0.95
_GLOSSARY_SHARE = 0.5  # how far a dictionary's translation is trusted against a learned one
_PLACE = 0.5  # how likely a place is written with its English name


class _Meaning(NamedTuple):
    """What a stretch of a name may stand for: the rows of one of two tables, and the words of a place."""

    learned: Translations
    looked_up: Translations
    place: tuple[str, ...]


class _Meanings(dict[str, _Meaning | None]):
    """The meanings of stretches, worked out when first asked for; None for one of which the vocabulary has no word.

    What is no word of any table is not kept: there is no end of it, and it costs little to tell.
    """

    def __init__(
        self, model: TranslationModel, places: Mapping[str, tuple[str, ...]], vocabulary: Container[str]
    ) -> None:
        self._learned, self._glossary, self._places = model.learned, model.glossary, places
        self._glosses = model.glossary.words
        self._vocabulary = vocabulary

    def __missing__(self, stretch: str) -> _Meaning | None:
        rows = self._learned.get(stretch)
        if rows is None and stretch not in self._glosses and stretch not in self._places:
            return None
        wanted = self._vocabulary
        looked_up: Translations = ()
        if rows is None:
            scale = _GLOSSARY_SHARE if len(stretch) > 1 else _GLOSSARY_SHARE * 0.3
            glosses = self._glossary.translations(stretch)
            looked_up = tuple((stem, probability * scale) for stem, probability in glosses if stem in wanted)
        learned = tuple(row for row in rows or () if row[0] in wanted)
        place = tuple(stem for stem in self._places.get(stretch, ()) if stem in wanted)
        found = self[stretch] = _Meaning(learned, looked_up, place) if learned or looked_up or place else None
        return found


class Translator:
    """Finds the words that translate some stretch of a name.

    The probabilities of a word add up over the stretches that a learned row supports (the stretches of IBM Model 1
    share its mass); a dictionary's translations do not add, the best one counts. The origin names the stretch that
    gives most.

    Args:
        model: the translations; without a model only the places are read.
        places: Chinese place → the stems of its English name.
        place_reach: the :func:`.reach` of the places.
        vocabulary: the words to look for.
    """

    def __init__(
        self,
        model: TranslationModel | None,
        places: Mapping[str, tuple[str, ...]],
        place_reach: Mapping[str, int],
        vocabulary: Container[str] = ANY_WORD,
    ) -> None:
        model = model or _NO_MODEL
        self._in_model, self._in_places = model.reach, place_reach
        self._meanings = _Meanings(model, places, vocabulary)

    def __call__(self, han: str, place_until: Sequence[int]) -> dict[str, OriginRow]:
        """Return the words that translate some stretch of ``han``.

        Args:
            han: the characters.
            place_until: the :func:`.place_until` of their parts.
        """
        meanings, in_model, in_places = self._meanings, self._in_model.get, self._in_places.get
        n = len(han)
        total: dict[str, float] = {}  # of the words that several learned rows support
        taught: dict[str, OriginRow] = {}
        looked_up: dict[str, OriginRow] = {}
        placed: dict[str, OriginRow] = {}
        for start in range(n):
            first = han[start : start + 2]
            longest, longest_place = in_model(first, 1), in_places(first, 1)
            last = start + (longest if longest > longest_place else longest_place)
            for end in range(start + 1, (last if last < n else n) + 1):
                meaning = meanings[han[start:end]]
                if meaning is None:
                    continue
                learned, glosses, names = meaning
                kind = "place" if end <= place_until[start] else "translation"
                for stem, probability in learned:
                    if (held := taught.get(stem)) is not None:
                        total[stem] = total.get(stem, held[0]) + probability
                        if held[0] >= probability:
                            continue
                    taught[stem] = probability, kind, start, end, "learned translations"
                for stem, probability in glosses:
                    if (held := looked_up.get(stem)) is None or probability > held[0]:
                        looked_up[stem] = probability, kind, start, end, "glossary"
                for stem in names:
                    if (held := placed.get(stem)) is None or end - start > held[3] - held[2]:
                        placed[stem] = _PLACE, "place", start, end, "places"
        for stem in placed.keys() & looked_up.keys():
            if looked_up[stem][0] <= _PLACE:
                looked_up[stem] = placed[stem]
        for stem, probability in total.items():
            # The stretches of a word share its probability: together they outvote a dictionary's one.
            taught[stem] = probability, *taught[stem][1:]
        best = placed | looked_up
        for stem in best.keys() & taught.keys():
            if taught[stem][0] <= best[stem][0]:
                taught[stem] = best[stem]
        best |= taught
        for stem, origin in taught.items():
            if origin[0] > _MOST_SURE:
                best[stem] = _MOST_SURE, *origin[1:]
        return best
