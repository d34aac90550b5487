"""The library extended: only what is new is done, the old serves to the last, and a kill costs nothing."""

import random
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from corpora.errors import LibraryError
from corpora.extending import FIRST, grown
from corpora.filters import Filter
from corpora.library import Library
from corpora.passage import Passage
from tests.fakes.hashing import hashed

ROOT = Path(__file__).parents[2]
PARTS = ("rotor", "bearing", "coupling", "relay", "gasket", "strainer", "solenoid", "breaker", "louver", "header")
DOES = ("hums", "leaks", "trips", "rattles", "sticks", "overheats", "drips", "chatters", "stalls", "corrodes")


def manual(name: str, size: int, pack: str = "customer", edition: str = "") -> list[Passage]:
    """Make a manual; each passage says one thing that no other says, five to a section."""
    return [
        Passage(
            id=f"{pack}/{name}/{number}",
            pack=pack,
            document=f"{name} manual",
            edition=edition,
            heading=("Faults",),
            section=f"{number // 5 + 1}.{number % 5 + 1}",
            page=number // 10 + 1,
            system="fire pump",
            text=f"When the {PARTS[number % 10]} {DOES[number // 10 % 10]}, see chart {name}x{number}.",
            language="en",
            maker="Acme",
            model=name,
            box=(1.5, 2.0, 3.25, 4.0),
            table=f"Table {number}" if number % 2 else "",
            links=("1.1", "2.3") if number == 7 else (),
            parent=f"{name}/{number // 5 + 1}",
        )
        for number in range(size)
    ]


BASE = manual("AB-100", 30, "starter")


class Counted:
    """An embedder that counts its texts."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed."""
        self.texts.extend(texts)
        return hashed(texts)


@pytest.fixture(params=[20_000, 10], ids=["in memory", "on disk"])
def held(request: pytest.FixtureRequest) -> int:
    """Rows above which a library stays on disk."""
    return int(request.param)


@pytest.fixture
def folder(tmp_path: Path, held: int) -> Path:
    """A library of one manual."""
    Library.build(tmp_path, BASE, hashed, "base", held=held)
    return tmp_path


def held_in(folder: Path, held: int) -> list[str]:
    """Give the ids of all passages that the library holds."""
    with closing(Library.open(folder, hashed, held=held)) as library:
        found = [each.id for name in {one.document for one in library.documents()} for each in whole(library, name)]
        assert len(found) == library.count
        return sorted(found)


def whole(library: Library, document: str) -> list[Passage]:
    """Give a document's passages in order."""
    return library._index.passages(library._index.find({"document": document}))


def files(folder: Path) -> tuple[int, int]:
    """Give number and bytes of the files of a folder, each file once."""
    stats = {path.stat().st_ino: path.stat().st_size for path in folder.rglob("*") if path.is_file()}
    return len(stats), sum(stats.values())


def test_what_is_added_is_found_by_number_words_and_meaning(folder: Path, held: int) -> None:
    """New passages come back with every field, and old ones stay."""
    new = manual("CD-200", 25)
    Library.extend(folder, new, embed=hashed, held=held)

    with closing(Library.open(folder, hashed, held=held)) as library:
        assert library.count == len(BASE) + len(new)
        assert [library.passage(each.id) for each in (*BASE, *new)] == [*BASE, *new]
        assert library.search("chart CD-200x17")[0].passage == new[17]
        assert library.search("what does section 4.2 of the CD-200 say")[0].passage == new[16]
        assert {hit.passage.document for hit in library.search("coupling leaks", 40)} == {
            "AB-100 manual",
            "CD-200 manual",
        }


