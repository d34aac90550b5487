"""Conversations in real time: real voice detector, real session, real speech; only recogniser and answers are told.

All scenes are played side by side, once, because they last as long as people speak.
"""

import asyncio
from collections.abc import Mapping

import pytest

from appliance.voice.conversation import RESUME_S
from tests.fakes.voices import Box, Knowing, Samples, Scene, hush, speech

QUESTION = "What is the amp draw of the unit"
OTHER = "How often is the fire pump tested"
SLOWLY = ("Tell me what is the", "alarm current of this panel")
DEED = "Log a corroded sprinkler in the stairwell"
LINES = (QUESTION, OTHER, *SLOWLY, DEED, "Stop", "Okay", "Say that again", "Yes", "No")


@pytest.fixture(scope="module")
def recorded() -> Mapping[str, Samples]:
    """Everything that is said."""
    return {text: speech(text) for text in LINES}


@pytest.fixture(scope="module")
def scenes(recorded: Mapping[str, Samples]) -> Mapping[str, Scene]:  # noqa: C901 - a stage with many scenes
    """All conversations, over."""

    def speaks(scene: Scene) -> bool:
        return scene.sounded() > 0.8

    def done(scene: Scene) -> bool:
        return scene.answers() > 0 and scene.states()[-1] == "listening" and scene.sounded() > 1.4

    async def asks(scene: Scene) -> None:
        await scene.hear(hush(0.5), recorded[QUESTION])
        await scene.quiet(9.0, done)

    async def hesitates(scene: Scene) -> None:
        await scene.hear(hush(0.5), recorded[SLOWLY[0]], hush(0.6), recorded[SLOWLY[1]])
        await scene.quiet(9.0, done)

    async def interrupts(scene: Scene) -> None:
        await scene.hear(hush(0.5), recorded[QUESTION])
        scene.marks["over"] = await scene.quiet(9.0, speaks)
        scene.marks["end"] = await scene.hear(recorded[OTHER])
        await scene.quiet(9.0, lambda scene: scene.answers() > 1 and scene.sounded(scene.marks["end"]) > 0.8)

    async def stops(scene: Scene) -> None:
        await scene.hear(hush(0.5), recorded[QUESTION])
        await scene.quiet(9.0, speaks)
        scene.marks["over"] = await scene.hear(recorded["Stop"])
        await scene.quiet(4.0)

    async def nods(scene: Scene) -> None:
        await scene.hear(hush(0.5), recorded[QUESTION])
        await scene.quiet(9.0, speaks)
        scene.marks["over"] = await scene.hear(recorded["Okay"])
        await scene.quiet(9.0, lambda scene: scene.sounded() > 2.9)

    async def again(scene: Scene) -> None:
        await scene.hear(hush(0.5), recorded[QUESTION])
        await scene.quiet(9.0, done)
        await scene.hear(hush(0.5), recorded["Say that again"])
        await scene.quiet(9.0, lambda scene: scene.sounded() > 2.9)

    async def waits(scene: Scene) -> None:
        await scene.hear(hush(0.5), recorded[QUESTION])
        await scene.quiet(9.0, done)

    async def pushes(scene: Scene) -> None:
        await scene.hear(hush(0.3))
        scene.talk.press()
        await scene.hear(recorded[SLOWLY[0]], hush(1.5), recorded[SLOWLY[1]])
        await scene.talk.release()
        await scene.quiet(9.0, done)

    async def types(scene: Scene) -> None:
        scene.talk.typed(QUESTION)
        await scene.quiet(9.0, done)

    async def does(scene: Scene) -> None:
        await scene.hear(hush(0.5), recorded[DEED])
        await scene.quiet(9.0, lambda scene: scene.sounded() > 1.4 and scene.states()[-1] == "listening")
        scene.marks["asked"] = len(scene.box.kept)
        await scene.hear(hush(0.5), recorded["Yes"])
        await scene.quiet(9.0, done)

    async def leaves(scene: Scene) -> None:
        await scene.hear(hush(0.5), recorded[DEED])
        await scene.quiet(9.0, lambda scene: scene.sounded() > 1.4 and scene.states()[-1] == "listening")
        await scene.hear(hush(0.5), recorded["No"])
        await scene.quiet(4.0, lambda scene: scene.sounded() > 2.9)

    def scene(**more: object) -> Scene:
        return Scene(Box(Knowing(recorded), **more))  # type: ignore[arg-type]

    played = {
        "asks": (scene(), asks),
        "hesitates": (scene(), hesitates),
        "interrupts": (scene(clauses=("One.", "Two.", "Three.")), interrupts),
        "stops": (scene(clauses=("One.", "Two.", "Three.")), stops),
        "nods": (scene(clauses=("One.", "Two.")), nods),
        "again": (scene(clauses=("One.",)), again),
        "waits": (scene(slow_s=2.5), waits),
        "pushes": (Scene(Box(Knowing(recorded)), "push"), pushes),
        "types": (scene(), types),
        "does": (Scene(Box(Knowing(recorded, confidence=0.6))), does),
        "leaves": (Scene(Box(Knowing(recorded, confidence=0.6))), leaves),
        "mumbles": (Scene(Box(Knowing(recorded, confidence=0.2))), asks),
    }

    async def all_of_them() -> None:
        await asyncio.gather(*(scene.play(script) for scene, script in played.values()))

    asyncio.run(all_of_them())
    return {name: scene for name, (scene, _) in played.items()}


