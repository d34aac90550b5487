"""The library over HTTP: browsing, searching, opening a passage, seeing its page, and telling what was wrong."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from appliance import wiring
from appliance.settings import Place, Settings
from appliance.web.gate import Gate
from appliance.web.library import LibraryApi
from appliance.web.server import build
from appliance.web.shield import problems
from corpora.errors import LibraryError
from sync.errors import StorageError
from tests.fakes.box import AMPS, FakeBox
from tests.fakes.manual import NOTES, PRIME, TRIP, shelve

TestServer.__test__ = False  # type: ignore[attr-defined]
TestClient.__test__ = False  # type: ignore[attr-defined]
HOW = "How do I test a smoke detector?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the texts lie."""
    return tmp_path_factory.mktemp("texts")


@pytest.fixture(scope="module")
def shelf(folder: Path) -> Any:
    """Library and stock."""
    return shelve(folder)


@pytest.fixture
def box(shelf: Any) -> FakeBox:
    """A box with real texts."""
    made = FakeBox()
    made.library, made.stock = shelf
    return made


@pytest.fixture
async def client(box: FakeBox) -> AsyncIterator[TestClient]:
    """A client of a running server."""
    async with TestClient(TestServer(build(box, "127.0.0.1"))) as client:
        yield client


async def got(client: TestClient, path: str, status: int = 200, **query: str) -> Any:
    """Ask for JSON."""
    reply = await client.get(path, params=query)
    body = await reply.json()
    assert reply.status == status, body
    return body


async def test_every_document_is_listed_with_its_makers_systems_and_files(client: TestClient) -> None:
    """By title; the file's id and pages are there to open it."""
    documents = (await got(client, "/v1/library/documents"))["documents"]

    assert [one["document"] for one in documents] == ["Harbor Street notes", "Model F manual"]
    assert (documents[1]["makers"], documents[1]["systems"], documents[1]["passages"]) == (
        ["Acme"],
        ["dry sprinkler"],
        2,
    )
    assert documents[1]["originals"][0]["pages"] == 2


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ({"q": "trip the dry pipe"}, TRIP),
        ({"q": "every third year", "maker": "ACME"}, TRIP),
        ({"q": "section 4.2 full flow"}, TRIP),
        ({"q": "riser", "document": "Harbor Street notes"}, NOTES),
        ({"q": "trip the dry pipe", "model": "f", "edition": "2024"}, TRIP),
        ({"q": "trip the dry pipe", "edition": "2023"}, None),
        ({"document": "Harbor Street notes"}, None),
        ({"q": "trip the dry pipe", "system": "sprinkler"}, None),
        ({"q": "  "}, None),
    ],
)
async def test_search_finds_what_is_typed_within_what_is_chosen(
    client: TestClient, query: dict[str, str], first: str | None
) -> None:
    """By words and number, kept to a maker, model, edition, document or system; no words find nothing."""
    hits = (await got(client, "/v1/library/search", **query))["hits"]

    assert [hit["text"] for hit in hits[:1]] == ([first] if first else [])


async def test_a_document_is_given_in_its_order(client: TestClient) -> None:
    """Passage after passage with heading, section and page; `next` goes on, and is null at the end."""
    place = {"document": "Model F manual", "pack": "documents", "edition": "2024"}
    one = await got(client, "/v1/library/contents", **place, limit="1")
    two = await got(client, "/v1/library/contents", **place, start=str(one["next"]))

    assert [(each["text"], each["heading"], each["section"], each["page"]) for each in one["passages"]] == [
        (TRIP, ["Testing", "Trip test"], "4.2", 2)
    ]
    assert (one["start"], one["next"], one["total"]) == (0, 1, 2)
    assert ([each["text"] for each in two["passages"]], two["next"]) == ([PRIME], None)


@pytest.mark.parametrize(
    ("query", "status", "named"),
    [
        ({"document": "Nobody's manual"}, 404, "Nobody's manual"),
        ({"document": "Model F manual", "edition": "1066"}, 404, "Model F manual"),
        ({}, 422, "document"),
        ({"document": "Model F manual", "limit": "100000"}, 422, "limit"),
        ({"document": "Model F manual", "limit": "0"}, 422, "limit"),
        ({"document": "Model F manual", "start": "-1"}, 422, "start"),
        ({"document": "Model F manual", "start": "\u0663"}, 422, "start"),
    ],
)
async def test_a_document_that_cannot_be_given_is_said(
    client: TestClient, query: dict[str, str], status: int, named: str
) -> None:
    """No such document, or no sensible number."""
    assert named in (await got(client, "/v1/library/contents", status, **query))["error"]


async def test_a_passage_comes_with_its_section_and_its_page(client: TestClient) -> None:
    """The page is a PNG whose mark changes it; another page of the passage's document has no mark."""
    hit = (await got(client, "/v1/library/search", q="trip"))["hits"][0]
    passage = await got(client, f"/v1/library/passages/{hit['id']}")

    assert [one["text"] for one in passage["around"]] == [TRIP, PRIME]
    assert passage["picture"].startswith(f"/v1/library/documents/{passage['original']['id']}/pages/2.png?passage=")
    marked = await client.get(passage["picture"])
    plain = await client.get(passage["picture"].partition("?")[0])
    assert (marked.status, marked.content_type) == (200, "image/png")
    assert await marked.read() != await plain.read()
    first = passage["picture"].replace("/pages/2.png", "/pages/1.png")
    assert await (await client.get(first)).read() == await (await client.get(first.partition("?")[0])).read()


