"""What one process has worked out, another takes over as it is."""

import subprocess
import sys
from pathlib import Path

import numpy as np

from entitymatch.romanize import Transliteration, sound_keys_han
from entitymatch.romanize.shared import adopt, share

OTHER_PROCESS = """
import sys
from pathlib import Path
import numpy as np
from entitymatch.romanize import Transliteration, sound_keys_han
from entitymatch.romanize.shared import adopt
assert adopt(Path(sys.argv[1]))
table = Transliteration.load_default().channel.table
assert isinstance(table.base, np.memmap)
print(float(table.sum(dtype=float)), sound_keys_han("霍尼韦尔"))
"""


def test_another_process_has_the_same_sounds(tmp_path: Path) -> None:
    share(tmp_path)
    table = Transliteration.load_default().channel.table
    found = subprocess.run(
        [sys.executable, "-c", OTHER_PROCESS, str(tmp_path)], capture_output=True, check=True, encoding="utf-8"
    )
    assert found.stdout.strip() == f"{float(table.sum(dtype=np.float64))} {sound_keys_han('霍尼韦尔')}"


def test_nothing_there_is_no_error(tmp_path: Path) -> None:
    assert not adopt(tmp_path)