def test_a_question_is_answered_by_sound(scenes: Mapping[str, Scene]) -> None:
    """Heard once, answered once, both clauses spoken, the answer kept."""
    scene = scenes["asks"]
    assert scene.said() == [QUESTION]
    assert scene.answers() == 1
    assert scene.box.kept == [QUESTION]
    assert scene.sounded() == pytest.approx(3.0, abs=0.2)
    assert scene.states()[:3] == ["listening", "thinking", "speaking"]


def test_the_turn_has_a_waterfall(scenes: Mapping[str, Scene]) -> None:
    """Its steps come in their order, after the end of speech."""
    [fall] = scenes["asks"].waterfalls()
    assert fall.question == QUESTION
    assert fall.sound is not None
    assert fall.endpoint is not None
    assert 0 < fall.endpoint <= fall.sound < 5000


def test_who_stops_at_an_open_word_has_not_finished(scenes: Mapping[str, Scene]) -> None:
    """The pause is waited out, and both parts are one question."""
    scene = scenes["hesitates"]
    assert scene.said() == [" ".join(SLOWLY)]
    assert scene.box.kept == [" ".join(SLOWLY)]


def test_a_question_over_an_answer_ends_it(scenes: Mapping[str, Scene]) -> None:
    """The old answer is silent at once and for good; the new question is answered."""
    scene = scenes["interrupts"]
    assert scene.said() == [QUESTION, OTHER]
    assert scene.answers() == 2
    began, ended = scene.marks["over"], scene.marks["end"]
    assert scene.sounded(0, began) > 0.5
    assert scene.sounded(began + 1.0, ended) == 0
    assert scene.sounded(ended) > 0.5


def test_stop_stops(scenes: Mapping[str, Scene]) -> None:
    """Nothing more is said, and no question was asked."""
    scene = scenes["stops"]
    assert scene.sounded(scene.marks["over"] + 0.5) == 0
    assert scene.box.kept == [QUESTION]


def test_a_nod_does_not_end_an_answer(scenes: Mapping[str, Scene]) -> None:
    """It pauses, and goes on to its end."""
    scene = scenes["nods"]
    assert scene.said() == [QUESTION]
    assert scene.box.kept == [QUESTION]
    assert scene.sounded(scene.marks["over"] + RESUME_S) > 0.5
    assert scene.sounded() == pytest.approx(3.0, abs=0.4)


def test_an_answer_is_said_again(scenes: Mapping[str, Scene]) -> None:
    """From what was said, without asking anew."""
    scene = scenes["again"]
    assert scene.box.kept == [QUESTION]
    assert scene.sounded() > 2.0


def test_waiting_is_heard(scenes: Mapping[str, Scene]) -> None:
    """A soft sound while the answer is not there yet, then the answer."""
    scene = scenes["waits"]
    soft = [moment for moment, _, loud in scene.played if 300 < loud <= 3000]
    loud = [moment for moment, _, loudness in scene.played if loudness > 3000]
    assert soft
    assert loud
    assert soft[0] < loud[0]


def test_a_button_says_when_the_turn_is_over(scenes: Mapping[str, Scene]) -> None:
    """However long the pause, it is one question."""
    scene = scenes["pushes"]
    assert scene.box.kept == [" ".join(SLOWLY)]
    assert scene.sounded() > 0.5


def test_what_was_not_heard_for_certain_is_read_back_before_it_is_done(scenes: Mapping[str, Scene]) -> None:
    """A yes does it; a no leaves it."""
    assert scenes["does"].marks["asked"] == 0
    assert scenes["does"].box.kept == [DEED]
    assert scenes["leaves"].box.kept == []
    assert scenes["leaves"].sounded() > 2.0


def test_what_no_recogniser_is_sure_of_is_no_turn(scenes: Mapping[str, Scene]) -> None:
    """Text below the gate's limit is never answered."""
    assert scenes["mumbles"].box.asked == []
    assert scenes["mumbles"].sounded() == 0


def test_a_typed_question_is_answered_by_sound(scenes: Mapping[str, Scene]) -> None:
    """Without a microphone."""
    scene = scenes["types"]
    assert scene.box.kept == [QUESTION]
    assert scene.sounded() == pytest.approx(3.0, abs=0.2)
