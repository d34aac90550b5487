"""What the commands are given: how to read the settings and how to open the box, whole or in part."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import typer

if TYPE_CHECKING:
    from appliance.box import Box
    from appliance.manuals.manuals import Manuals
    from appliance.settings import Settings
    from models.store import Store

Progress = Callable[[str, int, int], None]
"""What is done, how much of it, of how much (0: nobody knows)."""


def read_settings() -> tuple["Settings", Mapping[str, str]]:
    """The settings, and where each was set."""
    from appliance.settings import trace

    return trace()


class OpenBox(Protocol):
    """Opens the whole box; `warm` loads every engine first, for a process that stays."""

    def __call__(
        self, settings: "Settings", progress: Progress, *, warm: bool = False
    ) -> "AbstractContextManager[Box]":
        """Give the box for the time of a `with`."""
        ...


def open_box(settings: "Settings", progress: Progress, *, warm: bool = False) -> "AbstractContextManager[Box]":
    """The whole box."""
    from appliance import wiring

    return wiring.open_box(settings, progress, warm=warm)


def open_store(settings: "Settings") -> "Store":
    """The models' store alone."""
    from appliance import wiring

    return wiring.open_store(settings)


def build_library(settings: "Settings", progress: Progress) -> int:
    """Index the texts anew; gives the number of passages."""
    from appliance import wiring

    return wiring.build_library(settings, progress)


def load_records(settings: "Settings", folder: Path | None) -> Mapping[str, int]:
    """Load a data set, or the demo when no folder is given; gives kinds and their numbers."""
    from appliance import wiring

    return wiring.load_records(settings, folder)


def have_records(settings: "Settings") -> bool:
    """Was a data set ever loaded?"""
    from appliance import wiring

    return wiring.have_records(settings)


def open_manuals(settings: "Settings", progress: Progress) -> "AbstractContextManager[Manuals]":
    """What finds manuals."""
    from appliance.manuals import opening

    return opening.open_manuals(settings, progress)


@dataclass(frozen=True, slots=True)
class Setup:
    """The real ones; tests hand in fakes."""

    read_settings: Callable[[], tuple["Settings", Mapping[str, str]]] = read_settings
    open_box: OpenBox = open_box
    open_store: Callable[["Settings"], "Store"] = open_store
    build_library: Callable[["Settings", Progress], int] = build_library
    load_records: Callable[["Settings", Path | None], Mapping[str, int]] = load_records
    have_records: Callable[["Settings"], bool] = have_records
    open_manuals: Callable[["Settings", Progress], "AbstractContextManager[Manuals]"] = open_manuals

    @property
    def settings(self) -> "Settings":
        """The effective settings. Raises `appliance.settings.SettingsError`."""
        return self.read_settings()[0]


def given(context: typer.Context) -> Setup:
    """The setup that a command was started with."""
    assert isinstance(context.obj, Setup)
    return context.obj
