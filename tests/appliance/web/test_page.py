"""The page in a real browser: asking by typing, by a recording and by talking."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from aiohttp.test_utils import TestServer

from appliance import check
from appliance.turn.answer import Answer, Card, Citation, Location
from appliance.web.server import build
from corpora.stock import Document, Stock
from models import wav
from models.audio import Audio
from models.errors import NotInstalledError
from sync.errors import StorageError
from tests.fakes.box import AMPS, FakeBox
from tests.fakes.browser import PROGRAM, Page, browse
from tests.fakes.manual import NOTES, PRIME, TRIP, shelve, thicken

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no Chromium here: apt-get install -y chromium")
PICTURES = os.environ.get("CLARA_PICTURES")
"""A folder for screenshots, for a person to look at."""
HOSTILE = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
YELLOW = """(() => {
    const picture = document.querySelector('#picture'), canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [picture.naturalWidth, picture.naturalHeight];
    const pen = canvas.getContext('2d');
    pen.drawImage(picture, 0, 0);
    const dots = pen.getImageData(0, 0, canvas.width, canvas.height).data;
    let found = 0;
    for (let n = 0; n < dots.length; n += 4) found += dots[n] > 240 && dots[n + 1] > 200 && dots[n + 2] < 60;
    return found;
})()"""
"""Counts the dots of the page's picture that are marked."""


@pytest.fixture
def box() -> FakeBox:
    """What answers."""
    return FakeBox()


@pytest.fixture
async def page(box: FakeBox) -> AsyncIterator[Page]:
    """The page, opened."""
    async with TestServer(build(box, "127.0.0.1")) as server, browse(str(server.make_url("/"))) as page:
        yield page


async def shoot(page: Page, name: str) -> None:
    """Keep pictures when somebody wants to look at them."""
    if not PICTURES:
        return
    for size, (width, height) in {"desk": (1100, 800), "phone": (390, 844)}.items():
        for dark in (False, True):
            await page.look(width, height, dark=dark)
            await page.picture(Path(PICTURES) / f"{name}-{size}-{'dark' if dark else 'light'}.png")


async def test_a_technician_types_and_sees_the_answer_with_its_source(page: Page, box: FakeBox) -> None:
    """Answer, card, citation, what was repaired, timings and the badge; then the answer is spoken."""
    await page.until("document.querySelector('#badge').textContent === 'Offline'")
    await shoot(page, "welcome")

    await page.type("#question", "amp draw?")
    await page.until("document.querySelector('.turn audio')")

    assert box.asked == [("amp draw?", "")]
    assert await page.text(".turn .said") == AMPS.said
    assert AMPS.asked in await page.text(".turn .asked")
    assert AMPS.raw in await page.text(".turn .raw")
    assert "18.2 A" in await page.text(".turn .card")
    assert "NFPA 25, 2017 edition, section 13.4.5.2.2.2, page 12" in await page.text(".turn .sources")
    assert await page.text(".turn .marks") == "sample data"
    assert await page.text(".turn summary") == "Composed from the evidence in 3 ms"
    assert await page.run("document.querySelector('#question').value") == ""
    await page.until("document.querySelector('.turn audio').duration > 0.4")
    assert box.spoken == 1
    await shoot(page, "answer")
    assert page.complaints == []


async def test_a_technician_sends_a_recording(page: Page, box: FakeBox, tmp_path: Path) -> None:
    """A WAV goes up as it is, and what was heard is shown."""
    recording = tmp_path / "q.wav"
    wav.write(recording, [Audio(np.zeros(8000, np.float32), 16_000)])

    await page.give("#recording", [recording])
    await page.until("document.querySelector('.turn')")

    assert box.recordings == [recording.read_bytes()]
    assert (await page.text(".turn .raw")).startswith("Heard:")
    assert page.complaints == []


async def test_hostile_words_do_nothing_but_stand_there(page: Page, box: FakeBox) -> None:
    """Markup in an answer, a card or a citation is shown as text."""
    card = Card(HOSTILE, ((HOSTILE, HOSTILE),), HOSTILE)
    citation = Citation("p", HOSTILE, quote=HOSTILE, note=HOSTILE)
    box.answer = replace(AMPS, asked=HOSTILE, said=HOSTILE, shown=(card,), citations=(citation,))

    await page.type("#question", HOSTILE)
    await page.until("document.querySelector('.turn')")

    assert await page.text(".turn .said") == HOSTILE
    assert await page.run("document.querySelectorAll('.turn img, .turn script').length") == 0
    assert await page.run("document.title") == "Clara"


