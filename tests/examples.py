"""How many examples a property is tried on: with ``pytest --hypothesis-profile=fast`` (conftest.py) a tenth of them."""

from hypothesis import settings


def examples(number: int) -> int:
    """Return so many, in proportion to the profile that is loaded."""
    return max(10, number * settings.default.max_examples // 100)
