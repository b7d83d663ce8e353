"""How it sounds: pinyin as names read it, other Latin spellings, and the learned transliteration."""

from entitymatch.romanize.alignment import Alignment
from entitymatch.romanize.held_back import HeldBack, evaluate_transliteration
from entitymatch.romanize.pinyin import readings, syllables, syllables_many
from entitymatch.romanize.ranking import rank_by_sound
from entitymatch.romanize.sound_keys import sound_keys_han, sound_keys_latin
from entitymatch.romanize.spelling import spell, spell_latin
from entitymatch.romanize.training import train_transliteration
from entitymatch.romanize.transliteration import SoundMatch, SubstringScores, Transliteration
from entitymatch.romanize.variants import character_spellings, place_spellings, spellings, syllable_spellings

__all__ = [
    "Alignment",
    "HeldBack",
    "SoundMatch",
    "SubstringScores",
    "Transliteration",
    "character_spellings",
    "evaluate_transliteration",
    "place_spellings",
    "rank_by_sound",
    "readings",
    "sound_keys_han",
    "sound_keys_latin",
    "spell",
    "spell_latin",
    "spellings",
    "syllable_spellings",
    "syllables",
    "syllables_many",
    "train_transliteration",
]
