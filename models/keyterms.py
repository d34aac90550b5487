"""Domain words as a leaning: how many characters of a growing text belong to a word that was asked for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

MOST = 200
"""Most words taken, most wanted first. Measured on Moonshine tiny: hundreds of unused words begin to cost others."""
SHORTEST = 3
"""Characters below which a word is left out: it would pull at half the language."""
RUNS = re.compile(r"[A-Za-z]+|[0-9]+|&")
CODE = re.compile(r"(?=.*[A-Z0-9].*[A-Z0-9])[A-Z0-9&/-]+")
"""An acronym or a model number: NFPA, OS&Y, 50TCQA06."""


@dataclass(slots=True)
class Node:
    """One character on the way through the words."""

    depth: int = 0
    ends: bool = False
    """A word may end here."""
    children: dict[str, "Node"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Leaning:
    """Where one growing text stands among the words."""

    live: tuple[Node, ...]
    """Words begun and not yet broken off."""
    length: int = 0
    """Characters of plain text so far."""
    covered: int = 0
    """Characters that belong to finished words."""
    until: int = 0
    """Where the last finished word ended, so that no character counts twice."""
    blank: bool = True
    """The text so far ends between two words."""

    @property
    def characters(self) -> int:
        """Characters that belong to finished words and to the longest one begun."""
        begun = max((min(node.depth, self.length - self.until) for node in self.live), default=0)
        return self.covered + max(0, begun)

    @property
    def finished(self) -> int:
        """Characters that belong to words which are finished if the text ends here."""
        return _finish(self).covered


class Keyterms:
    """The words that were asked for, as a tree of characters."""

    def __init__(self, words: Iterable[str]) -> None:
        """Keep the first `MOST` words and the ways in which a recogniser writes them."""
        self._root = Node()
        kept = list(dict.fromkeys(word for word in words if word.strip()))[:MOST]
        for form in {form for word in kept for form in spellings(word)}:
            self._add(form)

    def __bool__(self) -> bool:
        """There is a word to lean towards."""
        return bool(self._root.children)

    def start(self) -> Leaning:
        """Give the leaning of an empty text."""
        return Leaning(())

    def grow(self, leaning: Leaning, text: str) -> Leaning:
        """Give the leaning after `text` was added."""
        for character in text.lower():
            leaning = self._step(leaning, character if character.isalnum() else " ")
        return leaning

    def _add(self, form: str) -> None:
        """Put one spelling into the tree."""
        node = self._root
        for character in form:
            node = node.children.setdefault(character, Node(node.depth + 1))
        node.ends = True

    def _step(self, leaning: Leaning, character: str) -> Leaning:
        """Take one character of plain text; blanks and punctuation in a row count as one blank."""
        if character == " ":
            if leaning.blank:
                return leaning
            leaning = _finish(leaning)
        nodes = (*leaning.live, self._root) if leaning.blank else leaning.live
        live = tuple(node.children[character] for node in nodes if character in node.children)
        return Leaning(live, leaning.length + 1, leaning.covered, leaning.until, character == " ")


def spellings(word: str) -> set[str]:
    """Give the ways a recogniser writes `word`, in lower case with single blanks.

    NFPA is also "n f p a"; 50TCQA06 is also "50 tcqa 06", "50 t c q a 06" and "5 0 t c q a 0 6"; OS&Y is also
    "o s and y".
    """
    forms = {_plain(word)}
    for piece in word.split():
        if CODE.fullmatch(piece):
            runs = RUNS.findall(piece)
            letters = [" ".join(run) if run.isalpha() else run for run in runs]
            for spelled in (runs, letters, [" ".join(run) for run in runs]):
                forms.add(_plain(word.replace(piece, " ".join(spelled))))
                forms.add(_plain(word.replace(piece, " ".join(spelled)).replace("&", " and ")))
    return {form for form in forms if len(form) >= SHORTEST}


def _plain(text: str) -> str:
    """Lower case, single blanks, nothing but letters and digits."""
    return " ".join("".join(character if character.isalnum() else " " for character in text.lower()).split())


def _finish(leaning: Leaning) -> Leaning:
    """Count the longest word that ends here."""
    longest = max((node.depth for node in leaning.live if node.ends), default=0)
    new = leaning.length - max(leaning.until, leaning.length - longest) if longest else 0
    if not new:
        return leaning
    return Leaning(leaning.live, leaning.length, leaning.covered + new, leaning.length, leaning.blank)
