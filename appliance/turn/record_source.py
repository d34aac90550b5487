"""Evidence from the records: customers, jobs and what is due, for the place named or where the technician is.

Every line known of the place is weighed against the question (see `record_match`); the surest answers. Only lists (the
jobs of a day, all that is due) and what nobody asks of one place are found by patterns.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from appliance.field import place as places
from appliance.field.dossier import dossier
from appliance.field.line import Line
from appliance.field.place import Place
from appliance.ports import Embedder
from appliance.turn import due_facts, job_facts
from appliance.turn.answer import Card, Citation
from appliance.turn.claims import claims
from appliance.turn.evidence import Fact
from appliance.turn.found import NOTHING, Found
from appliance.turn.meaning import Meaning, Vector
from appliance.turn.question import Question
from appliance.turn.record_kind import PEOPLE
from appliance.turn.record_match import Floats, Posed, Sheet, Weights, totals
from appliance.turn.words import stems
from corpora.requirement import Requirement
from sync.reader import Records

BY_MEANING = Weights(
    nearest=8.24, second=0.57, itself=3.49, shared=2.99, own=1.12, person=10.59,
    named=0.87, unnamed=-1.39, apart=-0.32, misnamed=-7.02, elsewhere=-2.49, bias=-8.32,
)  # fmt: skip
"""With an embedder."""
BY_WORDS = Weights(
    nearest=0, second=0, itself=0, shared=5.27, own=1.16, person=8.46,
    named=0.68, unnamed=-1.32, apart=-0.82, misnamed=-6.03, elsewhere=0, bias=-4.43,
)  # fmt: skip
"""Without one."""
SEARCHED = "the customer records"
TIE = 1.0
"""How close to the best's sum that of a line of the same field must come to be told as well: the question fits both."""
LIST_TIE = 2.5
"""The same for fields that are told as a list unless one line stands out."""
LISTED = frozenset({"requirement", "colleague", "opportunity", "note"})
MOST_TOLD = 4
"""Lines told aloud."""
OVERVIEW = ("overview", "lifetime_value", "hazard", "requirement", "service_times", "contact", "opportunity")
"""What is said when a customer is asked about as a whole."""
_ABOUT = re.compile(r"\b(?:about|who|know|brief|overview|rundown|story|summary|fill me in)\b", re.IGNORECASE)
_OF_SITE = re.compile(r"^(?!asset_|job_|contract_|offer_)")
"""Fields of the place as a whole; with them its hazards are told to who is on site."""
NAMED_BY = frozenset({*PEOPLE, "decision_maker", "contract_manager"})
"""Fields that tell a person."""
_DAYS = stems("monday tuesday wednesday thursday friday saturday sunday")


@dataclass(frozen=True, slots=True)
class _Known:
    """A place's sheet, and what it was made of."""

    state: tuple[str, date]
    sheet: Sheet


