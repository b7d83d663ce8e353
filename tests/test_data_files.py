"""Every file in ``entitymatch/data`` is used: without (a row of) it, something that the documentation promises changes.

A new file fails here until it has a proof of its own.
"""

import hashlib
import json
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from entitymatch.blocking import default_background, default_blockers
from entitymatch.cli import app
from entitymatch.features import FeatureExtractor
from entitymatch.features.institutions import is_institution
from entitymatch.features.numbers import numbers_of
from entitymatch.features.trades import han_trades, trades_of
from entitymatch.lexicon import Lexicon, Organization, tables
from entitymatch.lexicon.tables import parse_table, values
from entitymatch.lexicon.words import light_words
from entitymatch.names import normalize, parse
from entitymatch.romanize import (
    Transliteration,
    character_spellings,
    place_spellings,
    rank_by_sound,
    readings,
    syllable_spellings,
    syllables,
)
from entitymatch.scoring import score_pairs
from entitymatch.translate import default_glossary, default_model

ROOT = Path(str(tables.data_root()))
PROJECT = ROOT.parent.parent
FILES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file())
README = (ROOT / "README.md").read_text(encoding="utf-8")
COSTLY = (
    "entitymatch.romanize.transliteration",
    "entitymatch.romanize.sound_keys",
)  # they read no table, and take seconds
AIRLINE = Organization("air", ("Sample Air",), (), frozenset(), "", "", ("airline",), "", "", "test")


@dataclass(frozen=True)
class Row:
    """A proof for a table: what ``behaviour`` gives changes when the rows that hold ``cell`` are taken out."""

    cell: str
    behaviour: Callable[[], Any]


ROWS = {
    "vague_words.tsv": Row("system", lambda: [trade.words for trade in han_trades("操作系统系统")]),
    "activities.tsv": Row("投资", lambda: han_trades("投资")[0].group),
    "cantonese.tsv": Row("heung", lambda: character_spellings("香")),
    "glossary.tsv": Row("药业", lambda: default_glossary().translations("药业")),
    "glossary_cedict.tsv": Row("望远镜", lambda: default_glossary().translations("望远镜")),
    "glossary_institutions.tsv": Row("岩土", lambda: default_glossary().translations("岩土")),
    "institutions.tsv": Row("实验室", lambda: is_institution("岩土力学实验室", ())),
    "legal_forms.tsv": Row("有限责任公司", lambda: parse("光明乳业有限责任公司").legal_form),
    "light_words.tsv": Row("the", lambda: light_words("article", "form")),
    "numbers.tsv": Row("6", lambda: numbers_of("", ["sixth", "hospital"])),
    "places.tsv": Row("青岛", lambda: parse("青岛海尔").places),
    "places_cedict.tsv": Row("七堵区", lambda: parse("七堵区光明乳业有限公司").places),
    "places_world.tsv": Row("阿布扎比", lambda: parse("阿布扎比石油有限公司").places),
    "postal.tsv": Row("青岛", lambda: place_spellings("青岛")),
    "readings_open.tsv": Row("长", lambda: readings("长泰")),
    "readings.tsv": Row("单县", lambda: syllables("单县")),
    "trades.tsv": Row("银行", lambda: parse("汇丰银行").trade),
    "traditional.tsv": Row("滙", lambda: normalize("滙豐")),
    "traditional_phrases.tsv": Row("一坏", lambda: normalize("一坏")),
    "units.tsv": Row("分行", lambda: parse("汇丰银行上海分行").units),
    "wade_giles.tsv": Row("qing", lambda: syllable_spellings("qing")),
    "wrappers.tsv": Row("党支部", lambda: parse("汇丰银行党支部").wrapper),
    "organisation_trades.tsv": Row("airline", lambda: trades_of(Lexicon([AIRLINE]), AIRLINE.key)),
    "models/background.tsv": Row("bank", lambda: default_background().information("word:bank", 0, 0)),
}


