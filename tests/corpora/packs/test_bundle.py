"""The file that travels: it holds what the folder held, the same bytes each time, and is refused when altered."""

import io
import json
import os
import zipfile
from pathlib import Path

import pytest

from corpora import digest
from corpora.errors import CorpusError, PackError
from corpora.library import Library
from corpora.packs import bundle
from corpora.packs.manifest import FORMAT, MAX_TEXT, Manifest, PackFile, clash, known, order
from tests.corpora.packs.making import DIGEST, ROW, alter, folder, packed, write

STARTER = digest.shipped().parent


def unpacked(path: Path, place: Path) -> dict[str, bytes]:
    """Unpack and read every file."""
    place.mkdir()
    with bundle.reading(path) as file, bundle.opened(file, str(path)) as pack:
        pack.unpack(place)
    return {str(one.relative_to(place)): one.read_bytes() for one in place.rglob("*") if one.is_file()}


def rewritten(path: Path, entries: dict[str, bytes]) -> Path:
    """Write a pack's entries anew, some of them otherwise."""
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in (held | entries).items():
            archive.writestr(name, raw)
    return path


def opens(path: Path) -> None:
    """Open a pack and read all of it."""
    with bundle.reading(path) as file, bundle.opened(file, str(path)) as pack:
        pack.prove()


def test_a_pack_holds_what_the_folder_held(tmp_path: Path) -> None:
    """Every file comes out byte by byte, with the manifest naming it."""
    source = folder(tmp_path / "source")
    path, manifest = packed(source, tmp_path / "a.clarapack")

    found = unpacked(path, tmp_path / "out")

    assert {str(one.relative_to(source)): one.read_bytes() for one in source.rglob("*") if one.is_file()} == found
    assert manifest.files.keys() == found.keys()
    assert manifest.bytes == sum(map(len, found.values()))


def test_the_starter_pack_can_be_packed(tmp_path: Path) -> None:
    """What ships with the program passes its own packer."""
    path, manifest = packed(STARTER, tmp_path / "starter.clarapack")

    opens(path)

    assert manifest.name == "starter"
    assert len(manifest.files) > 50


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    """Neither times nor rights nor the order of writing leave a trace."""
    one, _ = packed(folder(tmp_path / "one"), tmp_path / "one.clarapack")
    other = folder(tmp_path / "other")
    for path in other.rglob("*.*"):
        path.chmod(0o600)
        os.utime(path, (1e9, 1e9))

    path, _ = packed(other, tmp_path / "other.clarapack")

    assert one.read_bytes() == path.read_bytes()


def test_the_day_it_was_made_is_given_from_outside(tmp_path: Path) -> None:
    """A build that can be repeated says when; the clock never does."""
    source = folder(tmp_path / "source")

    assert not bundle.described(source).created
    assert bundle.described(source, 1_700_000_000).created == "2023-11-14T22:13:20Z"


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("requirements/tank.toml", ROW.replace("V2", "V9"), "row tank-look: confidence"),
        ("requirements/more.toml", ROW, "row tank-look: id: stands twice"),
        ("specs/acme.json", '{"models": [{"maker": "Acme"}]}', "acme.json is refused: models.0.model"),
        ("digests/tank.md", DIGEST.replace("water tank", "bath tub"), "unknown system 'bath tub'"),
        ("passages/t-100.jsonl", '{"id": "acme/1"}\n', "line 1: pack: Field required"),
        ("questions/requirements/tank.toml", '"tank-lock" = ["What?"]', "tank-lock: is asked about, but there is no"),
        ("questions/passages/tank.toml", '"tank/tank/9" = ["What?"]', "acme/tank/tank/9: is asked about"),
        ("questions/records.toml", "overview = 3", "is no table of lists"),
        ("pack.toml", 'id = "Acme"\ntitle = "A"\nversion = "1"\nlicence = "X"', "id: String should match"),
        ("pack.toml", 'id = "acme"\ntitle = "A"\nversion = "1.0-beta"\nlicence = "X"', "version: String should match"),
        ("notes.txt", "x", "notes.txt: is no file that a pack may hold"),
        ("digests/.hidden.md", DIGEST, "is no file that a pack may hold"),
        ("digests/TANK.md", DIGEST, "in capitals alone"),
    ],
)
def test_what_a_box_would_refuse_is_not_packed(tmp_path: Path, file: str, text: str, told: str) -> None:
    """A bad row is named before it travels."""
    source = folder(tmp_path / "source")
    write(source / file, text)

    with pytest.raises(CorpusError, match=told):
        bundle.described(source)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    """What lies elsewhere never slips into a pack."""
    source = folder(tmp_path / "source")
    (source / "digests" / "more.md").symlink_to(write(tmp_path / "secret.md", DIGEST))

    with pytest.raises(PackError, match="is a link"):
        bundle.described(source)


