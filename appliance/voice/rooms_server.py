"""The LiveKit server as a child of the box: started, watched, started again, and stopped with it.

Decisions: a fault of it costs the box nothing else; its output goes to `rooms/server.log`, begun anew at every start.
Where util-linux has `setpriv` the child dies with the box even when the box is killed, so no port stays taken.
"""

import asyncio
import contextlib
import http.client
import json
import logging
import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from appliance.check import Part
from appliance.settings import Settings
from appliance.voice.errors import RoomError
from appliance.voice.rooms_place import FOLDER, Place, place, program

log = logging.getLogger(__name__)
FIRST_S, LONGEST_S, STEADY_S = 0.5, 30.0, 60.0
"""Pause before the first new start, the longest one, and how long a run must last for the pause to be short again."""
END_S = 5.0
"""How long a stopping server may take before it is killed."""
ANSWER_S = 1.0
"""How long its health probe waits."""
ABSENT = "no livekit-server program: put it on PATH, or name it in rooms.server"


class Server:
    """Runs livekit-server."""

    def __init__(self, binary: Path, folder: Path, configuration: Mapping[str, Any], key: str, secret: str) -> None:
        """Keep what is needed to run it; the configuration is written into `folder` without the keys."""
        self._binary = binary
        self._folder = folder
        self._configuration = configuration
        self._keys = f"{key}: {secret}"
        self._process: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None
        self.trouble = ""
        """Why it is not running; empty when it is."""
        self.starts = 0
        """How often it was started."""

    async def start(self) -> None:
        """Start it, and keep it running until `aclose`. Raises `RoomError` when it cannot be started at all."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            (self._folder / "livekit.json").write_text(json.dumps(self._configuration, indent=1), encoding="utf-8")
            self._process = await self._spawn()
        except OSError as error:
            raise RoomError(f"cannot start {self._binary}: {error.strerror or error}") from error
        self._task = asyncio.create_task(self._watch(self._process), name="livekit-server")

    async def _spawn(self) -> asyncio.subprocess.Process:
        self.starts += 1
        with self._journal() as journal:
            return await asyncio.create_subprocess_exec(
                *(("setpriv", "--pdeathsig", "TERM") if shutil.which("setpriv") else ()),
                str(self._binary), "--config", str(self._folder / "livekit.json"),
                stdin=asyncio.subprocess.DEVNULL, stdout=journal, stderr=journal, start_new_session=True,
                # The keys go by the environment: a command line can be read by every user of the machine.
                env={"PATH": os.environ.get("PATH", ""), "HOME": str(self._folder), "LIVEKIT_KEYS": self._keys},
            )  # fmt: skip

    def _journal(self) -> IO[bytes]:
        return (self._folder / "server.log").open("wb")

    async def _watch(self, process: asyncio.subprocess.Process) -> None:
        pause, since = FIRST_S, time.monotonic()
        while True:
            code = await process.wait()
            pause = FIRST_S if time.monotonic() - since > STEADY_S else min(2 * pause, LONGEST_S)
            self.trouble = f"livekit-server ended with code {code}: {self.last_line()}"
            log.warning("%s; it is started again in %.0f s", self.trouble, pause)
            await asyncio.sleep(pause)
            since = time.monotonic()
            try:
                process = self._process = await self._spawn()
            except OSError as error:
                self.trouble = f"cannot start {self._binary}: {error.strerror or error}"
                log.warning("%s", self.trouble)
                return
            self.trouble = ""

    def last_line(self) -> str:
        """Give the last thing that it wrote."""
        with contextlib.suppress(OSError):
            lines = (self._folder / "server.log").read_text(errors="replace").strip().splitlines()
            return lines[-1][:300] if lines else "it said nothing"
        return "its journal cannot be read"

    async def aclose(self) -> None:
        """Stop it. Stopping twice is fine."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
            try:
                async with asyncio.timeout(END_S):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()


def part(settings: Settings, host: str = "") -> Part:
    """Tell how the rooms do, by asking the server. Blocking, `ANSWER_S` at most."""
    if not settings.rooms.enabled:
        return Part("rooms", well=True, uses="switched off in the settings", advice="")
    try:
        where = place(settings, host)
    except RoomError as error:
        return Part("rooms", well=False, uses=str(error), advice="mend what is said")
    if where.own and program(settings) is None:
        return Part("rooms", well=False, uses=ABSENT, advice="install livekit-server, or set rooms.enabled = false")
    if answers(where):
        return Part("rooms", well=True, uses=f"LiveKit at {where.outside}", advice="")
    told = f"read {settings.place.data / FOLDER / 'server.log'}" if where.own else "see that it runs"
    return Part("rooms", well=False, uses=f"no LiveKit server answers at {where.inside}", advice=f"clara up; {told}")


def answers(where: Place) -> bool:
    """Does the server answer? Blocking."""
    parts = urlsplit(where.inside)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=ANSWER_S)
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
