"""What can go wrong at the web face."""

from collections.abc import Mapping


class WebError(Exception):
    """The web face cannot be served; the message says what to do."""


class Refusal(Exception):  # noqa: N818 - it is an answer to the caller, not a fault of the box
    """A request that is answered with a problem."""

    def __init__(self, status: int, error: str, advice: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.advice = advice
        self.headers = dict(headers or {})