async def test_what_was_refused_is_told_with_advice_and_the_next_question_works(page: Page, box: FakeBox) -> None:
    """A problem is shown where it is read, and goes away with the next answer."""
    box.trouble["hear"] = NotInstalledError("no recogniser is installed")
    await page.run("window.file = new File(['x'], 'q.wav', {type: 'audio/wav'})")
    await page.run(
        "(() => { const t = new DataTransfer(); t.items.add(file); const r = document.querySelector('#recording');"
        "r.files = t.files; r.dispatchEvent(new Event('change')) })()"
    )
    await page.until("!document.querySelector('#trouble').hidden")
    words = await page.text("#trouble")
    assert "no recogniser is installed" in words
    assert "clara models fetch" in words
    await shoot(page, "trouble")

    await page.type("#question", "amp draw?")
    await page.until("document.querySelector('.turn')")

    assert await page.run("document.querySelector('#trouble').hidden")


async def test_the_badge_tells_how_the_box_does(page: Page, box: FakeBox) -> None:
    """Offline, online, and not able to answer."""
    await page.until("document.querySelector('#badge').textContent === 'Offline'")

    box.online = True
    await page.open(await page.run("location.href"))
    await page.until("document.querySelector('#badge')?.textContent === 'Online'")
    box.parts_given = [check.library(0)]
    await page.open(await page.run("location.href"))
    await page.until("document.querySelector('#badge')?.textContent === 'Needs help'")

    assert "clara corpora build" in await page.run("document.querySelector('#badge').title")


async def test_an_answer_that_the_sources_do_not_give_is_marked(page: Page, box: FakeBox) -> None:
    """Abstaining is seen at a glance, and a phone's screen is not wider than itself."""
    box.answer = replace(
        AMPS, said="My sources do not say that.", shown=(), citations=(), abstained=True, rung="extractive"
    )
    await page.look(390, 844, dark=False)

    await page.type("#question", "What is the torque of a QQQQ valve?")
    await page.until("document.querySelector('.turn .marks')")

    assert await page.text(".turn .marks") == "The sources do not say"
    assert await page.run("[...document.querySelectorAll('body *')].every(e => e.getBoundingClientRect().right <= 390)")
    await shoot(page, "abstained")


async def test_thumbs_in_gloves_find_what_they_need(page: Page) -> None:
    """The talk button is at least 96 px high, and nothing that is tapped is lower than 44 px."""
    await page.look(390, 844, dark=True)

    heights = await page.run(
        "[...document.querySelectorAll('button, .file, #question, .speak')].filter(e => e.offsetParent)"
        ".map(e => [e.id, e.getBoundingClientRect().height])"
    )

    assert dict(heights)["talk"] >= 96
    assert [one for one in heights if one[1] < 40] == []


async def test_a_technician_finds_a_passage_as_he_types_and_sees_its_page(
    page: Page, box: FakeBox, tmp_path: Path
) -> None:
    """Results come with the letters; a result opens the page with the mark; back and forth."""
    box.library, box.stock = shelve(tmp_path)  # type: ignore[assignment]
    await page.look(390, 844, dark=False)
    await page.tap("#tab-library")
    await page.until("document.querySelectorAll('#documents .found').length === 2")
    await shoot(page, "library")

    await page.write("#search", "trip the dry")
    await page.until("document.querySelector('#hits .found')?.innerText.includes('every third year')")
    assert await page.run("[...document.querySelectorAll('body *')].every(e => e.getBoundingClientRect().right <= 390)")
    await shoot(page, "search")
    await page.tap("#hits .found")
    await page.until("document.querySelector('#picture').naturalWidth > 500")

    assert await page.text("#view-title") == "Model F manual"
    assert await page.text("#page-number") == "Page 2 of 2"
    assert await page.text("#view-text mark") == TRIP
    assert PRIME in await page.text("#view-text")
    assert await page.run(YELLOW) > 100
    await shoot(page, "passage")
    await page.tap("#page-before")
    await page.until(
        "document.querySelector('#picture').src.endsWith('/1.png') && document.querySelector('#picture').complete"
    )
    assert await page.run(YELLOW) == 0
    await page.tap("#view-close")
    await page.until("!document.querySelector('#viewer').open")

    assert page.complaints == []
    box.library.close()  # type: ignore[attr-defined]


def manual_in(stock: Stock) -> Document:
    """Give the one PDF; the order of documents that were added in one second is by their hashes."""
    return next(one for one in stock.documents() if one.format == "pdf")


