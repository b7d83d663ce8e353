"""A saved matcher answers like the one that was saved; anything else is refused, and nothing is half-written."""

import datetime
import json
import random
import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from entitymatch import EntityMatchError, Lexicon, Matcher

REFERENCES = ["HSBC", "Tsinghua University", "Siemens", "招商银行"]
REGISTER = [
    "中共汇丰银行（中国）有限公司上海分行支部委员会",
    "清华大学",
    "西门子（中国）有限公司",
    "China Merchants Bank",
    "狮子岩有限公司",
    "",
]


def answers(matcher: Matcher) -> pd.DataFrame:
    return matcher.match(REGISTER, threshold=0.0, top_k=10).to_pandas()


def again(matcher: Matcher, tmp_path: Path) -> Matcher:
    path = tmp_path / "saved.npz"
    matcher.save(path)
    return Matcher.load(path)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("saved") / "matcher.npz"
    Matcher().fit(REFERENCES).save(path)
    return path


@pytest.mark.parametrize(
    "parameters",
    [{}, {"prior": 0.3, "link_threshold": 0.6, "possible_threshold": 0.01}, {"without": ("alias", "sound")}],
)
def test_a_loaded_matcher_answers_alike(tmp_path: Path, parameters: dict[str, Any]) -> None:
    matcher = Matcher(**parameters).fit(REFERENCES)
    loaded = again(matcher, tmp_path)
    pd.testing.assert_frame_equal(answers(loaded), answers(matcher), check_exact=True)
    for name in ("prior", "link_threshold", "possible_threshold"):
        assert getattr(loaded, name) == getattr(matcher, name)
    assert tuple(loaded.without) == tuple(matcher.without)
    assert repr(loaded) == repr(matcher)
    assert loaded.references_.names == REFERENCES
    for query in REGISTER[:2]:
        assert loaded.explain(query, 0) == matcher.explain(query, 0)


def test_saving_before_or_after_matching_makes_no_difference(tmp_path: Path) -> None:
    matcher = Matcher().fit(REFERENCES)
    matcher.save(tmp_path / "before")
    expected = answers(matcher)
    matcher.save(tmp_path / "after")
    assert (tmp_path / "before").read_bytes() == (tmp_path / "after").read_bytes()
    pd.testing.assert_frame_equal(answers(Matcher.load(tmp_path / "before")), expected, check_exact=True)


def test_a_matcher_is_saved_with_what_it_was_fitted_with(tmp_path: Path) -> None:
    matcher = Matcher(prior=0.3, without=["sound"]).fit(REFERENCES)
    expected = answers(matcher)
    matcher.set_params(prior=0.001, link_threshold=0.1, without=["alias"], lexicon=Lexicon([]))
    loaded = again(matcher, tmp_path)
    pd.testing.assert_frame_equal(answers(loaded), expected, check_exact=True)
    assert (loaded.prior, loaded.link_threshold, tuple(loaded.without)) == (0.3, None, ("sound",))


def test_a_loaded_matcher_can_be_saved_and_fitted_again(tmp_path: Path) -> None:
    matcher = Matcher(prior=0.3).fit(REFERENCES)
    twice = again(again(matcher, tmp_path), tmp_path)
    pd.testing.assert_frame_equal(answers(twice), answers(matcher), check_exact=True)
    pd.testing.assert_frame_equal(answers(twice.fit(["HSBC"])), answers(Matcher(prior=0.3).fit(["HSBC"])))


def test_aliases_and_skipped_rows_survive(tmp_path: Path) -> None:
    table = pd.DataFrame({"name": ["Acme Anvils", None, "HSBC"], "aliases": [["狮子岩", "Anvil House"], [], []]})
    matcher = Matcher(prior=0.5).fit(table, name="name", aliases="aliases")
    loaded = again(matcher, tmp_path)
    found = answers(loaded)
    pd.testing.assert_frame_equal(found, answers(matcher), check_exact=True)
    assert found[found["query"] == "狮子岩有限公司"]["reference"].iloc[0] == "Acme Anvils"
    assert loaded.references_.skipped == 1


