"""The web as far as manuals go: Tavily, Firecrawl and a maker's site, each a small server on loopback."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.test_utils import TestServer
from fpdf import FPDF

from tests.fakes import firecrawl as fake_firecrawl
from tests.fakes import tavily as fake_tavily
from tests.fakes.firecrawl import FakeFirecrawl
from tests.fakes.tavily import FakeTavily, row


def manual(title: str, sentence: str) -> bytes:
    """A PDF manual of one page."""
    pdf = FPDF()
    pdf.set_title(title)
    pdf.add_page()
    pdf.set_font("helvetica", size=16)
    pdf.cell(text=title, new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("helvetica", size=11)
    pdf.multi_cell(0, text=sentence)
    return bytes(pdf.output())


class Internet:
    """Tavily, Firecrawl and a maker's site, each on loopback; `cut` takes the way to Tavily away, `mend` gives it."""

    def __init__(self) -> None:
        self.tavily = FakeTavily()
        self.firecrawl = FakeFirecrawl()
        self.files: dict[str, bytes] = {
            "/NFS2-3030.pdf": manual(
                "Notifier NFS2-3030 Manual", "The main supply board draws 4.5 A at 120 VAC in alarm."
            )
        }
        self.maker = ""
        self.link = ""
        """Tavily's address, through a door that can be shut."""
        self.loop = asyncio.new_event_loop()
        self._door: asyncio.Server | None = None
        self.asked: list[str] = []

    def cut(self) -> None:
        """Refuse connections, as a box without a link has it."""
        asyncio.run_coroutine_threadsafe(self.shut(), self.loop).result(5)

    def mend(self) -> None:
        """Listen again, at the same address."""
        asyncio.run_coroutine_threadsafe(self.open(), self.loop).result(5)

    async def open(self) -> None:
        """Open the door."""
        self._door = await asyncio.start_server(self._pass, "127.0.0.1", urlsplit(self.link).port or 0)
        self.link = f"http://127.0.0.1:{self._door.sockets[0].getsockname()[1]}"

    async def shut(self) -> None:
        """Shut the door."""
        if self._door is not None:
            self._door.close()
            self._door = None

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner = urlsplit(self.tavily.url)
        there, back = await asyncio.open_connection(inner.hostname, inner.port)

        async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            with suppress(OSError):
                while piece := await source.read(65_536):
                    sink.write(piece)
                    await sink.drain()
            sink.close()

        await asyncio.gather(pump(reader, back), pump(there, writer))

    async def file(self, request: web.Request) -> web.Response:
        """Give a file of the maker's site."""
        self.asked.append(request.path)
        if request.path not in self.files:
            raise web.HTTPNotFound
        return web.Response(body=self.files[request.path])


@contextmanager
def serving() -> Iterator[Internet]:
    """Run everything in a thread of its own, as the commands run an event loop each."""
    net, ready, stop = Internet(), threading.Event(), asyncio.Event()
    loop = net.loop

    async def serve() -> None:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(fake_tavily.serving(net.tavily))
            await stack.enter_async_context(fake_firecrawl.serving(net.firecrawl))
            app = web.Application()
            app.router.add_get("/{path:.*}", net.file)
            server = await stack.enter_async_context(TestServer(app, host="127.0.0.1"))
            net.maker = str(server.make_url("")).rstrip("/")
            await net.open()
            ready.set()
            await stop.wait()
            await net.shut()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    net.tavily.rows = [
        row(f"{net.maker}/about", "Our panels", "NFS2-3030 and others", 0.9),
        row(f"{net.maker}/NFS2-3030.pdf", "NFS2-3030 Manual", "Installation", 0.6),
        row("https://example.com/est3.pdf", "EST3", "", 0.95),
    ]
    try:
        yield net
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()
