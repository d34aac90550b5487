"""Where a spec that was read from a table stands in the document: the passage that is its very row.

Decisions: a row of a PDF is known by its box, since the passage of a row has the row's own. Where there are no boxes,
or several passages share one, the passage must say row and cell in the form that `tables` gives them. Where neither
leaves exactly one, none is named: the page is still right, and a wrong row marked on it would mislead.
"""

from collections.abc import Iterable, Mapping

from corpora.ingest.candidates import Candidate
from corpora.ingest.size import tidy
from corpora.passage import Passage


def located(candidates: Iterable[Candidate], passages: Iterable[Passage]) -> Mapping[Candidate, str]:
    """Give the id of the passage that each candidate's row is, of those that one is.

    `passages` are the document's, read once.
    """
    wanted = list(dict.fromkeys(candidates))
    pages = {one.page for one in wanted}
    rows: dict[int | None, list[Passage]] = {}
    for passage in passages if wanted else ():
        if passage.table and passage.page in pages:
            rows.setdefault(passage.page, []).append(passage)
    found = ((one, _row(one, rows.get(one.page, []))) for one in wanted)
    return {one: passage.id for one, passage in found if passage is not None}


def _row(one: Candidate, passages: list[Passage]) -> Passage | None:
    """Give the passage that is a candidate's row, if exactly one is."""
    same = [passage for passage in passages if one.box is not None and passage.box == one.box]
    if len(same) == 1:
        return same[0]
    saying = [passage for passage in same or passages if _says(passage.text, one)]
    return saying[0] if len(saying) == 1 else None


def _says(text: str, one: Candidate) -> bool:
    """Tell whether a line of a table's passage has the candidate's row and cell."""
    row, cell, column = tidy(one.row), tidy(one.cell), tidy(one.column)
    lines = [line.split(" | ") for line in text.splitlines()]
    if not column:
        return any(f"{row.rstrip(':')}: {cell}" in parts for parts in lines)
    written = f"{column}: {cell}"
    return any(
        written in parts and any(part == row or part.endswith(f": {row}") for part in parts if part != written)
        for parts in lines
    )
