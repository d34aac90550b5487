"""The link: what a probe says is believed for a while, unknown is offline, and nobody is asked without a key."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest

from appliance import reach
from appliance.reach import BELIEVED_S, PATIENCE_S, Link
from tests.fakes.clock import FakeClock


@dataclass
class Listener:
    """A server on loopback that counts who knocks."""

    url: str
    server: asyncio.Server
    knocks: int = 0


async def listen() -> Listener:
    """Accept everybody and say nothing."""

    def heard(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found.knocks += 1
        writer.close()

    server = await asyncio.start_server(heard, "127.0.0.1", 0)
    found = Listener("http://{}:{}".format(*server.sockets[0].getsockname()[:2]), server)
    return found


@pytest.fixture
def hole() -> Iterator[str]:
    """Where packets vanish: a listener whose queue is full, so that nobody is let in or turned away."""
    with closing(socket.socket()) as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        yield f"http://127.0.0.1:{full.getsockname()[1]}"
        for one in waiting:
            one.close()


async def test_unknown_is_offline_and_one_probe_later_online() -> None:
    """The first look starts a probe beside the work; nobody waits for it."""
    there = await listen()
    link = Link(there.url, metered=True)

    assert not link.known
    assert not link.reach.online
    await link.probe()

    assert link.known
    assert link.reach.online
    assert link.reach.metered
    assert link.reach.latency_ms is not None
    assert 0 < link.reach.latency_ms < 1000
    assert not link.trouble
    there.server.close()


async def test_a_refused_connection_is_offline_at_once(closed: str) -> None:
    """And the reason is kept."""
    link = Link(closed)

    start = time.perf_counter()
    await link.probe()

    assert time.perf_counter() - start < 0.5
    assert not link.reach.online
    assert "refused" in link.trouble


async def test_a_black_hole_is_offline_after_the_patience(hole: str) -> None:
    """A probe is bounded whatever the network does."""
    link = Link(hole)

    start = time.perf_counter()
    await link.probe()

    assert PATIENCE_S * 0.9 < time.perf_counter() - start < PATIENCE_S + 0.4
    assert not link.reach.online
    assert link.trouble


async def test_a_name_that_nobody_resolves_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking up a name may take half a minute where packets vanish; neither probe nor program's end waits."""
    stuck = threading.Event()

    def resolve(*_: object, **__: object) -> None:
        stuck.wait(30)
        raise socket.gaierror("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    link = Link("https://nowhere.example")

    start = time.perf_counter()
    await link.probe()
    took = time.perf_counter() - start
    held = [thread for thread in threading.enumerate() if thread.name == "probe" and not thread.daemon]
    stuck.set()

    assert took < PATIENCE_S + 0.4
    assert not link.reach.online
    assert not held


@pytest.mark.parametrize("url", ["https://" + "a" * 70 + ".example", "http://a..b"])
async def test_a_name_that_can_be_none_is_offline(url: str) -> None:
    """A typing mistake in the settings stops nothing."""
    link = Link(url)

    await link.probe()

    assert not link.reach.online
    assert link.trouble


async def test_what_a_probe_said_is_believed_for_a_while() -> None:
    """Many questions, one knock; then the next look asks again beside the work."""
    there, clock = await listen(), FakeClock(0.0)
    link = Link(there.url, clock=clock)
    await link.probe()

    clock.move(BELIEVED_S - 1)
    for _ in range(10):
        assert link.reach.online
        await asyncio.sleep(0)
    assert there.knocks == 1

    there.server.close()
    clock.move(2)
    assert link.reach.online, "the old word stands until the new one is there"
    await link.probe()
    assert not link.reach.online


async def test_those_who_ask_at_once_share_a_probe() -> None:
    """Ten first questions knock once."""
    there = await listen()
    link = Link(there.url)

    await asyncio.gather(*(link.probe() for _ in range(10)))
    await asyncio.sleep(0.05)

    assert there.knocks == 1
    there.server.close()


async def test_a_link_that_is_doubted_is_offline_until_it_is_asked_again() -> None:
    """Connections that open and then stay silent are a black hole too."""
    there, clock = await listen(), FakeClock(0.0)
    link = Link(there.url, clock=clock)
    await link.probe()

    link.doubt("no answer came in time")
    clock.move(BELIEVED_S - 1)
    assert not link.reach.online
    assert link.trouble == "no answer came in time"

    clock.move(2)
    assert not link.reach.online
    await link.probe()
    assert link.reach.online
    there.server.close()


async def test_without_an_address_nobody_is_ever_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key, or the owner forbids the cloud: no packet leaves the box."""

    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("somebody was asked")

    monkeypatch.setattr(reach, "_knock", forbidden)
    link = Link("")

    await link.probe()

    assert link.known
    assert not link.reach.online
    await asyncio.sleep(0)
    assert not link.reach.online
    await link.aclose()


def test_a_probe_that_died_with_its_event_loop_does_not_stop_the_next() -> None:
    """A command may run one loop after another."""

    async def look(link: Link) -> None:
        assert not link.reach.online

    async def probe(link: Link) -> None:
        await link.probe()
        await link.aclose()

    link = Link("http://127.0.0.1:9")
    asyncio.run(look(link))
    asyncio.run(probe(link))

    assert link.known
    assert link.trouble


def test_outside_an_event_loop_the_last_word_is_given() -> None:
    """Health may be asked from anywhere."""
    assert not Link("http://127.0.0.1:9").reach.online


async def test_closing_ends_a_probe_under_way_and_may_be_done_twice(hole: str) -> None:
    """Nobody waits for a dead network when the box is switched off."""
    link = Link(hole)
    assert not link.reach.online
    await asyncio.sleep(0.05)

    start = time.perf_counter()
    await link.aclose()
    await link.aclose()

    assert time.perf_counter() - start < 0.2


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("https://generativelanguage.googleapis.com", "generativelanguage.googleapis.com", 443),
        ("http://10.0.0.7:8080/proxy", "10.0.0.7", 8080),
        ("http://box.local", "box.local", 80),
        ("https://[::1]:8443", "::1", 8443),
    ],
)
async def test_the_port_follows_the_address(url: str, host: str, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """443 for https, 80 for http, or the one that is written."""
    asked: list[tuple[str, int]] = []

    async def knock(host: str, port: int) -> None:
        asked.append((host, port))

    monkeypatch.setattr(reach, "_knock", knock)

    await Link(url).probe()

    assert asked == [(host, port)]
