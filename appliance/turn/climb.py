"""Climbing the ladder: models race for the answer, and the extractive composer says whatever is left to say.

Decisions:
- What the composer would say is laid out before any model is asked: the first sound never waits for it.
- Where a rung breaks off after its first sentence, the next goes on: it is told what was said, and a sentence that says
  it again is left out. When no model goes on, the evidence completes it, from where what was said ends.
- An answer that a lesser rung gave or finished instead of Gemini is good for now: it is not kept to be given again.
- What was said is cited by the facts that bear it out, sentence by sentence, not by what was found first.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from appliance.route import Way
from appliance.turn import compose
from appliance.turn.answer import Rung as RungName
from appliance.turn.compose import Composed
from appliance.turn.evidence import Evidence, Fact
from appliance.turn.guard import Guard
from appliance.turn.question import Question
from appliance.turn.race import Contestant, race
from appliance.turn.repeat import rest
from appliance.turn.rung import FAILURES, Look, Rung, Spoken
from appliance.turn.search import SEARCH_S, SEARCHED, search
from appliance.turn.shorten import warns

Say = Callable[[Sequence[str]], None]
Choose = Callable[[], tuple[Way, ...]]


async def at_once() -> None:
    """Be ready."""


class Climber:
    """Has questions answered by the rungs of one box."""

    def __init__(
        self, rungs: Mapping[Way, Rung], choose: Choose, look: Look, tell: Callable[[str, str], None],
        ready: Callable[[], Awaitable[None]] = at_once,
    ) -> None:  # fmt: skip
        """Keep the parts; `ready` is awaited before the rungs are chosen, `tell` gets who gave way and why."""
        self._rungs = rungs
        self._choose = choose
        self._look = look
        self._tell = tell
        self._ready = ready
        self._tasks: set[asyncio.Task[None]] = set()

    async def climb(
        self, question: Question, evidence: Evidence, last: Composed, say: Say
    ) -> tuple[RungName, Composed]:
        """Have it answered; `last` is what the evidence says without a model. `say` gets each sentence at once."""
        await self._ready()
        ways = [way for way in self._choose() if way in self._rungs]
        name: RungName = "extractive"
        said: list[str] = []
        facts: Sequence[Fact] = evidence.facts
        whole = broken = False
        while ways and not whole:
            winner = await self._race([self._rungs[way] for way in ways], question, Spoken(facts, said))
            if winner is None:
                break
            way = next(way for way in ways if self._rungs[way] is winner.rung)
            name = name if said else way
            said += await self._hear(winner, say, first=not said, short=question.length == "short")
            facts, whole = winner.spoken.facts, not winner.trouble
            ways = ways[ways.index(way) + 1 :]
            if not whole:
                broken = True
                self._tell(winner.rung.name, winner.trouble)
        passing = "gemini" in self._rungs and (name != "gemini" or broken or not whole)
        if not said:
            say(last.clauses)
            return name, replace(last, passing=passing)
        if not whole:
            left = rest([clause for clause in last.clauses if clause != compose.source(evidence.facts[0])], said)
            say(left)
            said += left
        used = bearing(said, facts, question)
        sources = tuple(dict.fromkeys(compose.source(fact) for fact in used))
        say(sources)
        return name, Composed((*said, *sources), used, evidence.facts[0].score, passing=passing)

    async def look_further(self, question: Question, missing: Composed, say: Say) -> Composed | None:
        """Search the web for what no source says, where the owner allows it; None: nothing that may be said.

        `missing` is what was said already. What is sent is the question alone.
        """
        rung = next((rung for rung in self._rungs.values() if rung.search), None)
        if rung is None or question.intent not in SEARCHED or question.at is not None:
            return None
        await self._ready()
        if rung.name not in self._choose():
            return None
        try:
            found = await search(rung, question)
        except FAILURES as error:
            trouble = str(error) or f"no search result within {SEARCH_S:g} s"
            rung.report(trouble)
            self._tell(rung.name, trouble)
            return None
        rung.report("")
        if found is None:
            return None
        say(found.clauses)
        facts = (*missing.facts, *found.facts)
        return Composed((*missing.clauses, *found.clauses), facts, 0.0, abstained=True, passing=True)

    async def settle(self) -> None:
        """Wait until those that were dropped have stopped."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _race(self, rungs: Sequence[Rung], question: Question, spoken: Spoken) -> Contestant | None:
        def begin(rung: Rung, changed: asyncio.Event) -> Contestant:
            one = Contestant(rung, question, Spoken(spoken.facts, spoken.before), self._look, changed)
            self._tasks.add(one.task)
            one.task.add_done_callback(self._tasks.discard)
            return one

        winner, troubles = await race(rungs, begin)
        for trouble in troubles:
            self._tell(*trouble.split(": ", 1))
        return winner

    async def _hear(self, winner: Contestant, say: Say, *, first: bool, short: bool) -> list[str]:
        """Say what the winner says, in short its first statement and what warns; one nobody listens to is dropped."""
        said: list[str] = []
        try:
            async for sentence in winner.told():
                if short and (said or not first) and not warns(sentence):
                    continue
                say((sentence,))
                said.append(sentence)
        finally:
            winner.task.cancel()
        return said


def bearing(said: Sequence[str], facts: Sequence[Fact], question: Question) -> tuple[Fact, ...]:
    """Give the facts that bear out what was said: for each sentence the first that does so alone, else the first."""
    alone = [Guard([(f"{fact.statement} {fact.caveat}", fact.scope)], question.text) for fact in facts]
    places = {
        next((place for place, guard in enumerate(alone) if guard.check(sentence, " ".join(said[:number])).ok), 0)
        for number, sentence in enumerate(said)
    }
    return tuple(facts[place] for place in sorted(places))
