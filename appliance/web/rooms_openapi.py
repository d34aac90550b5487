"""Rooms and pairing in the OpenAPI document."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from appliance.web.pairing import Paired, Pairing
from appliance.web.rooms_forms import (
    Done,
    JobsTicket,
    JobTicket,
    Mute,
    OldTicket,
    ParticipantReply,
    ParticipantsReply,
    ParticipantTicket,
    RoomReply,
    RoomsReply,
    RoomTicket,
    Ticket,
)

ROOMS_IN: tuple[type[BaseModel], ...] = (Pairing, JobTicket, RoomTicket, OldTicket, Mute)
ROOMS_OUT: tuple[type[BaseModel], ...] = (
    Paired, Ticket, JobsTicket, ParticipantTicket, RoomReply, RoomsReply, ParticipantReply, ParticipantsReply, Done,
)  # fmt: skip
DEVICE = {401: "The device is not paired, or not any more", 503: "The box has no rooms, or cannot reach them"}
TICKET = DEVICE | {403: "The job is another's", 404: "There is no such job", 422: "A field is wrong"}
MANAGER = DEVICE | {403: "The person is no manager", 404: "There is no such room or participant"}
PAIRING = {403: "The code is wrong, was used, or is too old", 422: "A field is wrong", 429: "Too many wrong codes"}
HOOK = {401: "It is not signed by the box's LiveKit server", 409: "It came before, or is too old"}
ROOM, WHO = "room", "identity"


def rooms() -> dict[str, Any]:
    """Describe pairing, tickets, rooms and webhooks."""
    job = operation("A ticket into the room of a job", JobsTicket, TICKET, JobTicket)
    return {
        "/v1/pair": {
            "post": operation("Pair a device by a one-time code", Paired, PAIRING, Pairing) | {"security": []}
        },
        "/v1/me": {"get": operation("Whose device this is", Paired, {401: DEVICE[401]})},
        "/token/job": {"post": job},
        "/clara-server/jobs/get-token": {"post": job},
        "/token": {"post": operation("A ticket into a job's room, or one's own", Ticket, TICKET, RoomTicket)},
        "/createToken": {"post": operation("The oldest form of it", ParticipantTicket, TICKET, OldTicket)},
        "/webhook": {"post": operation("The LiveKit server tells what happened", Done, HOOK) | {"security": []}},
        **managed("/v1/rooms"),
        **managed("/rooms"),
    }


def managed(top: str) -> dict[str, Any]:
    """Describe what managers may do with rooms, below `top`."""
    who = f"{top}/{{room}}/participants/{{identity}}"
    return {
        top: {"get": operation("The open rooms", RoomsReply, MANAGER)},
        f"{top}/{{room}}": {
            "get": operation("A room", RoomReply, MANAGER, None, ROOM),
            "delete": operation("End a room", Done, MANAGER, None, ROOM),
        },
        f"{top}/{{room}}/participants": {
            "get": operation("Who is in a room", ParticipantsReply, MANAGER, None, ROOM),
        },
        who: {
            "get": operation("Somebody in a room", ParticipantReply, MANAGER, None, ROOM, WHO),
            "delete": operation("Send somebody out", Done, MANAGER, None, ROOM, WHO),
        },
        f"{who}/mute": {"post": operation("Mute somebody", Done, MANAGER, Mute, ROOM, WHO)},
    }


def operation(
    summary: str, gives: type[BaseModel], refused: Mapping[int, str], takes: type[BaseModel] | None = None, *path: str
) -> dict[str, Any]:
    """Describe one operation."""
    told: dict[str, Any] = {
        "summary": summary,
        "responses": {"200": reply("Done", gives.__name__)}
        | {str(status): reply(why, "Problem") for status, why in refused.items()},
    }
    if path:
        told["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in path
        ]
    if takes is not None:
        told["requestBody"] = {"content": {"application/json": {"schema": pointed(takes.__name__)}}}
    return told


def reply(description: str, model: str) -> dict[str, Any]:
    """Describe a reply in JSON."""
    return {"description": description, "content": {"application/json": {"schema": pointed(model)}}}


def pointed(model: str) -> dict[str, str]:
    """Point to a form."""
    return {"$ref": f"#/components/schemas/{model}"}
