"""Things spelled: identifiers, acronyms, mixtures of letters and figures."""

import re

from appliance.mouth.numerals import DIGITS, digits

CHUNK = re.compile(r"[A-Za-z]+|\d+|[^A-Za-z\d]+")


def letters(text: str) -> str:
    """Spell letters apart; an A that is followed by another bonds to it, so that it is not read as the article."""
    return " ".join(text.upper()).replace("A ", "A-")


def bond(left: str, right: str) -> str:
    """Join two spoken pieces with a space, or a hyphen behind a spelled A."""
    return f"{left}-{right}" if left == "A" or left.endswith((" A", "-A")) else f"{left} {right}"


def identifier(text: str) -> str:
    """Spell a model number in groups with a pause between: "five zero, T C Q A, zero six"."""
    groups: list[str] = []
    for chunk in CHUNK.findall(text):
        if chunk.isdigit():
            groups.extend(figures(chunk))
        elif chunk.isalpha():
            groups.append(chunk if word(chunk) else letters(chunk))
        elif "." in chunk and groups:
            groups[-1] += " point"
    return ", ".join(groups)


def figures(chunk: str) -> list[str]:
    """Break a run of digits into groups of two or three: 3030 is "three zero, three zero"."""
    if len(chunk) <= 3:
        return [digits(chunk)]
    size = 3 if len(chunk) % 3 == 0 or len(chunk) % 2 else 2
    return [digits(chunk[at : at + size]) for at in range(0, len(chunk), size)]


def word(chunk: str) -> bool:
    """Is a run of letters in a code a word rather than letters: "Type", "switch"?"""
    return len(chunk) > 3 and not chunk.isupper() and any(vowel in chunk.lower() for vowel in "aeiou")


def suffix(figure: str, letter: str) -> str:
    """Read a code's figure with its letter: 13R is "thirteen R"."""
    return bond(figure, letter.upper()) if letter else figure


def mailbox(address: str) -> str:
    """Read an e-mail address."""
    names = {"@": " at ", ".": " dot ", "-": " dash ", "_": " underscore ", "+": " plus "}
    return " ".join("".join(names.get(c, f" {DIGITS[int(c)]} " if c.isdigit() else c) for c in address).split())
