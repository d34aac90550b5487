"""The OpenAPI document, made from the forms at the door."""

from typing import Any

from pydantic.json_schema import models_json_schema

from appliance.web.door import AskReply, Health, Problem, Pulse, Question
from appliance.web.reading import AUDIO_BYTES, TEXT_BYTES

REFUSED = {
    400: "The body is no JSON or no form",
    403: "A page of another site called",
    408: "The body did not arrive in time",
    413: f"More than {TEXT_BYTES:,} bytes of text or {AUDIO_BYTES:,} bytes of audio",
    415: "Another kind of body",
    421: "The box does not go by that name",
    422: "A field is empty, unknown or wrong, or nothing was understood in the recording",
    503: "The box is busy, or a part of it is not well",
}


def document(version: str) -> dict[str, Any]:
    """Describe the API in OpenAPI 3.1."""
    forms = [(model, "serialization") for model in (AskReply, Health, Pulse, Problem)]
    _, schema = models_json_schema(
        [(Question, "validation"), *forms],  # type: ignore[list-item]
        ref_template="#/components/schemas/{model}",
    )
    return {
        "openapi": "3.1.0",
        "info": {"title": "Clara Edge", "version": version, "license": {"name": "GPL-3.0-or-later"}},
        "paths": {
            "/v1/ask": {"post": ask()},
            "/v1/sound/{id}.wav": {"get": sound()},
            "/v1/health": {"get": told("How every part of the box does", "Health")},
            "/healthz": {"get": told("Can the box answer?", "Pulse")},
        },
        "components": {"schemas": schema["$defs"]},
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
