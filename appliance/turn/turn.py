"""The turn: one question in, one grounded answer out.

ear → understand → (act | gather → answer behind the guard) → record. A cached answer is given at once when what it was
made from has not changed. Recording runs beside the speaking; captures are committed before they are confirmed.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ulid import ULID

from appliance import units
from appliance.ear.ear import Ear
from appliance.ear.utterance import Utterance
from appliance.field.manner import Manner, manner
from appliance.field.place import here, meant, named, points_here
from appliance.ports import Recorder
from appliance.route import Way
from appliance.turn import capture, compose, wish
from appliance.turn.answer import Answer
from appliance.turn.answer import Rung as RungName
from appliance.turn.climb import Climber, at_once
from appliance.turn.compose import Composed
from appliance.turn.evidence import Evidence, Fact
from appliance.turn.found import Source
from appliance.turn.gather import EXACT, Sources, looked
from appliance.turn.guard import Guard
from appliance.turn.manual import Desk, Manuals
from appliance.turn.meaning import Meaning
from appliance.turn.question import Intent, Question
from appliance.turn.rung import Rung
from appliance.turn.shorten import shortened
from appliance.turn.understand import Understanding
from sync.cache import Cache, key_of
from sync.errors import SyncError
from sync.events import Events
from sync.operation import Operation
from sync.reader import Records

log = logging.getLogger(__name__)

CACHED: frozenset[Intent] = frozenset({"spec", "requirement", "section", "howto", "calculation"})
"""Intents whose answers hang on texts and specs alone; what hangs on the day or the place is never cached."""
WARMING = ("How often is a gauge looked at?", "How do I set a gauge to zero?")
SURELY = 0.65
"""Score that an answer must have to a question that was heard again by sound."""
CERTAIN = 0.95
"""Score from which the ear's repair of a model number was no guess."""
PASSING = "passing"
"""A revision that nothing ever has."""
Heard = Callable[[str], None]
Sure = Callable[[], Awaitable[object]]


def ignore(_clause: str) -> None:
    """Take a clause and do nothing."""


class Clock:
    """Milliseconds of the steps of one turn."""

    def __init__(self) -> None:
        """Start."""
        self._start = self._last = time.perf_counter()
        self.steps: dict[str, float] = {}

    def step(self, name: str) -> None:
        """Book the time since the last step."""
        now = time.perf_counter()
        self.steps[name] = self.steps.get(name, 0.0) + (now - self._last) * 1000
        self._last = now

    def first(self) -> None:
        """The first clause goes out now."""
        self.steps.setdefault("first", (time.perf_counter() - self._start) * 1000)

    def done(self) -> Mapping[str, float]:
        """Give all steps, rounded, with the total."""
        self.steps["total"] = (time.perf_counter() - self._start) * 1000
        return {name: round(ms, 3) for name, ms in self.steps.items()}


@dataclass(frozen=True, slots=True)
class Parts:
    """What a turn is made of; built by `wiring`."""

    ear: Ear
    understanding: Understanding
    sources: Sources
    rungs: Mapping[Way, Rung]
    choose: Callable[[], tuple[Way, ...]]
    """Which rungs to try now, best first."""
    recorder: Recorder
    records: Records
    events: Events | None
    cache: Cache
    program: str = ""
    """Changes with the program, so that no answer of an older one is given again."""
    today: Callable[[], date] = field(default=date.today)
    ready: Callable[[], Awaitable[None]] = at_once
    """Awaited before the rungs are chosen: it knows the link of a box that just started."""
    skill: str = "intermediate"
    """Of who never said how skilled they are."""
    desk: Desk | None = None
    """Where manuals are found and ordered; None: nobody finds any."""


