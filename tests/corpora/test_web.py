"""The web room: searching, reading and fetching through local servers that speak the providers' wire formats."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from corpora.errors import FetchError
from corpora.web.address import checked, is_public, reached
from corpora.web.fetch import Bounds, Fetcher
from corpora.web.firecrawl import Firecrawl
from corpora.web.result import best_first, results
from corpora.web.tavily import Tavily
from tests.fakes import firecrawl as fake_firecrawl
from tests.fakes import tavily as fake_tavily
from tests.fakes.firecrawl import FakeFirecrawl
from tests.fakes.tavily import FakeTavily, row

PDF = b"%PDF-1.4\n" + b"a page " * 50
Answer = Callable[[web.Request], Any]


@dataclass
class Site:
    """A maker's site."""

    robots: str | int = 404
    pages: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)
    url: str = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Give the page of a path."""
        self.asked.append(request.path_qs)
        self.hosts.append(request.headers["Host"])
        if request.path == "/robots.txt":
            status = self.robots if isinstance(self.robots, int) else 200
            return web.Response(text=str(self.robots), status=status)
        if request.path not in self.pages:
            raise web.HTTPNotFound
        made = self.pages[request.path](request)
        response = await made if asyncio.iscoroutine(made) else made
        assert isinstance(response, web.StreamResponse)
        return response


@asynccontextmanager
async def standing(site: Site) -> AsyncIterator[Site]:
    """Run the site on a free port."""
    app = web.Application()
    app.router.add_get("/{path:.*}", site.answer)
    async with TestServer(app, host="127.0.0.1") as server:
        site.url = str(server.make_url("")).rstrip("/")
        yield site


def html(_: web.Request) -> web.Response:
    """A page."""
    return web.Response(text="<html><body><p>Torque: 9 in-lb</p></body></html>", content_type="text/html")


def pdf(_: web.Request) -> web.Response:
    """A PDF."""
    return web.Response(body=PDF, content_type="application/pdf")


def left(folder: Path) -> list[str]:
    """What lies in a folder."""
    return [path.name for path in folder.iterdir()]


async def test_a_search_asks_tavily_with_the_key_and_gives_results() -> None:
    """The request is the provider's; each result has an address, a title, a host and a kind."""
    async with fake_tavily.serving() as fake:
        fake.rows = [row("https://example.com/NFS2-3030.pdf", "NFS2-3030 Manual", "the panel", 0.91)]

        found = await Tavily("tvly-1", fake.url).search("manual for the Notifier NFS2-3030")

    assert fake.requests == [{"query": "manual for the Notifier NFS2-3030", "search_depth": "basic", "max_results": 10}]
    assert fake.keys == ["Bearer tvly-1"]
    assert [(one.title, one.host, one.kind, one.score) for one in found] == [
        ("NFS2-3030 Manual", "example.com", "PDF", 0.91)
    ]


@pytest.mark.parametrize(
    ("mode", "said", "passing"),
    [
        ("401", "TAVILY_API_KEY", False),
        ("400", "word it otherwise", False),
        ("429", "too often", True),
        ("432", "plan", True),
        ("500", "cannot be asked", True),
        ("hang", "did not answer within", True),
        ("drip", "did not answer within", True),
        ("drop", "cannot be asked", True),
        ("garbage", "no search result", True),
        ("a list", "no search result", True),
        ("huge", "more than", True),
    ],
)
async def test_tavilys_failures_are_told_apart(mode: fake_tavily.Mode, said: str, passing: bool) -> None:  # noqa: FBT001
    """Each says what to do, and whether another time may go well; none lets a foreign error through."""
    async with fake_tavily.serving(FakeTavily(mode)) as fake:
        with pytest.raises(FetchError, match=said) as caught:
            await Tavily("tvly-secret", fake.url, patience_s=0.5 if mode in {"hang", "drip"} else 10).search("a")

    assert caught.value.passing is passing
    assert "tvly-secret" not in str(caught.value)


