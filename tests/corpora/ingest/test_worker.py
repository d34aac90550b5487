"""The bounded process: what a file holds comes out of it, and whatever a file does ends in an error that names it."""

import json
import os
import resource
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import docx
import pytest
from fpdf import FPDF
from pydantic import TypeAdapter

from corpora.errors import IngestError
from corpora.ingest import worker
from corpora.ingest.archive import expand
from corpora.ingest.limits import MB, Limits, size
from corpora.ingest.page import About, Block, Page, Table
from corpora.ingest.sniff import FORMATS
from corpora.ingest.worker import read

FEEDS = "one\fsecond page\fthird\f"
ODD = Page(
    blocks=(
        Block("heading", 'A "1/3"\n\u00fc\u2028', 2, (0.1, 1 / 3, 1e-9, 612.0)),
        Block("table", "", table=Table(("a", ""), (("1", "2"),), "T", ("n",), ((0.0, 0.5, 1.0, 2.0),))),
    ),
    number=7,
    label="iv",
    width=612.0,
    height=1 / 7,
    scanned=True,
    ocr=True,
    outline=((1, "One"), (2, "Two")),
)


def saved(text: str, tmp_path: Path, name: str = "manual.txt") -> Path:
    """Put a text on disk."""
    path = tmp_path / name
    path.write_text(text)
    return path


def said(path: Path, limits: Limits | None = None, name: str = "") -> str:
    """The error that reading a file ends with."""
    with pytest.raises(IngestError) as caught:
        list(read(path, limits, name=name))
    return str(caught.value)


def children() -> set[int]:
    """Processes that this one has started and that still are."""
    own = Path("/proc/self/task")
    return {int(pid) for task in own.iterdir() for pid in (task / "children").read_text().split()}


def scripted(tmp_path: Path, script: str, limits: Limits | None = None) -> Iterator[About | Page]:
    """What is read from a process that runs a script instead of a reader."""
    child = worker._Child(tmp_path / "manual.txt", limits or Limits(), 1, "manual.txt")
    child.process = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    try:
        yield from child.items()
    finally:
        child.end()


def test_pages_come_out_as_they_are_in_the_reader(tmp_path: Path) -> None:
    """First what the file says of itself, then page after page."""
    about, *pages = read(saved(FEEDS, tmp_path))

    assert isinstance(about, About)
    assert pages == [
        Page((Block("paragraph", "one"),), 1),
        Page((Block("paragraph", "second page"),), 2),
        Page((Block("paragraph", "third"),), 3),
    ]


def test_the_language_of_the_first_pages_comes_with_what_the_file_says(tmp_path: Path) -> None:
    """The child hears it; of figures alone it says that it is not sure; a page that breaks does so at its turn."""
    english = "The valve shall be inspected every week by the owner of the building and tested once a year. " * 3
    about, page = read(saved(english, tmp_path))
    figures = next(iter(read(saved("12 34 56", tmp_path, "figures.txt"))))
    broken = iter([Page((Block("paragraph", "one"),))])

    def pages() -> Iterator[Page]:
        yield from broken
        raise IngestError("page 2 is damaged")

    unheard, coming = worker._heard(About(language="de"), pages())

    assert isinstance(about, About)
    assert isinstance(figures, About)
    assert (about.heard, figures.heard, isinstance(page, Page)) == ("en", "", True)
    assert unheard == About(language="de")
    assert next(coming).blocks[0].text == "one"
    with pytest.raises(IngestError, match="page 2"):
        next(coming)


def test_values_survive_the_pipe_exactly() -> None:
    """Every field, to the last digit."""
    adapter = TypeAdapter(Page)

    assert adapter.validate_json(adapter.dump_json(ODD)) == ODD
    assert b"\n" not in adapter.dump_json(ODD)


def test_reading_is_taken_up_at_a_page(tmp_path: Path) -> None:
    """A killed ingest does not start anew."""
    _, *pages = read(saved(FEEDS, tmp_path), first=3)

    assert [page.number for page in pages if isinstance(page, Page)] == [3]


def test_every_format_but_the_archive_has_a_reader() -> None:
    """The table of readers and the list of formats agree."""
    assert {*worker.READERS} == {*FORMATS} - {"zip"}
    for name in {*worker.READERS} - {"pdf"}:
        assert hasattr(worker.reader(name), "pages")


def test_an_archive_is_sent_to_be_unfolded(tmp_path: Path) -> None:
    """It has no pages of its own."""
    path = tmp_path / "manuals.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "a")

    assert "unfold it" in said(path)


def test_closing_ends_the_process_and_its_place_for_files(tmp_path: Path) -> None:
    """Who stops after the first page leaves nothing running."""
    before = children()
    pages = read(saved("The pump shall start.\n\n" * 200_000, tmp_path))
    next(pages)
    (pid,) = children() - before
    scratch = Path(f"/proc/{pid}/cwd").readlink()
    assert scratch.is_dir()

    pages.close()

    assert children() == before
    assert not scratch.exists()


