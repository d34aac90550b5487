"""Word errors: what was said against what was heard, both written in one way."""

import re
from collections.abc import Iterable

from appliance.ear.cardinal import cardinal
from appliance.ear.tokens import split

SHORT = {
    "what's": "what is", "it's": "it is", "where's": "where is", "how's": "how is", "i'm": "i am", "that's": "that is",
    "mr": "mister", "mrs": "missus", "dr": "doctor", "ok": "okay", "%": "percent", "oh": "zero",
    "gpm": "g p m", "psi": "p s i", "nfpa": "n f p a", "abc": "a b c",
}  # fmt: skip
"""Written in two ways, said in one."""
RUNS = re.compile(r"[a-z]+|[0-9]")
CODE = re.compile(r"(?=.*[0-9])(?=.*[a-z])[a-z0-9]+\Z")


def words(text: str) -> list[str]:
    """Give the words of `text`: lower case, numbers as single digits, spelled letters and model numbers apart.

    "Fifty T C Q A zero six", "50 TCQA 06" and "50TCQA06" give the same words, and so do "62 psi" and "sixty two PSI".
    """
    told = re.sub(r"(?<=[0-9])[.,](?=[0-9])", " ", text.replace("&", " and ").replace("\u2019", "'").lower())
    told = " ".join(SHORT.get(word.strip('.,?!;:"'), word) for word in told.split())
    capital = {token.lower for token in split(text) if token.text.isupper() and 1 < len(token.text) <= 5}
    tokens, found, at = split(told), list[str](), 0
    while at < len(tokens):
        number = cardinal(tokens, at) if tokens[at].lower not in ("a", "an") else None
        if number:
            found += str(number[0])
            at = number[1]
            continue
        word = tokens[at].lower
        if word.isdigit() or CODE.match(word):
            for run in RUNS.findall(word):
                found += run
        elif word in capital:
            found += word
        else:
            found.append(word)
        at += 1
    return [word for word in found if word not in ("dash", "point")]


def errors(said: Iterable[str], heard: Iterable[str]) -> int:
    """Give the edit distance of two lists of words: substituted, lost and added ones."""
    right = list(heard)
    row = list(range(len(right) + 1))
    for place, word in enumerate(said, 1):
        diagonal, row[0] = row[0], place
        for at, other in enumerate(right, 1):
            diagonal, row[at] = row[at], min(diagonal + (word != other), row[at] + 1, row[at - 1] + 1)
    return row[-1]
