"""Whose a pack is: a signature holds for every byte, for trusted keys alone, and the minisign program agrees."""

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpora.errors import PackError
from corpora.packs import bundle, signing
from corpora.packs.install import verified
from corpora.packs.manifest import Manifest
from tests.corpora.packs.making import folder, packed, signed

MINISIGN = shutil.which("minisign")


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Manifest]:
    """A signed pack, its public key and its manifest, made once."""
    place = tmp_path_factory.mktemp("shipped")
    key, public = signing.generate(place / "office", "")
    path, manifest = signed(folder(place / "source"), place / "acme.clarapack", key)
    return path, public, manifest


def refused(path: Path, *keys: Path) -> str:
    """Verify a pack that must be refused, and give why."""
    with pytest.raises(PackError) as found, verified(path, tuple(map(signing.read_key, keys))) as (pack, _):
        pack.prove()
    return str(found.value)


def test_a_signed_pack_verifies(shipped: tuple[Path, Path, Manifest]) -> None:
    """The signature holds, and its trusted comment names pack, version and revision."""
    path, public, manifest = shipped

    with verified(path, (signing.read_key(public),)) as (pack, seal):
        pack.prove()

    assert seal.comment == f"clara pack acme 1.0 {manifest.revision}"
    assert seal.key.name == "office"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_byte_of_a_pack_can_be_changed(shipped: tuple[Path, Path, Manifest], data: st.DataObject) -> None:
    """Flip any byte of the pack or of its signature: it is refused."""
    path, public, _ = shipped
    copy = path.with_name("copy.clarapack")
    files = {copy: path.read_bytes(), signing_file(copy): signing_file(path).read_bytes()}
    victim = data.draw(st.sampled_from(sorted(files)))
    offset = data.draw(st.integers(0, len(files[victim]) - 1))
    flip = data.draw(st.integers(1, 255))
    for place, raw in files.items():
        place.write_bytes(raw)
    raw = bytearray(files[victim])
    raw[offset] ^= flip
    victim.write_bytes(raw)

    refused(copy, public)


def test_every_byte_of_a_signature_counts(shipped: tuple[Path, Path, Manifest]) -> None:
    """Its unsigned first line and base64's spare bits included."""
    path, public, _ = shipped
    keys = (signing.read_key(public),)
    pack, raw = path.read_bytes(), signing_file(path).read_bytes()
    signing.check(io.BytesIO(pack), raw, keys, "pack")

    for offset in range(len(raw)):
        for flip in (1, 2, 3, 0x20, 0x80):
            altered = bytearray(raw)
            altered[offset] ^= flip
            with pytest.raises(PackError):
                signing.check(io.BytesIO(pack), bytes(altered), keys, "pack")
    for other in (raw[:-1], raw + b"\n", raw.replace(b"\n", b"\r\n"), b"", raw * 2):
        with pytest.raises(PackError):
            signing.check(io.BytesIO(pack), other, keys, "pack")


def signing_file(path: Path) -> Path:
    """Where a pack's signature lies."""
    return path.with_name(path.name + signing.SUFFIX)


def test_an_unsigned_pack_is_refused(shipped: tuple[Path, Path, Manifest], tmp_path: Path) -> None:
    """Whoever made it."""
    path, public, _ = shipped
    copy = Path(shutil.copy(path, tmp_path))

    assert "is not signed: acme.clarapack.minisig is missing" in refused(copy, public)


def test_a_pack_of_an_unknown_key_is_refused(shipped: tuple[Path, Path, Manifest], tmp_path: Path) -> None:
    """The message names the signer and those who are trusted; a box without keys takes nothing."""
    path, public, _ = shipped
    _, other = signing.generate(tmp_path / "rival", "")
    signer = signing.read_key(public).id

    assert f"signed by key {signer}, which is not trusted; trusted are rival" in refused(path, other)
    assert "trusts no key" in refused(path)


def test_another_key_of_the_same_id_does_not_pass(shipped: tuple[Path, Path, Manifest], tmp_path: Path) -> None:
    """A key's id is no secret and proves nothing."""
    path, public, _ = shipped
    mine, theirs = signing.read_key(public), signing.read_key(signing.generate(tmp_path / "rival", "")[1])
    posing = signing.Key("posing", mine.id, theirs.public)

    with pytest.raises(PackError), verified(path, (posing,)):
        pass
    with verified(path, (posing, mine)) as (_, seal):
        assert seal.key == mine


