"""Words of a PDF's page with their places, read letter by letter through PDFium, turned so that most are upright.

A frame is the page seen with its lines running from left to right, its origin at its top left corner, in points. A page
that is laid out sideways is turned before anything else looks at it; `Frame.shown` turns boxes back.

Decisions:
    A word's height is its font's size about the baseline, not what its letters reach, so that rows of words compare.
    Text at other than a quarter turn is a watermark and is not read.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpora.errors import IngestError
from corpora.ingest.page import Box
from corpora.ingest.pdf_letters import Letters, Style

if TYPE_CHECKING:
    import pypdfium2

MOST_LETTERS = 200_000
"""Letters on one page; a dense sheet of figures has 20,000."""
ABOVE, BELOW = 0.75, 0.22
"""How far letters reach above and below the baseline, in font sizes."""
HYPHENS = frozenset({"\x02", "\ufffe", "\u00ad"})
"""What PDFium gives for a hyphen at a line's end, and a soft hyphen."""
EDGE = 10.0
"""How far beyond the page's edge a word may reach, in points."""
LARGEST = 20_000.0
"""Side of a page, in points; PDF allows 14,400."""
TAB_GAP = 0.55
"""Blank that parts words without a space character, in font sizes; narrower ones are letter spacing."""


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


@dataclass(slots=True)
class _Run:
    """Letters of one word as they come."""

    style: Style
    glued: bool
    origin: tuple[float, float]
    """Where it begins on the baseline, in PDF coordinates."""
    letters: list[str]
    around: Box
    """Left, bottom, right, top in PDF coordinates."""
    last: Box
    """Its last letter's."""

    def add(self, letter: str, box: Box) -> None:
        """Take in a letter, unless it is printed over the last one, as some programs do for bold."""
        if letter == self.letters[-1] and abs(box[0] - self.last[0]) < 0.6 and abs(box[1] - self.last[1]) < 0.6:
            return
        self.letters.append(letter)
        self.last = box
        left, bottom, right, top = self.around
        self.around = min(left, box[0]), min(bottom, box[1]), max(right, box[2]), max(top, box[3])


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
    if not (0 < right - left < LARGEST and 0 < top - bottom < LARGEST):
        raise IngestError("has a page without a size, or of one that none can have")
    shown_turn = page.get_rotation() // 90
    turn = turns.most_common(1)[0][0] if turns else shown_turn
    frame = Frame((left, bottom, right, top), turn, shown_turn)
    words = [_word(run, frame) for run in runs if run.style.turn is not None]
    return frame, _once([word for word in words if _shows(word, frame)]), sum(turns.values())


def _shows(word: Word, frame: Frame) -> bool:
    """Say whether a word lies on the page; broken files place some beyond any number."""
    (left, top, right, bottom), (width, height) = word.box, frame.size
    return -EDGE < left <= right < width + EDGE and -EDGE < top <= bottom < height + EDGE


def _once(words: Sequence[Word]) -> list[Word]:
    """Drop words that are printed over themselves."""
    places: set[tuple[str, int, int]] = set()
    kept: list[Word] = []
    for word in words:
        x, y = int(word.left / 2), int(word.base / 2)
        if not any((word.text, x + dx, y + dy) in places for dx in (-1, 0, 1) for dy in (-1, 0, 1)):
            places.add((word.text, x, y))
            kept.append(word)
    return kept


def _word(run: _Run, frame: Frame) -> Word:
    """Place a run in the frame; one that lies sideways there keeps its tall box."""
    text = "\u2022" if run.style.signs else "".join("-" if letter in HYPHENS else letter for letter in run.letters)
    own = frame if frame.turn == run.style.turn else replace(frame, turn=run.style.turn or 0)
    around, (x, y) = own.place(*run.around), run.origin
    word = Word(text, around[0], around[2], own.place(x, y, x, y)[1], run.style, run.glued)
    if own is frame:
        return word
    box = turned(word.box, own.size, frame.turn - own.turn)
    return replace(word, left=box[0], right=box[2], base=box[3] - BELOW * run.style.size, glued=False, tall=box)


def _runs(textpage: "pypdfium2.PdfTextPage") -> Iterator[_Run]:
    """Give the words of a page as runs of letters; a change of baseline or a blank begins another."""
    read = Letters(textpage)
    if read.count > MOST_LETTERS:
        raise IngestError(f"has a page with {read.count} letters, more than any page can show")
    run: _Run | None = None
    blank = True
    for index in range(read.count):
        letter = read.letter(index)
        if not letter:
            blank = True
            continue
        box = read.box(index, run.style.turn if run else 0)
        step = _step(run, box) if run else "far"
        if run and not blank and step == "near":
            run.add(letter, box)
            continue
        if run:
            yield run
        style = read.style(index)
        box = read.box(index, style.turn)
        run = _Run(style, not blank and step == "shifted", read.origin(index), [letter], box, box)
        blank = False
    if run:
        yield run


def _step(run: _Run, box: Box) -> str:
    """Say how a letter lies after a run: "near", "shifted" off the baseline, or "far"."""
    (left, bottom, right, top), style = run.last, run.style
    if style.turn == 0:
        across, gap, behind = box[1] - bottom, box[0] - right, box[0] - left
    elif style.turn == 1:
        across, gap, behind = box[2] - right, box[1] - top, box[1] - bottom
    elif style.turn == 2:
        across, gap, behind = box[3] - top, left - box[2], right - box[2]
    elif style.turn == 3:
        across, gap, behind = box[0] - left, bottom - box[3], top - box[3]
    else:
        return "near"
    if gap > TAB_GAP * style.size or behind < -0.5 * style.size or abs(across) > 0.7 * style.size:
        return "far"
    # Sideways letters are known by what they reach only, which tells nothing of their baseline.
    return "shifted" if style.turn == 0 and abs(across) > 0.08 * style.size else "near"
