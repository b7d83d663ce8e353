"""Match Chinese and English organisation names.

A register of Chinese branch and employer strings is matched with a list of named organisations; scored candidate links
come back, with evidence::

    from entitymatch import Matcher

    links = Matcher().fit(companies, name="name", id="id").match(register, name="branch", id="row")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from entitymatch.errors import EntityMatchError as EntityMatchError
    from entitymatch.explanation import Explanation as Explanation
    from entitymatch.lexicon import Lexicon as Lexicon
    from entitymatch.links import Links as Links
    from entitymatch.matcher import Matcher as Matcher
    from entitymatch.names import OrganizationName as OrganizationName
    from entitymatch.names import parse as parse

_HOMES = {
    "EntityMatchError": "entitymatch.errors",
    "Explanation": "entitymatch.explanation",
    "Lexicon": "entitymatch.lexicon",
    "Links": "entitymatch.links",
    "Matcher": "entitymatch.matcher",
    "OrganizationName": "entitymatch.names",
    "parse": "entitymatch.names",
}
__all__ = ["EntityMatchError", "Explanation", "Lexicon", "Links", "Matcher", "OrganizationName", "__version__", "parse"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that ``import entitymatch`` costs little."""
    if name == "__version__":
        from importlib.metadata import version

        return version("entitymatch")
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'entitymatch' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
