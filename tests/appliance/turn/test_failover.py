"""Failing over: whatever Gemini's server does, somebody speaks in time, says nothing twice, and Gemini comes back.

The real client, the real ladder and the real turn, against a server on loopback in Gemini's wire format.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest
from pydantic import SecretStr

from appliance.engines import Engines, hardware
from appliance.ladder import Ladder
from appliance.reach import Link
from appliance.settings import Gemini as Wishes
from appliance.settings import Place, Settings
from appliance.trust import Trust
from appliance.turn.answer import Answer, from_json, to_json
from appliance.turn.race import LATEST_S
from appliance.turn.repeat import repeats
from appliance.turn.rung import Rung
from appliance.turn.turn import Turn
from corpora.library import Library
from models import catalogue
from models.gemini import Gemini
from models.store import Store
from sync.cache import Cache, Codec, Kind
from tests.fakes.gemini import FakeGemini, Mode, fake_gemini
from tests.fakes.scripted import Scripted
from tests.fakes.turns import Bench, bench

QUESTION = "How do I trip-test a dry pipe valve?"
OTHER = "How do I do a main drain test?"
FIRST = "Tell the occupants and the monitoring station before the trip test."
SECOND = "Then set the control valve as the test asks."
BUDGET_S = 0.5
SLACK_S = 1.0
"""What a busy machine may add; the mechanism is tested, not the machine."""
SICK: tuple[Mode, ...] = (
    "hang", "byte by byte", "drop mid-stream", "hang mid-stream", "cut short", "garbage", "portal", "redirect",
    "429", "500", "503", "403", "404",
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def imported() -> None:
    """Gemini's library takes two seconds to import, once in a process; no deadline here is about that."""
    Gemini("key", "gemini-3.8-flash")


@dataclass
class Desk:
    """A turn with Gemini on its ladder."""

    turn: Turn
    ladder: Ladder
    server: FakeGemini
    heard: list[tuple[float, str]]
    """Seconds after the question, and the clause."""

    async def ask(self, question: str = QUESTION) -> Answer:
        """Ask, and note when each clause came."""
        self.heard.clear()
        start = time.perf_counter()
        answer = await self.turn.ask(
            question, heard=lambda clause: self.heard.append((time.perf_counter() - start, clause))
        )
        await self.turn.settle()
        return answer

    def says(self, *sentences: str) -> None:
        """Let the server say these, a word an event."""
        self.server.words = tuple(f"{word} " for word in " ".join(sentences).split())

    @property
    def asked(self) -> int:
        """How often a person's question reached the server; trials don't count."""
        return sum("Evidence" in str(request.body["contents"]) for request in self.server.requests)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory, texts: Library) -> Iterator[Bench]:
    """What all desks here look things up in."""
    made = bench(tmp_path_factory.mktemp("sources"), texts)
    yield made
    made.recorder.close()
    made.records.close()
    made.cache.close()


@asynccontextmanager
async def desk_with(sources: Bench, mode: Mode = "ok", *, search: bool = False) -> AsyncIterator[Desk]:
    """A fresh turn with a fresh ladder and nothing cached; trials come quickly here."""
    data = sources.settings.place.data
    async with fake_gemini(mode) as server:
        settings = Settings(
            place=Place(data=data),
            gemini=Wishes(key=SecretStr("key"), base_url=server.url, budget_ms=int(BUDGET_S * 1000), search=search),
        )
        engines = Engines(Store(data / "models", catalogue.load()), catalogue.load(), hardware())
        link = Link(server.url)
        ladder = Ladder(settings, engines, link)
        ladder.trust = Trust(ladder._trial, first_s=0.05, longest_s=0.1)
        ladder.meet()
        await ladder.ready()
        cache = Cache(None, kinds={"answer": Kind(3600, 60, 100, Codec(to_json, from_json))})
        parts = replace(sources.turn._parts, rungs=ladder.rungs, choose=ladder.choose, cache=cache)
        desk = Desk(Turn(parts), ladder, server, [])
        desk.says(FIRST, SECOND)
        try:
            yield desk
        finally:
            await desk.turn.settle()
            await ladder.aclose()
            await link.aclose()


async def until(true: Callable[[], bool], within_s: float = 5.0) -> bool:
    """Wait until something is so."""
    end = time.monotonic() + within_s
    while not true() and time.monotonic() < end:  # noqa: ASYNC110 - nothing tells when
        await asyncio.sleep(0.02)
    return true()


async def test_a_well_gemini_answers(sources: Bench) -> None:
    """The first rung, with its source behind it."""
    async with desk_with(sources) as desk:
        answer = await desk.ask()

        assert answer.rung == "gemini"
        assert answer.said.startswith(f"{FIRST} {SECOND}")
        assert not answer.passing
        assert desk.ladder.now() == ("gemini", "extractive")


