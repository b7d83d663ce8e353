"""Names that were written for their sound, and others."""

import pytest

from entitymatch.features import FeatureExtractor
from entitymatch.features.foreign import foreignness


@pytest.mark.parametrize("name", ["霍尼韦尔", "埃尔拉多", "道格拉斯", "阿卡迪亚", "圣安德鲁斯", "博格华纳"])
def test_written_for_its_sound(name: str) -> None:
    assert foreignness(name) > 0.9


@pytest.mark.parametrize("name", ["华翔", "恒太", "金风", "海螺", "荟江", ""])
def test_chosen_for_its_meaning(name: str) -> None:
    assert foreignness(name) < 0.1


def test_only_the_own_name_counts() -> None:
    extract = FeatureExtractor().extract
    assert extract("哈尔滨华翔电子有限公司").foreign < 0.1  # the place is written for its sound
    assert extract("上海霍尼韦尔纸业有限公司").foreign > 0.9
    assert extract("Honeywell").foreign == 0.0
