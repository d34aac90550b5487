"""Taking packs in: what is refused leaves the box as it was, what is taken is whole, and there is a way back."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from corpora import digest
from corpora.errors import CorpusError, PackError
from corpora.packs import passages, shelf, signing
from corpora.packs.bundle import MANIFEST
from corpora.packs.install import SPARE, install, rollback
from corpora.packs.shelf import InstalledPack, installed, stamp, survey
from corpora.questions import Questions
from corpora.requirements import Requirements
from corpora.specs import Specs
from tests.corpora.packs.making import DIGEST, PASSAGE, alter, folder, packed, signed, write

Ship = Callable[..., Path]


@pytest.fixture
def ship(tmp_path: Path, key: Path) -> Ship:
    """Make and sign version after version of one pack: the digest says `word`; `base`: as a delta onto that."""
    made = {}

    def ship(version: str, word: str = "quarterly", base: str = "", **more: str) -> Path:
        source = folder(tmp_path / f"source-{version}-{word}", version)
        alter(source / "digests" / "tank.md", "quarterly", word)
        for name, text in more.items():
            write(source / "digests" / f"{name}.md", text)
        out = tmp_path / f"acme-{version}-{word}-{base}.clarapack"
        path, made[version] = signed(source, out, key, made.get(base))
        return path

    return ship


def state(data: Path) -> dict[str, bytes]:
    """Everything below the packs' folder."""
    return {str(one.relative_to(data)): one.read_bytes() for one in (data / "packs").rglob("*") if one.is_file()}


def only(data: Path) -> InstalledPack:
    """The one pack in force."""
    (pack,) = installed(data)
    return pack


def test_an_installed_pack_is_what_the_boxs_loaders_read(data: Path, ship: Ship) -> None:
    """Its paths go straight to the loaders, and hold what was packed."""
    outcome = install(data, ship("1.0"))

    pack = only(data)
    assert pack == outcome.pack
    assert outcome.before is None
    assert pack.folder == data / "packs" / "acme" / f"1.0-{pack.revision[:12]}"
    assert [row.id for row in Requirements.load([pack.requirements]).rows] == ["tank-look"]
    assert [spec.model for spec in Specs.load([pack.specs]).records] == ["T-100"]
    assert digest.read_all(pack.digests, pack.name)[0].id == "acme/tank/tank/1"
    assert list(passages.read_all(pack.passages, pack.name)) == [PASSAGE]
    assert Questions.load(pack.questions, pack.name).requirements == {"tank-look": ("When do I look at the tank?",)}
    assert pack.index is None
    assert not pack.damage(thoroughly=True)
    assert stamp([pack]) == f"acme 1.0 {pack.revision[:12]}"


def test_every_folder_of_a_pack_is_there(data: Path, tmp_path: Path, key: Path) -> None:
    """A loader never has to ask whether a pack has rows."""
    source = tmp_path / "bare"
    write(source / "pack.toml", 'id = "bare"\ntitle = "Bare"\nversion = "1"\nlicence = "X"')
    write(source / "digests" / "tank.md", DIGEST)
    install(data, signed(source, tmp_path / "bare.clarapack", key)[0])

    pack = only(data)

    assert not Requirements.load([pack.requirements]).rows
    assert not Specs.load([pack.specs]).records
    assert not list(passages.read_all(pack.passages, "bare"))
    assert not Questions.load(pack.questions, "bare").passages


def test_a_newer_version_stands_beside_the_old_one(data: Path, ship: Ship) -> None:
    """The old one stays whole, what both share is on the disk once, and the third sweeps the first away."""
    first = install(data, ship("1.0", "quarterly")).pack
    second = install(data, ship("1.1", "monthly"))

    assert second.before == first
    assert only(data) == second.pack
    assert not first.damage(thoroughly=True)
    shared = [(one.folder / "specs" / "acme.json").stat() for one in (first, second.pack)]
    assert shared[0].st_ino == shared[1].st_ino
    third = install(data, ship("1.2", "weekly"))
    assert not first.folder.exists()
    assert sorted(one.name for one in third.pack.folder.parent.iterdir()) == sorted(
        ["current", second.pack.folder.name, third.pack.folder.name]
    )


