"""Searching the web through Gemini, for what no source on the box answers.

Decisions:
- Off unless the owner says otherwise (`gemini.search`). The sources' own "don't say" is spoken first and stays: it is
  what makes the question a gap for head office, and nobody waits for a search to hear the first clause.
- What goes out is the question; never evidence, records or who asks. Only questions about equipment and codes go out,
  and none that names a customer or a site.
- The words that Google says a page bears out are evidence, cited as that page and as unchecked. Every sentence still
  passes the guard against them alone: a figure that no page bears out is not said. (Google gives no text of the pages
  themselves, so whether the page truly says so is not proved here, and the answer says that nobody checked it.)
- The answer waits for its end: which words are borne out is told with the last of it.
"""

import asyncio
from contextlib import aclosing

from appliance.turn import compose
from appliance.turn.answer import Card, Citation
from appliance.turn.compose import Composed
from appliance.turn.evidence import Fact
from appliance.turn.ground import split
from appliance.turn.guard import Guard
from appliance.turn.question import Intent, Question
from appliance.turn.rung import Rung
from models.prompt import Borne, Message, Prompt

SEARCH_S = 8.0
"""Longest whole search."""
SEARCHED: frozenset[Intent] = frozenset({"spec", "requirement", "section", "howto"})
"""Intents that may be searched for: those that are of nobody's business."""
LEAD = "On the web I find this, which nobody has checked."
UNCHECKED = "web page, unchecked"
PROMPT = (
    "You help a fire protection technician. Search the web, prefer the maker's own pages and the codes' publishers, "
    "and answer in one to three short sentences with the figures as the pages give them. If they don't say, say so."
)


async def search(rung: Rung, question: Question) -> Composed | None:
    """Search, and give what may be said of the result with its sources; None: nothing may.

    Raises:
        TimeoutError: it took too long.
        models.errors.ModelError: the engine failed.
    """
    text = ""
    borne: dict[Borne, None] = {}
    async with asyncio.timeout(SEARCH_S), aclosing(
        rung.model.generate(Prompt(PROMPT, (Message("user", question.text),), search=True))
    ) as stream:  # fmt: skip
        async for piece in stream:
            text += piece.text
            borne.update(dict.fromkeys(piece.borne))
    facts = [fact(one) for one in borne]
    said, used = [], dict[Fact, None]()
    for sentence in split(text):
        for one in facts:
            if Guard([(one.statement, one.scope)], question.text).check(sentence).ok and within(sentence, one):
                said.append(sentence)
                used[one] = None
                break
    if not said:
        return None
    sources = dict.fromkeys(compose.source(one) for one in used)
    return Composed((LEAD, *said, *sources), tuple(used), 0.0)


def fact(borne: Borne) -> Fact:
    """Make evidence of what a page is said to bear out."""
    citation = Citation("web", borne.title, quote=borne.text, note=UNCHECKED)
    card = Card(borne.title, (("address", borne.url),), UNCHECKED)
    return Fact(f"web:{borne.url}", "passage", borne.text, borne.title, citation, 0.0, card=card)


def within(sentence: str, one: Fact) -> bool:
    """Tell whether a sentence is among the words that the page bears out, whatever the guard makes of it."""
    return " ".join(sentence.split()).rstrip(".") in " ".join(one.statement.split())
