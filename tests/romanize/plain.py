"""The transliteration model once more, letter by letter and without numpy tables: what the fast one must agree with."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from entitymatch.romanize.letters import LONGEST, letters, number, skeleton
from entitymatch.romanize.pinyin import han, syllables
from entitymatch.romanize.transliteration import BACKGROUND_WEIGHT, LENGTH_PRIOR, STOP, Level, Transliteration


def _lookup(level: Level) -> dict[tuple[int, int], float]:
    return {(int(r), int(c)): float(s) for r, c, s in zip(level.rows, level.columns, level.shares, strict=True)}


@dataclass
class PlainTransliteration:
    model: Transliteration
    shares: dict[str, dict[tuple[int, int], float]] = field(init=False)

    def __post_init__(self) -> None:
        names = ("anything", "skeleton_of", "by_skeleton", "by_syllable", "by_character")
        self.shares = {name: _lookup(getattr(self.model, name)) for name in names}
        self.string = {int(value): place for place, value in enumerate(self.model.strings)}
        self.skeleton = {name: place for place, name in enumerate(self.model.skeletons)}
        self.syllable = {name: place for place, name in enumerate(self.model.syllable_names)}

    def prior(self, text: str) -> float:
        out, before = float(LENGTH_PRIOR[len(text)]), 0
        for letter in text:
            code = ord(letter) - 96
            out *= float(self.model.letter_bigrams[before, code])
            before = code
        return out

    def anything(self, text: str) -> float:
        place = self.string.get(number(text), -1)
        return self.shares["anything"].get((0, place), 0.0) + float(self.model.anything.rest[0]) * self.prior(text)

    def by_syllable(self, syllable: int, text: str) -> float:
        place, heard = self.string.get(number(text), -1), self.skeleton.get(skeleton(text), -1)
        out = float(self.model.by_skeleton.rest[syllable]) * self.prior(text)
        if heard >= 0:
            of_skeleton = self.shares["skeleton_of"].get((heard, place), 0.0)
            of_skeleton += float(self.model.skeleton_of.rest[heard]) * self.prior(text)
            out += self.shares["by_skeleton"].get((syllable, heard), 0.0) * of_skeleton
        own = self.shares["by_syllable"].get((syllable, place), 0.0)
        return own + float(self.model.by_syllable.rest[syllable]) * out

    def emission(self, character: str, syllable: str, text: str) -> float:
        if character in self.model.characters:
            row = self.model.characters.index(character)
            own = self.shares["by_character"].get((row, self.string.get(number(text), -1)), 0.0)
            below = self.by_syllable(int(self.model.character_syllable[row]), text)
            return own + float(self.model.by_character.rest[row]) * below
        if syllable in self.syllable:
            return self.by_syllable(self.syllable[syllable], text)
        return self.anything(text)

    def background(self, name: str) -> float:
        total = [1.0] + [0.0] * len(name)
        for start in range(len(name)):
            for end in range(start + 1, min(len(name), start + LONGEST) + 1):
                total[end] += total[start] * self.anything(name[start:end]) * (1 - STOP) / (1 - self.anything(""))
        return BACKGROUND_WEIGHT * math.log2(total[-1] * STOP)

    def score(self, zh: str, latin: str) -> float:
        name = letters(latin)
        if not name or not han(zh):
            return -math.inf
        total = [1.0] + [0.0] * len(name)
        for character, syllable in zip(han(zh), syllables(zh), strict=True):
            after = [0.0] * (len(name) + 1)
            for start in range(len(name) + 1):
                for end in range(start, min(len(name), start + LONGEST) + 1):
                    after[end] += total[start] * self.emission(character, syllable, name[start:end])
            total = after
        if total[-1] <= 0:
            return -math.inf
        return math.log2(total[-1]) - self.background(name)
