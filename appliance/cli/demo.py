"""`clara demo`: the one command that sets a box up and shows it."""

import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from appliance.cli.failure import one_line
from appliance.cli.models import bring, embedded
from appliance.cli.reply import show
from appliance.cli.screen import Screen
from appliance.cli.session import session
from appliance.cli.setup import Setup, given
from appliance.demo import (
    BUILD_MINUTES,
    CHECKOUT,
    QUESTIONS,
    SPOKEN,
    NotBuiltError,
    build,
    build_command,
    engine_installed,
    spoken_place,
)

if TYPE_CHECKING:
    from appliance.box import Box
    from appliance.settings import Settings
    from appliance.turn.answer import Answer


def demo(
    context: typer.Context,
    *,
    llm: Annotated[bool, typer.Option("--llm/--no-llm", help="Compile and use the language model on the box.")] = True,
) -> None:
    """Set up this box and show what it does."""
    started = time.monotonic()
    setup = given(context)
    settings = setup.settings
    screen = Screen()
    step(screen, 1, "the language engine")
    if llm:
        prepare_engine(screen, settings.place.data, installed=engine_installed(), which=shutil.which)
    else:
        settings = settings.model_copy(update={"local": settings.local.model_copy(update={"enabled": False})})
        screen.say("left out, as you wish: answers come from the evidence alone")
    step(screen, 2, "the embedded models")
    fetch(screen, setup, settings, llm=llm)
    step(screen, 3, "demo records")
    load_records(screen, setup, settings)
    step(screen, 4, "the index of the texts, and the engines")
    with session(setup, settings, screen, warm=True) as (box, runner):
        screen.say("the box is open")
        talk(screen, box, runner, settings.place.data)
    screen.say(f"\nDone in {time.monotonic() - started:.0f} s.")
    screen.say(f"Open the page:  uv run clara up   then   http://{settings.web.host}:{settings.web.port}/", "bold")


def step(screen: Screen, number: int, what: str) -> None:
    """Say which step begins."""
    screen.say(f"\n{number}. {what[0].upper()}{what[1:]}", "bold cyan")


def prepare_engine(screen: Screen, data: Path, *, installed: bool, which: Callable[[str], str | None]) -> None:
    """Compile the language engine if it is not there; without it the box answers from the evidence."""
    if installed:
        screen.say("llama.cpp is here")
        return
    try:
        command = build_command(os.environ, CHECKOUT, which)
        screen.say(f"compiling llama.cpp, once: about {BUILD_MINUTES} minutes on two cores")
        with screen.progress() as progress:
            expected = BUILD_MINUTES * 60

            def elapsed(seconds: float) -> None:
                progress("compiling llama.cpp", min(int(seconds), expected - 1), expected)

            build(command, CHECKOUT, data / "llama-build.log", elapsed)
        screen.say("llama.cpp is compiled and installed")
    except NotBuiltError as error:
        screen.say(f"not available: {one_line(str(error))}. The box answers without it.", "yellow")


def fetch(screen: Screen, setup: Setup, settings: "Settings", *, llm: bool) -> None:
    """Fetch the embedded tier; what can't be fetched is named, and the box goes without."""
    from models.errors import ModelError

    store = setup.open_store(settings)
    roles = {entry.model.id: entry.model.role for entry in store.entries()}
    for name in embedded(store):
        if roles[name] == "llm" and not llm:
            continue
        if store.installed(name):
            screen.say(f"{name} is here")
            continue
        try:
            bring(screen, store, [name])
        except ModelError as error:
            screen.say(f"{name} could not be fetched: {one_line(str(error))}. The box answers without it.", "yellow")


def load_records(screen: Screen, setup: Setup, settings: "Settings") -> None:
    """Load the demo customers, unless real records are here."""
    if setup.have_records(settings):
        screen.say("records are here")
        return
    loaded = setup.load_records(settings, None)
    screen.say(", ".join(f"{count} {kind} records" for kind, count in loaded.items() if count))


def talk(screen: Screen, box: "Box", runner: asyncio.Runner, data: Path) -> None:
    """Ask the questions by text, then one by a recorded voice, and write a spoken answer to a file."""
    answers: list[Answer] = []
    for number, question in enumerate(QUESTIONS, 5):
        step(screen, number, f"“{question}”")
        answers.append(runner.run(box.ask(question)))
        show(screen, answers[-1])
    step(screen, 5 + len(QUESTIONS), "a question by voice")
    heard = hear(screen, box, runner)
    if heard:
        answers.append(runner.run(box.ask(heard)))
        show(screen, answers[-1])
    step(screen, 6 + len(QUESTIONS), "the answer by voice")
    speak(screen, box, runner, answers[-1], spoken_place(Path.cwd(), data))


def hear(screen: Screen, box: "Box", runner: asyncio.Runner) -> str:
    """Speak a question to a recording and hear it; empty when this box can't."""
    from models import wav
    from models.errors import ModelError

    try:
        with tempfile.TemporaryDirectory() as folder:
            recording = Path(folder) / "question.wav"
            wav.write(recording, [runner.run(box.say(SPOKEN))])
            heard = runner.run(box.hear(recording))
    except ModelError as error:
        screen.say(f"not available: {one_line(str(error))}", "yellow")
        return ""
    screen.say(f"spoken: “{SPOKEN}”\nheard:  “{heard.text}”")
    return heard.text.strip()


def speak(screen: Screen, box: "Box", runner: asyncio.Runner, answer: "Answer", target: Path) -> None:
    """Write an answer to a WAV file, if this box can speak."""
    from models import wav
    from models.errors import ModelError

    try:
        seconds = wav.write(target, [runner.run(box.speak(answer))])
    except ModelError as error:
        screen.say(f"not available: {one_line(str(error))}", "yellow")
    else:
        screen.say(f"{seconds:.1f} s of speech are in {target}")
