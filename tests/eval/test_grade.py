"""The grader itself, on answers made by hand."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from appliance.turn.answer import Answer, Card, Citation
from tests.eval.figures import stands
from tests.eval.grade import Grade, grade
from tests.eval.question import Question
from tests.eval.report import Outcome, Report
from tests.eval.run import run

TODAY = date(2026, 11, 22)
TRIP = Citation(
    "starter", "NFPA 25", "2017", "13.4",
    quote="A dry pipe valve is trip tested with full flow, its control valve fully open, at least every 3 years.",
)  # fmt: skip
ASKED = "How often is a dry pipe valve full-flow trip tested?"


def question(**given: Any) -> Question:
    """Make a question; `kind` stands for `class`."""
    kind = given.pop("kind", "requirement")
    return Question.model_validate({"id": "x", "class": kind, "text": ASKED, "note": "row:dry-pipe-full-trip", **given})


def answer(said: str, *citations: Citation, shown: tuple[Card, ...] = (), abstained: bool = False) -> Answer:
    """Make an answer."""
    return Answer("1", ASKED, ASKED, "requirement", said, shown, citations, "evidence", 0.9, abstained)


def graded(said: str, *citations: Citation, shown: tuple[Card, ...] = (), **given: Any) -> Grade:
    """Grade what was said."""
    return grade(question(**given), answer(said, *citations, shown=shown), TODAY)


THREE: dict[str, Any] = {"figures": [["3 years"]], "cites": [["NFPA 25"], ["13.4"]]}


@pytest.mark.parametrize("said", ["Every 3 years.", "Every 36 months, by NFPA 25.", "At least every three years."])
def test_a_figure_is_right_in_any_unit(said: str) -> None:
    """36 months equals 3 years, and neither is ungrounded."""
    assert graded(said, TRIP, **THREE) == Grade(right=True, abstained=False, ungrounded=[], cited=True, why="")


@pytest.mark.parametrize("said", ["Every 3 months.", "Every 30 years.", "Every 13 years.", "It is tested."])
def test_another_figure_is_wrong(said: str) -> None:
    """A unit, a digit or the whole figure that differs is a miss."""
    assert not graded(said, TRIP, **THREE).right


@pytest.mark.parametrize(
    "said", ["Every 3 months.", "Every 5 years.", "By section 13.4.5.2.", "By NFPA 72.", "Model SDV-4."]
)
def test_what_stands_in_no_source_is_ungrounded(said: str) -> None:
    """A swapped unit, another number, section, standard or model is named, whatever the product's guard thought."""
    assert graded(said, TRIP, **THREE).ungrounded


def test_the_citation_must_name_the_source_in_one() -> None:
    """Standard and section of two different citations make no right citation."""
    halves = replace(TRIP, section="8.3"), replace(TRIP, document="NFPA 72")

    assert not graded("Every 3 years.", *halves, **THREE).cited
    assert graded("Every 3 years.", TRIP, **THREE).cited
    assert not graded("Every 3 years.", replace(TRIP, section="13.4.5"), **THREE).cited


def test_abstaining_on_an_answerable_question_is_a_miss() -> None:
    """Silence is no accuracy."""
    got = grade(question(**THREE), answer("My sources don't say.", abstained=True), TODAY)

    assert not got.right
    assert got.abstained


def test_an_unanswerable_question_is_right_only_when_left_open() -> None:
    """An answer to it is wrong even when it cites something."""
    torque = question(kind="unanswerable", abstain=True, text="What is the torque of a QQQQ valve?")

    assert grade(torque, answer("I have nothing on a QQQQ valve.", abstained=True), TODAY).right
    assert not grade(torque, answer("Every 3 years.", TRIP), TODAY).right


def test_a_source_that_says_not_confirmed_leaves_the_question_open() -> None:
    """Telling that the figure is missing is abstaining."""
    spacing = question(kind="unanswerable", abstain=True, honest=["not confirmed"], forbid=["15 months"])

    assert grade(spacing, answer("The spacing is not confirmed in our sources."), TODAY).right
    assert not grade(spacing, answer("9 to 15 months, but not confirmed."), TODAY).right


def test_a_control_that_declines_without_a_figure_leaves_the_question_open() -> None:
    """Small talk cites nothing and claims nothing."""
    weather = question(kind="unanswerable", abstain=True)
    control = replace(answer("I only know fire protection."), rung="control")

    assert grade(weather, control, TODAY).right
    assert not grade(weather, replace(control, said="It will be 70 °F."), TODAY).right


def test_a_forbidden_figure_spoils_the_answer() -> None:
    """The rejected 3 percent is not said beside the right figure either."""
    expected: dict[str, Any] = {"figures": [["10 percent"]], "forbid": ["3 percent"]}

    assert graded("More than 10 percent.", **expected).right
    assert not graded("More than 10 percent, or 3 % of pressure.", **expected).right


def test_swapped_minutes_are_caught_by_a_pattern() -> None:
    """Five minutes for voice is the swap, five minutes beside fifteen for voice is not."""
    voice: dict[str, Any] = {"figures": [["15 minutes"]], "forbid": [r"re:voice[^.]{0,60}\b5 minutes of alarm"]}

    assert graded("Voice systems need 15 minutes. Others have 5 minutes of alarm.", **voice).right
    assert not graded("Voice systems need 5 minutes of alarm, others 15 minutes.", **voice).right


def test_sample_data_must_be_marked() -> None:
    """A sample value said as if it were a rating is a miss."""
    record = Citation("specs", "Carrier 50TCQA06 record", quote="amp draw: 18.2 A")
    marked = replace(record, note="sample data")
    expected: dict[str, Any] = {"figures": [["18.2 A"]], "sample": True}

    assert graded("The 50TCQA06 draws 18.2 A.", marked, **expected).right
    assert not graded("The 50TCQA06 draws 18.2 A.", record, **expected).right
    assert not graded("The 50TCQA06 draws 18.2 A.", record, **expected).ungrounded


