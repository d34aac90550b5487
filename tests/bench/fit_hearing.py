"""Fits the limits of `appliance.ear.two` and `appliance.ear.gate` on sentences and voices that nothing is measured on.

`python -m tests.bench.fit_hearing [--sentences N]` prints how sure and how like the names were that the domain's ear
heard, right and wrong ones; then, for each limit of confidence, how many texts lie above and below it and how many of
them were right. A person reads the tables and writes the constants, with what they were read from.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from appliance.ear.align import Alignment
from appliance.ear.tokens import split
from appliance.ear.two import combine, mean, names
from models.transcript import Transcript
from tests.bench.hearing import ALONE, BOTH, SECOND, Case, Hearing, synthesised
from tests.bench.score import errors, words
from tests.bench.spoken import ELSEWHERE, FIT_VOICES, FITTED, Sentence

RIGHT = 0.15
"""Share of words that may be wrong in a text that counts as right."""
LIMITS = np.arange(0.3, 0.96, 0.05)


def put_in(case: Case, heard: dict[str, Transcript], hearing: Hearing) -> list[tuple[bool, float, float]]:
    """Give for each name of the domain's ear whether it was said, how sure it was and how like the free text is."""
    free, domain = heard[ALONE], heard[SECOND]
    spoken = [word.text for word in domain.words]
    tokens = split(free.text)
    if not tokens:
        return []
    alignment = Alignment(spoken, [token.text for token in tokens])
    return [
        (
            name.meant.lower() in case.sentence.meant.lower(),
            mean(domain.words[name.start : name.stop]),
            alignment.place(name.start, name.stop).likeness,
        )
        for name in names(spoken, hearing.lexicon)
    ]


def right(case: Case, heard: Transcript, hearing: Hearing) -> bool:
    """Was the text right enough after repair?"""
    said = words(case.sentence.meant)
    text = hearing.ear.hear(heard.text).text if heard.text.strip() else ""
    return errors(said, words(text)) <= RIGHT * len(said)


def limits(scored: Sequence[tuple[float, bool]]) -> Table:
    """Give the table of confidence limits."""
    table = Table("limit", "above", "right", "below", "right", title="confidence")
    for limit in LIMITS:
        above, below = ([good for sure, good in scored if (sure >= limit) == high] for high in (True, False))
        table.add_row(f"{limit:.2f}", str(len(above)), str(sum(above)), str(len(below)), str(sum(below)))
    return table


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Fit the limits of the two ears and of the gate.")
    parser.add_argument("--sentences", type=int, default=len(FITTED), metavar="N", help="of each kind; default all")
    most = parser.parse_args().sentences
    console = Console()
    elsewhere = [Sentence(text, text) for text in ELSEWHERE[:most]]
    with tempfile.TemporaryDirectory() as folder:
        hearing = Hearing(Path(folder))
        found: list[tuple[bool, float, float]] = []
        scored: list[tuple[float, bool]] = []
        for case in track([*synthesised(FITTED[:most], FIT_VOICES), *synthesised(elsewhere, FIT_VOICES)]):
            heard = hearing.hear(case.audio)
            found += put_in(case, heard, hearing)
            both = combine(heard[ALONE], heard[SECOND], hearing.lexicon) if heard[ALONE].text else heard[BOTH]
            if case.sentence in FITTED and both.text:
                scored.append((both.confidence, right(case, both, hearing)))
    table = Table("said", "sure", "like", title="names that the domain's ear heard")
    for said, sure, like in sorted(found):
        table.add_row("yes" if said else "NO", f"{sure:.2f}", f"{like:.2f}")
    console.print(table)
    console.print(limits(scored))
    return 0


if __name__ == "__main__":
    sys.exit(main())
