"""What pytest leaves out where an extra is not installed, and how few examples of each property a fast run tries."""

from importlib.util import find_spec

from hypothesis import settings

collect_ignore = [] if find_spec("recordlinkage") else ["entitymatch/integrations/recordlinkage"]
settings.register_profile("fast", max_examples=10)
