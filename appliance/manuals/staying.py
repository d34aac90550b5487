"""Building what finds manuals for whoever talks to a box, and what grants wishes beside that."""

from contextlib import ExitStack

from appliance.current import Current
from appliance.engines import Engines, hardware
from appliance.manuals.desk import Desk
from appliance.manuals.granting import Doing, Granting
from appliance.manuals.manuals import Files, Manuals
from appliance.manuals.shelver import Shelver, nothing
from appliance.manuals.way import web
from appliance.manuals.wish import Wishes
from appliance.ports import Recorder
from appliance.settings import Settings
from corpora.errors import LibraryError
from corpora.library import Library
from corpora.packs.shelf import installed
from models import catalogue
from models.store import Store


def quiet(_what: str, _done: int, _total: int) -> None:
    """Tell nobody how far reading is."""


def open_desk(
    settings: Settings, store: Store, library: Current | None, keeper: Recorder, records: Wishes, stack: ExitStack
) -> tuple[Desk, Granting]:
    """Build both; nothing is opened, looked up or started yet.

    Each has a way out of its own, for it works in an event loop of its own; and reading a manual has an embedder of its
    own, so that no question waits for a batch of its passages.
    """
    data, renew = settings.place.data, library.refresh if library else nothing
    engines = Engines(store, catalogue.load(), hardware(), settings.local.threads)
    stack.callback(engines.close)
    shelver = Shelver(data, engines, quiet, after=renew)

    def texts() -> Library:
        if library is None:
            raise LibraryError("no index is on this box: run `clara corpora build`")
        return library.library

    def manuals() -> Manuals:
        return Manuals(texts, lambda: installed(data), web(settings), shelver, keeper, records, Files.below(data))

    granting = Granting(Doing(manuals(), shelver.stop))
    stack.callback(granting.close)
    return Desk(manuals(), granting, renew), granting
