"""The library as it is now: another process adds documents, and a running box finds them without a restart."""

import threading
from collections.abc import Callable

from appliance.turn.found import Found
from appliance.turn.meaning import Meaning
from appliance.turn.passage_source import Known, PassageSource
from appliance.turn.question import Question
from corpora.errors import CorpusError
from corpora.library import Library

LOOK_S = 0.5
"""Between two looks at which revision is current; a look reads one short file."""


class Current:
    """Holds the newest revision of the library open."""

    def __init__(self, library: Library, again: Callable[[], Library]) -> None:
        """Keep an open library; `again` opens the revision that is current by then."""
        self._again = again
        self._open = [library]
        self._renewing = threading.Lock()
        self._ended = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="library", daemon=True)
        self.trouble = ""
        """Why the newest revision could not be opened; the one before answers. Empty when it is open."""

    @property
    def library(self) -> Library:
        """The library, whose revision may be a few seconds old."""
        return self._open[-1]

    def watch(self) -> None:
        """Look for new revisions from now on, in a thread of its own."""
        self._watcher.start()

    def refresh(self) -> None:
        """Open the newest revision when it isn't; the one before stays open for those who are reading in it."""
        with self._renewing:
            if not self.library.current():
                self._renew()

    def _renew(self) -> None:
        try:
            self._open.append(self._again())
        except CorpusError as error:
            self.trouble = str(error)
            return
        self.trouble = ""
        for old in self._open[:-2]:
            old.close()
        self._open = self._open[-2:]

    def close(self) -> None:
        """Stop looking, and let go of the files."""
        self._ended.set()
        if self._watcher.is_alive():
            self._watcher.join()
        for library in self._open:
            library.close()

    def _watch(self) -> None:
        while not self._ended.wait(LOOK_S):
            self.refresh()


class CurrentPassages:
    """Searches the library as it is now."""

    def __init__(self, current: Current, known: Known | None, stamp: str = "") -> None:
        """Keep the library, the passages whose questions are known, and which packs they are of."""
        self._current = current
        self._known = known
        self._stamp = stamp

    @property
    def revision(self) -> str:
        """Which state the library and the packs are in."""
        return "; ".join(filter(None, [self._current.library.revision, self._stamp]))

    def look(self, question: Question, meaning: Meaning, /) -> Found:
        """Give the passages that answer. Raises `corpora.errors.LibraryError`."""
        return PassageSource(self._current.library, self._known).look(question, meaning)


class Familiar:
    """Identifiers that are no unknown model's: those of the texts ("CO2"), and every one that the library mentions."""

    def __init__(self, named: frozenset[str], current: Current | None) -> None:
        """Keep what the texts name, collapsed, and the library."""
        self._named = named
        self._current = current

    def __contains__(self, identifier: object) -> bool:
        """Say whether it is one. Raises `corpora.errors.LibraryError`."""
        if not isinstance(identifier, str):
            return False
        return identifier in self._named or (self._current is not None and self._current.library.mentions(identifier))
