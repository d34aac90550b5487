"""Is every part of the box well? Small pure checks, one per part, from facts that the caller found.

A part that is not well carries the help text: what to do about it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

SQLITE_NEEDED = (3, 51, 3)
"""Older ones have a WAL-reset bug that two checkpointing processes can hit (sqlite.org, release notes of 3.51.3)."""
DISK_NEEDED = 200_000_000
"""Bytes free below which an index can't be rebuilt safely."""
FLAGS_NEEDED = ("avx2", "f16c", "fma")
"""What the compiled engines were built for on x86-64."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the box and how it does."""

    name: str
    well: bool
    uses: str
    """What is in use: engine, file, version, count."""
    advice: str
    """What to do; empty when well."""
    essential: bool = False
    """Without it the box can't answer, or would lose what people tell it."""


def able(parts: Collection[Part]) -> bool:
    """Can the box answer? True when there are parts and every essential one is well."""
    return bool(parts) and all(part.well for part in parts if part.essential)


def embedder(engine: str, trouble: str = "") -> Part:
    """`engine`: name of the loaded one, or empty. Without it the search goes by words alone."""
    return engine_part("embedder", engine, trouble, "full-text search alone")


def recogniser(engine: str, trouble: str = "") -> Part:
    """`engine`: name of the loaded one, or empty. Without it questions must be typed."""
    return engine_part("recogniser", engine, trouble, "typed questions alone")


def voice(engine: str, trouble: str = "") -> Part:
    """`engine`: name of the loaded one, or empty. Without it answers are only shown."""
    return engine_part("voice", engine, trouble, "answers on the screen alone")


def language_model(engine: str, trouble: str = "", *, runtime: bool = True, wanted: bool = True) -> Part:
    """`runtime`: llama.cpp is installed; `wanted`: the owner's settings allow it."""
    if not wanted:
        return Part("language model", well=True, uses="switched off in the settings", advice="")
    if not runtime and not engine:
        uses = trouble or "none: answers come from the evidence alone"
        return Part("language model", well=False, uses=uses, advice="with a C++ compiler: uv sync --extra llm")
    return engine_part("language model", engine, trouble, "answers from the evidence alone")


def engine_part(name: str, engine: str, trouble: str, instead: str) -> Part:
    """An engine is well when one is loaded; what stands in for it otherwise is said."""
    if engine and not trouble:
        return Part(name, well=True, uses=engine, advice="")
    uses = (engine or f"none: {instead}") + (f" ({trouble})" if trouble else "")
    return Part(name, well=False, uses=uses, advice="clara models fetch, then clara models verify")


def cloud(model: str, *, online: bool, link: str = "", trouble: str = "", doubted_s: int = 0) -> Part:
    """`model`: empty without a key or against the owner's wish; `link`: why it is down; `trouble`: why it is doubted.

    `doubted_s`: seconds since it was last trusted.
    """
    if not model:
        return Part("cloud model", well=True, uses="not used: no key in the settings, or switched off", advice="")
    if trouble:
        since = f"; doubted for {doubted_s} s, tried again by itself" if doubted_s else ""
        return Part("cloud model", well=False, uses=f"{model}: {trouble}{since}", advice="see [gemini] in the settings")
    how = "online" if online else f"offline ({link})" if link else "offline"
    return Part("cloud model", well=True, uses=f"{model}, {how}", advice="")


def ladder(ways: Sequence[str], *, cloud: bool) -> Part:
    """`ways`: who would word an answer now, best first; `cloud`: the owner wants the cloud model to be the first."""
    first, *others = ways
    uses = f"{first} answers now" + (f", then {', then '.join(others)}" if others else "")
    instead = " (the cloud model is left out, see there)" if cloud and first != "gemini" else ""
    return Part("answering", well=True, uses=uses + instead, advice="")


def records(customers: int, trouble: str = "") -> Part:
    """`customers`: how many are known; none is no fault."""
    uses = trouble or (f"{customers} customers" if customers else "no customers: clara sync load brings them")
    advice = "mend what is said; if the records are damaged: clara sync load"
    return Part("records", not trouble, uses, advice if trouble else "")


def library(passages: int, trouble: str = "") -> Part:
    """`passages`: how many are indexed."""
    well = passages > 0 and not trouble
    uses = f"{passages} passages" if well else trouble or "no index"
    return Part("library", well, uses, "" if well else "clara corpora build", essential=True)


