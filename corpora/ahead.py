"""Working ahead: an iterator run in a thread of its own, so that reading goes on while what was read is embedded."""

from collections.abc import Generator, Iterator
from queue import Full, Queue
from threading import Event, Thread
from typing import Generic, Self, TypeVar

T = TypeVar("T")
MOST = 512
"""Items that wait at most."""
POLL_S = 0.1
"""Between two looks at whether anybody still wants more."""


class Ahead(Generic[T]):
    """Runs a generator ahead of whoever takes its items, for the time of a `with`; it is closed with that.

    Iterating raises what the generator raised, at the place where that happened.
    """

    def __init__(self, source: Generator[T, None, None], most: int = MOST) -> None:
        """Keep the generator, which runs from `with` on."""
        self._source = source
        self._items: Queue[tuple[T] | BaseException | None] = Queue(most)
        self._unwanted = Event()
        self._thread = Thread(target=self._run, name="ahead", daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop at the item under way, and close the generator."""
        self._unwanted.set()
        self._thread.join()

    def __iter__(self) -> Iterator[T]:
        """Give the items as they come."""
        while (item := self._items.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item[0]

    def _run(self) -> None:
        try:
            for item in self._source:
                self._put((item,))
                if self._unwanted.is_set():
                    break
            self._source.close()
            self._put(None)
        except BaseException as error:  # noqa: BLE001 (it is raised where the items are taken)
            self._put(error)

    def _put(self, item: tuple[T] | BaseException | None) -> None:
        while not self._unwanted.is_set():
            try:
                self._items.put(item, timeout=POLL_S)
            except Full:
                continue
            return
