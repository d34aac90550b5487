"""Which engines this box uses: the best installed model of each role that the hardware can carry, loaded when needed.

An engine that cannot be loaded is remembered with its reason and the next best is tried; a box without any engine of
a role goes on with what stands in for it.

Decisions: a recogniser of the standard tier (Whisper) must prove on this machine that it keeps up, because the name
and the cores of a processor don't tell; one that does not gives way to a quicker one, and is used when there is none.
The embedded one (Moonshine) hears with a second ear for the names of this box, where `listen` was given one: measured
on Moonshine alone (`clara bench hearing`), so Whisper goes without until it is measured too.
"""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

import numpy as np

from appliance.ports import Embedder, LanguageModel, Synthesizer, Transcriber
from models.audio import Audio
from models.catalogue import Catalogue, Model, Role, processor_flags
from models.errors import EngineError, ModelError, NotInstalledError
from models.store import Store

FAST_ENOUGH = 0.4
"""Seconds a recogniser may need for one of speech: a question of four seconds is written 1.6 s after its end."""
TRIAL = "How often does the fire pump have to be tested under flow?"
"""What is spoken to a recogniser to see how fast it is."""
Second = Callable[[Transcriber], Transcriber]
"""Adds a second ear to a recogniser. Raises `models.errors.ModelError` when there is none."""


@dataclass(frozen=True, slots=True)
class Hardware:
    """What the machine has."""

    cores: int
    ram_mb: int
    flags: frozenset[str] | None
    """x86 processor flags; None on other processors."""


def hardware(cpuinfo: Path = Path("/proc/cpuinfo")) -> Hardware:
    """Look at this machine."""
    ram = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    text = cpuinfo.read_text() if cpuinfo.is_file() else ""
    return Hardware(len(os.sched_getaffinity(0)), ram, processor_flags(text))


@dataclass(slots=True)
class Slot:
    """One role's engine: not looked for yet, loaded, or missing with a reason."""

    engine: Any = None
    name: str = ""
    trouble: str = ""
    """What is wrong with the best one; another may stand in for it."""
    looked: bool = False


class Engines:
    """Loads each engine once. Safe for threads."""

    def __init__(self, store: Store, catalogue: Catalogue, machine: Hardware, threads: int = 0) -> None:
        """Keep what to choose from; loads nothing."""
        self._store = store
        self._catalogue = catalogue
        self._machine = machine
        self._threads = threads
        self._lock = threading.RLock()
        self._second: Second | None = None
        self._slots: dict[str, Slot] = {role: Slot() for role in ("stt", "tts", "llm", "embedding")}

    def listen(self, second: Second) -> None:
        """Hear names with a second ear from now on; it is made when the recogniser is first needed."""
        self._second = second

    def embedder(self) -> Embedder | None:
        """Give the embedder, or None."""
        return cast("Embedder | None", self._get("embedding"))

    def transcriber(self) -> Transcriber | None:
        """Give the recogniser, or None."""
        return cast("Transcriber | None", self._get("stt"))

    def synthesizer(self) -> Synthesizer | None:
        """Give the voice: Piper's when one is installed, else espeak-ng's."""
        return cast("Synthesizer | None", self._get("tts"))

    def language_model(self) -> LanguageModel | None:
        """Give the language model, or None."""
        return cast("LanguageModel | None", self._get("llm"))

    def state(self, role: Role) -> Slot:
        """Say how a role does, without loading anything."""
        return self._slots[role]

    def close(self) -> None:
        """Let go of what holds threads or memory of its own."""
        for slot in self._slots.values():
            if hasattr(slot.engine, "close"):
                slot.engine.close()

    def _get(self, role: Role) -> Any:
        with self._lock:
            slot = self._slots[role]
            if not slot.looked:
                slot.looked = True
                self._look(role, slot)
            return slot.engine

    def _look(self, role: Role, slot: Slot) -> None:
        slow: tuple[Any, str] | None = None
        for model in self._catalogue.pick(role, self._machine.cores, self._machine.ram_mb, self._machine.flags):
            try:
                if self._store.installed(model.id) and self._try(slot, model.id, partial(self._load, model)):
                    if role != "stt" or model.tier == "embedded" or pace(slot.engine) <= FAST_ENOUGH:
                        self._add(model, slot)
                        return
                    slow = slow or (slot.engine, slot.name)
                    slot.engine, slot.name = None, ""
                    continue
                slot.trouble = slot.trouble or self._damage(model)
            except OSError as error:  # the folder of the models cannot be looked into
                slot.trouble = slot.trouble or str(error)
        if slow:
            slot.engine, slot.name = slow
        elif role == "tts":
            self._try(slot, "espeak-ng", espeak)
        elif not slot.trouble:
            slot.trouble = "none is installed"

    def _add(self, model: Model, slot: Slot) -> None:
        """Add the second ear to the embedded recogniser; without it that one goes on alone."""
        if model.role != "stt" or model.tier != "embedded" or self._second is None:
            return
        try:
            slot.engine = self._second(slot.engine)
        except ModelError as error:
            slot.trouble = slot.trouble or f"names are heard with {model.id} alone: {error}"

    def _damage(self, model: Model) -> str:
        """Say what is wrong with a model of which only a part is here; empty when nothing of it is."""
        try:
            problems = self._store.verify(model.id)
        except NotInstalledError:
            return ""
        return f"{model.id}: {problems[0]}" if problems else ""

    def _try(self, slot: Slot, name: str, load: Callable[[], Any]) -> bool:
        try:
            slot.engine = load()
        except ModelError as error:
            slot.trouble = slot.trouble or f"{name}: {error}"
            return False
        slot.name = name
        return True

    def _load(self, model: Model) -> Any:
        path = self._store.path(model.id)
        if model.role == "embedding":
            from models.minilm import MiniLm

            return proven(MiniLm(path, pooling="first" if model.id.startswith("bge") else "mean"))
        if model.role == "llm":
            from models.llama import Llama

            return Llama(path, threads=self._threads)
        if model.role == "tts":
            from models.piper import Piper

            return Piper(path)
        return recogniser(model, path)


def proven(embedder: Embedder) -> Embedder:
    """Give the embedder when it makes vectors; damaged weights load like others. Raises `EngineError`."""
    if not np.isfinite(embedder.embed(["valve"])).all():
        raise EngineError("its vectors are no numbers: run clara models verify")
    return embedder


def pace(recogniser: Transcriber, clock: Callable[[], float] = time.perf_counter) -> float:
    """Give the seconds that a recogniser needs for one second of speech here: the better of two tries.

    Raises `EngineError` when it fails at it.
    """
    from models.espeak import Espeak

    pieces = list(Espeak().synthesize(TRIAL))
    audio = Audio(np.concatenate([piece.samples for piece in pieces]), pieces[0].rate)
    tries: list[float] = []
    for _ in range(2):
        start = clock()
        recogniser.transcribe(audio)
        tries.append(clock() - start)
    return min(tries) / audio.seconds


def recogniser(model: Model, path: Path) -> Any:
    """Load a recogniser by its family."""
    if model.id.startswith("whisper"):
        from models.whisper import Whisper

        return Whisper(path)
    from models.moonshine import Moonshine

    return Moonshine(path)


def espeak() -> Any:
    """Load the voice that is always there."""
    from models.espeak import Espeak

    return Espeak()
