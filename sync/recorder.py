"""The one way in for what people did: the outbox first, durably, then the projection."""

import logging
import threading
from collections.abc import Sequence

from sync.box import Projection
from sync.errors import StorageError
from sync.operation import Operation
from sync.outbox import Outbox

log = logging.getLogger(__name__)


class FieldRecorder:
    """Satisfies `appliance.ports.Recorder`. Safe for threads."""

    def __init__(self, outbox: Outbox, projection: Projection) -> None:
        """Keep both, and fold what the outbox has and the projection has not (after a crash). Raises `StorageError`."""
        self._outbox = outbox
        self._projection = projection
        self._lock = threading.Lock()
        self.behind = ""
        """Why the projection does not yet show all that was recorded; empty when it does."""
        self._projection.catch_up(self._outbox)

    def record(self, operations: Sequence[Operation]) -> list[str]:
        """Commit all or none, durably, and give their ids (ULIDs) in order.

        Once the outbox has them they are recorded: trouble with the projection is kept in `behind` and made good by
        the next call or start, for raising would make the caller record the same thing twice.

        Raises:
            StorageError: locked, disk full, damaged; nothing was recorded.
            SchemaError: a body is not JSON; nothing was recorded.
        """
        with self._lock:
            ids = self._outbox.append(operations)
            try:
                self._projection.catch_up(self._outbox)
                self.behind = ""
            except StorageError as error:
                self.behind = str(error)
                log.warning("recorded, but not yet visible: %s", error)
        return ids

    def close(self) -> None:
        """Close both files, the outbox last. Raises `StorageError`."""
        with self._lock:
            try:
                self._projection.close()
            finally:
                self._outbox.close()
