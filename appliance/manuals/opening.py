"""Building what finds manuals, for the time of a command."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache

from appliance import wiring
from appliance.engines import Engines, hardware
from appliance.manuals.manuals import Files, Manuals
from appliance.manuals.shelver import Shelver
from appliance.manuals.way import web
from appliance.settings import Settings
from appliance.texts import Progress, open_library
from corpora.library import Library
from corpora.packs.shelf import installed
from models import catalogue


@contextmanager
def open_manuals(settings: Settings, progress: Progress = wiring.silent) -> Iterator[Manuals]:
    """Build it; the library is opened when it is first asked.

    Raises:
        sync.errors.SyncError: the outbox cannot be opened.
        OSError: the data folder cannot be made.
    """
    data, troubles = settings.place.data, wiring.Troubles()
    data.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        engines = Engines(wiring.open_store(settings), catalogue.load(), hardware(), settings.local.threads)
        stack.callback(engines.close)
        keeper, records = wiring.open_records(data, troubles, stack)

        @cache
        def library() -> Library:
            opened = open_library(data, engines.embedder(), engines, progress)
            stack.callback(opened.close)
            return opened

        shelver = Shelver(data, engines, progress)
        yield Manuals(library, lambda: installed(data), web(settings), shelver, keeper, records, Files.below(data))
