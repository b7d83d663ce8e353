"""What the lexicon costs: ``python -m benchmarks.lexicon``.

CPU seconds of ``import pandas`` and of ``Lexicon.default()`` in one fresh process, several times over; what counts is
their ratio, which is the same on a slow machine and on a fast one. Bytes are those of the tables on disk.
"""

from __future__ import annotations

import subprocess
import sys
from statistics import median

from entitymatch.lexicon.shipped import FOLDER, tables
from entitymatch.lexicon.tables import data_root

RUNS = 5
_CODE = """
from time import process_time as now
start = now()
import pandas
imported = now()
from entitymatch.lexicon import Lexicon
ready = now()
lexicon = Lexicon.default()
loaded = now()
assert lexicon.organizations
print(imported - start, loaded - ready)
"""


def measure(runs: int = RUNS) -> list[tuple[float, float]]:
    """Return the CPU seconds of importing pandas and of loading the lexicon, for each run."""
    outputs = [
        subprocess.run([sys.executable, "-c", _CODE], capture_output=True, check=True, text=True).stdout
        for _ in range(runs)
    ]
    return [(float(pandas), float(lexicon)) for pandas, lexicon in map(str.split, outputs)]


def size() -> int:
    """Return the bytes of the tables of organisations."""
    return sum(len((data_root() / FOLDER / table).read_bytes()) for table in tables())


def main() -> None:
    """Print one line per figure."""
    runs = measure()
    print(f"import pandas      {median(pandas for pandas, _ in runs):8.3f} s CPU")
    print(f"Lexicon.default()  {median(lexicon for _, lexicon in runs):8.3f} s CPU")
    print(f"ratio              {median(lexicon / pandas for pandas, lexicon in runs):8.2f}")
    print(f"tables on disk     {size() / 1e6:8.2f} MB")


if __name__ == "__main__":
    main()
