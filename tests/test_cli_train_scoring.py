"""`entitymatch train scoring`, and the model that it writes in `entitymatch match --scoring`."""

import json
from pathlib import Path

import pandas as pd
import pytest

from entitymatch import EntityMatchError
from entitymatch.scoring import default_scoring_model, read_model, write_model
from tests.test_cli_lexicon import run

KNOWN = {
    "汇丰银行": "HSBC", "辉瑞制药": "Pfizer", "西门子": "Siemens", "招商银行": "China Merchants Bank", "波音": "Boeing",
    "渣打银行": "Standard Chartered", "霍尼韦尔": "Honeywell", "清华大学": "Tsinghua University", "诺基亚": "Nokia",
    "重庆银行": "Bank of Chongqing", "北京大学": "Peking University", "欧莱雅": "L'Oréal", "空中客车": "Airbus",
    "比亚迪": "BYD", "华为技术": "Huawei", "中国石油": "PetroChina", "复旦大学": "Fudan University", "宝马": "BMW",
    "丰田汽车": "Toyota", "三星电子": "Samsung Electronics", "雀巢": "Nestlé", "联想集团": "Lenovo", "英特尔": "Intel",
    "微软": "Microsoft",
}  # fmt: skip
NOTHING = ["光明村餐饮", "第一中学", "浦东税务局", "王家村村委会", "宏达五金店", "向阳小学"]


@pytest.fixture
def pairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    rows = [*KNOWN.items(), *((text, "") for text in NOTHING)]
    pd.DataFrame(rows, columns=["query", "reference"]).to_csv("pairs.tsv", sep="\t", index=False)
    pd.DataFrame({"branch": list(KNOWN)}).to_csv("register.csv", index=False)
    pd.DataFrame({"name": list(KNOWN.values())}).to_csv("companies.csv", index=False)
    return tmp_path / "pairs.tsv"


def test_a_model_is_trained_and_used(pairs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "train", "scoring", pairs, "-o", "model.json", "--precision", "0.8", "--json")
    assert code == 0, err
    figures = json.loads(out)
    assert figures["strings"] == len(KNOWN) + len(NOTHING)
    model = read_model("model.json")
    assert round(model.link_threshold, 4) == figures["link_threshold"]
    code, _, err = run(capsys, "match", "register.csv", "companies.csv", "--scoring", "model.json", "-o", "links.csv")
    assert code == 0, err
    plain = run(capsys, "match", "register.csv", "companies.csv", "-o", "plain.csv")
    assert plain[0] == 0
    links, default = pd.read_csv("links.csv"), pd.read_csv("plain.csv")
    assert (links["score"].to_numpy()[:5] != default["score"].to_numpy()[:5]).any()


def test_one_to_one_links_no_organisation_twice(pairs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("twice.csv").write_text("branch\n清华大学\nTsinghua University\n", encoding="utf-8")
    code, _, err = run(capsys, "match", "twice.csv", "companies.csv", "--prior", "0.5", "--one-to-one", "-o", "l.csv")
    assert code == 0, err
    assert (pd.read_csv("l.csv")["decision"] == "link").sum() <= 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.tsv", "-o", "m.json"], "none.tsv"),
        (["pairs.tsv", "-o", "pairs.tsv"], "ends in .json"),
        (["pairs.tsv", "-o", "nowhere/m.json"], "there is no folder nowhere"),
        (["pairs.tsv", "-o", "m.json", "--query-column", "zh"], "'zh'"),
        (["pairs.tsv", "-o", "m.json", "--query-column", "reference"], "both column 'reference'"),
        (["register.csv", "-o", "m.json", "--query-column", "branch"], "--reference-column"),
    ],
)
def test_mistakes_are_told_and_nothing_is_written(
    pairs: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    code, _, err = run(capsys, "train", "scoring", *arguments)
    assert code == 2
    assert message in err
    assert not Path("m.json").exists()


def test_a_model_file_comes_back_as_it_was(tmp_path: Path) -> None:
    write_model(default_scoring_model(), tmp_path / "model.json")
    assert read_model(tmp_path / "model.json") == default_scoring_model()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "no file"),
        ("zh\ten\n", "no scoring model"),
        ("[1]", "no scoring model"),
        ("{}", "no scoring model"),
        ('{"weights": {"magic": 1.0}}', "cannot be used: .*differ in .*magic"),
    ],
)
def test_a_file_that_is_no_model(tmp_path: Path, text: str | None, message: str) -> None:
    if text is not None:
        (tmp_path / "model.json").write_text(text, encoding="utf-8")
    with pytest.raises(EntityMatchError, match=message):
        read_model(tmp_path / "model.json")
