"""The catalogue: a fact sheet that is refused when it is wrong."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from models.catalogue import Catalogue, CatalogueError, Url, WheelMember, load, processor_flags

GOOD = """
[[model]]
id = "toy"
role = "llm"
tier = "standard"
licence = "MIT"
evidence = "published"
memory_mb = 0
hardware = { cores = 2, ram_mb = 1024, flags = ["avx2"] }
  [[model.files]]
  name = "weights.bin"
  sha256 = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
  bytes = 7
  url = "https://example.org/weights.bin"
"""


def sheet(folder: Path, text: str) -> Catalogue:
    """The catalogue with this text."""
    (folder / "catalog.toml").write_text(text, encoding="utf-8")
    return load(folder / "catalog.toml")


def test_the_shipped_catalogue_fills_every_role() -> None:
    """Every role can be filled from the package index, but speech from text, which espeak-ng's own wheel fills."""
    catalogue = load()
    by_tier = {
        tier: {model.role for model in catalogue.models if model.tier == tier} for tier in ("embedded", "standard")
    }

    assert by_tier == {"embedded": {"stt", "llm", "embedding"}, "standard": {"stt", "llm", "tts", "embedding"}}


def test_shipped_sources_are_pinned() -> None:
    """No source can change under its hash: addresses name a revision or a tag, packages a version."""
    for model in load().models:
        for file in model.files:
            if isinstance(file.source, Url):
                revision = urlsplit(file.source.url).path.split("/resolve/")[1].split("/")[0]
                assert revision == "v1.0.0" or len(revision) == 40
                assert file.source.url.endswith(f"/{file.name}")
            else:
                assert file.source.version
                assert file.source.member.endswith(f"/{file.name}")


def test_what_comes_with_the_package_index_alone_was_fetched_by_us() -> None:
    """The embedded tier, which every box gets, rests on no hash that we have not made ourselves."""
    embedded = [model for model in load().models if model.tier == "embedded"]

    assert {model.evidence for model in embedded} == {"fetched"}
    assert {type(file.source) for model in embedded for file in model.files} == {WheelMember}


def test_a_size_is_the_sum_of_its_files() -> None:
    """A model is as large as its files together."""
    assert load().find("smollm2-135m").bytes == 98362432


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ('licence = "MIT"', 'licence = "MIT"\ncolour = "red"', "model.0.colour"),
        ('role = "llm"', 'role = "poet"', "model.0.role"),
        ('sha256 = "a', 'sha256 = "A', "sha256"),
        ('name = "weights.bin"', 'name = "../weights.bin"', "name"),
        ('name = "weights.bin"', 'name = ".hidden"', "name"),
        ('id = "toy"', 'id = "../toy"', "model.0.id"),
        ("bytes = 7", "bytes = 0", "bytes"),
        ("https://", "http://", "url"),
        ('url = "https://example.org/weights.bin"', "", "either url"),
        ('url = "https://example.org/weights.bin"', 'package = "toy"\nversion = "1"', "either url"),
        ("bytes = 7", 'bytes = 7\npackage = "t"\nversion = "1"\nmember = "m"', "either url"),
        ("[[model]]", "[[model", "cannot read the catalogue"),
    ],
)
def test_a_wrong_sheet_is_refused_by_key(tmp_path: Path, was: str, becomes: str, says: str) -> None:
    """Unknown keys, wrong values, climbing names and missing sources are refused; the message names the place."""
    assert was in GOOD
    with pytest.raises(CatalogueError, match=says):
        sheet(tmp_path, GOOD.replace(was, becomes))


def test_a_name_stands_for_one_model(tmp_path: Path) -> None:
    """Two models of one name, or two files of one name in a model, are refused."""
    with pytest.raises(CatalogueError, match="a model is named twice"):
        sheet(tmp_path, GOOD + GOOD)
    with pytest.raises(CatalogueError, match="a file is named twice"):
        sheet(tmp_path, GOOD + GOOD[GOOD.index("  [[model.files]]") :])


def test_a_missing_sheet_is_a_catalogue_error(tmp_path: Path) -> None:
    """No file: our error."""
    with pytest.raises(CatalogueError, match="cannot read the catalogue"):
        load(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("role", "cores", "ram_mb", "flags", "picked"),
    [
        ("stt", 4, 8192, None, ["whisper-small-en", "whisper-base-en", "moonshine-tiny-en"]),
        ("stt", 2, 2048, None, ["whisper-base-en", "moonshine-tiny-en"]),
        ("stt", 1, 512, None, ["moonshine-tiny-en"]),
        ("llm", 4, 8192, None, ["qwen2.5-1.5b", "smollm2-135m"]),
        ("llm", 4, 8192, frozenset({"sse2"}), []),
        ("tts", 1, 512, None, []),
        ("embedding", 2, 2048, frozenset({"sse2"}), ["bge-small-en-v1.5", "all-minilm-l6-v2"]),
    ],
)
def test_hardware_decides_what_is_picked(
    role: str, cores: int, ram_mb: int, flags: frozenset[str] | None, picked: list[str]
) -> None:
    """Largest that fits first, the embedded one last; no model whose engine the processor cannot run."""
    assert [model.id for model in load().pick(role, cores, ram_mb, flags)] == picked  # type: ignore[arg-type]


def test_flags_are_read_from_cpuinfo() -> None:
    """An x86 lists flags; an ARM does not, and is not judged by them."""
    assert processor_flags("processor\t: 0\nflags\t\t: fpu avx2 fma\n\nprocessor\t: 1\nflags\t\t: fpu\n") == {
        "fpu", "avx2", "fma",
    }  # fmt: skip
    assert processor_flags("processor\t: 0\nFeatures\t: fp asimd\n") is None
