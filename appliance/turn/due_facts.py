"""Evidence of what is due on a site, for the asset and the doing that a question names."""

import re
from collections.abc import Sequence
from datetime import date

from appliance.field.customer import day
from appliance.field.due import Due, dues
from appliance.field.place import Place
from appliance.turn.answer import Citation
from appliance.turn.evidence import Fact
from appliance.turn.found import NOTHING, Found
from appliance.turn.ground import words
from appliance.turn.likeness import shares
from appliance.turn.question import Question
from appliance.turn.words import stems
from corpora.requirement import Requirement
from sync.reader import Records

KNOWN = 0.5
"""Share of the question's words that an asset and its activity must have."""
MOST = 4
"""Due dates told aloud."""
_ALL = re.compile(r"\bwhat(?:'s| is)\b|\boverdue\b|\banything\b", re.IGNORECASE)
_IDLE = stems("due due's overdue last when next again do need needs test tests have time date must")
"""Words of asking; "test" tells no activity from another where all are tests."""


def look(question: Question, place: Place, records: Records, rows: Sequence[Requirement], today: date) -> Found:
    """Say when the thing asked about is due; of everything when nothing is named."""
    searched = "the asset records"
    if place.site is None:
        return NOTHING
    found = dues(records.assets(place.site.id), place.site, rows)
    asked = words(question.text) - stems(f"{place.site.name} {place.customer.name}") - _IDLE
    if not asked and _ALL.search(question.text):
        overdue = "overdue" in question.text.lower()
        chosen = [due for due in found if not overdue or due.next < today]
    else:
        each = [
            stems(f"{d.asset.name} {d.asset.component} {d.activity} {d.row.subject.replace('-', ' ')}") for d in found
        ]
        fits = shares(asked, each)
        best = max(fits, default=0.0)
        chosen = [due for due, fit in zip(found, fits, strict=True) if best >= KNOWN and fit >= best - 1e-9]
    if not chosen and not question.place:
        return NOTHING
    if not chosen:
        return Found(missing=f"The records of {place.site.name} do not tell when that is due.", searched=searched)
    return Found(tuple(fact(due, place, today, demo=records.demo) for due in chosen[:MOST]), searched=searched)


def fact(due: Due, place: Place, today: date, *, demo: bool) -> Fact:
    """Say one due date, with the rule that makes it."""
    asset, row = due.asset, due.row
    where = f" at {place.site.name}" if place.site else ""
    text = (
        f"The {due.activity} of the {asset.name}{where} {'was' if due.next < today else 'is'} due on {day(due.next)}. "
        f"It was last done on {day(due.last)}."
    )
    return Fact(
        id=f"record:due:{asset.id}:{row.subject}",
        kind="record",
        statement=text,
        scope=f"{asset.name} {asset.component} {asset.system} {place.customer.name}",
        citation=Citation(
            "records",
            f"asset record and {row.standard}",
            row.edition,
            row.section,
            quote=f"{text} {row.statement}",
            note="demo data" if demo else "",
        ),
        score=0.95,
    )
