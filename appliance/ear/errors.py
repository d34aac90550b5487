"""What can go wrong when listening."""


class EarError(ValueError):
    """The words cannot be taken: empty, too long, or a lexicon file that is wrong; the message says what to do."""
