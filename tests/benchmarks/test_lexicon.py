from benchmarks.lexicon import measure, size


def test_the_lexicon_loads_in_a_third_of_the_time_of_pandas():
    """The best of three: what else the machine does only adds to either."""
    assert min(lexicon / pandas for pandas, lexicon in measure(3)) <= 0.35


def test_the_tables_are_at_most_two_and_a_half_megabytes():
    assert size() <= 2_500_000