def test_only_what_is_new_is_embedded(folder: Path, held: int) -> None:
    """The same again embeds and publishes nothing; a changed sentence embeds one passage."""
    counted = Counted()
    new = manual("CD-200", 25)
    Library.extend(folder, new, embed=counted, held=held)
    assert len(counted.texts) == len(new) + 1

    before = (folder / "current").read_text()
    Library.extend(folder, new, embed=counted, held=held)
    assert len(counted.texts) == len(new) + 2
    assert (folder / "current").read_text() == before

    new[3] = replace(new[3], text="The governor hunts.")
    new[4] = replace(new[4], page=99)
    Library.extend(folder, new, embed=counted, held=held)
    assert len(counted.texts) == len(new) + 4
    with closing(Library.open(folder, hashed, held=held)) as library:
        assert whole(library, "CD-200 manual") == new
        assert library.search("governor hunts")[0].passage == new[3]
        assert library.search("bearing chart CD-200x3")[0].passage != new[3]


def test_what_is_removed_is_gone_and_no_longer_counted(folder: Path, held: int) -> None:
    """By id or by filter; counts, documents and word frequencies are as if it had never been there."""
    with closing(Library.open(folder, held=held)) as library:
        before = library._manifest
    Library.extend(folder, manual("CD-200", 25), embed=hashed, held=held)
    Library.extend(folder, [], [BASE[0].id, "nobody's", Filter(document="CD-200 manual")], hashed, held=held)

    with closing(Library.open(folder, hashed, held=held)) as library:
        assert library.count == len(BASE) - 1
        assert library.passage(BASE[0].id) is None
        assert all(hit.passage.document == "AB-100 manual" for hit in library.search("chart CD-200x17 rotor hums", 40))
        assert [(one.document, one.passages) for one in library.documents()] == [("AB-100 manual", 29)]
        assert library._manifest.frequency["rotor"] == before.frequency["rotor"] - 1
        assert set(library._manifest.frequency) <= set(before.frequency)
    with pytest.raises(LibraryError, match="nothing would be left"):
        Library.extend(folder, [], [Filter()], hashed, held=held)


def test_an_edition_takes_the_place_of_another(folder: Path, held: int) -> None:
    """Old edition out, new edition in, in one call; what is in both stays."""
    old, new = manual("CD-200", 20, edition="2020"), manual("CD-200", 12, edition="2024")
    Library.extend(folder, old, embed=hashed, held=held)
    Library.extend(folder, new, [Filter(document="CD-200 manual", edition="2020")], hashed, held=held)

    with closing(Library.open(folder, hashed, held=held)) as library:
        assert whole(library, "CD-200 manual") == new


def test_sections_parents_and_links_are_followed(folder: Path, held: int) -> None:
    """A passage gives its whole section and what it refers to, in its own document only."""
    new = manual("CD-200", 25)
    Library.extend(folder, new, embed=hashed, held=held)

    with closing(Library.open(folder, hashed, held=held)) as library:
        assert library.section_of(new[7]) == new[5:10]
        assert library.linked(new[7]) == [new[0]]  # 2.3 is the passage itself
        assert library.linked(new[8]) == []
        assert library.section("2.1", keep=Filter(pack="customer")) == [new[5]]
        assert library.section_of(replace(new[7], parent="")) == [replace(new[7], parent="")]


@pytest.mark.parametrize(
    "keep",
    [
        Filter(maker="ACME"),
        Filter(model="cd 200"),
        Filter(pack="customer"),
        Filter(document="CD-200 manual", edition=""),
        Filter(language="en", system="fire pump", model="CD200"),
    ],
)
def test_filters_keep_others_out_of_every_way_of_searching(folder: Path, held: int, keep: Filter) -> None:
    """Words, meaning and numbers stay within; the best of what is let through is found however many are not."""
    other = [replace(each, maker="Other", language="fr") for each in BASE]
    Library.build(folder, other, hashed, "other", held=held)
    Library.extend(folder, manual("CD-200", 25), embed=hashed, held=held)

    with closing(Library.open(folder, hashed, held=held)) as library:
        for query in ("rotor hums chart", "section 1.2", "chart AB-100x3", "when does the coupling leak"):
            hits = library.search(query, 60, keep)
            assert hits
            assert {hit.passage.model for hit in hits} == {"CD-200"}
        assert library.search("rotor", keep=Filter(maker="nobody")) == []


