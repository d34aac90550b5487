"""The web face over real sockets, with a box whose answers are known."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from io import BytesIO

import pytest
from aiohttp import ClientResponse, FormData
from aiohttp.test_utils import TestClient, TestServer

from appliance import check
from appliance.ear.errors import EarError
from appliance.journal import Waterfall
from appliance.turn.answer import Card, Citation
from appliance.web import assets
from appliance.web.errors import WebError
from appliance.web.gate import Gate
from appliance.web.reading import AUDIO_BYTES, TEXT_BYTES
from appliance.web.server import address, build, serve
from models import wav
from models.decode import decode
from models.errors import AudioError, EngineError, NotInstalledError
from sync.errors import StorageError
from tests.fakes.box import AMPS, FakeBox

TestServer.__test__ = False  # type: ignore[attr-defined]
TestClient.__test__ = False  # type: ignore[attr-defined]
QUESTION = {"text": "amp draw 50TCQA06"}
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture
def box() -> FakeBox:
    """What answers."""
    return FakeBox()


@pytest.fixture
async def client(box: FakeBox) -> AsyncIterator[TestClient]:
    """A client of a running server."""
    async with TestClient(TestServer(build(box, "127.0.0.1"))) as client:
        yield client


async def problem(reply: ClientResponse, status: int) -> str:
    """Check that a reply is a problem with advice, and give its words."""
    body = await reply.json()
    assert reply.status == status, body
    assert reply.content_type == "application/json"
    assert set(body) == {"error", "advice"}
    assert body["advice"]
    return str(body["error"])


async def test_a_typed_question_is_answered_with_its_source(client: TestClient, box: FakeBox) -> None:
    """The reply carries the whole answer, each citation with its line for people."""
    reply = await client.post("/v1/ask", json={"text": "  amp draw? ", "person": "Sam"})

    body = await reply.json()
    assert reply.status == 200
    assert box.asked == [("amp draw?", "Sam")]
    assert body["answer"]["said"] == AMPS.said
    assert body["answer"]["shown"][0]["rows"] == [["amp draw", "18.2 A"], ["voltage", "230 V"]]
    assert [citation["text"] for citation in body["answer"]["citations"]] == [one.text() for one in AMPS.citations]
    assert body["answer"]["timings"]["total"] == 3.25
    assert (body["heard"], body["sound"], body["online"]) == (None, None, False)


@pytest.mark.parametrize("kind", ["form", "audio/webm", "audio/wav", "video/mp4", "application/octet-stream"])
async def test_a_recording_is_heard_then_answered(client: TestClient, box: FakeBox, kind: str) -> None:
    """As a form or as the bare body, whatever a phone calls its recording."""
    if kind == "form":
        form = FormData()
        form.add_field("audio", b"sound", filename="q.webm", content_type="audio/webm")
        form.add_field("person", "Sam")
        reply = await client.post("/v1/ask", data=form)
    else:
        reply = await client.post("/v1/ask?person=Sam", data=b"sound", headers={"Content-Type": kind})

    body = await reply.json()
    assert reply.status == 200, body
    assert box.recordings == [b"sound"]
    assert box.asked == [(box.transcript, "Sam")]
    assert body["heard"] == {
        "text": box.transcript, "engine": "fake", "confidence": 1.0, "seconds": 1.5, "words": [], "doubtful": [],
    }  # fmt: skip


async def test_the_spoken_answer_is_made_once_when_it_is_asked_for(client: TestClient, box: FakeBox) -> None:
    """The words never wait for the voice; two who listen get the same sound."""
    body = await (await client.post("/v1/ask?speak=1", json=QUESTION)).json()
    assert body["sound"] == f"/v1/sound/{AMPS.id}.wav"
    assert box.spoken == 0

    first, second = await asyncio.gather(client.get(body["sound"]), client.get(body["sound"]))

    assert first.content_type == "audio/wav"
    assert decode(await first.read()).seconds == pytest.approx(0.5, abs=0.01)
    assert await second.read() == await first.read()
    assert box.spoken == 1


async def test_sound_that_is_not_kept_is_a_404(client: TestClient) -> None:
    """Nobody gets the sound of an answer that was never given."""
    assert "no sound is kept" in await problem(await client.get("/v1/sound/01ABC.wav"), 404)
    await problem(await client.get("/v1/sound/..%2f..%2fetc%2fpasswd.wav"), 404)


async def test_a_voice_that_fails_is_tried_again_at_the_next_asking(client: TestClient, box: FakeBox) -> None:
    """A failure is told, and not kept."""
    path = (await (await client.post("/v1/ask?speak=1", json=QUESTION)).json())["sound"]
    box.trouble["speak"] = EngineError("the voice broke off")
    assert await problem(await client.get(path), 503) == "the voice broke off"

    del box.trouble["speak"]

    assert (await client.get(path)).status == 200


@pytest.mark.parametrize(
    ("body", "status", "named"),
    [
        (b"", 400, "no JSON"),
        (b"{", 400, "no JSON"),
        (b"\xff\xfe", 400, "no JSON"),
        (b"[]", 422, "body"),
        (b"{}", 422, "text"),
        (b'{"text": ""}', 422, "text"),
        (b'{"text": "   "}', 422, "text"),
        (b'{"text": 5}', 422, "text"),
        (b'{"text": null}', 422, "text"),
        (b'{"text": "a", "persn": "b"}', 422, "persn"),
        (b'{"text": "a", "person": "' + b"x" * 81 + b'"}', 422, "person"),
        (b'{"text": "\\ud800"}', 400, "no JSON"),
        (b'{"text": "' + b"x" * TEXT_BYTES + b'"}', 413, "larger than"),
    ],
)
async def test_a_body_that_is_wrong_is_refused_by_name(
    client: TestClient, box: FakeBox, body: bytes, status: int, named: str
) -> None:
    """A clear problem, and the box is not asked."""
    reply = await client.post("/v1/ask", data=body, headers={"Content-Type": "application/json"})

    assert named in await problem(reply, status)
    assert not box.asked


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "image/png", "application/x-www-form-urlencoded"])
async def test_other_kinds_of_body_are_refused(client: TestClient, kind: str) -> None:
    """415; text/plain too, which any site's page could send without asking."""
    await problem(await client.post("/v1/ask", data=b"hello", headers={"Content-Type": kind}), 415)


