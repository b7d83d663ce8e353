"""What must be known: organisations and their aliases, and the tables of words that the other stages read."""

from entitymatch.lexicon.organizations import Alias, Lexicon, Organization
from entitymatch.lexicon.tables import read_table

__all__ = ["Alias", "Lexicon", "Organization", "read_table"]
