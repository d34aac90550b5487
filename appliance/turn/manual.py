"""Manuals in conversation: where one lies on the box, what was found on the web, and the yes or no to adding it.

Decisions:
- What is offered is offered to one person, for a while, and the next thing that person says ends the offer: a yes that
  comes later, or from another, adds nothing.
- The sentences hold no figure of their own. A model number is read back from the question, or stands in a title, and
  every title that is said is cited.
- A result that does not name the model asked for is offered with these words.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from appliance.turn.answer import Card, Citation
from appliance.turn.compose import Composed
from appliance.turn.consent import consent
from appliance.turn.evidence import Fact
from appliance.turn.question import Question
from appliance.turn.wanted import names_something, wanted
from corpora.errors import CorpusError, FetchError

OFFERED_S = 180.0
"""How long a yes is waited for."""
TOLD = 3
"""Documents named aloud."""
SHOWN = 5
"""Results of the web on the card."""
Why = Literal["", "link", "metered", "key", "policy"]
"""Why the web may not be asked: no link, one that costs by the byte, no key, or the owner does not allow it."""
CLOSED: Mapping[Why, str] = {
    "link": "There is no link now.",
    "metered": "This link costs by the byte.",
    "key": "I have no key for the search of the web.",
    "policy": "The settings do not let me search the web.",
}
GRANTED: Mapping[Why, str] = {
    "link": "I have noted it, and it is fetched when the link is back.",
    "metered": "I have noted it, and it is fetched over a link that does not.",
    "key": "I have noted it, and it is fetched once a key is set.",
    "policy": "I have noted it, and it is fetched once they do.",
    "": "I have noted it, and I look again later.",
}
"""What happens to a wish that can be granted unattended."""
UNSURE = "I have noted it, but without a model number I can't choose by myself: ask me again then."
WHICH = "Which one? Tell me the maker and the model."
UNREAD = "I can't look through this box's own texts now."
LOOKING = "I'm looking on the web."


class Held(Protocol):
    """A document or pack of the box."""

    @property
    def title(self) -> str:
        """Its title."""
        ...

    @property
    def edition(self) -> str:
        """Its edition, or empty."""
        ...

    @property
    def pack(self) -> str:
        """The pack it is in."""
        ...

    @property
    def about(self) -> bool:
        """Is it of the equipment? Else it only names it."""
        ...


@dataclass(frozen=True, slots=True)
class Offer:
    """A page or file of the web that may be the manual."""

    url: str
    title: str
    """A stranger's words, on one line."""
    host: str
    kind: str
    """"PDF", "file" or "page"."""
    sure: bool
    """It names the model that was asked for."""


@dataclass(frozen=True, slots=True)
class News:
    """What became of a manual that a person asked for."""

    wanted: str
    title: str
    """Of the document that is on the box now; empty when there is none."""
    pack: str = ""
    why: str = ""
    """Why there is none."""


class Desk(Protocol):
    """Where manuals are found and ordered."""

    def here(self, wanted: str, /) -> Sequence[Held]:
        """Give what is on the box, manuals of the equipment first. Blocking. Raises `CorpusError`."""
        ...

    async def closed(self) -> Why:
        """Say why the web may not be asked now."""
        ...

    async def search(self, wanted: str, /) -> Sequence[Offer]:
        """Search the web, best first. Raises `FetchError`."""
        ...

    def wish(self, wanted: str, person: str, url: str = "", /) -> bool:
        """Keep a wish; with the address of the chosen result it is fetched at once, in the background.

        Gives whether it can be granted unattended: it names a model by which the right manual is told.

        Blocking. Raises `sync.errors.SyncError`: nothing was kept.
        """
        ...

    def news(self, person: str, /) -> Sequence[News]:
        """Give what became of this person's wishes since the last call."""
        ...


@dataclass(frozen=True, slots=True)
class _Offered:
    """An offer that waits for a yes."""

    offer: Offer
    wanted: str
    until: float