def test_the_same_pack_twice_changes_nothing(data: Path, ship: Ship) -> None:
    """And the way back is not lost."""
    install(data, ship("1.0"))
    path = ship("1.1", "monthly")
    install(data, path)
    before = state(data)

    again = install(data, path)

    assert again.before == again.pack
    assert state(data) == before
    assert rollback(data, "acme").version == "1.0"


def test_a_rollback_goes_back_one(data: Path, ship: Ship) -> None:
    """No further than there is, and never to what is damaged; a newer version may come again after it."""
    old, path = ship("1.0"), ship("1.1", "monthly")
    first = install(data, old).pack
    with pytest.raises(PackError, match=r"no version before 1\.0"):
        rollback(data, "acme")
    install(data, path)

    assert rollback(data, "acme") == first == only(data)

    with pytest.raises(PackError, match="no version before"):
        rollback(data, "acme")
    assert install(data, path).before == first
    damaged = first.folder / "digests" / "tank.md"
    damaged.chmod(0o644)
    alter(damaged, "quarterly", "QUARTERLY")
    with pytest.raises(PackError, match=r"tank\.md is damaged, so there is no going back"):
        rollback(data, "acme")
    assert only(data).version == "1.1"
    for name in ("other", "..", "../trust"):
        with pytest.raises(PackError, match="no pack named"):
            rollback(data, name)


def test_an_older_version_is_refused(data: Path, ship: Ship) -> None:
    """An old signed pack can't be played back, unless the owner says so."""
    old, other = ship("1.9"), ship("1.10.0", "weekly")
    install(data, ship("1.10", "monthly"))
    before = state(data)

    with pytest.raises(PackError, match=r"version 1\.9, older than the installed 1\.10; say --allow-downgrade"):
        install(data, old)
    with pytest.raises(PackError, match=r"other content than the installed pack of the same version"):
        install(data, other)
    assert state(data) == before

    assert install(data, old, allow_downgrade=True).pack == only(data)
    assert only(data).version == "1.9"
    assert rollback(data, "acme").version == "1.10"


def test_a_delta_goes_onto_exactly_its_base(data: Path, ship: Ship) -> None:
    """It ends where the full pack ends; on any other base it is refused."""
    base = ship("1.0")
    full = ship("1.1", "monthly")
    delta = ship("1.1", "monthly", base="1.0")
    with pytest.raises(PackError, match=r"is a delta onto acme version 1\.0 .* this box has none of it; install the"):
        install(data, delta)
    install(data, base)

    by_delta = install(data, delta).pack

    assert not by_delta.damage(thoroughly=True)
    assert install(data, delta).before == by_delta
    assert install(data, full).before == by_delta
    install(data, ship("1.2", "weekly"))
    with pytest.raises(PackError, match=r"this box has version 1\.2"):
        install(data, delta, allow_downgrade=True)


def test_a_delta_onto_a_damaged_base_is_refused(data: Path, ship: Ship) -> None:
    """A link to a rotten file would carry the rot on."""
    pack = install(data, ship("1.0")).pack
    ship("1.1", "monthly")
    delta = ship("1.1", "monthly", base="1.0")
    (pack.folder / "specs" / "acme.json").chmod(0o644)
    alter(pack.folder / "specs" / "acme.json", "Acme", "Acne")

    with pytest.raises(PackError, match="base is damaged and lacks a content; install the full pack"):
        install(data, delta)

    assert only(data) == pack


def test_a_damaged_pack_is_left_out_and_healed_by_its_own_install(data: Path, ship: Ship) -> None:
    """Shorter, missing, stray or with a lost manifest: the box names it, and the same pack puts it right."""
    path = ship("1.0")
    pack = install(data, path).pack
    spec, rows = pack.folder / "specs" / "acme.json", pack.requirements / "tank.toml"
    for harm, told in (
        (lambda: (spec.chmod(0o644), spec.write_text("{}")), "acme.json is missing or damaged"),
        (rows.unlink, "tank.toml is missing or damaged"),
        (lambda: write(pack.digests / "more.md", DIGEST), "more.md is no part of the pack"),
        (lambda: (pack.digests / "l.md").symlink_to("/etc/passwd"), "l.md is no part of the pack"),
        (lambda: (pack.folder / MANIFEST).write_text("{}"), "the manifest is refused"),
        (lambda: (pack.folder.parent / "current").write_text("../../x"), "current: is damaged"),
    ):
        harm()
        assert not installed(data)
        (problem,) = survey(data).problems
        assert told in problem

        assert install(data, path).pack == only(data)
        assert not only(data).damage(thoroughly=True)


