from pathlib import Path
from xml.etree import ElementTree

from entitymatch.romanize import Alignment, Transliteration
from entitymatch.romanize.diagram import alignment_svg, alignment_text

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "alignment.svg"


def test_the_picture_in_the_documentation_is_that_of_the_model() -> None:
    model = Transliteration.load_default()
    title = f"score {model.score('霍尼韦尔', 'Honeywell'):.0f} bits"
    assert PICTURE.read_text(encoding="utf-8") == alignment_svg(model.align("霍尼韦尔", "Honeywell"), title)


def test_pictures_are_well_formed_and_show_every_pair() -> None:
    alignment = Alignment((("霍", "ho"), ("尔", ""), ("<", "&")))
    shown = [
        element.text for element in ElementTree.fromstring(alignment_svg(alignment, "a < b")).iter() if element.text
    ]
    assert [text for text in shown if text.strip()] == ["霍", "ho", "尔", "∅", "<", "&", "a < b"]
    assert ElementTree.fromstring(alignment_svg(Alignment(()))) is not None
    assert alignment_text(alignment).splitlines()[2].split() == ["ho", "∅", "&"]
