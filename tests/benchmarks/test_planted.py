import pandas as pd
import pytest

from benchmarks.planted import check, decoys_linked, main, to_markdown

TRUTH = pd.DataFrame(
    [
        ("h", "HSBC", "汇丰银行党支部", 3, "known"),
        ("h", "HSBC", "汇丰银行工会", 2, "known"),
        ("w", "WIKA", "威卡仪表工会", 1, "unlisted"),
        ("", "HSBC", "上海汇丰纸业有限公司", 4, "decoy"),
    ],
    columns=["id", "company", "branch", "rows", "flag"],
)


def links(*lines):
    return pd.DataFrame(lines, columns=["query", "reference_id", "reference", "decision", "rows"])


def test_found_missed_and_false_are_counted_in_strings_and_rows():
    table = links(
        ("汇丰银行党支部", "h", "HSBC", "link", 3),
        ("汇丰银行工会", "h", "HSBC", "possible_link", 2),
        ("上海汇丰纸业有限公司", "h", "HSBC", "link", 4),
        ("某某小学", "s", "Sony", "link", 7),
    )
    hsbc, wika, sony = check(table, TRUTH)
    assert (hsbc.strings, hsbc.strings_found, hsbc.rows, hsbc.rows_found) == (2, 1, 5, 3)
    assert (hsbc.false_strings, hsbc.false_rows, hsbc.exact) == (1, 4, False)
    assert (wika.flag, wika.rows, wika.rows_found, wika.exact) == ("unlisted", 1, 0, False)
    assert (sony.flag, sony.rows, sony.false_strings, sony.false_rows) == ("absent", 0, 1, 7)
    assert decoys_linked(table, TRUTH) == ["上海汇丰纸业有限公司"]


def test_all_found_is_exact():
    table = links(("汇丰银行党支部", "h", "HSBC", "link", 3), ("汇丰银行工会", "h", "HSBC", "link", 2))
    assert check(table, TRUTH)[0].exact
    assert decoys_linked(table, TRUTH) == []


def test_a_row_too_few_is_not_exact():
    table = links(("汇丰银行党支部", "h", "HSBC", "link", 2), ("汇丰银行工会", "h", "HSBC", "link", 2))
    assert not check(table, TRUTH)[0].exact


def test_a_string_linked_to_another_planted_organisation_is_missed_there_and_false_here():
    hsbc, wika = check(links(("威卡仪表工会", "h", "HSBC", "link", 1)), TRUTH)
    assert (hsbc.false_strings, wika.strings_found) == (1, 0)


def test_command_line_prints_the_table(tmp_path, capsys):
    table = links(("汇丰银行党支部", "h", "HSBC", "link", 3), ("上海汇丰纸业有限公司", "h", "HSBC", "link", 4))
    table.to_csv(tmp_path / "links.csv", index=False)
    TRUTH.to_csv(tmp_path / "truth.csv", index=False)
    main([str(tmp_path / "links.csv"), str(tmp_path / "truth.csv")])
    out = capsys.readouterr().out
    assert "| HSBC | known | 1 of 2 | 3 of 5 | 1 | 4 |" in out
    assert "1 of 1 decoys linked\n  上海汇丰纸业有限公司" in out


@pytest.mark.parametrize("flag", ["known", "unlisted"])
def test_markdown_names_every_total(flag):
    totals = [total for total in check(links(), TRUTH) if total.flag == flag]
    assert to_markdown(totals).count("\n") == 1 + len(totals) == 2
