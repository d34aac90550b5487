"""What went wrong, as a line and an exit code."""

import os
import sys

import typer


class Failure(Exception):  # noqa: N818 - said to a person, never caught by name
    """A command cannot do what was asked; the message says what to do."""


def code_of(error: BaseException) -> int | None:
    """The exit code for an error; None for one that nobody expected."""
    from appliance.ear.errors import EarError
    from appliance.people.errors import PeopleError
    from appliance.settings import SettingsError
    from appliance.voice.errors import RoomError
    from appliance.web.errors import WebError
    from corpora.errors import CorpusError
    from models.errors import ModelError
    from sync.errors import SyncError

    match error:
        case typer.TyperException():
            return int(error.exit_code)
        case SystemExit(code=int(code)):
            return code
        case KeyboardInterrupt() | typer.Abort():
            return 130
        case SettingsError():
            return 2
    known = (Failure, EarError, ModelError, CorpusError, SyncError, WebError, PeopleError, RoomError, OSError)
    return 1 if isinstance(error, known) else None


def say(error: BaseException) -> None:
    """Tell a person, in one line; a reader of our output who went away is told nothing."""
    if isinstance(error, BrokenPipeError):
        # The interpreter flushes once more when it ends; that must not fail aloud.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return
    if isinstance(error, KeyboardInterrupt | SystemExit | typer.Abort):
        return
    text = error.format_message() if isinstance(error, typer.TyperException) else str(error)
    typer.echo(f"clara: {one_line(text)}", err=True)


def one_line(text: str) -> str:
    """Without line breaks and control characters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
