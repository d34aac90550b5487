"""What head office and technicians know: customers, contacts, contracts, opportunities, sites, assets, jobs, findings.

Field names follow the seed's shapes (reference/seed-system.md section 1), but times are true times with a zone,
durations are minutes and money is whole US dollars. The class attribute tells the door (pydantic, in `generation`) to
refuse unknown keys; this module itself needs no library.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, Literal

JobStatus = Literal["scheduled", "en_route", "in_progress", "completed", "cancelled"]
Severity = Literal["inoperable", "deficient", "suggested", "unknown"]
"""How bad a finding is; "unknown" until the technician says."""
DeficiencyStatus = Literal["new", "fixed", "verified"]
WishStatus = Literal["open", "fetched", "dropped"]


class Record:
    """What all records share: they refuse unknown keys at the door."""

    __slots__ = ()
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class Customer(Record):
    """Who pays."""

    id: str
    name: str
    location: str
    """Main address in one line."""
    company_type: str = ""
    industry: str = ""
    building_type: str = ""
    square_footage: int | None = None
    customer_since: date | None = None
    lifetime_value: int | None = None
    """US dollars."""
    annual_spend: int | None = None
    """US dollars a year."""
    total_service_calls: int | None = None
    last_service_date: date | None = None
    satisfaction_score: float | None = None
    """0 to 5."""
    special_requirements: tuple[str, ...] = ()
    """Full sentences, each can be read out by itself."""
    preferred_service_times: str = ""
    notes: str = ""
    aliases: tuple[str, ...] = ()
    """Other ways people say the name."""


@dataclass(frozen=True, slots=True)
class Contact(Record):
    """A person at a customer."""

    id: str
    customer_id: str
    name: str
    role: str = ""
    phone: str = ""
    email: str = ""
    primary: bool = False
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Contract(Record):
    """What was agreed with a customer."""

    id: str
    customer_id: str
    contract_type: str
    status: Literal["active", "pending", "expired", "cancelled"]
    start_date: date
    end_date: date
    annual_value: int
    """US dollars a year."""
    covered_systems: tuple[str, ...] = ()
    """As `Asset.system` names them."""
    service_frequency: str = ""
    response_time_minutes: int | None = None
    """How soon somebody must be there after an urgent call."""
    renewal_date: date | None = None
    auto_renewal: bool = False
    contract_manager: str = ""


@dataclass(frozen=True, slots=True)
class Opportunity(Record):
    """Work a customer may buy."""

    id: str
    customer_id: str
    title: str
    estimated_value: int
    """US dollars."""
    opportunity_type: str = ""
    description: str = ""
    probability: float | None = None
    """0 to 1."""
    stage: str = ""
    created_date: date | None = None
    expected_close_date: date | None = None
    decision_maker: str = ""
    next_action: str = ""
    next_action_date: date | None = None
    competitor_info: str = ""


@dataclass(frozen=True, slots=True)
class Site(Record):
    """A place where work is done."""

    id: str
    customer_id: str
    name: str
    address: str
    latitude: float | None = None
    longitude: float | None = None
    timezone: str = ""
    """As the zone database names it: "America/Los_Angeles"."""
    adopted: Mapping[str, str] = field(default_factory=dict)
    """Standard to the edition in force here: "NFPA 25" to "2017"."""
    authority: str = ""
    """The authority having jurisdiction."""
    building_type: str = ""
    square_footage: int | None = None
    floors: int | None = None
    access_notes: str = ""
    hazards: tuple[str, ...] = ()
    """Full sentences; they are safety words and are never left out."""
    notes: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asset(Record):
    """A thing that is inspected, tested and maintained."""

    id: str
    site_id: str
    name: str
    """As a technician on this site says it."""
    system: str
    """As `corpora.requirement.SYSTEMS` names it."""
    component: str
    location: str = ""
    manufacturer: str = ""
    model: str = ""
    serial: str = ""
    installed: date | None = None
    last_done: Mapping[str, date] = field(default_factory=dict)
    """Activity, as the requirements name it, to the day it was last done."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """What else is on the plate or the tag, with units."""
    notes: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChecklistItem(Record):
    """One line of a job's checklist."""

    id: str
    description: str
    category: str = "general"
    photo_required: bool = False
    completed: bool = False
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Visit(Record):
    """An earlier inspection, as a job's history tells it."""

    date: date
    technician: str
    findings: str
    issues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job(Record):
    """A visit that is planned, under way or done."""

    id: str
    customer_id: str
    site_id: str
    title: str
    type: str
    status: JobStatus
    starts: datetime
    """With the site's offset."""
    duration_minutes: int
    """Estimated."""
    priority: Literal["low", "normal", "high", "urgent"] = "normal"
    technician: str = ""
    contact_id: str = ""
    asset_ids: tuple[str, ...] = ()
    checklist: tuple[ChecklistItem, ...] = ()
    history: tuple[Visit, ...] = ()
    notes: str = ""
    special_instructions: str = ""


@dataclass(frozen=True, slots=True)
class Reading(Record):
    """A value somebody read."""

    id: str
    asset_id: str
    what: str
    """The quantity in a technician's words: "static pressure"."""
    value: float
    unit: str
    at: datetime
    site_id: str = ""
    job_id: str = ""
    actor: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Deficiency(Record):
    """Something found wrong."""

    id: str
    description: str
    at: datetime
    severity: Severity = "unknown"
    status: DeficiencyStatus = "new"
    site_id: str = ""
    asset_id: str = ""
    job_id: str = ""
    reference: str = ""
    """Standard, edition and section it breaks, when known."""
    proposed: str = ""
    """What would put it right."""
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Note(Record):
    """A remark about any record."""

    id: str
    about: str
    """Id of that record, or empty."""
    text: str
    at: datetime
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Gap(Record):
    """A question the sources could not answer, or whose answer somebody called wrong, for head office."""

    id: str
    question: str
    at: datetime
    searched: tuple[str, ...] = ()
    nearest: str = ""
    actor: str = ""
    answer: str = ""
    """Id of the turn whose answer somebody called wrong or incomplete; empty when the box itself did not know."""
    note: str = ""
    """What is wrong or missing, in the technician's words."""


@dataclass(frozen=True, slots=True)
class Wish(Record):
    """A manual that somebody asked for and the box did not have; it is fetched when there is a link."""

    id: str
    text: str
    """In the words of who asked."""
    at: datetime
    status: WishStatus = "open"
    outcome: str = ""
    """Where the manual was found, once it was fetched."""
    actor: str = ""


CLOUD: Mapping[str, type[Any]] = {
    "customer": Customer, "contact": Contact, "contract": Contract, "opportunity": Opportunity, "site": Site,
    "asset": Asset, "job": Job, "reading": Reading, "deficiency": Deficiency,
}  # fmt: skip
"""Kinds that head office owns and a generation carries."""
OWN: Mapping[str, type[Any]] = {"reading": Reading, "deficiency": Deficiency, "note": Note, "gap": Gap, "wish": Wish}
"""Kinds that operations add to; they are never changed but through a register."""
