"""A customer's manual, from the file to the answer with its page, through the real commands and the real box."""

import asyncio
import http.server
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from fpdf import FPDF

from appliance import wiring
from appliance.cli import main
from appliance.current import Current
from appliance.settings import Place, Settings
from appliance.turn.answer import Answer
from appliance.web.server import build
from corpora.errors import LibraryError
from corpora.library import Library
from corpora.packs import signing
from corpora.passage import Passage
from tests.corpora.packs.making import folder, signed

TestServer.__test__ = False  # type: ignore[attr-defined]
TestClient.__test__ = False  # type: ignore[attr-defined]
Clara = Callable[..., tuple[int, str, str]]
BUZZER = "How do I silence the tamper buzzer on the Kidde KX-420?"
AMPS = "What is the standby current of the Kidde KX-420?"
PANEL = """# Kidde KX panel manual

Rev C. How the panels of the family are installed, wired, tested and kept.

## 4.2 Tamper buzzer

To silence the tamper buzzer of the KX-420, hold the grey key for 9 seconds while the cover is open.

## 4.3 Electrical data

| Model | Standby current |
|-------|-----------------|
| KX-210 | 180 mA |
| KX-420 | 310 mA |
"""


@pytest.fixture
def clara(data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Clara:
    """Run the real command on a data folder; gives exit code, stdout and stderr."""
    for name in ("GOOGLE_API_KEY", "GEMINI_API_KEY", "CLARA_SETTINGS", "CLARA_SPECS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CLARA_DATA", str(data))

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def panel(tmp_path: Path) -> Path:
    """A manual in Markdown."""
    path = tmp_path / "kx.md"
    path.write_text(PANEL)
    return path


def asked(data: Path, *questions: str) -> list[Answer]:
    """Ask the box."""
    with wiring.open_box(Settings(place=Place(data=data))) as box:

        async def go() -> list[Answer]:
            answers = [await box.ask(question) for question in questions]
            await box.aclose()
            return answers

        return asyncio.run(go())


def manual(path: Path) -> Path:
    """A PDF of three pages with numbered sections."""
    made = FPDF()
    made.set_title("Zeta ZX-9 operator manual")
    for head, text in (
        ("1.1 Purpose", "Rev D. This manual tells how the ZX-9 annunciator is used by those who work at its desk."),
        ("2.1 Lamp test", "To test the lamps of the annunciator, turn the brass knob to the left and count to 6."),
        ("3.1 Care", "Wipe the glass with a dry cloth. Never spray a cleaner onto the annunciator itself."),
    ):
        made.add_page()
        made.set_font("helvetica", "B", 15)
        made.multi_cell(0, 10, head, new_x="LMARGIN", new_y="NEXT")
        made.set_font("helvetica", size=11)
        made.multi_cell(0, 6, text)
    made.output(str(path))
    return path


def test_a_manual_is_answered_from_with_document_edition_section_and_page(
    clara: Clara, data: Path, tmp_path: Path
) -> None:
    """What was added is said, and where it stands."""
    code, out, err = clara("corpora", "add", str(manual(tmp_path / "zx9.pdf")), "--maker", "Zeta", "--json")
    [added] = json.loads(out)
    [answer] = asked(data, "How do I test the lamps of the annunciator?")

    assert (code, err) == (0, "")
    assert 0 < added["first"] <= added["seconds"]
    assert (added["title"], added["pages"], added["state"]) == ("Zeta ZX-9 operator manual", 3, "ready")
    assert "brass knob to the left and count to 6" in answer.said
    [citation] = answer.citations
    assert (citation.pack, citation.document, citation.edition, citation.section, citation.page) == (
        "documents", "Zeta ZX-9 operator manual", "Rev D", "2.1", 2,
    )  # fmt: skip


def test_a_model_that_only_a_manual_knows_is_no_unknown_model(clara: Clara, data: Path, panel: Path) -> None:
    """Its figure comes from the table with the words that nobody checked it; its orders from the text."""
    before, _ = asked(data, AMPS, BUZZER)
    clara("corpora", "add", str(panel))
    amps, buzzer = asked(data, AMPS, BUZZER)

    assert before.abstained
    assert "310 mA" in amps.said
    assert "unreviewed, read from a table of Kidde KX panel manual" in amps.said
    assert amps.citations[0].note == "unreviewed"
    assert "row KX-420" in amps.citations[0].document
    row, order = (answer.citations[0].location for answer in (amps, buzzer))
    with closing(Library.open(data / "library")) as library:
        assert "310 mA" in str(row and library.passage(row.passage))
        assert "grey key for 9 seconds" in str(order and library.passage(order.passage))
    assert "grey key for 9 seconds" in buzzer.said
    assert (buzzer.citations[0].document, buzzer.citations[0].section) == ("Kidde KX panel manual", "4.2")


def rated(path: Path) -> Path:
    """A PDF whose second page has a ruled table of models."""
    made = FPDF()
    made.set_title("Kidde RT detector data")
    made.add_page()
    made.set_font("helvetica", size=11)
    made.multi_cell(0, 6, "Rev B. These sheets tell what the detectors of the RT family draw, and how they are wired.")
    made.add_page()
    made.set_font("helvetica", "B", 14)
    made.multi_cell(0, 10, "2 Electrical data", new_x="LMARGIN", new_y="NEXT")
    made.set_font("helvetica", size=11)
    made.multi_cell(0, 8, "Table 2. Ratings", new_x="LMARGIN", new_y="NEXT")
    with made.table() as table:
        for cells in (("Model", "Standby current", "Voltage"), ("RT-10", "45 mA", "24 V"), ("RT-100", "57 mA", "24 V")):
            row = table.row()
            for cell in cells:
                row.cell(cell)
    made.output(str(path))
    return path


async def test_a_figure_of_a_table_opens_its_page_with_its_row_marked(clara: Clara, data: Path, tmp_path: Path) -> None:
    """From the file to the picture: the cell's row is the passage that the answer's source opens."""
    [added] = json.loads(
        (
            await asyncio.to_thread(
                clara, "corpora", "add", str(rated(tmp_path / "rt.pdf")), "--maker", "Kidde", "--json"
            )
        )[1]
    )
    with wiring.open_box(Settings(place=Place(data=data))) as box:
        async with TestClient(TestServer(build(box, "127.0.0.1"))) as client:
            question = {"text": "What is the standby current of the Kidde RT-100?"}
            [citation] = (await (await client.post("/v1/ask", json=question)).json())["answer"]["citations"]
            where = citation["location"]
            passage = await (await client.get(f"/v1/library/passages/{where['passage']}")).json()
            marked = await (await client.get(passage["picture"])).read()
            plain = await (await client.get(passage["picture"].partition("?")[0])).read()
        await box.aclose()

    assert (where["document"], where["page"]) == (added["id"], 2)
    assert "Model: RT-100 | Standby current: 57 mA" in passage["text"]
    assert passage["picture"].startswith(f"/v1/library/documents/{added['id']}/pages/2.png?passage=")
    assert marked != plain


def test_the_report_names_what_was_refused_and_the_others_are_in(clara: Clara, panel: Path, tmp_path: Path) -> None:
    """Exit code 1, a line for each file."""
    (panel.parent / "bad.pdf").write_bytes(b"%PDF-1.4 nothing")

    code, out, err = clara("corpora", "add", str(panel), str(panel.parent / "bad.pdf"), str(tmp_path / "none.pdf"))

    assert code == 1
    assert "kx.md" in out
    assert "refused" in out
    assert re.search(r"first pages searchable after \d+\.\d s, all \d+ after \d+\.\d s: \d+\.\d pages/s", out)
    assert "2 of 3 files could not be added" in err
    assert "bad.pdf" in err
    assert "none.pdf" in err
    listed = json.loads(clara("corpora", "documents", "--json")[1])["documents"]
    assert [one["title"] for one in listed] == ["Kidde KX panel manual"]


def test_documents_are_listed_and_taken_off(clara: Clara, data: Path, panel: Path) -> None:
    """After that the box knows nothing of it."""
    [added] = json.loads(clara("corpora", "add", str(panel), "--json")[1])
    [again] = json.loads(clara("corpora", "add", str(panel), "--json")[1])

    assert (again["known"], again["id"]) == (True, added["id"])
    assert added["id"] in clara("corpora", "documents")[1]
    read = json.loads(clara("corpora", "read", added["id"], "--json")[1])
    assert (read["total"], len(read["passages"])) == (added["passages"], added["passages"])
    assert "grey key for 9 seconds" in clara("corpora", "read", added["id"])[1]
    _, out, err = clara("corpora", "read", "kidde kx panel manual", "--limit", "2", "--start", "2")
    assert (out.count("\n\n"), "--start 4 goes on" in err) == (2, added["passages"] > 3)
    assert "leave --edition out" in clara("corpora", "read", added["id"], "--edition", "Rev Z")[2]
    assert clara("corpora", "remove", added["id"])[0] == 0
    assert "no document" in clara("corpora", "documents")[2]
    assert clara("corpora", "remove", added["id"])[0] == 1
    [answer] = asked(data, BUZZER)
    assert answer.abstained


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--system", "teapot"), "no known system"),
        (("--pack", "starter"), "installed pack"),
        (("--pack", "../x"), "no name for a pack"),
    ],
)
def test_wrong_wishes_are_refused(clara: Clara, panel: Path, options: tuple[str, str], said: str) -> None:
    """Before anything is done."""
    code, _, err = clara("corpora", "add", str(panel), *options)

    assert code == 1
    assert said in err
    assert "no document" in clara("corpora", "documents")[2]