async def test_nobody_listening_is_a_passing_failure(unused_tcp_port: int) -> None:
    """A refused connection says so."""
    with pytest.raises(FetchError, match="cannot be asked") as caught:
        await Tavily("k", f"http://127.0.0.1:{unused_tcp_port}").search("a")

    assert caught.value.passing


async def test_an_answer_without_results_finds_nothing() -> None:
    """The client fills the gap in; nothing is found."""
    async with fake_tavily.serving(FakeTavily("no results")) as fake:
        assert await Tavily("k", fake.url).search("a") == []


def test_hostile_results_are_left_out_or_made_harmless() -> None:
    """Only web addresses stay, once each; titles lose what a terminal or a reader's eye would obey."""
    found = results(
        [
            row("javascript:alert(1)"),
            row("file:///etc/passwd"),
            row("https://user:secret@example.com/a.pdf"),
            row("https://example.com/\x1b[2Ja.pdf"),
            row("https://example.com:99999/a.pdf"),
            row("https://example.com/a.pdf", "\x1b[2JManual\n\u202etxet \u200bhidden" + "x" * 500, score=float("nan")),
            row("https://example.com/a.pdf", "again"),
            {"url": 5},
            "text",
            None,
            {"url": "https://example.com/b", "title": 7, "content": ["x"], "score": "high"},
        ]
    )

    assert [(one.url, one.kind, one.score) for one in found] == [
        ("https://example.com/a.pdf", "PDF", 0.0),
        ("https://example.com/b", "page", 0.0),
    ]
    assert found[0].title.startswith("[2JManual txet hidden")
    assert len(found[0].title) <= 160
    assert found[1].title == "example.com"
    assert results({"no": "list"}) == []
    assert len(results([row(f"https://example.com/{number}") for number in range(50)])) == 10


def test_what_names_the_model_comes_first() -> None:
    """A PDF of the very panel beats a page of it, and both beat a better score for something else."""
    found = results(
        [
            row("https://example.com/other.pdf", "Other panel", score=0.99),
            row("https://example.com/page", "NFS2 3030 panel", score=0.9),
            row("https://example.com/NFS2%2D3030.pdf", "Manual", score=0.4),
        ]
    )

    ranked = best_first(found, ["nfs23030"])

    assert [one.url.rpartition("/")[2] for one in ranked] == ["NFS2%2D3030.pdf", "page", "other.pdf"]


async def test_firecrawl_reads_a_page() -> None:
    """The request is the provider's; a PDF would come unread, since its pages are worth more than its Markdown."""
    async with fake_firecrawl.serving() as fake:
        page = await Firecrawl("fc-1", fake.url).scrape("https://example.com/manual")

    assert (page.markdown, page.title, page.type) == (fake.markdown, fake.title, "text/html")
    sent = fake.requests[0]
    assert (sent["url"], sent["formats"], sent["parsers"]) == ("https://example.com/manual", ["markdown"], [])
    assert sent["skipTlsVerification"] is False
    assert fake.keys == ["Bearer fc-1"]


@pytest.mark.parametrize(
    ("mode", "said", "passing"),
    [
        ("401", "FIRECRAWL_API_KEY", False),
        ("402", "credit", False),
        ("408", "could not read", True),
        ("429", "too often", True),
        ("500", "could not read", True),
        ("hang", "within 0.5 s", True),
        ("garbage", "no page", True),
        ("a list", "no page", True),
        ("unsuccessful", "could not read", False),
        ("empty", "no text", False),
        ("gone", "404", False),
    ],
)
async def test_firecrawls_failures_are_told_apart(mode: fake_firecrawl.Mode, said: str, passing: bool) -> None:  # noqa: FBT001
    """Each says what to do, and whether another time may go well."""
    async with fake_firecrawl.serving(FakeFirecrawl(mode)) as fake:
        with pytest.raises(FetchError, match=said) as caught:
            await Firecrawl("fc-secret", fake.url, patience_s=0.5 if mode == "hang" else 10).scrape(
                "https://a.example/"
            )

    assert caught.value.passing is passing
    assert "fc-secret" not in str(caught.value)
    assert len(fake.requests) == 1