class Turn:
    """Answers questions. One per box; many at a time."""

    def __init__(self, parts: Parts) -> None:
        """Keep the parts."""
        self._parts = parts
        self._climber = Climber(parts.rungs, parts.choose, self._look, self._gave_way, parts.ready)
        self._manuals = Manuals(parts.desk) if parts.desk else None
        self._recording: set[asyncio.Task[None]] = set()
        self._closed = False
        self.ear = parts.ear
        """Understands what was said."""
        self.trouble = ""
        """Why the last turn could not be recorded; empty when it was. Health tells it."""

    async def ask(
        self, text: str, person: str = "technician", heard: Heard = ignore, *, sure: Sure | None = None
    ) -> Answer:
        """Answer `text`; `heard` gets each clause as soon as it is final.

        Where it is not yet sure that this was asked (somebody may still be speaking), `sure` returns once it is:
        nothing is recorded or done before. Cancelled until then, the question was never asked.

        Raises:
            appliance.ear.errors.EarError: nothing was said, or far too much.
            sync.errors.StorageError: a capture could not be committed; nothing was kept and nothing is confirmed.
        """
        out, wanted = _Out(heard, Clock(), sure), self.manner(person)
        if self._manuals and self._manuals.offered(person):
            await out.confirmed()
        answer = await self._replied(text, person, out) or await self._asked(text, person, out, wanted)
        await out.confirmed()
        answer = self._with_news(answer, person, out)
        self._keep(answer, person)
        return answer

    async def _asked(self, text: str, person: str, out: "_Out", wanted: Manner) -> Answer:
        """Answer a question, from the cache when nothing has changed since."""
        revisions = self._parts.sources.revisions()
        key = key_of(self._parts.program, " ".join(text.split()).casefold(), person, wanted.length)
        kept = self._parts.cache.peek("answer", key, revisions)
        out.clock.step("cache")
        if kept is not None and kept.value is not None:
            answer: Answer = kept.value
            out.say((answer.said,))
            return _again(answer, out.clock)
        return await self._answer(text, person, key, out, revisions, wanted)

    async def _replied(self, text: str, person: str, out: "_Out") -> Answer | None:
        """Act on a yes or no to an offer made to this person; None when it is none."""
        told = await self._manuals.reply(text, person) if self._manuals else None
        if told is None:
            return None
        out.say(told.clauses)
        return self._made(Question(text, text, "manual", person=person), told, "control", out.clock, {})

    def _with_news(self, answer: Answer, person: str, out: "_Out") -> Answer:
        """Add what became of the manuals that this person asked for; the cache keeps the answer without it."""
        news = self._manuals.news(person) if self._manuals else None
        if news is None:
            return answer
        out.say(news.clauses)
        return replace(
            answer,
            said=f"{answer.said} {news.said}",
            shown=(*answer.shown, *news.cards),
            citations=(*answer.citations, *news.citations),
        )

    def manner(self, person: str) -> Manner:
        """Tell how a person wants to be answered; the usual way while the records cannot be read."""
        try:
            return manner(self._preferences(person), self._parts.skill)
        except SyncError:
            return manner({}, self._parts.skill)

    def _preferences(self, person: str) -> Mapping[str, Any]:
        return self._parts.records.preferences(person or "technician")

    def warm(self) -> None:
        """Look two questions up for nobody, so that the first real one finds every table and index loaded."""
        units.warm()
        self._parts.sources.warm()
        for text in WARMING:
            question, meaning = self._parts.understanding.understand(self._parts.ear.hear(text))
            evidence = self._parts.sources.gather(question, meaning)
            if evidence.facts:
                _guarded(compose.exact(question, evidence.facts), question)

    def acts(self, text: str) -> bool:
        """Tell whether something would be kept for whoever says this: a reading, a deficiency."""
        question, _ = self._parts.understanding.understand(self._parts.ear.hear(text))
        return question.intent in {"reading", "deficiency"}

    def unfinished(self, text: str) -> bool:
        """Tell whether somebody who says this will say more."""
        return self._parts.ear.unfinished(text)

    async def settle(self) -> None:
        """Wait until all that was asked is recorded, and models that were overtaken have stopped."""
        await self._climber.settle()
        while self._recording:
            await asyncio.gather(*self._recording)

    async def aclose(self) -> None:
        """Finish recording, and leave the cache's hits and misses among the events. Closing twice is fine."""
        await self.settle()
        if not self._closed:
            self._closed = True
            self.event("cache", self._parts.cache.stats()["kinds"])

    async def _answer(
        self, text: str, person: str, key: str, out: "_Out", revisions: Mapping[str, str], wanted: Manner
    ) -> Answer:
        """Understand, then act or look up; the same question asked by several at once is looked up once."""
        utterance = self._parts.ear.hear(text)
        out.clock.step("ear")
        question, meaning = self._parts.understanding.understand(utterance, person)
        question = replace(self._placed(question), length=wanted.length)
        out.clock.step("understand")
        if question.intent == "manual" and self._manuals:
            await out.confirmed()
            found = await self._manuals.find(question, lambda clause: out.say((clause,)))
            return self._made(question, found, "evidence" if found.facts else "control", out.clock, {})
        if (acted := await self._act(question, out)) is not None:
            out.say(acted.clauses)
            return self._made(question, acted, "control", out.clock, {})
        mine: list[Answer] = []

        async def look_up() -> Answer:
            mine.append(await self._look_up(question, meaning, utterance, out, revisions))
            return mine[0]

        if question.intent not in CACHED or question.at is not None or points_here(question.text):
            return await look_up()
        answer = await self._parts.cache.get_or_compute("answer", key, revisions, look_up, _lasts)
        if mine:
            return answer
        out.say((answer.said,))
        return _again(answer, out.clock)

    async def _look_up(
        self, question: Question, meaning: Meaning, utterance: Utterance, out: "_Out", revisions: Mapping[str, str]
    ) -> Answer:
        guesses = _guesses(utterance)
        evidence = self._parts.sources.gather(question, meaning)
        if not (evidence.facts or evidence.missing) and (other := self._again(question, utterance)):
            question, evidence, guesses = other
        out.say(guesses)
        out.clock.step("gather")
        rung, composed = await self._say(question, evidence, out)
        out.clock.step("answer")
        used = {name: revision for name, revision in revisions.items() if name in evidence.used}
        return self._made(question, composed, rung, out.clock, used, guesses)

    def _again(self, question: Question, utterance: Utterance) -> tuple[Question, Evidence, tuple[str, ...]] | None:
        """Hear a question again that nothing answers; None unless it is then answered surely."""
        other = self._parts.ear.again(utterance)
        if other is None or question.models or (question.asked is not None and not question.asked.known):
            return None
        heard, meaning = self._parts.understanding.understand(other, question.person)
        if heard.intent not in CACHED:
            return None
        heard = replace(self._placed(heard), length=question.length)
        evidence = self._parts.sources.gather(heard, meaning)
        if not evidence.facts or evidence.facts[0].score < SURELY:
            return None
        return heard, evidence, (f"I understood: {other.text.rstrip(' .?!')}.",)

    def _placed(self, question: Question) -> Question:
        """Add the place that the question names or points at, and its adopted editions; they decide between rules."""
        try:
            place = named(question.text, self._parts.records)
            if place is None and points_here(question.text):
                place = here(self._parts.records, self._parts.today())
        except SyncError:
            return question  # the records' own source tells that they cannot be read
        if place is None:
            return question
        question = replace(question, at=place, place=place.customer.name)
        if place.site is None:
            return question
        years = tuple((standard, edition[:4]) for standard, edition in place.site.adopted.items())
        return replace(question, adopted=years, place=f"{place.site.name} {place.customer.name}")

    async def _act(self, question: Question, out: "_Out") -> Composed | None:
        """Do what asks for no evidence: captures, preferences, small talk; None when the question wants an answer."""
        if question.intent == "smalltalk":
            return Composed((compose.SMALLTALK,), (), 1.0)
        if question.intent == "control":
            return Composed(("All right.",), (), 1.0)
        if question.intent == "outofscope":
            return Composed((compose.OUT_OF_SCOPE,), (), 1.0, abstained=True)
        kept = self._capture(question)
        if kept is None:
            return None
        await out.confirmed()
        await asyncio.to_thread(self._parts.recorder.record, kept.operations)
        return Composed((kept.readback,), (), 1.0)

    def _capture(self, question: Question) -> capture.Capture | None:
        if question.intent == "preference":
            return wish.preference(question, self._preferences(question.person))
        if question.intent not in {"reading", "deficiency"}:
            return None
        place = meant(question.text, self._parts.records, self._parts.today())
        assets = self._parts.records.assets(place.site.id) if place and place.site else ()
        make = capture.reading if question.intent == "reading" else capture.deficiency
        return make(question, place, assets)

    async def _say(self, question: Question, evidence: Evidence, out: "_Out") -> tuple[RungName, Composed]:
        """Say the answer, clause by clause, each behind the guard."""
        if not evidence.facts:
            composed = compose.abstain(evidence)
            out.say(composed.clauses)
            asks_back = evidence.missing.endswith("?")
            further = None if asks_back else await self._climber.look_further(question, composed, out.say)
            return ("gemini", further) if further else ("evidence", composed)
        if evidence.facts[0].kind in EXACT:
            composed = shortened(_guarded(compose.exact(question, evidence.facts), question), question)
            out.say(composed.clauses)
            return "evidence", composed
        last = shortened(_guarded(compose.extract(evidence.facts, question), question), question)
        return await self._climber.climb(question, evidence, last, out.say)

    def _gave_way(self, rung: str, reason: str) -> None:
        self.event("model", {"id": rung, "reason": reason})

    def _look(self, tool: str, query: str) -> Sequence[Fact]:
        """Run a model's tool over the same sources."""
        sources = self._parts.sources
        by_name: Mapping[str, Source | None] = {
            "search_library": sources.library,
            "look_up_requirement": sources.requirements,
            "look_up_equipment": sources.specs,
        }
        source = by_name.get(tool)
        if source is None or not query.strip():
            return ()
        question, meaning = self._parts.understanding.understand(self._parts.ear.hear(query[:500]))
        return looked(source, question, meaning).facts

    def _made(
        self,
        question: Question,
        composed: Composed,
        rung: RungName,
        clock: Clock,
        used: Mapping[str, str],
        guesses: tuple[str, ...] = (),
    ) -> Answer:
        return Answer(
            id=str(ULID()),
            asked=question.text,
            raw=question.raw,
            intent=question.intent,
            said=" ".join((*guesses, composed.said)),
            shown=composed.cards,
            citations=composed.citations,
            rung=rung,
            confidence=round(composed.confidence, 3),
            abstained=composed.abstained,
            revisions=dict(used),
            timings=clock.done(),
            passing=composed.passing,
        )

    def _keep(self, answer: Answer, person: str) -> None:
        """Record the turn, and the gap when the sources did not say, beside the speaking."""
        operations = [Operation("turn", _turn_body(answer), actor=person)]
        if answer.abstained and answer.intent != "outofscope":
            operations.append(Operation("gap", {"question": answer.asked}, actor=person))
        facts = ("intent", "rung", "confidence", "abstained", "cached")
        self.event("turn", {name: getattr(answer, name) for name in facts} | {"ms": dict(answer.timings)})
        if answer.abstained:
            self.event("gap", {"intent": answer.intent})
        task = asyncio.get_running_loop().create_task(self._record(operations))
        self._recording.add(task)
        task.add_done_callback(self._recording.discard)

    async def _record(self, operations: Sequence[Operation]) -> None:
        try:
            await asyncio.to_thread(self._parts.recorder.record, operations)
        except SyncError as error:
            self.trouble = str(error)
        else:
            self.trouble = ""

    def event(self, kind: str, body: Mapping[str, object]) -> None:
        """Leave an event, if events can be kept. Raises `sync.errors.SchemaError` for one that cannot be."""
        if self._parts.events is not None:
            self._parts.events.record(kind, body)


