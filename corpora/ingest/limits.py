"""What one file may cost: memory, time, pages, and what an archive may unfold into.

Decisions:
    The defaults suit a box with two cores and 4 GB that goes on answering while it reads.
    A file that says it has more pages than `pages` is read up to there and `cut` says so, since the first 3,000 pages
    of a code book are worth having; a file whose length shows only while it is read is refused there.
"""

from dataclasses import dataclass

from corpora.ingest.page import About

MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one file or one archive."""

    memory_bytes: int = 1024 * MB
    """Address space of the process that reads."""
    page_seconds: float = 60.0
    """Wait for one page, or for the file to open; recognising a scanned page takes the most."""
    file_seconds: float = 3600.0
    """Wait for all pages together, and processor time of the process that reads."""
    file_bytes: int = 1024 * MB
    """Size of a file that is opened at all."""
    pages: int = 3000
    """Pages read of one file."""
    page_bytes: int = 16 * MB
    """One page as the process that reads writes it down."""
    text_bytes: int = 256 * MB
    """All pages of one file, written down."""
    written_bytes: int = 256 * MB
    """Largest file that the process that reads may write (a picture of a page, for recognition)."""
    open_files: int = 64
    members: int = 5000
    """Files in an archive, nested ones included."""
    member_bytes: int = 512 * MB
    """One file of an archive, unpacked."""
    unpacked_bytes: int = 2048 * MB
    """All files of an archive, unpacked, nested ones included."""
    ratio: int = 200
    """Unpacked to packed size of a member that unpacks to more than 16 MB; text rarely passes 50."""
    depth: int = 3
    """Archives within archives: 1 is an archive that holds none."""

    def cut(self, about: About) -> str:
        """Say that a file is read only in part, and what to do; empty when it is read whole."""
        if about.pages is None or about.pages <= self.pages:
            return ""
        return f"has {about.pages} pages, of which the first {self.pages} are read; split it to have the rest"


def size(count: float) -> str:
    """Write a number of bytes for people.

    >>> size(1 << 30), size(20 * MB), size(700)
    ('1 GB', '20 MB', '700 bytes')
    """
    for unit, scale in (("GB", 1 << 30), ("MB", MB), ("kB", 1 << 10)):
        if count >= scale:
            return f"{count / scale:.3g} {unit}"
    return f"{count:.0f} bytes"
