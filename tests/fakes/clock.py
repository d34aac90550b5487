"""A clock that stands still until it is told to move."""


class FakeClock:
    """Gives seconds since 1970, as `time.time` does."""

    def __init__(self, now: float = 1_795_000_000.0) -> None:
        """Start in November 2026."""
        self.now = now

    def __call__(self) -> float:
        """Give the time."""
        return self.now

    def move(self, seconds: float) -> None:
        """Go on, or back."""
        self.now += seconds