def test_an_installed_pack_is_answered_from(clara: Clara, data: Path, tmp_path: Path) -> None:
    """Its rows, its specs and its texts; what was added stays; the answer's revision names the pack."""
    secret, public = signing.generate(tmp_path / "key", "")
    file, _ = signed(folder(tmp_path / "acme"), tmp_path / "acme.clarapack", secret)
    signing.trust(data, public)
    clara("corpora", "add", str(manual(tmp_path / "zx9.pdf")))
    assert clara("corpora", "install", str(file))[0] == 0

    amps, lugs, lamps = asked(
        data,
        "What is the amp draw of the Acme T-100?",
        "What does section 3.1 of the T-100 manual say?",
        "How do I test the lamps of the annunciator?",
    )

    assert "12 A" in amps.said
    assert "35 in-lb" in lugs.said
    assert (lugs.citations[0].pack, lugs.citations[0].page) == ("acme", 12)
    assert "acme 1.0" in lugs.revisions["corpus"]
    assert "brass knob" in lamps.said
    assert "acme 1.0" in clara("check")[1]


class Site(http.server.BaseHTTPRequestHandler):
    """A site with a page, and one that robots.txt keeps programs from."""

    def do_GET(self) -> None:
        """Answer."""
        page = f"<html><head><title>KX keys</title></head><body><main><p>{'Hold the grey key. ' * 20}</p></main></body>"
        body = {"/robots.txt": "User-agent: *\nDisallow: /private", "/kx": page}.get(self.path, "")
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html" if self.path == "/kx" else "text/plain")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    """Where it is."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_page_is_added_by_its_address(clara: Clara, site: str) -> None:
    """Whoever types an address of the own network means it; robots.txt is heeded all the same."""
    code, out, err = clara("corpora", "add", f"{site}/kx", f"{site}/private/x", "--json")

    page, kept_out = json.loads(out)
    assert code == 1
    assert (page["title"], page["format"], page["source"]) == ("KX keys", "html", f"{site}/kx")
    assert kept_out["problem"].startswith(f"{site}/private/x")
    assert "robots.txt" in err


