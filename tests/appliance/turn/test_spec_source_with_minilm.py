"""Properties found by meaning, with the box's own embedder; left out where MiniLM was not fetched."""

import pytest

from appliance.turn.likeliest import Likeliest, texts
from appliance.turn.spec_source import told, without
from corpora import questions
from models.minilm import MiniLm
from tests.fakes.evidence import catalogue
from tests.fakes.recording import installed


@pytest.fixture(scope="module")
def embedder() -> MiniLm:
    """The box's own."""
    return MiniLm(installed("all-minilm-l6-v2"))


@pytest.fixture(scope="module")
def weigher(embedder: MiniLm) -> Likeliest:
    """Every property, by meaning."""
    posed = questions.shipped().properties
    return Likeliest(posed, catalogue(), embedder.embed(texts(posed)))


@pytest.mark.parametrize(
    ("model", "asked", "wanted"),
    [
        ("SRT-10", "will number twelve copper carry an SRT-10", "minimum circuit ampacity"),
        ("SBL-6", "can you hear an SBL-6 over a stamping press", "sound output"),
        ("SDV-4", "does the SDV-4 need flange bolts or couplings", "end connection"),
        ("2W-B", "2W-B in a meat locker, too cold?", "operating temperature"),
        ("4AE12", "4AE12 with every valve closed, what comes up on the gauge", "churn pressure"),
        ("XR16", "three hots or two to the XR16", "phase"),
        ("SDP-1500", "what revs does the SDP-1500 hold", "speed"),
        ("8196", "what's the 8196 draw frozen at the instant it starts", ""),
        ("SHD-135", "what finish paint can go on the SHD-135", ""),
        ("A410", "A410 gauge, where's the needle", ""),
        ("SOY-6", "how tight do the SOY-6 gland nuts go", ""),
        ("B500", "what's the going rate for a B500", ""),
    ],
)
def test_a_property_is_found_by_meaning(
    weigher: Likeliest, embedder: MiniLm, model: str, asked: str, wanted: str
) -> None:
    """What the record has is told; what it lacks is not answered by something near."""
    spec = catalogue().find(model)
    assert spec is not None
    text = without(spec, asked)

    values = [value.name for value in told(spec, weigher.chances(text, embedder.embed([text])[0], spec))]

    assert wanted in values if wanted else not values
