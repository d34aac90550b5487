"""The forms of the library over HTTP: documents, search results, passages, and what was wrong with an answer."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Annotated, Self

from pydantic import BaseModel, StringConstraints

from appliance.web.box import Stocked
from appliance.web.door import MODEL, PERSON
from corpora.passage import Hit, Passage, Stretch
from corpora.revision import Listed

SHOWN = 240
"""Letters of a passage that a search result shows."""


class OriginalReply(BaseModel):
    """A file that a document was read from."""

    model_config = MODEL

    id: str
    """Its id in the stock."""
    edition: str
    format: str
    pages: int
    """0 when it has none."""


class DocumentReply(BaseModel):
    """One document of the library."""

    model_config = MODEL

    pack: str
    document: str
    """Its title."""
    editions: list[str]
    systems: list[str]
    makers: list[str]
    models: list[str]
    passages: int
    originals: list[OriginalReply]
    """The files on this box that it was read from; none for the texts of a pack."""


class LibraryReply(BaseModel):
    """Every document of the library, by title."""

    model_config = MODEL

    documents: list[DocumentReply]


class HitReply(BaseModel):
    """One passage that a search found."""

    model_config = MODEL

    id: str
    document: str
    edition: str
    heading: list[str]
    section: str
    page: int | None
    system: str
    maker: str
    score: float
    """0 to 1."""
    text: str
    """Its beginning."""

    @classmethod
    def of(cls, hit: Hit) -> Self:
        """Show a hit to the outside."""
        passage = hit.passage
        return cls(
            id=passage.id,
            document=passage.document,
            edition=passage.edition,
            heading=list(passage.heading),
            section=passage.section,
            page=passage.page,
            system=passage.system,
            maker=passage.maker,
            score=round(hit.score, 3),
            text=beginning(passage.text),
        )


class SearchReply(BaseModel):
    """What a search found, best first."""

    model_config = MODEL

    hits: list[HitReply]


class PlacedReply(BaseModel):
    """A passage of a document that is shown in its order."""

    model_config = MODEL

    id: str
    edition: str
    heading: list[str]
    """Path of headings from the document's top."""
    section: str
    page: int | None
    text: str


class ContentsReply(BaseModel):
    """Passages of a document in its order."""

    model_config = MODEL

    passages: list[PlacedReply]
    start: int
    """Place of the first among all, from 0."""
    total: int
    next: int | None
    """What to give as `start` to go on; null at the end."""

    @classmethod
    def of(cls, stretch: Stretch) -> Self:
        """Show a stretch to the outside."""
        end = stretch.start + len(stretch.passages)
        shown = [
            PlacedReply(
                id=one.id,
                edition=one.edition,
                heading=list(one.heading),
                section=one.section,
                page=one.page,
                text=one.text,
            )
            for one in stretch.passages
        ]
        more = bool(shown) and end < stretch.total
        return cls(passages=shown, start=stretch.start, total=stretch.total, next=end if more else None)


class PartOfSection(BaseModel):
    """A passage of the section."""

    model_config = MODEL

    id: str
    text: str
    page: int | None


class PassageReply(BaseModel):
    """One passage with the section it stands in."""

    model_config = MODEL

    id: str
    pack: str
    document: str
    edition: str
    heading: list[str]
    section: str
    page: int | None
    system: str
    maker: str
    model: str
    source: str
    text: str
    around: list[PartOfSection]
    """All passages of its section in order, itself among them."""
    original: OriginalReply | None
    """The file it was read from, when that lies on this box."""
    picture: str | None
    """Path of its page as a picture with the passage marked; null when it has no page that can be drawn."""

    @classmethod
    def of(cls, passage: Passage, around: Sequence[Passage], original: OriginalReply | None, picture: str) -> Self:
        """Show a passage to the outside."""
        return cls(
            id=passage.id,
            pack=passage.pack,
            document=passage.document,
            edition=passage.edition,
            heading=list(passage.heading),
            section=passage.section,
            page=passage.page,
            system=passage.system,
            maker=passage.maker,
            model=passage.model,
            source=passage.source,
            text=passage.text,
            around=[PartOfSection(id=one.id, text=one.text, page=one.page) for one in around],
            original=original,
            picture=picture or None,
        )


class Wrong(BaseModel):
    """An answer is wrong, or something is missing in it."""

    model_config = MODEL

    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
    """What was asked."""
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""
    """What is wrong or missing, in the technician's words."""
    person: Annotated[str, StringConstraints(strip_whitespace=True, max_length=PERSON)] = ""
    """Who says so; empty: the person of the box's settings."""


class Thanks(BaseModel):
    """It is recorded, for head office."""

    model_config = MODEL

    gap: str
    """Id of the record."""


def beginning(text: str) -> str:
    """Give a text's beginning, cut at a word.

    >>> beginning("Trip it.")
    'Trip it.'
    """
    return text if len(text) <= SHOWN else text[:SHOWN].rsplit(maxsplit=1)[0] + " …"


def original_reply(document: Stocked) -> OriginalReply:
    """Show a document of the stock to the outside."""
    return OriginalReply(id=document.id, edition=document.edition, format=document.format, pages=document.pages)


def catalogue(shelves: Iterable[Listed], stocked: Iterable[Stocked]) -> list[DocumentReply]:
    """Make one entry of each document's many shelves, with the files that it was read from, by title."""
    files: dict[tuple[str, str], list[OriginalReply]] = {}
    for one in stocked:
        files.setdefault((one.pack, one.title), []).append(original_reply(one))

    def named(shelf: Listed) -> tuple[str, str, str]:
        return shelf.document.casefold(), shelf.document, shelf.pack

    found = []
    for (_, document, pack), group in groupby(sorted(shelves, key=named), named):
        parts = list(group)
        found.append(
            DocumentReply(
                pack=pack,
                document=document,
                editions=distinct(part.edition for part in parts),
                systems=distinct(part.system for part in parts),
                makers=distinct(part.maker for part in parts),
                models=distinct(part.model for part in parts),
                passages=sum(part.passages for part in parts),
                originals=files.get((pack, document), []),
            )
        )
    return found


def distinct(names: Iterable[str]) -> list[str]:
    """Give each name once, in order, the empty one left out."""
    return sorted({name for name in names if name})
