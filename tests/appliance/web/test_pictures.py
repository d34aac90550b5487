"""Pages as pictures: the right page, the mark on the right place, hostile files bounded."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from appliance.web.draw import PIXELS, WIDTH, fitting
from appliance.web.errors import Refusal
from appliance.web.pictures import Pictures
from tests.fakes.manual import MARK, manual


def opened(png: bytes) -> Image.Image:
    """Decode a picture."""
    return Image.open(BytesIO(png)).convert("RGB")


def test_the_mark_lies_on_the_passage_and_leaves_it_readable(tmp_path: Path) -> None:
    """Inside it is tinted and its letters stay dark; outside nothing changes."""
    path, pictures = manual(tmp_path / "m.pdf"), Pictures()
    plain, marked = opened(pictures.png(path, 1, None)), opened(pictures.png(path, 1, MARK))
    scale = plain.width / 612

    assert plain.width == WIDTH
    assert plain.size == marked.size
    assert marked.getpixel((round(290 * scale), round(80 * scale))) == (255, 214, 10)
    assert marked.getpixel((round(290 * scale), round(200 * scale))) == (255, 255, 255)
    inside = marked.crop(tuple(round(side * scale) for side in MARK))  # type: ignore[arg-type]
    assert min(inside.convert("L").tobytes()) < 60


def test_a_picture_is_drawn_once_and_kept_within_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second asking starts no process; what is not asked for longest goes first; a changed file is drawn anew."""
    path, pictures = manual(tmp_path / "m.pdf"), Pictures()
    first = pictures.png(path, 1, None)
    with monkeypatch.context() as patched:
        patched.setattr(pictures, "drawn", None)
        assert pictures.png(path, 1, None) == first
    pictures.kept_bytes = len(first) * 3 // 2
    pictures.png(path, 2, None)

    assert [key[3] for key in pictures.kept] == [2]


@pytest.mark.parametrize("number", [0, 3, 10**9])
def test_a_page_that_is_not_there_is_a_404(tmp_path: Path, number: int) -> None:
    """The caller learns how many there are."""
    with pytest.raises(Refusal, match="2 pages") as caught:
        Pictures().png(manual(tmp_path / "m.pdf"), number, None)
    assert caught.value.status == 404


def test_what_cannot_be_drawn_is_said(tmp_path: Path) -> None:
    """Garbage, a missing file and one that takes too long."""
    broken = tmp_path / "b.pdf"
    broken.write_bytes(b"%PDF-1.7 nothing")
    for pictures, path, status in (
        (Pictures(), broken, 422),
        (Pictures(), tmp_path / "gone.pdf", 404),
        (Pictures(seconds=0.001), manual(tmp_path / "m.pdf"), 422),
    ):
        with pytest.raises(Refusal) as caught:
            pictures.png(path, 1, None)
        assert caught.value.status == status


def test_a_vast_page_becomes_no_vast_picture(tmp_path: Path) -> None:
    """A plan of 5 by 200 metres is drawn small."""
    image = opened(Pictures().png(manual(tmp_path / "m.pdf", 1, (14_400.0, 14_400.0)), 1, MARK))

    assert image.width * image.height <= PIXELS
    assert (fitting(100, 1e6) ** 2) * 100 * 1e6 <= PIXELS * 1.001