def test_a_build_keeps_what_was_added(folder: Path, held: int) -> None:
    """The program's own texts renewed: a customer's manuals stay, and are not embedded again by the same embedder."""
    Library.extend(folder, manual("CD-200", 25), embed=hashed, held=held)
    counted = Counted()
    Library.build(folder, BASE, counted, "base", held=held)
    assert counted.texts == []

    Library.build(folder, BASE[:20], counted, "newer", held=held)
    assert len(counted.texts) == 20 + 1
    assert len(held_in(folder, held)) == 20 + 25

    Library.build(folder, BASE[:20], lambda texts: np.roll(counted(texts), 7, axis=1), "other", held=held)
    assert len(counted.texts) == 21 + 20 + 25 + 1
    with pytest.raises(LibraryError, match="another embedder"):
        Library.extend(folder, manual("EF-300", 2), embed=hashed, held=held)


def test_without_an_embedder_words_alone_are_extended(tmp_path: Path, held: int) -> None:
    """The first extension makes a library; one with vectors refuses to be extended without."""
    Library.extend(tmp_path, manual("CD-200", 25), held=held)
    Library.extend(tmp_path, manual("EF-300", 25), embed=hashed, held=held)

    with closing(Library.open(tmp_path, hashed, held=held)) as library:
        assert library.search("chart EF-300x9")[0].passage.id == "customer/EF-300/9"
    Library.build(tmp_path, BASE, hashed, "base", held=held)
    with pytest.raises(LibraryError, match="there is none"):
        Library.extend(tmp_path, manual("GH-400", 2), held=held)


def test_the_border_to_the_disk_is_crossed(tmp_path: Path) -> None:
    """Few rows have no index over vectors; the batch that makes them many makes it, and everything is still found."""
    Library.build(tmp_path, BASE, hashed, "base", held=300)
    Library.extend(tmp_path, manual("CD-200", 200), embed=hashed, held=300)
    assert not list(tmp_path.rglob("auxiliary.idx"))

    Library.extend(tmp_path, manual("EF-300", 200), embed=hashed, held=300)
    assert list(tmp_path.rglob("auxiliary.idx"))
    with closing(Library.open(tmp_path, hashed, held=300)) as library:
        assert library._index._held is None
        for each in manual("CD-200", 200)[::10] + manual("EF-300", 200)[::10]:
            assert library.search(each.text)[0].passage == each
    Library.extend(tmp_path, [], [Filter(document="CD-200 manual")], hashed, held=300)
    assert len(held_in(tmp_path, 300)) == 230


def test_a_reader_is_served_while_the_library_grows(folder: Path, held: int) -> None:
    """What is open neither breaks nor changes, and can tell that there is something newer."""
    with closing(Library.open(folder, hashed, held=held)) as reader:
        assert reader.current()
        for turn in range(4):
            Library.extend(folder, manual(f"X-{turn}00", 40), embed=hashed, held=held)
            assert not reader.current()
            assert reader.count == len(BASE)
            assert reader.search("chart AB-100x3")[0].passage == BASE[3]
            assert all(hit.passage.pack == "starter" for hit in reader.search("rotor hums", 60))


def test_the_first_pages_are_there_before_the_last_are_read(folder: Path, held: int) -> None:
    """While a long manual is still being read, its first batch is found."""
    seen: list[int] = []

    def read() -> Iterator[Passage]:
        for number, each in enumerate(manual("CD-200", FIRST * 3)):
            if number in {FIRST - 1, FIRST + 1}:
                with closing(Library.open(folder, hashed, held=held)) as library:
                    seen.append(library.count - len(BASE))
            yield each

    Library.extend(folder, read(), embed=hashed, held=held)

    assert seen == [0, FIRST]


