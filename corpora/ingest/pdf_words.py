"""Words of a PDF's page with their places, read letter by letter through PDFium, turned so that most are upright.

A frame is the page seen with its lines running from left to right, its origin at its top left corner, in points. A page
that is laid out sideways is turned before anything else looks at it; `Frame.shown` turns boxes back.

Decisions:
    A word's height is its font's size about the baseline, not what its letters reach, so that rows of words compare.
    Text at other than a quarter turn is a watermark and is not read.
"""

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from corpora.errors import IngestError
from corpora.ingest.page import Box

if TYPE_CHECKING:
    import pypdfium2

MOST_LETTERS = 200_000
"""Letters on one page; a dense sheet of figures has 20,000."""
ABOVE, BELOW = 0.75, 0.22
"""How far letters reach above and below the baseline, in font sizes."""
HYPHENS = frozenset({"\x02", "\ufffe", "\u00ad"})
"""What PDFium gives for a hyphen at a line's end, and a soft hyphen."""
TAB_GAP = 0.55
"""Blank that parts words without a space character, in font sizes; narrower ones are letter spacing."""


_BOLD = re.compile(
    r"bold|black|heavy|demi|(?:-|pro|std|mt)bd|semibd|bd(?:it)?$|^(?:[A-Z]{6}\+)?(?:CM|SF|EC|LM)BX", re.IGNORECASE
)
_ITALIC = re.compile(r"italic|oblique|-ita?$|^(?:[A-Z]{6}\+)?(?:CM|SF|EC|LM)TI", re.IGNORECASE)
_MONO = re.compile(r"courier|mono|consol|lettergothic|^(?:[A-Z]{6}\+)?(?:CM|SF|EC|LM)TT", re.IGNORECASE)
_SIGNS = re.compile(r"dingbats|wingding|webding|marlett", re.IGNORECASE)


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


@dataclass(frozen=True, slots=True)
class Word:
    """Letters without a blank between them."""

    text: str
    left: float
    right: float
    base: float
    """Where its baseline lies, from the top."""
    style: Style
    glued: bool = False
    """It follows the one before without a blank: raised, lowered or in another font."""
    tall: Box | None = None
    """Its box when it is not upright in the frame."""

    @property
    def box(self) -> Box:
        """Left, top, right, bottom."""
        size = self.style.size
        return self.tall or (self.left, self.base - ABOVE * size, self.right, self.base + BELOW * size)


@dataclass(frozen=True, slots=True)
class Frame:
    """The page as it is read, against the page as it is stored and displayed."""

    box: Box
    """The page's own box: left, bottom, right, top in PDF coordinates."""
    turn: int
    """Quarter turns clockwise from the stored page to this frame."""
    shown_turn: int
    """Quarter turns clockwise from the stored page to the displayed one."""

    @property
    def stored_size(self) -> tuple[float, float]:
        """Width and height before any turn."""
        left, bottom, right, top = self.box
        return right - left, top - bottom

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the frame."""
        return _turned_size(self.stored_size, self.turn)

    @property
    def shown_size(self) -> tuple[float, float]:
        """Width and height as displayed."""
        return _turned_size(self.stored_size, self.shown_turn)

    def place(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Give a box in PDF coordinates as it lies in the frame."""
        stored = left - self.box[0], self.box[3] - top, right - self.box[0], self.box[3] - bottom
        return turned(stored, self.stored_size, self.turn)

    def shown(self, box: Box) -> Box:
        """Give a box of the frame as it lies on the displayed page, to a hundredth of a point."""
        found = turned(box, self.size, self.shown_turn - self.turn)
        return round(found[0], 2), round(found[1], 2), round(found[2], 2), round(found[3], 2)


def turned(box: Box, size: tuple[float, float], quarters: int) -> Box:
    """Turn a box clockwise with its page.

    >>> turned((0, 0, 10, 20), (100, 200), 1)
    (180, 0, 200, 10)
    """
    left, top, right, bottom = box
    width, height = size
    for _ in range(quarters % 4):
        left, top, right, bottom = height - bottom, left, height - top, right
        width, height = height, width
    return left, top, right, bottom


