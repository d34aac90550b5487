"""Draws one page of a PDF as a PNG with a place on it marked, as a process of its own: `python -m appliance.web.draw`.

The process bounds its memory and time before it looks at the file, writes the picture to its standard output, or else
one line that says why there is none.
"""

import os
import resource
import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from corpora.ingest.page import Box

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTH = 1400
"""Pixels of a page's width: letters stay sharp when a phone shows it twice enlarged."""
PIXELS = 4_000_000
"""Most pixels of a picture, however long the page is."""
MEMORY_BYTES = 1 << 30
"""Address space of the process."""
SECONDS = 8
"""Processor time of the process."""
ABSENT, UNREADABLE = 3, 4
"""Status of the process when the document has no such page, or cannot be drawn."""
TINT = (255, 214, 10)
EDGE = (200, 30, 15)
AROUND = 3.0
"""Points that the mark stands off from the text."""


class NoPageError(Exception):
    """The document has no page of that number."""


def draw(path: Path, number: int, mark: Box | None) -> bytes:
    """Give a page as a PNG.

    Args:
        path: A PDF.
        number: Of the page, from 1.
        mark: Where the passage stands, in points as `Passage.box` gives it.

    Raises:
        NoPageError: There is no such page.
        pypdfium2.PdfiumError: The file is damaged or locked.
    """
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    if not 1 <= number <= len(document):
        raise NoPageError(f"the document has {len(document)} pages")
    page = document[number - 1]
    width, height = page.get_size()
    scale = fitting(width, height)
    image = page.render(scale=scale, draw_annots=True).to_pil().convert("RGB")
    if mark is not None:
        image = marked(image, mark, scale)
    file = BytesIO()
    image.save(file, "PNG", compress_level=3)
    return file.getvalue()


def fitting(width: float, height: float) -> float:
    """Give pixels per point for a page of that size in points.

    >>> fitting(700, 700), fitting(4000, 1000)
    (2.0, 0.35)
    """
    scale = WIDTH / max(width, 1.0)
    return float(min(scale, (PIXELS / max(width * height, 1.0)) ** 0.5))


def marked(image: "Image", mark: Box, scale: float) -> "Image":
    """Tint a place as a marker pen does, so that its letters stay black, and draw a line around it."""
    from PIL import Image, ImageChops, ImageDraw

    left, top, right, bottom = mark
    corners = [(left - AROUND) * scale, (top - AROUND) * scale, (right + AROUND) * scale, (bottom + AROUND) * scale]
    width, height = image.size
    x0, x1 = (min(max(corners[side], 0), width - 1) for side in (0, 2))
    y0, y1 = (min(max(corners[side], 0), height - 1) for side in (1, 3))
    if x1 <= x0 or y1 <= y0:
        return image
    layer = Image.new("RGB", image.size, (255, 255, 255))
    ImageDraw.Draw(layer).rectangle((x0, y0, x1, y1), fill=TINT)
    made = ImageChops.multiply(image, layer)
    ImageDraw.Draw(made).rectangle((x0, y0, x1, y1), outline=EDGE, width=max(2, round(scale * 1.5)))
    return made


def bind() -> None:
    """Bound this process."""
    bounds = {
        resource.RLIMIT_AS: MEMORY_BYTES, resource.RLIMIT_CPU: SECONDS, resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }  # fmt: skip
    for kind, most in bounds.items():
        _, hard = resource.getrlimit(kind)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (allowed, allowed))


def main(arguments: list[str]) -> int:
    """Draw as the child: path, number of the page, and perhaps the four sides of the mark."""
    bind()
    path, number, *sides = arguments
    left, top, right, bottom = map(float, sides) if sides else (0.0, 0.0, 0.0, 0.0)
    try:
        picture = draw(Path(path), int(number), (left, top, right, bottom) if sides else None)
    except NoPageError as error:
        return told(error, ABSENT)
    except Exception as error:  # noqa: BLE001 - the outermost loop: whatever a file breaks is the file's fault
        return told(error, UNREADABLE)
    sys.stdout.buffer.write(picture)
    sys.stdout.buffer.flush()
    return 0


def told(error: Exception, status: int) -> int:
    """Say why there is no picture."""
    sys.stdout.write(str(error)[:300] or type(error).__name__)
    sys.stdout.flush()
    return status


if __name__ == "__main__":
    # Nothing that is left here is worth the time, or the crash, of taking it apart.
    os._exit(main(sys.argv[1:]))
