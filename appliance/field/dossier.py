"""Everything that is known of a place, sentence by sentence."""

from collections.abc import Sequence
from datetime import date

from appliance.field import customer, equipment
from appliance.field.due import Due, dues
from appliance.field.line import Line, day
from appliance.field.place import Place
from corpora.requirement import Requirement
from sync.reader import Records
from sync.records import Job, Site

PENDING = frozenset({"scheduled", "en_route", "in_progress"})
"""Statuses of a job that is still to be done."""


def dossier(place: Place, records: Records, rows: Sequence[Requirement], today: date) -> list[Line]:
    """Give every sentence; each names its subject and stands by itself. `rows` make the due dates."""
    site = place.site
    known = customer.lines(place, records)
    if site is None:
        return known
    assets = records.assets(site.id)
    return [
        *known,
        *(line for asset in assets for line in equipment.lines(asset, site, records)),
        *(_due(due, site, today) for due in dues(assets, site, rows)),
        *(line for job in records.jobs() if job.site_id == site.id for line in _job(job, site, today)),
    ]


def _due(due: Due, site: Site, today: date) -> Line:
    asset = due.asset
    text = (
        f"The {due.activity} of the {asset.name} at {site.name} {'was' if due.next < today else 'is'} due "
        f"on {day(due.next)}. It was last done on {day(due.last)}."
    )
    about = f"{equipment.called(asset)}, {due.activity}, {due.row.subject.replace('-', ' ')}"
    return Line("asset_due", text, about, asset, due)


def _job(job: Job, site: Site, today: date) -> list[Line]:
    if job.status not in PENDING or job.starts.date() < today:
        return []
    when = f"{job.starts:%A}, {day(job.starts.date())} at {job.starts.hour % 12 or 12}:{job.starts:%M %p}"
    what = f"The job {job.title} at {site.name}"
    found = [
        Line("job_booked", f"{what} is booked for {when}.", f"{job.title} {when}"),
        Line("job_duration", f"{what} is planned for {job.duration_minutes} minutes.", f"{job.title} {when}"),
    ]
    told = [text for text in (job.special_instructions, job.notes) if text]
    return found + [Line("note", f"For the job {job.title} at {site.name}: {text}", job.title) for text in told]