def test_rot_that_keeps_the_size_is_found_when_asked(data: Path, ship: Ship) -> None:
    """A start looks at sizes; `verify` reads every byte."""
    pack = install(data, ship("1.0")).pack
    (pack.folder / "specs" / "acme.json").chmod(0o644)
    alter(pack.folder / "specs" / "acme.json", "Acme", "Acne")

    assert survey(data).packs == (pack,)
    assert "acme.json is damaged" in survey(data, thoroughly=True).problems[0]


def test_an_untrusted_pack_changes_nothing(data: Path, ship: Ship) -> None:
    """Unsigned, altered, or of a key that is trusted no more."""
    good, path = ship("1.0"), ship("1.1", "monthly")
    install(data, good)
    before = state(data)
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    altered = Path(shutil.copy(path, path.with_name("altered.clarapack")))
    shutil.copy(f"{path}.minisig", f"{altered}.minisig")
    altered.write_bytes(raw)
    unsigned = Path(shutil.copy(path, path.with_name("unsigned.clarapack")))

    for bad, told in ((altered, "was altered"), (unsigned, "is not signed"), (data / "none.clarapack", "not signed")):
        with pytest.raises(PackError, match=told):
            install(data, bad)
    signing.distrust(data, "office")
    with pytest.raises(PackError, match="trusts no key"):
        install(data, path)

    assert state(data) == before


def test_what_this_boxs_loaders_refuse_is_not_put_in_force(
    data: Path, ship: Ship, tmp_path: Path, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pack signed by a newer program may hold rows that this one can't read."""
    install(data, ship("1.0"))
    source = folder(tmp_path / "newer", "1.1")
    path, manifest = packed(source, tmp_path / "newer.clarapack")
    alter(source / "requirements" / "tank.toml", '"month"', '"fortnight"')
    with monkeypatch.context() as patch:
        patch.setattr("corpora.packs.content.Requirements.load", lambda _: Requirements(()))
        write(source / "questions" / "requirements" / "tank.toml", "")
        path, manifest = packed(source, path)
    signing.sign(path, manifest, key, "")

    with pytest.raises(CorpusError, match=r"row tank-look: interval\.unit"):
        install(data, path)

    assert only(data).version == "1.0"


def test_a_full_disk_is_noticed_before_anything_is_written(data: Path, ship: Ship) -> None:
    """The message says how much is needed and how much there is."""
    install(data, ship("1.0"))
    before = state(data)

    with pytest.raises(PackError, match=r"needs 67,\d+,\d+ bytes of disk, and 1,000 are free"):
        install(data, ship("1.1", "monthly"), free=lambda _: 1000)
    assert state(data) == before
    install(data, ship("1.1", "monthly"), free=lambda _: SPARE + 300)  # what is shared needs no room


def test_without_hard_links_contents_are_copied(data: Path, ship: Ship, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some file systems, such as a stick's, have none."""

    def refuse(*_: object) -> None:
        raise PermissionError

    install(data, ship("1.0"))
    monkeypatch.setattr(os, "link", refuse)

    pack = install(data, ship("1.1", "monthly")).pack

    assert not pack.damage(thoroughly=True)


def test_one_install_at_a_time(data: Path, ship: Ship) -> None:
    """The second is told, and may try again."""
    path = ship("1.0")

    with shelf.alone(data), pytest.raises(PackError, match="another install is under way"):
        install(data, path)
    assert install(data, path).pack == only(data)


def test_packs_of_several_names_stand_side_by_side(data: Path, ship: Ship, tmp_path: Path, key: Path) -> None:
    """Each with its own history; a box without packs has none."""
    assert survey(tmp_path / "empty").packs == ()
    install(data, ship("1.0"))
    install(data, signed(folder(tmp_path / "b", "7", "bolt"), tmp_path / "b.clarapack", key)[0])

    assert [one.stamp.split()[:2] for one in installed(data)] == [["acme", "1.0"], ["bolt", "7"]]
    assert stamp(installed(data)).count(";") == 1
