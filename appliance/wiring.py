"""The one place that builds everything, and takes it apart in reverse.

A part that cannot be built is left out with its reason; the box goes on answering what it still can, and its health
tells what is missing. Only what people do is different: a capture that cannot be kept is refused, never half-kept.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from appliance import installed
from appliance.box import Box, Facts
from appliance.current import Current, CurrentPassages, Familiar
from appliance.ear.ear import Ear
from appliance.ear.lexicon import Lexicon
from appliance.ear.two import TwoEars
from appliance.engines import Engines, hardware
from appliance.installed import Installed
from appliance.journal import Journal
from appliance.keeper import Keeper
from appliance.ladder import Ladder
from appliance.manuals.staying import open_desk
from appliance.ports import Embedder, Transcriber
from appliance.reach import GEMINI, Link
from appliance.settings import Settings
from appliance.texts import (
    Progress,
    Vectors,
    equipment_specs,
    familiar,
    former_library,
    known,
    open_library,
    program,
    records_posed,
    requirement_rows,
    vocabulary,
)
from appliance.turn.answer import from_json, to_json
from appliance.turn.calculation_source import CalculationSource
from appliance.turn.gather import Sources
from appliance.turn.record_source import RecordSource
from appliance.turn.turn import Parts, Turn
from appliance.turn.understand import Understanding
from corpora import specs
from corpora.errors import CorpusError
from corpora.library import Library
from corpora.questions import Questions
from corpora.specs import Specs
from corpora.stock import DOCUMENTS, Stock
from models import catalogue
from models.errors import ModelError
from models.store import Store
from sync import dataset, generation
from sync.box import Projection
from sync.cache import Cache, Codec, Kind
from sync.errors import StorageError, SyncError
from sync.events import Events
from sync.outbox import Outbox
from sync.reader import Records
from sync.recorder import FieldRecorder
from sync.storage import sqlite_version

PATIENCE_MS = 1_000
"""How long a start waits for a file that another program holds; a capture waits longer."""
ANSWER_TTL_S, GAP_TTL_S, ANSWERS = 7 * 86_400, 3_600, 2_000
"""How long answers are kept, how long absences, and how many in memory."""


def silent(_what: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def today() -> date:
    """Give the date where the box stands."""
    return datetime.now().astimezone().date()


@dataclass(slots=True)
class Troubles:
    """What could not be built."""

    found: dict[str, str] = field(default_factory=dict)

    def attempt(self, name: str, make: Callable[[], Any]) -> Any:
        """Build a part; None, with the reason kept, when it cannot be built."""
        try:
            made = make()
        except (CorpusError, ModelError, SyncError, OSError) as error:
            self.found[name] = str(error)
            return None
        self.found.pop(name, None)
        return made


def open_store(settings: Settings) -> Store:
    """Give the models' store."""
    return Store(settings.place.data / "models", catalogue.load())


@contextmanager
def open_box(settings: Settings, progress: Progress = silent, *, warm: bool = False) -> Iterator[Box]:
    """Build the box; `warm` loads all engines before it is given, for a process that stays.

    Raises:
        corpora.errors.PackError: the shipped requirements are damaged.
    """
    with ExitStack() as stack:
        yield build(settings, progress, stack, warm=warm)


