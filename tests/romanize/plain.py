"""The transliteration model once more, letter by letter and without numpy tables: what the fast one must agree with."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from entitymatch.romanize.channel import BACKGROUND_WEIGHT, STOP, Channel
from entitymatch.romanize.counts import Counts
from entitymatch.romanize.direct import NEW_CHARACTER, Direct
from entitymatch.romanize.letters import LONGEST, letters, number, skeleton
from entitymatch.romanize.levels import LENGTH_PRIOR, Level
from entitymatch.romanize.pinyin import han, syllables
from entitymatch.romanize.transliteration import Transliteration
from entitymatch.romanize.windows import END, START, SYMBOLS


def _lookup(level: Level) -> dict[tuple[int, int], float]:
    return {(int(r), int(c)): float(s) for r, c, s in zip(level.rows, level.columns, level.shares, strict=True)}


@dataclass
class PlainTransliteration:
    model: Transliteration
    channel: Channel = field(init=False)
    shares: dict[str, dict[tuple[int, int], float]] = field(init=False)

    def __post_init__(self) -> None:
        self.channel = self.model.channel
        names = ("anything", "skeleton_of", "by_skeleton", "by_syllable", "by_character", "cantonese")
        self.shares = {name: _lookup(getattr(self.channel, name)) for name in names}
        self.string = {int(value): place for place, value in enumerate(self.channel.strings)}
        self.skeleton = {name: place for place, name in enumerate(self.channel.skeletons)}
        self.syllable = {name: place for place, name in enumerate(self.channel.syllable_names)}

    def prior(self, text: str) -> float:
        out, before = float(LENGTH_PRIOR[len(text)]), 0
        for letter in text:
            code = ord(letter) - 96
            out *= float(self.channel.letter_bigrams[before, code])
            before = code
        return out

    def anything(self, text: str) -> float:
        place = self.string.get(number(text), -1)
        return self.shares["anything"].get((0, place), 0.0) + float(self.channel.anything.rest[0]) * self.prior(text)

    def by_syllable(self, syllable: int, text: str) -> float:
        place, heard = self.string.get(number(text), -1), self.skeleton.get(skeleton(text), -1)
        out = float(self.channel.by_skeleton.rest[syllable]) * self.prior(text)
        if heard >= 0:
            of_skeleton = self.shares["skeleton_of"].get((heard, place), 0.0)
            of_skeleton += float(self.channel.skeleton_of.rest[heard]) * self.prior(text)
            out += self.shares["by_skeleton"].get((syllable, heard), 0.0) * of_skeleton
        own = self.shares["by_syllable"].get((syllable, place), 0.0)
        return own + float(self.channel.by_syllable.rest[syllable]) * out

    def emission(self, character: str, syllable: str, text: str) -> float:
        if character in self.channel.characters:
            row = self.channel.characters.index(character)
            own = self.shares["by_character"].get((row, self.string.get(number(text), -1)), 0.0)
            below = self.by_syllable(int(self.channel.character_syllable[row]), text)
            mandarin = own + float(self.channel.by_character.rest[row]) * below
            spelled = self.shares["cantonese"].get((row, self.string.get(number(text), -1)), 0.0)
            return spelled + float(self.channel.cantonese.rest[row]) * mandarin
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


def _counts(table: Counts) -> dict[int, dict[int, int]]:
    out: dict[int, dict[int, int]] = {}
    place = 0
    for key, size in zip(table.keys.tolist(), table.sizes.tolist(), strict=True):
        out[key] = dict(
            zip(table.values[place : place + size].tolist(), table.counts[place : place + size].tolist(), strict=True)
        )
        place += size
    return out


@dataclass
class PlainDirect:
    """P(Chinese | Latin) with dictionaries and loops."""

    model: Transliteration
    direct: Direct

    def __post_init__(self) -> None:
        tables = ("by_string", "by_next", "by_window", "syllable_by_string", "syllable_by_skeleton")
        self.seen = {name: _counts(getattr(self.direct, name)) for name in tables}
        self.lengths = [_counts(table) for table in self.direct.lengths]

    def _backed_off(self, table: Counts, seen: dict[int, int] | None, value: int, below: float) -> float:
        if seen is None:
            return below
        total = sum(seen.values()) + table.strength
        own = (seen[value] - table.discount) / total if value in seen else 0.0
        return own + (table.discount * len(seen) + table.strength) / total * below

    @staticmethod
    def _symbol(name: str, place: int) -> int:
        return START if place < 0 else END if place >= len(name) else ord(name[place]) - 96

    def length(self, name: str, place: int, size: int) -> float:
        here = [self._symbol(name, place + offset) for offset in range(-1, 5)]
        out = 1.0 / (LONGEST + 2)
        for table, seen, context in zip(
            self.direct.lengths, self.lengths, (here[1:2], here[1:3], here[1:4], here[:4], here), strict=True
        ):
            key = 0
            for symbol in context:
                key = key * SYMBOLS + symbol
            out = self._backed_off(table, seen.get(key), size, out)
        return out

    def emission(self, row: int, name: str, start: int, end: int) -> float:
        text = name[start:end]
        channel, direct = self.model.channel, self.direct
        character = row if row < len(channel.characters) else -1
        syllable = int(channel.character_syllable[row]) if character >= 0 else row - len(channel.characters)
        heard = skeleton(text[::-1] if direct.backward else text)
        key = channel.skeletons.index(heard) if heard in channel.skeletons else -1
        share = direct.syllables[syllable] if syllable < len(direct.syllables) else direct.syllables.min()
        out = self._backed_off(
            direct.syllable_by_skeleton, self.seen["syllable_by_skeleton"].get(key), syllable, float(share)
        )
        substring = number(text)
        out = self._backed_off(direct.syllable_by_string, self.seen["syllable_by_string"].get(substring), syllable, out)
        if character < 0:
            return out * NEW_CHARACTER
        out *= float(direct.shares[character])
        before, after, second = (self._symbol(name, place) for place in (start - 1, end, end + 1))
        for table, context in (
            ("by_string", substring),
            ("by_next", substring * SYMBOLS + after),
            ("by_window", ((substring * SYMBOLS + before) * SYMBOLS + after) * SYMBOLS + second),
        ):
            out = self._backed_off(getattr(direct, table), self.seen[table].get(context), character, out)
        return out

    def score(self, zh: str, latin: str) -> float:
        """log2 P(Chinese | Latin)."""
        name, rows = letters(latin), self.model.channel.rows(zh)
        if self.direct.backward:
            name, rows = name[::-1], rows[::-1]
        total = [1.0] + [0.0] * len(name)
        for row in rows:
            after = [0.0] * (len(name) + 1)
            for start in range(len(name) + 1):
                for end in range(start, min(len(name), start + LONGEST) + 1):
                    after[end] += (
                        total[start] * self.length(name, start, end - start) * self.emission(row, name, start, end)
                    )
            total = after
        return math.log2(max(total[-1] * self.length(name, len(name), LONGEST + 1), 1e-300))
