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
