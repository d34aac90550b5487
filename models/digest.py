"""The proof of a file: SHA-256 over all its bytes."""

import hashlib
from pathlib import Path


def digest(path: Path) -> str:
    """Lower-case hex of the file's SHA-256.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