IDS = {
    "integers": [7, 8, 9, 10],
    "small": np.array([7, 8, 9, 10], dtype=np.uint8),
    "nullable": pd.array([7, 8, 9, 10], dtype="Int64"),
    "text": ["a", "b", "c", "d"],
    "numbers": ["007", "7", "07", "7.0"],
    "floats": [0.5, 1.5, 2.5, 3.5],
    "dates": pd.to_datetime(["2020-01-01", "2021-01-01", "2022-01-01", "2023-01-01"]),
    "days": [datetime.date(2020, 1, day) for day in (1, 2, 3, 4)],
    "decimals": [Decimal(n) / 4 for n in range(4)],
    "categories": pd.Categorical(["a", "b", "c", "d"]),
    "uuids": [uuid.UUID(int=n) for n in range(4)],
}


@pytest.mark.parametrize("kind", IDS)
def test_ids_keep_their_type(tmp_path: Path, kind: str) -> None:
    table = pd.DataFrame({"name": REFERENCES, "id": IDS[kind]})
    matcher = Matcher().fit(table, name="name", id="id")
    expected, found = answers(matcher), answers(again(matcher, tmp_path))
    pd.testing.assert_frame_equal(found, expected, check_exact=True)
    assert list(map(type, found["reference_id"])) == list(map(type, expected["reference_id"]))


@pytest.mark.parametrize("ids", [[1, "b", 3, 4], [1j, 2j, 3j, 4j], [10**30, 1, 2, 3], [object() for _ in range(4)]])
def test_ids_that_cannot_be_saved_are_told_and_leave_no_file(tmp_path: Path, ids: list[object]) -> None:
    table = pd.DataFrame({"name": REFERENCES, "id": ids})
    with pytest.raises(EntityMatchError, match="ids"):
        Matcher().fit(table, name="name", id="id").save(tmp_path / "saved")
    assert list(tmp_path.iterdir()) == []


def own_lexicons() -> dict[str, Lexicon]:
    default = Lexicon.default()
    hsbc = default.organizations["hsbc"]
    return {
        "additional": default.with_aliases({"HSBC": ["狮子岩"], "Acme Anvils": "铁砧世家"}),
        "taking a name away": default.with_aliases({"Siemens": ["汇丰银行", "汇丰"]}),
        "smaller": Lexicon([hsbc]),
        "empty": Lexicon([]),
    }


@pytest.mark.parametrize("kind", ["additional", "taking a name away", "smaller", "empty"])
def test_a_lexicon_of_ones_own_survives(tmp_path: Path, kind: str) -> None:
    lexicon = own_lexicons()[kind]
    matcher = Matcher(lexicon=lexicon).fit(REFERENCES)
    loaded = again(matcher, tmp_path)
    pd.testing.assert_frame_equal(answers(loaded), answers(matcher), check_exact=True)
    assert loaded.lexicon is not None
    assert loaded.lexicon.organizations == lexicon.organizations


def test_no_lexicon_stays_none(saved: Path) -> None:
    assert Matcher.load(saved).lexicon is None


def test_the_file_holds_no_pickle(saved: Path) -> None:
    with np.load(saved, allow_pickle=False) as file:
        assert all(file[name].dtype != object for name in file.files)


