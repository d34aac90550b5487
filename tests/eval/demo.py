"""The real box for measuring: a fresh data folder, the models of the usual store, the demo records, no cloud."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from appliance import settings as wishes
from appliance import wiring
from appliance.box import Box
from appliance.settings import Local, Place, Policy, Settings


@asynccontextmanager
async def demo_box(*, local: bool = False, warm: bool = False) -> AsyncIterator[Box]:
    """Open such a box; `local` lets the language model take part, `warm` loads all before, as `clara up` does."""
    usual = wishes.load().place.data / "models"
    with tempfile.TemporaryDirectory(prefix="clara-measure-") as folder:
        data = Path(folder)
        if usual.is_dir():
            (data / "models").symlink_to(usual, target_is_directory=True)
        wanted = Settings(place=Place(data=data), policy=Policy(cloud=False), local=Local(enabled=local))
        wiring.load_records(wanted, None)
        with wiring.open_box(wanted, warm=warm) as box:
            try:
                yield box
            finally:
                await box.aclose()
