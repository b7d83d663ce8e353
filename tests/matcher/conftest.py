"""The matcher of that list, and all that it says of that register."""

import pandas as pd
import pytest

from entitymatch import Matcher
from entitymatch.matcher import CANDIDATES
from tests.matcher.register import REFERENCES, REGISTER


@pytest.fixture(scope="session")
def matcher() -> Matcher:
    return Matcher(prior=0.5).fit(REFERENCES)


@pytest.fixture(scope="session")
def everything(matcher: Matcher) -> pd.DataFrame:
    """All candidates of all strings of the register."""
    return matcher.match(REGISTER, threshold=0.0, top_k=CANDIDATES).to_pandas()
