"""Archives: what is good in them comes out, what is bad is refused by name, nothing outgrows its bounds."""

import io
import random
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from corpora.errors import IngestError
from corpora.ingest.archive import Member, expand
from corpora.ingest.limits import MB, Limits


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of these parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()


def saved(content: bytes, tmp_path: Path) -> Path:
    """Put an archive on disk."""
    path = tmp_path / "manuals.zip"
    path.write_bytes(content)
    return path


def unfolded(path: Path, limits: Limits | None = None) -> tuple[dict[str, bytes], dict[str, str]]:
    """What came out, by name, and what was refused."""
    good: dict[str, bytes] = {}
    bad: dict[str, str] = {}
    for member in expand(path, limits, path.parent):
        if member.path is None:
            bad[member.name] = member.refused
        else:
            good[member.name] = member.path.read_bytes()
    return good, bad


def test_files_come_out_in_order_one_at_a_time_and_are_gone_afterwards(tmp_path: Path) -> None:
    """The place holds one file at most, however many there are."""
    path = saved(zipped({f"folder/{n}.txt": b"x" * n for n in range(1, 6)}), tmp_path)
    seen: list[Path] = []

    for member in expand(path, folder=tmp_path):
        assert member.path is not None
        seen.append(member.path)
        assert [one.exists() for one in seen] == [False] * (len(seen) - 1) + [True]

    assert [one.name for one in seen] == ["1.txt", "2.txt", "3.txt", "4.txt", "5.txt"]
    assert list(tmp_path.iterdir()) == [path]


def test_closing_early_leaves_nothing_behind(tmp_path: Path) -> None:
    """Who stops after the first file has nothing to clean up."""
    path = saved(zipped({"a.txt": b"a", "b.txt": b"b"}), tmp_path)
    members = expand(path, folder=tmp_path)
    next(members)

    members.close()

    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..\\..\\boot.ini", "C:\\boot.ini", "a/../../b"])
def test_a_path_that_leads_out_is_refused_and_the_rest_goes_on(name: str, tmp_path: Path) -> None:
    """Nothing is written outside, and the good file still comes."""
    path = saved(zipped({name: b"evil", "good.txt": b"good"}), tmp_path)

    good, bad = unfolded(path)

    assert good == {"good.txt": b"good"}
    assert all("leads out" in reason for reason in bad.values())
    assert len(bad) == 1


