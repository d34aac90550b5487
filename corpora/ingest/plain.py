"""Plain text: its encoding detected, lines joined into paragraphs, numbered headings and tables recognised.

Decisions:
    Lines are read one after another and none is held beyond `LONGEST_LINE`, so that a file of any size costs the same.
    A form feed ends a page, as in the standards of the internet's early days; a text without any has no pages.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from corpora.errors import IngestError
from corpora.ingest.blocks import CAPTION, NOTE, joined, parts, table, tidy
from corpora.ingest.outline import Outline, starts
from corpora.ingest.page import About, Block, Page

SAMPLE = 1 << 18
"""Bytes that an encoding is guessed from."""
LONGEST_LINE = 1 << 16
"""Letters of a line; a longer one is cut."""
WRAPPED = 120
"""Letters up to which a line may go on in the next; a longer one is a whole paragraph."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_LIKELY = ["cp1252", "cp1250", "cp1251", "cp1253", "mac_roman", "shift_jis", "gb18030", "big5", "euc_kr", "cp437"]
_UNDERLINE = re.compile(r"\s*(={3,}|-{3,}|~{3,}|_{3,})\s*")
_KEYED = re.compile(r"[A-Z][\w /().#-]{1,40}:\s+\S")
_BROKEN = re.compile(r"(?<=[a-z])-\n(?=[a-z])")


def encoding_of(sample: bytes) -> str:
    """Name the encoding of a text from its first bytes: its mark, UTF-8 when it fits, else the likeliest."""
    for mark, name in _BOMS:
        if sample.startswith(mark):
            return name
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return _guess(sample)
    nulls = sample[:1024].count(0)
    if nulls * 4 > min(len(sample), 1024):
        return "utf-16-le" if sample[1:2] == b"\0" else "utf-16-be"
    return "utf-8"


def _guess(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(sample[: SAMPLE // 4], cp_isolation=_LIKELY).best()
    # A short western text fits many code pages; the most used is the best guess then.
    return best.encoding if best is not None and len(sample) > 64 else "cp1252"


def lines(path: Path) -> Iterator[str]:
    """Give a file's lines, line end kept, each no longer than `LONGEST_LINE`; raises IngestError naming the file."""
    try:
        with path.open("rb") as file:
            encoding = encoding_of(file.read(SAMPLE))
        with path.open(encoding=encoding, errors="replace", newline=None) as text:
            while line := text.readline(LONGEST_LINE):
                yield line
    except OSError as error:
        raise IngestError(f"{path}: cannot be opened ({error.strerror}); check the file and its rights") from error


class Plain:
    """Reader of plain text."""

    def about(self, path: Path, /) -> About:
        """Take the first heading, if the text opens with one, for its title."""
        first = next(iter(_blocks(islice(lines(path), 40))), None)
        return About(title=first.text if first is not None and first.kind == "heading" else "")

    def pages(self, path: Path, /, first: int = 1) -> Iterator[Page]:
        """Read pages where form feeds end them, else parts."""
        made = _fed(path) if _has_feeds(path) else parts(_blocks(lines(path)))
        return islice(made, first - 1, None)


def _has_feeds(path: Path) -> bool:
    return any("\f" in line for line in islice(lines(path), 2000))


def _fed(path: Path) -> Iterator[Page]:
    """Give the pages between form feeds, numbered."""
    outline, held, number, letters = Outline(), list[str](), 1, 0
    for line in lines(path):
        before, *after = line.split("\f")
        held.append(before)
        letters += len(line)
        for text in after:
            yield Page(tuple(_blocks(held, outline)), number)
            held, number, letters = [text], number + 1, 0
        if letters > 20 * LONGEST_LINE:
            raise IngestError(f"{path}: page {number} has more than {letters} letters; end its pages by form feeds")
    if any(line.strip() for line in held):
        yield Page(tuple(_blocks(held, outline)), number)


def _blocks(source: Iterable[str], outline: Outline | None = None) -> Iterator[Block]:
    """Read lines into blocks."""
    return joined(_single(source, outline or Outline()))


def _single(source: Iterable[str], outline: Outline) -> Iterator[Block]:
    after_table = False
    for group in _groups(source):
        rows = _rows(group)
        text = "" if rows else tidy(_BROKEN.sub("", "\n".join(group)))
        if rows:
            if len(group) > 1 and CAPTION.match(rows[0][0]):
                yield Block("caption", tidy(group[0]))
                rows = rows[1:]
            if made := table(rows):
                yield made
        elif (after_table and NOTE.match(text)) or (CAPTION.match(text) and len(text) < 200):
            yield Block("paragraph", text)
        elif len(group) == 2 and _UNDERLINE.fullmatch(group[1]):
            yield Block("heading", tidy(group[0]), 1 if "=" in group[1] else 2)
        else:
            yield from outline.blocks(text, indent=_indent(group[0]))
        after_table = bool(rows) or (after_table and NOTE.match(text) is not None)


def _indent(line: str) -> int:
    return (len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())) // 2


def _groups(source: Iterable[str]) -> Iterator[list[str]]:
    """Join lines into paragraphs, and rows into tables."""
    held: list[str] = []
    for line in source:
        line = line.rstrip().replace("\f", "")  # noqa: PLW2901 (a line without its end is still the line)
        if not line:
            if held:
                yield held
            held = []
        elif held and not _continues(held, line):
            yield held
            held = [line]
        else:
            held.append(line)
        if len(held) > 1000:
            yield held
            held = []
    if held:
        yield held


def _continues(held: list[str], line: str) -> bool:
    """Say whether a line goes on with what was read before."""
    last = held[-1]
    columns = _columns(last)
    if columns > 1 or _columns(line) > 1:
        return columns == _columns(line)
    if _UNDERLINE.fullmatch(line):
        return len(held) == 1 and len(last) < WRAPPED
    if _UNDERLINE.fullmatch(last) or starts(line.lstrip()) or _KEYED.match(line):
        return False
    wrapped = max(map(len, held)) > 40 or line.lstrip()[:1].islower()
    return len(last) <= WRAPPED and len(line) <= LONGEST_LINE // 4 and wrapped and not _is_short_title(last, line)


def _is_short_title(last: str, line: str) -> bool:
    """Say whether a numbered line ends long before the next one does, which then is text of its own."""
    return (
        starts(last) and len(last) < 60 and len(line) > len(last) * 1.3 and line[:1].isupper() and last[-1] not in ",-"
    )


def _cells(line: str) -> list[str]:
    if " | " in line or line.startswith("|"):
        return [cell.strip() for cell in line.strip().strip("|").split("|")]
    if "\t" in line.strip():
        return [cell.strip() for cell in line.strip().split("\t")]
    cells = re.split(r"\s{2,}", line.strip())
    return cells if len(cells) > 2 and max(map(len, cells)) < 60 else [line]


def _columns(line: str) -> int:
    return len(_cells(line)) if "|" in line or "\t" in line or "  " in line else 1


def _rows(group: list[str]) -> list[list[str]] | None:
    """Give a table's cells, or None when the lines are no table; a lone line is one only when bars divide it."""
    if _columns(group[0]) < 2 or (len(group) < 2 and " | " not in group[0]):
        return None
    rules = re.compile(r"[\s|:+-]*-[\s|:+-]*")
    return [[tidy(cell) for cell in _cells(line)] for line in group if not rules.fullmatch(line)]
