"""Reading a calculation out of words."""

import pytest

from appliance.field.calculation import CalculationError
from appliance.turn.calculate import calculate
from appliance.turn.given import MissingInput


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("What flow does a K 5.6 head give at 15 psi?", 21.7, "gpm"),
        ("flow of a K8 sprinkler at 25 psi", 40.0, "gpm"),
        ("How much does a 5.6 head flow at 40 psi?", 35.4, "gpm"),
        ("How much pressure do I need for 25 gpm from a K 8 head?", 9.8, "psi"),
        ("what K-factor gives 30 gpm at 20 psi", 6.71, ""),
        ("What size battery for 0.42 A standby and 3.8 A alarm?", 12.48, "Ah"),
        ("battery for a voice panel, standby 0.42 amps, alarm 3.8 amps", 13.24, "Ah"),
        ("half an amp standby, 4 amps alarm for 15 minutes, what battery", 15.6, "Ah"),
        ("voltage drop on 300 ft of 14 gauge at 1.5 A", 2.76, "V"),
        ("How far can I run a NAC on 14 AWG with 2 amps?", 325, "ft"),
        ("friction loss of 100 gpm through 50 feet of 2.067 inch black steel wet pipe", 4.7, "psi"),
        ("friction loss for 100 gpm in 2.067 in pipe with C 120", 0.094, "psi/ft"),
        ("Got a 16.8 with 48 pounds on it, how many gallons?", 116.4, "gpm"),
        ("How much comes out of a 14 at 30 pounds?", 76.7, "gpm"),
        ("K 25.2 at 40, what do I get?", 159.4, "gpm"),
        ("what's a 14.0 ESFR give you at 75?", 121.2, "gpm"),
        ("Will a standard 5.6 head make 15 gpm with just 7 psi?", 14.8, "gpm"),
        ("What do I need on an 11.2 to get 60 gallons?", 28.7, "psi"),
        ("To flow 50 gallons off an 8, how many pounds?", 39.1, "psi"),
        ("50 gpm at 16 pounds, what K is that?", 12.5, ""),
        ("Which head gives me 35 gpm at 39 psi?", 5.6, ""),
        ("Battery for 90 mA standby, 750 mA alarm?", 2.67, "Ah"),
        ("panel sits at .22 amps and hits 2.5 amps in alarm, what size batteries?", 6.59, "Ah"),
        ("My panel pulls 0.42 amps standby and 3.8 in alarm, what battery do I need?", 12.48, "Ah"),
        ("standby 0.35 alarm 2.2 amps, 24 over 15, what size battery", 10.74, "Ah"),
        ("2 days at 0.1 A standby, half an hour at 1 A alarm, what battery", 6.36, "Ah"),
        ("what Ah for 0.5 A standby and 1.5 A alarm with 25 percent extra", 15.16, "Ah"),
        ("1 amp, 500 feet of 16 gauge, what's left at the end?", 4.89, "V"),
        ("What do I lose on 350 feet of 18 with 400 mA of strobes?", 2.18, "V"),
        ("8 horn strobes at 110 mA each on 14 gauge, 300 feet, what's the drop?", 1.62, "V"),
        ("14/2 wire, 1.1 amps, how far can I go?", 618, "ft"),
        ("24 volt panel, 2 amps, #14, how far?", 325, "ft"),
        ("120 gpm through 1.61 inside galvanized, 80 feet, what's the loss?", 35.6, "psi"),
        ("50 gpm in copper 1.265 ID, pounds lost per foot?", 0.188, "psi/ft"),
        ("preaction, black steel, 3.26 inside, 180 gallons, 200 feet, pounds lost?", 8.5, "psi"),
        ("convert 100 psi to bar", 6.895, "bar"),
        ("what is 40 °F in celsius", 4.444, "°C"),
    ],
)
def test_a_calculation_is_found_and_done(text: str, value: float, unit: str) -> None:
    """Every input stands in the question."""
    result = calculate(text)

    assert result is not None
    assert (result.value, result.unit) == (value, unit)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("What is the flow of a K 5.6 head?", "At what pressure"),
        ("What size battery for 0.4 A of standby?", "alarm current"),
        ("voltage drop at 2 A on 14 gauge wire", "How long"),
        ("How far can I run a NAC with 2 amps?", "gauge"),
        ("friction loss of 100 gpm in black steel", "diameter"),
        ("friction loss of 100 gpm in a 2.067 inch pipe", "C-factor"),
        ("friction in 30 feet of 2 inch black steel at 100 gpm, wet", "nominal"),
        ("black steel, 1.38 inside, 40 gpm, 20 feet, what's the loss?", "wet or dry"),
        ("loss in 50 feet of CPVC, 1.101 ID?", "flow"),
        ("What's the flow on a K 80 at 30 psi?", "metric"),
        ("2 amps on 200 ft of 14 gauge round trip, what's the drop?", "one way"),
        ("strobes at 0.1 A each on 14 gauge, how far?", "total alarm current"),
        ("0.2 A and 3 A, what battery?", "standby"),
        ("What battery for point one 5 amps standby and 1.2 A in alarm?", "current"),
    ],
)
def test_a_missing_input_is_asked_for(text: str, asked: str) -> None:
    """Nothing is assumed that the method does not give."""
    with pytest.raises(MissingInput, match=asked):
        calculate(text)


@pytest.mark.parametrize(
    "text",
    [
        "How often are K 5.6 heads tested?",
        "How often is the battery tested?",
        "What size battery does a panel need?",
        "Log static 62 psi",
        "What is the operating pressure of the Watts 909-QT?",
        "How long must emergency lights run?",
        "Can I swap a 5.6 head for an 8.0 head?",
        "How many 5.6 heads do I need in the spare box?",
        "How much pressure should a 5.6 head have at minimum?",
        "Does a K 5.6 head need at least 7 psi?",
        "What K is a VK302?",
        "log 62 psi on the 5.6 system",
        "The pump makes 750 gpm at 125 psi, how often do I test it?",
        "Hydrant flows 1190 gpm at 20 psi residual, what color cap?",
        "Hose stream allowance is 250 gallons, for how many minutes?",
        "How long must a panel run on batteries, 24 hours then 5 minutes?",
        "Do I need to load test a 12 volt 18 amp hour battery?",
        "Is 16 AWG wire okay for horn strobes?",
        "What's the resistance of number 14 wire in the drop calculation?",
        "How long a NAC run do 20 appliances of 0.1 A get on a Kidde VS1?",
        "What's the pressure loss of a 4 inch 909 at 500 gpm?",
        "",
    ],
)
def test_other_questions_are_left_alone(text: str) -> None:
    """A figure or a word of the trade alone makes no calculation."""
    assert calculate(text) is None


def test_an_input_out_of_range_is_refused() -> None:
    """A pressure that no sprinkler sees."""
    with pytest.raises(CalculationError, match="99,999 psi"):
        calculate("flow of a K 5.6 head at 99999 psi")
