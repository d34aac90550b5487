"""An answer as a value: kept and read again, and its sources told apart."""

from dataclasses import replace

from appliance.turn.answer import Citation, Location, from_json, to_json
from appliance.turn.compose import Composed
from appliance.turn.passage_source import fact
from corpora.passage import Passage
from tests.fakes.box import AMPS

TRIP = Passage("p/d/1", "p", "Manual", "2024", ("Testing",), "4.2", 7, "", "Trip it.")


def test_an_answer_is_read_as_it_was_kept() -> None:
    """With where its sources open, and those that open nowhere."""
    here = Citation("p", "Manual", quote="x", location=Location("p/d/1", "3f9c2a1b7d04e5f6", 7))
    answer = replace(AMPS, citations=(here, *AMPS.citations))

    assert from_json(to_json(answer)) == answer


def test_passages_of_one_page_are_sources_of_their_own() -> None:
    """Each opens its own passage; the same passage twice is one source."""
    facts = [fact(one, 0.9) for one in (TRIP, replace(TRIP, id="p/d/2", text="Prime it."), TRIP)]
    citations = Composed((), tuple(facts), 0.9).citations

    assert [(one.quote, one.location) for one in citations] == [
        ("Trip it.", Location("p/d/1", page=7)),
        ("Prime it.", Location("p/d/2", page=7)),
    ]
