"""A real turn over the shipped texts, specs and demo records, without any engine: words alone decide."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from appliance.ear.ear import Ear
from appliance.route import Reach, Way, Wish
from appliance.route import choose as chosen
from appliance.settings import Place, Settings
from appliance.texts import Vectors, equipment_specs, familiar, known, records_posed, requirement_rows, vocabulary
from appliance.turn.answer import from_json, to_json
from appliance.turn.calculation_source import CalculationSource
from appliance.turn.gather import Sources
from appliance.turn.passage_source import PassageSource
from appliance.turn.record_source import RecordSource
from appliance.turn.rung import Rung
from appliance.turn.turn import Parts, Turn
from appliance.turn.understand import Understanding
from appliance.wiring import lexicon
from corpora import digest, questions, requirements, specs
from corpora.library import Library
from corpora.passage import Passage
from corpora.specs import Specs
from sync import dataset
from sync.box import Projection
from sync.cache import Cache, Codec, Kind
from sync.outbox import Outbox
from sync.reader import Records
from sync.recorder import FieldRecorder

TODAY = date(2026, 11, 23)


@dataclass
class Bench:
    """A turn with its parts in reach of a test."""

    turn: Turn
    records: Records
    outbox: Outbox
    recorder: FieldRecorder
    cache: Cache
    rungs: dict[Way, Rung]
    settings: Settings


def library(folder: Path, further: tuple[Passage, ...] = ()) -> Library:
    """Index the shipped digests, and further passages, by words alone."""
    Library.build(folder, [*digest.read_all(digest.shipped(), "starter"), *further], None, f"test {len(further)}")
    return Library.open(folder)


def bench(
    data: Path,
    texts: Library,
    rungs: dict[Way, Rung] | None = None,
    *,
    demo: bool = True,
    choose: Callable[[], tuple[Way, ...]] | None = None,
) -> Bench:
    """Build a turn in `data`; `choose` says which rungs to try, all that are there otherwise."""
    outbox, projection = Outbox(data / "field.db", "box-test"), Projection(data / "box.db")
    if demo:
        projection.adopt(dataset.load(dataset.DEMO, TODAY))
    recorder, records = FieldRecorder(outbox, projection), Records(data / "box.db")
    equipment, rows = Specs.load([specs.shipped()]), requirements.shipped()
    asked, vectors = questions.shipped(), Vectors(data, None, "", lambda _what, _done, _total: None)
    cache = Cache(data / "cache.db", kinds={"answer": Kind(3600, 60, 100, Codec(to_json, from_json))})
    sources = Sources(
        CalculationSource(),
        equipment_specs(equipment, asked, vectors, familiar(rows)),
        RecordSource(records, rows.rows, records_posed(asked, vectors), None, lambda: TODAY),
        requirement_rows(rows, asked, vectors, meaning=False),
        PassageSource(texts, known(asked, vectors, meaning=False)),
    )
    ladder: dict[Way, Rung] = {} if rungs is None else rungs

    def ways() -> tuple[Way, ...]:
        return chosen(Reach(online=True), Wish(cloud="gemini" in ladder, local="local" in ladder))

    ear = Ear(lexicon(equipment, records), vocabulary(rows, asked))
    parts = Parts(
        ear, Understanding(None), sources, ladder, choose or ways, recorder, records, None, cache, today=lambda: TODAY
    )
    return Bench(Turn(parts), records, outbox, recorder, cache, ladder, Settings(place=Place(data=data)))
