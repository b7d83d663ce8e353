"""A fitted matcher in one file."""