def test_a_file_changed_while_it_is_packed_is_noticed(tmp_path: Path) -> None:
    """The manifest and the contents can't disagree, and nothing half written stays."""
    source = folder(tmp_path / "source")
    manifest = bundle.described(source)
    alter(source / "digests" / "tank.md", "quarterly", "yearly")

    with pytest.raises(PackError, match="changed while it was packed"):
        bundle.write(source, manifest, tmp_path / "a.clarapack")

    assert [one.name for one in tmp_path.iterdir()] == ["source"]


def test_a_prebuilt_index_travels_and_opens(tmp_path: Path) -> None:
    """The index is checked against the texts and answers where it is unpacked."""
    source = folder(tmp_path / "source")
    texts = digest.read_all(source / "digests", "acme")
    (source / "passages" / "t-100.jsonl").unlink()
    Library.build(source / "index", texts, None, "one")
    Library.open(source / "index").close()  # leaves a lock, which is no part of the pack
    path, manifest = packed(source, tmp_path / "a.clarapack")
    unpacked(path, tmp_path / "out")

    library = Library.open(tmp_path / "out" / "index")
    hits = library.search("heater in cold weather")
    library.close()

    assert hits[0].passage.heading == ("Tank", "Heater")
    assert not [name for name in manifest.files if name.endswith("/lock")]
    alter(source / "digests" / "tank.md", "## Heater", "More.\n\n## Heater")
    with pytest.raises(PackError, match="is the index of other texts"):
        bundle.described(source)


@pytest.mark.parametrize("path", ["../x.md", "/etc/passwd", "digests/../x.md", "digests/a/b.md", "digests\\x.md",
                                  "specs/x.py", "index/../../x", "index/a//b", "digests/x.md\n", "manifest.json", "",
                                  "index/.x", "digests/ü.md"])  # fmt: skip
def test_a_path_that_leads_elsewhere_is_unknown(path: str) -> None:
    """Only names that a packer writes are ever written to a disk."""
    assert not known(path)


def test_paths_that_a_disk_cannot_tell_apart_clash() -> None:
    """A pack means the same on every file system."""
    assert clash(["index/a", "index/A"])
    assert clash(["index/a", "index/a/b"])
    assert not clash(["index/a/b", "index/a/c", "digests/a.md"])


def test_versions_are_compared_by_number() -> None:
    """2026.11 comes after 2026.2."""
    assert order("2026.2") < order("2026.11") < order("2026.11.1")
    assert order("1.0.0") == order("1")


def hostile(name: str, manifest: Manifest) -> dict[str, bytes]:
    """Entries that turn a good pack into a bad one."""
    told = json.loads(manifest.raw)
    first, blob = next((name, file["sha256"]) for name, file in told["files"].items())
    match name:
        case "newer":
            told |= {"format": FORMAT + 1, "colour": "red"}
        case "traversal":
            told["files"]["../../etc/cron"] = told["files"][first]
        case "unknown key":
            told["colour"] = "red"
        case "bomb":
            return {f"blobs/{blob}": bytes(50 << 20)}
        case "content":
            return {f"blobs/{blob}": b"x" * told["files"][first]["size"]}
        case "stray":
            return {"blobs/" + "0" * 64: b"x"}
        case "huge":
            told["files"][first]["size"] = 1 << 60
        case "lacking":
            told["files"]["LICENSE"] = {"sha256": "0" * 64, "size": 9}
        case _:
            return {"manifest.json": json.dumps(told).encode()}
    return {"manifest.json": (json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("newer", "format 2, newer than the 1 of this program; update Clara"),
        ("traversal", "'../../etc/cron' is no file that a pack may hold"),
        ("unknown key", "colour"),
        ("bomb", "is damaged"),
        ("content", "is damaged"),
        ("stray", "its manifest doesn't name"),
        ("huge", "size"),
        ("lacking", "lacks"),
        ("other writing", "not written as a packer writes it"),
    ],
)
def test_a_hostile_pack_is_refused(tmp_path: Path, name: str, told: str) -> None:
    """Whoever signed it: a pack that is not one is named and refused, and no more than it declares is unpacked."""
    path, manifest = packed(folder(tmp_path / "source"), tmp_path / "a.clarapack")
    rewritten(path, hostile(name, manifest))

    with pytest.raises(PackError, match=told):
        opens(path)


