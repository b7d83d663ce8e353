"""Speed of reading and of sound: ``python benchmarks/sound.py``.

Names per second of ``syllables`` against ``pypinyin.lazy_pinyin``; pairs per second of the batched scores against the
plain Python model that the tests hold it equal to; seconds of ``rank_by_sound``. The names are made up of characters.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pypinyin import lazy_pinyin

from entitymatch.romanize import Transliteration, rank_by_sound, syllables

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def seconds(job: Callable[[], Any]) -> float:
    """Wall time of one run."""
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def main() -> None:
    """Print one line per figure."""
    from tests.romanize.plain import PlainTransliteration

    chance = random.Random(1)
    model = Transliteration.load_default()
    model.score("西门子", "Siemens")
    characters = model.channel.characters[:600]
    chinese = ["".join(chance.choices(characters, k=chance.randint(2, 5))) for _ in range(3000)]
    latin = [model.spell_latin(name, 1)[0][0] for name in chinese]
    branches = [f"中共{name}（重庆）有限公司朝阳支行支部委员会" for name in chinese]
    ours = seconds(lambda: [syllables(name) for name in branches])
    theirs = seconds(lambda: [lazy_pinyin(name) for name in branches])
    print(
        f"syllables       {len(branches) / ours:10,.0f} names/s  (pypinyin.lazy_pinyin {len(branches) / theirs:,.0f})"
    )
    zh, names = chance.choices(chinese, k=100_000), chance.choices(latin, k=100_000)
    fast = seconds(lambda: model.score_pairs(zh, names))
    inside = seconds(lambda: model.score_substrings(zh, names))
    plain = PlainTransliteration(model)
    slow = seconds(lambda: [plain.score(z, name) for z, name in zip(zh[:300], names[:300], strict=True)])
    print(f"score_pairs     {len(zh) / fast:10,.0f} pairs/s  (plain Python {300 / slow:,.0f})")
    print(f"score_substrings{len(zh) / inside:10,.0f} pairs/s")
    print(
        f"rank_by_sound   {seconds(lambda: rank_by_sound(chinese[:1770], latin[:1770], 5)):10.2f} s for 1,770 × 1,770"
    )


if __name__ == "__main__":
    main()
