"""An open box for the time of a command, and the event loop it works in."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from appliance.cli.screen import Screen
from appliance.cli.setup import Setup

if TYPE_CHECKING:
    from appliance.box import Box
    from appliance.settings import Settings


@contextmanager
def session(
    setup: Setup, settings: "Settings", screen: Screen, *, warm: bool = False
) -> Iterator[tuple["Box", asyncio.Runner]]:
    """Open the box with progress (`warm`: with every engine loaded), and close it whatever happens."""
    with ExitStack() as stack:
        runner = stack.enter_context(asyncio.Runner())
        with screen.progress() as progress:
            box = stack.enter_context(setup.open_box(settings, progress, warm=warm))
        stack.callback(lambda: runner.run(box.aclose()))
        yield box, runner
