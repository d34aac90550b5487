"""The keeper: the way in for what people did, opened when that is possible.

A file that is locked, damaged or on a full disk at the start must not refuse captures for as long as the box runs; so
the opening is tried again whenever there is something to keep.
"""

import threading
from collections.abc import Callable, Sequence

from sync.errors import StorageError, SyncError
from sync.operation import Operation
from sync.recorder import FieldRecorder


class Keeper:
    """Satisfies `appliance.ports.Recorder`. Safe for threads."""

    def __init__(self, first: Callable[[], FieldRecorder], again: Callable[[], FieldRecorder]) -> None:
        """Open with `first`, which is to be quick; later tries go by `again`, which may wait for a lock."""
        self._again = again
        self._lock = threading.Lock()
        self._recorder: FieldRecorder | None = None
        self._reason = ""
        self._tries = 0
        self._try(first)

    @property
    def trouble(self) -> str:
        """Why nothing can be recorded, or not all that was recorded shows; empty when all is well."""
        return self._recorder.behind if self._recorder else self._reason

    def record(self, operations: Sequence[Operation]) -> list[str]:
        """Commit all or none, durably, and give their ids in order.

        Raises:
            sync.errors.StorageError: the files cannot be opened or written; nothing was recorded.
            sync.errors.SchemaError: a body is not JSON; nothing was recorded.
        """
        return self._opened(self._tries).record(operations)

    def _opened(self, tries: int) -> FieldRecorder:
        """Give the recorder; whoever waited while another tried takes that try for his own."""
        with self._lock:
            if self._recorder is None and self._tries == tries:
                self._try(self._again)
            if self._recorder is None:
                raise StorageError(f"nothing was recorded: {self._reason}")
            return self._recorder

    def _try(self, make: Callable[[], FieldRecorder]) -> None:
        self._tries += 1
        try:
            self._recorder = make()
        except (SyncError, OSError) as error:
            self._reason = str(error)

    def close(self) -> None:
        """Close the files. Closing twice is fine. Raises `sync.errors.StorageError` (they are closed)."""
        with self._lock:
            if self._recorder is not None:
                self._recorder.close()
