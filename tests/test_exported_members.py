"""What ``import entitymatch`` offers, and that it costs next to nothing."""

import subprocess
import sys
from importlib.metadata import version

import pytest

import entitymatch

PUBLIC = ["EntityMatchError", "Explanation", "Lexicon", "Links", "Matcher", "OrganizationName", "__version__", "parse"]
HEAVY = ["jellyfish", "narwhals", "numpy", "pandas", "pyarrow", "pypinyin", "rapidfuzz", "rich", "scipy", "typer"]


def test_public_names() -> None:
    assert entitymatch.__all__ == PUBLIC
    for name in PUBLIC:
        assert getattr(entitymatch, name) is not None


def test_dir_shows_the_public_names() -> None:
    assert set(PUBLIC) <= set(dir(entitymatch))
    assert dir(entitymatch) == sorted(dir(entitymatch))


def test_public_names_are_those_of_their_modules() -> None:
    from entitymatch.errors import EntityMatchError
    from entitymatch.lexicon import Lexicon
    from entitymatch.links import Links
    from entitymatch.matcher import Matcher

    assert entitymatch.Matcher is Matcher
    assert entitymatch.Links is Links
    assert entitymatch.Lexicon is Lexicon
    assert entitymatch.EntityMatchError is EntityMatchError


def test_version_is_that_of_the_distribution() -> None:
    assert entitymatch.__version__ == version("entitymatch")


def test_other_names_are_attribute_errors() -> None:
    with pytest.raises(AttributeError, match="no attribute 'match_everything'"):
        _ = entitymatch.match_everything


def test_star_import_gives_the_public_names() -> None:
    names: dict[str, object] = {}
    exec("from entitymatch import *", names)  # the one way to test it
    assert set(PUBLIC) - {"__version__"} <= set(names)


@pytest.mark.parametrize(
    "statement", ["import entitymatch", "from entitymatch import EntityMatchError", "import entitymatch.lexicon.tables"]
)
def test_import_loads_nothing_heavy(statement: str) -> None:
    code = f"import sys; {statement}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert not set(HEAVY) & set(run.stdout.split())


@pytest.mark.parametrize(
    "module", ["blocking", "evaluation", "features", "lexicon", "names", "romanize", "scoring", "translate"]
)
def test_any_package_can_be_imported_first(module: str) -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", f"import entitymatch.{module}"], check=True)