class RecordSource:
    """Looks into what the box knows of customers and work."""

    def __init__(
        self,
        records: Records,
        rows: Sequence[Requirement],
        posed: Posed,
        embedder: Embedder | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        """Keep the records, the rows that make due dates, the questions that fields answer, and the calendar."""
        self._records = records
        self._rows = rows
        self._posed = posed
        self._embedder = embedder
        self._today = today
        self._sheets: dict[tuple[str, str], _Known] = {}
        self._vectors: dict[str, Vector] = {}
        self._weights = BY_MEANING if embedder else BY_WORDS

    @property
    def revision(self) -> str:
        """Which state the records are in. Raises `sync.errors.StorageError`."""
        return self._records.revision

    def warm(self) -> None:
        """Lay out the places of today's jobs, so that the first question there waits for nothing."""
        for job in self._records.jobs(day=self._today()):
            if customer := self._records.customer(job.customer_id):
                self._sheet(Place(customer, self._records.site(job.site_id)))

    def look(self, question: Question, _meaning: Meaning, /) -> Found:
        """Give what the records say.

        Raises:
            sync.errors.StorageError: they cannot be read.
            models.errors.EngineError: the embedder fails.
        """
        at, of_place = question.at, question.intent in {"customer", "due"}
        if question.intent == "jobs" and (at is None or at.job is not None):
            return job_facts.look(question.text, self._records, self._today())
        if at is None or (at.job is not None and of_place):
            if not of_place:
                return NOTHING
            if question.intent == "customer" and (missing := self._unknown(question)):
                return Found(missing=missing, searched=SEARCHED)
            at = at or places.here(self._records, self._today())
        if at is None:
            return Found(missing="Which site do you mean? No job today tells me where you are.", searched=SEARCHED)
        if at.job is not None and _unknown_name(question):
            return NOTHING
        return self._at(question, at, of_place=of_place)

    def _unknown(self, question: Question) -> str:
        """Say that the customer asked about is not known; empty when none is named."""
        if not self._records.customers():
            return "No customer records are on this box."
        name = _unknown_name(question)
        return f"No customer {name} is in the records on this box." if name else ""

    def _at(self, question: Question, at: Place, *, of_place: bool) -> Found:
        """Weigh what is known of a place; `of_place`: nothing but the records can answer."""
        sheet = self._sheet(at)
        asked = sheet.asked(question.text)
        if not asked and _ABOUT.search(question.text):
            return self._found(_whole(sheet.lines), at)
        if question.intent == "due":
            dues = due_facts.everything(question.text, asked, sheet.lines, self._today())
            if dues is not None:
                none = f"No test that the records of {at.customer.name} give a date for is overdue."
                return self._found(dues[:MOST_TOLD], at) if dues else Found(missing=none, searched=SEARCHED)
        sums = totals(sheet.evidence(question.text), self._weights, sheet.against(question.text))
        best = int(np.argmax(sums))
        line = sheet.lines[best]
        if sums[best] <= 0:
            missing = f"The records of {at.customer.name} do not say that." if of_place else ""
            return Found(missing=missing, searched=SEARCHED)
        if line.field in NAMED_BY and (name := _stranger(sheet, question.text)):
            return Found(missing=f"Nobody named {name} is in the records of {at.customer.name}.", searched=SEARCHED)
        return self._found(_chosen(sheet.lines, sums, at), at)

    def _sheet(self, at: Place) -> Sheet:
        """Give the place's sheet; it is made once for each state of the records and each day."""
        key = (at.customer.id, at.site.id if at.site else "")
        state = (self._records.revision, self._today())
        known = self._sheets.get(key)
        if known is None or known.state != state:
            lines = dossier(at, self._records, self._rows, self._today())
            embed = self._embed if self._embedder else None
            known = self._sheets[key] = _Known(state, Sheet(lines, places.names(at), self._posed, embed))
        return known.sheet

    def _embed(self, texts: Sequence[str]) -> Vector:
        """Embed texts; a sentence of the records that has not changed is embedded once."""
        assert self._embedder is not None
        fresh = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if len(texts) <= 2:  # a question
            return np.asarray(self._embedder.embed(texts))
        if fresh:
            self._vectors.update(zip(fresh, np.asarray(self._embedder.embed(fresh)), strict=True))
        return np.stack([self._vectors[text] for text in texts])

    def _found(self, lines: Sequence[Line], at: Place) -> Found:
        return Found(tuple(self._fact(line, at) for line in lines), searched=SEARCHED)

    def _fact(self, line: Line, at: Place) -> Fact:
        names = " ".join((*places.names(at), line.field.replace("_", " "), line.about))
        return Fact(
            id=f"record:{at.customer.id}:{line.field}:{line.text[:48]}",
            kind="record",
            statement=line.text,
            scope=names,
            citation=self._citation(line, at),
            score=0.95,
            card=None if line.asset else self._card(at),
        )

    def _citation(self, line: Line, at: Place) -> Citation:
        note, who = "demo data" if self._records.demo else "", at.customer.name
        if line.due:
            row = line.due.row
            document, quote = f"asset record of {who} and {row.standard}", f"{line.text} {row.statement}"
            return Citation("records", document, row.edition, row.section, quote=quote, note=note)
        document = f"{'asset' if line.asset else 'customer'} record of {who}"
        return Citation("records", document, quote=line.text, note=note)

    def _card(self, at: Place) -> Card:
        lines = (line for line in self._sheet(at).lines if line.asset is None and line.field != "address")
        rows = tuple((line.field.replace("_", " "), line.text) for line in lines)
        return Card(at.customer.name, rows, "demo data" if self._records.demo else "")


def _chosen(lines: Sequence[Line], sums: Floats, at: Place) -> list[Line]:
    """Give the surest line and what belongs to it, the surest first."""
    field, best = lines[int(np.argmax(sums))].field, float(sums.max())
    if field == "overview":
        return _whole(lines)
    near = best if field == "hazard" else LIST_TIE if field in LISTED else TIE
    fits = [place for place in np.argsort(-sums, kind="stable") if lines[place].field == field]
    chosen = [lines[place] for place in fits if sums[place] > 0 and sums[place] >= best - near][:MOST_TOLD]
    hazards = [line for line in lines if line.field == "hazard" and line not in chosen]
    on_site = at.job is not None and _OF_SITE.match(field)
    return chosen + hazards if on_site or field == "hazard" else chosen


def _whole(lines: Sequence[Line]) -> list[Line]:
    return [line for field in OVERVIEW for line in lines if line.field == field]


def _stranger(sheet: Sheet, text: str) -> str:
    """Give a person's name in the question that nobody at the place has."""
    known = stems(" ".join(f"{line.text} {line.about}" for line in sheet.lines)) | _DAYS
    bare = sheet.bare(text)
    names = [bare[claim.start : claim.end] for claim in claims(bare) if claim.kind == "name"]
    names += re.findall(
        r"\b(?!What|Who|Where|When)([A-Z][a-z]+)'s (?:\w+ )?(?:number|phone|cell|e-?mail|extension|digits)\b", bare
    )
    return next((name for name in names if not stems(name) & known), "")


def _unknown_name(question: Question) -> str:
    """Give the capitalised words after "at", "for", "of" or "customer": a name that no record has."""
    match = re.search(
        r"\b(?:at|for|of|about|customer|client|with)\s+(?:the\s+)?((?:[A-Z][\w&']*)(?:\s+[A-Z0-9][\w&']*)*)",
        question.text,
    )
    return match[1] if match else ""
