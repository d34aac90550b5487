"""Reading a request's body within bounds: a typed question or a recording."""

import asyncio
from dataclasses import dataclass
from typing import Protocol, TypeVar

from aiohttp import BodyPartReader, MultipartReader, hdrs, web
from pydantic import BaseModel, ValidationError

from appliance.web.door import PERSON, Question
from appliance.web.errors import Refusal

TEXT_BYTES = 16_000
"""Longest typed question, as the bytes of its JSON body."""
AUDIO_BYTES = 25_000_000
"""Largest recording."""
READ_S = 60.0
"""Longest a body may take to come in, in seconds."""
SOUND = ("audio/", "video/webm", "video/mp4", "application/octet-stream", "application/ogg")
"""Content types a recording may have; phones call a recorded voice a video."""

Form = TypeVar("Form", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Recording:
    """A question as sound, undecoded."""

    data: bytes
    person: str


async def read(request: web.Request) -> Question | Recording:
    """Take in what is asked.

    Raises:
        Refusal: 400 for what is no JSON or form, 408 for a body that does not arrive, 413 for one that is too large,
            415 for another kind, 422 for an empty, unknown or wrong field.
    """
    try:
        async with asyncio.timeout(READ_S):
            if request.content_type == "application/json":
                return typed(await collect(request.content, TEXT_BYTES))
            if request.content_type == "multipart/form-data":
                return await form(request)
            if request.content_type.startswith(SOUND) and hdrs.CONTENT_TYPE in request.headers:
                return recording(await collect(request.content, AUDIO_BYTES), request.query.get("person", ""))
    except TimeoutError as error:
        raise Refusal(408, f"the body did not arrive within {READ_S:g} s", "send it again") from error
    advice = "send application/json with {text}, multipart/form-data with a file named audio, or the audio itself"
    raise Refusal(415, f"a body of type {request.content_type} is not taken", advice)


def typed(data: bytes) -> Question:
    """Check a typed question."""
    return checked(Question, data, 'send {"text": "the question", "person": "who asks, or leave it out"}')


async def collected(request: web.Request, form: type[Form], advice: str) -> Form:
    """Read a JSON body as a form. Raises `Refusal` as `read`."""
    if request.content_type != "application/json":
        raise Refusal(415, f"a body of type {request.content_type} is not taken", advice)
    try:
        async with asyncio.timeout(READ_S):
            return checked(form, await collect(request.content, TEXT_BYTES), advice)
    except TimeoutError as error:
        raise Refusal(408, f"the body did not arrive within {READ_S:g} s", "send it again") from error


def checked(form: type[Form], data: bytes, advice: str) -> Form:
    """Check a JSON body. Raises `Refusal`: 400 when it is no JSON, 422 for a wrong field."""
    try:
        return form.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        if first["type"] == "json_invalid":
            raise Refusal(400, f"the body is no JSON: {first['msg']}", advice) from error
        where = ".".join(str(part) for part in first["loc"]) or "body"
        raise Refusal(422, f"{where}: {first['msg']}", advice) from error


async def form(request: web.Request) -> Recording:
    """Read a form with a file `audio` and perhaps a field `person`."""
    fields: dict[str, bytes] = {}
    try:
        reader = await request.multipart()
        while (part := await reader.next()) is not None:
            name = "" if isinstance(part, MultipartReader) else part.name or ""
            if name not in {"audio", "person"} or name in fields or not isinstance(part, BodyPartReader):
                raise Refusal(422, f"{name or 'a field'}: not expected", "send one file named audio, and person or not")
            fields[name] = await collect(Part(part), AUDIO_BYTES if name == "audio" else 4 * PERSON)
    except (ValueError, AssertionError) as error:
        raise Refusal(400, f"the form is damaged: {error}", "send it again as multipart/form-data") from error
    try:
        return recording(fields.get("audio", b""), fields.get("person", b"").decode())
    except UnicodeDecodeError as error:
        raise Refusal(422, "person: is no UTF-8", "send names in UTF-8") from error


def recording(data: bytes, person: str) -> Recording:
    """Check a recording."""
    if not data:
        raise Refusal(422, "audio: is empty", "record the question and send it again")
    if len(person.strip()) > PERSON:
        raise Refusal(422, f"person: at most {PERSON} characters", "send a shorter name")
    return Recording(data, person.strip())


class Chunks(Protocol):
    """Something that is read piece by piece."""

    async def read(self, n: int = -1) -> bytes:
        """Give at most `n` bytes, none at the end."""
        ...


class Part:
    """A part of a form as a stream."""

    def __init__(self, part: BodyPartReader) -> None:
        self.part = part

    async def read(self, n: int = -1) -> bytes:
        """Give at most `n` bytes, none at the end."""
        return await self.part.read_chunk(n)


async def collect(stream: Chunks, limit: int) -> bytes:
    """Read to the end, or refuse once there is more than `limit` bytes."""
    data = bytearray()
    while chunk := await stream.read(65_536):
        data += chunk
        if len(data) > limit:
            advice = f"send at most {limit:,} bytes; ask one short question at a time"
            raise Refusal(413, f"the body is larger than {limit:,} bytes", advice, {"Connection": "close"})
    return bytes(data)