def test_an_edition_question_wants_more_than_one_edition() -> None:
    """One figure for all editions is wrong; editions, the site's edition, or asking back are right."""
    gauges: dict[str, Any] = {"figures": [["3 months"]], "editions": 2}

    assert not graded("Quarterly.", **gauges).right
    assert not graded("Quarterly, by the 2017 edition.", **gauges).right
    assert graded("Quarterly by the 2017 edition, monthly by an undated table.", **gauges).right
    assert graded("WeWork follows the 2017 edition: quarterly.", **gauges).right
    assert graded("Which edition applies at the site?", **gauges).right


def test_a_calculation_may_say_its_inputs_and_its_result() -> None:
    """Only what neither question, formula nor result holds is ungrounded."""
    formula = Citation("calculator", "Q = K√P (USFA Coffee Break 2006-2)", quote="Q = K√P")
    asked: dict[str, Any] = {
        "kind": "calculation", "note": "calc:flow 5.6 15", "figures": [["21.7 gpm"]], "inputs": ["5.6", "15"],
        "text": "What flow does a K 5.6 head give at 15 psi?",
    }  # fmt: skip

    assert graded("K 5.6 at 15 psi flows 21.7 gpm.", formula, **asked).ungrounded == []
    assert graded("K 5.6 at 15 psi flows 21.7 gpm, or 82 L/min.", formula, **asked).ungrounded == []
    assert graded("K 5.6 at 15 psi flows 21.7 gpm at 30 ft.", formula, **asked).ungrounded == ["30 ft"]


def test_days_and_times_are_read_in_every_spelling() -> None:
    """A card's "Sun 22 Nov 06:30" carries "November 22 at 6:30 AM" and nothing else."""
    card = Card("Jobs today", (("Sun 22 Nov 06:30", "Quarterly riser inspection"),))

    assert graded("On Sunday, November 22 at 6:30 AM.", shown=(card,)).ungrounded == []
    assert graded("On Sunday, November 23 at 6:30 PM.", shown=(card,)).ungrounded == ["November 23", "6:30 PM"]


def test_a_model_must_stand_whole_in_a_source() -> None:
    """One digit off is another model, and a spelled dash is not."""
    panel = Citation("specs", "Notifier NFS2-3030 record", quote="battery size: 55 Ah")

    assert graded("The NFS2 3030 takes 55 Ah.", panel).ungrounded == []
    assert graded("The NFS2-3033 takes 55 Ah.", panel).ungrounded == ["NFS2-3033"]


def test_small_counts_of_what_is_shown_are_no_figures() -> None:
    """Saying that there are 2 jobs counts the card's rows; 4 hours is a figure."""
    card = Card("Jobs", (("today", "riser"), ("today", "extinguishers")))

    assert graded("There are two jobs.", shown=(card,)).ungrounded == []
    assert graded("There are two jobs in 2 hours.", shown=(card,)).ungrounded == ["2 hours"]


@pytest.mark.parametrize(
    ("wanted", "said", "right"),
    [
        ("1 year", "annually", True), ("3 months", "quarterly", True), ("6 months", "twice a year", True),
        ("1,250 psi", "1250 psi", True), ("100 to 4000 ft/min", "from 100 to 4,000 ft/min", True),
        ("100 to 4000 ft/min", "up to 4,000 ft/min", False), ("3/4 inch", "0.75 in", True), ("10", "K 10.0", True),
        ("10", "10.5", False), ("50", "150", False), ("55 Ah", "5 Ah", False), ("weekend*", "on weekends", True),
        ("Sarah Chen", "sarah chen", True), ("4-A:60-B:C", "4-A:60-B:C", True), ("$45,000", "$45K", True),
        ("13.4", "13.4.5", False), ("1 month", "every 30 days", False), ("24 hours", "one day", True),
    ],
)  # fmt: skip
def test_what_counts_as_said(wanted: str, said: str, right: bool) -> None:  # noqa: FBT001 - a table
    """Units convert, words keep their borders, months are not thirty days."""
    assert stands(wanted, said) is right


async def test_a_run_reaches_its_goals_only_with_everything_right() -> None:
    """One ungrounded figure fails a run of otherwise right answers."""

    async def good(_text: str) -> Answer:
        return answer("Every 3 years.", TRIP)

    async def lying(_text: str) -> Answer:
        return answer("Every 3 years, at 90 psi.", TRIP)

    asked = [question(**THREE)]

    assert (await run(good, asked, TODAY)).good
    report = await run(lying, asked, TODAY)
    assert report.accuracy == 1.0
    assert report.ungrounded == 1
    assert not report.good


def test_shares_count_only_whom_they_concern() -> None:
    """Accuracy leaves out the unanswerable, citations leave out who abstained; an empty run is no success."""
    right = Grade(right=True, abstained=False, ungrounded=[], cited=False, why="citation")
    silent = Grade(right=False, abstained=True, ungrounded=[], cited=False, why="abstained")
    open_one = Grade(right=True, abstained=True, ungrounded=[], cited=True, why="")
    mine, none = question(**THREE), question(kind="unanswerable", abstain=True)
    outcomes = [(mine, right), (mine, silent), (none, open_one)]
    report = Report(tuple(Outcome(one, answer(""), got) for one, got in outcomes))

    assert (report.accuracy, report.abstained, report.cited) == (0.5, 1.0, 0.0)
    assert [outcome.grade.why for outcome in report.misses] == ["citation", "abstained"]
    assert not Report(()).good
