"""Pictures of pages: drawn one at a time in a bounded process, and the latest of them kept.

Decisions: the file is a customer's and may be hostile, so the box itself never opens it; a process for each picture
costs about a fifth of a second and can neither fill the box's memory nor end it.
"""

import os
import subprocess
import sys
from collections import OrderedDict
from pathlib import Path
from threading import Lock

from appliance.web.draw import ABSENT, SECONDS, UNREADABLE
from appliance.web.errors import Refusal
from corpora.ingest.page import Box

KEPT_BYTES = 24_000_000
"""Of pictures that are kept; a page has 0.1 to 1 MB."""
WAIT_S = 20.0
"""Longest wait for the pictures that others asked for before."""
PASSED = ("PATH", "LD_LIBRARY_PATH")
"""What the process may know of the environment."""

Key = tuple[str, int, int, int, Box | None]


class Pictures:
    """Gives pages of PDFs as PNG. Safe for threads; blocking: call it in one."""

    def __init__(self, kept_bytes: int = KEPT_BYTES, seconds: float = SECONDS + 2.0) -> None:
        """`seconds`: longest that drawing one may take."""
        self.kept_bytes = kept_bytes
        self.seconds = seconds
        self.kept: OrderedDict[Key, bytes] = OrderedDict()
        self.drawing = Lock()
        self.keeping = Lock()

    def png(self, path: Path, number: int, mark: Box | None) -> bytes:
        """Give page `number` (from 1) of a PDF with the place `mark` marked.

        Raises:
            Refusal: 404 without such a page or file, 422 when it cannot be drawn, 503 when too many wait.
        """
        try:
            file = path.stat()
        except OSError as error:
            raise Refusal(404, f"the document's file is gone: {error.strerror}", "add the document again") from error
        key = (str(path), file.st_mtime_ns, file.st_size, number, mark)
        if (known := self.known(key)) is not None:
            return known
        if not self.drawing.acquire(timeout=WAIT_S):
            raise Refusal(503, "the box is drawing other pages", "ask again in a few seconds", {"Retry-After": "5"})
        try:
            # Another may have asked for the same page and got it while this one waited.
            return self.known(key) or self.keep(key, self.drawn(path, number, mark))
        finally:
            self.drawing.release()

    def known(self, key: Key) -> bytes | None:
        """Give a picture that is kept."""
        with self.keeping:
            if key in self.kept:
                self.kept.move_to_end(key)
            return self.kept.get(key)

    def keep(self, key: Key, picture: bytes) -> bytes:
        """Keep a picture, dropping those not asked for longest."""
        with self.keeping:
            self.kept[key] = picture
            while sum(map(len, self.kept.values())) > self.kept_bytes:
                self.kept.popitem(last=False)
        return picture

    def drawn(self, path: Path, number: int, mark: Box | None) -> bytes:
        """Draw a page in a process of its own."""
        sides = [repr(side) for side in mark] if mark else []
        environment = {name: os.environ[name] for name in PASSED if name in os.environ}
        try:
            done = subprocess.run(
                [sys.executable, "-P", "-m", "appliance.web.draw", str(path.absolute()), str(number), *sides],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd="/",
                timeout=self.seconds, check=False,
                env={**environment, "PYTHONPATH": str(Path(__file__).parents[2]), "LANG": "C.UTF-8"},
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise Refusal(422, f"the page took longer than {self.seconds:g} s to draw", "read its text") from error
        if done.returncode == 0:
            return done.stdout
        if done.returncode == ABSENT:
            raise Refusal(404, f"there is no page {number}: {done.stdout.decode(errors='replace')}", "choose another")
        why = done.stdout.decode(errors="replace") if done.returncode == UNREADABLE else "it broke the program"
        raise Refusal(422, f"the page cannot be drawn: {why}", "read its text, or open the file elsewhere")
