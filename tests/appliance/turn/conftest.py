"""What the turn's tests share: the shipped texts, indexed once."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from corpora.library import Library
from tests.fakes.turns import Bench, bench, library


@pytest.fixture(scope="session")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The shipped digests, indexed by words alone."""
    opened = library(tmp_path_factory.mktemp("library"))
    yield opened
    opened.close()


@pytest.fixture
async def desk(tmp_path: Path, texts: Library) -> AsyncIterator[Bench]:
    """A real turn with demo records and no language model."""
    made = bench(tmp_path, texts)
    yield made
    await made.turn.settle()
    made.cache.close()
    made.recorder.close()
    made.records.close()
