"""Manuals asked for in conversation: a whole box, the real clients, and a web on loopback whose link comes and goes."""

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fpdf import FPDF

from appliance import wiring
from appliance.box import Box
from appliance.check import Part
from appliance.cli import main
from appliance.cli.setup import Setup
from appliance.manuals import granting
from appliance.manuals.alone import alone
from appliance.settings import Settings
from appliance.turn.answer import Answer
from corpora.stock import DOCUMENTS, Stock
from sync.records import Wish
from tests.fakes.internet import Internet, serving
from tests.fakes.tavily import row

FIND = "Find me the manual for the Notifier NFS2-3030, please."
DRAW = "What does the main supply board of the NFS2-3030 draw in alarm?"
OTHER = "What's the amp draw for Carrier 50TCQA06?"
QUICK_S = 0.1


@pytest.fixture
def internet() -> Iterator[Internet]:
    """Tavily, Firecrawl and a maker's site."""
    with serving() as net:
        yield net


@pytest.fixture
def settings(data: Path, internet: Internet, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A box with a key; looks at its wishes often."""
    monkeypatch.setattr(granting, "LOOK_S", QUICK_S)
    return Settings.model_validate(
        {
            "place": {"data": data},
            "keys": {"tavily": "tvly-1"},
            "manuals": {"tavily_url": internet.link, "private": True},
            "local": {"enabled": False},
        }
    )


@pytest.fixture
def box(settings: Settings) -> Iterator[Box]:
    """A box that stays, as `clara up` has it."""
    with wiring.open_box(settings, warm=True) as made:
        yield made


def ask(box: Box, *texts: str, person: str = "") -> list[Answer]:
    """Ask one after the other."""

    async def go() -> list[Answer]:
        answers = [await box.ask(text, person) for text in texts]
        await box.turn.settle()
        await box.link.aclose()
        return answers

    return asyncio.run(go())


def until(fits: Callable[[], object]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + 60
    while not fits():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def told(box: Box, news: str, person: str = "") -> Answer:
    """Ask something else until the answer brings this news with it."""
    answers: list[Answer] = []

    def brought() -> bool:
        answers[:] = ask(box, OTHER, person=person)
        return news in answers[0].said

    until(brought)
    return answers[0]


def wishes(box: Box, status: str | None = "open") -> tuple[Wish, ...]:
    """The wishes."""
    return box.records.wishes(status)


def documents(box: Box) -> list[str]:
    """Addresses that the documents of the box came from."""
    return [document.source for document in box.stock.documents() if document.state == "ready"]


def part(box: Box) -> Part:
    """How manuals do."""
    return next(part for part in box.parts() if part.name == "manuals")


def grounded(answer: Answer) -> bool:
    """Say whether every word with a figure stands in the question or in a title that is cited."""
    known = answer.asked.casefold() + " ".join(citation.text().casefold() for citation in answer.citations)
    return all(word.casefold() in known for word in re.findall(r"[\w-]*\d[\w-]*", answer.said))


def test_a_manual_is_asked_for_found_added_on_yes_and_answers(box: Box, internet: Internet) -> None:
    """The whole way: what is said is true at every step, and every figure in it comes from question, title or text."""
    before, offer = ask(box, DRAW, FIND)
    untouched = documents(box)
    (agreed,) = ask(box, "yes please")
    until(lambda: not wishes(box))
    news = told(box, "is on this box now")
    after, later, again = ask(box, DRAW, OTHER, FIND)

    assert before.abstained
    assert offer.intent == "manual"
    assert "“NFS2-3030 Manual”, a PDF from 127.0.0.1" in offer.said
    assert offer.said.endswith("Shall I add it?")
    assert [(one.pack, one.document) for one in offer.citations] == [("web", "NFS2-3030 Manual")]
    assert [label for label, _ in offer.shown[0].rows] == ["NFS2-3030 Manual", "Our panels", "EST3"]
    assert untouched == []
    assert "I'm adding “NFS2-3030 Manual”" in agreed.said
    assert documents(box) == [f"{internet.maker}/NFS2-3030.pdf"]
    assert "4.5 A" in after.said
    assert after.citations[0].document == "Notifier NFS2-3030 Manual"
    assert news.said.startswith("The Carrier 50TCQA06")
    assert "is on this box now: “Notifier NFS2-3030 Manual”" in news.said
    assert news.citations[-1].document == "Notifier NFS2-3030 Manual"
    assert "on this box now" not in later.said, "news is told once"
    assert "On this box: “Notifier NFS2-3030 Manual" in again.said
    assert again.citations[0].document == "Notifier NFS2-3030 Manual"
    assert len(internet.tavily.requests) == 1
    assert all(map(grounded, (offer, agreed, again)))


def test_without_a_link_the_wish_waits_is_fetched_on_return_and_answers(box: Box, internet: Internet) -> None:
    """Nothing is asked of anybody: the link returns, the box fetches, the library follows, the asker is told."""
    internet.cut()
    noted, abstained = ask(box, FIND, DRAW)
    until(lambda: "there is no link" in part(box).uses)
    waiting, asked = part(box), len(internet.tavily.requests)
    internet.mend()
    until(lambda: not wishes(box))
    told(box, "is on this box now")
    (after,) = ask(box, DRAW)

    assert "I don't have the manual for the Notifier NFS2-3030 on this box. There is no link now." in noted.said
    assert "fetched when the link is back" in noted.said
    assert grounded(noted)
    assert abstained.abstained
    assert waiting.well, "waiting for a link is no illness"
    assert waiting.uses.startswith("1 wished for")
    assert asked == 0
    assert "4.5 A" in after.said
    assert [(one.status, one.outcome) for one in wishes(box, None)] == [("fetched", f"{internet.maker}/NFS2-3030.pdf")]
    assert part(box).uses == "none is wished for"


@pytest.mark.parametrize(("said", "intent"), [("no thanks", "manual"), (OTHER, "spec"), ("thanks", "smalltalk")])
def test_anything_but_a_yes_drops_the_offer(box: Box, said: str, intent: str) -> None:
    """A no, or another question, which is answered; a yes after that adds nothing."""
    _, reply, late = ask(box, FIND, said, "yes")

    assert reply.intent == intent
    assert ("18.2 A" in reply.said) == (said == OTHER)
    assert "adding" not in late.said
    assert wishes(box, None) == ()
    assert documents(box) == []


def test_a_yes_of_somebody_else_adds_nothing(box: Box) -> None:
    """The offer was made to one person, who can still take it."""
    ask(box, FIND, person="ann")
    (other,) = ask(box, "yes", person="bob")
    (own,) = ask(box, "yes", person="ann")

    assert "adding" not in other.said
    assert "I'm adding" in own.said
    until(lambda: not wishes(box))
    told(box, "on this box now", person="ann")
    assert "on this box now" not in ask(box, OTHER, person="bob")[0].said


def test_what_does_not_name_the_model_is_offered_with_these_words(box: Box, internet: Internet) -> None:
    """A person may take it; the box alone would not."""
    internet.tavily.rows = [row(f"{internet.maker}/NFS2-3030.pdf", "Fire panels 2020", "", 0.9)]
    offer, _ = ask(box, "Do you have the manual for the EST4?", "yes")
    until(lambda: not wishes(box))

    assert "Nothing I found names that very model. The nearest: “Fire panels 2020”" in offer.said
    assert grounded(offer)
    assert documents(box) == [f"{internet.maker}/NFS2-3030.pdf"]


def test_a_chosen_file_that_cannot_be_read_is_told_and_kept_in_mind(
    box: Box, settings: Settings, internet: Internet
) -> None:
    """The asker hears it, the health of this box and of the next tells why, and no search is spent on it all day."""
    internet.files["/NFS2-3030.pdf"] = b"%PDF-1.7 nothing else"
    internet.tavily.rows = internet.tavily.rows[1:2]
    ask(box, FIND, "yes")
    until(lambda: part(box).uses.count("NFS2-3030.pdf"))
    news = told(box, "could not be added")
    searched = len(internet.tavily.requests)
    time.sleep(5 * QUICK_S)

    assert news.shown[-1].title == "Manual not added"
    assert not part(box).well
    assert not part(box).essential
    assert "clara manuals wishes" in part(box).advice
    assert len(wishes(box)) == 1
    assert len(internet.tavily.requests) == searched
    with wiring.open_box(settings) as other:
        assert "last trouble" in part(other).uses


def test_a_search_that_fails_is_told_and_tried_when_the_link_was_away(box: Box, internet: Internet) -> None:
    """The wish is kept; after a break of the link it is granted at once, not after the pause."""
    internet.tavily.mode = "500"
    (failed,) = ask(box, FIND)
    until(lambda: "last trouble" in part(box).uses)
    internet.tavily.mode = "ok"
    time.sleep(5 * QUICK_S)
    paused = len(wishes(box))

    def flapped() -> bool:
        internet.cut()
        time.sleep(3 * QUICK_S)
        internet.mend()
        time.sleep(3 * QUICK_S)
        return not wishes(box)

    until(flapped)

    assert paused == 1, "a server in trouble is not asked every few seconds"
    assert "The search did not work." in failed.said
    assert "noted it" in failed.said
    assert documents(box) == [f"{internet.maker}/NFS2-3030.pdf"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"keys": {}}, "I have no key"),
        ({"policy": {"web": False}}, "do not let me"),
        ({"policy": {"metered": True}}, "by the byte"),
    ],
)
def test_the_owners_wishes_hold_in_conversation_and_in_the_background(
    settings: Settings, internet: Internet, change: dict[str, Any], said: str
) -> None:
    """Nobody is asked; the wish is kept, and health tells what is missing."""
    changed = Settings.model_validate(settings.model_dump(exclude=set(change)) | change)
    with wiring.open_box(changed, warm=True) as box:
        (answer,) = ask(box, FIND)
        time.sleep(5 * QUICK_S)
        found = part(box)

    assert said in answer.said
    assert found.uses.startswith("1 wished for: ")
    assert found.well == ("metered" in str(change))
    assert internet.tavily.requests == []


def test_a_wish_without_a_model_promises_nothing(box: Box, internet: Internet) -> None:
    """Nobody can choose unattended: so the box does not say that it will."""
    internet.cut()
    (answer,) = ask(box, "Find me a manual on kitchen hood systems")

    assert "ask me again" in answer.said
    assert "is fetched" not in answer.said
    assert len(wishes(box)) == 1


def test_a_manual_of_nothing_is_asked_back(box: Box, internet: Internet) -> None:
    """Words that name no panel: no search is spent, and no wish kept."""
    answers = ask(box, "Find me the manual for this panel", "find the manual")

    assert {answer.said for answer in answers} == {"Which one? Tell me the maker and the model."}
    assert internet.tavily.requests == []
    assert wishes(box, None) == ()


def test_only_one_process_grants(box: Box, settings: Settings, internet: Internet, capsys: Any) -> None:
    """While another holds the lock, the box waits, and the command says so; then the wish is granted, once."""
    internet.cut()
    ask(box, FIND)
    with alone(settings.place.data / "wishes" / "lock") as only:
        internet.mend()
        time.sleep(5 * QUICK_S)
        code = main(["manuals", "fetch"], Setup(read_settings=lambda: (settings, {})))
        held = len(internet.tavily.requests)
    until(lambda: not wishes(box))

    assert only
    assert code == 1
    assert "another process is fetching" in capsys.readouterr().err
    assert held == 0
    assert len(internet.tavily.requests) == 1
    assert len(documents(box)) == 1


@pytest.mark.slow
def test_closing_in_the_middle_loses_nothing(settings: Settings, internet: Internet, data: Path) -> None:
    """Reading stops at its next page; the wish is open, and the next start brings the whole manual in."""
    pdf = FPDF()
    pdf.set_font("helvetica", size=9)
    for page in range(120):
        pdf.add_page()
        pdf.multi_cell(0, text=f"Page {page} of the NFS2-3030. " + "Check the terminals of the supply board. " * 40)
    internet.files["/NFS2-3030.pdf"] = bytes(pdf.output())
    with wiring.open_box(settings, warm=True) as box:
        ask(box, FIND, "yes")
        until(box.stock.documents)
        start = time.process_time()
    took = time.process_time() - start
    half = [document.state for document in Stock(data / DOCUMENTS).documents()]
    with wiring.open_box(settings, warm=True) as box:
        still = wishes(box, None)[0].outcome
        until(lambda: not wishes(box))
        whole = documents(box)
        pages = box.stock.documents()[0].pages

    assert half == ["reading"]
    assert took < 5
    assert still == f"{internet.maker}/NFS2-3030.pdf"
    assert whole == [f"{internet.maker}/NFS2-3030.pdf"]
    assert pages == 120
    assert not any((data / "incoming").iterdir())