def build(settings: Settings, progress: Progress, stack: ExitStack, *, warm: bool) -> Box:
    """Build every part, leaving on `stack` how to take it apart."""
    data, troubles = settings.place.data, Troubles()
    troubles.attempt("data", lambda: data.mkdir(parents=True, exist_ok=True))
    store = open_store(settings)
    engines = Engines(store, catalogue.load(), hardware(), settings.local.threads)
    stack.callback(engines.close)
    progress("loading the embedder", 0, 0)
    embedder = engines.embedder()
    stock, texts = Stock(data / DOCUMENTS), installed.load(data)
    rows, asked = texts.rows, texts.asked
    equipment = load_specs(settings, [*texts.specs, *stock.specs()])
    library = open_current(data, embedder, engines, progress, texts, troubles)
    if library is not None:
        stack.callback(library.close)
    keeper, records = open_records(data, troubles, stack)
    events: Events | None = troubles.attempt(
        "events", lambda: Events(data / "events.db", box_id(data), busy_ms=PATIENCE_MS)
    )
    if events is not None:
        stack.callback(troubles.attempt, "events", events.close)
    cache = open_cache(data, troubles, stack)
    ear = Ear(lexicon(equipment, records), vocabulary(rows, asked, texts.digests))
    engines.listen(partial(second_ear, lexicon=ear.lexicon, questions=asked, data=data))
    understanding = Understanding(embedder)
    vectors = Vectors(data, embedder, engines.state("embedding").name, progress)
    meaning = embedder is not None
    sources = Sources(
        CalculationSource(),
        equipment_specs(equipment, asked, vectors, Familiar(familiar(rows, texts.digests), library)),
        Steady(records, rows.rows, records_posed(asked, vectors), embedder, today),
        requirement_rows(rows, asked, vectors, meaning=meaning),
        CurrentPassages(library, known(asked, vectors, texts.digests, meaning=meaning), texts.stamp)
        if library
        else None,
    )
    link = Link(_address(settings), metered=settings.policy.metered)
    ladder = Ladder(settings, engines, link)
    desk, granting = open_desk(settings, store, library, keeper, records, stack)
    parts = Parts(
        ear,
        understanding,
        sources,
        ladder.rungs,
        ladder.choose,
        keeper,
        records,
        events,
        cache,
        program("turn", "field", "ear"),
        today,
        ladder.ready,
        settings.person.skill,
        desk,
    )
    turn = Turn(parts)
    if warm:
        progress("loading the engines", 0, 0)
        ladder.warm()
        turn.warm()
        if library is not None:
            library.watch()
        granting.start()
    facts = Facts(
        specs=len(equipment.records),
        refused_specs=equipment.problems,
        requirements=len(rows.rows),
        sqlite=sqlite_version(),
        troubles=lambda: {**troubles.found, **running(keeper, events, cache, library)},
        packs=tuple(pack.stamp for pack in texts.packs),
        refused_packs=(*texts.problems, *stock.survey()[1]),
    )
    words, models = ear.lexicon.words(), frozenset(spec.model for spec in equipment.records)
    return Box(
        settings,
        store,
        engines,
        turn,
        records,
        library,
        link,
        words,
        models,
        facts,
        ladder,
        stock,
        keeper,
        Journal(settings.trace.collector),
        granting,
    )


def second_ear(free: Transcriber, lexicon: Lexicon, questions: Questions, data: Path) -> Transcriber:
    """Let `free` be corrected by an ear for this box's own names. Raises `models.errors.ModelError`."""
    from appliance.sayings import revision, sayings
    from models.sphinx import Sphinx

    said = revision(questions, lexicon, program("ear", "mouth"))
    return TwoEars(free, Sphinx(data / "sphinx", said, lambda: sayings(questions, lexicon), limit=0.0), lexicon)


def running(keeper: Keeper, events: Events | None, cache: Cache, library: Current | None) -> dict[str, str]:
    """Tell what went wrong since the start, and is not well yet."""
    told = {
        "library": library.trouble if library else "",
        "field": keeper.trouble,
        "events": events.trouble if events else "",
        "cache": cache.stats()["disk"].get("trouble", ""),
    }
    return {name: trouble for name, trouble in told.items() if trouble}


def load_specs(settings: Settings, others: Sequence[Path] = ()) -> Specs:
    """Load the shipped equipment specs, the owner's folder, and other folders, what weighs least last."""
    further = [settings.place.specs] if settings.place.specs else []
    return Specs.load([specs.shipped(), settings.place.data / "specs", *further, *others])


def open_current(
    data: Path, embedder: Embedder | None, engines: Engines, progress: Progress, texts: Installed, troubles: Troubles
) -> Current | None:
    """Open the library, or else the one that an earlier program left; None when there is none."""
    library = troubles.attempt("library", lambda: open_library(data, embedder, engines, progress, texts))
    library = library or former_library(data, embedder)
    embed = embedder.embed if embedder else None
    return Current(library, lambda: Library.open(data / "library", embed)) if library else None


def build_library(settings: Settings, progress: Progress = silent) -> int:
    """Index the texts anew and give the number of passages. Raises as `open_library`."""
    engines = Engines(open_store(settings), catalogue.load(), hardware(), settings.local.threads)
    data = settings.place.data
    library = open_library(data, engines.embedder(), engines, progress, installed.load(data))
    try:
        return library.count
    finally:
        library.close()


