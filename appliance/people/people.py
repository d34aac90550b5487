"""The people of a box: adding them, pairing their devices, and telling who a token belongs to."""

import hmac
import re
import secrets
import threading
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from appliance.people.book import Book, Code, Device, Person, Role, locked, read, write
from appliance.people.errors import CodeError, PeopleError

FILE = "people.json"
"""Its name in the data folder."""
CODE_LIFE = timedelta(minutes=10)
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of a pairing code: none that is taken for another."""
CODE_LENGTH = 8
NAME = 80
"""Longest name of a person or a device, in characters."""
_MISREAD = str.maketrans("OIL", "011")


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody with a device whose token is good."""

    person: Person
    device: Device

    @property
    def manager(self) -> bool:
        """May this one see and do what concerns others?"""
        return self.person.role == "manager"


def now() -> datetime:
    """Give the time."""
    return datetime.now(UTC)


class People:
    """The list of people in one file. Safe for threads and for other processes."""

    def __init__(self, path: Path, days: int = 180, clock: Callable[[], datetime] = now) -> None:
        """Keep the path, which may be absent; `days`: how long a pairing lasts."""
        self.path = path
        self._days = days
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: tuple[int, ...] | None = None
        self._book = Book()

    @property
    def book(self) -> Book:
        """The list as it is now. Raises `PeopleError` when it is damaged."""
        with self._lock:
            try:
                state = self.path.stat()
                seen: tuple[int, ...] = (state.st_ino, state.st_mtime_ns, state.st_size)
            except FileNotFoundError:
                seen = ()
            except OSError as error:
                raise PeopleError(f"cannot read {self.path}: {error.strerror or error}") from error
            if seen != self._seen:
                self._book = read(self.path)
                self._seen = seen
            return self._book

    def check(self, token: str) -> Caller | None:
        """Tell whose token this is; None for one that is unknown, revoked or too old. Raises `PeopleError`.

        Takes the same time whether the device is known or not.
        """
        book = self.book
        device = next((one for one in book.devices if one.id == token.partition(".")[0]), None)
        same = hmac.compare_digest(digest(token), device.digest if device else digest(""))
        return self._caller(book, device) if same and device is not None else None

    def device(self, identity: str) -> Caller | None:
        """Give the device of this id and its person, None when it is unknown, revoked or too old. Raises as `check`."""
        book = self.book
        return self._caller(book, next((one for one in book.devices if one.id == identity), None))

    def _caller(self, book: Book, device: Device | None) -> Caller | None:
        if device is None or device.revoked is not None or device.expires <= self._clock():
            return None
        person = next((one for one in book.people if one.id == device.person), None)
        return Caller(person, device) if person is not None else None

    def add(self, name: str, role: Role = "technician") -> Person:
        """Add a person. Raises `PeopleError` when the name is empty, too long or taken."""
        name = _name(name, "a person")
        with locked(self.path):
            book = read(self.path)
            if any(one.name.casefold() == name.casefold() for one in book.people):
                raise PeopleError(f"{name} is listed already: clara people list")
            person = Person(id=_slug(name, {one.id for one in book.people}), name=name, role=role, added=self._clock())
            write(self.path, book.model_copy(update={"people": (*book.people, person)}))
        return person

    def pair(self, who: str, device: str = "phone") -> str:
        """Offer a pairing to a person (id or name) and give the code, "ABCD-1234". Raises `PeopleError`."""
        device = _name(device, "a device")
        with locked(self.path):
            book = read(self.path)
            person = _find(book, who)
            code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
            offer = Code(digest=digest(code), person=person.id, device=device, expires=self._clock() + CODE_LIFE)
            write(self.path, book.model_copy(update={"codes": (*self._open(book), offer)}))
        return f"{code[:4]}-{code[4:]}"

    def redeem(self, code: str) -> tuple[str, Caller]:
        """Take a pairing and give the device's token, which nobody will see again, and whose it is.

        Raises:
            CodeError: the code is wrong, was used, or is too old.
            PeopleError: the list cannot be read or written.
        """
        wanted = digest(re.sub(r"[^0-9A-Z]", "", code.upper()).translate(_MISREAD))
        with locked(self.path):
            book = read(self.path)
            offers = self._open(book)
            offer = next((one for one in offers if hmac.compare_digest(one.digest, wanted)), None)
            if offer is None:
                raise CodeError("this pairing code is wrong, was used, or is older than ten minutes")
            person = _find(book, offer.person)
            identity = "d" + "".join(secrets.choice(LETTERS.lower()) for _ in range(12))
            token, moment = f"{identity}.{secrets.token_urlsafe(32)}", self._clock()
            device = Device(
                id=identity,
                person=person.id,
                name=offer.device,
                digest=digest(token),
                paired=moment,
                expires=moment + timedelta(days=self._days),
            )
            left = tuple(one for one in offers if one is not offer)
            write(self.path, book.model_copy(update={"devices": (*book.devices, device), "codes": left}))
        return token, Caller(person, device)

    def revoke(self, who: str) -> tuple[Device, ...]:
        """Revoke a device (its id), or all devices and open codes of a person (id or name); give what was revoked.

        Raises:
            PeopleError: nobody is called that, or the list cannot be read or written.
        """
        moment = self._clock()
        with locked(self.path):
            book = read(self.path)
            one = next((device for device in book.devices if device.id == who), None)
            person = None if one else _find(book, who)
            gone = tuple(
                device.model_copy(update={"revoked": moment})
                for device in book.devices
                if device.revoked is None and (device is one or (person and device.person == person.id))
            )
            new = {device.id: device for device in gone}
            codes = tuple(code for code in self._open(book) if not (person and code.person == person.id))
            devices = tuple(new.get(device.id, device) for device in book.devices)
            write(self.path, book.model_copy(update={"devices": devices, "codes": codes}))
        return gone

    def _open(self, book: Book) -> tuple[Code, ...]:
        """Give the codes that still work."""
        return tuple(code for code in book.codes if code.expires > self._clock())


def digest(text: str) -> str:
    """Give the SHA-256 of a text, in hex."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _find(book: Book, who: str) -> Person:
    for person in book.people:
        if who == person.id or who.casefold() == person.name.casefold():
            return person
    known = ", ".join(person.id for person in book.people) or "nobody yet"
    raise PeopleError(f"nobody here is called {who!r} (there is {known}): clara people add")


def _name(text: str, what: str) -> str:
    """Check a name. Raises `PeopleError`."""
    name = " ".join(text.split())
    if not name or len(name) > NAME or not name.isprintable():
        raise PeopleError(f"{what} needs a name of 1 to {NAME} printable characters")
    return name


def _slug(name: str, taken: set[str]) -> str:
    """Make an id of a name, by adding a number if need be."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "person"
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(one for one in numbered if one not in taken)
