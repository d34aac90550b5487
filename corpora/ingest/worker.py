"""Readers in a process of their own, with bounded memory and time: what a file holds comes out, whatever it does.

The child (`python -m corpora.ingest.worker`) writes one line per page; the parent waits no longer than the limits allow
and kills it, with all it has started, when it dies, hangs, writes nonsense, or is no longer wanted.

Decisions:
    A process per file: starting one takes a fifth of a second, and nothing that a file broke is left for the next.
    The child bounds itself before it looks at the file, takes no secrets from the environment, reaches no network where
    the system lets it cut itself off, and ends when its parent does.
    The child names the language, since it waits for nobody while the parent loads what indexing takes.
    Waiting is counted, not the time that passes while the caller works on a page.
"""

import ctypes
import json
import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from importlib import import_module
from itertools import chain
from pathlib import Path
from threading import Thread

from pydantic import TypeAdapter, ValidationError

from corpora.errors import IngestError
from corpora.ingest import origin
from corpora.ingest.limits import Limits, size
from corpora.ingest.page import About, Page, Reader
from corpora.ingest.sniff import NAMES, Format, sniff

READERS: dict[Format, tuple[str, str]] = {
    "pdf": ("pdf", "Pdf"), "html": ("html", "Html"), "markdown": ("markdown", "Markdown"), "docx": ("word", "Word"),
    "xlsx": ("sheet", "Sheet"), "csv": ("sheet", "Separated"), "json": ("structured", "Json"),
    "text": ("plain", "Plain"), "epub": ("epub", "Epub"),
}  # fmt: skip
"""Format to the module here and the class in it that reads it, imported only when one is met."""
PASSED = ("PATH", "LD_LIBRARY_PATH", "TESSDATA_PREFIX", "TZ")
"""What a child may know of the environment."""
ABOUT, PAGE, FAULT, END = b"A", b"P", b"F", b"E"
"""What a line of the child opens with."""

_ABOUT: TypeAdapter[About] = TypeAdapter(About)
_PAGE: TypeAdapter[Page] = TypeAdapter(Page)


def read(
    path: Path, limits: Limits | None = None, first: int = 1, *, name: str = ""
) -> Generator[About | Page, None, None]:
    """Read a file in a bounded process.

    Args:
        path: A file of any format but an archive, which `archive.expand` unfolds.
        limits: What reading may cost; `Limits.cut` says whether they leave pages unread.
        first: The first page to give, counted from 1 as the reader gives them, so that reading can be taken up again.
        name: What to call the file in errors; its path when not given.

    Yields:
        What the file says of itself, then its pages as they are read. Closing the generator ends the process.

    Raises:
        IngestError: The file cannot be read, or not within the limits; the message names it and says why.
    """
    child = _Child(path, limits or Limits(), first, name or str(path))
    with tempfile.TemporaryDirectory(prefix="clara-") as scratch:
        try:
            child.start(Path(scratch))
            yield from child.items()
        finally:
            child.end()