def _turned_size(size: tuple[float, float], quarters: int) -> tuple[float, float]:
    return (size[1], size[0]) if quarters % 2 else size


@dataclass(frozen=True, slots=True)
class _Letter:
    text: str
    box: tuple[float, float, float, float]
    """Left, bottom, right, top in PDF coordinates."""
    origin: tuple[float, float]
    """Where it begins on the baseline."""


@dataclass(slots=True)
class _Run:
    """Letters of one word as they come."""

    style: Style
    glued: bool
    letters: list[_Letter] = field(default_factory=list)


def frame_and_words(page: "pypdfium2.PdfPage") -> tuple[Frame, list[Word], int]:
    """Read a page's words.

    Returns:
        The frame in which most of its text is upright, the words placed in it in the order in which the file gives
        them, and how many letters there are.

    Raises:
        IngestError: There are more letters than a page can hold.
    """
    textpage = page.get_textpage()
    try:
        runs = list(_runs(textpage))
    finally:
        textpage.close()
    turns: Counter[int] = Counter()
    for run in runs:
        if run.style.turn is not None:
            turns[run.style.turn] += len(run.letters)
    left, bottom, right, top = page.get_bbox()
    shown_turn = page.get_rotation() // 90
    turn = turns.most_common(1)[0][0] if turns else shown_turn
    frame = Frame((left, bottom, right, top), turn, shown_turn)
    words = [word for run in runs if run.style.turn is not None for word in _words(run, frame)]
    return frame, _once(words), sum(turns.values())


def _once(words: Sequence[Word]) -> list[Word]:
    """Drop words that are printed over themselves."""
    places: dict[str, list[Word]] = {}
    kept: list[Word] = []
    for word in words:
        same = places.setdefault(word.text, [])
        if not any(abs(other.left - word.left) < 1.5 and abs(other.base - word.base) < 1.5 for other in same):
            same.append(word)
            kept.append(word)
    return kept


def _words(run: _Run, frame: Frame) -> Iterator[Word]:
    """Place a run in the frame; one that lies sideways there keeps its tall box."""
    text = "".join("-" if letter.text in HYPHENS else letter.text for letter in run.letters)
    if run.style.signs:
        text = "\u2022"
    own = replace(frame, turn=run.style.turn or 0)
    lefts, bottoms, rights, tops = zip(*(letter.box for letter in run.letters), strict=True)
    around = own.place(min(lefts), min(bottoms), max(rights), max(tops))
    x, y = run.letters[0].origin
    word = Word(text, around[0], around[2], own.place(x, y, x, y)[1], run.style, run.glued)
    if own.turn == frame.turn:
        yield word
        return
    box = turned(word.box, own.size, frame.turn - own.turn)
    yield replace(word, left=box[0], right=box[2], base=box[3] - BELOW * run.style.size, glued=False, tall=box)


def _runs(textpage: "pypdfium2.PdfTextPage") -> Iterator[_Run]:
    """Give the words of a page as runs of letters; a change of baseline or a blank begins another."""
    read = _Letters(textpage)
    if read.count > MOST_LETTERS:
        raise IngestError(f"has a page with {read.count} letters, more than any page can show")
    run: _Run | None = None
    blank = True
    for index in range(read.count):
        letter = read.letter(index)
        if letter is None:
            blank = True
            continue
        step = _step(run, letter) if run else "far"
        if run is None or blank or step != "near":
            if run:
                yield run
            run = _Run(read.style(index), glued=not blank and step == "shifted")
        elif _is_again(run.letters[-1], letter):
            continue
        run.letters.append(letter)
        blank = False
    if run:
        yield run


