"""The house: imports point one way, and each outside library lives in one room."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("appliance", "models", "corpora", "sync")
ROOMS = {
    "PIL": ("appliance/web/draw.py", "corpora/ingest"),
    "aiohttp": ("appliance/web", "appliance/check", "appliance/voice/rooms.py", "models/gemini.py"),
    "apsw": ("sync",),
    "av": ("models/decode.py",),
    "cachetools": ("sync/cache.py",),
    "charset_normalizer": ("corpora/ingest/plain.py",),
    "cryptography": ("appliance/web/certificates.py",),
    "ctranslate2": ("models/minilm.py", "models/whisper.py"),
    "docx": ("corpora/ingest/word.py",),
    "espeakng_loader": ("models/espeak.py",),
    "faster_whisper": ("models/whisper.py",),
    "firecrawl": ("corpora/web/firecrawl.py",),
    "google": ("appliance/voice/rooms_hooks.py", "models/gemini.py"),
    "httpx": ("corpora/web",),
    "lancedb": ("corpora/index.py", "corpora/lance.py", "corpora/table.py"),
    "livekit": ("appliance/voice",),
    "llama_cpp": ("models/llama.py",),
    "lxml": ("corpora/ingest",),
    "markdown_it": ("corpora/digest.py", "corpora/ingest/markdown.py"),
    "metaphone": ("appliance/ear",),
    "minisign": ("corpora/packs/signing.py",),
    "moonshine_voice": ("models/moonshine.py",),
    "num2words": ("appliance/mouth",),
    "onnxruntime": ("models/network.py",),
    "openpyxl": ("corpora/ingest/sheet.py",),
    "pint": ("appliance/units.py",),
    "piper": ("models/piper.py",),
    "pocketsphinx": ("models/sphinx",),
    "platformdirs": ("appliance/settings.py",),
    "opentelemetry": ("appliance/journal.py",),
    "prometheus_client": ("appliance/journal.py",),
    "puremagic": ("corpora/ingest/sniff.py",),
    "py3langid": ("corpora/ingest/language.py",),
    "pyarrow": ("corpora/index.py", "corpora/table.py"),
    "pypdfium2": ("appliance/web/draw.py", "corpora/ingest"),
    "pytesseract": ("corpora/ingest/ocr.py",),
    "rapidfuzz": ("appliance/ear",),
    "rich": ("appliance/cli", "appliance/demo.py"),
    "jwt": ("appliance/voice/rooms_hooks.py",),
    "safetensors": ("models/minilm.py",),
    "segno": ("appliance/cli/people.py",),
    "snowballstemmer": ("corpora/stem.py",),
    "tavily": ("corpora/web/tavily.py",),
    "tokenizers": ("models/minilm.py",),
    "typer": ("appliance/cli",),
    "wordfreq": ("appliance/ear",),
}
"""Outside library to the rooms that may import it."""
INNER = {
    "appliance/turn": {"turn", "ear", "field", "mouth", "ports", "route", "settings", "units"},
    "appliance/ear": {"ear", "units", "ports", "settings"},
    "appliance/mouth": {"mouth", "units", "ports", "settings"},
    "appliance/field": {"field", "units", "ports", "settings"},
    "appliance/people": {"people"},
}
"""Rooms of the appliance to the rooms they may import from it."""


def modules() -> list[Path]:
    """Every module of the four packages."""
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Every dotted name that a module imports, wherever the statement stands."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    """The leaves know neither the appliance nor each other; inside the appliance nothing looks up."""
    place = path.relative_to(ROOT)
    tops = {name.split(".")[0] for name in imports(path)}
    if place.parts[0] != "appliance":
        assert not tops & (set(PACKAGES) - {place.parts[0]})
        return
    allowed = INNER.get("/".join(place.parts[:2]))
    if allowed is not None:
        inner = {name.split(".")[1] for name in imports(path) if name.startswith("appliance.")}
        assert inner <= allowed


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_each_outside_library_stays_in_its_room(path: Path) -> None:
    """A library is imported only where the list says."""
    place = str(path.relative_to(ROOT))
    for top in {name.split(".")[0] for name in imports(path)} & ROOMS.keys():
        assert place.startswith(ROOMS[top]), f"{place} may not import {top}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is(path: Path) -> None:
    """A module opens with a sentence."""
    docstring = ast.get_docstring(ast.parse(path.read_text()))

    assert docstring
    assert docstring.splitlines()[0].endswith((".", ":", ")")) or len(docstring.splitlines()) > 1
