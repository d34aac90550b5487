"""Specs that stand in a manual's tables, as candidates for the catalogue: each with the cell it was read from.

Decisions: nothing is guessed. A column is a property only when its words are ones that `corpora.property` knows, a
figure is a value only with a unit that the property may carry, said in header, unit column or cell, and a model only
what is called one or has the shape of a part number in the row, the column, the title or the headings. Units are never
converted. Candidates are unreviewed: they say what a document prints, and nobody has checked that it was read rightly.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from corpora.ingest import tables
from corpora.ingest.boilerplate import is_boilerplate
from corpora.ingest.headings import Path, Ranks
from corpora.ingest.measure import Label, Measure, labelled, measured
from corpora.ingest.origin import Origin, numbers
from corpora.ingest.page import Box, Page, Table
from corpora.spec import Cell
from corpora.specs import normal

REVIEW = "unreviewed"
"""What every record made here says of itself."""

LONGEST_CELL = 300
"""Letters of a cell that is read."""

_MODEL_COLUMN = re.compile(
    r"(?:model|catalog(?:ue)?|cat\.?|part|product|order(?:ing)?|type)\s*(?:no\.?|numbers?|#|code)?s?|models?|sin|p/n",
    re.IGNORECASE,
)
_UNIT_COLUMN = re.compile(r"units?(?: of measure)?|uom", re.IGNORECASE)
_VALUE_COLUMN = re.compile(
    r"values?|ratings?|specifications?|data|typical|nominal|description|details?|", re.IGNORECASE
)
_MODEL_CELL = re.compile(r"(?=\S*\d)[A-Za-z0-9][\w./+-]{1,30}")
_CATEGORIES = {
    "fire pump": "fire pump", "backflow": "backflow", "extinguisher": "extinguisher", "notification": "notification",
    "kitchen hood": "kitchen", "valve": "valve",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """One value of one model, as a document prints it."""

    maker: str
    """Empty when the document names none."""
    model: str
    name: str
    """A name of `property.PROPERTIES`."""
    measure: Measure
    condition: str
    """What the rest of the column's header or of the row's name says: "208/230-3-60"; empty mostly."""
    document: str
    edition: str
    page: int | None
    table: str
    row: str
    """First cell of its row."""
    column: str
    """Header of its column."""
    cell: str = ""
    """What it was read from, as printed."""
    box: Box | None = None
    """Of its row on the page; None when the document has no such places."""

    @property
    def source(self) -> str:
        """The cell, in words."""
        parts = [
            f"{self.document} {self.edition}".strip(),
            f"page {self.page}" if self.page else "",
            self.table,
            f"row {self.row}" if self.row else "",
            f"column {self.column}" if self.column else "",
        ]
        return ", ".join(filter(None, parts))


@dataclass(slots=True)
class Finder:
    """Looks through a document page by page, in order; headings are carried over pages."""

    origin: Origin
    """Completed, as `origin.opened` gives it."""
    _path: Path = field(default_factory=Path)
    _ranks: Ranks = field(default_factory=Ranks)

    def look(self, page: Page) -> list[Candidate]:
        """Give the candidates of the next page."""
        found: list[Candidate] = []
        for block in self._ranks.blocks(page):
            if block.table is not None:
                found += in_table(block.table, self.origin, page.number, self._path.titles)
            elif block.kind == "heading" and not is_boilerplate(block.text):
                self._path.descend(block.text, block.level)
        return found


def in_table(table: Table, origin: Origin, page: int | None, headings: Sequence[str] = ()) -> list[Candidate]:
    """Give the candidates of one table below these headings, each property of a model and condition once.

    A property that the table gives twice for one model, with different figures and nothing to tell them apart, is
    left out.
    """
    if max(map(len, chain(table.header, *table.rows, (table.title,)))) > LONGEST_CELL:
        table = _short(table)
    reading = _Reading(table, origin, page, _above(table, origin, headings))
    found: dict[tuple[str, str, str], list[Candidate]] = {}
    for candidate in (*reading.by_row(), *reading.by_column()):
        found.setdefault((normal(candidate.model), candidate.name, candidate.condition), []).append(candidate)
    return [same[0] for same in found.values() if len({candidate.measure for candidate in same}) == 1]


def _short(table: Table) -> Table:
    """Empty the cells that are too long to be a name or a figure."""
    rows = tuple(tuple(cell if len(cell) <= LONGEST_CELL else "" for cell in row) for row in table.rows)
    header = tuple(text if len(text) <= LONGEST_CELL else "" for text in table.header)
    return replace(table, header=header, rows=rows, title=table.title[:LONGEST_CELL])


def _above(table: Table, origin: Origin, headings: Sequence[str]) -> str:
    """Give the one model that a table as a whole is about, or nothing."""
    for text in (table.title, *reversed(headings)):
        named = _models(text)
        if named:
            return named[0] if len(named) == 1 else ""
    return origin.model


def _models(text: str) -> list[str]:
    return list(numbers(text).values())


@dataclass(frozen=True, slots=True)
class _Reading:
    """One table being read."""

    table: Table
    origin: Origin
    page: int | None
    above: str

    def by_row(self) -> Iterator[Candidate]:
        """Rows are models, columns properties."""
        properties = {place: label for place, text in enumerate(self.table.header) if (label := labelled(text))}
        if not properties:
            return
        model_columns = [place for place, text in enumerate(self.table.header) if _MODEL_COLUMN.fullmatch(text.strip())]
        for row, cells in enumerate(self.table.rows):
            model = self._row_model(cells, model_columns)
            for place, label in properties.items():
                if model and place < len(cells) and place not in model_columns:
                    measure = measured(cells[place], label)
                    if measure:
                        yield self._candidate(model, label, measure, row, place)

    def by_column(self) -> Iterator[Candidate]:
        """Rows are properties; columns are models, or there is one column of values and the model stands above."""
        header = self.table.header
        units = [place for place, text in enumerate(header) if place and _UNIT_COLUMN.fullmatch(text.strip())]
        for row, cells in enumerate(self.table.rows):
            label = labelled(cells[0], cells[units[0]] if len(units) == 1 else "") if cells else None
            if label is None:
                continue
            for place, model in self._column_models(len(cells), units):
                measure = measured(cells[place], label)
                if measure:
                    yield self._candidate(model, label, measure, row, place)

    def _row_model(self, cells: Sequence[str], columns: Sequence[int]) -> str:
        """Give the model of a row: what stands under "Model", else a first cell that is a part number, else none."""
        if columns:
            cell = cells[columns[0]].strip() if columns[0] < len(cells) else ""
            return cell if _MODEL_CELL.fullmatch(cell) else ""
        named = _models(cells[0]) if cells and not labelled(self.table.header[0]) else []
        return named[0] if len(named) == 1 and normal(named[0]) == normal(cells[0]) else ""

    def _column_models(self, width: int, units: Sequence[int]) -> list[tuple[int, str]]:
        header = [*self.table.header, *[""] * width][:width]
        rest = [place for place in range(1, width) if place not in units]
        named = [(place, found[0]) for place in rest if len(found := _models(header[place])) == 1]
        if named:
            return named
        if len(rest) == 1 and self.above and _VALUE_COLUMN.fullmatch(header[rest[0]].strip()):
            return [(rest[0], self.above)]
        return []

    def _candidate(self, model: str, label: Label, measure: Measure, row: int, place: int) -> Candidate:
        """Give what stands in one cell, by the numbers of its row and column."""
        header, boxes, cells = self.table.header, self.table.boxes, self.table.rows[row]
        return Candidate(
            maker=self.origin.maker, model=model, name=label.name, measure=measure, condition=label.condition,
            document=self.origin.title or self.origin.file, edition=self.origin.edition, page=self.page,
            table=tables.name(self.table), row=cells[0], column=header[place] if place < len(header) else "",
            cell=cells[place], box=boxes[row] if row < len(boxes) else None,
        )  # fmt: skip


def as_json(
    candidates: Iterable[Candidate], origin: Origin, rows: Mapping[Candidate, str] | None = None
) -> dict[str, list[dict[str, object]]]:
    """Give candidates in the layout of a spec file, one record a model, each with `"review": "unreviewed"`.

    `rows` gives the ids of the passages that are their rows, as `cells.located` finds them; each value says its cell.

    Left out: what has no maker, since a record must have one, and a property that a model has under several conditions
    or in several tables with different figures, since a record says it once.
    """
    grouped: dict[tuple[str, str], dict[str, list[Candidate]]] = {}
    for candidate in candidates:
        if candidate.maker:
            record = grouped.setdefault((candidate.maker, normal(candidate.model)), {})
            record.setdefault(candidate.name, []).append(candidate)
    records = [_record(record, origin, rows or {}) for record in grouped.values()]
    return {"models": [record for record in records if record["values"]]}


def _record(record: dict[str, list[Candidate]], origin: Origin, rows: Mapping[Candidate, str]) -> dict[str, object]:
    first = next(iter(record.values()))[0]
    clear = [same[0] for same in record.values() if len({candidate.measure for candidate in same}) == 1]
    return {
        "maker": first.maker,
        "model": first.model,
        "category": _CATEGORIES.get(origin.system, "other"),
        "product": first.document,
        "values": [_value(one, origin, rows.get(one, "")) for one in clear],
        "review": REVIEW,
    }


def _value(one: Candidate, origin: Origin, passage: str) -> dict[str, object]:
    cell = Cell(document=origin.id, page=one.page, passage=passage)
    return one.measure.as_json() | {"name": one.name, "source": one.source, "cell": cell.model_dump()}
