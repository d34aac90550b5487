"""Evidence from calculators: the figures of the question are their inputs."""

from appliance.field.calculation import Calculation, CalculationError, figure
from appliance.turn.answer import Card, Citation
from appliance.turn.calculate import calculate
from appliance.turn.evidence import Fact
from appliance.turn.found import NOTHING, Found
from appliance.turn.given import MissingInput
from appliance.turn.meaning import Meaning
from appliance.turn.question import Question


class CalculationSource:
    """Calculates when the question gives all inputs."""

    revision = "1"

    def look(self, question: Question, _meaning: Meaning, /) -> Found:
        """Give the result, or the question back for a missing input."""
        try:
            result = calculate(question.text)
        except (MissingInput, CalculationError) as reason:
            text = str(reason)
            return Found(missing=text[0].upper() + text[1:], searched="the calculators")
        return Found((fact(result),), searched="the calculators") if result else NOTHING


def fact(result: Calculation) -> Fact:
    """Say one result."""
    inputs = tuple((name, f"{figure(value)} {unit}".strip()) for name, value, unit in result.inputs)
    return Fact(
        id=f"calculation:{result.name}",
        kind="calculation",
        statement=result.statement,
        scope=f"{result.name} {result.formula}",
        citation=Citation("calculators", result.source, quote=result.formula),
        score=1.0,
        caveat=result.caveat,
        card=Card(result.name, (*inputs, ("formula", result.formula), ("result", f"{result.value:g} {result.unit}"))),
    )
