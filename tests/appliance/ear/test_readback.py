"""Reading back: what was guessed is asked for by its product, what is certain is not asked at all."""

import pytest

from appliance.ear.ear import Ear
from appliance.ear.lexicon import Lexicon
from appliance.ear.readback import read_back
from appliance.ear.utterance import Utterance
from tests.fakes import lexicon

LEXICON = lexicon.lexicon()
EAR = Ear(LEXICON)


def test_a_guess_is_asked_for_by_its_product() -> None:
    """A letter that sounds alike was repaired: what machine it is, not how it is spelled."""
    ask = read_back(EAR.hear("amp draw of the fifty T C Q H zero six"), LEXICON)

    assert ask is not None
    assert ask.question == "the Carrier 50TCQA06, rooftop unit?"
    assert ask.models == ("50TCQA06",)


@pytest.mark.parametrize(
    "said",
    [
        "amp draw of the Carrier 50TCQA06",
        "amp draw of the fifty tango charlie quebec alpha zero six",
        "how often is the tamper switch tested",
        "amp draw of the Carrier 50TCQA07",
    ],
)
def test_what_was_heard_for_certain_is_not_asked(said: str) -> None:
    """Nor is a model that the box does not have turned into one that it has."""
    ask = read_back(EAR.hear(said), LEXICON)

    assert ask is None or "50TCQA07" in said


def test_near_ones_are_offered() -> None:
    """At most three, none of them taken."""
    ask = read_back(Utterance("x", "x", ambiguous=("XR16", "i3", "D4120", "B500")), LEXICON)

    assert ask is not None
    assert ask.question.startswith("Do you mean the Trane XR16, air conditioner; or the ")
    assert ask.models == ("XR16", "i3", "D4120")


def test_a_doubtful_name_is_asked_for() -> None:
    """The text is certain of it; one of two recognisers was not."""
    said = EAR.hear("amp draw of the Carrier 50TCQA06")

    assert read_back(said, LEXICON) is None
    ask = read_back(said, LEXICON, ["50TCQA06"])
    assert ask is not None
    assert ask.models == ("50TCQA06",)


def test_where_a_record_comes_from_is_not_said() -> None:
    """A sample record is for the card, what stands behind a semicolon too."""
    told = Lexicon.build([("VM-1", "Kidde", "panel; figures"), ("SRT-10", "Sample Climate", "rooftop, sample record")])
    said = Utterance("x", "the VM-1 and SRT-10")

    ask = read_back(said, told, ["VM-1", "SRT-10"])

    assert ask is not None
    assert ask.question == "the Kidde VM-1, panel; and the Sample Climate SRT-10, rooftop?"
