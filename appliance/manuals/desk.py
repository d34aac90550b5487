"""The desk where a conversation finds and orders manuals."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from appliance.manuals.granting import Granting
from appliance.manuals.here import Here
from appliance.manuals.manuals import Manuals
from appliance.manuals.outside import Closed
from appliance.manuals.wish import Granted
from appliance.turn.manual import News, Offer, Why
from corpora.errors import FetchError
from corpora.identifiers import asked_models
from corpora.stock import PACK

PATIENCE_S = 10.0
"""How long somebody who talks to the box waits for a search."""
WHY: Mapping[Closed, Why] = {
    Closed.LINK: "link",
    Closed.METERED: "metered",
    Closed.KEY: "key",
    Closed.POLICY: "policy",
}


class Desk:
    """Satisfies `appliance.turn.manual.Desk`."""

    def __init__(
        self, manuals: Manuals, granting: Granting, renew: Callable[[], None], patience_s: float = PATIENCE_S
    ) -> None:
        """Keep the parts; `renew` makes the library the newest."""
        self._manuals = manuals
        self._granting = granting
        self._renew = renew
        self._patience_s = patience_s

    def here(self, wanted: str) -> Sequence[Here]:
        """Give what is on the box, manuals of the equipment first. Blocking. Raises `corpora.errors.CorpusError`."""
        self._renew()
        return self._manuals.here(wanted)

    async def closed(self) -> Why:
        """Say why the web may not be asked now."""
        closed = await self._manuals.closed()
        return WHY[closed] if closed else ""

    async def search(self, wanted: str) -> Sequence[Offer]:
        """Search the web, best first. Raises `corpora.errors.FetchError`."""
        try:
            async with asyncio.timeout(self._patience_s):
                found = await self._manuals.find(wanted)
        except TimeoutError as error:
            raise FetchError(f"the search gave no answer within {self._patience_s:g} s", passing=True) from error
        models = asked_models(wanted)
        return [Offer(one.url, one.title, one.host, one.kind, not models or one.names(models)) for one in found]

    def wish(self, wanted: str, person: str, url: str = "") -> bool:
        """Keep a wish; with the address of the chosen result it is fetched at once, in the background.

        Gives whether it can be granted unattended. Blocking. Raises `sync.errors.SyncError`: nothing was kept.
        """
        wish = self._manuals.wish(wanted, person, url)
        if url:
            self._granting.order(wish)
        return bool(url or asked_models(wanted))

    def news(self, person: str) -> Sequence[News]:
        """Give what became of this person's wishes since the last call."""
        return [told(one) for one in self._granting.news(person)]


def told(one: Granted) -> News:
    """Tell what became of a wish."""
    if one.have:
        return News(one.wish.text, one.have.title, one.have.pack)
    return News(one.wish.text, ", ".join(one.taken.documents) if one.taken else "", PACK, one.why)
