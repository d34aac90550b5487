"""The stock: files added, named when they cannot be, taken off again; killed adds harm nothing."""

import os
import random
import signal
import subprocess
import sys
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from fpdf import FPDF

from corpora.adding import File, Published, Report, Wish, add, files, remove
from corpora.errors import IngestError
from corpora.filters import Filter
from corpora.ingest import worker
from corpora.ingest.page import About, Block, Page
from corpora.library import Library
from corpora.passage import Passage
from corpora.stock import PASSAGES, Document, Stock
from corpora.stocktaking import differences
from tests.fakes.hashing import hashed

ROOT = Path(__file__).parents[2]
BASE = Passage("starter/a/1", "starter", "Valves", "", ("Trip test",), "1.1", None, "", "Trip the valve every year.")
WISH = Wish(pack="documents")
PUMP = """# Tornado pump manual

## 2.1 Priming

Open the priming cock and wait until water runs out of the casing without bubbles, then close it again.

## 2.2 Packing

A drip of forty drops a minute from the gland keeps the packing cool while the pump runs at its rated speed.
"""
PANEL = """# Kidde panel manual

| Model | Standby current |
|-------|-----------------|
| KX-210 | 180 mA |
| KX-420 | 310 mA |

Hold the grey key for nine seconds to silence the tamper buzzer while the cover is open.
"""


class Shelf:
    """A stock and a library below one folder, with one passage of the starter pack."""

    def __init__(self, data: Path) -> None:
        """Open it, making the library when there is none."""
        self.stock = Stock(data / "documents")
        self.folder = data / "library"
        Library.build(self.folder, [BASE], hashed, "base")

    def shelve(
        self, more: Iterable[Passage], less: Collection[Filter | str], published: Published = lambda: None
    ) -> None:
        """Extend the library."""
        Library.extend(self.folder, more, less, hashed, published=published)

    def add(self, *paths: Path, wish: Wish = WISH) -> list[Report]:
        """Add files."""
        with self.stock.writing():
            return list(add(self.stock, files(paths), wish, self.shelve, lambda *_: None))

    def added(self, path: Path, wish: Wish = WISH) -> Document:
        """Add one file that must go in."""
        (report,) = self.add(path, wish=wish)
        assert report.document, report.problem
        return report.document

    def remove(self, identity: str) -> None:
        """Take a document away."""
        with self.stock.writing():
            remove(self.stock, identity, self.shelve)

    def ids(self) -> list[str]:
        """Ids of all passages in the library."""
        with closing(Library.open(self.folder, hashed)) as library:
            return [passage.id for passage in library._index.passages(library._index.find({}))]

    def found(self, words: str) -> Passage | None:
        """The best passage, when it has anything of the words."""
        with closing(Library.open(self.folder, hashed)) as library:
            hits = library.search(words, 1)
            return hits[0].passage if hits and hits[0].coverage > 0.5 else None

    def is_whole(self) -> bool:
        """Whether the library holds exactly what the stock does, each passage once."""
        ids = self.ids()
        kept = [each.id for document in self.stock.documents() for each in self.stock.passages(document)]
        return sorted(ids) == sorted([BASE.id, *kept])


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """An empty stock."""
    return Shelf(tmp_path / "data")


def written(folder: Path, **texts: str) -> list[Path]:
    """Write Markdown files."""
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{name}.md" for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def pdf(path: Path, pages: Sequence[str]) -> Path:
    """Write a PDF of one paragraph a page."""
    made = FPDF()
    made.set_font("helvetica", size=11)
    for text in pages:
        made.add_page()
        made.multi_cell(0, 6, text)
    made.output(str(path))
    return path


def reads(monkeypatch: pytest.MonkeyPatch, *items: About | Page | IngestError) -> None:
    """Let every file read as these items; an error is raised."""

    def read(*_: object, **__: object) -> Iterator[About | Page]:
        for item in items:
            if isinstance(item, IngestError):
                raise item
            yield item

    monkeypatch.setattr(worker, "read", read)


def test_what_is_added_is_kept_as_it_came_and_found(shelf: Shelf, tmp_path: Path) -> None:
    """The original, its passages and what is known of it stay; a search gives document and section."""
    (path,) = written(tmp_path / "in", pump=PUMP)
    document = shelf.added(path, Wish("documents", system="fire pump", model="T-9"))
    path.unlink()

    assert (document.title, document.model, document.state, document.format) == (
        "Tornado pump manual", "T-9", "ready", "markdown",
    )  # fmt: skip
    assert shelf.stock.original(document.id).read_text() == PUMP
    assert shelf.stock.documents() == (document,)
    found = shelf.found("how many drops from the gland")
    assert found is not None
    assert (found.document, found.section, found.system, found.source) == (
        "Tornado pump manual", "2.2", "fire pump", "pump.md",
    )  # fmt: skip
    assert [each.id for each in shelf.stock.passages(document)].count(found.id) == 1


