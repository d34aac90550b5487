"""Language: named when sure, else left open."""

import pytest

from corpora.ingest.language import declared, detect

ENGLISH = "The control valve shall be inspected every quarter by a qualified person who knows the whole system well."
FRENCH = "Le robinet doit être inspecté chaque trimestre par une personne qualifiée qui connaît bien le système."
SPANISH = (
    "El panel de control se encuentra en la planta baja del edificio, junto a la entrada principal. "
    "La válvula debe ser inspeccionada cada trimestre por una persona calificada."
)


@pytest.mark.parametrize(("text", "expected"), [(ENGLISH, "en"), (FRENCH, "fr"), (SPANISH, "es")])
def test_a_sentence_tells_its_language(text: str, expected: str) -> None:
    """A long sentence is enough."""
    assert detect(text) == expected


@pytest.mark.parametrize("text", ["", "MCA 24 A", "50TCQA06 18.2 208/230 " * 40, "Valve closed.", "□ " * 500])
def test_too_little_or_no_language_is_left_open(text: str) -> None:
    """Figures, part numbers and a few words name none."""
    assert detect(text) == ""


@pytest.mark.parametrize(
    ("given", "expected"), [("en-US", "en"), ("FR_ca", "fr"), ("", ""), ("english", ""), ("x-none", "")]
)
def test_a_declared_language_is_kept_as_its_code(given: str, expected: str) -> None:
    """Region and script go, what is no code goes."""
    assert declared(given) == expected