def box_id(data: Path) -> str:
    """Give this box's name, made once.

    Raises:
        sync.errors.StorageError: the file does not hold a name.
        OSError: it cannot be read or written.
    """
    path = data / "box-id"
    if not path.exists():
        _name(path)
    text = path.read_text(encoding="ascii", errors="replace").strip()
    if not re.fullmatch(r"[\w.-]{1,64}", text, re.ASCII):
        raise StorageError(f"{path} does not hold the box's name: put it back from a backup; field.db knows it too")
    return text


def _name(path: Path) -> None:
    """Write a new name, whole or not at all; of two first starts at once one names the box."""
    from ulid import ULID

    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    try:
        with fresh.open("w", encoding="ascii") as file:
            file.write(str(ULID()))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            return  # another first start was quicker
        except OSError:  # a file system without links
            fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def open_records(data: Path, troubles: Troubles, stack: ExitStack) -> tuple[Keeper, Records]:
    """Open the way in for what people did, and the view of what is folded from it."""

    def adopt(projection: Projection) -> None:
        troubles.attempt("records", lambda: _adopt(projection, data))

    keeper = Keeper(lambda: open_field(data, adopt, PATIENCE_MS), lambda: open_field(data, adopt))
    stack.callback(troubles.attempt, "field", keeper.close)
    records = Records(data / "box.db")
    stack.callback(records.close)
    return keeper, records


def open_field(data: Path, adopt: Callable[[Projection], object], busy_ms: int = 5_000) -> FieldRecorder:
    """Open the outbox and what is folded from it. Raises `sync.errors.SyncError` or OSError."""
    with ExitStack() as opened:
        outbox = Outbox(data / "field.db", box_id(data), busy_ms=busy_ms)
        opened.callback(outbox.close)
        projection = Projection(data / "box.db", busy_ms=busy_ms)
        opened.callback(projection.close)
        adopt(projection)
        recorder = FieldRecorder(outbox, projection)
        opened.pop_all()
        return recorder


def _adopt(projection: Projection, data: Path) -> None:
    """Take in what head office owns, when there is anything."""
    if (owned := _generation(data)) is not None:
        projection.adopt(owned)


def _generation(data: Path) -> generation.Generation | None:
    """Give what head office owns; a demo is kept current."""
    owned = generation.current(data / "cloud")
    return dataset.demo(data / "cloud", today()) if owned is not None and owned.demo else owned


def have_records(settings: Settings) -> bool:
    """Was a data set ever taken in? Raises `sync.errors.SchemaError` when what lies there is damaged."""
    return generation.current(settings.place.data / "cloud") is not None


def load_records(settings: Settings, folder: Path | None) -> Mapping[str, int]:
    """Take in a data set (None: the demo) and give how many of each kind. Raises `sync.errors.SyncError`."""
    data = settings.place.data
    owned = dataset.load(folder or dataset.DEMO, today())
    generation.store(owned, data / "cloud")
    open_field(data, lambda projection: projection.adopt(owned)).close()
    return {kind: len(rows) for kind, rows in owned.records.items() if rows}


def open_cache(data: Path, troubles: Troubles, stack: ExitStack) -> Cache:
    """Open the cache; in memory alone when its file cannot be used."""
    kinds = {"answer": Kind(ANSWER_TTL_S, GAP_TTL_S, ANSWERS, Codec(to_json, from_json))}
    cache: Cache | None = troubles.attempt("cache", lambda: Cache(data / "cache.db", kinds=kinds))
    cache = cache or Cache(None, kinds=kinds)
    stack.callback(troubles.attempt, "cache", cache.close)
    return cache


class Steady(RecordSource):
    """The records' source, whose state has a name even while it cannot be read: the other sources still answer."""

    @property
    def revision(self) -> str:
        """Which state the records are in."""
        try:
            return super().revision
        except SyncError:
            return "unreadable"


def lexicon(equipment: Specs, records: Records) -> Lexicon:
    """Build the ear's lexicon from what lies on the box."""
    names: list[str] = []
    try:
        for customer in records.customers():
            names += [customer.name, *customer.aliases, *(c.name for c in records.contacts(customer.id))]
        names += [name for site in records.sites() for name in (site.name, site.address.split(",")[0])]
    except SyncError:
        names = []  # health tells of the records; the ear hears the rest
    models = [(spec.model, spec.maker, spec.product) for spec in equipment.records]
    return Lexicon.build(models, equipment.makers(), names)


def _address(settings: Settings) -> str:
    if not settings.policy.cloud or not settings.gemini.key.get_secret_value():
        return ""
    return settings.gemini.base_url or GEMINI