async def test_a_body_without_a_type_is_refused(client: TestClient) -> None:
    """Nothing is guessed."""
    reply = await client.post("/v1/ask", data=b"x", skip_auto_headers=["Content-Type"])

    await problem(reply, 415)


@pytest.mark.parametrize("bare", [True, False])
async def test_a_recording_that_is_too_large_is_refused_before_it_is_all_in(
    client: TestClient, box: FakeBox, *, bare: bool
) -> None:
    """413, for a bare body and for a form."""
    if bare:
        reply = await client.post(
            "/v1/ask", data=BytesIO(bytes(AUDIO_BYTES + 1)), headers={"Content-Type": "audio/wav"}
        )
    else:
        form = FormData()
        form.add_field("audio", BytesIO(bytes(AUDIO_BYTES + 1)), filename="q.wav", content_type="audio/wav")
        reply = await client.post("/v1/ask", data=form)

    await problem(reply, 413)
    assert not box.recordings


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"audio": b""}, "audio"),
        ({"person": "Sam"}, "audio"),
        ({"audio": b"x", "evil": "1"}, "evil"),
        ({"audio": b"x", "person": "y" * 100}, "person"),
        ({"audio": b"x", "person": BytesIO(b"\xff\xfe")}, "person"),
    ],
)
async def test_a_form_that_is_wrong_is_refused_by_name(
    client: TestClient, fields: dict[str, bytes | str | BytesIO], named: str
) -> None:
    """Missing, empty, unknown and wrong fields."""
    form = FormData()
    for name, value in fields.items():
        form.add_field(name, value, filename="q.wav" if name == "audio" else None, content_type="audio/wav")

    assert named in await problem(await client.post("/v1/ask", data=form), 422)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=abc", b"no boundary here"),
        ("multipart/form-data; boundary=abc", b"--abc\r\nContent-Disposition: form-data; name=audio\r\n\r\nhalf"),
        ("multipart/form-data; boundary=" + "a" * 100, b"x"),
    ],
)
async def test_a_damaged_form_is_a_problem_not_a_crash(client: TestClient, kind: str, body: bytes) -> None:
    """Bytes that are no form give a 4xx with advice."""
    reply = await client.post("/v1/ask", data=body, headers={"Content-Type": kind})

    assert 400 <= reply.status < 500
    await problem(reply, reply.status)


async def test_a_recording_in_which_nothing_is_said_is_no_question(client: TestClient, box: FakeBox) -> None:
    """Silence is told, not answered."""
    box.transcript = ""

    reply = await client.post("/v1/ask", data=b"silence", headers={"Content-Type": "audio/wav"})

    assert "nothing was understood" in await problem(reply, 422)
    assert not box.asked