def test_a_page_of_a_pdf_is_known_by_its_number(shelf: Shelf, tmp_path: Path) -> None:
    """Pages are counted, and a passage says on which it stands."""
    pytest.importorskip("corpora.ingest.pdf")
    texts = [f"The {word} lamp blinks {word} when its loop has lost the module." for word in ("amber", "green", "red")]
    document = shelf.added(pdf(tmp_path / "m.pdf", texts), Wish("documents", title="Loop manual"))

    found = shelf.found("green lamp blinks")
    assert found is not None
    assert (document.pages, found.page, found.document) == (3, 2, "Loop manual")


def test_folders_and_archives_are_unfolded_and_a_bad_file_is_named(shelf: Shelf, tmp_path: Path) -> None:
    """One damaged file is refused by name and the others are in."""
    folder = tmp_path / "in"
    written(folder, pump=PUMP)
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7\nnonsense")
    (folder / ".hidden.md").write_text(PANEL)
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        archive.writestr("panels/kidde.md", PANEL)
        archive.writestr("../evil.md", PUMP)

    reports = {report.name: report for report in shelf.add(folder)}

    assert set(reports) == {"pump.md", "bad.pdf", "more.zip/panels/kidde.md", "more.zip/../evil.md"}
    assert "bad.pdf" in reports["bad.pdf"].problem
    assert "leads out of the archive" in reports["more.zip/../evil.md"].problem
    assert {one.title for one in shelf.stock.documents()} == {"Tornado pump manual", "Kidde panel manual"}
    assert shelf.is_whole()


def test_the_same_file_again_is_recognised(shelf: Shelf, tmp_path: Path) -> None:
    """Whatever its name, it goes in once, and the report says where it is."""
    one, two = written(tmp_path / "in", one=PUMP, two=PUMP)
    document = shelf.added(one)
    before = (shelf.folder / "current").read_text()

    (report,) = shelf.add(two)

    assert report.known
    assert report.document == document
    assert (shelf.folder / "current").read_text() == before


def test_another_edition_is_another_document_and_its_repeated_pages_are_said(shelf: Shelf, tmp_path: Path) -> None:
    """Two files of one title and edition are told apart; removing one leaves the other."""
    one, two = written(tmp_path / "in", one=PUMP, two=PUMP + "\nGrease the bearings.\n")
    first, second = shelf.added(one), shelf.added(two)

    assert second.title == "Tornado pump manual (two.md)"
    assert first.place != second.place
    shelf.remove(first.id)
    assert [each.id for each in shelf.stock.documents()] == [second.id]
    assert shelf.is_whole()
    with pytest.raises(IngestError, match="clara corpora documents"):
        shelf.remove(first.id)


