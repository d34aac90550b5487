"""Which requests need a paired device, and how one is had."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from appliance.people.people import FILE, People
from appliance.settings import Settings
from appliance.web.paired import COOKIE, FORWARDED, OPEN
from appliance.web.pairing import WRONG, PairingApi
from appliance.web.server import build
from tests.fakes.box import FakeBox

TestServer.__test__ = False  # type: ignore[attr-defined]
TestClient.__test__ = False  # type: ignore[attr-defined]
Open = Callable[..., Awaitable[TestClient]]


@pytest.fixture
def box(tmp_path: Path) -> FakeBox:
    """What answers."""
    return FakeBox(Settings.model_validate({"place": {"data": tmp_path}}))


@pytest.fixture
def people(tmp_path: Path) -> People:
    """A list with a technician and a manager."""
    people = People(tmp_path / FILE)
    people.add("Sam")
    people.add("Ada", "manager")
    return people


@pytest.fixture
async def served(box: FakeBox) -> AsyncIterator[Open]:
    """Serve the box as if it were bound to an address."""
    clients = []

    async def serve(bound: str = "0.0.0.0") -> TestClient:
        client = TestClient(TestServer(build(box, bound)))
        await client.start_server()
        clients.append(client)
        return client

    yield serve
    for client in clients:
        await client.close()


def bearer(token: str) -> dict[str, str]:
    """A header with a token."""
    return {"Authorization": f"Bearer {token}"}


async def test_beyond_the_machine_every_route_but_the_open_ones_needs_a_device(served: Open, people: People) -> None:
    """All that is served is tried, so a new route cannot be forgotten; with a device none says 401."""
    client = await served()
    token, _ = people.redeem(people.pair("ada"))
    routes = {(route.method, route.resource.canonical) for route in client.app.router.routes() if route.resource}
    shut = {(method, path) for method, path in routes if path not in OPEN and method in {"GET", "POST", "DELETE"}}
    assert len(shut) > 20

    for method, path in shut:
        place = path.replace("{", "").replace("}", "")
        assert (await client.request(method, place)).status == 401, (method, path)
        assert (await client.request(method, place, headers=bearer(token))).status != 401, (method, path)


async def test_what_is_open_is_health_pairing_signed_hooks_and_the_page(served: Open) -> None:
    """And a browser that is not paired is led to where it can be."""
    client = await served()

    for path in OPEN - {"/", "/v1/pair", "/webhook"}:
        assert (await client.get(path)).status in {200, 503}, path
    assert (await client.post("/webhook", data=b"{}")).status == 503  # no rooms here
    led = await client.get("/", allow_redirects=False)
    assert (led.status, led.headers["Location"]) == (303, "/pair.html")


async def test_a_stranger_is_told_what_to_do(served: Open) -> None:
    """Not only that they may not."""
    reply = await (await served()).post("/v1/ask", json={"text": "amps?"})

    body = await reply.json()
    assert reply.status == 401
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")
    assert "clara people pair" in body["advice"]


async def test_a_browser_is_paired_by_a_cookie_that_no_page_can_read(
    served: Open, people: People, box: FakeBox
) -> None:
    """HttpOnly, SameSite=Strict; the token is not in the body; the page then opens."""
    client = await served()
    reply = await client.post("/v1/pair", json={"code": people.pair("sam", "tablet"), "keep": "cookie"})

    body = await reply.json()
    cookie = reply.cookies[COOKIE]
    assert (reply.status, body["token"], body["person"], body["device"]) == (200, "", "Sam", "tablet")
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert int(cookie["max-age"]) == 180 * 86_400
    kept = {"Cookie": f"{COOKIE}={cookie.value}"}
    assert (await client.get("/", headers=kept, allow_redirects=False)).status == 200
    assert (await client.post("/v1/ask", json={"text": "amps?", "person": "Kim"}, headers=kept)).status == 200
    assert box.asked == [("amps?", "Sam")]


async def test_an_app_gets_its_token_once_and_is_out_at_once_when_revoked(served: Open, people: People) -> None:
    """The next request after a revocation is refused, and says that it was revoked."""
    client = await served()
    paired = await (await client.post("/v1/pair", json={"code": people.pair("ada")})).json()
    me = await (await client.get("/v1/me", headers=bearer(paired["token"]))).json()
    assert (me["person"], me["role"], me["id"], me["token"]) == ("Ada", "manager", paired["id"], "")

    People(people.path).revoke(paired["id"])

    reply = await client.get("/v1/me", headers=bearer(paired["token"]))
    assert reply.status == 401
    assert "revoked" in (await reply.json())["error"]


async def test_who_asks_is_whose_device_it_is(served: Open, people: People, box: FakeBox) -> None:
    """A body cannot make somebody another person."""
    client = await served()
    token, _ = people.redeem(people.pair("sam"))

    await client.post("/v1/ask", json={"text": "amps?", "person": "Ada"}, headers=bearer(token))

    assert box.asked == [("amps?", "Sam")]


@pytest.mark.parametrize("token", ["", "x", "d1.x", "d1", "." * 5000, "Bearer"])
async def test_a_token_that_is_nobodys_opens_nothing(served: Open, token: str) -> None:
    """Whatever it looks like."""
    client = await served()

    assert (await client.get("/v1/me", headers=bearer(token))).status == 401
    assert (await client.get("/v1/me", headers={"Authorization": token})).status == 401
    assert (await client.get("/v1/me", headers={"Cookie": f"{COOKIE}={token}"})).status == 401


async def test_on_loopback_nobody_is_asked_but_a_proxy_shows(served: Open, box: FakeBox) -> None:
    """A demo stays as it was; what came through a proxy did not come from this machine."""
    client = await served("127.0.0.1")
    assert (await client.post("/v1/ask", json={"text": "amps?", "person": "Kim"})).status == 200
    assert box.asked == [("amps?", "Kim")]
    assert (await client.get("/v1/me")).status == 401

    for header in FORWARDED:
        assert (await client.post("/v1/ask", json={"text": "amps?"}, headers={header: "10.0.0.9"})).status == 401


async def test_the_owner_may_want_devices_on_loopback_too(box: FakeBox, served: Open) -> None:
    """As behind a front proxy that adds no header."""
    box.settings = Settings.model_validate({"place": {"data": box.settings.place.data}, "web": {"paired": "always"}})

    assert (await (await served("127.0.0.1")).post("/v1/ask", json={"text": "amps?"})).status == 401


async def test_a_damaged_list_lets_nobody_in(served: Open, people: People) -> None:
    """503 with what to do; health and the page still open."""
    client = await served()
    token, _ = people.redeem(people.pair("ada"))
    people.path.write_text("{")

    reply = await client.get("/v1/me", headers=bearer(token))
    assert reply.status == 503
    assert "put it back from a backup" in (await reply.json())["error"]
    assert (await client.get("/healthz")).status == 200
    assert (await client.get("/v1/rooms")).status == 401


async def test_wrong_codes_are_refused_and_then_nobody_pairs_for_a_minute(box: FakeBox, people: People) -> None:
    """A code has 40 bits: ten guesses a minute find none in the ten minutes it lives."""
    time = 0.0
    app = build(box, "127.0.0.1", people=people)
    for route in app.router.routes():
        owner = getattr(route.handler, "__self__", None)
        if isinstance(owner, PairingApi):
            owner._clock = lambda: time
    async with TestClient(TestServer(app)) as client:
        code = people.pair("sam")
        for _ in range(WRONG):
            reply = await client.post("/v1/pair", json={"code": "AAAA-AAAA"})
            assert reply.status == 403
        assert "clara people pair" in (await reply.json())["advice"]

        late = await client.post("/v1/pair", json={"code": code})
        assert (late.status, late.headers["Retry-After"]) == (429, "60")
        time = 61.0
        assert (await client.post("/v1/pair", json={"code": code})).status == 200


@pytest.mark.parametrize("body", [{}, {"code": ""}, {"code": "A", "evil": 1}, {"code": "A" * 41}, {"code": 5}])
async def test_a_pairing_that_is_wrong_is_refused_by_name(served: Open, body: dict[str, object]) -> None:
    """422."""
    assert (await (await served()).post("/v1/pair", json=body)).status == 422
