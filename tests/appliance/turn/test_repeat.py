"""Repetition: what says nothing new is not said again, what does is."""

import pytest

from appliance.turn.repeat import repeats, rest

SAID = ("Tell the occupants and the monitoring station before the test.", "Inspect the gauges every 3 months.")


@pytest.mark.parametrize(
    "sentence",
    [
        SAID[0],
        "Before the test, tell the monitoring station and the occupants.",
        "The gauges are inspected every 3 months.",
        "Gauges: inspect every three months.",
    ],
)
def test_the_same_in_other_words_is_a_repetition(sentence: str) -> None:
    """Order, form and spelling of the words change nothing."""
    assert repeats(sentence, SAID)


@pytest.mark.parametrize(
    "sentence",
    [
        "Inspect the gauges every 5 years.",
        "Inspect the gauges every 3 months by section 5.2.4.",
        "Do not tell the occupants and the monitoring station before the test.",
        "Open the main drain slowly and watch both gauges.",
        "Close the drain.",
    ],
)
def test_a_new_figure_section_denial_or_step_is_none(sentence: str) -> None:
    """Whatever words stand around it."""
    assert not repeats(sentence, SAID)


def test_nothing_said_repeats_nothing() -> None:
    """The first sentence is always new."""
    assert not repeats(SAID[0], ())


def test_the_rest_goes_on_where_the_last_said_sentence_stands() -> None:
    """In the order of the source; with nothing of it said, all of it."""
    steps = ("Call the station.", "Open the drain fully.", "Read both gauges.", "Close the drain slowly.")

    assert rest(steps, ["Open the drain fully, then wait."]) == steps[2:]
    assert rest(steps, ["The moon is round."]) == steps
    assert rest(steps, steps) == ()
