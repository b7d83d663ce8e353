"""Which references are worth comparing with a name: one sparse feature space for both scripts."""

from entitymatch.blocking.background import Background, default_background
from entitymatch.blocking.blocker import Blocker, KeyBlocker, check_blockers
from entitymatch.blocking.blockers import default_blockers
from entitymatch.blocking.index import BlockingIndex

__all__ = [
    "Background",
    "Blocker",
    "BlockingIndex",
    "KeyBlocker",
    "check_blockers",
    "default_background",
    "default_blockers",
]