def test_links_and_devices_are_refused_by_name(tmp_path: Path) -> None:
    """A link would make the next reader open whatever it points at."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, kind in (("link.pdf", stat.S_IFLNK), ("pipe.pdf", stat.S_IFIFO)):
            info = zipfile.ZipInfo(name)
            info.external_attr = (kind | 0o777) << 16
            archive.writestr(info, "/etc/passwd")
    good, bad = unfolded(saved(held.getvalue(), tmp_path))

    assert good == {}
    assert "link" in bad["link.pdf"]
    assert "no ordinary file" in bad["pipe.pdf"]


def test_a_bomb_is_refused_by_its_ratio_before_it_is_unpacked(tmp_path: Path) -> None:
    """A hundred megabytes of nothing pack into a hundred kilobytes."""
    path = saved(zipped({"bomb.txt": bytes(100 * MB), "good.txt": b"good"}), tmp_path)

    good, bad = unfolded(path)

    assert list(good) == ["good.txt"]
    assert "trap" in bad["bomb.txt"]


def test_a_member_that_lies_about_its_size_is_cut_off_at_what_it_said(tmp_path: Path) -> None:
    """The header says ten bytes; not one more is written."""
    content = bytearray(zipped({"liar.txt": b"a" * MB}))
    for mark, place in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        at = content.index(mark)
        content[at + place : at + place + 4] = struct.pack("<I", 10)
    good, bad = unfolded(saved(bytes(content), tmp_path))

    assert good == {}
    assert "damaged" in bad["liar.txt"]


def test_all_members_together_are_bounded(tmp_path: Path) -> None:
    """Many files that are each allowed do not add up to more than the archive may hold."""
    path = saved(zipped({f"{n}.txt": random.Random(n).randbytes(1000) for n in range(9)}), tmp_path)

    good, bad = unfolded(path, Limits(unpacked_bytes=5000))

    assert len(good) == 5
    assert all("more than 4.88 kB" in reason for reason in bad.values())


def test_a_member_that_is_too_large_and_one_too_many_are_named(tmp_path: Path) -> None:
    """Both limits name what is left out."""
    path = saved(zipped({"big.txt": b"b" * 2000, "a.txt": b"a", "b.txt": b"b", "c.txt": b"c"}), tmp_path)

    good, bad = unfolded(path, Limits(member_bytes=1000, members=3))

    assert list(good) == ["a.txt", "b.txt"]
    assert "split it" in bad["big.txt"]
    assert "first 3 files" in bad["c.txt"]


def test_archives_within_archives_are_unfolded_to_a_depth(tmp_path: Path) -> None:
    """Three deep is read, four deep is refused by its whole name, and what stands beside it goes on."""
    inner = zipped({"deep.txt": b"deep"})
    for name in ("3.zip", "2.zip"):
        inner = zipped({name: inner, f"beside-{name}.txt": b"beside"})

    good, bad = unfolded(saved(inner, tmp_path))
    assert good["2.zip/3.zip/deep.txt"] == b"deep"
    assert bad == {}

    good, bad = unfolded(saved(zipped({"1.zip": inner}), tmp_path))
    assert good == {"1.zip/beside-2.zip.txt": b"beside", "1.zip/2.zip/beside-3.zip.txt": b"beside"}
    assert "unpack it first" in bad["1.zip/2.zip/3.zip"]


def test_nested_archives_share_one_budget(tmp_path: Path) -> None:
    """A bomb spread over many small archives runs out all the same."""
    inner = zipped({"a.txt": b"a" * 10_000})
    path = saved(zipped({f"{n}.zip": inner for n in range(9)}), tmp_path)

    good, bad = unfolded(path, Limits(unpacked_bytes=35_000))

    assert len(good) == 3
    assert bad


def test_an_encrypted_member_is_named(tmp_path: Path) -> None:
    """What to do about it is said."""
    content = bytearray(zipped({"secret.pdf": b"%PDF-", "good.txt": b"good"}))
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(mark) + place] |= 1
    good, bad = unfolded(saved(bytes(content), tmp_path))

    assert list(good) == ["good.txt"]
    assert "password" in bad["secret.pdf"]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packing_that_takes_what_memory_it_likes_is_refused(method: int, tmp_path: Path) -> None:
    """Only stored and deflated members are unpacked."""
    good, bad = unfolded(saved(zipped({"a.txt": b"a" * 99}, method), tmp_path))

    assert good == {}
    assert "ordinary ZIP" in bad["a.txt"]


def test_a_damaged_member_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    """One flipped bit costs one file."""
    content = bytearray(zipped({"bad.txt": bytes(random.Random(1).randbytes(500)), "good.txt": b"good"}))
    content[100] ^= 0xFF
    good, bad = unfolded(saved(bytes(content), tmp_path))

    assert list(good) == ["good.txt"]
    assert "damaged" in bad["bad.txt"]


def test_a_nested_archive_that_is_damaged_is_named_like_any_other_member(tmp_path: Path) -> None:
    """A truncated archive within a good one is handed on for its reader to refuse, or refused here."""
    inner = zipped({"a.txt": b"a" * 500})
    good, bad = unfolded(saved(zipped({"inner.zip": inner[:-10], "good.txt": b"good"}), tmp_path))

    assert good["good.txt"] == b"good"
    assert "inner.zip" in {*good, *bad}


def test_what_systems_leave_in_archives_is_passed_over(tmp_path: Path) -> None:
    """Nobody wants a report on a Mac's resource forks."""
    parts = {"__MACOSX/._a.pdf": b"x", ".DS_Store": b"x", "sub/Thumbs.db": b"x", "a.txt": b"a", "folder/": b""}

    assert unfolded(saved(zipped(parts), tmp_path)) == ({"a.txt": b"a"}, {})


def test_names_are_made_printable(tmp_path: Path) -> None:
    """A name cannot write over the report."""
    good, _ = unfolded(saved(zipped({"a\x1b[2Jb.txt": b"a"}), tmp_path))

    assert list(good) == ["a\ufffd[2Jb.txt"]


def test_what_is_no_archive_is_refused_by_name(tmp_path: Path) -> None:
    """Also when it was one before it was cut off."""
    for content in (b"plain", zipped({"a.txt": b"a" * 99})[:40], b""):
        with pytest.raises(IngestError, match=r"manuals\.zip"):
            list(expand(saved(content, tmp_path)))


def test_any_damage_is_named_or_survived(tmp_path: Path) -> None:
    """Unfolding runs outside of the bounded process: it may raise nothing but its own error."""
    whole = zipped({"a.txt": b"a" * 300, "b/c.zip": zipped({"d.txt": b"d"}), "e.txt": random.Random(0).randbytes(300)})
    chance = random.Random(7)
    for _ in range(150):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        path = saved(bytes(content[: chance.choice((None, None, chance.randrange(len(content))))]), tmp_path)
        try:
            members = list(expand(path, folder=tmp_path))
        except IngestError:
            continue
        assert all(isinstance(member, Member) and (member.path is None) == bool(member.refused) for member in members)