@pytest.mark.parametrize("kind", ["str", "path"])
def test_paths_are_strings_or_paths_and_kept_as_given(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "汇丰 matcher"  # no ending is added
    Matcher().fit(["HSBC"]).save(str(path) if kind == "str" else path)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    assert Matcher.load(str(path) if kind == "str" else path).references_.names == ["HSBC"]


# What is refused


def refused(path: Path, message: str | None = None) -> None:
    with pytest.raises(EntityMatchError, match=message) as caught:
        Matcher.load(path)
    assert path.name in str(caught.value)
    assert "\n" not in str(caught.value)


def arrays_of(path: Path) -> dict[str, np.ndarray]:
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def test_no_such_file(tmp_path: Path) -> None:
    refused(tmp_path / "missing.npz", "no file")
    refused(tmp_path, "no file")


@pytest.mark.parametrize(
    "content", [b"", b"name,id\nHSBC,1\n", b"\x80\x04\x95\x00", b"PK\x03\x04", b"PK\x05\x06" + bytes(18)]
)
def test_foreign_files(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "foreign").write_bytes(content)
    refused(tmp_path / "foreign")


def test_foreign_arrays(tmp_path: Path) -> None:
    np.save(tmp_path / "one.npy", np.arange(3))
    refused(tmp_path / "one.npy")
    np.savez(tmp_path / "other.npz", head=np.frombuffer(b'{"format": "something else"}', dtype=np.uint8))
    refused(tmp_path / "other.npz")
    np.savez(tmp_path / "objects.npz", head=np.array([{"format": 1}], dtype=object))
    refused(tmp_path / "objects.npz")


def test_another_version_is_named(saved: Path, tmp_path: Path) -> None:
    arrays = arrays_of(saved)
    head = json.loads(arrays["head"].tobytes())
    head["version"] = 99
    arrays["head"] = np.frombuffer(json.dumps(head).encode(), dtype=np.uint8)
    np.savez(tmp_path / "newer.npz", **arrays)
    refused(tmp_path / "newer.npz", "version 99")


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_short(saved: Path, tmp_path: Path, share: float) -> None:
    raw = saved.read_bytes()
    (tmp_path / "cut").write_bytes(raw[: int(share * len(raw))])
    refused(tmp_path / "cut")


@pytest.mark.parametrize("array", ["head", "references", "ids", "information", "data", "indices", "indptr"])
@pytest.mark.parametrize("damage", ["missing", "cut"])
def test_an_array_that_is_missing_or_too_short(saved: Path, tmp_path: Path, array: str, damage: str) -> None:
    arrays = arrays_of(saved)
    whole = arrays.pop(array)
    if damage == "cut":
        arrays[array] = whole[: len(whole) // 2]
    np.savez(tmp_path / "damaged.npz", **arrays)
    refused(tmp_path / "damaged.npz")


def test_a_head_without_an_entry(saved: Path, tmp_path: Path) -> None:
    arrays = arrays_of(saved)
    head = json.loads(arrays["head"].tobytes())
    for entry in head:
        less = {key: value for key, value in head.items() if key != entry}
        arrays["head"] = np.frombuffer(json.dumps(less).encode(), dtype=np.uint8)
        np.savez(tmp_path / "less.npz", **arrays)
        refused(tmp_path / "less.npz")


def test_any_flipped_bit_is_noticed_or_harmless(saved: Path, tmp_path: Path) -> None:
    """Zip keeps a checksum of every array; what it does not cover must not crash."""
    raw = saved.read_bytes()
    expected = answers(Matcher.load(saved))
    random_bits = random.Random(7)
    path = tmp_path / "flipped"
    places = [random_bits.randrange(len(raw)) for _ in range(40)] + [
        random_bits.randrange(len(raw) - 700, len(raw)) for _ in range(120)
    ]
    for place in places:
        flipped = bytearray(raw)
        flipped[place] ^= 1 << random_bits.randrange(8)
        path.write_bytes(bytes(flipped))
        try:
            loaded = Matcher.load(path)
        except EntityMatchError:
            continue
        pd.testing.assert_frame_equal(answers(loaded), expected, check_exact=True)


# Whole or not at all


def test_a_failure_while_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "matcher.npz"
    Matcher().fit(["HSBC"]).save(path)
    before = path.read_bytes()

    def break_off(stream: Any, **_: Any) -> None:
        stream.write(b"PK\x03\x04 half a file")
        raise OSError("no space left on device")

    monkeypatch.setattr(np, "savez", break_off)
    with pytest.raises(OSError, match="no space"):
        Matcher().fit(["Pfizer"]).save(path)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_saving_replaces_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "matcher.npz"
    for name in ("HSBC", "Pfizer"):
        Matcher().fit([name]).save(path)
    assert Matcher.load(path).references_.names == ["Pfizer"]
    assert list(tmp_path.iterdir()) == [path]
