"""What the pack tests share."""

from pathlib import Path

import pytest

from corpora.packs import signing


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """An open secret key; `.with_suffix(".pub")` is the public one."""
    return signing.generate(tmp_path / "office", "")[0]


@pytest.fixture
def data(tmp_path: Path, key: Path) -> Path:
    """A box's data folder that trusts the key."""
    signing.trust(tmp_path / "box", key.with_suffix(".pub"))
    return tmp_path / "box"
