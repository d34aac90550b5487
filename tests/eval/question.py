"""One question of the project's own set, as its file writes it, with its dates resolved for a day."""

import calendar
import re
import tomllib
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Kind = Literal[
    "spec", "requirement", "passage", "record", "calculation", "paraphrase", "misheard", "unanswerable",
]  # fmt: skip
KINDS: tuple[Kind, ...] = (
    "spec", "requirement", "passage", "record", "calculation", "paraphrase", "misheard", "unanswerable",
)  # fmt: skip
FOLDER = Path(__file__).parent
Groups = tuple[tuple[str, ...], ...]
_RELATIVE = re.compile(r"@(-?\d+)d(?:\+(\d+)(month|year))?")


class QuestionError(Exception):
    """A question file is wrong; the message names file and field."""


class Question(BaseModel):
    """A question and what a right answer has."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    kind: Kind = Field(alias="class")
    text: str
    """As a technician says it aloud, or as a recogniser heard it."""
    figures: Groups = ()
    """Every group must be said, by any one of its alternatives: "3 years" is also said by "36 months"; "re:" opens a
    pattern over the lower-cased words, a final "*" stands for the rest of a word, "@-340d+1year" for a date."""
    cites: Groups = ()
    """One citation must carry every group (in document, edition, section, note or pack)."""
    forbid: tuple[str, ...] = ()
    """Must not be said, in the notation of `figures`."""
    abstain: bool = False
    """No source on the box answers it."""
    honest: tuple[str, ...] = ()
    """Saying one of these counts as abstaining: the sources tell that the figure is not confirmed."""
    sample: bool = False
    """The value is sample data, and the answer has to say so."""
    editions: int = 0
    """How many editions (or their site) must be named before a figure; asking back is right as well."""
    inputs: tuple[str, ...] = ()
    """Figures of a calculation that come from the question or the formula and not from a source."""
    note: str
    """What answers it: "row:", "spec:", "passage:", "record:", "calc:", or "none:" and why nothing does."""


def load(name: str, today: date) -> list[Question]:
    """Read `tests/eval/<name>.toml`, its dates relative to `today`.

    Raises:
        QuestionError: the file is wrong.
    """
    path = FOLDER / f"{name}.toml"
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
        questions = [Question.model_validate(row) for row in tree["question"]]
    except (OSError, KeyError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise QuestionError(f"cannot read the questions of {path}: {error}") from error
    return [question.model_copy(update={"figures": dated(question.figures, today)}) for question in questions]


def dated(groups: Groups, today: date) -> Groups:
    """Replace "@-340d+1year" by the ways in which that day is written."""
    return tuple(tuple(way for text in group for way in ways(text, today)) for group in groups)


def ways(text: str, today: date) -> Sequence[str]:
    """Give the spellings of a relative date; any other text stays as it is."""
    match = _RELATIVE.fullmatch(text)
    if not match:
        return (text,)
    months = int(match[2] or 0) * (12 if match[3] == "year" else 1)
    when = later(today + timedelta(days=int(match[1])), months)
    return (f"{when:%B} {when.day}, {when.year}", when.isoformat(), f"{when:%B} {when.day}")


def later(start: date, months: int) -> date:
    """Add calendar months; a month's end stays a month's end."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def near() -> list[Question]:
    """Read `near.toml`: questions that sound like answerable ones and are answered by nothing; for fitting alone."""
    rows = tomllib.loads((FOLDER / "near.toml").read_text(encoding="utf-8"))["question"]
    return [
        Question(
            id=f"near-{place}",
            text=row["text"],
            abstain=True,
            note=f"none:{row['missing']}",
            **{"class": "unanswerable"},
        )
        for place, row in enumerate(rows, start=1)
    ]
