"""A sentence that is to be said: its parts, what they claim, and the references that hold for each of them."""

import re
from collections.abc import Sequence

from appliance.turn.claims import REFERENCES, Claim, claims
from appliance.turn.ground import parts, words
from appliance.turn.words import stems

PLACE = stems(
    "section sections edition editions table chapter paragraph page secondary source state stated text later earlier "
    "before"
)
"""Words that only say where something stands."""


def figures_of(text: str) -> tuple[Claim, ...]:
    """Give what one piece of evidence must bear out together; names and codes bind nothing."""
    return tuple(claim for claim in claims(text) if claim.kind not in {"name", "identifier", "token"})


def references(text: str) -> tuple[Claim, ...]:
    """Give what a text claims of where something stands."""
    return tuple(claim for claim in claims(text) if claim.kind in REFERENCES) if text else ()


def pieces_of(sentence: str) -> list[str]:
    """Cut a sentence into parts; what only says where something stands, behind a comma, stays with the part before."""
    joined: list[str] = []
    at = 0
    for piece in parts(sentence):
        start = sentence.index(piece, at)
        at = start + len(piece)
        kinds = {claim.kind for claim in claims(piece)}
        if joined and kinds <= REFERENCES | {"date"} and words(piece) <= PLACE and "," in sentence[:start][-2:]:
            joined[-1] += f", {piece}"
        else:
            joined.append(piece)
    return joined


def heading_of(sentence: str, heading: str) -> str:
    """What stands before a colon at the end of a line ("In the 2020 edition:") holds for the lines after it."""
    head = re.match(r"([^:]*):\s*(?:\n|$)", sentence)
    return head[1] if head and references(head[1]) else heading


def held_for(pieces: Sequence[str], number: int, heading: str) -> list[Claim]:
    """Give the references that hold for a part: the nearest before it, else the nearest after, of each kind."""
    kept: dict[str, list[Claim]] = {}
    for piece in (*reversed(pieces[:number]), *pieces[number + 1 :], heading):
        found: dict[str, list[Claim]] = {}
        for claim in references(piece):
            found.setdefault(claim.kind, []).append(claim)
        kept = found | kept
    return [claim for claims_of_kind in kept.values() for claim in claims_of_kind]
