"""The whole box on spoiled ground: it answers what it can, keeps what was recorded, and says what is wrong."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import apsw
import pytest

from appliance import texts, wiring
from appliance.box import Box
from appliance.check import Part, able
from appliance.cli import main
from appliance.settings import Place, Settings
from appliance.turn.answer import Answer
from corpora import digest
from corpora.library import Library
from sync.errors import SchemaError, StorageError
from sync.outbox import Outbox

SPEC = "What's the amp draw for Carrier 50TCQA06?"
HOW = "How do I test a smoke detector?"
WHO = "Tell me about the customer at WeWork"
CAPTURE = "log reading 75 psi at the riser"
Spoil = Callable[[Path], None]


def garbage(path: Path) -> None:
    """Nothing of an SQLite file is left."""
    path.write_bytes(os.urandom(20_000))


def halve(path: Path) -> None:
    """The second half is gone, as after a bad copy."""
    os.truncate(path, path.stat().st_size // 2 - 100)


def folder(path: Path) -> None:
    """A folder lies where the file should."""
    path.unlink()
    path.mkdir()


SPOILS: Mapping[str, Spoil] = {"garbage": garbage, "halved": halve, "a folder": folder}


def settings(data: Path, **further: Any) -> Settings:
    """Everything default but the place."""
    return Settings(place=Place(data=data), **further)


def ask(box: Box, *questions: str) -> list[Answer]:
    """Ask in one event loop and let the box finish."""

    async def go() -> list[Answer]:
        answers = [await box.ask(question) for question in questions]
        await box.aclose()
        return answers

    return asyncio.run(go())


def part(box: Box, name: str) -> Part:
    """How one part does."""
    return next(part for part in box.parts() if part.name == name)


def content(path: Path) -> Any:
    """What lies at a path, to compare."""
    return path.read_bytes() if path.is_file() else sorted(path.iterdir()) if path.is_dir() else None


def recorded(data: Path) -> list[str]:
    """Kinds of the operations that were kept."""
    outbox = Outbox(data / "field.db", (data / "box-id").read_text())
    try:
        return [entry.kind for entry in outbox.entries()]
    finally:
        outbox.close()


@pytest.fixture
def clara(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Run the real command on the copied data; gives exit code, stdout and stderr."""
    for name in ("GOOGLE_API_KEY", "GEMINI_API_KEY", "CLARA_SETTINGS", "CLARA_SPECS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CLARA_DATA", str(data))

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        out, err = capsys.readouterr()
        return code, out, err

    return run


Clara = Callable[..., tuple[int, str, str]]


# Databases


@pytest.mark.parametrize("spoil", SPOILS)
def test_a_spoiled_field_database_refuses_captures_and_nothing_else(data: Path, clara: Clara, spoil: str) -> None:
    """Questions are answered; a capture is refused in one line; the file is left as it is for whoever mends it."""
    field = data / "field.db"
    SPOILS[spoil](field)
    before = content(field)

    asked, said, _ = clara("ask", SPEC)
    captured, out, err = clara("ask", CAPTURE)
    checked, table, verdict = clara("check")

    assert asked == 0
    assert "18.2 A" in said
    assert captured == 1
    assert not out
    assert err.count("\n") == 1
    assert str(field) in err
    assert checked == 1
    assert str(field) in table
    assert "field database" in verdict
    assert content(field) == before
    assert not [path for path in data.glob("field.db-[wj]*") if path.stat().st_size]


@pytest.mark.parametrize("spoil", [garbage, halve])
def test_what_a_killed_box_left_beside_a_spoiled_field_database_stays_too(data: Path, spoil: Spoil) -> None:
    """The write-ahead log may hold the last readings: whoever mends the file needs it."""
    killed = data.parent / "killed"
    with wiring.open_box(settings(data)) as box:
        ask(box, CAPTURE)
        shutil.copytree(data, killed, symlinks=True)
    field, log = killed / "field.db", killed / "field.db-wal"
    assert log.stat().st_size
    spoil(field)
    before = content(field), content(log)

    with wiring.open_box(settings(killed)) as box, pytest.raises(StorageError, match="damaged"):
        ask(box, CAPTURE)

    assert (content(field), content(log)) == before


