"""The made-up register keeps its promises: what is planted, what is not, and the same bytes every time."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.register import Forbidden, companies, filler, main, planted, spread, write_register
from benchmarks.tables import read_table
from entitymatch.lexicon.tables import data_root, values

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
CONSULATES = [f"{country} Consulate General Shanghai" for country in ("British", "US", "Australian")]


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def planted_of(*names, rows=1_950_000):
    return [plant for plant in planted(rows) if plant.company in names and plant.flag != "decoy"]


def test_examples_are_what_the_generator_writes(tmp_path):
    command = (EXAMPLES / "README.md").read_text(encoding="utf-8").split("python -m benchmarks.register ")[1]
    arguments = command.split("\n")[0].split()
    assert arguments[-2:] == ["-o", "examples/register.csv"]
    main([*arguments[:-1], str(tmp_path / "register.csv")])
    for name in ("register.csv", "companies.csv", "truth.csv"):
        assert (tmp_path / name).read_bytes() == (EXAMPLES / name).read_bytes(), name


@pytest.mark.parametrize(
    ("names", "strings", "rows"),
    [
        (["HSBC", "Standard Chartered"], 19, 612),
        (["Pfizer", "AstraZeneca"], 15, 123),
        (["COSCO"], 118, 2909),
        (["Shanghai Foreign Agency Service Corporation"], 9, 249),
        (CONSULATES, 9, 26),
        (["University of St Andrews"], 4, 5),
    ],
)
def test_planted_totals_of_the_full_register(names, strings, rows):
    plants = planted_of(*names)
    assert (len(plants), sum(plant.rows for plant in plants)) == (strings, rows)


def test_small_register_has_fewer_rows_of_cosco_only():
    def rows(size):
        return {plant.branch: plant.rows for plant in planted(size) if plant.company != "COSCO"}

    assert rows(5_200) == rows(1_950_000)
    assert sum(plant.rows for plant in planted_of("COSCO", rows=5_200)) == 190


def test_makers_have_several_spellings_each():
    for name in ("Boeing", "Airbus", "Rolls-Royce", "Thales", "Jaguar Land Rover"):
        assert len(planted_of(name)) >= 7


def test_planted_strings_are_different_and_name_one_organisation_of_the_list():
    branches = [plant.branch for plant in planted(5_200)]
    assert len(set(branches)) == len(branches)
    assert {plant.company for plant in planted(5_200)} <= companies().keys()
    others = Forbidden(name for row in read_table("companies.tsv") for name in values(row["zh"]))
    assert [branch for branch in branches if others(branch)] == ["法国泰雷兹公司"]  # 国泰 across two words


def test_decoys_bear_the_name_of_a_known_organisation():
    decoys = read_table("decoys.tsv")
    assert len(decoys) >= 60
    assert {row["looks_like"] for row in decoys} == {
        r["en"] for r in read_table("organisations.tsv") if r["flag"] == "known"
    }


def test_unlisted_organisations_are_in_no_table_of_the_package():
    names = [name for row in read_table("organisations.tsv") if row["flag"] == "unlisted" for name in values(row["zh"])]
    assert len([row for row in read_table("organisations.tsv") if row["flag"] == "unlisted"]) == 20
    tables = [path for path in (data_root() / "organisations").iterdir() if path.name.endswith(".tsv")]
    assert tables
    known = {(path.name, name) for path in tables for name in names if name in path.read_text(encoding="utf-8")}
    assert known == set()


def test_example_register_is_planted_as_its_truth_says():
    rows = Counter(row["branch"] for row in read(EXAMPLES / "register.csv"))
    assert (rows.total(), len(rows)) == (5_200, 3_500)
    truth = read(EXAMPLES / "truth.csv")
    assert {row["branch"]: int(row["rows"]) for row in truth} == {row["branch"]: rows[row["branch"]] for row in truth}
    names = {row["id"]: row["name"] for row in read(EXAMPLES / "companies.csv")}
    assert all(names[row["id"]] == row["company"] for row in truth if row["flag"] != "decoy")
    forbidden, mentioned = Forbidden.of_the_list(), {row["branch"] for row in truth}
    assert [branch for branch in rows if branch not in mentioned and forbidden(branch)] == []


def test_forbidden_names_are_found_through_spaces():
    forbidden = Forbidden(["汇丰", "圣安德鲁"])
    assert forbidden("上海汇 丰纸业")
    assert forbidden("圣安德鲁斯大学")
    assert not forbidden("上海汇源丰纸业")


def test_filler_is_different_strings_and_another_seed_gives_others():
    first, again, other = (list(filler(300, seed)) for seed in (1, 1, 2))
    assert first == again
    assert len(set(first)) == 300
    assert len(set(first) & set(other)) < 30


def test_rows_are_skewed(tmp_path):
    write_register(tmp_path / "register.csv", rows=20_000, distinct=2_000, seed=3)
    rows = Counter(row["branch"] for row in read(tmp_path / "register.csv"))
    assert (rows.total(), len(rows)) == (20_000, 2_000)
    truth = {row["branch"] for row in read(tmp_path / "truth.csv")}
    rest = sorted((number for branch, number in rows.items() if branch not in truth), reverse=True)
    assert sum(rest[: len(rest) // 10]) > sum(rest) / 3


@pytest.mark.parametrize(("total", "count"), [(5, 5), (6, 5), (2909, 118), (1_000_003, 777)])
def test_spread_is_exact_and_leaves_no_string_out(total, count):
    rows = spread(total, count)
    assert (sum(rows), len(rows), min(rows) >= 1) == (total, count, True)


@pytest.mark.parametrize("arguments", [["--rows", "100"], ["--rows", "5200", "--distinct", "10"], ["--rows", "many"]])
def test_too_small_a_register_is_a_clear_error(arguments, tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([*arguments, "-o", str(tmp_path / "register.csv")])
    assert stopped.value.code == 2
    assert "error:" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_readme_of_the_examples_tells_the_planted_totals():
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    totals: dict[str, list[int]] = {}
    for row in read(EXAMPLES / "truth.csv"):
        total = totals.setdefault(row["company"] if row["flag"] == "known" else row["flag"], [0, 0])
        total[0] += 1
        total[1] += int(row["rows"])
    for name, (strings, rows) in totals.items():
        first = {"unlisted": "twenty organisations that are in no table of the package", "decoy": "decoys"}.get(
            name, name
        )
        assert f"| {first} | {strings} | {rows} |" in readme