async def test_a_pdf_is_fetched_plainly_though_firecrawl_has_a_key(tmp_path: Path) -> None:
    """Its bytes arrive as they are, under a harmless name, and nothing half-written stays."""
    async with standing(Site(pages={"/NFS2 3030.PDF": pdf})) as site, fake_firecrawl.serving() as fake:
        fetcher = Fetcher(Firecrawl("k", fake.url), private=True)
        got = await fetcher.fetch(f"{site.url}/NFS2%203030.PDF", tmp_path)

    assert (got.kind, got.path.read_bytes()) == ("PDF", PDF)
    assert got.path.name.startswith("NFS2-3030-")
    assert got.path.suffix == ".pdf"
    assert left(tmp_path) == [got.path.name]
    assert fake.requests == []
    assert set(site.hosts) == {site.url.removeprefix("http://")}


async def test_a_page_goes_through_firecrawl_and_falls_back_to_a_plain_fetch(tmp_path: Path) -> None:
    """What Firecrawl read is kept as Markdown; when it fails, the page itself, and the owner is told why."""
    async with standing(Site(pages={"/manual": html})) as site, fake_firecrawl.serving() as fake:
        fetcher = Fetcher(Firecrawl("k", fake.url), private=True)
        read = await fetcher.fetch(f"{site.url}/manual", tmp_path)
        fake.mode = "500"
        plain = await fetcher.fetch(f"{site.url}/manual", tmp_path)

    assert (read.path.suffix, read.kind, read.title) == (".md", "page", fake.title)
    assert read.path.read_text().startswith(f"# {fake.title}\n\nTighten")
    assert (plain.path.suffix, plain.kind) == (".html", "page")
    assert "Firecrawl could not read" in plain.remark
    assert "Torque" in plain.path.read_text()


async def test_a_page_that_turns_out_a_pdf_is_fetched_plainly(tmp_path: Path) -> None:
    """Its address does not end in .pdf; Firecrawl finds out, and the file itself is taken for its pages."""
    async with standing(Site(pages={"/download": pdf})) as site, fake_firecrawl.serving(FakeFirecrawl("pdf")) as fake:
        got = await Fetcher(Firecrawl("k", fake.url), private=True).fetch(f"{site.url}/download?id=7", tmp_path)

    assert (got.kind, got.path.suffix, got.remark) == ("PDF", ".pdf", "")


async def test_robots_txt_is_kept(tmp_path: Path) -> None:
    """A page that the site keeps from programs is not asked for, with Firecrawl or without; others are."""
    site = Site("User-agent: *\nDisallow: /private/\n", {"/private/a.pdf": pdf, "/open/a.pdf": pdf, "/private/b": html})
    async with standing(site), fake_firecrawl.serving() as fake:
        fetcher = Fetcher(Firecrawl("k", fake.url), private=True)
        for path in ("/private/a.pdf", "/private/b"):
            with pytest.raises(FetchError, match=r"robots\.txt") as caught:
                await fetcher.fetch(site.url + path, tmp_path)
            assert not caught.value.passing
        await fetcher.fetch(f"{site.url}/open/a.pdf", tmp_path)

    assert fake.requests == []
    assert {path for path in site.asked if path != "/robots.txt"} == {"/open/a.pdf"}


async def test_a_site_whose_robots_txt_fails_is_left_alone(tmp_path: Path) -> None:
    """RFC 9309: when the server is in trouble, everything counts as disallowed."""
    async with standing(Site(503, {"/a.pdf": pdf})) as site:
        with pytest.raises(FetchError, match="503") as caught:
            await Fetcher(private=True).fetch(f"{site.url}/a.pdf", tmp_path)

    assert caught.value.passing
    assert site.asked == ["/robots.txt"]


