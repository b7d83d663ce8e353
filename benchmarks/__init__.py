"""Benchmarks of entitymatch: a made-up register with a planted truth, and strategies compared on it."""
