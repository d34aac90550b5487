"""An answer on the screen: the same value that the page and the API show."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from appliance.cli.screen import Screen

if TYPE_CHECKING:
    from appliance.turn.answer import Answer
    from models.transcript import Transcript


def as_dict(answer: "Answer", heard: "Transcript | None", sound: Path | None, *, online: bool) -> dict[str, Any]:
    """Give the form that `POST /v1/ask` replies with; `sound` is the file that was written."""
    from appliance.web.door import AnswerReply, AskReply, Heard

    reply = AskReply(
        answer=AnswerReply.of(answer),
        heard=Heard.of(heard) if heard else None,
        sound=str(sound) if sound else None,
        online=online,
    )
    return reply.model_dump(mode="json")


def show(screen: Screen, answer: "Answer") -> None:
    """Print what is said, the cards, the sources, and who answered in which time."""
    screen.say(answer.said, "bold")
    if screen.quiet:
        return
    for card in answer.shown:
        screen.say(f"\n{card.title}" + (f" ({card.note})" if card.note else ""), "cyan")
        width = max((len(label) for label, _ in card.rows), default=0)
        for label, value in card.rows:
            screen.say(f"  {label:<{width}}  {value}")
    for citation in answer.citations:
        screen.say(f"\nSource: {citation.text()}", "green")
        if citation.quote and citation.quote not in answer.said:
            screen.say(f"  “{citation.quote}”")
    screen.say(f"\n{remark(answer)}", "dim")


def remark(answer: "Answer") -> str:
    """One line: who answered, how fast, how sure."""
    parts = ["the sources do not say" if answer.abstained else f"answered by {answer.rung}"]
    parts += [f"{answer.timings[step]:.1f} ms to {name}" for step, name in TIMES.items() if step in answer.timings]
    return " · ".join([*parts, "from the cache"] if answer.cached else parts)


TIMES = {"first": "the first clause", "total": "the end"}
"""Steps of the timings that the line names."""