def test_a_running_box_finds_what_was_added_since(clara: Clara, data: Path, panel: Path) -> None:
    """No restart is needed for texts."""
    with wiring.open_box(Settings(place=Place(data=data))) as box:
        before = box.library.revision
        clara("corpora", "add", str(panel))
        assert box._library
        box._library.refresh()

        assert box.library.revision != before
        answer = asyncio.run(box.ask(BUZZER))
        assert "grey key for 9 seconds" in answer.said
        assert answer.revisions["corpus"].startswith(box.library.revision)


def test_a_new_revision_is_seen_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A watched library is opened again when another process changed it; one that cannot be opened is told."""
    monkeypatch.setattr("appliance.current.LOOK_S", 0.02)
    one = Passage("a/1", "a", "A", "", (), "", None, "", "Turn the valve.")
    Library.build(tmp_path, [one], None, "one")
    failing = [False]

    def again() -> Library:
        if failing[0]:
            raise LibraryError("damaged")
        return Library.open(tmp_path)

    current = Current(Library.open(tmp_path), again)
    current.watch()
    try:
        Library.extend(tmp_path, [Passage("a/2", "a", "A", "", (), "", None, "", "Close it.")])
        until(lambda: current.library.count == 2)
        failing[0] = True
        Library.extend(tmp_path, [Passage("a/3", "a", "A", "", (), "", None, "", "Lock it.")])
        until(lambda: current.trouble == "damaged")
        assert current.library.count == 2
    finally:
        current.close()


def until(holds: Callable[[], bool]) -> None:
    """Wait for something; the test's own time limit ends it."""
    while not holds():
        time.sleep(0.01)
