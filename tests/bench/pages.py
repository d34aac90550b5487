"""How long a page's picture and a search as one types take: `python -m tests.bench.pages [FILE.pdf]`."""

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from aiohttp.test_utils import TestClient, TestServer
from rich.console import Console
from rich.table import Table

from appliance import wiring
from appliance.settings import Settings
from appliance.web.pictures import Pictures
from appliance.web.server import build
from corpora.ingest.page import Box
from tests.fakes.manual import manual

TYPED = "how often is a dry pipe valve full flow trip tested"
MARK: Box = (72.0, 72.0, 300.0, 90.0)


def spread(title: str, times: list[float]) -> tuple[str, str, str, str]:
    """Give a row of the table, in milliseconds."""
    ranked = sorted(times)
    worst = ranked[min(len(ranked) - 1, round(0.95 * len(ranked)))]
    return title, str(len(ranked)), f"{1000 * median(ranked):.1f}", f"{1000 * worst:.1f}"


def drawn(path: Path) -> list[tuple[str, str, str, str]]:
    """Draw one page again and again: anew, then from what is kept."""
    anew, kept, size = [], [], 0
    for _ in range(10):
        pictures = Pictures()
        for times in (anew, kept):
            begun = time.perf_counter()
            size = len(pictures.png(path, 1, MARK))
            times.append(time.perf_counter() - begun)
    return [spread(f"page 1 of {path.name} drawn, {size // 1000} kB", anew), spread("the same, kept", kept)]


async def typed() -> tuple[str, str, str, str]:
    """Search over HTTP for every beginning of a question, as the page does."""
    times = []
    with wiring.open_box(Settings()) as box:
        async with TestClient(TestServer(build(box, "127.0.0.1"))) as client:
            for end in range(3, len(TYPED) + 1):
                begun = time.perf_counter()
                reply = await client.get("/v1/library/search", params={"q": TYPED[:end]})
                await reply.read()
                times.append(time.perf_counter() - begun)
        await box.aclose()
        return spread(f"search over HTTP in {box.library.count} passages", times)


def main() -> None:
    """Print the table."""
    table = Table("what", "times", "median ms", "p95 ms")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[1]) if len(sys.argv) > 1 else manual(Path(folder) / "manual.pdf")
        for row in drawn(path):
            table.add_row(*row)
    table.add_row(*asyncio.run(typed()))
    Console().print(table)


if __name__ == "__main__":
    main()
