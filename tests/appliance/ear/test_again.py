"""Hearing again: words that the texts do not have become those that sound like them."""

import pytest

from appliance.ear.again import Vocabulary
from appliance.ear.ear import Ear
from appliance.ear.lexicon import Lexicon

TEXTS = [
    "A dry pipe valve gets a full flow trip test; the tamper switch of the valve is tested.",
    "The clearance under sprinklers; a smoke detector and its batteries; a fusible link; a damper.",
    "An outlet of the standpipe. How many minutes does the pump run? The fire door.",
] * 3


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    """A few words of the trade, each often enough."""
    return Vocabulary(TEXTS)


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("the temper switch", "the tamper switch"),
        ("how many minuets does the pomp run", "how many minutes does the pump run"),
        ("a fuse a bull link", "a fusible link"),
        ("how much clear ants under it", "how much clearance under it"),
        ("the batter ease", "the batteries"),
        ("gap under a fire dore", "gap under a fire door"),
        ("the out let of the stand pipe", "the outlet of the standpipe"),
    ],
)
def test_a_word_becomes_the_one_it_sounds_like(vocabulary: Vocabulary, heard: str, meant: str) -> None:
    """Alone or with its neighbours."""
    assert vocabulary.again(heard) == meant


@pytest.mark.parametrize(
    "heard",
    [
        "how often is the valve tested",
        "what is the 50TCQA06",
        "ask Mr Temper about it",
        "twelve minutes",
        "tell me over there",
        "",
    ],
)
def test_what_the_texts_know_names_and_numbers_stay(vocabulary: Vocabulary, heard: str) -> None:
    """Nothing else comes to mind."""
    assert vocabulary.again(heard) == heard


def test_the_ear_keeps_the_raw_words(vocabulary: Vocabulary) -> None:
    """What was heard stays beside what it may have been; without a vocabulary nothing comes to mind."""
    ear = Ear(Lexicon.build([]), vocabulary)
    heard = ear.hear("how many minuets")
    other = ear.again(heard)

    assert other is not None
    assert (other.raw, other.text) == ("how many minuets", "how many minutes")
    assert ear.again(ear.hear("how many minutes")) is None
    assert Ear(Lexicon.build([])).again(heard) is None
