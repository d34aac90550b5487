"""Markdown digests: prose about one system, read into passages that know heading, section, edition and source.

A digest opens with TOML between two `+++` lines (title, system, source, and edition if one holds for the whole file),
then holds headings, paragraphs and lists, nothing else. A paragraph is one passage; a list joins into one passage, with
the paragraph before it when that ends in a colon. A heading or a passage may end in attributes of its own,
`{section="13.4" edition="NFPA 25 (2017)" source="trade article"}`; a heading's hold for everything below it.
A heading may also begin with its section number.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from corpora.errors import PackError
from corpora.passage import Passage
from corpora.requirement import SYSTEMS

FENCE = "+++"
"""Line before and after the front matter."""
ATTRIBUTES = ("section", "edition", "source")
"""What a heading or a passage may say of itself in braces."""

_LISTS = {"bullet_list", "ordered_list"}
_KNOWN = {
    *_LISTS, "heading", "paragraph", "list_item", "inline", "text", "em", "strong", "link", "code_inline",
    "softbreak", "hardbreak",
}  # fmt: skip
_BRACES = re.compile(r"\s*\{([^{}]*)\}$")
_PAIR = re.compile(r"\s*(\w+)=\"([^\"]*)\"\s*")
_NUMBER = re.compile(r"(?:§\s*)?(\d+(?:[.-]\d+)+(?:\.)?(?:\(\w+\))*)\s+(?=\S)")


class _Front(BaseModel):
    """Front matter of a digest."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    title: str = Field(min_length=1)
    system: str
    source: str = Field(min_length=1)
    edition: str = ""

    @field_validator("system")
    @classmethod
    def _known(cls, system: str) -> str:
        if system not in SYSTEMS:
            raise ValueError(f"unknown system {system!r}; known are {', '.join(SYSTEMS)}")
        return system


@dataclass(frozen=True, slots=True)
class _Heading:
    """One heading on the way down to a passage."""

    level: int
    text: str
    attributes: Mapping[str, str]


@dataclass(slots=True)
class _Page:
    """Where the reader stands in a digest."""

    path: Path
    pack: str
    front: _Front
    stack: list[_Heading] = field(default_factory=list)
    counts: dict[tuple[str, ...], int] = field(default_factory=dict)
    """Heading path to the number of passages under it so far."""

    def descend(self, heading: _Heading) -> None:
        """Step to a heading; raises PackError when its path was there before, since ids hang on it."""
        while self.stack and self.stack[-1].level >= heading.level:
            self.stack.pop()
        self.stack.append(heading)
        if self.place() in self.counts:
            raise PackError(
                f"{self.path}: the heading {' > '.join(self.place())!r} stands twice; give one another name"
            )
        self.counts[self.place()] = 0

    def place(self) -> tuple[str, ...]:
        """Path of headings to here."""
        return tuple(heading.text for heading in self.stack)

    def passage(self, block: str) -> Passage:
        """The passage that a block of text makes at this place."""
        text, own = _attributes(block, self.path)
        known = {"edition": self.front.edition, "source": self.front.source, "section": ""}
        for attributes in (*(heading.attributes for heading in self.stack), own):
            known |= attributes
        place = self.place()
        self.counts[place] = self.counts.get(place, 0) + 1
        name = "/".join((self.pack, self.path.stem, *map(_slug, place), str(self.counts[place])))
        return Passage(
            id=name, pack=self.pack, document=self.front.title, heading=place, page=None,
            system=self.front.system, text=text, edition=known["edition"], section=known["section"],
            source=known["source"],
        )  # fmt: skip


def shipped() -> Path:
    """Folder of the digests that travel with the package."""
    return Path(__file__).parent / "starter" / "digests"


def read_all(folder: Path, pack: str) -> list[Passage]:
    """Passages of every `*.md` in a folder, by file name; raises PackError naming the first bad file."""
    return [passage for path in sorted(folder.glob("*.md")) for passage in read(path, pack)]


def read(path: Path, pack: str) -> list[Passage]:
    """Passages of one digest in reading order; raises PackError naming file and fault."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PackError(f"{path}: cannot be read as UTF-8 text ({error}); check the file and its rights") from error
    head, body = _split(text, path)
    page = _Page(path, pack, _front(head, path))
    passages: list[Passage] = []
    for item in _blocks(body, path):
        if isinstance(item, _Heading):
            page.descend(item)
        else:
            passages.append(page.passage(item))
    if not passages:
        raise PackError(f"{path}: holds no paragraph; write one below the front matter or remove the file")
    return passages


def _split(text: str, path: Path) -> tuple[str, str]:
    lines = text.splitlines()
    if not lines or lines[0].strip() != FENCE or FENCE not in lines[1:]:
        raise PackError(f"{path}: has no front matter; open it with TOML between two lines of {FENCE}")
    end = lines.index(FENCE, 1)
    return "\n".join(lines[1:end]), "\n".join(lines[end + 1 :])


def _front(head: str, path: Path) -> _Front:
    try:
        return _Front.model_validate(tomllib.loads(head))
    except tomllib.TOMLDecodeError as error:
        raise PackError(f"{path}: front matter is not TOML: {error}") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise PackError(f"{path}: front matter is refused: {faults}") from error


def _blocks(body: str, path: Path) -> Iterator[_Heading | str]:
    """Headings and finished blocks of text, in order; a paragraph that ends in a colon waits for the list below it."""
    lead = ""
    for node in SyntaxTreeNode(MarkdownIt("commonmark").parse(body)).children:
        text = " ".join([lead, *_lines(node, path)]) if node.type in _LISTS else lead
        if text:
            yield text.strip()
        lead = ""
        if node.type == "heading":
            yield _heading(node.tag, " ".join(_lines(node, path)), path)
        elif node.type not in _LISTS:
            (lead,) = _lines(node, path)
            if not lead.endswith(":"):
                yield lead
                lead = ""
    if lead:
        yield lead


def _lines(node: SyntaxTreeNode, path: Path) -> list[str]:
    """Text of a block's inline parts without its marks; raises PackError for what a digest may not hold."""
    lines = []
    for part in node.walk():
        if part.type not in _KNOWN:
            line = node.map[0] + 1 if node.map else "unknown"
            raise PackError(
                f"{path}: block at line {line} of the text: {part.type} has no place in a digest, write words"
            )
        if part.type == "inline":
            lines.append("".join(" " if "break" in leaf.type else leaf.content for leaf in _leaves(part)).strip())
    return lines


def _leaves(inline: SyntaxTreeNode) -> Iterator[SyntaxTreeNode]:
    return (leaf for leaf in inline.walk() if not leaf.children)


def _heading(tag: str, text: str, path: Path) -> _Heading:
    title, attributes = _attributes(text, path)
    number = _NUMBER.match(title)
    if number and "section" not in attributes:
        attributes["section"] = number[1]
        title = title[number.end() :]
    return _Heading(int(tag[1:]), title, attributes)


def _attributes(text: str, path: Path) -> tuple[str, dict[str, Any]]:
    """Text without its braces, and what stood in them."""
    braces = _BRACES.search(text)
    if braces is None:
        return text, {}
    pairs = dict(_PAIR.findall(braces[1]))
    if _PAIR.sub("", braces[1]) or not pairs or not pairs.keys() <= set(ATTRIBUTES):
        known = ", ".join(f'{name}="…"' for name in ATTRIBUTES)
        raise PackError(f"{path}: attributes {braces[0].strip()} are refused; known are {known}")
    return text[: braces.start()], pairs


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
