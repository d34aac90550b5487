"""Which room a person may enter: pure rules over the jobs of the box.

Decisions: a room belongs to a job or to one person. A job's room is called as the job is, since the app of the system
we replace expects that; an id that no room may have is made plain and gets a hash, so that two ids never share a room.
"""

import re
from collections.abc import Iterable
from hashlib import sha256

from appliance.people.people import Caller
from sync.records import Job

OWN = "clara-"
"""What the name of a person's own room begins with; no job's room does."""


def job_room(job: str) -> str:
    """Give the room of a job's id: letters, digits, dots, dashes and underscores, at most 64."""
    if re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}", job) and not job.startswith(OWN):
        return job
    plain = re.sub(r"[^A-Za-z0-9_]+", "-", job).strip("-")[:48]
    return f"job-{plain}-{sha256(job.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}"


def own_room(person: str) -> str:
    """Give the room of a person's id."""
    return f"{OWN}{person}"


def job_of(room: str, jobs: Iterable[Job]) -> Job | None:
    """Give the job that a room, or a job's id, means."""
    return next((job for job in jobs if room in {job.id, job_room(job.id)}), None)


def may_enter(caller: Caller, room: str, jobs: Iterable[Job]) -> bool:
    """May this person be in this room? In that of a job only if the job is theirs, unless they are a manager."""
    if room == own_room(caller.person.id):
        return True
    job = job_of(room, jobs)
    if job is None or room != job_room(job.id):
        return caller.manager and job is None and room.startswith(OWN)
    return caller.manager or theirs(caller, job)


def theirs(caller: Caller, job: Job) -> bool:
    """Is this person the technician of a job?"""
    return job.technician.strip().casefold() in {caller.person.name.casefold(), caller.person.id}
