"""A box's data folder, furnished once without models and copied for every test that spoils it."""

import shutil
import socket
from contextlib import closing
from pathlib import Path

import pytest

from appliance import wiring
from appliance.settings import Place, Settings


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Index, demo records and databases, as a first start leaves them; no models."""
    data = tmp_path_factory.mktemp("furnished") / "data"
    settings = Settings(place=Place(data=data))
    wiring.load_records(settings, None)
    with wiring.open_box(settings):
        pass
    return data


@pytest.fixture
def data(furnished: Path, tmp_path: Path) -> Path:
    """A copy to spoil."""
    return Path(shutil.copytree(furnished, tmp_path / "data", symlinks=True))


@pytest.fixture
def closed() -> str:
    """Where nobody listens."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"