async def cite(page: Page, box: FakeBox, *citations: Citation) -> None:
    """Have an answer with these sources, without sound, and tap the first."""
    box.answer = replace(AMPS, said="Every third year.", shown=(), citations=citations)
    await page.run("document.querySelector('#speak').checked = false")
    await page.type("#question", "how often?")
    await page.until("document.querySelector('.turn .open')")
    await page.tap(".turn .open")


@pytest.mark.parametrize(("name", "number"), [("trip", 2), ("again", 1)])
async def test_a_source_opens_the_very_passage_that_is_cited(
    page: Page, box: FakeBox, tmp_path: Path, name: str, number: int
) -> None:
    """Of two passages with the same words in one document, the one that the answer was made of, marked on its page."""
    library, box.stock = shelve(tmp_path)  # type: ignore[assignment]
    library.close()
    document = manual_in(box.stock)
    with closing(thicken(tmp_path, document)) as box.library:  # type: ignore[assignment]
        where = Location(f"documents/{document.id}/{name}", page=number)
        await cite(page, box, Citation("documents", document.title, "2024", "", number, TRIP, location=where))
        await page.until("document.querySelector('#picture').naturalWidth > 500")

        assert await page.text("#page-number") == f"Page {number} of 2"
        assert await page.text("#view-text mark") == TRIP
        assert ("Summary" in await page.text("#view-place")) == (name == "again")
        assert await page.run(YELLOW) > 100
        assert page.complaints == []


async def test_a_spec_from_a_table_opens_its_page(page: Page, box: FakeBox, tmp_path: Path) -> None:
    """Where no passage is just its row the page is shown without a mark, and one can turn on."""
    library, box.stock = shelve(tmp_path)  # type: ignore[assignment]
    with closing(library) as box.library:  # type: ignore[assignment]
        document = manual_in(box.stock)
        await page.open(await page.run("location.href"))  # so that it knows the library
        source = f"{document.title} 2024, page 1, Table 2, row F-10"
        await cite(page, box, Citation("documents", source, location=Location("", document.id, 1)))
        await page.until("document.querySelector('#picture').naturalWidth > 500")

        assert await page.text("#page-number") == "Page 1 of 2"
        assert await page.run(YELLOW) == 0
        await page.tap("#page-after")
        await page.until("document.querySelector('#page-number').textContent === 'Page 2 of 2'")
        await page.until("document.querySelector('#view-status').textContent === ''")
        assert page.complaints == []


async def test_a_source_that_has_gone_says_so(page: Page, box: FakeBox, tmp_path: Path) -> None:
    """A passage or a document that was taken off since; a section of a code whose text is not here."""
    library, box.stock = shelve(tmp_path)  # type: ignore[assignment]
    with closing(library) as box.library:  # type: ignore[assignment]
        for citation, said in (
            (Citation("documents", "Old manual", location=Location("documents/gone/1", page=3)), "documents/gone/1"),
            (Citation("documents", "Old manual", location=Location("", "0123456789abcdef", 3)), "not on this box"),
            (Citation("starter", "NFPA 25", "2017", "13.4.5"), "not among the texts"),
        ):
            await cite(page, box, citation)
            await page.until(f"document.querySelector('#view-body').innerText.includes({said!r})")
            await page.tap("#view-close")
            await page.until("!document.querySelector('#viewer').open")
            await page.run("document.querySelector('#turns').replaceChildren()")


async def test_a_document_is_read_in_its_order(page: Page, box: FakeBox, tmp_path: Path) -> None:
    """Headings once, passages below them; more on demand, to the end; a passage opens; a search goes back and forth."""
    library, box.stock = shelve(tmp_path)  # type: ignore[assignment]
    library.close()
    with closing(thicken(tmp_path, manual_in(box.stock))) as box.library:  # type: ignore[assignment]
        await page.look(390, 844, dark=False)
        await page.tap("#tab-library")
        await page.until("document.querySelectorAll('#documents .found').length === 2")
        await page.choose("#maker", "Acme")
        await page.until("document.querySelectorAll('#documents .found').length === 1")
        await page.tap("#documents .found")
        await page.until("document.querySelectorAll('#hits .found').length === 40")
        heads = "[...document.querySelectorAll('#hits h3')].map(e => e.innerText)"

        assert await page.run(heads) == ["Testing", "Trip test", "Setting up"]
        assert (await page.text("#hits")).index(TRIP) < (await page.text("#hits")).index(PRIME)
        assert await page.text("#more") == "More (40 of 63 shown)"
        assert await page.run(
            "[...document.querySelectorAll('body *')].every(e => e.getBoundingClientRect().right <= 390)"
        )
        await shoot(page, "document")
        await page.tap("#more")
        await page.until("document.querySelectorAll('#hits .found').length === 63")
        assert await page.run(heads) == ["Testing", "Trip test", "Setting up", "Summary"]
        assert await page.run("document.querySelector('#more').hidden")
        texts = await page.run(
            "[...document.querySelectorAll('#hits .found')].map(e => e.innerText.split('\\n').at(-1))"
        )
        assert texts == [TRIP, PRIME, *(f"Step {n}: turn knob {n}." for n in range(1, 61)), TRIP]

        await page.tap("#hits li:last-child .found")
        await page.until("document.querySelector('#picture').naturalWidth > 500")
        assert await page.text("#page-number") == "Page 1 of 2"
        await page.tap("#view-close")
        await page.write("#search", "prime")
        await page.until(f"document.querySelector('#hits').innerText.includes({PRIME!r})")
        await page.until("document.querySelectorAll('#hits .found').length < 40")
        assert await page.run("document.querySelector('#more').hidden")
        await page.run(
            "(e => { e.value = ''; e.dispatchEvent(new Event('input')) })(document.querySelector('#search'))"
        )
        await page.until("document.querySelectorAll('#hits .found').length === 40")
        await page.tap("#all-documents")
        await page.until("document.querySelectorAll('#hits .found').length === 0")
        assert await page.run("document.querySelector('#more').hidden")
        assert page.complaints == []