def test_a_process_ends_with_its_parent(tmp_path: Path) -> None:
    """Even when the parent is killed and cannot say so."""
    path = saved("The pump shall start.\n\n" * 200_000, tmp_path)
    program = (
        "import os, sys; from pathlib import Path; from corpora.ingest.worker import read\n"
        f"pages = read(Path({str(path)!r})); next(pages)\n"
        "print(Path(f'/proc/self/task/{os.getpid()}/children').read_text(), flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=False, text=True)
    (pid,) = map(int, done.stdout.split())

    for _ in range(200):
        status = Path(f"/proc/{pid}/stat")
        if not status.exists() or status.read_text().split()[2] == "Z":
            return
        signal.sigtimedwait(set(), 0.05)
    pytest.fail("the reader outlived its parent by ten seconds")


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("print('hello')", "wrote nonsense"),
        ("print('P{}')", "wrote nonsense"),
        ("print('P' + '[' * 1000)", "wrote nonsense"),
        ("print('F\"')", "wrote nonsense"),
        ("print('P', end='')", "status 0"),
        ("import sys; sys.exit(3)", "status 3"),
        ("import os, time; os.close(1); time.sleep(60)", "fell silent"),
        ("import os; os.kill(os.getpid(), 11)", "SIGSEGV"),
        ("import os; os.kill(os.getpid(), 6)", "needs more than 1 GB"),
        ("import os; os.kill(os.getpid(), 9)", "ran out of memory"),
        ("import os; os.kill(os.getpid(), 24)", "3600 s of processor time"),
    ],
)
def test_a_process_that_dies_or_babbles_is_an_error_with_its_reason(script: str, reason: str, tmp_path: Path) -> None:
    """The message names the file."""
    with pytest.raises(IngestError, match=reason) as caught:
        list(scripted(tmp_path, script))

    assert str(caught.value).startswith("manual.txt: ")


@pytest.mark.parametrize(
    ("script", "limits", "reason"),
    [
        ("import time; time.sleep(60)", Limits(page_seconds=0.2), "longer than 0.2 s for page 1"),
        ("import time; print('P{\"blocks\":[]}', flush=True); time.sleep(60)", Limits(page_seconds=0.5), "for page 2"),
        (
            "import time\nwhile True: print('P{\"blocks\":[]}', flush=True); time.sleep(0.02)",
            Limits(file_seconds=0.5),
            "longer than 0.5 s",
        ),
        ("while True: print('x' * 100000, end='')", Limits(page_bytes=MB), "page 1 with more than 1 MB"),
        ("while True: print('A{\"title\":\"' + 'x' * 10000 + '\"}')", Limits(text_bytes=MB), "more than 1 MB of text"),
        ("while True: print('P{\"blocks\":[]}')", Limits(pages=5), "wrote nonsense"),
    ],
    ids=["hangs", "hangs later", "dawdles", "one endless line", "endless lines", "endless pages"],
)
def test_a_process_that_hangs_or_floods_is_ended(script: str, limits: Limits, reason: str, tmp_path: Path) -> None:
    """The parent believes nothing that the child promises to keep."""
    before = children()

    with pytest.raises(IngestError, match=reason):
        list(scripted(tmp_path, script, limits))

    assert children() == before


def test_a_file_that_takes_too_much_memory_is_named_with_the_limit(tmp_path: Path) -> None:
    """The memory is the child's own: this process does not grow."""
    path = saved("[" + "[1.5,2.5,3.5]," * 2_000_000 + "1]", tmp_path, "big.json")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    assert said(path, Limits(memory_bytes=256 * MB)) == f"{path}: used more than 256 MB of memory; split it"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000


def test_a_real_file_that_takes_too_long_is_named_with_the_page(tmp_path: Path) -> None:
    """Starting the process counts as waiting for the first page."""
    assert "took longer than 0.01 s for page 1" in said(saved("text", tmp_path), Limits(page_seconds=0.01))


def test_a_file_with_too_many_pages_is_refused_unless_it_said_so_before(tmp_path: Path) -> None:
    """One that says how many it has is cut, and the limits say what is left out."""
    path = saved("page\f" * 20, tmp_path)

    assert "more than 5 pages" in said(path, Limits(pages=5))
    assert Limits(pages=3000).cut(About(pages=5000)) == (
        "has 5000 pages, of which the first 3000 are read; split it to have the rest"
    )
    assert Limits().cut(About(pages=3000)) == Limits().cut(About()) == ""


@pytest.mark.skipif(not Path(worker.__file__).with_name("pdf.py").exists(), reason="the PDF reader is not here yet")
def test_a_pdf_of_five_thousand_pages_is_read_up_to_the_limit(tmp_path: Path) -> None:
    """It says how many it has, so it is cut."""
    path = tmp_path / "long.pdf"
    document = FPDF()
    document.set_font("helvetica")
    for number in range(1, 31):
        document.add_page()
        document.cell(text=f"This is page {number} of the manual.")
    document.output(str(path))
    about, *pages = read(path, Limits(pages=12))

    assert isinstance(about, About)
    assert about.pages == 30
    assert [page.number for page in pages if isinstance(page, Page)] == list(range(1, 13))