def test_repeated_pages_are_remarked(shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a document and across documents."""
    pages = [Page((Block("paragraph", f"Word{number} " * 30),), number) for number in (1, 2, 3)]
    one, two = written(tmp_path / "in", one=PUMP, two=PANEL)
    reads(monkeypatch, About(title="One"), *pages)
    first = shelf.added(one)
    reads(monkeypatch, About(title="Two"), *pages, pages[1])
    second = shelf.added(two)

    assert second.problems == ("1 pages repeat others of it", f"3 of its pages stand in One ({first.id}), too")


def test_specs_in_tables_become_candidates(shelf: Shelf, tmp_path: Path) -> None:
    """Each with its source cell, in a folder that the catalogue can load."""
    from corpora.specs import Specs

    document = shelf.added(written(tmp_path / "in", panel=PANEL)[0])

    assert document.specs == 2
    loaded = Specs.load(shelf.stock.specs())
    assert not loaded.problems
    found = loaded.find("KX-420")
    assert found is not None
    assert (found.maker, found.review, found.values[0].text) == ("Kidde", "unreviewed", "310 mA")
    assert "row KX-420" in found.values[0].source


def test_what_fails_in_the_middle_is_taken_back(shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages that were published already go again, and the document with them."""
    pages = [
        Page((Block("heading", f"{number} Part", 1), Block("paragraph", f"Word{number} " * 70)), number)
        for number in range(1, 80)
    ]
    reads(monkeypatch, About(title="Broken manual", pages=90), *pages, IngestError("broken.md: page 80 is damaged"))
    (report,) = shelf.add(*written(tmp_path / "in", broken=PUMP))

    assert report.problem == "broken.md: page 80 is damaged"
    assert shelf.ids() == [BASE.id]
    assert shelf.stock.documents() == ()


def test_two_cannot_add_at_once(shelf: Shelf) -> None:
    """The second is told; whoever only wants to look after the index goes without."""
    with shelf.stock.writing():
        with pytest.raises(IngestError, match="another add is under way"), shelf.stock.writing():
            pass
        with shelf.stock.writing(wait=False) as mine:
            assert not mine


def test_an_index_made_anew_gets_the_stock_back_and_loses_strays(shelf: Shelf, tmp_path: Path) -> None:
    """The index is made from the stock, whatever became of it."""
    import shutil

    pump, panel = map(shelf.added, written(tmp_path / "in", pump=PUMP, panel=PANEL))
    shutil.rmtree(shelf.folder)
    Library.build(shelf.folder, [BASE], hashed, "base")
    stray = Passage("documents/x/1", "documents", "Gone", "", (), "", None, "", "Nobody has this.")
    shelf.shelve([stray], ())

    with closing(Library.open(shelf.folder, hashed)) as library:
        found = differences(library.documents(), shelf.stock, {"starter"})
    assert {one.id for one in found.missing} == {pump.id, panel.id}
    shelf.shelve(found.passages(shelf.stock), found.strays)
    assert shelf.is_whole()
    with closing(Library.open(shelf.folder, hashed)) as library:
        again = differences(library.documents(), shelf.stock, {"starter"})
    assert (again.missing, again.strays) == ((), ())


def test_a_damaged_document_is_named_and_the_others_stay(shelf: Shelf, tmp_path: Path) -> None:
    """One bad `about.json` costs nobody else anything."""
    pump, panel = map(shelf.added, written(tmp_path / "in", pump=PUMP, panel=PANEL))
    (shelf.stock.place(pump.id) / "about.json").write_text("{")

    documents, problems = shelf.stock.survey()

    assert documents == (panel,)
    assert pump.id in problems[0]


def test_a_refused_file_says_so(shelf: Shelf) -> None:
    """As a member of an archive may be, before it is read."""
    with shelf.stock.writing():
        (report,) = add(shelf.stock, [File("x", None, "x", "x: is a trap")], WISH, shelf.shelve, lambda *_: None)

    assert report.problem == "x: is a trap"


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.corpora.test_stock import Shelf

point, data, inbox = int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
shelf = Shelf(data)
count, real = 0, os.fsync
def fsync(handle):
    global count
    count += 1
    if count == point:
        os.kill(os.getpid(), signal.SIGKILL)
    real(handle)
os.fsync = fsync
shelf.add(inbox)
print(count)
"""
"""Adds a folder, and is killed at the n-th time that something is put on the disk for good."""


def killed(point: int, data: Path, inbox: Path) -> subprocess.CompletedProcess[str]:
    """Run an add in a process of its own, killed at a point; 0 is never reached."""
    return subprocess.run(
        [sys.executable, "-c", KILLED, str(point), str(data), str(inbox)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def outlives(point: int, tmp_path: Path) -> None:
    """Assert that an add killed at this point leaves a library that answers, and that adding again finishes it."""
    data, inbox = tmp_path / "data", tmp_path / "in"
    shelf = Shelf(data)
    shelf.added(written(tmp_path / "old", old=PUMP)[0])
    written(inbox, panel=PANEL, cock=PUMP.replace("priming", "drain").replace("Tornado", "Typhoon"))

    done = killed(point, data, inbox)

    assert done.returncode == -signal.SIGKILL, done.stderr
    found = shelf.found("drops from the gland of the tornado")
    assert found is not None
    assert found.document == "Tornado pump manual"
    assert all(not report.problem for report in shelf.add(inbox))
    assert len(shelf.stock.documents()) == 3
    assert {one.state for one in shelf.stock.documents()} == {"ready"}
    assert shelf.is_whole()
    assert not list(shelf.stock.folder.glob(".*"))


def test_a_killed_add_is_finished_by_the_next(tmp_path: Path) -> None:
    """The old content answers in between, and nothing is there twice."""
    outlives(14, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_an_add_may_be_killed_anywhere(tmp_path: Path) -> None:
    """Twenty points of the whole way."""
    Shelf(tmp_path / "try")
    written(tmp_path / "in", panel=PANEL, cock=PUMP)
    steps = int(killed(0, tmp_path / "try", tmp_path / "in").stdout)
    for point in random.Random(3).sample(range(1, steps), min(20, steps - 1)):
        outlives(point, tmp_path / f"{point}")


def test_the_stock_keeps_what_the_index_was_given(shelf: Shelf, tmp_path: Path) -> None:
    """Line by line, so that a pack can be made of it."""
    document = shelf.added(written(tmp_path / "in", panel=PANEL)[0])

    assert document.passages == len((shelf.stock.place(document.id) / PASSAGES).read_text().splitlines())
