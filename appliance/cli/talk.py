"""`clara talk`: a conversation by the box's own microphone and speaker."""

import asyncio
import contextlib
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from appliance.cli.failure import Failure
from appliance.cli.options import PersonName
from appliance.cli.screen import Screen
from appliance.cli.session import session
from appliance.cli.setup import given

if TYPE_CHECKING:
    from appliance.box import Box
    from appliance.voice.conversation import Event


def talk(
    context: typer.Context,
    person: PersonName = "",
    *,
    push: Annotated[bool, typer.Option("--push", help="Press Enter to begin and to end a question.")] = False,
) -> None:
    """Talk with the box by its own microphone and speaker, until Ctrl-C.

    Say "stop", "repeat that" or "spell that" at any time; speaking over an answer ends it. The settings `voice.record`
    and `voice.play` name other programs than arecord and aplay.
    """
    setup = given(context)
    screen = Screen()
    with session(setup, setup.settings, screen, warm=True) as (box, runner):
        typer.echo("I'm listening. Ctrl-C ends it." if not push else "Press Enter, speak, press Enter.", err=True)
        runner.run(converse(box, person or box.settings.person.name, push=push))


async def converse(box: "Box", person: str, *, push: bool) -> None:
    """Talk until the sound ends. Raises `Failure` when it cannot begin or breaks."""
    from appliance.voice.card import PLAY, RECORD, Card, CardError
    from appliance.voice.conversation import Conversation

    wishes = box.settings.voice
    card = Card(wishes.record or RECORD, wishes.play or PLAY)
    talk = Conversation(box, person, tell, "push" if push else "open")
    await talk.start(card.microphone, card.loudspeaker)
    keys = asyncio.create_task(buttons(talk)) if push else None
    try:
        await card.run()
    except CardError as error:
        raise Failure(str(error)) from error
    finally:
        if keys is not None:
            keys.cancel()
        await talk.aclose()
        await card.loudspeaker.aclose()


async def buttons(talk: object) -> None:
    """Let Enter be the button."""
    from appliance.voice.conversation import Conversation

    assert isinstance(talk, Conversation)
    held = False
    while await asyncio.to_thread(sys.stdin.readline):
        held = not held
        if held:
            talk.press()
        else:
            await talk.release()


def tell(event: "Event") -> None:
    """Print what happens."""
    from appliance.voice.conversation import Answered, Heard

    with contextlib.suppress(BrokenPipeError):
        if isinstance(event, Heard) and event.final:
            typer.echo(f"? {event.text}")
        elif isinstance(event, Answered):
            typer.echo(event.answer.said)
            for citation in event.answer.citations:
                typer.echo(f"  {citation.document} {citation.edition} {citation.section}".rstrip(), err=True)
