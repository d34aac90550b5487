"""A conversation in a real browser: its microphone and its loudspeaker, and, where marked slow, the real box."""

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from aiohttp.test_utils import TestServer

from appliance.web import talks
from appliance.web.server import build
from models.decode import decode
from tests.appliance.web.test_page import shoot
from tests.appliance.web.test_talk import long
from tests.eval.demo import demo_box
from tests.fakes.box import AMPS, FakeBox
from tests.fakes.browser import PROGRAM, Page, browse
from tests.fakes.weights import embedded

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no Chromium here: apt-get install -y chromium")
RECORDINGS = Path(__file__).parents[2] / "recordings"
TAP = """(() => {
    const connect = AudioNode.prototype.connect;
    window.played = [];
    AudioNode.prototype.connect = function (to, ...rest) {
        if (to instanceof AudioDestinationNode) {
            const copy = this.context.createMediaStreamDestination();
            connect.call(this, copy);
            window.recorder = new MediaRecorder(copy.stream);
            recorder.ondataavailable = ({ data }) => played.push(data);
            recorder.start();
        }
        return connect.call(this, to, ...rest);
    };
})()"""
"""Records what the page plays, behind its volume and before the loudspeaker."""
RECORDED = """new Promise((yes) => {
    recorder.onstop = async () => {
        const bytes = new Uint8Array(await new Blob(played).arrayBuffer());
        yes(btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")));
    };
    recorder.stop();
})"""
STUDIO = """(() => {
    const context = new AudioContext(), place = context.createMediaStreamDestination();
    context.createConstantSource().connect(new GainNode(context, { gain: 0 })).connect(place);
    navigator.mediaDevices.getUserMedia = async () => place.stream.clone();
    window.speak = async (data) => {
        const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
        const source = new AudioBufferSourceNode(context, { buffer: await context.decodeAudioData(bytes.buffer) });
        source.connect(place);
        source.start();
    };
})()"""
"""A microphone into which a test speaks when it wants to."""
PRESS = """(kind) => document.querySelector('#talk').dispatchEvent(
    new PointerEvent(kind, { pointerId: 1, bubbles: true, isPrimary: true }))"""


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """The conversation's library is imported before anybody waits for it."""
    talks.load()


async def opened(page: Page) -> None:
    """Wait until the line is up and the microphone open."""
    await page.until("document.querySelector('#talk').getAttribute('aria-pressed') === 'true'")
    await page.until("document.querySelector('#talk').dataset.state === 'up'")


async def loudness(page: Page) -> float:
    """Give the peak of all that the page played."""
    return float(np.abs(decode(base64.b64decode(await page.run(RECORDED))).samples).max())


async def speak(page: Page, name: str) -> None:
    """Say a recorded question into the studio's microphone."""
    data = base64.b64encode((RECORDINGS / f"{name}.wav").read_bytes()).decode()
    await page.run(f"speak({json.dumps(data)})")


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    """The page of a box whose answers last four seconds, with a studio's microphone."""
    async with TestServer(build(long(4.0), "127.0.0.1")) as server, browse(str(server.make_url("/"))) as page:
        await page.run(STUDIO)
        await page.look(360, 740, dark=True)
        yield page


async def test_a_tap_leaves_the_microphone_open_and_another_ends_it(page: Page) -> None:
    """What is heard is shown while it is said; the answer comes by text, in step, and by sound; "Stop" stops it."""
    await page.run(TAP)
    await page.tap("#talk")
    await opened(page)
    await speak(page, "amp-draw")
    await page.until("document.querySelector('#heard').textContent")
    await page.until("document.querySelector('.turn .said')?.textContent", 20)
    assert await page.text("#heard") == FakeBox().transcript
    assert await page.text(".turn .said") == AMPS.said
    assert "18.2 A" in await page.text(".turn .card")
    assert await page.run("[...document.querySelectorAll('body *')].every(e => e.getBoundingClientRect().right <= 360)")

    await page.until("!document.querySelector('#hush').disabled")
    await page.run("new Promise(done => setTimeout(done, 300))")
    await page.tap("#hush")
    await page.until("document.querySelector('#hush').disabled")
    assert await loudness(page) > 0.05
    await page.tap("#talk")
    await page.until("document.querySelector('#talk').getAttribute('aria-pressed') === 'false'")
    await shoot(page, "talking")
    assert (await page.text(".turn .raw")).startswith("Heard:")
    assert page.complaints == []