class Manuals:
    """The conversation about manuals, with everyone who talks to the box."""

    def __init__(self, desk: Desk, clock: Callable[[], float] = time.monotonic) -> None:
        """Keep where to ask."""
        self._desk = desk
        self._clock = clock
        self._offered: dict[str, _Offered] = {}

    def offered(self, person: str) -> bool:
        """Tell whether this person was offered something and has not said yes or no."""
        return person in self._offered

    async def reply(self, text: str, person: str) -> Composed | None:
        """Act on the yes or no to what was offered to this person; None when `text` is neither, or nothing was.

        Raises:
            sync.errors.SyncError: the wish could not be kept; the offer stands.
        """
        offered = self._offered.get(person)
        if offered is None or not text.strip():
            return None
        agreed = consent(text) if self._clock() < offered.until else None
        if agreed:
            await asyncio.to_thread(self._desk.wish, offered.wanted, person, offered.offer.url)
        self._offered.pop(person, None)
        if agreed is None:
            return None
        if not agreed:
            return _plain("All right, I leave it.")
        said = f"I'm adding “{offered.offer.title}” now. I'll tell you when you can ask about it."
        return _told([said], [_found(offered.offer, said)])

    async def find(self, question: Question, say: Callable[[str], None]) -> Composed:
        """Look on the box, then on the web, else keep a wish; `say` gets each clause as soon as it is final.

        Raises:
            sync.errors.SyncError: the wish could not be kept.
        """
        talk = _Talk(say)
        subject = wanted(question.text)
        if not names_something(subject):
            return talk.say(WHICH).composed()
        if await self._here(subject, talk):
            return talk.composed()
        absent = UNREAD if talk.unread else f"I don't have the {subject} on this box."
        if closed := await self._desk.closed():
            return await self._noted(talk, subject, question.person, f"{absent} {CLOSED[closed]}", closed)
        talk.say(f"{absent} {LOOKING}")
        try:
            found = await self._desk.search(subject)
        except FetchError as error:
            talk.note(Card("Search of the web", (("wanted", subject), ("trouble", str(error)))))
            return await self._noted(talk, subject, question.person, "The search did not work.")
        if not found:
            return await self._noted(talk, subject, question.person, f"I found nothing for the {subject}.")
        self._offered[question.person] = _Offered(found[0], subject, self._clock() + OFFERED_S)
        return _offer(talk, found)

    async def _noted(self, talk: "_Talk", subject: str, person: str, why: str, closed: Why = "") -> Composed:
        """Keep the wish, then say so."""
        unattended = await asyncio.to_thread(self._desk.wish, subject, person)
        return talk.say(f"{why} {GRANTED[closed] if unattended else UNSURE}").composed()

    def news(self, person: str) -> Composed | None:
        """Give what became of what this person asked for; None when nothing did."""
        talk = _Talk(lambda _clause: None)
        for one in self._desk.news(person):
            if one.title:
                said = f"The manual you asked for is on this box now: “{one.title}”. You can ask me about it."
                talk.say(said, Fact("manual", "passage", said, "", Citation(one.pack, one.title), 1.0))
            else:
                talk.note(Card("Manual not added", (("wanted", one.wanted), ("trouble", one.why))))
                talk.say("A manual you asked for could not be added; the card shows why.")
        return talk.composed() if talk.clauses else None

    async def _here(self, subject: str, talk: "_Talk") -> bool:
        """Tell what is on the box; say whether a manual of it is."""
        try:
            held = await asyncio.to_thread(self._desk.here, subject)
        except CorpusError as error:
            talk.note(Card("Library", (("trouble", str(error)),)))
            talk.unread = True
            return False
        of_it = [one for one in held if one.about]
        for one in (of_it or held)[:TOLD]:
            cited = Citation(one.pack, one.title, one.edition)
            said = f"On this box: “{cited.text()}”." if of_it else f"“{cited.text()}” on this box only mentions it."
            talk.say(said, Fact(f"manual/{one.title}", "passage", said, "", cited, 1.0, card=_shelf(held)))
        if of_it:
            talk.say("Ask me what you want to know from it.")
        return bool(of_it)


class _Talk:
    """What is said, clause by clause, with what it is said from."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self.clauses: list[str] = []
        self._facts: list[Fact] = []
        self._cards: list[Card] = []
        self.unread = False
        """What is on the box could not be looked through."""

    def say(self, clause: str, fact: Fact | None = None) -> "_Talk":
        self._say(clause)
        self.clauses.append(clause)
        self._facts += [fact] if fact else []
        return self

    def note(self, card: Card) -> None:
        """Show something that no fact shows."""
        self._cards.append(card)

    def composed(self) -> Composed:
        return _told(self.clauses, self._facts, self._cards)


def _offer(talk: _Talk, found: Sequence[Offer]) -> Composed:
    """Tell the best result, show the others, and ask."""
    best = found[0]
    rows = tuple((one.title, f"{one.kind}, {one.host}") for one in found[:SHOWN])
    doubt = "" if best.sure else "Nothing I found names that very model. The nearest: "
    said = f"{doubt or 'I found '}“{best.title}”, a {best.kind} from {best.host}."
    talk.say(said, _found(best, said, Card("Found on the web", rows, "not on this box yet")))
    return talk.say("Shall I add it?").composed()


def _found(offer: Offer, said: str, card: Card | None = None) -> Fact:
    """Cite a result of the web for what it is: a title that was not read yet."""
    cited = Citation("web", offer.title, note=f"{offer.host}, not read yet")
    return Fact(f"web/{offer.url}", "passage", said, "", cited, 1.0, card=card)


def _shelf(held: Sequence[Held]) -> Card:
    rows = ((one.title, ", ".join(filter(None, [one.edition, one.pack]))) for one in held[:SHOWN])
    return Card("On this box", tuple(rows))


def _plain(said: str) -> Composed:
    return Composed((said,), (), 1.0)


def _told(clauses: Sequence[str], facts: Sequence[Fact], cards: Sequence[Card] = ()) -> Composed:
    return Composed(tuple(clauses), tuple(facts), 1.0, further=tuple(cards))
