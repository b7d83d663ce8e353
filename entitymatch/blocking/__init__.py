"""Which references are worth comparing with a name: one sparse feature space for both scripts."""

from entitymatch.blocking.background import Background, default_background
from entitymatch.blocking.index import BlockingIndex

__all__ = ["Background", "BlockingIndex", "default_background"]
