"""Grading one answer against what was expected of it; pure."""

import re
from dataclasses import dataclass
from datetime import date

from appliance.turn.answer import Answer, Citation
from appliance.units import find
from tests.eval.figures import plain, stands, words
from tests.eval.question import Question
from tests.eval.ungrounded import ungrounded

_EDITION = re.compile(r"\b(?:19|20)\d\d\b|\bundated\b|\bcalifornia\b|\beditions? before\b")
_SITE = re.compile(r"\b(?:wework|abc|this site|the site)\b")


@dataclass(frozen=True, slots=True)
class Grade:
    """What was right about one answer."""

    right: bool
    """The expected is said and nothing forbidden; or it rightly abstained."""
    abstained: bool
    ungrounded: list[str]
    """Figures, sections, models and dates that stand in none of the answer's sources."""
    cited: bool
    """One citation names the expected source; True where none is expected."""
    why: str
    """What is wrong, for people; empty when nothing is."""


def grade(question: Question, answer: Answer, today: date) -> Grade:
    """Grade `answer`; `today` is the day on which it was given."""
    abstained = declined(question, answer)
    said = [f"said {bad!r}" for bad in question.forbid if stands(bad, answer.said)]
    if question.abstain:
        wrong = said + ([] if abstained else ["answered what no source answers"])
    else:
        wrong = said + (["abstained"] if abstained else _missing(question, answer))
    loose = ungrounded(answer, allowed(question, answer, abstained=abstained), today)
    cited = not question.cites or any(_carries(citation, question) for citation in answer.citations)
    faults = wrong + ([] if cited or abstained else ["citation"]) + [f"ungrounded {figure!r}" for figure in loose]
    return Grade(not wrong, abstained, loose, cited, "; ".join(faults))


def declined(question: Question, answer: Answer) -> bool:
    """Tell whether the answer leaves the question open.

    That is said by its flag; a control that cites nothing and gives no figure ("I only know fire protection") and a
    source that says "not confirmed" leave it open as well.
    """
    control = answer.rung == "control" and not answer.citations and not find(answer.said)
    return (
        answer.abstained or (question.abstain and control) or any(stands(way, answer.said) for way in question.honest)
    )


def allowed(question: Question, answer: Answer, *, abstained: bool) -> list[str]:
    """What may be said beyond the answer's own sources."""
    texts = [" ".join(question.inputs)]
    if abstained:
        texts.append(f"{question.text} {answer.asked}")  # naming what was asked claims nothing
    if question.inputs or question.note.startswith(("calc:", "record:")):
        texts += [f"{question.text} {answer.asked}", *(way for group in question.figures for way in group)]
    return texts


def _missing(question: Question, answer: Answer) -> list[str]:
    """What should have been said."""
    missing = [f"no {' or '.join(map(repr, group[:3]))}" for group in question.figures if not _any(group, answer.said)]
    if question.sample and "sample" not in plain(shown(answer)):
        missing.append("not marked sample data")
    if question.editions and "?" in answer.said:
        return []  # asking for the edition first is what a careful expert does
    if question.editions and not _editions(question.editions, answer.said):
        missing.append("one edition given for all")
    return missing


def _any(group: tuple[str, ...], said: str) -> bool:
    return any(stands(way, said) for way in group)


def _editions(wanted: int, said: str) -> bool:
    """Enough editions are named, or one together with the site that adopted it."""
    named = set(_EDITION.findall(plain(said)))
    return len(named) >= wanted or (bool(named) and _SITE.search(plain(said)) is not None)


def _carries(citation: Citation, question: Question) -> bool:
    """Tell whether this one citation has every group."""
    text = plain(f"{citation.text()}, {citation.pack}")
    return all(any(words(plain(way), text) for way in group) for group in question.cites)


def shown(answer: Answer) -> str:
    """What the technician hears and reads of the answer and its sources."""
    cards = [f"{card.title} {card.note} {card.rows}" for card in answer.shown]
    return " ".join([answer.said, *(citation.text() for citation in answer.citations), *cards])