async def test_nothing_moves_when_the_sound_comes(page: Page, box: FakeBox) -> None:
    """The player's place is kept: the button under a thumb stays where it is, with sound and when there is none."""
    ready, speak = asyncio.Event(), box.speak

    async def slow(answer: Answer) -> Audio:
        await ready.wait()
        return await speak(answer)

    box.speak = slow  # type: ignore[method-assign]
    where = "document.querySelector('.turn .wrong').getBoundingClientRect().top"
    await page.look(390, 1200, dark=False)
    await page.type("#question", "amp draw?")
    await page.until("document.querySelector('.turn .sound')")
    before = await page.run(where)
    assert not await page.run("!!document.querySelector('.turn audio')")
    ready.set()
    await page.until("document.querySelector('.turn audio')?.duration > 0.4")

    assert await page.run(where) == before
    assert page.complaints == []
    ready.clear()
    box.trouble["speak"], box.answer = NotInstalledError("no voice"), replace(AMPS, id="01JD0000000000000000000009")
    await page.type("#question", "amp draw?")
    await page.until("document.querySelectorAll('.turn .sound').length === 2")
    before = await page.run(where)
    ready.set()
    await page.until("document.querySelector('.turn .sound').innerText.startsWith('No sound: ')")
    assert await page.run(where) == before


async def test_the_library_is_narrowed_by_system_maker_and_document(page: Page, box: FakeBox, tmp_path: Path) -> None:
    """Choosing keeps to what fits; a document shows its passages, and a text without pages is read as text."""
    box.library, box.stock = shelve(tmp_path)  # type: ignore[assignment]
    await page.tap("#tab-library")
    await page.until("document.querySelectorAll('#documents .found').length === 2")

    await page.choose("#maker", "Acme")
    assert await page.run("document.querySelectorAll('#documents .found').length") == 1
    await page.choose("#maker", "")
    await page.choose("#system", "sprinkler")
    await page.tap("#documents .found")
    await page.until("document.querySelector('#hits .found')")
    await page.tap("#hits .found")
    await page.until("document.querySelector('#view-text mark')")

    assert await page.text("#view-text") == NOTES
    assert not await page.run("!!document.querySelector('#page').offsetParent")
    assert page.complaints == []
    box.library.close()  # type: ignore[attr-defined]


async def test_a_wrong_answer_is_told_with_a_note_and_thanked_for(page: Page, box: FakeBox) -> None:
    """Every answer can be complained of; what could not be noted is said, and can be told again."""
    await page.look(390, 844, dark=True)
    await page.type("#question", "amp draw?")
    await page.until("document.querySelector('.turn')")
    await page.tap(".turn .wrong")
    await page.write(".turn textarea", "the plate says 20 A")
    await shoot(page, "wrong")
    box.trouble["wrong"] = StorageError("the disk is full")
    await page.tap(".turn .note .wide")
    await page.until("document.querySelector('.turn .told').innerText.includes('the disk is full')")
    del box.trouble["wrong"]
    await page.tap(".turn .note .wide")
    await page.until("document.querySelector('.turn .told').innerText.startsWith('Thank you')")

    assert box.gaps == [(AMPS.id, AMPS.asked, "the plate says 20 A")]
    assert await page.run("document.querySelector('.turn form').hidden")