@pytest.mark.parametrize(
    ("trouble", "status"),
    [
        (AudioError("the recording is longer than 120 s"), 422),
        (EarError("nothing was said"), 422),
        (NotInstalledError("no recogniser is installed"), 503),
        (EngineError("the recogniser failed"), 503),
    ],
)
async def test_what_fails_in_the_box_is_told_with_advice(
    client: TestClient, box: FakeBox, trouble: Exception, status: int
) -> None:
    """The caller's fault is a 4xx, the box's a 503; the words are those of who found it."""
    box.trouble["hear"] = trouble

    reply = await client.post("/v1/ask", data=b"x", headers={"Content-Type": "audio/wav"})

    assert await problem(reply, status) == str(trouble)


async def test_a_mistake_of_ours_is_not_shown_to_the_caller(
    client: TestClient, box: FakeBox, caplog: pytest.LogCaptureFixture
) -> None:
    """500 without the inside of the box; the journal has it."""
    box.trouble["ask"] = ZeroDivisionError("secret detail")

    words = await problem(await client.post("/v1/ask", json=QUESTION), 500)

    assert "secret" not in words
    assert "ZeroDivisionError" in caplog.text
    assert QUESTION["text"] not in caplog.text


async def test_storage_that_fails_is_a_503_and_the_next_question_is_answered(client: TestClient, box: FakeBox) -> None:
    """One failed turn costs the next one nothing."""
    box.trouble["ask"] = StorageError("field.db is locked")
    await problem(await client.post("/v1/ask", json=QUESTION), 503)

    del box.trouble["ask"]

    assert (await client.post("/v1/ask", json=QUESTION)).status == 200


@pytest.mark.parametrize("path", ["/v1/health", "/healthz"])
async def test_health_is_200_only_when_the_box_can_answer(client: TestClient, box: FakeBox, path: str) -> None:
    """A missing voice is told but leaves the box able; a missing library does not."""
    able = await client.get(path)
    assert (able.status, (await able.json())["able"]) == (200, True)

    box.parts_given = [*box.parts_given[1:], check.library(0, "the index is corrupt")]
    unable = await client.get(path)

    assert (unable.status, (await unable.json())["able"]) == (503, False)


async def test_health_tells_the_truth_of_every_part(client: TestClient) -> None:
    """What it uses and what to do about it."""
    body = await (await client.get("/v1/health")).json()

    voice = next(part for part in body["parts"] if part["name"] == "voice")
    assert (voice["well"], voice["essential"]) == (False, False)
    assert "no weights" in voice["uses"]
    assert "clara models fetch" in voice["advice"]
    assert (await (await client.get("/healthz")).json())["unwell"] == ["voice"]


async def test_health_that_cannot_be_found_out_is_no_health(client: TestClient, box: FakeBox) -> None:
    """An error while looking is a 503, never a 200."""
    box.trouble["parts"] = StorageError("field.db is corrupt")

    await problem(await client.get("/healthz"), 503)


@pytest.mark.parametrize("path", ["/", "/page.js", "/v1/health", "/nothing", "/openapi.json"])
async def test_every_reply_tells_the_browser_what_it_may_do(client: TestClient, path: str) -> None:
    """The security headers stand on pages, data and problems alike; no other site may read them."""
    reply = await client.get(path, headers={"Origin": f"http://127.0.0.1:{client.port}"})

    assert reply.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert "unsafe" not in reply.headers["Content-Security-Policy"]
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["X-Frame-Options"] == "DENY"
    assert "Access-Control-Allow-Origin" not in reply.headers


async def test_strangers_names_and_pages_are_refused(client: TestClient, box: FakeBox) -> None:
    """A rebound name gets 421, a foreign page 403, and neither reaches the box."""
    await problem(await client.get("/v1/health", headers={"Host": "evil.example"}), 421)
    await problem(await client.post("/v1/ask", json=QUESTION, headers={"Origin": "https://evil.example"}), 403)
    assert not box.asked


async def test_what_is_not_there_is_a_problem_in_json(client: TestClient) -> None:
    """404 and 405 have the same form as every problem."""
    await problem(await client.get("/nothing"), 404)
    reply = await client.get("/v1/ask")
    await problem(reply, 405)
    assert reply.headers["Allow"] == "POST"


async def test_hostile_words_stay_words(client: TestClient, box: FakeBox) -> None:
    """An answer that holds markup goes out as JSON that no browser interprets."""
    card = Card(HOSTILE, ((HOSTILE, HOSTILE),), HOSTILE)
    box.answer = replace(AMPS, said=HOSTILE, shown=(card,), citations=(Citation("p", HOSTILE, quote=HOSTILE),))

    reply = await client.post("/v1/ask", json={"text": HOSTILE})

    assert reply.content_type == "application/json"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert (await reply.json())["answer"]["said"] == HOSTILE