@dataclass(slots=True)
class _Child:
    """The process that reads one file, seen from outside."""

    path: Path
    limits: Limits
    first: int
    name: str
    process: subprocess.Popen[bytes] | None = None
    held: bytearray = field(default_factory=bytearray)
    """Bytes of lines not yet taken."""
    waited: float = 0.0
    """Seconds waited so far."""
    text_bytes: int = 0

    def start(self, scratch: Path) -> None:
        """Start the process in a place of its own for temporary files."""
        root = Path(__file__).parents[2]
        known = {name: os.environ[name] for name in PASSED if name in os.environ}
        self.process = subprocess.Popen(
            [
                sys.executable, "-P", "-m", "corpora.ingest.worker",
                str(self.path.absolute()), str(self.first), json.dumps(asdict(self.limits)),
            ],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=scratch,
            start_new_session=True,
            env={
                **known, "PYTHONPATH": str(root), "TMPDIR": str(scratch), "HOME": str(scratch), "LANG": "C.UTF-8",
                "MALLOC_ARENA_MAX": "2", "OMP_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1", "RAYON_NUM_THREADS": "2",
            },
        )  # fmt: skip

    def end(self) -> None:
        """Kill the process and what it started; nothing when it was never started."""
        if self.process is None:
            return
        if self.process.returncode is None:
            self.reap()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()

    def reap(self) -> int:
        """Kill the process, if it still runs, and all it started; give its status, negative for a signal."""
        assert self.process is not None
        # Not waited for before: until then its number is its own, and no other process can be hit.
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        return self.process.wait()

    def items(self) -> Iterator[About | Page]:
        """Give what the process writes; raises IngestError at its first fault."""
        count = self.first - 1
        last = max(self.limits.pages, self.first)
        while (line := self.line(count + 1))[:1] != END:
            kind, body = line[:1], line[1:]
            if kind == FAULT:
                raise IngestError(self.fault(body))
            if kind not in {ABOUT, PAGE} or count > last:
                raise self.error("broke its reader, which wrote nonsense; it is damaged or hostile")
            try:
                item = _ABOUT.validate_json(body) if kind == ABOUT else _PAGE.validate_json(body)
            except ValidationError as error:
                raise self.error("broke its reader, which wrote nonsense; it is damaged or hostile") from error
            count += kind == PAGE
            yield item

    def line(self, page: int) -> bytes:
        """Wait for a line of the process, no longer than for one page."""
        assert self.process is not None
        assert self.process.stdout is not None
        source = self.process.stdout.fileno()
        poll = select.poll()
        poll.register(source, select.POLLIN)
        begun, looked = time.monotonic(), 0
        while (end := self.held.find(b"\n", looked)) < 0:
            looked = len(self.held)
            if looked > self.limits.page_bytes + 1024:
                raise self.error(f"fills page {page} with more than {size(self.limits.page_bytes)}; split it")
            spent = time.monotonic() - begun
            self.in_time(spent, page)
            left = min(self.limits.page_seconds - spent, self.limits.file_seconds - self.waited - spent)
            if poll.poll(max(left, 0) * 1000 + 1) and not self.take(source):
                raise self.death()
        self.waited += time.monotonic() - begun
        line = bytes(self.held[:end])
        del self.held[: end + 1]
        self.text_bytes += end
        if self.text_bytes > self.limits.text_bytes:
            raise self.error(f"holds more than {size(self.limits.text_bytes)} of text; split it")
        return line

    def take(self, source: int) -> bool:
        """Take what the process has written; say whether there was any."""
        piece = os.read(source, 1 << 16)
        self.held += piece
        return bool(piece)

    def in_time(self, spent: float, page: int) -> None:
        """Raise IngestError when the waiting has taken too long."""
        if spent > self.limits.page_seconds:
            raise self.error(f"took longer than {self.limits.page_seconds:g} s for page {page}; split or convert it")
        if self.waited + spent > self.limits.file_seconds:
            raise self.error(f"took longer than {self.limits.file_seconds:g} s, up to page {page}; split it")

    def death(self) -> IngestError:
        """Say why a process ended before its last line."""
        assert self.process is not None
        until = time.monotonic() + 1
        while os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
            if time.monotonic() > until:
                return self.error("broke its reader, which fell silent; it is damaged or hostile")
            time.sleep(0.01)
        code = self.reap()
        memory = size(self.limits.memory_bytes)
        if code == -signal.SIGXCPU:
            return self.error(f"used more than {self.limits.file_seconds:g} s of processor time; split it")
        if code == -signal.SIGKILL:
            return self.error("was stopped by the system, which ran out of memory; split it or stop other programs")
        if code < 0:
            named = signal.Signals(-code).name
            return self.error(f"broke its reader ({named}): it is damaged, hostile, or needs more than {memory}")
        return self.error(f"broke its reader, which ended with status {code}; it is damaged or hostile")

    def fault(self, body: bytes) -> str:
        """Give the process's own word on what is wrong, the file called by its name."""
        try:
            said = str(json.loads(body))
        except ValueError:
            said = "broke its reader, which wrote nonsense"
        said = said.removeprefix(f"{self.path.absolute()}: ")
        return f"{self.name}: {said}"

    def error(self, said: str) -> IngestError:
        """Make an error that names the file."""
        return IngestError(f"{self.name}: {said}")


