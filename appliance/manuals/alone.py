"""Being the only process that grants wishes."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpora.errors import FetchError


@contextmanager
def alone(path: Path) -> Iterator[bool]:
    """Hold the lock in `path`; gives False at once when another holds it. The kernel lets go of it with the process.

    Raises:
        corpora.errors.FetchError: the file cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise FetchError(f"{path}: cannot be written ({error.strerror}); check its rights") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(handle)
