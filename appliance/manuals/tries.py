"""What was tried in vain for the wishes that are open: kept on this box, so that no search is spent again too soon.

The file may be deleted at any time; then every wish is due.
"""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from corpora.errors import FetchError

SOON_S = 600.0
"""Between two tries when the first failed for a reason that passes: a server that does not answer, a full disk."""
LATER_S = 86_400.0
"""Between two tries when nothing that is found fits: each search costs its owner something."""


@dataclass(frozen=True, slots=True)
class Try:
    """The last try for one wish."""

    at: float
    """Seconds since 1970."""
    why: str
    """Why it failed."""
    passing: bool
    """It may go well before long."""


_DOOR = TypeAdapter[dict[str, Try]](dict[str, Try])


def due(last: Try | None, now: float, down: float = 0.0) -> bool:
    """Say whether a wish is to be tried; `down`: when the link was last seen down, seconds since 1970.

    A clock that was set back makes everything due.
    """
    if last is None or now < last.at:
        return True
    if last.passing and down > last.at:
        return True
    return now - last.at >= (SOON_S if last.passing else LATER_S)


class Tries:
    """The file. It is written by whoever grants wishes, which is one process at a time."""

    def __init__(self, path: Path) -> None:
        """Keep the path."""
        self._path = path

    def last(self, wishes: Collection[str]) -> Mapping[str, Try]:
        """Give the last try for each of these wishes that was tried; a damaged file tells of none."""
        try:
            found = _DOOR.validate_json(self._path.read_bytes())
        except (OSError, ValidationError):
            return {}
        return {wish: tried for wish, tried in found.items() if wish in wishes}

    def note(self, wish: str, tried: Try | None, wishes: Collection[str]) -> None:
        """Keep a try, or forget it, and forget those of wishes that are open no longer. Raises `FetchError`."""
        before = self.last([*wishes, wish])
        kept = {name: old for name, old in before.items() if name != wish} | ({wish: tried} if tried else {})
        if kept == before:
            return  # what waits for the link is looked at all day; the disk is spared
        fresh = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(_DOOR.dump_json(kept))
            fresh.replace(self._path)
        except OSError as error:
            raise FetchError(f"{self._path}: cannot be written ({error.strerror}); make room") from error
