"""Letters of a PDF's page as PDFium has them: what they say, where they stand, how they are set."""

import ctypes
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpora.ingest.page import Box

if TYPE_CHECKING:
    import pypdfium2

_BOLD = re.compile(
    r"bold|black|heavy|demi|(?:-|pro|std|mt)bd|semibd|bd(?:it)?$|^(?:[A-Z]{6}\+)?(?:CM|SF|EC|LM)BX", re.IGNORECASE
)
_ITALIC = re.compile(r"italic|oblique|-ita?$|^(?:[A-Z]{6}\+)?(?:CM|SF|EC|LM)TI", re.IGNORECASE)
_MONO = re.compile(r"courier|mono|consol|lettergothic|^(?:[A-Z]{6}\+)?(?:CM|SF|EC|LM)TT", re.IGNORECASE)
_SIGNS = re.compile(r"dingbats|wingding|webding|marlett", re.IGNORECASE)
_BLANKS = frozenset({0x7F, 0xA0, 0x3000, *range(0x2000, 0x200C)})


@dataclass(frozen=True, slots=True)
class Style:
    """How a word is set."""

    size: float
    """Height of the font in points, as displayed."""
    bold: bool = False
    italic: bool = False
    mono: bool = False
    signs: bool = False
    """The font has pictures for letters: bullets, boxes to tick."""
    turn: int | None = 0
    """Quarter turns clockwise that make it upright on the page as it is stored; None when it stands aslant."""


class Letters:
    """PDFium's letters of a page; keeps the buffers and font names that every call needs.

    Nearly all the time that reading takes is spent in these calls, so each is made once per letter or per word.
    """

    def __init__(self, textpage: "pypdfium2.PdfTextPage") -> None:
        import pypdfium2.raw

        self._raw = pypdfium2.raw
        self._page = textpage.raw
        self.count: int = textpage.count_chars()
        self._loose = self._raw.FS_RECTF()
        self._numbers = [ctypes.c_double() for _ in range(4)]
        self._matrix = self._raw.FS_MATRIX()
        self._flags = ctypes.c_int()
        self._name = ctypes.create_string_buffer(128)
        self._fonts: dict[bytes, tuple[bool, bool, bool, bool]] = {}
        self._unicode = self._raw.FPDFText_GetUnicode
        self._loose_box = self._raw.FPDFText_GetLooseCharBox

    def letter(self, index: int) -> str:
        """Give a letter; empty for a blank."""
        code = self._unicode(self._page, index)
        if code <= 32:
            return "\x02" if code == 2 else ""
        if code < 127:
            return chr(code)
        if code in _BLANKS:
            return ""
        return "\ufffd" if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else chr(code)

    def box(self, index: int, turn: int | None) -> Box:
        """Give what a letter takes of its line, and of others what it reaches: left, bottom, right, top."""
        loose = self._loose
        if turn == 0 and self._loose_box(self._page, index, loose):
            left, right = loose.left, loose.right
            return (left, loose.bottom, right, loose.top) if left <= right else (right, loose.bottom, left, loose.top)
        one, two, three, four = self._numbers
        self._raw.FPDFText_GetCharBox(self._page, index, one, two, three, four)
        return one.value, three.value, two.value, four.value

    def origin(self, index: int) -> tuple[float, float]:
        """Give where a letter begins on the baseline."""
        x, y = self._numbers[:2]
        self._raw.FPDFText_GetCharOrigin(self._page, index, x, y)
        return x.value, y.value

    def style(self, index: int) -> Style:
        """Say how a letter is set."""
        raw = self._raw
        raw.FPDFText_GetMatrix(self._page, index, self._matrix)
        a, b, c, d = self._matrix.a, self._matrix.b, self._matrix.c, self._matrix.d
        size = raw.FPDFText_GetFontSize(self._page, index) * math.hypot(c, d)
        if not math.isfinite(size) or not math.isfinite(a) or not math.isfinite(b):
            return Style(1.0, turn=None)
        return Style(round(min(max(abs(size), 0.5), 2000.0), 1), *self._font(index), _quarter(a, b))

    def _font(self, index: int) -> tuple[bool, bool, bool, bool]:
        self._raw.FPDFText_GetFontInfo(self._page, index, self._name, 128, self._flags)
        known = self._fonts.get(self._name.value)
        if known is None:
            name, flags = self._name.value.decode("utf-8", "replace"), self._flags.value
            known = (
                _BOLD.search(name) is not None or bool(flags >> 18 & 1),
                _ITALIC.search(name) is not None,
                _MONO.search(name) is not None or bool(flags & 1),
                _SIGNS.search(name) is not None,
            )
            self._fonts[self._name.value] = known
        return known


def _quarter(a: float, b: float) -> int | None:
    """Give the quarter turns that make a baseline along (a, b) run to the right; None when it runs aslant."""
    angle = math.degrees(math.atan2(b, a)) / 90
    nearest = round(angle)
    return nearest % 4 if abs(angle - nearest) < 0.06 else None
