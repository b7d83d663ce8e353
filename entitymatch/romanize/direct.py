"""How probable it is that a Latin name was written with these Chinese characters.

The other direction of sound. Where the channel model asks how a character is spelled, this one reads a Latin name from
one end to the other: how many letters stand for the next character (0 to 6, or the name ends), given the letters
around, and which character they stand for, given those letters and their neighbours. It sees what the channel cannot:
that *c* is another sound before *e*, that a final *e* is silent. Both steps are conditional probabilities that back
off to fewer neighbours (``entitymatch.romanize.counts``), the character at last to its syllable and the skeleton of the
letters; so P(Chinese | Latin), the sum over all cuts, needs no background: the Latin names of a list compare as they
are.

There are two such models: one reads from left to right and one from right to left. They see other contexts first, and
their errors differ; together they find more than either.

A direct model of transliteration without an intermediate phonetic form: Li, Zhang, Su (ACL 2004), section 2; with
letters around as context, Jiampojamarn, Kondrak and Sherif (NAACL 2007).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from entitymatch.romanize.counts import Counts
from entitymatch.romanize.letters import LONGEST, skeleton, string
from entitymatch.romanize.windows import Windows, without_neighbours

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STOP = LONGEST + 1
"""The value of a length that says: the name ends here."""
NEW_CHARACTER = 0.01
"""Share of a syllable that a character has which was never seen in a transliteration."""


@dataclass(frozen=True)
class Direct:
    """A learned model of P(Chinese | Latin).

    Attributes:
        backward: whether names are read from right to left; "before" and "after" then change places.
        lengths: how many letters the next character takes, by the letters around, narrowest context first.
        by_string: characters by the letters they stand for.
        by_next: the same with the letter after.
        by_window: the same with one letter before and two after.
        syllable_by_string: syllables by letters.
        syllable_by_skeleton: syllables by what is heard of the letters.
        syllables: ``(syllables,)``: how often each syllable occurs.
        shares: ``(characters,)``: how much of its syllable each character is.
    """

    backward: bool
    lengths: tuple[Counts, ...]
    by_string: Counts
    by_next: Counts
    by_window: Counts
    syllable_by_string: Counts
    syllable_by_skeleton: Counts
    syllables: Floats
    shares: Floats

    def reader(self, names: Sequence[str], character_syllable: Ints, skeletons: Sequence[str]) -> Reader:
        """Look up all that can be read in folded Latin names: see ``Reader``."""
        return Reader.of(self, names, character_syllable, {name: index for index, name in enumerate(skeletons)})


@dataclass(frozen=True)
class Reader:
    """Latin names as one direct model reads them: emissions of any character at each position.

    Attributes:
        windows: the names, as the model reads them.
        stop: ``(names,)``: probability that a name ends where its letters do.
    """

    windows: Windows
    stop: Floats
    _lengths: Floats
    _inverse: Ints
    _substring: Ints
    _below: Floats
    _characters: sparse.csc_matrix
    _syllables: sparse.csc_matrix
    _any_syllable: Floats
    _model: Direct
    _character_syllable: Ints

    @classmethod
    def of(cls, model: Direct, names: Sequence[str], character_syllable: Ints, skeletons: dict[str, int]) -> Reader:
        """Look up the windows of names."""
        windows = Windows([name[::-1] for name in names] if model.backward else names)
        lengths = np.full((STOP + 1, windows.keys.shape[1]), 1.0 / (STOP + 1))
        for level, keys in zip(model.lengths, windows.cut_keys(), strict=True):
            row = level.find(keys)
            lengths = lengths * level.rest[row] + level.shares[row].toarray().T
        distinct, inverse = np.unique(windows.keys, return_inverse=True)
        substrings, of_window = np.unique(without_neighbours(distinct, 0), return_inverse=True)
        whole, after = model.by_window.find(distinct), model.by_next.find(without_neighbours(distinct, 1))
        alone = model.by_string.find(substrings)[of_window]
        rest_whole = model.by_window.rest[whole]
        rest_after = rest_whole * model.by_next.rest[after]
        characters = (
            model.by_window.shares[whole]
            + sparse.diags(rest_whole) @ model.by_next.shares[after]
            + sparse.diags(rest_after) @ model.by_string.shares[alone]
        )
        heard = [skeletons.get(heard_of(number, model.backward), -1) for number in substrings.tolist()]
        spelled = model.syllable_by_string.find(substrings)
        sounds = model.syllable_by_skeleton.find(np.array(heard, np.int64))
        rest_spelled = model.syllable_by_string.rest[spelled]
        steps, inverse = np.where(windows.keys < 0, 0.0, lengths[:STOP]), inverse.reshape(windows.keys.shape)
        if model.backward:  # what ends here when read backward begins here when read forward
            steps, inverse = windows.turned(steps), windows.turned(inverse)
        return cls(
            windows,
            lengths[STOP, windows.ends],
            steps,
            inverse,
            of_window,
            rest_after * model.by_string.rest[alone],
            characters.tocsc(),
            (
                model.syllable_by_string.shares[spelled]
                + sparse.diags(rest_spelled) @ model.syllable_by_skeleton.shares[sounds]
            ).tocsc(),
            rest_spelled * model.syllable_by_skeleton.rest[sounds],
            model,
            character_syllable,
        )

    @cached_property
    def _of_syllable(self) -> dict[int, Floats]:
        return {}

    def _syllable(self, syllable: int) -> Floats:
        """P(syllable | letters) of each distinct window; the last syllable plus one is an unknown one."""
        known = self._of_syllable.get(syllable)
        if known is None:
            if syllable < len(self._model.syllables):
                found = self._any_syllable * self._model.syllables[syllable]
                part = slice(*self._syllables.indptr[syllable : syllable + 2])
                found[self._syllables.indices[part]] += self._syllables.data[part]
            else:
                found = self._any_syllable * self._model.syllables.min()
            known = self._of_syllable[syllable] = found[self._substring]
        return known

    def emission(self, row: int) -> Floats:
        """P(length, character | letters around) from each position, read forward: ``(LONGEST + 1, positions)``.

        Args:
            row: a character, or the number of characters plus a syllable (plus the number of syllables: unknown).
        """
        characters = len(self._character_syllable)
        if row >= characters:
            found = self._syllable(row - characters) * NEW_CHARACTER
        else:
            found = self._syllable(int(self._character_syllable[row])) * (self._below * self._model.shares[row])
            part = slice(*self._characters.indptr[row : row + 2])
            found[self._characters.indices[part]] += self._characters.data[part]
        return np.asarray(found[self._inverse] * self._lengths)


def heard_of(number: int, backward: bool) -> str:
    """Return the skeleton of a substring, given by its number as the model reads it."""
    letters = string(number)
    return skeleton(letters[::-1] if backward else letters)