@pytest.mark.parametrize("spoil", SPOILS)
def test_a_spoiled_events_database_costs_no_answer_and_no_capture(data: Path, clara: Clara, spoil: str) -> None:
    """Measurements are the least important thing on the box; health names them."""
    SPOILS[spoil](data / "events.db")
    before = content(data / "events.db")

    assert clara("ask", SPEC)[0] == 0
    assert clara("ask", CAPTURE)[0] == 0
    code, table, _ = clara("check", "--json")

    events = next(part for part in json.loads(table)["parts"] if part["name"] == "events database")
    assert code == 0
    assert not events["well"]
    assert "events.db" in events["uses"]
    assert "aside" in events["advice"]
    assert content(data / "events.db") == before
    assert recorded(data).count("reading") == 1


@pytest.mark.parametrize("spoil", [garbage, halve])
def test_a_spoiled_projection_is_folded_anew_from_what_was_recorded(data: Path, spoil: Spoil) -> None:
    """box.db is derived: customers and the technician's own readings are there again."""
    with wiring.open_box(settings(data)) as box:
        ask(box, f"{CAPTURE} at WeWork")
    spoil(data / "box.db")

    with wiring.open_box(settings(data)) as box:
        [answer] = ask(box, WHO)
        assert part(box, "field database").well

        assert "WeWork" in answer.said
        assert not answer.abstained
        assert [body["value"] for body in map(_body, _own(data))] == [75.0]


def _own(data: Path) -> list[bytes]:
    connection = apsw.Connection(str(data / "box.db"))
    try:
        return [row[0] for row in connection.execute("SELECT body FROM own WHERE kind = 'reading'")]
    finally:
        connection.close()


def _body(raw: bytes) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(raw)
    return body


def test_a_folder_in_the_projections_place_is_named_and_the_texts_still_answer(data: Path, clara: Clara) -> None:
    """Nothing is deleted that nobody understands; what needs no records is answered."""
    folder(data / "box.db")

    assert "18.2 A" in clara("ask", SPEC)[1]
    assert "smoke" in clara("ask", HOW)[1]
    code, out, err = clara("ask", CAPTURE)

    assert (code, out) == (1, "")
    assert "box.db" in err
    assert clara("check")[0] == 1


@pytest.mark.parametrize("spoil", [garbage, halve])
def test_field_and_projection_spoiled_together_still_leave_the_texts(data: Path, clara: Clara, spoil: Spoil) -> None:
    """One damaged disk block region seldom hits one file alone."""
    spoil(data / "field.db")
    spoil(data / "box.db")

    assert "18.2 A" in clara("ask", SPEC)[1]
    assert "smoke" in clara("ask", HOW)[1]
    code, out, err = clara("ask", CAPTURE)
    assert (code, out, err.count("\n")) == (1, "", 1)
    code, out, _ = clara("ask", WHO)
    assert code == 0
    assert "WeWork" not in out.splitlines()[0] or "don't say" in out


@pytest.mark.parametrize("spoil", [garbage, halve])
def test_a_spoiled_cache_is_thrown_away_and_made_anew(data: Path, spoil: Spoil) -> None:
    """It may be deleted at any time."""
    with wiring.open_box(settings(data)) as box:
        ask(box, HOW)
    spoil(data / "cache.db")

    with wiring.open_box(settings(data)) as box:
        first, second = ask(box, HOW, HOW)
        assert part(box, "cache").well
    with wiring.open_box(settings(data)) as box:
        [third] = ask(box, HOW)

    assert [first.cached, second.cached, third.cached] == [False, True, True]


def test_a_folder_in_the_caches_place_leaves_memory_alone_and_health_says_so(data: Path) -> None:
    """The box answers and caches; only the next start begins with nothing."""
    folder(data / "cache.db")

    with wiring.open_box(settings(data)) as box:
        first, second = ask(box, HOW, HOW)
        cache = part(box, "cache")

    assert [first.cached, second.cached] == [False, True]
    assert not cache.well
    assert "cache.db" in cache.uses
    assert not cache.essential


