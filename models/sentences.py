"""Text to sentences, so that the first one sounds while the rest is still being spoken."""

import re

END = re.compile(r"(?<=[.!?…])\s+|(?<=[.!?…][\"')\]])\s+|\s*\n+\s*")
"""A sentence ends at its mark and a space (so never inside 13.4.5.2 or 4.5), or at a line's end."""
ABBREVIATIONS = frozenset(
    ("approx.", "dr.", "e.g.", "fig.", "i.e.", "mr.", "mrs.", "ms.", "no.", "nos.", "sec.", "st.", "vs.")
)
"""Words whose full stop ends no sentence."""
UNSPOKEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Control characters (a NUL would cut the text short in C) and lone halves of surrogate pairs."""


def sentences(text: str) -> list[str]:
    """Split `text` at its sentences' ends; what nobody can speak (nothing, blanks, control characters) is dropped."""
    found: list[str] = []
    held = ""
    for part in END.split(UNSPOKEN.sub(" ", text)):
        held = f"{held} {part}".strip()
        if held and held.lower().split()[-1] not in ABBREVIATIONS:
            found.append(held)
            held = ""
    return [sentence for sentence in (*found, held) if any(letter.isalnum() for letter in sentence)]
