"""What can go wrong with texts and their search."""


class CorpusError(Exception):
    """Root of this package's errors; the message names the file and what to do."""


class PackError(CorpusError):
    """A pack file breaks its schema or contradicts itself."""


class SpecError(CorpusError):
    """An equipment spec file breaks its schema."""


class LibraryError(CorpusError):
    """The search index cannot be built, opened or read."""


class IngestError(CorpusError):
    """A file cannot be read into passages; the others go on."""


class FetchError(CorpusError):
    """The web did not give what was asked of it; the message names the address and what to do."""

    def __init__(self, message: str, *, passing: bool = False) -> None:
        """`passing`: the same request may go well another time."""
        super().__init__(message)
        self.passing = passing
