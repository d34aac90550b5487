"""What can go wrong with engines and weights."""


class ModelError(Exception):
    """Root of this package's errors; the message says what was attempted and what to do."""


class FetchError(ModelError):
    """A model file could not be fetched."""


class HashError(ModelError):
    """A fetched or installed file is not the one the catalogue names."""


class SpaceError(ModelError):
    """The disk has no room for a model."""


class NotInstalledError(ModelError):
    """An engine's weights or runtime are not on this box."""


class AudioError(ModelError):
    """A recording cannot be decoded or is out of bounds."""


class EngineError(ModelError):
    """An engine failed while loading or working."""
