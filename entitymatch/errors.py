"""The one error that means "the caller can mend this".

A wrong column name, a list of numbers or an unreadable file are mistakes of whoever calls, not faults of the library.
They all raise `EntityMatchError`, whose message names the value, what was expected and what to do; the command line
prints that message as one line and exits with code 2, while any other exception is a bug and keeps its traceback.
"""

from __future__ import annotations


class EntityMatchError(ValueError):
    """A mistake in what was given: the message is one line that says how to mend it.

    Example:
        >>> issubclass(EntityMatchError, ValueError)
        True
    """
