"""People, pairing and revocation."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appliance.people.errors import CodeError, PeopleError
from appliance.people.people import CODE_LIFE, People


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 22, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time."""
        return self.time


@pytest.fixture
def clock() -> Clock:
    """When it is."""
    return Clock()


@pytest.fixture
def people(tmp_path: Path, clock: Clock) -> People:
    """A list with a technician and a manager."""
    people = People(tmp_path / "data" / "people.json", days=30, clock=clock)
    people.add("Sam Ortiz")
    people.add("Kim", "manager")
    return people


def test_a_paired_device_is_known_by_its_token_alone(people: People) -> None:
    """The token says who calls; nothing in the file is a token or a code."""
    code = people.pair("Sam Ortiz", "Sam's phone")
    token, caller = people.redeem(code)

    assert people.check(token) == caller
    assert (caller.person.id, caller.device.name, caller.manager) == ("sam-ortiz", "Sam's phone", False)
    kept = people.path.read_text()
    assert token.partition(".")[2] not in kept
    assert code.replace("-", "") not in kept
    assert people.path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("spoil", [lambda token: token[:-1], lambda token: token.partition(".")[0], lambda _: "",
                                   lambda token: f"{token} ", lambda token: token.replace(".", "")])  # fmt: skip
def test_a_token_that_is_not_whole_is_nobodys(people: People, spoil: Callable[[str], str]) -> None:
    """Not even with the right device id."""
    token, _ = people.redeem(people.pair("kim"))

    assert people.check(spoil(token)) is None


def test_a_code_works_once_and_for_ten_minutes(people: People, clock: Clock) -> None:
    """A second taker is refused, and so is a late one."""
    code = people.pair("kim")
    people.redeem(code)
    with pytest.raises(CodeError, match="was used"):
        people.redeem(code)

    late = people.pair("kim")
    clock.time += CODE_LIFE
    with pytest.raises(CodeError, match="ten minutes"):
        people.redeem(late)


def test_a_code_may_be_typed_as_people_type(people: People) -> None:
    """Small letters, blanks, an O for a zero, an I or l for a one."""
    code = people.pair("kim")
    typed = code.replace("0", "o").replace("1", "l").lower().replace("-", " ")

    assert people.redeem(typed)[1].person.name == "Kim"


def test_two_takers_at_once_get_one_device(people: People) -> None:
    """The file's lock decides."""
    code, won, lost = people.pair("kim"), [], []

    def take() -> None:
        try:
            won.append(people.redeem(code))
        except CodeError as error:
            lost.append(error)

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(won), len(lost)) == (1, 5)
    assert len(people.book.devices) == 1


def test_a_revocation_by_another_process_holds_at_once(people: People) -> None:
    """The running box reads what the command wrote; a device alone, or all of a person's."""
    first, caller = people.redeem(people.pair("kim"))
    second, _ = people.redeem(people.pair("kim"))
    third, _ = people.redeem(people.pair("sam-ortiz"))
    waiting = people.pair("kim")
    elsewhere = People(people.path, clock=people._clock)

    assert [device.id for device in elsewhere.revoke(caller.device.id)] == [caller.device.id]
    assert people.check(first) is None
    assert people.check(second) is not None

    elsewhere.revoke("Kim")
    assert people.check(second) is None
    assert people.device(caller.device.id) is None
    assert people.check(third) is not None
    with pytest.raises(CodeError):
        people.redeem(waiting)


def test_a_pairing_ends_by_itself(people: People, clock: Clock) -> None:
    """After the days that were set."""
    token, caller = people.redeem(people.pair("kim"))
    assert caller.device.expires == clock.time + timedelta(days=30)

    clock.time += timedelta(days=30)

    assert people.check(token) is None


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\x1b[31m", "KIM"])
def test_a_name_that_cannot_be_is_refused(people: People, name: str) -> None:
    """Empty, endless, with a terminal's commands in it, or taken."""
    with pytest.raises(PeopleError):
        people.add(name)


def test_names_that_look_alike_get_ids_of_their_own(people: People) -> None:
    """Also those without a single Latin letter."""
    ids = [people.add(name).id for name in ("José", "Jose", "李", "王")]

    assert ids == ["jose", "jose-2", "person", "person-2"]


def test_nobody_is_paired_who_is_not_listed(people: People) -> None:
    """The message names who is."""
    with pytest.raises(PeopleError, match="sam-ortiz, kim"):
        people.pair("alex")
    with pytest.raises(PeopleError, match="clara people add"):
        people.revoke("d000")


@pytest.mark.parametrize("text", ["", "{", '{"form": 2}', '{"people": [{"id": "x"}]}', '{"evil": 1}'])
def test_a_damaged_list_lets_nobody_in_and_stays_as_it_is(people: People, text: str) -> None:
    """The message says what to do; no write goes over it."""
    token, _ = people.redeem(people.pair("kim"))
    people.path.write_text(text)

    with pytest.raises(PeopleError, match="put it back from a backup"):
        people.check(token)
    with pytest.raises(PeopleError, match="damaged"):
        people.add("Alex")
    assert people.path.read_text() == text


def test_no_list_is_an_empty_one(tmp_path: Path) -> None:
    """A box that nobody paired with asks nothing of the disk."""
    people = People(tmp_path / "none" / "people.json")

    assert people.check("d1.x") is None
    assert not people.path.parent.exists()


def test_the_file_is_plain_json(people: People) -> None:
    """So that it can be read and put back by hand."""
    assert [person["role"] for person in json.loads(people.path.read_text())["people"]] == ["technician", "manager"]