async def test_redirects_are_followed_a_few_times_and_checked_each_time(tmp_path: Path) -> None:
    """A redirect to the file is fine; an endless one, one into a file and one to a forbidden page are not."""

    def to(place: str) -> Answer:
        return lambda _: web.Response(status=302, headers={"Location": place})

    pages = {
        "/a": to("/b.pdf"),
        "/b.pdf": pdf,
        "/loop": to("/loop"),
        "/etc": to("file:///etc/passwd"),
        "/x": to("/no/"),
    }
    async with standing(Site("User-agent: *\nDisallow: /no/\n", pages)) as site:
        fetcher = Fetcher(private=True)
        got = await fetcher.fetch(f"{site.url}/a", tmp_path)
        for path, said in (("/loop", "redirected"), ("/etc", "no web address"), ("/x", r"robots\.txt")):
            with pytest.raises(FetchError, match=said):
                await fetcher.fetch(site.url + path, tmp_path)

    assert got.url == f"{site.url}/b.pdf"
    assert left(tmp_path) == [got.path.name]


async def test_what_is_too_large_too_slow_empty_or_broken_leaves_nothing(tmp_path: Path) -> None:
    """Each is refused by name, and no file is left."""

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(1000):
            await response.write(b"x" * 1000)
            await asyncio.sleep(0.01)
        return response

    async def cut(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "9000"})
        await response.prepare(request)
        await response.write(b"%PDF-")
        assert request.transport is not None
        request.transport.close()
        return response

    pages: dict[str, Answer] = {
        "/big.pdf": lambda _: web.Response(body=PDF * 100), "/slow.pdf": endless, "/cut.pdf": cut,
        "/empty.pdf": lambda _: web.Response(body=b""), "/teapot.pdf": lambda _: web.Response(status=418),
    }  # fmt: skip
    async with standing(Site(pages=pages)) as site:
        for path, said in (
            ("/big.pdf", "more than"), ("/slow.pdf", "is not here after"), ("/cut.pdf", "cannot be fetched"),
            ("/empty.pdf", "empty"), ("/teapot.pdf", "418"), ("/absent.pdf", "404"),
        ):  # fmt: skip
            bounds = Bounds(seconds=0.3) if path == "/slow.pdf" else Bounds(20_000)
            with pytest.raises(FetchError, match=said):
                await Fetcher(private=True, bounds=bounds).fetch(site.url + path, tmp_path)

    assert left(tmp_path) == []


async def test_the_boxs_own_network_is_not_asked(tmp_path: Path) -> None:
    """An address that leads inside is refused before any connection, with Firecrawl or without."""
    async with standing(Site(pages={"/a.pdf": pdf, "/b": html})) as site, fake_firecrawl.serving() as fake:
        fetcher = Fetcher(Firecrawl("k", fake.url))
        for path in ("/a.pdf", "/b"):
            with pytest.raises(FetchError, match="own network"):
                await fetcher.fetch(site.url + path, tmp_path)

    assert site.asked == []
    assert fake.requests == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1",
        "fe80::1", "fd00::1", "::ffff:127.0.0.1", "2002:7f00:1::",
    ],
)  # fmt: skip
def test_inner_addresses_are_known(address: str) -> None:
    """Loopback, private, link-local, shared, multicast, and IPv4 dressed as IPv6."""
    assert not is_public(address)


def test_public_addresses_are_known() -> None:
    """The internet's own."""
    assert is_public("93.184.215.14")
    assert is_public("2606:2800:21f:cb07:6820:80da:af6b:8b2c")


async def test_a_name_with_one_inner_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stranger's name server may answer with anything; all of it must be public."""

    async def lookup(*_: object, **__: object) -> list[Any]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("93.184.215.14", "192.168.1.1")
        ]  # fmt: skip

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", lookup)
    with pytest.raises(FetchError, match=r"192\.168\.1\.1"):
        await reached(checked("http://example.com/"), private=False)


@pytest.mark.parametrize(
    "url",
    ["", "manual", "ftp://example.com/a", "http://", "http://a:b@example.com/", "http://exa mple.com/", "http://[::1/"],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    """Only http and https, without a password, without blanks."""
    with pytest.raises(FetchError):
        checked(url)
