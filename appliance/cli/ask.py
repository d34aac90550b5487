"""`clara ask`: one question, typed or recorded."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from appliance.cli.failure import Failure
from appliance.cli.options import AsJson, PersonName, Quiet
from appliance.cli.reply import as_dict, show
from appliance.cli.screen import Screen
from appliance.cli.session import session
from appliance.cli.setup import given

LONGEST = 2_000
"""Characters of a question, as many as the ear takes; said here before the box is opened for nothing."""


def ask(
    context: typer.Context,
    text: Annotated[str | None, typer.Argument(help="The question; - reads it from stdin.")] = None,
    audio: Annotated[Path | None, typer.Option(help="A recording of the question instead.")] = None,
    speak: Annotated[Path | None, typer.Option(help="Write the spoken answer to this WAV file.")] = None,
    person: PersonName = "",
    *,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Ask one question and see the answer with its source."""
    if (text is None) == (audio is None):
        raise typer.BadParameter("give either the question or --audio", param_hint="TEXT")
    question = question_of(text) if text is not None else ""
    screen = Screen(as_json=as_json, quiet=quiet)
    setup = given(context)
    with session(setup, setup.settings, screen) as (box, runner):
        heard = runner.run(box.hear(audio)) if audio else None
        if heard and not heard.text.strip():
            raise Failure(f"nothing was understood in {audio}: speak closer to the microphone, or type the question")
        answer = runner.run(box.ask(heard.text if heard else question, person))
        if not as_json:
            if heard:
                screen.remark(f"Heard: {heard.text}")
            show(screen, answer)
        if speak:
            from models import wav

            wav.write(speak, [runner.run(box.speak(answer))])
            screen.remark(f"The spoken answer is in {speak}")
        if as_json:
            screen.json(as_dict(answer, heard, speak, online=box.online))


def question_of(text: str) -> str:
    """The words of a question, from the command line or from stdin, within bounds."""
    raw = sys.stdin.read(LONGEST + 1) if text == "-" else text
    question = raw.encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()
    if not question:
        raise typer.BadParameter("the question is empty", param_hint="TEXT")
    if len(question) > LONGEST:
        raise Failure(f"the question is longer than {LONGEST:,} characters: ask one short question at a time")
    return question