def test_batches_grow_and_never_wait_long() -> None:
    """24, 96, 384 … when passages come fast; each on its own when they come slowly, but ever less often."""
    fast = [len(batch) for batch in grown(manual("A", 3000), clock=lambda: 0.0)]
    seconds = iter(range(10_000))
    slow = [len(batch) for batch in grown(manual("A", 60), clock=lambda: float(next(seconds)))]

    assert fast[:4] == [24, 96, 384, 1536]
    assert slow[0] <= 3
    assert slow[:-1] == sorted(slow[:-1])
    assert len(slow) < 8


def test_files_and_bytes_stay_bounded(folder: Path, held: int) -> None:
    """A manual replaced 31 times: the last eight times take no more files and hardly more bytes than eight before."""
    sizes = []
    for turn in range(31):
        new = [replace(each, text=f"{each.text} Revised {turn} times.") for each in manual("CD-200", 20)]
        Library.extend(folder, new, embed=hashed, held=held)
        sizes.append(files(folder))
    (counts, bytes_), (later_counts, later_bytes) = zip(*sizes[15:23], strict=True), zip(*sizes[23:], strict=True)

    assert max(later_counts) <= max(counts)
    assert max(later_bytes) <= 1.02 * max(bytes_)
    assert len(list(folder.glob("revision-*"))) == 1
    assert len(held_in(folder, held)) == len(BASE) + 20


@pytest.mark.slow
def test_two_writers_take_turns(folder: Path, held: int) -> None:
    """Two processes that extend at once both get their passages in."""
    writers = [subprocess.Popen(command(folder, name, held), cwd=ROOT) for name in ("M-1", "N-2")]

    assert [writer.wait() for writer in writers] == [0, 0]
    assert len(held_in(folder, held)) == len(BASE) + 2 * 400


WRITER = """
import os, signal, sys, threading, time
from pathlib import Path
from corpora.library import Library
from corpora.table import session
from tests.corpora.test_library_extending import manual
from tests.fakes.hashing import hashed

session()
began = time.monotonic()
if len(sys.argv) > 4:
    threading.Timer(float(sys.argv[4]), os.kill, (os.getpid(), signal.SIGKILL)).start()
Library.extend(Path(sys.argv[1]), manual(sys.argv[2], 400), embed=hashed, held=int(sys.argv[3]))
print(time.monotonic() - began, flush=True)
os._exit(0)
"""


def command(folder: Path, name: str, held: int, *killed_after_s: float) -> list[str]:
    """Give the command of a process that adds a manual of 400 passages and says how long it took, if it lives."""
    return [sys.executable, "-c", WRITER, str(folder), name, str(held), *map(str, killed_after_s)]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_twenty_kills_at_random_leave_a_sound_library(tmp_path: Path) -> None:
    """Killed with -9 wherever it is: the library opens and answers from the old content; nothing is left behind or
    twice; the same call again finishes.
    """
    held = 300
    Library.build(tmp_path, BASE, hashed, "base", held=held)
    done = subprocess.run(command(tmp_path, "Z-9", held), cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    takes = float(done.stdout)
    Library.extend(tmp_path, [], [Filter(document="Z-9 manual")], hashed, held=held)
    chance = random.Random(3)
    killed = 0
    while killed < 20:
        writer = subprocess.run(command(tmp_path, "Z-9", held, chance.uniform(0, takes)), cwd=ROOT, check=False)
        killed += writer.returncode == -signal.SIGKILL

        with closing(Library.open(tmp_path, hashed, held=held)) as library:
            assert library.search("chart AB-100x3")[0].passage == BASE[3]
            there = library.count
        assert there - len(BASE) in {0, 24, 120, 400}
        assert len(held_in(tmp_path, held)) == there
        if there == len(BASE) + 400:
            Library.extend(tmp_path, [], [Filter(document="Z-9 manual")], hashed, held=held)
    subprocess.run(command(tmp_path, "Z-9", held), cwd=ROOT, check=True)

    assert len(set(held_in(tmp_path, held))) == len(BASE) + 400
    assert len(list(tmp_path.glob("revision-*"))) == 1
