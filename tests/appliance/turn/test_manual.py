"""The conversation about manuals, at its edges: time, other people, and records that cannot be written."""

from collections.abc import Sequence

import pytest

from appliance.turn.compose import Composed
from appliance.turn.manual import OFFERED_S, Held, Manuals, News, Offer, Why
from appliance.turn.question import Question
from corpora.errors import LibraryError
from sync.errors import StorageError

FOUND = Offer("https://example.com/a.pdf", "NFS2-3030 Manual", "example.com", "PDF", sure=True)


class FakeDesk:
    """Finds one thing on the web, and keeps what is wished for."""

    def __init__(self) -> None:
        self.wishes: list[tuple[str, str, str]] = []
        self.full = self.unreadable = False

    def here(self, wanted: str) -> Sequence[Held]:
        """Nothing."""
        if self.unreadable:
            raise LibraryError("no index is on this box")
        return ()

    async def closed(self) -> Why:
        """Open."""
        return ""

    async def search(self, wanted: str) -> Sequence[Offer]:
        """Find it."""
        return [FOUND]

    def wish(self, wanted: str, person: str, url: str = "") -> bool:
        """Keep it, unless the disk is full."""
        if self.full:
            raise StorageError("the disk is full")
        self.wishes.append((wanted, person, url))
        return True

    def news(self, person: str) -> Sequence[News]:
        """None."""
        return ()


class Talking:
    """A conversation with a clock that is set by hand."""

    def __init__(self) -> None:
        self.desk, self.now, self.said = FakeDesk(), 0.0, list[str]()
        self.manuals = Manuals(self.desk, lambda: self.now)

    async def find(self, person: str = "ann") -> Composed:
        """Ask for the manual."""
        text = "Find me the manual for the NFS2-3030"
        return await self.manuals.find(Question(text, text, "manual", person=person), self.said.append)


@pytest.fixture
def talking() -> Talking:
    """A new one."""
    return Talking()


async def test_an_offer_expires(talking: Talking) -> None:
    """A yes to something else, said much later, adds nothing."""
    await talking.find()
    talking.now = OFFERED_S

    assert await talking.manuals.reply("yes", "ann") is None
    assert talking.desk.wishes == []


async def test_an_offer_is_taken_once(talking: Talking) -> None:
    """The second yes is to nothing."""
    await talking.find()
    told = await talking.manuals.reply("yes", "ann")

    assert told
    assert "“NFS2-3030 Manual”" in told.said
    assert await talking.manuals.reply("yes", "ann") is None
    assert talking.desk.wishes == [("manual for the NFS2-3030", "ann", FOUND.url)]


async def test_a_yes_that_cannot_be_kept_is_not_confirmed_and_not_lost(talking: Talking) -> None:
    """The error goes to whoever asked; after room was made the same yes works."""
    await talking.find()
    talking.desk.full = True
    with pytest.raises(StorageError):
        await talking.manuals.reply("yes", "ann")
    talking.desk.full = False

    assert await talking.manuals.reply("yes", "ann")


async def test_nothing_said_ends_no_offer(talking: Talking) -> None:
    """A recording without words is no reply."""
    await talking.find()

    assert await talking.manuals.reply("  ", "ann") is None
    assert await talking.manuals.reply("yes", "ann")


async def test_what_is_said_goes_out_clause_by_clause(talking: Talking) -> None:
    """Nobody waits for a search in silence."""
    told = await talking.find()

    assert talking.said == list(told.clauses)
    assert "looking on the web" in talking.said[0]


async def test_a_library_that_cannot_be_read_is_told_and_the_web_still_asked(talking: Talking) -> None:
    """One part that is ill costs the others nothing."""
    talking.desk.unreadable = True
    told = await talking.find()

    assert "I don't have" not in told.said
    assert "can't look through this box's own texts" in told.said
    assert "Shall I add it?" in told.said
    assert ("trouble", "no index is on this box") in told.cards[-1].rows