async def test_a_text_without_pages_is_given_as_text(client: TestClient) -> None:
    """There is no picture to ask for, and asking nevertheless is a 404."""
    hit = (await got(client, "/v1/library/search", q="wrench"))["hits"][0]
    passage = await got(client, f"/v1/library/passages/{hit['id']}")

    assert (passage["text"], passage["picture"]) == (NOTES, None)
    assert (
        "no PDF" in (await got(client, f"/v1/library/documents/{passage['original']['id']}/pages/1.png", 404))["error"]
    )


@pytest.mark.parametrize(
    "path",
    [
        "/v1/library/passages/documents/none/none",
        "/v1/library/documents/0123456789abcdef/pages/1.png",
        "/v1/library/documents/..%2f..%2fetc/pages/1.png",
        "/v1/library/passages/..%2f..%2fetc%2fpasswd",
        "/v1/library/cited?document=NFPA%2099&section=1.2.3&quote=unheard%20of",
    ],
)
async def test_what_is_not_on_the_box_is_a_404(client: TestClient, path: str) -> None:
    """Nothing outside the stock can be named."""
    await got(client, path, 404)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ({"edition": "2024", "section": "4.2", "quote": "worded otherwise"}, TRIP),
        ({"edition": "2024", "section": "4.2", "quote": PRIME}, PRIME),
        ({"edition": "2017", "section": "4.2"}, TRIP),
    ],
)
async def test_a_section_that_a_row_cites_is_opened(client: TestClient, query: dict[str, str], text: str) -> None:
    """The passage with its words, else the first; another edition than the one cited is given under its own name."""
    passage = await got(client, "/v1/library/cited", document="Model F manual", **query)

    assert (passage["text"], passage["edition"]) == (text, "2024")


async def test_a_library_that_is_not_well_says_so(client: TestClient, box: FakeBox) -> None:
    """A part's error is a 503 with its reason."""

    class Broken:
        """Cannot be read."""

        def search(self, *_: object) -> None:
            """Fail."""
            raise LibraryError("the index is damaged")

    box.library = Broken()  # type: ignore[assignment]

    assert "damaged" in (await got(client, "/v1/library/search", 503, q="x"))["error"]


async def test_a_busy_library_says_so_and_questions_are_answered_all_the_same(box: FakeBox) -> None:
    """The library's gate is its own: whoever types does not keep out whoever asks."""
    app = web.Application(middlewares=[problems])
    LibraryApi(box, Gate(admitted=0)).register(app.router)
    async with TestClient(TestServer(app)) as client:
        assert "busy" in (await got(client, "/v1/library/search", 503, q="trip"))["error"]
    async with TestClient(TestServer(build(box, "127.0.0.1", Gate(admitted=0)))) as client:
        await got(client, "/v1/library/search", q="trip")


async def test_a_caller_who_went_on_typing_is_not_searched_for(client: TestClient, box: FakeBox) -> None:
    """Searches that wait while their caller hangs up never reach the library."""
    asked: list[str] = []
    release, both = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    real = box.library.search

    def slow(query: str, *rest: Any) -> Any:
        asked.append(query)
        if len(asked) == 2:
            loop.call_soon_threadsafe(both.set)
        asyncio.run_coroutine_threadsafe(release.wait(), loop).result(10)
        return real(query, *rest)

    box.library.search = slow  # type: ignore[method-assign]
    try:
        tasks = [asyncio.create_task(client.get("/v1/library/search", params={"q": f"trip {n}"})) for n in range(6)]
        await asyncio.wait_for(both.wait(), 10)
        await asyncio.sleep(0.1)
        for task in tasks[2:5]:
            task.cancel()
        await asyncio.sleep(0.1)
        release.set()
        done = await asyncio.gather(*tasks, return_exceptions=True)
    finally:
        del box.library.search

    assert sum(not isinstance(one, BaseException) for one in done) == 3
    assert len(asked) == 3


async def test_what_was_wrong_is_recorded_with_answer_and_note(client: TestClient, box: FakeBox) -> None:
    """A gap for head office; without a question, or when it cannot be kept, the technician learns it."""
    path = f"/v1/answers/{AMPS.id}/wrong"
    reply = await client.post(path, json={"question": " amp draw? ", "note": "it says 20 A on the plate"})

    assert (reply.status, (await reply.json())["gap"]) == (200, "01JD0000000000000000000002")
    assert box.gaps == [(AMPS.id, "amp draw?", "it says 20 A on the plate")]
    assert (await client.post(path, json={"note": "x"})).status == 422
    assert (await client.post(path, data="x")).status == 415
    box.trouble["wrong"] = StorageError("the disk is full")
    assert (await client.post(path, json={"question": "x"})).status == 503


async def test_the_whole_box_offline_finds_opens_and_notes_what_was_wrong(data: Path) -> None:
    """From the shipped texts to a gap in the records, with nothing but this machine."""
    with wiring.open_box(Settings(place=Place(data=data))) as whole:
        async with TestClient(TestServer(build(whole, "127.0.0.1"))) as client:
            documents = (await got(client, "/v1/library/documents"))["documents"]
            hits = (await got(client, "/v1/library/search", q="dry pipe trip test", system="dry sprinkler"))["hits"]
            passage = await got(client, f"/v1/library/passages/{hits[0]['id']}")
            answer = (await (await client.post("/v1/ask", json={"text": HOW})).json())["answer"]
            cited = answer["citations"][0]
            source = await got(client, f"/v1/library/passages/{cited['location']['passage']}")
            reply = await client.post(f"/v1/answers/{answer['id']}/wrong", json={"question": answer["asked"]})
            assert reply.status == 200, await reply.json()

        assert "Dry pipe sprinkler systems" in {one["document"] for one in documents}
        assert {hit["system"] for hit in hits} == {"dry sprinkler"}
        assert (passage["id"], passage["picture"]) == (hits[0]["id"], None)
        assert source["text"] == cited["quote"]
        assert whole.records.gaps()[-1].question == answer["asked"]
        await whole.aclose()
