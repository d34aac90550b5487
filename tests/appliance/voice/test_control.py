"""What is said to the conversation itself."""

import pytest

from appliance.voice.control import Command, backchannel, command, dictating


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Stop.", Command.STOP),
        ("Clara, stop please", Command.STOP),
        ("okay stop", Command.STOP),
        ("Never mind!", Command.STOP),
        ("Stop, stop, stop.", Command.STOP),
        ("Repeat that, please.", Command.REPEAT),
        ("What?", Command.REPEAT),
        ("Say that again", Command.REPEAT),
        ("Can you spell that?", Command.SPELL),
        ("stop the pump", None),
        ("What stops a jockey pump?", None),
        ("repeat the flow test next week", None),
        ("", None),
    ],
)
def test_commands_are_whole_utterances(text: str, meant: Command | None) -> None:
    """Words of a command inside a sentence are none."""
    assert command(text) is meant


@pytest.mark.parametrize("text", ["Okay.", "mm-hm", "Yeah, right", "uh-huh", "Got it.", "I see"])
def test_a_listener_is_no_speaker(text: str) -> None:
    """An answer goes on over these."""
    assert backchannel(text)


@pytest.mark.parametrize(
    "text", ["stop", "okay stop", "yes it is the Viking", "no", "", "what", "okay so how often is that"]
)
def test_a_speaker_is_no_listener(text: str) -> None:
    """These want to be heard."""
    assert not backchannel(text)


def test_dictation_is_known_by_how_it_begins() -> None:
    """People think between its words."""
    assert dictating("Log a deficiency: corroded head")
    assert dictating("okay, note the gauge reads")
    assert dictating("Static sixty-two")
    assert not dictating("How do I log in?")
    assert not dictating("")
