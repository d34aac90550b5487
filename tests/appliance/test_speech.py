"""Speaking piece by piece: soon, one ahead, stopped at once, and as loud as wanted."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path

import numpy as np
import pytest

from appliance import speech, wiring
from appliance.box import Box
from appliance.mouth.clauses import clauses
from appliance.settings import Place, Settings
from appliance.turn.answer import Answer
from models.audio import Audio
from models.errors import EngineError
from models.espeak import Espeak
from sync.operation import Operation

LONG = "The valve is trip tested. " * 6


class Watched(Espeak):
    """espeak-ng, telling what it was asked to say; it may be held up, or fail."""

    def __init__(self) -> None:
        """Nothing is held up."""
        super().__init__()
        self.asked: list[str] = []
        self.free = threading.Event()
        self.free.set()
        self.trouble = ""

    def synthesize(self, text: str, speed: float = 1.0) -> Iterator[Audio]:
        """Speak, when it is free to."""
        self.asked.append(text)
        self.free.wait(20)
        if self.trouble:
            raise EngineError(self.trouble)
        yield from super().synthesize(text, speed)


def seconds(audios: list[Audio]) -> float:
    """How long they play."""
    return sum(audio.seconds for audio in audios)


async def test_one_piece_is_made_ahead_and_no_more() -> None:
    """While the first one plays, the second is made; the third waits."""
    voice = Watched()
    async with aclosing(speech.pieces(voice, clauses(LONG))) as made:
        await anext(made)
        await asyncio.sleep(0.3)

        assert len(voice.asked) == 2
        rest = [piece async for piece in made]
    assert (len(rest), len(voice.asked)) == (5, 6)


async def test_who_stops_listening_waits_for_nothing() -> None:
    """The clause under way is left to its thread, and none is begun after it."""
    voice = Watched()
    made = speech.pieces(voice, clauses(LONG))
    await anext(made)
    voice.free.clear()
    start = time.monotonic()
    await made.aclose()

    assert time.monotonic() - start < 1.0
    voice.free.set()
    await asyncio.sleep(0.2)
    assert len(voice.asked) <= 2


async def test_a_cancelled_listener_is_let_go_at_once() -> None:
    """Also in the middle of waiting for a piece."""
    voice = Watched()
    voice.free.clear()

    async def listen() -> None:
        async with aclosing(speech.pieces(voice, clauses(LONG))) as made:
            await anext(made)

    task = asyncio.create_task(listen())
    await asyncio.sleep(0.2)
    start = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert time.monotonic() - start < 1.0
    voice.free.set()
    await asyncio.sleep(0.1)
    assert len(voice.asked) == 1


async def test_a_failing_voice_is_told() -> None:
    """The error comes where the piece would have come."""
    voice = Watched()
    made = speech.pieces(voice, clauses(LONG))
    await anext(made)
    await asyncio.sleep(0.2)
    voice.trouble = "broken"
    await anext(made)

    with pytest.raises(EngineError, match="broken"):
        await anext(made)


async def test_a_cut_within_a_sentence_is_a_breath() -> None:
    """No long silence, and no fall of the voice, before the sentence goes on."""
    voice = Watched()
    cut = ["The battery capacity in ampere-hours", "is 7 Ah."]
    first, last = [piece async for piece in speech.pieces(voice, iter(cut))]
    quiet = [len(one.samples) - int(np.flatnonzero(np.abs(one.samples) > speech.SILENT)[-1]) for one in (first, last)]

    assert voice.asked[0].endswith("ampere-hours,")
    assert quiet[0] / first.rate <= speech.BREATH_S + 0.01 < quiet[1] / last.rate


async def test_what_makes_no_sound_gives_no_piece() -> None:
    """Marks alone are skipped, and nothing is nothing."""
    assert [piece async for piece in speech.pieces(Watched(), iter(["...", "Yes.", "!"]))] != []
    assert [piece async for piece in speech.pieces(Watched(), iter(["..."]))] == []


@pytest.mark.parametrize("volume", [0.35, 0.7, 1.0, 1.4, 2.0])
def test_volume_never_clips(volume: float) -> None:
    """Softer is softer, louder is louder, and all of it stays below full scale."""
    [sound] = Espeak().synthesize("Close the valve.")
    loud = Audio(sound.samples / np.abs(sound.samples).max(), sound.rate)
    made = speech.louder(loud, volume)

    assert made.samples.dtype == np.float32
    assert np.abs(made.samples).max() <= 1.0
    energy = float(np.square(made.samples).sum() / np.square(loud.samples).sum())
    assert energy == pytest.approx(1.0, abs=1e-6) if volume == 1 else (energy > 1.2) == (volume > 1)


@pytest.fixture
async def box(data: Path) -> AsyncIterator[Box]:
    """A box with espeak-ng and records."""
    with wiring.open_box(Settings(place=Place(data=data))) as opened:
        yield opened
        await opened.aclose()


async def test_a_box_says_an_answer_as_its_asker_wants_it(box: Box) -> None:
    """Slower takes longer, quieter is quieter, for that person alone, whole and in pieces."""
    text = "A dry pipe valve is trip tested at full flow every 3 years, and its gauges are inspected weekly."
    box._recorder.record([
        Operation("preference", {"value": 0.6}, entity="dana", field="speech_rate"),
        Operation("preference", {"value": 0.5}, entity="dana", field="volume"),
    ])  # fmt: skip
    pieces = {person: [piece async for piece in box.pieces(text, person)] for person in ("dana", "kim")}
    whole = {person: await box.say(text, person) for person in ("dana", "kim")}

    assert len(pieces["kim"]) > 1
    assert seconds(pieces["dana"]) > 1.3 * seconds(pieces["kim"])
    assert whole["dana"].seconds > 1.3 * whole["kim"].seconds
    assert np.abs(whole["dana"].samples).max() < 0.7 * np.abs(whole["kim"].samples).max()


async def test_a_spoken_answer_is_said_as_its_asker_wants_it(box: Box) -> None:
    """Whoever renders an answer has it said so, without knowing who asked."""
    answers: dict[str, Answer] = {}
    for person in ("dana", "kim"):
        if person == "dana":
            await box.ask("slower", person)
        answers[person] = await box.ask("What flow does a K 5.6 head give at 15 psi?", person)

    assert answers["dana"].said == answers["kim"].said
    assert (await box.speak(answers["dana"])).seconds > 1.1 * (await box.speak(answers["kim"])).seconds