def test_a_locked_field_database_is_told_and_the_next_capture_succeeds(data: Path) -> None:
    """Another program holds the file at the start: the box opens, answers, refuses clearly, and recovers by itself."""
    with locked(data / "field.db") as release, wiring.open_box(settings(data)) as box:

        async def story() -> list[Answer]:
            told = await box.ask(SPEC)
            with pytest.raises(StorageError, match="locked by another program"):
                await box.ask(CAPTURE)
            assert not part(box, "field database").well
            release()
            kept = await box.ask(CAPTURE)
            await box.aclose()
            return [told, kept]

        told, kept = asyncio.run(story())
        assert part(box, "field database").well
    assert "18.2 A" in told.said
    assert kept.said.startswith("Logged")
    assert recorded(data).count("reading") == 1


@contextmanager
def locked(path: Path) -> Iterator[Callable[[], None]]:
    """Another process holds an exclusive lock, until the given function is called."""
    script = (
        "import apsw, sys; c = apsw.Connection(sys.argv[1]); c.execute('PRAGMA locking_mode=EXCLUSIVE');"
        "c.execute('BEGIN EXCLUSIVE'); print('held', flush=True); sys.stdin.read(); c.execute('ROLLBACK'); c.close()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        assert holder.stdout.readline() == "held\n"

        def release() -> None:
            holder.communicate(timeout=10)

        try:
            yield release
        finally:
            if holder.poll() is None:
                release()


def test_a_damaged_generation_of_head_office_does_not_refuse_captures(data: Path, clara: Clara) -> None:
    """What came down from above and what people do here are different things."""
    (data / "cloud" / "current").resolve().write_text("{")

    code, out, _ = clara("ask", CAPTURE)
    checked = json.loads(clara("check", "--json")[1])

    assert code == 0
    assert out.startswith("Logged")
    assert recorded(data).count("reading") == 1
    records = next(part for part in checked["parts"] if part["name"] == "records")
    assert not records["well"]
    assert "cloud" in records["uses"]


@pytest.mark.parametrize("text", ["", "\x00\xff not a name", "one\ntwo"])
def test_a_damaged_name_of_the_box_is_named_and_answers_go_on(data: Path, clara: Clara, text: str) -> None:
    """The name ties the records to the box: it is never made up again over records that have one."""
    (data / "box-id").write_bytes(text.encode("latin-1"))

    assert "18.2 A" in clara("ask", SPEC)[1]
    code, _, err = clara("ask", CAPTURE)

    assert code == 1
    assert "box-id" in err or "box id" in err
    assert (data / "box-id").read_bytes() == text.encode("latin-1")


def test_of_two_first_starts_at_once_one_names_the_box(tmp_path: Path) -> None:
    """Records that were kept under a name that is then replaced could never be added to again."""
    path = tmp_path / "data" / "box-id"

    wiring._name(path)
    first = path.read_text()
    wiring._name(path)

    assert path.read_text() == first == wiring.box_id(path.parent)
    assert [found.name for found in path.parent.iterdir()] == ["box-id"]


def test_a_file_system_without_links_still_names_the_box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A memory stick formatted elsewhere."""

    def refuse(*_: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "link", refuse)

    name = wiring.box_id(tmp_path)

    assert name == wiring.box_id(tmp_path)
    assert [found.name for found in tmp_path.iterdir()] == ["box-id"]


# The disk


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MB."""
    place = tmp_path / "small"
    place.mkdir()
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mount.returncode:
        pytest.skip("no right to mount a small disk here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def fill(disk: Path) -> Path:
    """Leave no byte free."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return ballast


async def insist(box: Box) -> None:
    """Capture until it is refused: what the files have room for already may still be kept."""
    for _ in range(50):
        await box.ask(CAPTURE)
        await box.turn.settle()


def test_a_full_disk_refuses_a_capture_whole_and_goes_on_answering(furnished: Path, small: Path) -> None:
    """Nothing half-kept; with room again the same words are kept, by the same running box."""
    data = Path(shutil.copytree(furnished, small / "data", symlinks=True))
    with wiring.open_box(settings(data)) as box:

        async def story() -> Answer:
            await box.ask(SPEC)
            await box.turn.settle()
            ballast = fill(small)
            with pytest.raises(StorageError, match="disk is full"):
                await insist(box)
            told = await box.ask(HOW)
            await box.turn.settle()
            field, disk = part(box, "field database"), part(box, "disk space")
            assert not field.well
            assert not disk.well
            ballast.unlink()
            kept = await box.ask(CAPTURE)
            await box.aclose()
            assert kept.said.startswith("Logged")
            return told

        told = asyncio.run(story())
        assert "smoke" in told.said
        assert part(box, "field database").well
    outbox = Outbox(data / "field.db", (data / "box-id").read_text())
    assert not outbox.verify_chain().fault
    outbox.close()


def test_a_first_start_on_a_full_disk_answers_from_what_is_shipped(small: Path) -> None:
    """No index, no databases; specs and requirements travel with the program."""
    fill(small)

    with wiring.open_box(settings(small / "data")) as box:
        [answer] = ask(box, SPEC)
        parts = {part.name: part for part in box.parts()}

    assert "18.2 A" in answer.said
    assert not able(parts.values())
    for name in ("library", "field database", "events database", "cache", "disk space"):
        assert not parts[name].well, name


def test_an_index_that_cannot_be_built_leaves_the_old_one(
    furnished: Path, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer program's texts do not fit on the disk: the old index answers, health says that it is old."""
    data = Path(shutil.copytree(furnished, small / "data", symlinks=True))
    old = (data / "library" / "current").read_text()
    shipped = texts.passages()
    monkeypatch.setattr(digest, "read_all", lambda *_: shipped[:-1])
    fill(small)

    with wiring.open_box(settings(data)) as box:
        [answer] = ask(box, HOW)
        library = part(box, "library")

    assert "smoke" in answer.said
    assert not library.well
    assert "corpora build" in library.advice
    assert (data / "library" / "current").read_text() == old
    assert [path.name for path in (data / "library").glob("revision-*")] == [old]


def test_building_the_index_by_hand_does_not_claim_success(
    data: Path, clara: Clara, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`clara corpora build` with an old index there and no room for the new one: exit 1."""
    shipped = texts.passages()
    monkeypatch.setattr(digest, "read_all", lambda *_: shipped[:-1])

    class Full:
        @staticmethod
        def build(*_: Any, **__: Any) -> None:
            from corpora.errors import LibraryError

            raise LibraryError("cannot write the search index: no space left on device")

        open = Library.open

    monkeypatch.setattr(texts, "Library", Full)

    code, out, err = clara("corpora", "build")

    assert (code, out) == (1, "")
    assert "no space left" in err


def test_a_damaged_index_is_built_anew(data: Path) -> None:
    """It is derived from texts that travel with the program."""
    [revision] = (data / "library").glob("revision-*")
    victim = max((path for path in revision.rglob("*.lance") if path.is_file()), key=lambda path: path.stat().st_size)
    halve(victim)

    with wiring.open_box(settings(data)) as box:
        assert "smoke" in ask(box, HOW)[0].said
        assert part(box, "library").well
    assert not revision.exists()


def test_a_damaged_index_on_a_full_disk_leaves_specs_and_requirements(furnished: Path, small: Path) -> None:
    """Two misfortunes at once: what travels with the program is still told."""
    data = Path(shutil.copytree(furnished, small / "data", symlinks=True))
    [revision] = (data / "library").glob("revision-*")
    garbage(revision / "manifest.json")
    fill(small)

    with wiring.open_box(settings(data)) as box:
        answers = ask(box, SPEC, "How often is a dry pipe valve full-flow trip tested?")
        library = part(box, "library")

    assert "18.2 A" in answers[0].said
    assert "3 years" in answers[1].said
    assert not library.well
    assert library.essential


LIMITED = """
import resource, sys
from appliance.cli import main
main(["ask", "--quiet", {spec!r}])
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
raise SystemExit(main(["ask", {capture!r}]))
"""


@pytest.mark.slow
def test_a_file_that_may_not_grow_refuses_the_capture(data: Path) -> None:
    """A quota instead of a full disk: one line, exit 1, nothing kept."""
    before = recorded(data)
    script = LIMITED.format(spec=SPEC, capture=CAPTURE)

    done = subprocess.run(
        [sys.executable, "-c", script], env=environment(data), capture_output=True, text=True, check=False, timeout=60
    )

    assert done.returncode == 1
    assert "18.2 A" in done.stdout
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1
    assert str(data) in done.stderr
    assert "check the disk" in done.stderr
    assert [kind for kind in recorded(data) if kind == "reading"] == [kind for kind in before if kind == "reading"]


def environment(data: Path) -> dict[str, str]:
    """This process's, with the data folder and without keys."""
    kept = {name: value for name, value in os.environ.items() if "API_KEY" not in name}
    return {**kept, "CLARA_DATA": str(data)}


# The place


def test_a_file_in_the_data_folders_place_still_leaves_the_specs(tmp_path: Path) -> None:
    """CLARA_DATA names a file: answered from what is shipped, refused to capture, and named."""
    place = tmp_path / "data"
    place.write_text("mine")

    with wiring.open_box(settings(place)) as box:
        assert "18.2 A" in ask(box, SPEC)[0].said
        with pytest.raises(StorageError, match="data"):
            ask(box, CAPTURE)
        field = part(box, "field database")
    assert not field.well
    assert place.read_text() == "mine"


@pytest.mark.parametrize("place", ["/proc/clara", "/proc/self/clara", "/sys/clara", "/dev/null/clara"])
def test_a_place_where_nothing_can_be_written_still_leaves_the_specs(place: str) -> None:
    """As a read-only disk."""
    with wiring.open_box(settings(Path(place))) as box:
        assert "18.2 A" in ask(box, SPEC)[0].said
        assert not able(box.parts())


def test_a_disk_that_turned_read_only_still_serves_the_texts(furnished: Path, small: Path) -> None:
    """As a worn card does: index and specs answer, nothing is recorded, and health says so."""
    data = Path(shutil.copytree(furnished, small / "data", symlinks=True))
    subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)

    with wiring.open_box(settings(data)) as box:
        assert "18.2 A" in ask(box, SPEC)[0].said
        assert "smoke" in ask(box, HOW)[0].said
        with pytest.raises(StorageError):
            ask(box, CAPTURE)
        parts = {part.name: part for part in box.parts()}

    assert parts["library"].well
    assert not parts["field database"].well
    assert not able(parts.values())


STRANGER = """
import json, os, sys
from appliance.cli import main
main(["ask", "--quiet", {spec!r}])  # whatever is imported late is here before this process may read nothing more
main(["check", "--json"])
os.setgroups([]), os.setegid(65534), os.seteuid(65534)
os.environ["CLARA_DATA"] = sys.argv[1]
print("--", flush=True)
print(main(["ask", "--quiet", {spec!r}]), main(["ask", {capture!r}]), main(["check"]))
"""


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_folder_of_somebody_else_still_leaves_the_specs(data: Path, tmp_path: Path) -> None:
    """A service that was started by hand once, as root: named, and answered around."""
    private = tmp_path / "private"
    shutil.copytree(data, private / "data", symlinks=True)
    private.chmod(0o700)
    script = STRANGER.format(spec=SPEC, capture=CAPTURE)
    command = [sys.executable, "-c", script, str(private / "data")]

    done = subprocess.run(command, env=environment(data), capture_output=True, text=True, check=False, timeout=60)

    said = done.stdout.partition("--")[2]
    assert "18.2 A" in said, done.stderr
    assert said.strip().endswith("0 1 1")
    for name in ("library", "field database", "specs", "embedder"):
        [line] = [line for line in said.splitlines() if f" {name} " in line]
        assert "Permission denied" in line or "unable to open" in line
    assert "Traceback" not in done.stderr


# Specs


def test_a_bad_spec_is_named_and_a_good_one_answered(data: Path, clara: Clara) -> None:
    """Dropped into DATA/specs: the rest loads, the next start knows the new model."""
    specs = data / "specs"
    specs.mkdir()
    good = {
        "maker": "Carrier", "model": "ZX900-14", "category": "hvac", "product": "rooftop unit",
        "values": [{"name": "amp draw", "value": 31.5, "unit": "A", "source": "nameplate, read 2026-11-20"}],
    }  # fmt: skip
    (specs / "good.json").write_text(json.dumps({"models": [good]}))
    (specs / "bad.json").write_text(json.dumps({"models": [{**good, "model": "ZX901", "product": 7}]}))
    (specs / "worse.json").write_text("{ this is no JSON")

    code, out, _ = clara("ask", "What is the amp draw of the Carrier ZX900-14?")
    table = clara("check")[1]

    assert code == 0
    assert "31.5 A" in out
    assert "18.2 A" in clara("ask", SPEC)[1]
    for name in ("bad.json", "worse.json"):
        assert str(specs / name) in table
    assert "good.json" not in table


# Bad questions


def test_a_text_of_100_kb_is_refused_in_one_line(data: Path, clara: Clara) -> None:
    """Whoever pastes a manual is told to ask one question."""
    code, out, err = clara("ask", "valve " * 17_000)

    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "longer than" in err


# Taking apart


def handles() -> set[str]:
    """What this process holds open."""
    found = set()
    for path in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the folder's own handle is gone by now
            found.add(f"{path.name} {path.readlink()}")
    return found


@pytest.mark.slow
def test_twenty_boxes_leave_no_thread_and_no_file_behind(data: Path) -> None:
    """Opened, asked, closed; the search engine's one loop thread is the process's own."""

    def once() -> None:
        with wiring.open_box(settings(data)) as box:
            ask(box, HOW, CAPTURE, WHO)

    once()
    threads, files = threading.active_count(), handles()
    for _ in range(20):
        once()

    assert threading.active_count() <= threads
    assert len(handles()) <= len(files)
    assert not [name for name in handles() if str(data) in name]


def test_an_exception_inside_the_block_closes_the_box_and_comes_through(data: Path) -> None:
    """What people did is on the disk, sealed, whatever happens to the program."""

    def trip() -> None:
        with wiring.open_box(settings(data)) as box:
            ask(box, CAPTURE)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        trip()

    assert not [name for name in handles() if str(data) in name]
    assert recorded(data).count("reading") == 1


def test_a_box_may_be_closed_twice(data: Path) -> None:
    """By the command and by whoever is careful."""
    with wiring.open_box(settings(data)) as box:
        ask(box, SPEC)
        asyncio.run(box.aclose())
        box.engines.close()
    box.engines.close()
    asyncio.run(box.aclose())

    with wiring.open_box(settings(data)) as again:
        assert len(again.records.turns(5)) == 1


def test_a_part_that_fails_while_the_box_is_built_closes_those_before(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A damaged installation: the error comes through and nothing stays open."""

    def broken(*_: object) -> None:
        raise SchemaError("no such thing")

    monkeypatch.setattr(wiring, "lexicon", broken)

    with pytest.raises(SchemaError), wiring.open_box(settings(data)):
        pass

    assert not [name for name in handles() if str(data) in name]


# Progress


def test_nothing_is_reported_when_nothing_had_to_be_indexed(data: Path) -> None:
    """A second start says nothing of indexing."""
    told: list[str] = []

    with wiring.open_box(settings(data), lambda what, _done, _total: told.append(what)):
        pass

    assert not [what for what in told if "index" in what]


def test_indexing_is_reported_to_its_end(tmp_path: Path) -> None:
    """A first start takes long enough to be told about."""
    told: list[tuple[str, int, int]] = []

    with wiring.open_box(settings(tmp_path / "data"), lambda *news: told.append(news)):
        pass

    assert [(done, total) for what, done, total in told if "index" in what][-1] == (len(texts.passages()),) * 2
