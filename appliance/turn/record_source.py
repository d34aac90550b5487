"""Evidence from the records: customers, jobs and what is due, for the place named or where the technician is."""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from appliance.field.customer import Line, lines
from appliance.field.dossier import dossier
from appliance.field.equipment import asks, tell
from appliance.field.place import Place, here, meant, named, plain, points_here
from appliance.turn import due_facts
from appliance.turn.answer import Card, Citation
from appliance.turn.claims import claims
from appliance.turn.evidence import Fact
from appliance.turn.found import NOTHING, Found
from appliance.turn.ground import words
from appliance.turn.likeness import shares
from appliance.turn.meaning import Meaning
from appliance.turn.question import Question
from appliance.turn.words import stems
from corpora.requirement import Requirement
from sync.reader import Records
from sync.records import Job

TOPICS = tuple(
    (topic, re.compile(pattern, re.IGNORECASE))
    for topic, pattern in (
        ("opportunity", r"\bopportunit|\bupsell|\bsell\b|\bquote|\bproposal"),
        ("contract", r"\bcontract|\bagreement|\brenew"),
        ("contact", r"\bcontact|\bphone|\bnumber\b|\bemail|\bcall\b|\bask for\b|\bmanager\b|\bowner\b|"
                    r"\bwho\b"),
        ("requirement", r"\bspecial|\brequirement|\bprefer|\bweekend|\bwhen can\b|\brules?\b|\bwhat time|\bprotective|"
                        r"\bgear\b|\bppe\b|\bwear\b|\ballowed\b|\bmay I\b"),
        ("access", r"\baccess|\bget (?:in|into|inside)\b|\bpark|\bkeys?\b|\bentrance|\bdoor code"),
        ("hazard", r"\bhazard|\bdanger|\bppe\b|\bwatch out|\bsafety (?:notes?|issues?|concerns?)"),
        ("value", r"\blifetime|\bvalue\b|\bworth\b|\bspend|\brevenue"),
        ("edition", r"\bedition|\badopted"),
        ("size", r"\bsquare|\bhow many floors|\bhow (?:big|large)\b"),
        ("times", r"\bwhen can\b|\bpreferred\b|\bweekends?\b|\bwhat (?:times?|hours)\b"),
        ("address", r"\baddress|\bwhere is\b|\blocated|\blocation"),
    )
)  # fmt: skip
_OVERALL = re.compile(
    r"\b(?:tell me|about|customer|client|account|what (?:do|should) (?:i|we) know|brief|overview)\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"\b(?:tell me|about|who|what (?:do|should) (?:I|we) know)\b", re.IGNORECASE)
ALSO = {"contact": ("colleague",), "value": ("spend",), "requirement": ("times",), "times": ("requirement",)}
"""What belongs to a topic when it is asked for by itself."""
_SITE_RULE = re.compile(r"\b(?:protective|gear|wear|special|weekends?|allowed|may I)\b", re.IGNORECASE)
"""Asks for a rule of the house, not of a code."""
SEARCHED = "the asset records"
MOST_TOLD = 4
"""Assets told of aloud."""
_AGAIN = re.compile(r"\bwhen\b.{0,80}\b(?:again|due|next|do at|do for)\b", re.IGNORECASE)
"""Asks for a due date; a recogniser hears "due" as "do"."""
KNOWN, SURE = 0.55, 0.85
"""Share of the question's words, weighed by rarity, that a sentence of the records must have to
answer, and to answer instead of what is ready-made for a topic."""
IDLE = stems("who whos when where late far ahead long need needs job work site building record records number") - {
    "job"
}
"""Words of asking that tell no record from another."""
OVERVIEW = ("summary", "value", "hazard", "requirement", "contact", "opportunity")
"""What is said when a customer is asked about as a whole."""


class RecordSource:
    """Looks into what the box knows of customers and work."""

    def __init__(self, records: Records, rows: Sequence[Requirement], today: Callable[[], date] = date.today) -> None:
        """Keep the records, the requirement rows that make due dates, and the calendar."""
        self._records = records
        self._rows = rows
        self._today = today

    @property
    def revision(self) -> str:
        """Which state the records are in. Raises `sync.errors.StorageError`."""
        return self._records.revision

    def look(self, question: Question, _meaning: Meaning, /) -> Found:
        """Give what the records say. Raises `sync.errors.StorageError`."""
        if question.intent == "jobs":
            return self._jobs(question)
        if question.intent == "due":
            return self._due(question)
        place = named(question.text, self._records)
        at = place or (here(self._records, self._today()) if points_here(question.text) else None)
        of_customer = question.intent == "customer" or (place is not None and _about_customer(question))
        if at is None or (place is None and of_customer and _unknown_name(question)):
            return self._customer(question, None) if of_customer else NOTHING
        return self._at(question, at, place, of_customer=of_customer)

    def _at(self, question: Question, at: Place, named_place: Place | None, *, of_customer: bool) -> Found:
        """Look into what is known of a place: ready-made answers first, then every sentence by its words."""
        if asks(question.text) and (found := self._equipment(question, at)).facts:
            return found
        if _AGAIN.search(question.text) and (found := self._due(question)).facts:
            return found
        if of_customer:
            if not _OVERALL.search(question.text) and (found := self._searched(question, at, SURE)).facts:
                return found
            found = self._customer(question, named_place)
            wider = self._searched(question, at) if found.missing and not found.missing.endswith("?") else NOTHING
            return wider if wider.facts else found
        often = question.asked is not None and question.asked.name == "interval"
        return NOTHING if often or not question.place else self._searched(question, at)

    def _searched(self, question: Question, place: Place, least: float = KNOWN) -> Found:
        """Search all that is known of a place by words, for what no ready-made answer fits."""
        told = dossier(place, self._records)
        names = stems(
            f"{place.site.name if place.site else ''} {place.customer.name} {' '.join(place.customer.aliases)}"
        )
        asked = words(question.text) - names - IDLE
        fits = shares(asked, [stems(f"{line.topic} {line.text}") for line in told])
        best = max(fits, default=0.0)
        if best < least:
            return Found(searched="the customer records")
        chosen = [line for line, score in zip(told, fits, strict=True) if score >= best - 1e-9]
        return Found(tuple(self._fact(line, place) for line in chosen[:MOST_TOLD]), searched="the customer records")

    def _customer(self, question: Question, place: Place | None) -> Found:
        searched = "the customer records"
        if not self._records.customers():
            return Found(missing="No customer records are on this box.", searched=searched)
        if place is None and (name := _unknown_name(question)):
            return Found(missing=f"No customer {name} is in the records on this box.", searched=searched)
        place = place or meant(question.text, self._records, self._today())
        if place is None:
            return Found(missing="Which customer do you mean? No job today tells me where you are.", searched=searched)
        return self._told(question, place)

    def _told(self, question: Question, place: Place) -> Found:
        """Give the lines on the topics asked for, or the overview."""
        searched = "the customer records"
        known = lines(place, self._records)
        topics = [topic for topic, pattern in TOPICS if pattern.search(question.text)]
        if "contact" in topics and (name := _unknown_person(question, place, self._records)):
            return Found(missing=f"Nobody named {name} is in the records of {place.customer.name}.", searched=searched)
        if "contact" in topics and (people := _role(question, known, place)):
            return Found(tuple(self._fact(line, place) for line in people), searched=searched)
        topics = [topic for asked in topics for topic in (asked, *ALSO.get(asked, ()))]
        said = [line for line in known if line.topic in topics] if topics else []
        if topics and not said:
            return Found(
                missing=f"The records of {place.customer.name} do not give that.",
                nearest=self._fact(known[0], place),
                searched=searched,
            )
        if not topics and not _OVERALL.search(question.text):
            return Found(missing=f"The records of {place.customer.name} do not say that.", searched=searched)
        if not topics:
            said = [line for topic in OVERVIEW for line in known if line.topic == topic]
        elif "hazard" not in topics and place.job is not None:
            said += [line for line in known if line.topic == "hazard"]  # a safety word is never left out on site
        return Found(tuple(self._fact(line, place) for line in said), searched=searched)

    def _fact(self, line: Line, place: Place) -> Fact:
        note = "demo data" if self._records.demo else ""
        where = place.site.name if place.site else ""
        return Fact(
            id=f"record:{place.customer.id}:{line.topic}:{line.text[:24]}",
            kind="record",
            statement=line.text,
            scope=f"{place.customer.name} {where} {' '.join(place.customer.aliases)} {line.topic}",
            citation=Citation("records", f"customer record of {place.customer.name}", quote=line.text, note=note),
            score=0.95,
            card=self._card(place),
        )

    def _card(self, place: Place) -> Card:
        rows = tuple((line.topic, line.text) for line in lines(place, self._records) if line.topic != "address")
        return Card(place.customer.name, rows, "demo data" if self._records.demo else "")

    def _equipment(self, question: Question, place: Place) -> Found:
        """Say what is asked of the assets that the question names; of all when it asks what is wrong on the site."""
        if place.site is None:
            return NOTHING
        wanted = stems(question.text) - stems(f"{place.site.name} {place.customer.name}")
        assets = self._records.assets(place.site.id)
        scores = [(len(stems(f"{a.name} {a.component} {a.system} {' '.join(a.aliases)}") & wanted), a) for a in assets]
        best = max((score for score, _ in scores), default=0)
        chosen = [asset for score, asset in scores if best and score == best]
        said = tell(question.text, place.site, chosen, self._records)
        note = "demo data" if self._records.demo else ""
        facts = tuple(
            Fact(
                f"record:asset:{one.asset.id}:{one.text[:20]}", "record", one.text,
                f"{place.site.name} {place.customer.name} {one.asset.name} {one.asset.component} {one.asset.system}",
                Citation("records", f"asset record of {place.customer.name}", quote=one.text, note=note), 0.95,
            )
            for one in said[:MOST_TOLD]
        )  # fmt: skip
        return Found(facts, searched="the asset records")

    def _jobs(self, question: Question) -> Found:
        searched = "the jobs"
        if not self._records.jobs():
            return Found(missing="No jobs are on this box.", searched=searched)
        title, jobs = self._chosen_jobs(question.text.lower())
        if not jobs:
            return self._job_fact(f"There are no jobs {title}.", title, ())
        if re.search(r"\b(?:next|first)\b", question.text, re.IGNORECASE):
            return self._job_fact(f"The next job is {self._job(jobs[0])}.", title, jobs[:1])
        count = "is 1 job" if len(jobs) == 1 else f"are {len(jobs)} jobs"
        said = "; ".join(self._job(job) for job in jobs[:4])
        more = f" And {len(jobs) - 4} more." if len(jobs) > 4 else ""
        return self._job_fact(f"There {count} {title}: {said}.{more}", title, jobs)

    def _chosen_jobs(self, text: str) -> tuple[str, tuple[Job, ...]]:
        today = self._today()
        pending = tuple(job for job in self._records.jobs() if job.status in {"scheduled", "en_route", "in_progress"})
        if "past" in text or "overdue" in text or "late" in text:
            return "past due", tuple(job for job in pending if job.starts.date() < today)
        if "tomorrow" in text:
            return "tomorrow", tuple(job for job in pending if job.starts.date() == today + timedelta(days=1))
        if "week" in text:
            end = today + timedelta(days=7)
            return "in the next 7 days", tuple(job for job in pending if today <= job.starts.date() < end)
        if re.search(r"\bnext\b", text):
            return "ahead", tuple(job for job in pending if job.starts.date() >= today)
        return "today", tuple(job for job in pending if job.starts.date() == today)

    def _job(self, job: Job) -> str:
        customer = self._records.customer(job.customer_id)
        when = f"{job.starts:%A, %B} {job.starts.day} at {job.starts.hour % 12 or 12}:{job.starts:%M %p}"
        return f"{job.title}{f' at {customer.name}' if customer else ''} on {when}"

    def _job_fact(self, text: str, title: str, jobs: Sequence[Job]) -> Found:
        card = Card(
            f"Jobs {title}",
            tuple((f"{job.starts:%a %d %b %H:%M}", f"{job.title} ({job.status.replace('_', ' ')})") for job in jobs),
        )
        note = "demo data" if self._records.demo else ""
        fact = Fact(
            f"record:jobs:{title}", "record", text, f"jobs {title}",
            Citation("records", "job records", quote=text, note=note), 0.95, card=card,
        )  # fmt: skip
        return Found((fact,), searched="the jobs")

    def _due(self, question: Question) -> Found:
        place = meant(question.text, self._records, self._today())
        if place is None:
            return Found(missing="Which site do you mean? No job today tells me where you are.", searched=SEARCHED)
        return due_facts.look(question, place, self._records, self._rows, self._today())


def _role(question: Question, known: Sequence[Line], place: Place) -> list[Line]:
    """Give the people whose role or name the question has ("the chief engineer")."""
    words = stems(question.text) - stems(f"{question.place} {place.customer.name} contact")
    people = [line for line in known if line.topic in {"contact", "colleague"}]
    fits = [(len(words & stems(line.text)), line) for line in people]
    best = max((count for count, _ in fits), default=0)
    return [line for count, line in fits if best and count == best]


def _about_customer(question: Question) -> bool:
    """Tell whether a question that names a customer asks about it and not about a code."""
    text = question.text
    rule = _SITE_RULE.search(text) is not None
    topical = any(pattern.search(text) for topic, pattern in TOPICS if topic != "requirement" or rule)
    return topical or _ABOUT.search(text) is not None


def _unknown_person(question: Question, place: Place, records: Records) -> str:
    """Give a name in the question that belongs to nobody and nothing at the place."""
    known = " ".join(line.text for line in lines(place, records))
    known = plain(f"{known} {place.site.name if place.site else ''} {' '.join(place.customer.aliases)}")
    for claim in claims(question.text):
        if claim.kind == "name" and not set(plain(claim.text).split()) & set(known.split()):
            return question.text[claim.start : claim.end]
    return ""


def _unknown_name(question: Question) -> str:
    """Give the capitalised words after "at", "for", "of" or "customer": a name that no record has."""
    match = re.search(
        r"\b(?:at|for|of|about|customer|client|with)\s+(?:the\s+)?((?:[A-Z][\w&']*)(?:\s+[A-Z0-9][\w&']*)*)",
        question.text,
    )
    return match[1] if match else ""