@pytest.mark.parametrize("raw", [b"", b"PK", b"not a pack" * 100, bytes(1000)])
def test_what_is_no_pack_is_refused(tmp_path: Path, raw: bytes) -> None:
    """A file of another kind is named."""
    path = tmp_path / "a.clarapack"
    path.write_bytes(raw)

    with pytest.raises(PackError, match=r"a\.clarapack: is no pack"):
        opens(path)


def test_a_truncated_pack_is_refused(tmp_path: Path) -> None:
    """Whatever is cut off, nothing is taken for whole."""
    path, _ = packed(folder(tmp_path / "source"), tmp_path / "a.clarapack")
    raw = path.read_bytes()

    for length in range(0, len(raw), 97):
        path.write_bytes(raw[:length])
        with pytest.raises(PackError):
            opens(path)


def test_a_pack_with_a_file_twice_is_refused(tmp_path: Path) -> None:
    """Two entries of one name could be read in two ways."""
    path, manifest = packed(folder(tmp_path / "source"), tmp_path / "a.clarapack")
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("manifest.json", manifest.raw)

    with pytest.raises(PackError, match="holds a file twice"):
        opens(path)


def test_a_file_larger_than_any_loader_takes_is_refused() -> None:
    """What is read in one piece is bounded."""
    files = {"pack.toml": PackFile(sha256="0" * 64, size=MAX_TEXT + 1)}

    with pytest.raises(ValueError, match="split it"):
        Manifest(format=1, name="a", version="1", title="A", licence="X", created="", files=files)


def test_a_delta_carries_what_changed_and_nothing_else(tmp_path: Path) -> None:
    """A changed digest among much else costs that digest, and leads to the full pack's revision."""
    source = folder(tmp_path / "source")
    write(source / "digests" / "big.md", DIGEST + "\n".join(f"Word {os.urandom(40).hex()}.\n" for _ in range(500)))
    full, old = packed(source, tmp_path / "1.clarapack")
    alter(source / "pack.toml", "1.0", "1.1")
    alter(source / "digests" / "tank.md", "quarterly", "monthly")
    whole, new = packed(source, tmp_path / "2.clarapack")

    delta, described = packed(source, tmp_path / "2-from-1.clarapack", old)

    assert described.revision == new.revision != old.revision
    assert delta.stat().st_size < 4_000 < whole.stat().st_size / 5
    with bundle.reading(delta) as file, bundle.opened(file, str(delta)) as pack:
        assert set(pack.sizes) == {new.files[name].sha256 for name in ("pack.toml", "digests/tank.md")}
        assert pack.base
        assert pack.base.revision == old.revision
        with pytest.raises(PackError, match="is a delta"):
            pack.unpack(tmp_path)
    assert full.stat().st_size > 20_000


def test_a_delta_goes_onto_another_version_of_the_same_pack(tmp_path: Path) -> None:
    """One onto itself, or onto another pack, is a mistake."""
    source = folder(tmp_path / "source")
    other = bundle.described(folder(tmp_path / "other", name="other"))

    for base in (other, bundle.described(source)):
        with pytest.raises(PackError, match="a delta goes onto another version of acme"):
            packed(source, tmp_path / "x.clarapack", base)


def test_contents_are_read_in_bounded_pieces(tmp_path: Path) -> None:
    """A content that unpacks to more than was declared is cut off there."""
    path, manifest = packed(folder(tmp_path / "source"), tmp_path / "a.clarapack")
    sha256, size = next(iter(manifest.blobs.items()))
    rewritten(path, {f"blobs/{sha256}": bytes(20 << 20)})
    out = io.BytesIO()

    with (
        bundle.reading(path) as file,
        bundle.opened(file, str(path)) as pack,
        pytest.raises(PackError, match="is damaged"),
    ):
        pack.copy(sha256, out)

    assert len(out.getvalue()) <= size