def specs(models: int, refused: Sequence[str] = ()) -> Part:
    """`models`: how many are loaded; `refused`: a line for each file that breaks the schema."""
    well = models > 0 and not refused
    uses = f"{models} models" + "".join(f"; refused {line}" for line in refused)
    advice = "" if well else "correct or remove the refused files" if refused else "install the package again"
    return Part("specs", well, uses, advice, essential=models == 0)


def packs(stamps: Sequence[str], documents: int, refused: Sequence[str] = ()) -> Part:
    """`stamps`: of the installed packs; `documents`: how many were added; `refused`: a line for each that is broken."""
    uses = "; ".join(filter(None, [*stamps, f"{documents} documents added" if documents else ""])) or "the starter pack"
    uses += "".join(f"; left out: {line}" for line in refused)
    return Part("packs", not refused, uses, "install or add again what is left out" if refused else "")


def manuals(waiting: int, closed: str = "", trouble: str = "", *, hopeless: bool = False) -> Part:
    """`waiting`: manuals wished for; `closed`: why the web can't be asked (`hopeless`: ever); `trouble`: the last."""
    if not waiting:
        advice = "see the log" if trouble else ""
        return Part("manuals", not trouble, trouble or "none is wished for", advice)
    uses = (
        f"{waiting} wished for" + (f": {closed}" if closed else "") + (f"; last trouble: {trouble}" if trouble else "")
    )
    if not trouble and not hopeless:
        return Part("manuals", well=True, uses=uses, advice="")
    mend = "clara manuals find chooses" if trouble else "set what is missing"
    advice = f"{mend}, clara manuals wishes lists them, and gives one up with --drop"
    return Part("manuals", well=False, uses=uses, advice=advice)


def requirements(rows: int, trouble: str = "") -> Part:
    """`rows`: how many are loaded."""
    well = rows > 0 and not trouble
    uses = f"{rows} rows" if well else trouble or "no rows"
    return Part("requirements", well, uses, "" if well else "install the package again", essential=True)


def field_database(path: Path, trouble: str = "") -> Part:
    """What people did here; losing it is not allowed."""
    advice = f"free space or mend permissions; if it is corrupt, keep {path.name} aside and restore a backup"
    return Part("field database", not trouble, trouble or str(path), advice if trouble else "", essential=True)


def events_database(path: Path, trouble: str = "") -> Part:
    """Measurements; the box answers without them."""
    advice = f"free space or mend permissions; if it is corrupt, move {path.name} aside"
    return Part("events database", not trouble, trouble or str(path), advice if trouble else "")


def cache(path: Path, trouble: str = "") -> Part:
    """Answers kept for a second asking; it may be deleted at any time."""
    return Part("cache", not trouble, trouble or str(path), f"delete {path}" if trouble else "")


def disk(folder: Path, free: int) -> Part:
    """`free`: bytes free where the box writes."""
    well = free >= DISK_NEEDED
    uses = f"{free / 1e6:,.0f} MB free in {folder}"
    return Part("disk space", well, uses, "" if well else f"free at least {DISK_NEEDED / 1e6:.0f} MB")


def sqlite(version: tuple[int, ...]) -> Part:
    """`version`: of the SQLite that opens the synced databases."""
    well = version >= SQLITE_NEEDED
    uses = ".".join(str(number) for number in version)
    needed = ".".join(str(number) for number in SQLITE_NEEDED)
    return Part("SQLite", well, uses, "" if well else f"needs {needed} or newer: install apsw again", essential=True)


def processor(machine: str, flags: Collection[str]) -> Part:
    """`machine`: as `platform.machine` names it; `flags`: as /proc/cpuinfo lists them (empty: unknown)."""
    if machine not in {"x86_64", "AMD64"} or not flags:
        return Part("processor", well=True, uses=machine, advice="")
    missing = [flag for flag in FLAGS_NEEDED if flag not in flags]
    uses = f"{machine} with {', '.join(flag for flag in FLAGS_NEEDED if flag in flags) or 'none of its extensions'}"
    advice = f"the engines need a processor with {', '.join(missing)}" if missing else ""
    return Part("processor", not missing, uses, advice, essential=True)


def flags_of(cpuinfo: str) -> frozenset[str]:
    """The first processor's flags in the text of /proc/cpuinfo; empty when it lists none."""
    for line in cpuinfo.splitlines():
        if line.startswith("flags"):
            return frozenset(line.partition(":")[2].split())
    return frozenset()
