"""The places of China and the world that a parser must know, in Chinese and in every usual Latin spelling."""

from __future__ import annotations

import pytest

from entitymatch.lexicon.words import places
from entitymatch.names import parse
from entitymatch.names.tokens import fold
from entitymatch.romanize import syllables

# Prefecture-level cities by province (293, as the administrative divisions of China have stood since 2019).
CITIES = (
    "河北,11,山西,11,内蒙古,9,辽宁,14,吉林,8,黑龙江,12,江苏,13,浙江,11,安徽,16,福建,9,江西,11,山东,16,"
    "河南,17,湖北,12,湖南,13,广东,21,广西,14,海南,4,四川,18,贵州,6,云南,8,西藏,6,陕西,10,甘肃,12,青海,2,"
    "宁夏,5,新疆,4"
)
MUNICIPALITIES = {"北京", "天津", "上海", "重庆", "中国"}

FULL = (
    "北京市,河北省,内蒙古自治区,广西壮族自治区,宁夏回族自治区,新疆维吾尔自治区,西藏自治区,香港特别行政区,"
    "澳门特别行政区,浦东新区,张江,陆家嘴,前海,横琴,雄安新区,滨海新区,两江新区,天府新区,苏州工业园区,"
    "中关村,临港,外高桥,上海自贸区,广州经济技术开发区,九龙,新界,尖沙咀,台北,高雄,新竹,日本,美国,阿联酋,"
    "沙特,加利福尼亚,纽约,伦敦,慕尼黑,日内瓦,横滨,硅谷,牛津,东京,圣保罗,约翰内斯堡"
)
LATIN = (
    "Beijing|Peking|Tianjin|Tientsin|Shanghai|Chungking|Nanking|Canton|Guangzhou|Tsingtao|Amoy|Swatow|Foochow|Hankow|"
    "Mukden|Dairen|Kwangtung|Szechwan|Fukien|Chekiang|Kiangsu|Shantung|Sinkiang|Inner Mongolia|Tibet|Hong Kong|"
    "Kowloon|Macau|Macao|Taipei|Kaohsiung|Taiwan|Ningpo|Soochow|Hangchow|Shaanxi|Shensi|Zhejiang|Xinjiang|Pudong|"
    "Lujiazui|Zhangjiang|Qianhai|Japan|Germany|United States|Singapore|Munich|New York|London|Tokyo|Geneva|Yokohama"
)


@pytest.mark.parametrize("place", FULL.split(","))
def test_chinese_places_at_the_front_and_in_brackets(place: str) -> None:
    assert "".join(parse(f"{place}欧普斯科技有限公司").places) == place
    assert "".join(parse(f"欧普斯（{place}）科技有限公司").places) == place


@pytest.mark.parametrize("place", LATIN.split("|"))
def test_latin_places_at_the_front_behind_of_and_in_brackets(place: str) -> None:
    assert parse(f"{place} Oppsco Technology Co., Ltd.").places == (place,)
    assert parse(f"Oppsco ({place}) Technology Co., Ltd.").places == (place,)
    assert parse(f"Bank of {place}").places == (place,)


def test_every_prefecture_level_city_is_there() -> None:
    assert sum(map(int, CITIES.split(",")[1::2])) == 293
    for province, number in zip(CITIES.split(",")[::2], map(int, CITIES.split(",")[1::2]), strict=True):
        found = [row for row in places() if row["level"] == "city" and row["parent"] == province]
        assert sum(any(name.endswith("市") for name in row["zh"].split("|")) for row in found) >= number, province


def test_counties_districts_and_countries_are_there() -> None:
    levels = [row["level"] for row in places()]
    assert levels.count("county") > 2_700  # of some 2,850 counties and districts
    assert levels.count("country") > 240
    assert levels.count("world_city") > 1_200


def test_the_latin_name_of_a_chinese_place_is_its_pinyin() -> None:
    """But for names that are not Chinese (Lhasa, Karamay) and a handful that the dictionary reads otherwise."""
    chinese = MUNICIPALITIES | set(CITIES.split(",")[::2])
    rows = [r for r in places() if r["parent"] in chinese and r["level"] in {"province", "city", "county"}]
    others = []
    for row in rows:
        name = row["zh"].split("|")[0]
        read = "".join(syllables(name)).replace("v", "u")
        spelled = [fold(name) for name in row["en"].split("|")]
        if not any(read.startswith(latin) or latin.startswith(read) for latin in spelled):
            others.append(name)
    assert len(rows) > 3_000
    assert len(others) <= 30, others
