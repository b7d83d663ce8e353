from benchmarks.names import KINDS, LINEAR, against_pypinyin, branches, growth, main


def test_every_kind_is_parsed_in_linear_time():
    slow = []
    for kind, unit in KINDS.items():
        measured = min((growth(kind, unit, 2_000, 20_000) for _ in range(2)), key=lambda growth: growth.ratio)
        if measured.ratio > 1.5 * LINEAR:  # short strings are timed coarsely; a square law would give 100
            slow.append(measured)
    assert not slow


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
