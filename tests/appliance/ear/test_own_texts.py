"""The ear and the mouth over the box's own texts: sentences that are right already."""

import re
from pathlib import Path

import pytest

from appliance.ear.ear import Ear
from appliance.mouth.speak import speak
from tests.fakes.lexicon import lexicon

DIGESTS = sorted((Path(__file__).parents[3] / "corpora" / "starter" / "digests").glob("*.md"))
SENTENCES = [
    sentence
    for path in DIGESTS
    for line in path.read_text().splitlines()
    for sentence in re.split(r"(?<=[.?!])\s+(?=[A-Z])", line)
    if sentence.strip() and "{" not in sentence and len(sentence) < 1500
]


@pytest.mark.skipif(not SENTENCES, reason="the starter pack's digests are not there")
def test_written_sentences_are_hardly_touched() -> None:
    """A sentence that is right needs no guess by sound: fewer than 1 in 200 gets one, and no model is invented."""
    ear = Ear(lexicon())
    repairs = [repair for sentence in SENTENCES for repair in ear.hear(sentence).repairs]
    guesses = [repair for repair in repairs if repair.score < 1.0]

    assert len(guesses) < len(SENTENCES) / 200, guesses
    assert not [repair for repair in guesses if repair.kind == "model"]


@pytest.mark.skipif(not SENTENCES, reason="the starter pack's digests are not there")
def test_written_sentences_are_said_without_a_digit() -> None:
    """Whatever the box quotes, it says in words."""
    assert [said for said in map(speak, SENTENCES) if any(c.isdigit() for c in said)] == []
