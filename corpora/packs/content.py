"""A pack's folder, read with the loaders that the box itself uses: what passes here is what a box can load."""

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from corpora import digest, revision
from corpora.errors import PackError
from corpora.packs import passages
from corpora.packs.manifest import ABOUT, About, clash, faults, known
from corpora.passage import Passage
from corpora.property import PROPERTIES, UNRECORDED
from corpora.questions import Questions
from corpora.requirement import Requirement
from corpora.requirements import Requirements
from corpora.spec import Spec
from corpora.specs import Specs

Titled = tuple[str, str]
"""A document's title and edition."""

OTHERS = ("README.md", "LICENSE", "index/current")


@dataclass(frozen=True, slots=True)
class Content:
    """What a pack holds."""

    about: About
    documents: Mapping[Titled, Mapping[str, bytes]]
    """Document to the ids of its passages, each with a hash of what it says."""
    requirements: Mapping[str, Requirement]
    specs: Mapping[str, Spec]
    """By "maker model"."""
    questions: Mapping[str, tuple[str, ...]]
    """What is asked about ("requirement tank-look", "passage starter/valves/1", "property mca") to the questions."""
    others: Mapping[str, bytes]
    """Files that no one searches, and the index's pointer, to their hashes."""


def about(folder: Path) -> About:
    """Read what a pack says of itself. Raises `PackError`."""
    path = folder / ABOUT
    try:
        return About.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise PackError(f"{path}: is missing; a pack's folder has one with id, title, version and licence") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PackError(f"{path}: cannot be read as TOML; mend the file: {error}") from error
    except ValidationError as error:
        raise PackError(f"{path}: {faults(error)}") from error


def listed(folder: Path) -> list[str]:
    """List a pack's files, in order. Raises `PackError`, naming what may not lie in a pack."""
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            raise PackError(f"{path}: is a link; put the file itself in the pack")
        if path.is_dir() or passing(name):
            continue
        if not path.is_file() or not known(name):
            raise PackError(f"{path}: is no file that a pack may hold; remove it, or name it as the starter pack does")
        found.append(name)
    if twice := clash(found):
        raise PackError(f"{folder / twice}: differs from another file in capitals alone; rename one")
    return found


def passing(name: str) -> bool:
    """Tell whether a file is an index's lock: made by whoever reads or writes it, no part of the pack."""
    return name.startswith("index/") and name.endswith(("/lock", "/writing"))


def check(folder: Path) -> Content:
    """Read a whole pack. Raises `CorpusError` naming the first bad file and, where it has rows, the row."""
    told = about(folder)
    documents: dict[Titled, dict[str, bytes]] = {}
    for passage in _passages(folder, told.id):
        held = documents.setdefault((passage.document, passage.edition), {})
        held[passage.id] = hashlib.sha256(repr(passage).encode()).digest()
    rows = _requirements(folder)
    questions = _questions(folder, told.id, rows, {name for held in documents.values() for name in held})
    if (folder / "index").is_dir():
        _check_index(folder / "index", told.id, documents)
    others = {name: _sha256(folder / name) for name in OTHERS if (folder / name).is_file()}
    return Content(told, documents, rows, _specs(folder), questions, others)


def _passages(folder: Path, pack: str) -> Iterator[Passage]:
    """Give every passage; raises `PackError` when two have one id, since an index could keep only one of them."""
    seen: set[str] = set()
    digests = digest.read_all(folder / "digests", pack)
    for source in (digests, passages.read_all(folder / "passages", pack)):
        for passage in source:
            if passage.id in seen:
                raise PackError(f"{folder}: the passage id {passage.id!r} stands twice; give one document another name")
            seen.add(passage.id)
            yield passage


def _requirements(folder: Path) -> dict[str, Requirement]:
    if not (folder / "requirements").is_dir():
        return {}
    return {row.id: row for row in Requirements.load([folder / "requirements"]).rows}


def _specs(folder: Path) -> dict[str, Spec]:
    loaded = Specs.load([folder / "specs"])
    if loaded.problems:
        raise PackError(loaded.problems[0])
    return {f"{spec.maker} {spec.model}": spec for spec in loaded.records}


def _questions(
    folder: Path, pack: str, rows: Mapping[str, Requirement], known_passages: set[str]
) -> dict[str, tuple[str, ...]]:
    """Give the questions; raises `PackError` when one is about what is not in the pack."""
    loaded = Questions.load(folder / "questions", pack)
    for kind, asked, there in (
        ("requirement", loaded.requirements, rows.keys()),
        ("passage", loaded.passages, known_passages),
        ("property", loaded.properties, PROPERTIES.keys() | UNRECORDED),
    ):
        if strangers := sorted(asked.keys() - there):
            raise PackError(f"{folder / 'questions'}: {strangers[0]}: is asked about, but there is no such {kind}")
    tables = {
        "requirement": loaded.requirements,
        "passage": loaded.passages,
        "property": loaded.properties,
        "record": loaded.records,
    }
    return {f"{kind} {name}": told for kind, table in tables.items() for name, told in table.items()}


def _sha256(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _check_index(folder: Path, pack: str, documents: Mapping[Titled, Mapping[str, bytes]]) -> None:
    """Prove a prebuilt index whole and of these very documents. Raises `CorpusError`."""
    place, lease = revision.current(folder)
    try:
        manifest = revision.load(place)
        revision.verify(place, manifest, thoroughly=True)
    finally:
        lease.close()
    held = Counter({(pack, *title): len(ids) for title, ids in documents.items()})
    if held != Counter({(one.pack, one.document, one.edition): one.passages for one in manifest.documents}):
        raise PackError(f"{folder}: is the index of other texts than the pack's; build it anew, or leave it out")
    names = {path.name for path in folder.iterdir() if not passing(f"index/{path.name}")}
    if beside := sorted(names - {place.name, revision.POINTER}):
        raise PackError(f"{folder / beside[0]}: is no part of the index in force; remove it")