@pytest.mark.parametrize("mode", SICK)
async def test_the_first_clause_never_waits_for_a_sick_gemini(sources: Bench, mode: Mode) -> None:
    """Within one budget the sources speak; the next question does not even try; health tells why."""
    async with desk_with(sources, mode) as desk:
        first = await desk.ask()
        took = desk.heard[0][0]
        asked = desk.asked
        second = await desk.ask(OTHER)

        assert first.rung == second.rung == "extractive"
        assert first.passing
        assert took < BUDGET_S + SLACK_S
        assert asked == desk.asked == 1
        assert desk.ladder.now() == ("extractive",)
        assert desk.ladder.trouble
        assert not desk.ladder.online


async def test_a_refused_connection_costs_nothing(sources: Bench) -> None:
    """The server is gone after it was known to be there."""
    async with desk_with(sources) as desk:
        await desk.server.refuse()
        answer = await desk.ask()

        assert answer.rung == "extractive"
        assert desk.heard[0][0] < SLACK_S
        assert not desk.ladder.trust.well


@pytest.mark.parametrize("mode", [*SICK, "refuse"])
async def test_gemini_is_back_by_itself_and_no_question_is_sent_to_find_out(sources: Bench, mode: Mode) -> None:
    """Trials run beside the work while it is doubted; questions meanwhile go elsewhere."""
    async with desk_with(sources) as desk:
        await (desk.server.refuse() if mode == "refuse" else asyncio.sleep(0))
        desk.server.mode = mode if mode != "refuse" else "ok"
        await desk.ask()
        asked = desk.asked
        for _ in range(3):
            assert (await desk.ask(OTHER)).rung == "extractive"
        assert desk.asked == asked, "a doubted server is not asked a person's question"

        desk.server.mode = "ok"
        await (desk.server.open() if mode == "refuse" else asyncio.sleep(0))

        assert await until(lambda: desk.ladder.trust.well)
        assert (await desk.ask()).rung == "gemini", "an answer that stood in is not given again"
        assert not desk.ladder.trouble
        assert desk.ladder.online