def clear_caches(costly: bool = False) -> None:
    """Forget everything that was read from the data folder."""
    for name, module in list(sys.modules.items()):
        if not name.startswith("entitymatch") or (name in COSTLY and not costly):
            continue
        for value in list(vars(module).values()):
            if callable(clear := getattr(value, "cache_clear", None)) and (costly or value.__module__ not in COSTLY):
                clear()
    sys.modules["entitymatch.names.normalize"]._TABLE.clear()


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of links to the real files, from which the package reads during the test."""
    folder = tmp_path / "data"
    for file in FILES:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).symlink_to(ROOT / file)
    monkeypatch.setattr(tables, "files", lambda _: tmp_path)
    clear_caches()
    yield folder
    monkeypatch.undo()
    clear_caches()


def rewrite(data: Path, file: str, text: str) -> None:
    (data / file).unlink()
    (data / file).write_text(text, encoding="utf-8")
    clear_caches()


def without(data: Path, file: str, cell: str) -> None:
    """Take the rows out of a table in which a value contains ``cell`` (or is it, if it has several letters)."""
    lines = (data / file).read_text(encoding="utf-8").split("\n")

    def bears(line: str) -> bool:
        found = [value for part in line.split("\t") for value in values(part)]
        return cell in found or (len(cell) == 1 and not cell.isascii() and any(cell in value for value in found))

    kept = [line for line in lines if line.startswith("#") or not bears(line)]
    assert len(kept) < len(lines), f"{file} has no row with {cell!r}: choose another one for the proof"
    rewrite(data, file, "\n".join(kept))


def prove_row(data: Path, file: str) -> None:
    proof = ROWS[file]
    before = proof.behaviour()
    without(data, file, proof.cell)
    assert proof.behaviour() != before


def prove_organisations(data: Path, file: str) -> None:
    """The first organisation of the table is recognised by its English name, and is not without its row."""
    for other in (data / file).parent.iterdir():
        if other.name != Path(file).name:
            other.unlink()
    row = parse_table((data / file).read_text(encoding="utf-8"), file)[0]
    name = values(row["en"])[0]

    def known() -> set[str]:
        return {alias.key for alias in FeatureExtractor(Lexicon.default()).extract(name).aliases}

    clear_caches()
    assert row["key"] in known()
    without(data, file, row["key"])
    assert row["key"] not in known()


def prove_translation(data: Path, file: str) -> None:
    row = parse_table((data / file).read_text(encoding="utf-8"), file)[0]
    word = row["zh"]
    assert row["en"] in dict(default_model().translations(word))
    assert default_model().source(word) == "learned translations"
    without(data, file, word)
    assert default_model().source(word) == "glossary"


def prove_scoring(data: Path, file: str) -> None:
    model = json.loads((data / file).read_text(encoding="utf-8"))
    before = score_pairs(["清华大学"], ["Tsinghua University"])
    rewrite(data, file, json.dumps({**model, "intercept": model["intercept"] + 1.0}))
    assert score_pairs(["清华大学"], ["Tsinghua University"]) == pytest.approx(before + 1.0)


def prove_blocking(data: Path, file: str) -> None:
    weights = json.loads((data / file).read_text(encoding="utf-8"))["weights"]
    assert {blocker.name: blocker.weight for blocker in default_blockers()} == weights
    rewrite(data, file, json.dumps({"weights": {**weights, "gram": 3.0}}))
    assert {blocker.name: blocker.weight for blocker in default_blockers()} == {**weights, "gram": 3.0}


def prove_transliteration(data: Path, file: str) -> None:
    names = ["Siemens", "Nokia", "Honeywell"]
    assert rank_by_sound(["霍尼韦尔"], names, 1).tolist() == [[2]]
    (data / file).unlink()
    default = sys.modules["entitymatch.romanize.transliteration"]._default
    default.cache_clear()
    with pytest.raises(FileNotFoundError):
        Transliteration.load_default()


def prove_places_not(data: Path, file: str) -> None:
    """It keeps words out of the tables that scripts/build_names_data.py derives."""
    rows = parse_table((data / file).read_text(encoding="utf-8"), file)
    derived = {
        "county": ("places_cedict.tsv", "zh"),
        "city": ("places_world.tsv", "zh"),
        "english": ("places_world.tsv", "en"),
    }
    for kind, (table, column) in derived.items():
        left_out = {row["form"] for row in rows if row["kind"] == kind}
        names = {name for row in tables.read_table(table) for name in values(row[column])}
        assert left_out
        assert not left_out & names
    # 长安 is a firm's name, and only 长安区 a place for certain.
    assert "长安" in {row["form"] for row in rows}
    assert parse("长安汽车有限公司").places == ()
    assert parse("长安区光明乳业有限公司").places == ("长安区",)


def prove_sources(data: Path, file: str) -> None:
    """Every file that the models were fitted on is named with its checksum and described in the README."""
    sources = json.loads((data / file).read_text(encoding="utf-8"))
    assert sources
    for name, checksum in sources.items():
        assert re.fullmatch("[0-9a-f]{64}", checksum), name
        assert Path(name).stem in README or name in README, name


def prove_demo(data: Path, file: str) -> None:
    """`entitymatch demo` reads it: without a row that matters, its answer is another."""
    before = demo_found()
    row = {"register.csv": "圣安德鲁斯大学", "companies.csv": "University of St Andrews", "aliases.tsv": "哈威油液压"}
    text = (data / file).read_text(encoding="utf-8")
    kept = [line for line in text.splitlines(keepends=True) if row[Path(file).name] not in line]
    rewrite(data, file, "".join(kept))
    assert demo_found() != before


def demo_found() -> list[str]:
    """The organisations that the demonstration names, and those that it finds with names of its own."""
    done = CliRunner().invoke(app, ["demo"])
    assert done.exit_code == 0
    return re.findall(r"^(?:University of St Andrews .*|With names of our own.*)$", done.stdout, re.MULTILINE)


def prove_readme(data: Path, file: str) -> None:
    """It says of each file where it comes from."""
    missing = [name for name in FILES if name != file and Path(name).name not in README]
    assert not [name for name in missing if not name.startswith("organisations/")]
    assert all(f"`{Path(name).stem}" in README or Path(name).name in README for name in missing), missing


def prove_licence(data: Path, file: str) -> None:
    """The derived tables point at it, and it is shipped."""
    text = (data / file).read_text(encoding="utf-8")
    assert "Attribution-ShareAlike 4.0 International" in text
    assert len(text) > 15_000  # the whole legal code
    claimed = [name for name in FILES if name.endswith(".tsv") and "CC BY-SA 4.0" in "\n".join(head(ROOT / name))]
    assert claimed == ["glossary_cedict.tsv", "places_cedict.tsv"]
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    assert f"entitymatch/data/{file}" in project["project"]["license-files"]


def head(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as lines:
        return [next(lines, "") for _ in range(5)]


PROOFS: dict[str, Callable[[Path, str], None]] = {
    **dict.fromkeys(ROWS, prove_row),
    **{file: prove_organisations for file in FILES if re.fullmatch(r"organisations/\w+\.tsv", file)},
    "models/translation.tsv": prove_translation,
    "models/scoring.json": prove_scoring,
    "models/blocking.json": prove_blocking,
    "models/transliteration.npz": prove_transliteration,
    "models/SOURCES.json": prove_sources,
    "places_not.tsv": prove_places_not,
    **{f"demo/{name}": prove_demo for name in ("register.csv", "companies.csv", "aliases.tsv")},
    "README.md": prove_readme,
    "LICENSE-CC-BY-SA-4.0.txt": prove_licence,
}


@pytest.mark.parametrize("file", FILES)
def test_file_is_used(file: str, data: Path) -> None:
    assert file in PROOFS, f"entitymatch/data/{file} has no proof that it is used: add one to {Path(__file__).name}"
    PROOFS[file](data, file)


def test_no_proof_is_left_without_its_file() -> None:
    assert sorted(PROOFS) == FILES


def test_proofs_leave_the_data_as_they_were() -> None:
    assert rank_by_sound(["霍尼韦尔"], ["Siemens", "Honeywell"], 1).tolist() == [[1]]
    assert parse("汇丰银行上海分行").units == ("上海分行",)


def test_tables_are_clean() -> None:
    """UTF-8 without a mark, Unix lines, a header with distinct names, no row with more or fewer cells than it needs."""
    for file in FILES:
        if not file.endswith(".tsv"):
            continue
        raw = (ROOT / file).read_bytes()
        assert not raw.startswith(b"\xef\xbb\xbf"), file
        assert b"\r" not in raw, file
        rows = parse_table(raw.decode("utf-8"), file)
        assert rows, file
        assert all(any(row.values()) for row in rows), file


def test_organisations_have_distinct_keys_and_known_parents() -> None:
    keys: dict[str, str] = {}
    parents: dict[str, str] = {}
    for file in FILES:
        if file.startswith("organisations/"):
            for row in tables.read_table(file):
                assert row["key"] not in keys, f"{row['key']} stands in {file} and in {keys[row['key']]}"
                keys[row["key"]] = file
                if row["parent"]:
                    parents[row["key"]] = row["parent"]
    assert {key: parent for key, parent in parents.items() if parent not in keys} == {}


def test_no_two_files_are_the_same() -> None:
    sums = [hashlib.sha256((ROOT / file).read_bytes()).hexdigest() for file in FILES]
    assert len(set(sums)) == len(sums)
