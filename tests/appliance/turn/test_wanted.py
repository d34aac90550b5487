"""Which sentences ask for a manual, which are a yes, and what is left of them."""

import pytest

from appliance.ear.utterance import Utterance
from appliance.turn.consent import consent
from appliance.turn.understand import Understanding
from appliance.turn.wanted import asks, names_something, wanted

PLAIN = Understanding(None)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Find me the manual for the Notifier NFS2-3030", "manual for the Notifier NFS2-3030"),
        ("can you find me the manual for the notifier nfs2-3030, please?", "manual for the notifier nfs2-3030"),
        ("Do you have the Notifier NFS2-3030 manual?", "Notifier NFS2-3030 manual"),
        ("Is there a manual for the EST3?", "manual for the EST3"),
        ("search the web for the manual for the Ansul R-102", "manual for the Ansul R-102"),
        ("look online for a manual on the R-102", "manual on the R-102"),
        ("where can I find the data sheet for the Tyco TY3251?", "data sheet for the Tyco TY3251"),
        ("Clara, get me the installation and maintenance manual for the Potter PFC-6800",
         "installation and maintenance manual for the Potter PFC-6800"),
        ("I'm looking for the programming guide for the MS-9200UDLS", "programming guide for the MS-9200UDLS"),
        ("I\N{RIGHT SINGLE QUOTATION MARK}d like the manual for the NFS2-3030", "manual for the NFS2-3030"),
        ("manual for the Edwards EST4", "manual for the Edwards EST4"),
        ("Notifier NFS2-3030 manual", "Notifier NFS2-3030 manual"),
        ("add the manual for the Kidde VM-1 to the library", "manual for the Kidde VM-1"),
    ],
)  # fmt: skip
def test_an_order_for_a_manual_is_one(text: str, left: str) -> None:
    """Typed or spoken, with or without manners; what is left names the thing."""
    question, _ = PLAIN.understand(Utterance(text, text))

    assert question.intent == "manual"
    assert wanted(text) == left
    assert names_something(left)


@pytest.mark.parametrize(
    "text",
    [
        "What does the manual say about the NFS2-3030?",
        "What's in the manual for the NFS2-3030?",
        "Find section 3 of the manual for the NFS2-3030",
        "Find me the torque from the manual for the NFS2-3030",
        "Find the standby current in the NFS2-3030 manual",
        "Which manual covers the NFS2-3030?",
        "Find the manual pull station test interval",
        "Find the interval for manual pull stations",
        "Show me how to test a manual release",
        "Is there a manual override on the deluge valve?",
        "Do we have manual pull stations here?",
        "Is the R-102 release automatic or manual",
        "Show me the difference between automatic and manual",
        "Open the manual release valve",
        "Is a service manual required on site?",
        "According to the manual, how often is the 4010ES tested?",
        "log 75 psi manual",
    ],
)
def test_a_question_about_the_work_is_no_order_for_a_manual(text: str) -> None:
    """Its words name a manual, or a thing worked by hand, and want something else."""
    assert not asks(text)


@pytest.mark.parametrize("text", ["manual", "manual for this", "the manual for this panel", "manual of it"])
def test_what_names_nothing_is_known(text: str) -> None:
    """The box does not see what is pointed at."""
    assert not names_something(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("yes", True), ("Yes please.", True), ("yeah, add it", True), ("sure, go ahead", True), ("OK", True),
        ("please do", True), ("Okay, Clara", True), ("no", False), ("No thanks!", False), ("not now", False),
        ("don\N{RIGHT SINGLE QUOTATION MARK}t add it", False), ("never mind", False), ("stop", False),
        ("thanks", None), ("Clara", None), ("", None), ("yes but how often is it tested", None),
        ("no, how often?", None), ("right", None), ("ok how is a smoke detector tested", None),
    ],
)  # fmt: skip
def test_a_reply_is_a_yes_a_no_or_neither(text: str, *, meant: bool | None) -> None:
    """Nothing is agreed to by politeness, nor by a question that begins with a yes."""
    assert consent(text) is meant


def test_long_nonsense_is_looked_at_quickly() -> None:
    """No pattern may take ages over what somebody pastes."""
    for text in ("find " + "a " * 50_000, "manual " * 20_000, "1 " * 50_000, "no " * 2_000 + "x"):
        assert not asks(text)
        assert consent(text) is None
