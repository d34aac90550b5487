"""The OpenAPI document, made from the forms at the door."""

import inspect
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from appliance.web import wire
from appliance.web.door import AskReply, Health, Problem, Pulse, Question
from appliance.web.library_forms import ContentsReply, LibraryReply, PassageReply, SearchReply, Thanks, Wrong
from appliance.web.reading import AUDIO_BYTES, TEXT_BYTES
from appliance.web.rooms_openapi import ROOMS_IN, ROOMS_OUT, rooms
from appliance.web.why import Turns

SCHEMES = {
    "device": {"type": "http", "scheme": "bearer", "description": "The token of a paired device"},
    "browser": {"type": "apiKey", "in": "cookie", "name": "clara_device", "description": "Set by pairing"},
}
"""Asked for wherever the box listens beyond itself."""
REFUSED = {
    400: "The body is no JSON or no form",
    401: "The device is not paired, or not any more",
    403: "A page of another site called",
    408: "The body did not arrive in time",
    413: f"More than {TEXT_BYTES:,} bytes of text or {AUDIO_BYTES:,} bytes of audio",
    415: "Another kind of body",
    421: "The box does not go by that name",
    422: "A field is empty, unknown or wrong, or nothing was understood in the recording",
    503: "The box is busy, or a part of it is not well",
}

QUERIES = {
    "q": "Words",
    "start": "Place of the first passage, from 0",
    "limit": "How many passages at most",
    "quote": "Prefer the passage with these words",
}
"""What a query says that does not keep to something."""


def document(version: str) -> dict[str, Any]:
    """Describe the API in OpenAPI 3.1."""
    told_in: tuple[type[BaseModel], ...] = (Question, Wrong, *ROOMS_IN)
    told_out: tuple[type[BaseModel], ...] = (
        AskReply, Health, Pulse, Problem, LibraryReply, SearchReply, ContentsReply, PassageReply, Thanks, Turns,
        *ROOMS_OUT,
    )  # fmt: skip
    _, schema = models_json_schema(
        [*((form, "validation") for form in told_in), *((form, "serialization") for form in told_out)],
        ref_template="#/components/schemas/{model}",
    )
    return {
        "openapi": "3.1.0",
        "info": {"title": "Clara Edge", "version": version, "license": {"name": "GPL-3.0-or-later"}},
        "paths": {
            "/v1/ask": {"post": ask()},
            "/v1/sound/{id}.wav": {"get": sound()},
            "/v1/answers/{id}/wrong": {"post": wrong()},
            "/v1/talk": {"get": talk()},
            **library(),
            **rooms(),
            "/v1/health": {"get": told("How every part of the box does", "Health")},
            "/v1/turns": {"get": told("When what happened in the last spoken turns", "Turns")},
            "/metrics": {
                "get": {
                    "summary": "Counts and histograms as Prometheus reads them",
                    "responses": {"200": {"description": "The figures", "content": {"text/plain": {}}}},
                }
            },
            "/healthz": {"get": told("Can the box answer?", "Pulse")},
        },
        "components": {"schemas": schema["$defs"], "securitySchemes": SCHEMES},
        "security": [{"device": []}, {"browser": []}, {}],
    }


def ask() -> dict[str, Any]:
    """Describe `POST /v1/ask`."""
    binary = {"type": "string", "format": "binary"}
    fields = {"type": "object", "required": ["audio"], "properties": {"audio": binary, "person": {"type": "string"}}}
    return {
        "summary": "Ask a question, typed or recorded",
        "parameters": [
            parameter("speak", "query", "1 offers the spoken answer"),
            parameter("person", "query", "Who asks, beside a bare recording"),
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": named("Question")},
                "multipart/form-data": {"schema": {**fields, "additionalProperties": False}},
                "audio/*": {"schema": binary},
            },
        },
        "responses": {"200": reply("The answer", "AskReply")}
        | {str(status): reply(why, "Problem") for status, why in REFUSED.items()},
    }


def sound() -> dict[str, Any]:
    """Describe `GET /v1/sound/{id}.wav`."""
    return {
        "summary": "The spoken answer",
        "parameters": [{**parameter("id", "path", "The answer's id"), "required": True}],
        "responses": {
            "200": {"description": "A WAV file", "content": {"audio/wav": {}}},
            "404": reply("Not kept, or no longer", "Problem"),
            "503": reply("No voice is installed, or the box is busy", "Problem"),
        },
    }


