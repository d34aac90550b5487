"""Evidence of the technician's own jobs: today's, tomorrow's, the next one, what is past due."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from appliance.field.dossier import PENDING
from appliance.turn.answer import Card, Citation
from appliance.turn.evidence import Fact
from appliance.turn.found import Found
from sync.reader import Records
from sync.records import Job

SEARCHED = "the jobs"
MOST_TOLD = 4
"""Jobs told aloud."""


def look(text: str, records: Records, today: date) -> Found:
    """Give the jobs that a question asks for."""
    if not records.jobs():
        return Found(missing="No jobs are on this box.", searched=SEARCHED)
    title, jobs = _chosen(text.lower(), records, today)
    if not jobs:
        return _found(f"There are no jobs {title}.", title, (), records)
    if re.search(r"\b(?:next|first)\b", text, re.IGNORECASE):
        return _found(f"The next job is {_told(jobs[0], records)}.", title, jobs[:1], records)
    count = "is 1 job" if len(jobs) == 1 else f"are {len(jobs)} jobs"
    said = "; ".join(_told(job, records) for job in jobs[:MOST_TOLD])
    more = f" And {len(jobs) - MOST_TOLD} more." if len(jobs) > MOST_TOLD else ""
    return _found(f"There {count} {title}: {said}.{more}", title, jobs, records)


def _chosen(text: str, records: Records, today: date) -> tuple[str, tuple[Job, ...]]:
    pending = tuple(job for job in records.jobs() if job.status in PENDING)
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


def _told(job: Job, records: Records) -> str:
    customer = records.customer(job.customer_id)
    when = f"{job.starts:%A, %B} {job.starts.day} at {job.starts.hour % 12 or 12}:{job.starts:%M %p}"
    return f"{job.title}{f' at {customer.name}' if customer else ''} on {when}"


def _found(text: str, title: str, jobs: Sequence[Job], records: Records) -> Found:
    card = Card(
        f"Jobs {title}",
        tuple((f"{job.starts:%a %d %b %H:%M}", f"{job.title} ({job.status.replace('_', ' ')})") for job in jobs),
    )
    note = "demo data" if records.demo else ""
    fact = Fact(
        f"record:jobs:{title}", "record", text, f"jobs {title}",
        Citation("records", "job records", quote=text, note=note), 0.95, card=card,
    )  # fmt: skip
    return Found((fact,), searched=SEARCHED)
