"""Reading the box's records: the cloud's with this box's own on top, decoded once and kept in memory.

Every call asks SQLite whether anything was committed since (a few microseconds) and takes in only what is new.
"""

import json
import os
import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import apsw
from pydantic import TypeAdapter, ValidationError

from sync.errors import SchemaError, StorageError
from sync.fold import FORM
from sync.records import (
    CLOUD,
    OWN,
    Asset,
    Contact,
    Contract,
    Customer,
    Deficiency,
    Gap,
    Job,
    Note,
    Opportunity,
    Reading,
    Record,
    Site,
    Wish,
)
from sync.storage import explained

Shape = TypeVar("Shape", bound=Record)
EMPTY = "empty"
"""The revision while nothing was ever loaded or recorded."""


class Records:
    """Read-only view of `box.db`. Safe for threads; the records it gives are frozen."""

    def __init__(self, path: Path) -> None:
        """Keep the path; the file is opened at the first read and may still be absent then: all is empty."""
        self.path = path
        self._lock = threading.RLock()
        self._doors = {kind: TypeAdapter[Any](shape) for kind, shape in {**CLOUD, **OWN}.items()}
        self._connection: apsw.Connection | None = None
        self._inode = 0
        self._version = -1
        self._clear()

    def _clear(self) -> None:
        self._origin: tuple[Any, ...] = ()
        self._seq = 0
        self._revision = EMPTY
        self._demo = False
        self._shelves: dict[str, dict[str, Any]] = {kind: {} for kind in self._doors}
        self._registers: dict[tuple[str, str], dict[str, Any]] = {}
        self._groups: dict[tuple[str, str], dict[str, list[Any]]] = {}

    @property
    def revision(self) -> str:
        """A text that changes whenever a record changes: a generation, a reading, a finding, a status, a preference.

        Turns, gaps and wishes do not change it: no answer is made of them. Equal
        revisions mean equal records, also after `box.db` was rebuilt. Raises `StorageError`.
        """
        with self._lock:
            self._refresh()
            return self._revision

    @property
    def demo(self) -> bool:
        """Are the records invented? Then every face of the box says so. Raises `StorageError`."""
        with self._lock:
            self._refresh()
            return self._demo

    def customers(self) -> tuple[Customer, ...]:
        """Give all customers. Raises `StorageError`, as all below."""
        return self._all("customer")

    def customer(self, id_: str) -> Customer | None:
        """Give one customer, or None."""
        return self._one(Customer, id_)

    def sites(self) -> tuple[Site, ...]:
        """Give all sites."""
        return self._all("site")

    def site(self, id_: str) -> Site | None:
        """Give one site, or None."""
        return self._one(Site, id_)

    def contacts(self, customer_id: str) -> tuple[Contact, ...]:
        """Give a customer's contacts."""
        return self._under("contact", "customer_id", customer_id)

    def contracts(self, customer_id: str) -> tuple[Contract, ...]:
        """Give a customer's contracts."""
        return self._under("contract", "customer_id", customer_id)

    def opportunities(self, customer_id: str) -> tuple[Opportunity, ...]:
        """Give what a customer may buy."""
        return self._under("opportunity", "customer_id", customer_id)

    def assets(self, site_id: str | None = None) -> tuple[Asset, ...]:
        """Give a site's assets, or all."""
        return self._all("asset") if site_id is None else self._under("asset", "site_id", site_id)

    def asset(self, id_: str) -> Asset | None:
        """Give one asset, or None."""
        return self._one(Asset, id_)

    def jobs(self, day: date | None = None, status: str | None = None) -> tuple[Job, ...]:
        """Give jobs by start, those of one day (local to the site) and of one status if asked for."""
        found = (
            job
            for job in self._all("job")
            if (day is None or job.starts.date() == day) and (status is None or job.status == status)
        )
        return tuple(sorted(found, key=lambda job: (job.starts, job.id)))

    def job(self, id_: str) -> Job | None:
        """Give one job, or None."""
        return self._one(Job, id_)

    def readings(self, asset_id: str) -> tuple[Reading, ...]:
        """Give an asset's readings, oldest first."""
        return _by_time(self._under("reading", "asset_id", asset_id))

    def deficiencies(self, site_id: str | None = None) -> tuple[Deficiency, ...]:
        """Give findings, oldest first; of one site: those that name it or one of its assets."""
        if site_id is None:
            return _by_time(self._all("deficiency"))
        with self._lock:
            here = {asset.id for asset in self.assets(site_id)}
            every = self._all("deficiency")
        return _by_time(one for one in every if one.site_id == site_id or one.asset_id in here)

    def notes(self, about: str) -> tuple[Note, ...]:
        """Give the notes about a record, oldest first."""
        return _by_time(self._under("note", "about", about))

    def preferences(self, person: str) -> Mapping[str, Any]:
        """Give a person's preferences by name."""
        with self._lock:
            self._refresh()
            kept = self._registers.get(("preference", person), {})
            return {name: value for name, value in kept.items() if value is not None}

    def gaps(self) -> tuple[Gap, ...]:
        """Give the questions that could not be answered, oldest first."""
        return _by_time(self._all("gap"))

    def wishes(self, status: str | None = None) -> tuple[Wish, ...]:
        """Give the manuals that were asked for, oldest first, those of one status if asked for."""
        return _by_time(wish for wish in self._all("wish") if status is None or wish.status == status)

    def turns(self, limit: int = 20) -> tuple[Mapping[str, Any], ...]:
        """Give the bodies of the last turns, newest first, each with its id, at and actor."""
        with self._lock:
            self._refresh()
            if self._connection is None or not self._seq:
                return ()
            with explained(self.path, "read the last turns"):
                query = "SELECT CAST(body AS TEXT) FROM own WHERE kind = 'turn' ORDER BY seq DESC LIMIT ?"
                return tuple(json.loads(row[0]) for row in self._connection.execute(query, (limit,)))

    def said(self, turns: Collection[str]) -> Mapping[str, str]:
        """Give what was answered in these turns, by their ids; one that was not kept is left out."""
        with self._lock:
            self._refresh()
            if self._connection is None or not turns:
                return {}
            with explained(self.path, "read what was answered"):
                query = (
                    "SELECT body ->> 'turn', body ->> 'said' FROM (SELECT CAST(body AS TEXT) AS body FROM own"
                    " WHERE kind = 'turn') WHERE body ->> 'turn' IN (SELECT value FROM json_each(?))"
                )
                return {turn: said or "" for turn, said in self._connection.execute(query, (json.dumps([*turns]),))}

    def close(self) -> None:
        """Close the file; the next read opens it again."""
        with self._lock:
            self._shut()

    def _all(self, kind: str) -> tuple[Any, ...]:
        with self._lock:
            self._refresh()
            return tuple(self._shelves[kind].values())

    def _one(self, shape: type[Shape], id_: str) -> Shape | None:
        with self._lock:
            self._refresh()
            found = self._shelves[shape.__name__.lower()].get(id_)
            return found if isinstance(found, shape) else None

    def _under(self, kind: str, field: str, parent: str) -> tuple[Any, ...]:
        """Give the records of a kind whose `field` is `parent`."""
        with self._lock:
            self._refresh()
            group = self._groups.get((kind, field))
            if group is None:
                group = self._groups[kind, field] = {}
                for record in self._shelves[kind].values():
                    group.setdefault(getattr(record, field), []).append(record)
            return tuple(group.get(parent, ()))

    def _refresh(self) -> None:
        """Take in what was committed since the last call."""
        try:
            inode = os.stat(self.path).st_ino  # noqa: PTH116 - a third of Path.stat's time, at every read
        except FileNotFoundError:
            self._shut()
            self._clear()
            return
        except OSError as error:
            raise StorageError(f"cannot read {self.path}: {error}") from error
        if inode != self._inode:
            self._shut()
            self._clear()
            self._inode = inode
        with explained(self.path, "read the records"):
            if self._connection is None:
                self._connection = apsw.Connection(str(self.path), flags=apsw.SQLITE_OPEN_READWRITE)
                self._connection.set_busy_timeout(1000)
            version = self._connection.execute("PRAGMA data_version").get
            if version == self._version:
                return
            with self._connection:
                self._take_in(self._connection)
            # What was committed in between is taken in twice, never missed.
            self._version = version

    def _shut(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection, self._version, self._inode = None, -1, 0

    def _take_in(self, connection: apsw.Connection) -> None:
        """Read what is new; all of it when generation or origin are others than before."""
        form = connection.execute("PRAGMA user_version").get
        if form == 0:
            self._clear()
            return
        if form != FORM:
            raise SchemaError(f"{self.path} was folded by another clara (form {form}, not {FORM}): start the recorder")
        state = dict(connection.execute("SELECT k, v FROM state"))
        origin = (state.get("generation"), state.get("refolds"))
        if origin != self._origin or state.get("applied", 0) < self._seq:
            self._clear()
            self._origin = origin
            for kind, body in connection.execute("SELECT kind, CAST(body AS TEXT) FROM cloud ORDER BY kind, place"):
                self._put(kind, body)
        self._take_own(connection)
        self._seq = state.get("applied", 0)
        self._demo = bool(state.get("demo"))
        if state.get("generation") or state.get("changed"):
            self._revision = f"{FORM}-{(state.get('generation') or '')[:16]}-{state.get('changed') or ''}"

    def _take_own(self, connection: apsw.Connection) -> None:
        """Read operations' rows behind `_seq`: facts first, then the registers that may change them."""
        facts = "SELECT kind, CAST(body AS TEXT) FROM own WHERE seq > ? AND kind <> 'turn' ORDER BY seq"
        for kind, body in connection.execute(facts, (self._seq,)):
            self._put(kind, body)
        registers = "SELECT kind, entity, field, CAST(value AS TEXT) FROM register WHERE seq > ?"
        for kind, entity, field, value in connection.execute(registers, (self._seq,)):
            self._registers.setdefault((kind, entity), {})[field] = json.loads(value)
            record = self._shelves.get(kind, {}).get(entity)
            if record is not None:
                self._shelve(kind, record)

    def _put(self, kind: str, body: str) -> None:
        """Decode a row and put it on its shelf."""
        try:
            self._shelve(kind, self._doors[kind].validate_json(body, strict=True))
        except (KeyError, ValidationError) as error:
            raise SchemaError(f"{self.path} holds a {kind} it should not; remove the file, it is rebuilt") from error

    def _shelve(self, kind: str, record: Any) -> None:
        """Put a record on its shelf with its registers on top."""
        written = self._registers.get((kind, record.id))
        self._shelves[kind][record.id] = replace(record, **written) if written else record
        for key in [key for key in self._groups if key[0] == kind]:
            del self._groups[key]


def _by_time(records: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(records, key=lambda record: (record.at, record.id)))
