"""The embedded models where this machine has them; tests that need one skip where it has not."""

from pathlib import Path

import pytest

from appliance import settings
from models import catalogue
from models.errors import NotInstalledError
from models.store import Store


def embedded(model_id: str) -> Path:
    """Folder of an installed model, or the test is skipped."""
    store = Store(settings.load().place.data / "models", catalogue.load())
    try:
        return store.path(model_id)
    except NotInstalledError as error:
        pytest.skip(str(error))
