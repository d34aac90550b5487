"""What packs there are to answer from: the starter pack, which is part of the program, and those installed beside it.

A pack that is damaged, or contradicts the others, is left out and named; the starter pack must be faultless.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from importlib.resources import files
from itertools import chain
from pathlib import Path

from corpora import digest, questions
from corpora.errors import PackError
from corpora.packs import passages, shelf
from corpora.packs.shelf import InstalledPack
from corpora.passage import Passage
from corpora.questions import Questions
from corpora.requirements import Requirements

STARTER = "starter"
Asked = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Installed:
    """Rows, questions and texts of all packs."""

    packs: tuple[InstalledPack, ...]
    """Those beside the starter pack."""
    rows: Requirements
    asked: Questions
    digests: tuple[Passage, ...]
    """Texts that were written for answering."""
    problems: tuple[str, ...]
    """One sentence for each pack or file that is left out."""

    @property
    def names(self) -> frozenset[str]:
        """Every pack's name."""
        return frozenset({STARTER, *(pack.name for pack in self.packs)})

    @property
    def stamp(self) -> str:
        """Which revisions of packs these are; empty when there is the starter pack alone."""
        return shelf.stamp(self.packs)

    @property
    def specs(self) -> list[Path]:
        """Folders of the packs' equipment specs."""
        return [pack.specs for pack in self.packs]

    def passages(self) -> Iterator[Passage]:
        """Read every text of every pack. Raises `corpora.errors.PackError`."""
        return chain(self.digests, *(passages.read_all(pack.passages, pack.name) for pack in self.packs))


def load(data: Path) -> Installed:
    """Load what the packs below a data folder hold. Raises `PackError` when the starter pack is damaged."""
    found = shelf.survey(data)
    asked, digests, problems = [questions.shipped()], digest.read_all(digest.shipped(), STARTER), [*found.problems]
    good: list[InstalledPack] = []
    for pack in found.packs:
        try:
            more, texts = Questions.load(pack.questions, pack.name), digest.read_all(pack.digests, pack.name)
        except PackError as error:
            problems.append(str(error))
            continue
        asked.append(more)
        digests += texts
        good.append(pack)
    rows = Requirements.load([files("corpora") / "starter" / "requirements"], [pack.requirements for pack in good])
    return Installed(tuple(good), rows, reduce(_joined, asked), tuple(digests), (*problems, *rows.problems))


def _joined(one: Questions, two: Questions) -> Questions:
    """Give the questions of both; about one thing, all of them."""
    return replace(
        one,
        requirements=_tables(one.requirements, two.requirements),
        passages=_tables(one.passages, two.passages),
        properties=_tables(one.properties, two.properties),
        records=_tables(one.records, two.records),
    )


def _tables(one: Asked, two: Asked) -> Asked:
    names = dict.fromkeys((*one, *two))
    return {name: tuple(dict.fromkeys((*one.get(name, ()), *two.get(name, ())))) for name in names}
