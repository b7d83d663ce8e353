from benchmarks.names import against_pypinyin, branches, main


def test_branches_are_different_strings_of_the_register():
    names = branches(1500)
    assert len(set(names)) == 1500
    assert "中共汇丰银行（中国）有限公司委员会" in names


def test_names_are_read_as_fast_as_pypinyin_reads_them():
    timed = dict(against_pypinyin(branches(2000), rounds=2))
    assert list(timed) == ["parse", "syllables", "parse and syllables", "pypinyin.lazy_pinyin"]
    assert timed["parse and syllables"] < 1.5 * timed["pypinyin.lazy_pinyin"]


def test_the_tables_are_printed(capsys):
    main(["--size", "1000", "--rounds", "1"])
    out = capsys.readouterr().out
    assert "| parse and syllables |" in out
    assert "1,000 different strings" in out