def reader(found: Format) -> Reader:
    """Give the reader of a format; raises IngestError when it has none of its own."""
    if found not in READERS:
        raise IngestError(f"{NAMES[found]} has no reader of its own; unfold it first")
    module, name = READERS[found]
    made: Reader = getattr(import_module(f"corpora.ingest.{module}"), name)()
    return made


def main(arguments: list[str]) -> None:
    """Read a file as the child: bound this process, then write one line per page.

    Args:
        arguments: The file's path, the first page to give, the limits as JSON.
    """
    out = os.dup(1)
    # A library that prints must not write into the lines.
    os.dup2(2, 1)
    path, first, limits = Path(arguments[0]), int(arguments[1]), Limits(**json.loads(arguments[2]))
    _bind(limits)
    too_much = _faulted(f"used more than {size(limits.memory_bytes)} of memory; split it")
    try:
        for line in _lines(path, first, limits):
            _write(out, line)
    except IngestError as error:
        said = str(error)
        _write(out, too_much if "emory allocation" in said or "out of memory" in said else _faulted(said))
    except MemoryError:
        _write(out, too_much)
    except Exception as error:  # noqa: BLE001 (this is the outermost loop: whatever a file breaks is the file's fault)
        _write(out, _faulted(f"cannot be read ({type(error).__name__}: {error}); save or download it again"))
    else:
        _write(out, END + b"\n")
    # Nothing that is left here is worth the time, or the crash, of taking it apart.
    os._exit(0)


def _faulted(said: str) -> bytes:
    return FAULT + json.dumps(said[:2000]).encode() + b"\n"


def _write(out: int, line: bytes) -> None:
    view = memoryview(line)
    while view:
        view = view[os.write(out, view) :]


def _lines(path: Path, first: int, limits: Limits) -> Iterator[bytes]:
    """Give the lines of a file: what it says of itself, then its pages."""
    opened = reader(sniff(path, limits).format)
    about, pages = _heard(opened.about(path), opened.pages(path, first))
    yield ABOUT + _ABOUT.dump_json(about) + b"\n"
    number = first - 1
    for number, page in enumerate(pages, first):
        if number > limits.pages:
            if limits.cut(about):
                return
            raise IngestError(f"{path}: has more than {limits.pages} pages or parts; split it")
        line = PAGE + _PAGE.dump_json(page) + b"\n"
        if len(line) > limits.page_bytes:
            raise IngestError(f"{path}: fills page {number} with {size(len(line))}; split it")
        yield line
    if number == 0:
        raise IngestError(f"{path}: holds no text; if it shows pictures of text, scan it to PDF")


def _heard(about: About, pages: Iterator[Page]) -> tuple[About, Iterator[Page]]:
    """Tell the language of the first pages; a fault among them is raised when its page's turn comes."""
    head: list[Page] = []
    try:
        for page in origin.first(pages):
            head.append(page)
            if page.ocr:  # each may take most of the wait that one line is allowed
                return about, chain(head, pages)
    except Exception as error:  # noqa: BLE001 (it is raised below)
        return about, _broken(head, error)
    return replace(about, heard=origin.heard(head)), chain(head, pages)


def _broken(head: list[Page], error: Exception) -> Iterator[Page]:
    yield from head
    raise error


def _bind(limits: Limits) -> None:
    """Bound this process, cut it off, and tie its life to its parent's."""
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, int(limits.file_seconds) + 1),
        (resource.RLIMIT_FSIZE, limits.written_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # Processor time is told by SIGXCPU only while the hard limit is a second away.
        later = kind == resource.RLIMIT_CPU and hard == resource.RLIM_INFINITY
        resource.setrlimit(kind, (allowed, allowed + later))
    os.nice(5)
    # A network of its own, with nothing in it; needs a right that some systems withhold, and then the rest must do.
    new_user, new_net = 0x10000000, 0x40000000
    libc = ctypes.CDLL(None)
    if libc.unshare(new_net) != 0:
        libc.unshare(new_user | new_net)
    Thread(target=_leash, daemon=True).start()


def _leash() -> None:
    """End with the parent, whose end of the pipe closes when it dies."""
    while os.read(0, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