def test_a_page_too_large_to_write_down_is_named(tmp_path: Path) -> None:
    """The child refuses it before the parent has to."""
    path = saved("one\f" + "word " * 20_000, tmp_path)

    assert "page 2 with" in said(path, Limits(page_bytes=20_000))


def test_a_file_without_text_is_refused(tmp_path: Path) -> None:
    """Nothing to find is worth a word in the report."""
    assert "holds no text" in said(saved("<html><body><img src=x></body></html>", tmp_path, "scan.html"))


def test_errors_call_a_file_what_its_owner_calls_it(tmp_path: Path) -> None:
    """A member of an archive stands under a name that means nothing to anyone."""
    path = saved("", tmp_path)

    assert said(path, name="manuals.zip/a.txt").startswith("manuals.zip/a.txt: is empty")
    assert said(path).startswith(f"{path}: is empty")


def test_a_name_of_any_bytes_is_opened(tmp_path: Path) -> None:
    """Names come from cameras and old drives."""
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/m\xe9\xff\n.txt"))
    path.write_text("text")

    assert len(list(read(path))) == 2


def test_the_child_bounds_itself() -> None:
    """Memory, processor, files written, files open, no core dump."""
    program = (
        "import json, os, resource; from corpora.ingest import worker; from corpora.ingest.limits import Limits\n"
        f"worker._bind(Limits(memory_bytes={300 * MB}, file_seconds=77))\n"
        "print(json.dumps([resource.getrlimit(getattr(resource, 'RLIMIT_' + name))[0]\n"
        "    for name in ('AS', 'CPU', 'FSIZE', 'NOFILE', 'CORE')]), flush=True); os._exit(0)"
    )
    held, leash = os.pipe()
    done = subprocess.run([sys.executable, "-c", program], stdin=held, stdout=subprocess.PIPE, check=True)
    os.close(held)
    os.close(leash)

    assert json.loads(done.stdout) == [300 * MB, 78, Limits().written_bytes, Limits().open_files, 0]


def test_the_child_learns_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that a file took over finds no key to carry away."""
    monkeypatch.setenv("CLARA_SECRET_KEY", "hidden")
    before = children()
    with closing(read(saved("The pump shall start.\n\n" * 200_000, tmp_path))) as pages:
        next(pages)
        (pid,) = children() - before
        known = Path(f"/proc/{pid}/environ").read_bytes()

    assert b"hidden" not in known
    assert b"TMPDIR" in known


def test_sizes_are_written_for_people() -> None:
    """Three figures at most."""
    assert [size(count) for count in (0, 900, 1536, 20 * MB, 1 << 30)] == [
        "0 bytes",
        "900 bytes",
        "1.5 kB",
        "20 MB",
        "1 GB",
    ]


def test_a_folder_of_good_and_bad_files_in_an_archive_is_read_but_for_the_bad(tmp_path: Path) -> None:
    """Each bad one is named with its reason, and the rest go on."""
    word = tmp_path / "a.docx"
    document = docx.Document()
    document.add_paragraph("From Word.")
    document.save(str(word))
    path = tmp_path / "manuals.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(word, "word.docx")
        archive.writestr("cut.docx", word.read_bytes()[:-500])
        archive.writestr("../climb.txt", "no")
        archive.writestr("empty.pdf", "")
        archive.writestr("picture.pdf", b"\x89PNG\r\n\x1a\n" + bytes(99))
        archive.writestr("page.txt", "<!doctype html><p>From a page with the wrong name.</p>")
    texts: list[str] = []
    faults: dict[str, str] = {}
    for member in expand(path, folder=tmp_path):
        if member.path is None:
            faults[member.name] = f"{member.name}: {member.refused}"
            continue
        try:
            pages = [item for item in read(member.path, name=member.name) if isinstance(item, Page)]
        except IngestError as error:
            faults[member.name] = str(error)
        else:
            texts += [block.text for page in pages for block in page.blocks]

    assert texts == ["From Word.", "From a page with the wrong name."]
    assert {*faults} == {"cut.docx", "../climb.txt", "empty.pdf", "picture.pdf"}
    assert all(fault.startswith(f"{name}: ") for name, fault in faults.items())


HOSTILE = {
    "deep.json": b'{"a":' * 200_000,
    "deep.md": b">" * 100_000 + b"\n" + b"[" * 100_000,
    "wide.csv": b"," * 5_000_000,
    "quotes.csv": b'"a\n' * 200_000,
    "one line.txt": b"x" * 5_000_000,
    "numbers.txt": b"1." * 300_000 + b" a",
    "dots.txt": (b". " * 100 + b"\n") * 3000,
    "cut.docx": b"PK\3\4" + bytes(500),
    "cut.pdf": b"%PDF-1.7\n1 0 obj\n<<",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_end_in_text_or_in_an_error(name: str, tmp_path: Path) -> None:
    """And always within the limits."""
    path = tmp_path / name
    path.write_bytes(HOSTILE[name])

    with suppress(IngestError):
        assert list(read(path, Limits(memory_bytes=512 * MB), name="it"))
