"""Who may enter which room."""

from datetime import UTC, datetime

import pytest

from appliance.people.book import Device, Person
from appliance.people.entry import OWN, job_of, job_room, may_enter, own_room
from appliance.people.people import Caller
from sync.records import Job

TIME = datetime(2026, 11, 22, tzinfo=UTC)


def job(name: str, technician: str) -> Job:
    """A job of a technician."""
    return Job(name, "c", "s", "Inspection", "sprinkler_inspection", "scheduled", TIME, 60, technician=technician)


def caller(name: str, role: str = "technician") -> Caller:
    """Somebody with a device."""
    person = Person.model_validate({"id": name.lower(), "name": name, "role": role, "added": TIME})
    return Caller(person, Device(id="d1", person=person.id, name="phone", digest="", paired=TIME, expires=TIME))


JOBS = (job("job-1", "Sam"), job("job-2", "Kim"), job("job-3", ""))


@pytest.mark.parametrize(
    ("who", "room", "allowed"),
    [
        (caller("Sam"), "job-1", True),
        (caller("SAM"), "job-1", True),
        (caller("Sam"), "job-2", False),
        (caller("Sam"), "job-3", False),
        (caller("Sam"), "job-9", False),
        (caller("Sam"), own_room("sam"), True),
        (caller("Sam"), own_room("kim"), False),
        (caller("Sam"), "", False),
        (caller("Ada", "manager"), "job-1", True),
        (caller("Ada", "manager"), "job-3", True),
        (caller("Ada", "manager"), own_room("sam"), True),
        (caller("Ada", "manager"), "job-9", False),
    ],
)
def test_a_technician_enters_their_own_jobs_and_a_manager_every_job(who: Caller, room: str, *, allowed: bool) -> None:
    """A room that belongs to nothing is nobody's."""
    assert may_enter(who, room, JOBS) == allowed


def test_a_job_of_nobody_is_not_that_of_a_person_without_a_name() -> None:
    """An empty technician fits nobody."""
    assert not may_enter(caller("-"), "job-3", JOBS)


@pytest.mark.parametrize("name", ["job 1", "../../etc", "clara-sam", "a" * 65, "", "-x", "ä", "x\n", "a/b"])
def test_an_id_that_no_room_may_have_is_made_plain(name: str) -> None:
    """Short, plain, and never a person's own room."""
    room = job_room(name)

    assert room.replace("-", "").replace("_", "").isalnum()
    assert room.isascii()
    assert len(room) <= 64
    assert not room.startswith(OWN)
    assert job_of(room, [job(name, "Sam")]) is not None


def test_two_ids_never_share_a_room() -> None:
    """Not even when they differ only in what is made plain."""
    names = ["a b", "a/b", "a-b", "a b ", "A b"]

    assert len({job_room(name) for name in names}) == len(names)


def test_a_plain_id_is_its_room() -> None:
    """As the app of the system we replace expects it."""
    assert job_room("J-2026.11_07") == "J-2026.11_07"
