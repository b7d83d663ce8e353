"""The Python of the documentation runs, and says what the text says."""

import re
from pathlib import Path

import pandas as pd
import pytest

DOCS = Path(__file__).parent.parent / "docs"


def code_of(page: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)


def run(page: str) -> None:
    for code in code_of(page):
        exec(compile(code, page, "exec"), {})


def test_blocking(capsys: pytest.CaptureFixture[str]) -> None:
    run("blocking.md")
    assert capsys.readouterr().out == "['General Widget Company of Yonder']\n"


def test_evaluation(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    read = pd.read_csv
    truth = set(read(DOCS.parent / "examples/truth.csv")["branch"])

    def read_some(path: str) -> pd.DataFrame:
        """Leave most strings that match nothing out: they cost time and are as good as the others."""
        table = read(DOCS.parent / path)
        return table[table["branch"].isin(truth)] if "register" in path else table

    monkeypatch.setattr(pd, "read_csv", read_some)
    run("evaluation.md")
    shown = capsys.readouterr().out
    assert "hit@1 0." in shown
    assert "DecisionQuality(links=" in shown


def test_training(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DOCS.parent)
    [code] = [c for c in code_of("training.md") if "fit_unlabelled" in c]
    exec(compile(code, "training.md", "exec"), {})
    assert "bits a string: 0." in capsys.readouterr().out


def test_scores(capsys: pytest.CaptureFixture[str]) -> None:
    run("scores.md")
    assert capsys.readouterr().out.endswith("汇丰银行 = 匯豐銀行\n")
