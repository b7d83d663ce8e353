"""What must be known: organisations and their aliases, and the tables of words that the other stages read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from entitymatch.lexicon.tables import read_table

if TYPE_CHECKING:
    from entitymatch.lexicon.organizations import Alias as Alias
    from entitymatch.lexicon.organizations import Lexicon as Lexicon
    from entitymatch.lexicon.organizations import Organization as Organization

__all__ = ["Alias", "Lexicon", "Organization", "read_table"]


def __getattr__(name: str) -> Any:
    """Import the organisations when they are asked for: their names are read by `names`, which reads our tables."""
    if name in __all__:
        from entitymatch.lexicon import organizations

        return getattr(organizations, name)
    raise AttributeError(f"module 'entitymatch.lexicon' has no attribute {name!r}")
