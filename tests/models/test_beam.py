"""Beam search over a decoder made of a table."""

import numpy as np
import pytest
from numpy.typing import NDArray

from models.beam import Beam
from models.keyterms import Keyterms

VOCABULARY = ["", "", " dry", " ripe", " pipe", " valve", " for"]
BEGIN, END = 0, 1
NEXT = {
    "": {" ripe": 0.57, " dry": 0.4, " valve": 0.03},
    " ripe": {" pipe": 0.34, " for": 0.36, " valve": 0.3},
    " dry": {" pipe": 0.9, " for": 0.1},
    " pipe": {" valve": 0.5, "end": 0.5},
    " valve": {"end": 1.0},
    " for": {"end": 1.0},
}
"""What follows what, and how likely."""


class Table:
    """A decoder that knows only its last word."""

    def __init__(self) -> None:
        self.calls: list[tuple[list[int], list[int]]] = []

    def __call__(self, tokens: NDArray[np.int64], parents: NDArray[np.int64]) -> NDArray[np.float32]:
        """Take a step, and remember what was asked."""
        self.calls.append((tokens.tolist(), parents.tolist()))
        logits = np.full((len(tokens), len(VOCABULARY)), -30, np.float32)
        for row, token in enumerate(tokens):
            for word, share in NEXT.get(VOCABULARY[token], {}).items():
                logits[row, END if word == "end" else VOCABULARY.index(word)] = np.log(share)
        return logits


def search(words: list[str], width: int = 4, longest: int = 8, boost: float = 0.3) -> str:
    """The best text."""
    beam = Beam(VOCABULARY, BEGIN, END, width=width, choices=3, boost=boost)
    return beam.search(Table(), Keyterms(words), longest).text


def test_greedy_takes_the_likeliest_step() -> None:
    """A beam of one does not look back."""
    assert search([], width=1).startswith(" ripe")


def test_a_wider_beam_finds_the_likelier_text() -> None:
    """A worse first word may begin the better text."""
    assert search([]).startswith(" dry pipe")


@pytest.mark.parametrize(("boost", "first"), [(0.0, " dry"), (0.3, " ripe")])
def test_words_asked_for_are_leant_towards(boost: float, first: str) -> None:
    """The leaning decides between what the sound leaves open."""
    assert search(["ripe for"], boost=boost).startswith(first)


def test_what_was_not_heard_is_not_said() -> None:
    """No leaning brings in a word that the sound rules out."""
    assert "valve valve" not in search(["valve valve valve"], boost=1.0)


def test_the_search_ends() -> None:
    """A decoder that never ends is cut at the longest."""
    table = Table()
    found = Beam(VOCABULARY, BEGIN, END, width=2, choices=3).search(table, Keyterms([]), 1)

    assert len(table.calls) == 1
    assert found.tokens == 1


def test_each_hypothesis_names_the_one_it_continues() -> None:
    """The decoder reorders its past by these places."""
    table = Table()
    Beam(VOCABULARY, BEGIN, END, width=3, choices=3).search(table, Keyterms([]), 8)
    sizes = [len(tokens) for tokens, _ in table.calls]

    assert all(max(parents) < size for (_, parents), size in zip(table.calls[1:], sizes, strict=False))


def test_confidence_is_the_mean_probability() -> None:
    """Geometric over the tokens, the end included."""
    found = Beam(VOCABULARY, BEGIN, END, width=4, choices=3).search(Table(), Keyterms([]), 8)

    assert found.text == " dry pipe valve"
    assert found.confidence == pytest.approx((0.4 * 0.9 * 0.5 * 1.0) ** (1 / 4), abs=1e-3)
