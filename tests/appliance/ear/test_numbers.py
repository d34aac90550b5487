"""Spoken numbers."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.ear.numbers import values, written

TABLE = [
    ("three hundred fifty five point five psi", "355.5 psi"),
    ("three hundred and fifty five", "355"),
    ("sixty-two", "62"),
    ("fifteen hundred", "1500"),
    ("twenty five hundred gallons", "2500 gallons"),
    ("a hundred", "100"),
    ("a hundred and seventy five psi", "175 psi"),
    ("two thousand one", "2001"),
    ("two thousand five hundred", "2500"),
    ("one hundred twenty three thousand four hundred fifty six", "123456"),
    ("two million", "2000000"),
    ("5 hundred gallons", "500 gallons"),
    ("one and a half", "1.5"),
    ("two and a quarter", "2.25"),
    ("two and three quarters inches", "2.75 inches"),
    ("one and three eighths inches", "1 3/8 inches"),
    ("2 and a half inch", "2.5 inch"),
    ("one eighth of an inch", "1/8 inch"),
    ("half an inch", "1/2 inch"),
    ("half inch pipe", "1/2 inch pipe"),
    ("quarter inch", "1/4 inch"),
    ("three quarters of an inch", "3/4 inch"),
    ("two thirds full", "2/3 full"),
    ("five thirty-seconds", "5/32"),
    ("point five", "0.5"),
    ("point oh five", "0.05"),
    ("zero point two five percent", "0.25 percent"),
    ("five point zero", "5.0"),
    ("355 point five", "355.5"),
    ("minus forty degrees", "-40 degrees"),
    ("minus 40 degrees", "-40 degrees"),
    ("plus or minus ten", "plus or minus 10"),
    ("one three six", "136"),
    ("nine oh nine", "909"),
    ("zero zero seven", "007"),
    ("one fifty psi", "150 psi"),
    ("one fifty seven", "157"),
    ("two oh eight volts", "208 volts"),
    ("two thirty volts", "230 volts"),
    ("four eighty", "480"),
    ("nineteen ten", "1910"),
    ("nineteen oh five", "1905"),
    ("twenty seventeen edition", "2017 edition"),
    ("twenty twenty six", "2026"),
    ("two ten pound extinguishers", "2 10 pound extinguishers"),
    ("thirty to forty minutes", "30 to 40 minutes"),
    ("between one hundred and two hundred", "between 100 and 200"),
    ("one hundred and one fifty", "100 and 150"),
    ("one to two hours", "1 to 2 hours"),
    ("one inch", "1 inch"),
    ("zone one", "zone 1"),
    ("thirty-minute run", "30-minute run"),
    ("section thirteen four five two", "section 13.4.5.2"),
    ("section thirteen point four point five point two", "section 13.4.5.2"),
    ("thirteen point four point five point two", "13.4.5.2"),
    ("section 13 point 4 point 5 point 2", "section 13.4.5.2"),
    ("section 13 4 5 2", "section 13.4.5.2"),
    ("section ten six seven two one", "section 10.6.7.2.1"),
    ("section fourteen three one fifteen", "section 14.3.1.15"),
    ("section fourteen point three point one, item fifteen", "section 14.3.1(15)"),
    ("section nine dash three point four point one", "section 9-3.4.1"),
    ("section five three one one one", "section 5.3.1.1.1"),
    ("table fourteen four five", "table 14.4.5"),
    ("chapter thirteen", "chapter 13"),
    ("section nineteen ten point one fifty seven paragraph e three", "section 1910.157(e)(3)"),
    ("section nineteen ten point one fifty seven paragraph F fifteen double I A", "section 1910.157(f)(15)(ii)(A)"),
    ("section 1910.157. Paragraph F1", "section 1910.157(f)(1)"),
    ("section nine oh four point six point three", "section 904.6.3"),
    ("Table L dash one", "Table L-1"),
    ("twelve slash twenty-four volts", "12/24 volts"),
    ("K five point six", "K 5.6"),
    ("K five six", "K 5.6"),
    ("K eleven two", "K 11.2"),
    ("K-5 point, six head", "K 5.6 head"),
    ("K5 point six", "K 5.6"),
    ("K5.6 head", "K 5.6 head"),
    ("five point six K", "5.6 K"),
    ("a five six head", "a 5.6 head"),
    ("sixteen eight sprinkler", "16.8 sprinkler"),
    ("twenty two four ESFR", "22.4 ESFR"),
    ("nineteen six, forty one psi", "19.6, 41 psi"),
    ("eighteen psi and they're five sixes", "18 psi and they're 5.6"),
    ("quarter amp", "1/4 amp"),
    ("three tenths of an amp", "3/10 amp"),
    ("amp and a half of strobes", "1.5 amps of strobes"),
    ("an amp and three quarters", "1.75 amps"),
    ("at point one five amps", "at 0.15 amps"),
    ("at point five", "at point 5"),
    ("riser four two at sixty psi", "riser 4 2 at 60 psi"),
    ("two eight foot ladders and a head", "2 8 foot ladders and a head"),
    ("zone five six", "zone 5 6"),
    ("NFPA twenty five", "NFPA 25"),
    ("NFPA one oh one", "NFPA 101"),
    ("fourth floor", "4th floor"),
    ("November twenty second", "November 22nd"),
    ("sixty second delivery", "60 second delivery"),
    ("eight thirty a m", "8:30 am"),
    ("five ten minute tests", "5 10 minute tests"),
    ("fifty sixty hertz", "50 60 hertz"),
    ("twenty four seven", "24 7"),
]
STAY = [
    "one of the valves",
    "no one was there",
    "this one leaks",
    "for the owner to see",
    "first a second look at the third party",
    "oh six",
    "half hour",
    "a quarter turn",
    "hundreds of heads",
    "the point of the test",
    "set point",
    "355.5 psi and 2,500 gpm",
    "1/8 in",
    "tenancy and network",
    "often eaten",
]


@pytest.mark.parametrize(("said", "meant"), TABLE, ids=[said for said, _ in TABLE])
def test_a_spoken_number_becomes_digits(said: str, meant: str) -> None:
    """People's ways to say numbers have one written form each."""
    assert meant == written(said)


@pytest.mark.parametrize("text", STAY)
def test_what_only_looks_like_a_number_stays(text: str) -> None:
    """Everyday words and figures already written are left alone."""
    assert text == written(text)


@settings(deadline=None)
@given(st.integers(min_value=2, max_value=999_999_999))
def test_every_whole_number_said_in_full_is_understood(number: int) -> None:
    """A cardinal in words, with or without "and", gives its digits."""
    from num2words import num2words

    words = num2words(number).replace(",", "")

    assert str(number) == written(words)
    assert str(number) == written(words.replace(" and ", " ").replace("-", " "))


@settings(deadline=None)
@given(st.text(alphabet="abcdefgho neitwfrs-.,0123456789/", max_size=80))
def test_writing_numbers_twice_changes_nothing(text: str) -> None:
    """Once everything is in digits there is nothing left to do, after at most a few rounds."""
    settled = text
    for _ in range(6):
        settled = written(settled)

    assert settled == written(settled)


def test_values_gives_what_the_figures_are_worth() -> None:
    """Fractions, signs and thousands are read as numbers."""
    expected = (Fraction(5, 2), Fraction(-40), Fraction(2500), Fraction(1, 8))

    assert expected == values("2 1/2 in, -40 F, 2,500 psi and one eighth of an inch")
