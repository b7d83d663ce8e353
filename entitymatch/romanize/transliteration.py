"""How probable it is that a Latin name was written down from the sound of a Chinese one.

Models of the same pairs in both directions: the channel says which letters a character emits
(``entitymatch.romanize.channel``), the direct models which characters letters stand for
(``entitymatch.romanize.direct``). A score is a log-odds in bits: the probability of the letters given the characters,
summed over all ways to cut them, against the probability of the letters by themselves. 0 bits says nothing either
way, 10 bits a thousand to one. ``rank_by_sound`` adds what the direct models say. ``docs/transliteration.md`` has the
mathematics.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from entitymatch.lexicon.tables import data_root
from entitymatch.romanize.alignment import Alignment, best_alignment
from entitymatch.romanize.channel import Channel
from entitymatch.romanize.direct import Direct
from entitymatch.romanize.pairs import Prepared, best_substrings, bits_of_choice, sum_alignments
from entitymatch.romanize.pinyin import han

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class SubstringScores:
    """Scores of pairs in bits, each over the Han characters ``start[i]:end[i]`` of the Chinese side."""

    score: Floats
    start: Ints
    end: Ints


@dataclass(frozen=True, slots=True)
class SoundMatch:
    """The stretch of a Chinese name and the words of a Latin one that sound most alike.

    Attributes:
        score: bits.
        zh: the characters.
        latin: the words, as written.
        han_span: where the characters stand among the Han characters of the name.
        word_span: where the words stand among those of the Latin name.
        alignment: which letters each character stands for.
    """

    score: float
    zh: str
    latin: str
    han_span: tuple[int, int]
    word_span: tuple[int, int]
    alignment: Alignment


@dataclass(frozen=True)
class Transliteration:
    """A learned transliteration model.

    Attributes:
        channel: P(letters | character), and the letters by themselves.
        direct: P(characters | letters), read from left to right and from right to left.
    """

    channel: Channel
    direct: tuple[Direct, Direct]

    def character_shares(self) -> dict[str, float]:
        """Return how often each character occurs in names that are written by sound; the shares add up to 1."""
        model = self.direct[0]
        syllables = np.append(model.syllables, model.syllables.min())
        shares = syllables[np.minimum(self.channel.character_syllable, len(syllables) - 1)] * model.shares
        return dict(zip(self.channel.characters, (shares / shares.sum()).tolist(), strict=True))

    def score(self, zh: str, latin: str) -> float:
        """Return the log-odds in bits that ``latin`` was made from the sound of the whole of ``zh``.

        Args:
            zh: Chinese name or part of one; other than Han characters are skipped.
            latin: Latin name; accents are folded, other than letters are skipped.

        Returns:
            Bits; positive if the sound speaks for the pair. ``-inf`` if either has nothing to compare, or there are
            more than six letters per character.

        Example:
            >>> model = Transliteration.load_default()
            >>> model.score("霍尼韦尔", "Honeywell") > 10 > 0 > model.score("霍尼韦尔", "Siemens")
            True
        """
        return float(self.score_pairs([zh], [latin])[0])

    def score_pairs(self, zh: Sequence[str], latin: Sequence[str]) -> Floats:
        """Score many pairs at once: ``out[i]`` is ``score(zh[i], latin[i])``.

        Args:
            zh: Chinese names.
            latin: Latin names, as many.

        Returns:
            float64 array ``(len(zh),)`` in bits; ``-inf`` as for ``score``.

        Raises:
            ValueError: if the two are not of equal length.

        Example:
            >>> Transliteration.load_default().score_pairs(["西门子", "西门子"], ["Siemens", "Nokia"]).round() > 0
            array([ True, False])
        """
        ready = Prepared.of(self.channel, zh, latin)
        return sum_alignments(self.channel, ready, np.zeros(len(zh), np.int64), ready.zh_sizes[ready.zh_of])

    def score_substrings(self, zh: Sequence[str], latin: Sequence[str], at_least: float = -np.inf) -> SubstringScores:
        """Score many pairs, each over the substring of the Chinese side that sounds most like the Latin name.

        The substring is that of the best single alignment; the score is then that of ``score`` for the substring.

        Args:
            zh: Chinese names, such as cores with further words.
            latin: Latin names or tokens, as many.
            at_least: bits of interest; scores from here on are exact. A pair of which it is certain that it stays
                below keeps the bits of its best single alignment, which are fewer.

        Returns:
            Scores in bits and the substrings, counted in Han characters; -1 and -1 where either side has nothing to
            compare.

        Raises:
            ValueError: if the two are not of equal length.

        Example:
            >>> found = Transliteration.load_default().score_substrings(["上海霍尼韦尔环境技术"], ["Honeywell"])
            >>> int(found.start[0]), int(found.end[0])
            (2, 6)
        """
        ready = Prepared.of(self.channel, zh, latin)
        start, end, best = best_substrings(self.channel, ready)
        reaching = best + bits_of_choice(ready, start, end) >= at_least
        summed = sum_alignments(self.channel, ready, np.where(reaching, start, 0), np.where(reaching, end, 0))
        return SubstringScores(np.where(reaching, summed, best), start, end)

    def best_match(self, zh: str, latin: str, most_words: int = 3) -> SoundMatch | None:
        """Find what sounds alike: the best stretch of ``zh`` against any run of words of ``latin``, joined.

        Args:
            zh: a Chinese name, with whatever stands around its core.
            latin: a Latin name of any number of words.
            most_words: how many words may make one name in Chinese (*Shen Zhen*, *Rolls Royce*).

        Returns:
            The match of the highest score; the score is that of ``score`` for its two sides. None if either side has
            nothing to compare.

        Raises:
            ValueError: if ``most_words`` is below 1.

        Example:
            >>> found = Transliteration.load_default().best_match("上海罗尔斯罗伊斯商贸", "Rolls Royce Trading Company")
            >>> found.zh, found.latin, str(found.alignment)
            ('罗尔斯罗伊斯', 'Rolls Royce', '罗→ro 尔→ll 斯→s 罗→ro 伊→y 斯→ce')
        """
        if most_words < 1:
            raise ValueError(f"most_words is {most_words}: it must be 1 or more")
        words = [(m.start(), m.end()) for m in _WORD.finditer(latin)]
        runs = [(i, j) for i in range(len(words)) for j in range(i + 1, min(i + most_words, len(words)) + 1)]
        names = [latin[words[i][0] : words[j - 1][1]] for i, j in runs]
        found = self.score_substrings([zh] * len(runs), names)
        if not runs or not np.isfinite(found.score).any():
            return None
        best = int(np.argmax(found.score))
        start, end = int(found.start[best]), int(found.end[best])
        part = han(zh)[start:end]
        score, name = float(found.score[best]), names[best]
        return SoundMatch(score, part, name, (start, end), runs[best], self.align(part, name))

    def spell(self, latin: str, n: int = 5) -> list[tuple[str, float]]:
        """Return the likeliest Chinese syllables of a Latin name: see ``entitymatch.romanize.spelling.spell``."""
        from entitymatch.romanize.spelling import spell

        return spell(latin, n, self)

    def spell_latin(self, zh: str, n: int = 5) -> list[tuple[str, float]]:
        """Return the likeliest Latin spellings of a Chinese name: see ``entitymatch.romanize.spelling.spell_latin``."""
        from entitymatch.romanize.spelling import spell_latin

        return spell_latin(zh, n, self)

    def align(self, zh: str, latin: str) -> Alignment:
        """Return the best single alignment of the whole of ``zh`` with ``latin``.

        Example:
            >>> print(Transliteration.load_default().align("西门子", "Siemens"))
            西→sie 门→men 子→s
        """
        return best_alignment(self.channel, zh, latin)

    def save(self, path: str | Path) -> None:
        """Write the model as npz without pickle, whole or not at all; equal models give equal bytes."""
        from entitymatch.romanize.model_file import save

        save(self, Path(path))

    @classmethod
    def load(cls, path: str | Path) -> Transliteration:
        """Read a model written by ``save``.

        Raises:
            EntityMatchError: if the file is not such a model.
        """
        from entitymatch.romanize.model_file import load

        return load(Path(path))

    @classmethod
    def load_default(cls) -> Transliteration:
        """Return the model that comes with the package (read once)."""
        return _default()


@cache
def _default() -> Transliteration:
    with as_file(data_root() / "models" / "transliteration.npz") as path:
        return Transliteration.load(path)
