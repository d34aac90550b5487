"""Wishes for manuals: which are open, what was chosen for them, what became of them."""

import time
from dataclasses import dataclass
from typing import Protocol

from appliance.manuals.here import Here
from appliance.manuals.taken import Taken, UselessError
from appliance.manuals.tries import Try
from corpora.errors import CorpusError, FetchError
from sync.records import Wish


class BusyError(FetchError):
    """Another process is granting the wishes."""


class Wishes(Protocol):
    """Reads the wishes."""

    def wishes(self, status: str | None = None) -> tuple[Wish, ...]:
        """Give those of a status, oldest first. Raises `sync.errors.StorageError`."""
        ...


@dataclass(frozen=True, slots=True)
class Granted:
    """What became of one wish."""

    wish: Wish
    taken: Taken | None
    why: str = ""
    """Why it stays open, or what on the box answers it already."""
    tried: Try | None = None
    """The last try in vain; None: it was granted, or never tried."""
    closed: bool = False
    """The web could not be asked."""
    have: Here | None = None
    """What on the box answers it already."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits to be fetched."""

    count: int
    """Open wishes."""
    closed: str
    """Why the web may not be asked, as far as that is known; empty when it may."""
    hopeless: bool
    """It may never be asked on this box, as it is set up."""
    trouble: str
    """Why the last try for one of them failed; empty when none did."""


def chosen(wish: Wish) -> str:
    """Give the address that a person said yes to, for a wish that is open still; empty when there is none."""
    return wish.outcome if wish.outcome.startswith(("http://", "https://")) else ""


def vain(wish: Wish, error: CorpusError) -> Granted:
    """Tell of a wish that stays open, and when to try it again."""
    return Granted(wish, None, str(error), Try(time.time(), str(error), passing=is_passing(error)))


def is_passing(error: CorpusError) -> bool:
    """Say whether the same may go well before long: a server that is silent, a disk that is full, a busy library."""
    return error.passing if isinstance(error, FetchError) else not isinstance(error, UselessError)