class _Out:
    """Where clauses go as soon as they are final."""

    def __init__(self, heard: Heard, clock: Clock, sure: Sure | None = None) -> None:
        self._heard = heard
        self.clock = clock
        self._sure = sure

    async def confirmed(self) -> None:
        """Wait until it is sure that this was asked."""
        if self._sure is not None:
            await self._sure()

    def say(self, clauses: Sequence[str]) -> None:
        for clause in clauses:
            self.clock.first()
            self._heard(clause)


def _guesses(utterance: Utterance) -> tuple[str, ...]:
    """Name the models that were guessed by sound, so that a wrong guess is heard."""
    guessed = [repair for repair in utterance.repairs if repair.kind == "model" and repair.score < CERTAIN]
    return tuple(f"I understood {repair.meant}." for repair in guessed)


def _guarded(composed: Composed, question: Question) -> Composed:
    """Check what was composed like everything else; what does not pass is left out, and nothing left is abstaining."""
    pairs = [(f"{fact.statement} {fact.caveat}", fact.scope) for fact in composed.facts]
    guard = Guard(pairs, question.text, [*compose.FIXED, *(compose.source(fact) for fact in composed.facts)])
    clauses = []
    for clause in composed.clauses:
        verdict = guard.check(clause)
        if verdict.ok:
            clauses.append(clause)
        else:
            log.warning("guard blocked a composed clause: %s", verdict.reason)
    if not clauses:
        return compose.abstain(Evidence())
    return Composed(tuple(clauses), composed.facts, composed.confidence, composed.abstained)


def _lasts(answer: Answer) -> Mapping[str, str]:
    """Tell what an answer hangs on; one that is good for now alone hangs on what is never so again."""
    return {**answer.revisions, PASSING: answer.id} if answer.passing else answer.revisions


def _again(answer: Answer, clock: Clock) -> Answer:
    """Give a cached answer its own identity and timings."""
    return replace(answer, id=str(ULID()), cached=True, timings=clock.done())


def _turn_body(answer: Answer) -> dict[str, object]:
    return {
        "turn": answer.id,
        "raw": answer.raw,
        "asked": answer.asked,
        "intent": answer.intent,
        "said": answer.said,
        "rung": answer.rung,
        "confidence": answer.confidence,
        "abstained": answer.abstained,
        "cached": answer.cached,
        "citations": [citation.text() for citation in answer.citations],
        "revisions": dict(answer.revisions),
        "timings": dict(answer.timings),
    }