def _step(run: _Run, letter: _Letter) -> str:
    """Say how a letter lies after a run: "near", "shifted" off the baseline, or "far"."""
    last, style = run.letters[-1], run.style
    one, other = last.box, letter.box
    across = letter.origin[1] - last.origin[1]
    gap, behind = other[0] - one[2], other[0] - one[0]
    if style.turn == 1:
        across, gap, behind = letter.origin[0] - last.origin[0], other[1] - one[3], other[1] - one[1]
    elif style.turn == 2:
        gap, behind = one[0] - other[2], one[2] - other[2]
    elif style.turn == 3:
        across, gap, behind = letter.origin[0] - last.origin[0], one[1] - other[3], one[3] - other[3]
    elif style.turn is None:
        return "near"
    if gap > TAB_GAP * style.size or behind < -0.5 * style.size or abs(across) > 0.7 * style.size:
        return "far"
    return "shifted" if abs(across) > 0.08 * style.size else "near"


def _is_again(last: _Letter, letter: _Letter) -> bool:
    """Say whether a letter is printed over itself, as some programs do for bold."""
    return last.text == letter.text and max(abs(a - b) for a, b in zip(last.origin, letter.origin, strict=True)) < 0.6


class _Letters:
    """PDFium's letters of a page; keeps the buffers and font names that every call needs."""

    def __init__(self, textpage: "pypdfium2.PdfTextPage") -> None:
        import pypdfium2.raw

        self._raw = pypdfium2.raw
        self._page = textpage.raw
        self.count: int = textpage.count_chars()
        self._numbers = [ctypes.c_double() for _ in range(6)]
        self._references = [ctypes.byref(number) for number in self._numbers]
        self._matrix = self._raw.FS_MATRIX()
        self._fonts: dict[str, tuple[bool, bool, bool, bool]] = {}

    def letter(self, index: int) -> _Letter | None:
        """Give a letter, or None for a blank."""
        code = self._raw.FPDFText_GetUnicode(self._page, index)
        if (code <= 32 and code != 2) or code in {0xA0, 0x3000, 0x200B} or 0x2000 <= code <= 0x200A:
            return None
        one, two, three, four, x, y = self._references
        self._raw.FPDFText_GetCharBox(self._page, index, one, two, three, four)
        self._raw.FPDFText_GetCharOrigin(self._page, index, x, y)
        left, right, bottom, top, origin_x, origin_y = (number.value for number in self._numbers)
        return _Letter(_text(code), (left, bottom, right, top), (origin_x, origin_y))

    def style(self, index: int) -> Style:
        """Say how a letter is set."""
        raw = self._raw
        raw.FPDFText_GetMatrix(self._page, index, self._matrix)
        a, b, c, d = self._matrix.a, self._matrix.b, self._matrix.c, self._matrix.d
        size = raw.FPDFText_GetFontSize(self._page, index) * math.hypot(c, d)
        return Style(round(max(abs(size), 0.5), 1), *self._font(index), _quarter(a, b))

    def _font(self, index: int) -> tuple[bool, bool, bool, bool]:
        flags = ctypes.c_int()
        buffer = ctypes.create_string_buffer(128)
        self._raw.FPDFText_GetFontInfo(self._page, index, buffer, 128, ctypes.byref(flags))
        name = buffer.value.decode("utf-8", "replace")
        known = self._fonts.get(name)
        if known is None:
            bold = _BOLD.search(name) is not None or bool(flags.value >> 18 & 1)
            mono = _MONO.search(name) is not None or bool(flags.value & 1)
            signs = _SIGNS.search(name) is not None
            known = self._fonts[name] = bold, _ITALIC.search(name) is not None, mono, signs
        return known


def _text(code: int) -> str:
    return "\ufffd" if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else chr(code)


def _quarter(a: float, b: float) -> int | None:
    """Give the quarter turns that make a baseline along (a, b) run to the right; None when it runs aslant."""
    angle = math.degrees(math.atan2(b, a)) / 90
    nearest = round(angle)
    return nearest % 4 if abs(angle - nearest) < 0.06 else None