@pytest.mark.parametrize("hand", ["thumb", "space"])
async def test_a_held_button_talks_until_it_is_let_go(page: Page, hand: str) -> None:
    """With the thumb or with the space bar."""

    async def do(down: bool) -> None:  # noqa: FBT001
        if hand == "thumb":
            await page.run("Element.prototype.setPointerCapture = () => {}")
            await page.run(f"({PRESS})({json.dumps('pointerdown' if down else 'pointerup')})")
        else:
            await page.call(
                "Input.dispatchKeyEvent", type="keyDown" if down else "keyUp", key=" ", windowsVirtualKeyCode=32
            )

    await do(down=True)
    await page.until("document.querySelector('#talk-label').textContent.includes('let go')")
    await speak(page, "k-factor")
    await page.run("new Promise(done => setTimeout(done, 2500))")
    assert await page.run("document.querySelector('.turn')") is None
    await do(down=False)
    await page.until("document.querySelector('.turn .said')?.textContent", 20)

    assert await page.run("document.querySelector('#talk').getAttribute('aria-pressed')") == "false"
    assert page.complaints == []


async def test_mute_and_volume_change_what_is_heard(page: Page) -> None:
    """The answer goes on in silence."""
    await page.run(TAP)
    await page.tap("#talk")
    await opened(page)
    await page.tap("#mute")
    await page.write("#question", "amp draw?")
    await page.press("Enter", 13, "\r")
    await page.until("document.querySelector('.turn .said')?.textContent")
    await page.until("!document.querySelector('#hush').disabled")
    await page.run("new Promise(done => setTimeout(done, 600))")

    assert await page.run("document.querySelector('#mute').getAttribute('aria-pressed')") == "true"
    assert await loudness(page) < 0.001


async def test_a_page_whose_line_breaks_comes_back_and_hears_the_rest(page: Page) -> None:
    """By itself, and without asking again."""
    await page.run("""(() => {
        const whole = WebSocket;
        window.sockets = [];
        window.heardBytes = 0;
        window.WebSocket = class extends whole {
            constructor(...all) {
                super(...all);
                sockets.push(this);
                this.addEventListener("close", ({ code, reason }) => (window.closes ??= []).push([code, reason]));
                this.addEventListener("message", ({ data }) => { heardBytes += data.byteLength ?? 0; });
            }
        };
    })()""")
    await page.tap("#talk")
    await opened(page)
    await page.write("#question", "amp draw?")
    await page.press("Enter", 13, "\r")
    await page.until("heardBytes > 30000")
    await page.run("sockets[0].onclose({ code: 1006, reason: '' })")
    assert await page.run("document.querySelector('#talk').dataset.state") == "down"
    await page.until("document.querySelector('#talk').dataset.state === 'up'")
    await page.until("document.querySelector('#hush').disabled", 20)

    assert await page.run("sockets.length") == 2, await page.run("closes")
    assert await page.run("document.querySelectorAll('.turn').length") == 1
    assert await page.text("#trouble strong") == ""


async def test_a_busy_box_is_told_as_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to do."""
    monkeypatch.setattr("appliance.web.server.Talks", lambda box: talks.Talks(box, most=0))
    async with TestServer(build(FakeBox(), "127.0.0.1")) as server, browse(str(server.make_url("/"))) as page:
        await page.run(STUDIO)
        await page.tap("#talk")
        await page.until("!document.querySelector('#trouble').hidden")

        assert "busy" in await page.text("#trouble")
        assert await page.run("document.querySelector('#talk').getAttribute('aria-pressed')") == "false"


@pytest.mark.slow
async def test_a_question_from_the_microphone_is_answered_by_the_real_box() -> None:
    """Chromium's microphone plays a recording; what the page plays in answer is heard as the right figure."""
    embedded("moonshine-tiny-en")
    question = f"--use-file-for-fake-audio-capture={RECORDINGS / 'k-factor.wav'}%noloop"
    async with (
        demo_box(warm=True) as box,
        TestServer(build(box, "127.0.0.1")) as server,
        browse(str(server.make_url("/")), question) as page,
    ):
        await page.run(TAP)
        await page.tap("#talk")
        await page.until("document.querySelector('.turn .said')?.textContent.includes('21.7')", 40)
        await page.until("document.querySelector('#hush').disabled", 40)
        answer = base64.b64decode(await page.run(RECORDED))
        heard = await box.hear(answer)

        assert "Q = K√P" in await page.text(".turn")
        assert re.search(r"21\.7|twenty.?one point seven", heard.text.lower()), heard.text
        assert page.complaints == []


@pytest.mark.slow
async def test_a_question_over_an_answer_stops_it_and_is_answered() -> None:
    """The old answer is broken off before its end."""
    embedded("moonshine-tiny-en")
    async with (
        demo_box(warm=True) as box,
        TestServer(build(box, "127.0.0.1")) as server,
        browse(str(server.make_url("/"))) as page,
    ):
        await page.run(STUDIO)
        await page.tap("#talk")
        await opened(page)
        await speak(page, "wework")
        await page.until("!document.querySelector('#hush').disabled && document.querySelector('.turn .said')", 40)
        await asyncio.sleep(0.5)
        await speak(page, "k-factor")
        await page.until("document.querySelector('.turn .said')?.textContent.includes('21.7')", 40)

        assert await page.run("document.querySelectorAll('.turn').length") == 2
        assert "WeWork" in await page.text(".turn.earlier .said")
        assert page.complaints == []
