"""What can go wrong with records."""


class SyncError(Exception):
    """Root of this package's errors; the message names the file and what to do."""


class StorageError(SyncError):
    """A database is locked, corrupt, full or unwritable."""


class SchemaError(SyncError):
    """A database or a data set is of a form this program does not know (newer program needed, or a bad file)."""