@pytest.mark.parametrize("mode", ["drop mid-stream", "hang mid-stream", "cut short"])
async def test_a_link_lost_in_mid_answer_hands_over_without_saying_anything_twice(
    sources: Bench, mode: Mode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was spoken stays, the half sentence is not spoken, the evidence says the rest from there on."""
    monkeypatch.setattr("appliance.turn.rung.IDLE_S", 0.3)
    async with desk_with(sources, mode) as desk:
        desk.server.words = (f"{FIRST} Then set the control ", "valve as the test asks.")
        answer = await desk.ask()
        clauses = [clause for _, clause in desk.heard]
        desk.server.mode = "403"
        alone = await desk.ask(OTHER) and (await desk.ask())

    assert answer.rung == "gemini"
    assert answer.passing
    assert clauses[0] == FIRST
    assert clauses == list(dict.fromkeys(clauses))
    assert "Then set the control" not in answer.said
    assert not any(repeats(clause, clauses[:number]) for number, clause in enumerate(clauses[:-1]))
    assert len(clauses) > 3, "the rest of the steps follows"
    assert alone.said.endswith(" ".join(clauses[1:])), "the same steps, from where the first rung ended"


async def test_the_local_model_goes_on_where_gemini_broke_off(sources: Bench) -> None:
    """It is told what was said; what it says again is left out."""
    more = "Set the control valve as the test asks, and write the air and water pressures down."
    async with desk_with(sources, "drop mid-stream") as desk:
        desk.server.words = (f"{FIRST} Then ", "set the control valve.")
        local = Scripted(f"Before the trip test tell the monitoring station and the occupants. {more}")
        desk.ladder.rungs["local"] = Rung("local", local, 0.5)
        answer = await desk.ask()

    assert answer.said.startswith(f"{FIRST} {more} That is from")
    assert FIRST in [message.text for message in local.prompts[0].messages]
    assert answer.rung == "gemini"


async def test_an_answer_that_ran_into_its_limit_ends_with_a_whole_sentence(sources: Bench) -> None:
    """Half a sentence is never spoken; the limit is nobody's illness."""
    async with desk_with(sources, "too long") as desk:
        desk.server.words = (f"{FIRST} Then set ", "the control")
        answer = await desk.ask()

        assert answer.said.startswith(f"{FIRST} That is from")
        assert desk.ladder.trust.well


async def test_a_slow_stream_that_lives_is_not_cut(sources: Bench) -> None:
    """Longer than any budget, but never silent: it is heard to its end."""
    async with desk_with(sources, "drip") as desk:
        desk.server.words = (
            f"{FIRST} Then set",
            *(f" {word}" for word in "the control valve as the test asks.".split()),
        )
        desk.server.drip_s = BUDGET_S / 3
        answer = await desk.ask()

        assert answer.rung == "gemini"
        assert answer.said.startswith(f"{FIRST} {SECOND}")
        assert desk.heard[1][0] > BUDGET_S
        assert desk.ladder.trust.well


async def test_the_key_is_not_carried_to_where_a_portal_points(sources: Bench) -> None:
    """Nobody follows the redirect, and health names the portal."""
    async with desk_with(sources, "redirect") as desk:
        await desk.ask()

        assert not desk.server.strangers
        assert "captive portal" in desk.ladder.trouble


async def test_a_local_model_that_is_ready_speaks_the_moment_gemini_fails(sources: Bench) -> None:
    """It starts beside Gemini where it may, is held back while Gemini has time, and is dropped when Gemini speaks."""
    local = Scripted("Tell the monitoring station and the occupants first.")
    async with desk_with(sources) as desk:
        desk.ladder.rungs["local"] = Rung("local", local, 0.5, early=True)
        well = await desk.ask()
        desk.server.mode = "hang"
        sick = await desk.ask(OTHER.replace("drain test", "drain test of a wet system"))

        assert well.rung == "gemini"
        assert "first" not in well.said
        assert len(local.prompts) == local.closed == 2
        assert sick.rung != "gemini"


async def test_whatever_the_rungs_allow_themselves_the_sources_speak_at_the_latest(sources: Bench) -> None:
    """Two models that think for ever take no more time than one."""
    async with desk_with(sources, "hang") as desk:
        slow = Scripted("Never.", delay_s=60)
        desk.ladder.rungs["local"] = Rung("local", slow, 60)
        answer = await desk.ask()

        assert answer.rung == "extractive"
        assert desk.heard[0][0] < LATEST_S + SLACK_S
        assert slow.closed == 1


async def test_a_question_that_is_called_off_leaves_nothing_running(sources: Bench) -> None:
    """The technician says stop: server and model are hung up on, and nothing is held against them."""
    async with desk_with(sources, "hang") as desk:
        task = asyncio.create_task(desk.turn.ask(QUESTION))
        assert await until(lambda: desk.asked == 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(desk.server.gone.wait(), 2)

        assert desk.ladder.trust.well


NOWHERE = "How high above the floor is a manual pull station mounted?"
FOUND = "A manual pull station is mounted 42 to 48 inches above the floor."
"""The fake says of the first sentence alone that a page bears it out."""


async def test_the_web_is_not_searched_unless_the_owner_allows_it(sources: Bench) -> None:
    """Off by default: nothing is sent."""
    async with desk_with(sources) as desk:
        desk.says(FOUND)
        answer = await desk.ask(NOWHERE)

    assert answer.abstained
    assert not desk.server.requests


async def test_what_a_page_bears_out_is_said_with_its_address_after_the_sources_own_word(sources: Bench) -> None:
    """The box says at once that its sources don't say; figures that no page bears out are not said."""
    async with desk_with(sources, search=True) as desk:
        desk.says(FOUND, "It weighs 12 pounds.", "It is red.")
        answer = await desk.ask(NOWHERE)

        [request] = desk.server.requests
        assert [list(tool) for tool in request.body["tools"]] == [["googleSearch"]]
        assert [part["text"] for part in request.body["contents"][0]["parts"]] == [answer.asked]
        assert "sources don't say" in desk.heard[0][1]
        assert answer.said.endswith(f"nobody has checked. {FOUND} That is from example.com (web page, unchecked).")
        assert answer.rung == "gemini"
        assert answer.abstained, "the box's own sources still don't say: a gap for head office"
        assert answer.passing
        assert ("address", "https://example.com/redirect/1") in [row for card in answer.shown for row in card.rows]


@pytest.mark.parametrize("mode", ["503", "portal", "drop mid-stream"])
async def test_a_search_that_fails_leaves_the_honest_answer(sources: Bench, mode: Mode) -> None:
    """The link is doubted as after any other failure."""
    async with desk_with(sources, mode, search=True) as desk:
        answer = await desk.ask(NOWHERE)

        assert answer.rung == "evidence"
        assert answer.abstained
        assert not desk.ladder.trust.well


@pytest.mark.parametrize(
    "question", ["Who is the contact at Acme Plastics?", NOWHERE.replace("mounted", "mounted at WeWork")]
)
async def test_customers_are_never_searched_for(sources: Bench, question: str) -> None:
    """Whom the technician works for is nobody's business."""
    async with desk_with(sources, search=True) as desk:
        await desk.ask(question)

    assert not desk.server.requests
