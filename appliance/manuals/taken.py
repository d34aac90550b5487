"""What the library made of a manual that was fetched."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from corpora.errors import IngestError

if TYPE_CHECKING:
    from corpora.adding import Report
    from corpora.web.fetch import Fetched


class UselessError(IngestError):
    """What was fetched holds nothing that can be read."""


class Adds(Protocol):
    """The way from the disk into the library. Blocking: it is called in a thread."""

    def add(self, path: Path, source: str, /) -> "Sequence[Report]":
        """Read a file, or each in an archive, into the library; `source` is its address.

        Raises `corpora.errors.CorpusError` when nothing can be added now.
        """
        ...


@dataclass(frozen=True, slots=True)
class Taken:
    """A manual that is in the library now."""

    url: str
    """Where it came from in the end."""
    documents: tuple[str, ...]
    """Titles."""
    passages: int
    problems: tuple[str, ...]
    """What its owner should know, a sentence each."""


def taken(fetched: "Fetched", reports: "Sequence[Report]") -> Taken:
    """Sum up what the library made of a file. Raises `UselessError` when it made nothing of it."""
    documents = list({report.document.id: report.document for report in reports if report.document}.values())
    refused = [report.problem for report in reports if report.problem]
    if not documents:
        raise UselessError(f"{fetched.url}: {'; '.join(refused) or 'nothing could be read from it'}")
    known = ["it was on the box already"] if all(report.known for report in reports) else []
    remarks = [remark for document in documents for remark in document.problems]
    told = dict.fromkeys([*([fetched.remark] if fetched.remark else []), *known, *remarks, *refused])
    count = sum(document.passages for document in documents)
    return Taken(fetched.url, tuple(document.title for document in documents), count, tuple(told))
