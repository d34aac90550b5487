"""Text of a scanned page, guessed from its picture by Tesseract where that is installed."""

import shutil
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from corpora.errors import IngestError
from corpora.ingest.blocks import tidy
from corpora.ingest.page import Block, Box

if TYPE_CHECKING:
    from PIL.Image import Image

DOTS_PER_INCH = 300
SECONDS = 50
"""Longest for one page; the worker gives a page 60."""
SUREST = 30
"""Words of which Tesseract is less sure, of 100, are specks."""


def available() -> bool:
    """Say whether Tesseract is installed."""
    return shutil.which("tesseract") is not None


def blocks(picture: "Image", scale: float, languages: str = "eng") -> list[Block]:
    """Read a picture of a page.

    Args:
        picture: The page as displayed.
        scale: Points per dot.
        languages: Tesseract's names joined by "+"; one that is not installed is an error.

    Returns:
        A paragraph for each that Tesseract sees, with its box in points.

    Raises:
        IngestError: Tesseract fails or takes too long.
    """
    import pytesseract

    try:
        found = pytesseract.image_to_data(
            picture, lang=languages, timeout=SECONDS, output_type=pytesseract.Output.DICT
        )  # fmt: skip
    except (pytesseract.TesseractError, RuntimeError, OSError) as error:
        raise IngestError(f"recognising a scanned page failed: {error}; see `tesseract --list-langs`") from error
    return _paragraphs(found, scale)


def _paragraphs(found: Mapping[str, Sequence[str | int | float]], scale: float) -> list[Block]:
    """Bring Tesseract's words together by block and paragraph."""
    held: dict[tuple[str | int | float, ...], list[tuple[str, Box]]] = {}
    for place, word in enumerate(found["text"]):
        if not str(word).strip() or float(found["conf"][place]) < SUREST:
            continue
        left, top, width, height = (float(found[name][place]) * scale for name in ("left", "top", "width", "height"))
        key = found["block_num"][place], found["par_num"][place]
        held.setdefault(key, []).append((str(word), (left, top, left + width, top + height)))
    return [
        Block("paragraph", tidy(" ".join(word for word, _ in words)), box=_around(words)) for words in held.values()
    ]


def _around(words: Sequence[tuple[str, Box]]) -> Box:
    lefts, tops, rights, bottoms = zip(*(box for _, box in words), strict=True)
    return round(min(lefts), 2), round(min(tops), 2), round(max(rights), 2), round(max(bottoms), 2)