def test_a_signature_of_another_pack_does_not_pass(tmp_path: Path, key: Path) -> None:
    """Swapped between two packs of the same signer, or with a comment that speaks of another."""
    one, _ = signed(folder(tmp_path / "one"), tmp_path / "one.clarapack", key)
    two, manifest = signed(folder(tmp_path / "two", "2.0"), tmp_path / "two.clarapack", key)
    shutil.copy(signing_file(two), signing_file(one))
    assert "was altered" in refused(one, key.with_suffix(".pub"))

    signing.sign(one, manifest, key, "")
    assert "the signature speaks of 'clara pack acme 2.0" in refused(one, key.with_suffix(".pub"))


def test_a_key_can_have_a_password(tmp_path: Path) -> None:
    """Without it nothing is signed; no key is ever overwritten; the secret one is the owner's alone."""
    key, public = signing.generate(tmp_path / "office", "correct horse")
    path, manifest = packed(folder(tmp_path / "source"), tmp_path / "a.clarapack")

    assert signing.locked(key)
    assert key.stat().st_mode & 0o777 == 0o600
    with pytest.raises(PackError, match="wrong password"):
        signing.sign(path, manifest, key, "battery staple")
    assert not signing_file(path).exists()
    signing.sign(path, manifest, key, "correct horse")
    with verified(path, (signing.read_key(public),)):
        pass
    with pytest.raises(PackError, match="no key is overwritten"):
        signing.generate(tmp_path / "office", "")
    key.unlink()
    with pytest.raises(PackError, match="no key is overwritten"):
        signing.generate(tmp_path / "office", "")
    assert not key.exists()


def test_the_owner_says_whom_to_trust(tmp_path: Path, key: Path) -> None:
    """A key is added and removed by name; a name means one key."""
    box, public = tmp_path / "box", key.with_suffix(".pub")
    _, rival = signing.generate(tmp_path / "rival", "")

    signing.trust(box, public, "head-office")
    signing.trust(box, public, "head-office")
    assert [one.name for one in signing.trusted(box)] == ["head-office"]
    for path, name, told in (
        (rival, "head-office", "another key has that name"),
        (rival, "../x", "is no name for a key"),
        (key, "secret", "is no minisign public key"),
        (tmp_path / "none.pub", "", "cannot be read"),
    ):
        with pytest.raises(PackError, match=told):
            signing.trust(box, path, name)
    for name in ("rival", "../office"):
        with pytest.raises(PackError, match="no key named"):
            signing.distrust(box, name)
    signing.distrust(box, "head-office")
    assert not signing.trusted(box)


def test_a_damaged_key_among_the_trusted_is_named(tmp_path: Path, data: Path) -> None:
    """It is not passed over as if it had never been trusted."""
    (data / "trust" / "bad.pub").write_text("not a key")

    with pytest.raises(PackError, match=r"bad\.pub: is no minisign public key"):
        signing.trusted(data)


@pytest.mark.skipif(MINISIGN is None, reason="the minisign program is not on PATH")
def test_the_minisign_program_takes_our_signatures_and_makes_ours(tmp_path: Path) -> None:
    """Both ways: it verifies what we sign, names our key by the same id, and we verify what it signs."""
    assert MINISIGN
    key, public = signing.generate(tmp_path / "office", "")
    path, manifest = signed(folder(tmp_path / "source"), tmp_path / "a.clarapack", key)

    checked = subprocess.run([MINISIGN, "-Vm", path, "-p", public], capture_output=True, text=True, check=True)
    assert signing.told(manifest) in checked.stdout

    theirs, made = tmp_path / "theirs.pub", tmp_path / "theirs.key"
    subprocess.run([MINISIGN, "-GW", "-p", theirs, "-s", made], capture_output=True, check=True)
    subprocess.run([MINISIGN, "-Sm", path, "-s", made, "-t", signing.told(manifest)], capture_output=True, check=True)
    known = signing.read_key(theirs)
    assert known.id in theirs.read_text()
    with verified(path, (known,)) as (pack, _):
        pack.prove()
    signing.sign(path, bundle.described(tmp_path / "source"), made, "")
    subprocess.run([MINISIGN, "-Vm", path, "-p", theirs], capture_output=True, check=True)
