"""The box's own microphone and speaker: programs that a test can stand in for, with sound in real time."""

import asyncio
import sys
from pathlib import Path

import numpy as np
import pytest

from appliance.voice.card import Card, CardError
from appliance.voice.conversation import Answered, Conversation, Event
from tests.fakes.voices import Box, Knowing, hush, speech

RECORD = """
import sys, time
data = open(sys.argv[1], "rb").read()
begun = time.monotonic()
for start in range(0, len(data), 640):
    sys.stdout.buffer.write(data[start:start + 640]); sys.stdout.buffer.flush()
    time.sleep(max(0, begun + (start + 640) / 32_000 - time.monotonic()))
"""
QUESTION = "What is the amp draw of the unit"


def test_a_question_into_the_microphone_is_answered_by_the_speaker(tmp_path: Path) -> None:
    """Both programs really run; the recording ends, and its end is told."""
    recorded = speech(QUESTION)
    (tmp_path / "in.raw").write_bytes(np.concatenate([hush(0.5), recorded, hush(3.5)]).tobytes())
    events: list[Event] = []
    box = Box(Knowing({QUESTION: recorded}, likeness=0.4), clauses=("One.",))

    async def talk() -> None:
        card = Card(
            (sys.executable, "-c", RECORD, str(tmp_path / "in.raw")),
            ("sh", "-c", f'cat > "{tmp_path}/out.raw"; true'),
        )
        conversation = Conversation(box, "tech", events.append)
        await conversation.start(card.microphone, card.loudspeaker)
        try:
            await card.run()
        finally:
            await conversation.aclose()
            await card.loudspeaker.aclose()

    with pytest.raises(CardError, match="has ended"):
        asyncio.run(talk())

    assert box.kept == [QUESTION]
    assert any(isinstance(event, Answered) for event in events)
    played = np.frombuffer((tmp_path / "out.raw").read_bytes(), np.int16)
    assert (np.abs(played) > 3000).sum() > 12_000


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (("/nowhere/arecord",), "/nowhere/arecord cannot be started"),
        ((sys.executable, "-c", "import sys; sys.exit('no soundcards found')"), "no soundcards found"),
    ],
)
def test_a_box_without_a_microphone_says_so(record: tuple[str, ...], said: str) -> None:
    """The program's own last words are in the message."""
    with pytest.raises(CardError, match=said):
        asyncio.run(Card(record, (sys.executable, "-c", "import sys; sys.stdin.read()")).run())
