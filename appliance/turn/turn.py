"""The turn: one question in, one grounded answer out.

ear → understand → (act | gather → answer behind the guard) → record. A cached answer is given at once when what it was
made from has not changed. Recording runs beside the speaking; captures are committed before they are confirmed.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ulid import ULID

from appliance import units
from appliance.ear.ear import Ear
from appliance.ear.utterance import Utterance
from appliance.field.place import here, meant, named, points_here
from appliance.ports import Recorder
from appliance.route import Way
from appliance.turn import capture, compose
from appliance.turn.answer import Answer
from appliance.turn.answer import Rung as RungName
from appliance.turn.compose import Composed
from appliance.turn.evidence import Evidence, Fact
from appliance.turn.found import Source
from appliance.turn.gather import EXACT, Sources, looked
from appliance.turn.guard import Guard
from appliance.turn.meaning import Meaning
from appliance.turn.question import Intent, Question
from appliance.turn.rung import FAILURES, Rung, Spoken, speak
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
Heard = Callable[[str], None]


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


class Turn:
    """Answers questions. One per box; many at a time."""

    def __init__(self, parts: Parts) -> None:
        """Keep the parts."""
        self._parts = parts
        self._recording: set[asyncio.Task[None]] = set()
        self._closed = False
        self.ear = parts.ear
        """Understands what was said."""
        self.trouble = ""
        """Why the last turn could not be recorded; empty when it was. Health tells it."""

    async def ask(self, text: str, person: str = "technician", heard: Heard = ignore) -> Answer:
        """Answer `text`; `heard` gets each clause as soon as it is final.

        Raises:
            appliance.ear.errors.EarError: nothing was said, or far too much.
            sync.errors.StorageError: a capture could not be committed; nothing was kept and nothing is confirmed.
        """
        clock = Clock()
        revisions = self._parts.sources.revisions()
        key = key_of(self._parts.program, " ".join(text.split()).casefold(), person)
        kept = self._parts.cache.peek("answer", key, revisions)
        clock.step("cache")
        if kept is not None and kept.value is not None:
            answer: Answer = kept.value
            clock.first()
            heard(answer.said)
            answer = _again(answer, clock)
        else:
            answer = await self._answer(text, person, key, _Out(heard, clock), revisions)
        self._keep(answer, person)
        return answer

    def warm(self) -> None:
        """Look two questions up for nobody, so that the first real one finds every table and index loaded."""
        units.warm()
        self._parts.sources.warm()
        for text in WARMING:
            question, meaning = self._parts.understanding.understand(self._parts.ear.hear(text))
            evidence = self._parts.sources.gather(question, meaning)
            if evidence.facts:
                _guarded(compose.exact(question, evidence.facts), question)

    async def settle(self) -> None:
        """Wait until all that was asked is recorded."""
        while self._recording:
            await asyncio.gather(*self._recording)

    async def aclose(self) -> None:
        """Finish recording, and leave the cache's hits and misses among the events. Closing twice is fine."""
        await self.settle()
        if not self._closed:
            self._closed = True
            self._event("cache", self._parts.cache.stats()["kinds"])

    async def _answer(self, text: str, person: str, key: str, out: "_Out", revisions: Mapping[str, str]) -> Answer:
        """Understand, then act or look up; the same question asked by several at once is looked up once."""
        utterance = self._parts.ear.hear(text)
        out.clock.step("ear")
        question, meaning = self._parts.understanding.understand(utterance, person)
        question = self._placed(question)
        out.clock.step("understand")
        if (acted := await self._act(question)) is not None:
            out.say(acted.clauses)
            return self._made(question, acted, "control", out.clock, {})
        mine: list[Answer] = []

        async def look_up() -> Answer:
            mine.append(await self._look_up(question, meaning, utterance, out, revisions))
            return mine[0]

        if question.intent not in CACHED or question.at is not None or points_here(question.text):
            return await look_up()
        answer = await self._parts.cache.get_or_compute("answer", key, revisions, look_up, lambda made: made.revisions)
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
        heard = self._placed(heard)
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

    async def _act(self, question: Question) -> Composed | None:
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
        await asyncio.to_thread(self._parts.recorder.record, kept.operations)
        return Composed((kept.readback,), (), 1.0)

    def _capture(self, question: Question) -> capture.Capture | None:
        if question.intent == "preference":
            return capture.preference(question)
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
            return "evidence", composed
        if evidence.facts[0].kind in EXACT:
            composed = _guarded(compose.exact(question, evidence.facts), question)
            out.say(composed.clauses)
            return "evidence", composed
        return await self._climb(question, evidence, out)

    async def _climb(self, question: Question, evidence: Evidence, out: "_Out") -> tuple[RungName, Composed]:
        """Try the rungs in turn; the extractive composer always answers."""
        for way in self._parts.choose():
            rung = self._parts.rungs.get(way)
            if rung is None:
                continue
            spoken = Spoken(evidence.facts)
            try:
                async for sentence in speak(rung, question, spoken, self._look):
                    out.say((sentence,))
            except FAILURES as error:
                log.info("%s gave way: %s", rung.name, error or "too late")
                self._event("model", {"id": rung.name, "reason": type(error).__name__})
            if spoken.sentences:
                cited = compose.source(evidence.facts[0])
                out.say((cited,))
                used = tuple(spoken.facts[: max(1, len(evidence.facts))])
                return way, Composed((*spoken.sentences, cited), used, evidence.facts[0].score)
        composed = _guarded(compose.extract(evidence.facts, question), question)
        out.say(composed.clauses)
        return "extractive", composed

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
        )

    def _keep(self, answer: Answer, person: str) -> None:
        """Record the turn, and the gap when the sources did not say, beside the speaking."""
        operations = [Operation("turn", _turn_body(answer), actor=person)]
        if answer.abstained and answer.intent != "outofscope":
            operations.append(Operation("gap", {"question": answer.asked}, actor=person))
        facts = ("intent", "rung", "confidence", "abstained", "cached")
        self._event("turn", {name: getattr(answer, name) for name in facts} | {"ms": dict(answer.timings)})
        if answer.abstained:
            self._event("gap", {"intent": answer.intent})
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

    def _event(self, kind: str, body: Mapping[str, object]) -> None:
        if self._parts.events is not None:
            self._parts.events.record(kind, body)


class _Out:
    """Where clauses go as soon as they are final."""

    def __init__(self, heard: Heard, clock: Clock) -> None:
        self._heard = heard
        self.clock = clock

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
