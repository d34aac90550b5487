"""The forms of what comes in and goes out over HTTP; the OpenAPI document is made from them."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from appliance.check import Part, able
from appliance.turn.answer import Answer, Citation
from models.transcript import Transcript

MODEL = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)
PERSON = 80
"""Longest name of a person, in characters."""


class Question(BaseModel):
    """A typed question."""

    model_config = MODEL

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    """The question."""
    person: Annotated[str, StringConstraints(strip_whitespace=True, max_length=PERSON)] = ""
    """Who asks; empty: the person of the box's settings."""


class LocationReply(BaseModel):
    """Where the library of this box opens what is cited."""

    model_config = MODEL

    passage: str
    """Id of the very passage, for `GET /v1/library/passages/{id}`; empty when no passage is just what is cited."""
    document: str
    """Id of the document, for its pages, where only the page is known; empty where the passage tells."""
    page: int | None


class CitationReply(BaseModel):
    """Where an answer comes from."""

    model_config = MODEL

    pack: str
    document: str
    edition: str
    section: str
    page: int | None
    quote: str
    """The words of the source that carry the answer."""
    note: str
    """What must be said of the source, such as "sample data"."""
    location: LocationReply | None
    """Null when what is cited is no text of this box."""
    text: str
    """All of it in one line for people."""


class CardReply(BaseModel):
    """Something shown beside what is said."""

    model_config = MODEL

    title: str
    rows: list[tuple[str, str]]
    """Label and value."""
    note: str


class AnswerReply(BaseModel):
    """One grounded answer."""

    model_config = MODEL

    id: str
    """ULID of the turn."""
    asked: str
    """The question as it was understood."""
    raw: str
    """The question as it was typed or recognised."""
    intent: str
    said: str
    shown: list[CardReply]
    citations: list[CitationReply]
    rung: Literal["evidence", "gemini", "local", "extractive", "control"]
    """Who answered."""
    confidence: float
    """0 to 1."""
    abstained: bool
    """The sources do not say, and the answer says so."""
    revisions: dict[str, str]
    """Which revision of corpus, specs and records it used."""
    timings: dict[str, float]
    """Milliseconds of every step."""
    cached: bool
    passing: bool
    """It would have been better with a language model that was out."""

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """Show an answer to the outside."""
        return cls(
            id=answer.id,
            asked=answer.asked,
            raw=answer.raw,
            intent=answer.intent,
            said=answer.said,
            shown=[CardReply(title=card.title, rows=list(card.rows), note=card.note) for card in answer.shown],
            citations=[citation_reply(citation) for citation in answer.citations],
            rung=answer.rung,
            confidence=answer.confidence,
            abstained=answer.abstained,
            revisions=dict(answer.revisions),
            timings=dict(answer.timings),
            cached=answer.cached,
            passing=answer.passing,
        )


def citation_reply(citation: Citation) -> CitationReply:
    """Show a citation, with its line for people."""
    return CitationReply(
        pack=citation.pack,
        document=citation.document,
        edition=citation.edition,
        section=citation.section,
        page=citation.page,
        quote=citation.quote,
        note=citation.note,
        location=LocationReply(**asdict(citation.location)) if citation.location else None,
        text=citation.text(),
    )


class WordReply(BaseModel):
    """One word heard."""

    model_config = MODEL

    text: str
    confidence: float
    """0 to 1."""


class Heard(BaseModel):
    """What the recogniser made of a recording."""

    model_config = MODEL

    text: str
    engine: str
    confidence: float
    """0 to 1."""
    seconds: float
    """Length of the recording."""
    words: list[WordReply]
    """Word by word, from engines that tell."""
    doubtful: list[str]
    """Names in the text that only one of two recognisers heard."""

    @classmethod
    def of(cls, transcript: Transcript) -> Self:
        """Show a transcript to the outside."""
        return cls(
            text=transcript.text,
            engine=transcript.engine,
            confidence=transcript.confidence,
            seconds=transcript.seconds,
            words=[WordReply(text=word.text, confidence=word.confidence) for word in transcript.words],
            doubtful=list(transcript.doubtful),
        )


class AskReply(BaseModel):
    """What a question gets."""

    model_config = MODEL

    answer: AnswerReply
    heard: Heard | None = None
    """Only for a recording."""
    sound: str | None = None
    """Path of the spoken answer (WAV), when it was asked for; it is kept for the latest answers only."""
    online: bool
    """Was there a link?"""


class PartReply(BaseModel):
    """One part of the box and how it does."""

    model_config = MODEL

    name: str
    well: bool
    essential: bool
    """Without it the box can't answer, or would lose what people tell it."""
    uses: str
    advice: str
    """What to do; empty when well."""


class Health(BaseModel):
    """How the box does."""

    model_config = MODEL

    able: bool
    """Every essential part is well; the status is 200 when true, 503 when not."""
    online: bool
    version: str
    parts: list[PartReply]

    @classmethod
    def of(cls, parts: Sequence[Part], version: str, *, online: bool) -> Self:
        """Sum up the parts."""
        shown = [
            PartReply(name=part.name, well=part.well, essential=part.essential, uses=part.uses, advice=part.advice)
            for part in parts
        ]
        return cls(able=able(parts), online=online, version=version, parts=shown)


class Pulse(BaseModel):
    """The health of the box in a line, for a supervisor."""

    model_config = MODEL

    able: bool
    unwell: list[str]
    """Names of the parts that are not well."""


class Problem(BaseModel):
    """Why a request was refused."""

    model_config = MODEL

    error: str
    advice: Annotated[str, Field(min_length=1)]
    """What to do about it."""
