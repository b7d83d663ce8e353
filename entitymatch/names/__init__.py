"""What a name is: its normal form and its parts."""

from entitymatch.names.alternatives import alternatives
from entitymatch.names.model import OrganizationName, Part, PartKind
from entitymatch.names.normalize import has_han, is_garbled, normalize
from entitymatch.names.parse import parse, script

__all__ = [
    "OrganizationName",
    "Part",
    "PartKind",
    "alternatives",
    "has_han",
    "is_garbled",
    "normalize",
    "parse",
    "script",
]