async def test_the_page_is_served_whole_and_only_once(client: TestClient) -> None:
    """Every file with its type and an ETag; a browser that has it gets 304."""
    for path, (_, kind) in assets.FILES.items():
        reply = await client.get(path)
        assert (reply.status, reply.content_type) == (200, kind)
        assert reply.headers["Cache-Control"] == "no-cache"
        again = await client.get(path, headers={"If-None-Match": reply.headers["ETag"]})
        assert again.status == 304
        assert not await again.read()


def test_the_page_asks_nothing_of_other_sites_and_inserts_no_markup() -> None:
    """It works from the box alone, and whatever comes in is text."""
    for name, _ in assets.FILES.values():
        text = (assets.FOLDER / name).read_text()
        assert "https://" not in text
        assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
        for unsafe in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", " style="):
            assert unsafe not in text


async def test_the_document_describes_every_route_of_the_api(client: TestClient) -> None:
    """OpenAPI lists what there is, and every form it points to."""
    document = await (await client.get("/openapi.json")).json()

    served = {resource.canonical for resource in client.app.router.resources()} - set(assets.FILES) - {"/openapi.json"}
    assert set(document["paths"]) == served
    pointed = set(json.dumps(document).split("#/components/schemas/")[1:])
    assert {name.partition('"')[0] for name in pointed} <= set(document["components"]["schemas"])
    assert document["components"]["schemas"]["Question"]["additionalProperties"] is False


async def test_a_busy_box_says_so_and_when_to_come_back(box: FakeBox) -> None:
    """More than it may take are told to come back; those it took are answered, and then it takes again."""
    gate = Gate(admitted=0)
    async with TestClient(TestServer(build(box, "127.0.0.1", gate))) as client:
        reply = await client.post("/v1/ask", json=QUESTION)
        assert "busy" in await problem(reply, 503)
        assert reply.headers["Retry-After"]

        gate.free = 1
        assert (await client.post("/v1/ask", json=QUESTION)).status == 200
        assert (await client.post("/v1/ask", data="x")).status == 415
        assert (await client.post("/v1/ask", json=QUESTION)).status == 200


async def test_a_port_that_is_taken_is_one_clear_message(box: FakeBox) -> None:
    """The owner learns which port and how to choose another."""
    async with TestServer(build(box, "127.0.0.1")) as taken:
        with pytest.raises(WebError, match=rf"cannot serve on 127\.0\.0\.1 port {taken.port}.*--port"):
            await serve(box, "127.0.0.1", taken.port or 0, print, asyncio.Event())


async def test_serving_ends_when_told_to(box: FakeBox) -> None:
    """`ready` gets an address that answers; `stop` ends it."""
    stop = asyncio.Event()
    places: list[str] = []

    def ready(place: str) -> None:
        places.append(place)
        stop.set()

    await asyncio.wait_for(serve(box, "127.0.0.1", 0, ready, stop), 10)

    assert places[0].startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "http://127.0.0.1:80/"), ("0.0.0.0", "http://127.0.0.1:80/"), ("::1", "http://[::1]:80/")],
)
def test_the_address_is_one_that_a_person_can_type(host: str, shown: str) -> None:
    """Not the wildcard."""
    assert address(host, 80) == shown


async def test_a_spoken_answer_can_be_read_back(box: FakeBox) -> None:
    """What the fake voice gives is a WAV, so that the tests above say something."""
    file = BytesIO()

    assert wav.write(file, [await box.speak(AMPS)]) == pytest.approx(0.5)


async def test_the_times_of_turns_are_told(client: TestClient, box: FakeBox) -> None:
    """To Prometheus as figures, to managers as waterfalls."""
    box.journal.answered(AMPS)
    box.journal.spoke(Waterfall("amp draw?", 1_700_000_000.0, 310.0, 352.0, 1.8, 355.0, 371.5, AMPS.id))

    metrics = await client.get("/metrics")
    turns = await (await client.get("/v1/turns")).json()

    assert metrics.content_type == "text/plain"
    assert 'clara_voice_seconds_count{step="sound"} 1.0' in await metrics.text()
    [turn] = turns["turns"]
    assert turn["steps"] == {"transcript": 310.0, "endpoint": 352.0, "clause": 355.0, "sound": 371.5}
    assert turn["answer"] == AMPS.id
