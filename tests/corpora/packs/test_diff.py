"""What changed between two packs, in words."""

from pathlib import Path

import pytest

from corpora.errors import PackError
from corpora.packs import diff
from tests.corpora.packs.making import DIGEST, ROW, alter, folder, packed, write


def changes(one: Path, other: Path) -> list[str]:
    """The lines that a person reads."""
    return [str(change) for change in diff.compare(diff.load(one), diff.load(other))]


def test_packs_that_say_the_same_do_not_differ(tmp_path: Path) -> None:
    """A folder and the pack made of it are one."""
    source = folder(tmp_path / "source")

    assert changes(source, packed(source, tmp_path / "a.clarapack")[0]) == []


def test_every_kind_of_change_is_told(tmp_path: Path) -> None:
    """Added, changed and removed, with what changed in it."""
    old, new = folder(tmp_path / "old"), folder(tmp_path / "new", "1.1")
    write(old / "digests" / "gone.md", DIGEST.replace("Tank care", "Old tanks"))
    write(new / "digests" / "more.md", DIGEST.replace("Tank care", "New tanks"))
    alter(new / "digests" / "tank.md", "checked daily", "checked weekly")
    alter(new / "requirements" / "tank.toml", "count = 3", "count = 1")
    write(new / "requirements" / "more.toml", ROW.replace("tank-look", "tank-paint").replace("inspected", "painted"))
    alter(new / "specs" / "acme.json", '"value": 12', '"value": 14')
    alter(new / "questions" / "requirements" / "tank.toml", '"When', '"Tank?", "When')
    write(new / "README.md", "Read me.")

    assert changes(old, new) == [
        "pack acme: changed: version '1.0' is now '1.1'",
        "document 'New tanks': added: 2 passages",
        "document 'Old tanks': removed: 2 passages",
        "document 'Tank care': changed: 1 passage changed",
        "requirement tank-look: changed: interval '3 month' is now '1 month'",
        "requirement tank-paint: added: The tank is painted quarterly (every 3 months).",
        "spec Acme T-100: changed: amp draw '12 A (a datasheet)' is now '14 A (a datasheet)'",
        "question requirement tank-look: changed: 1 question added",
        "file README.md: added",
    ]
    back = changes(new, old)
    assert "requirement tank-paint: removed: The tank is painted quarterly (every 3 months)." in back
    assert "question requirement tank-look: changed: 1 question removed" in back


def test_a_delta_is_not_compared_by_itself(tmp_path: Path) -> None:
    """It is not whole."""
    _, old = packed(folder(tmp_path / "old"), tmp_path / "old.clarapack")
    delta, _ = packed(folder(tmp_path / "new", "2"), tmp_path / "new.clarapack", old)

    with pytest.raises(PackError, match="is a delta, which is not whole by itself; give the full pack"):
        diff.load(delta)
