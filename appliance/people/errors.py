"""What can go wrong with people and devices."""


class PeopleError(Exception):
    """The list of people cannot be used, or what was asked of it cannot be done; the message says what to do."""


class CodeError(PeopleError):
    """A pairing code is wrong, was used, or is too old."""