def wrong() -> dict[str, Any]:
    """Describe `POST /v1/answers/{id}/wrong`."""
    return {
        "summary": "Say that an answer is wrong or lacks something; head office gets it",
        "parameters": [{**parameter("id", "path", "The answer's id"), "required": True}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": named("Wrong")}}},
        "responses": {"200": reply("It is recorded", "Thanks")}
        | {str(status): reply(why, "Problem") for status, why in REFUSED.items()},
    }


def talk() -> dict[str, Any]:
    """Describe `GET /v1/talk`."""
    return {
        "summary": "Converse by sound: a WebSocket",
        "description": inspect.cleandoc(wire.__doc__ or "")
        + "\n\nIt is closed with: "
        + "; ".join(f"{code.value} {code.name.lower()}" for code in wire.Code)
        + f"; 1009 for a message of more than {wire.MESSAGE_BYTES} bytes.",
        "parameters": [parameter("person", "query", "Who talks")],
        "responses": {
            "101": {"description": "A WebSocket; its first message is a hello"},
            "403": reply("A page of another site called", "Problem"),
            "421": reply("The box does not go by that name", "Problem"),
            "426": reply("The request asked for no WebSocket", "Problem"),
        },
    }


def library() -> dict[str, Any]:
    """Describe what is below `/v1/library`."""
    place = ("pack", "document", "edition")
    passage = {**parameter("id", "path", "The passage's id, slashes and all"), "required": True}
    identity = {**parameter("id", "path", "The document's id, the second part of its passages'"), "required": True}
    number = {**parameter("n", "path", "The page, from 1"), "required": True}
    return {
        "/v1/library/documents": {"get": found("Every document", "LibraryReply")},
        "/v1/library/search": {
            "get": found("Search passages", "SearchReply", "q", "system", "maker", "model", "language", *place)
        },
        "/v1/library/contents": {
            "get": found("A document's passages in its order", "ContentsReply", *place, "start", "limit")
        },
        "/v1/library/cited": {
            "get": found("The section that a row of a code cites", "PassageReply", *place[1:], "section", "quote")
        },
        "/v1/library/passages/{id}": {
            "get": {**found("A passage with its section", "PassageReply"), "parameters": [passage]}
        },
        "/v1/library/documents/{id}/pages/{n}.png": {
            "get": {
                "summary": "A page of a PDF, drawn",
                "parameters": [identity, number, parameter("passage", "query", "Id of the passage to mark")],
                "responses": {
                    "200": {"description": "A PNG", "content": {"image/png": {}}},
                    "404": reply("No such document or page", "Problem"),
                    "422": reply("It cannot be drawn within bounds", "Problem"),
                    "503": reply("The box is busy", "Problem"),
                },
            }
        },
    }


def found(summary: str, model: str, *queries: str) -> dict[str, Any]:
    """Describe a look-up in the library; a parameter that is left out asks for nothing."""
    return {
        "summary": summary,
        "parameters": [parameter(name, "query", QUERIES.get(name, f"Keep to this {name}")) for name in queries],
        "responses": {
            "200": reply("What was found", model),
            "404": reply("It is not on this box", "Problem"),
            "422": reply("A number is none, or something is missing", "Problem"),
            "503": reply("The box is busy, or its library is not well", "Problem"),
        },
    }


def told(summary: str, model: str) -> dict[str, Any]:
    """Describe a reply that says by its status how the box does."""
    return {"summary": summary, "responses": {"200": reply("Able", model), "503": reply("Not able", model)}}


def parameter(name: str, place: str, description: str) -> dict[str, Any]:
    """Describe a parameter."""
    return {"name": name, "in": place, "description": description, "schema": {"type": "string"}}


def reply(description: str, model: str) -> dict[str, Any]:
    """Describe a reply in JSON."""
    return {"description": description, "content": {"application/json": {"schema": named(model)}}}


def named(model: str) -> dict[str, str]:
    """Point to a form."""
    return {"$ref": f"#/components/schemas/{model}"}
