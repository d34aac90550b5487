"""The jargon file."""

from pathlib import Path

import pytest

from appliance.ear.errors import EarError
from appliance.ear.jargon import load


def test_the_shipped_file_holds_the_trade() -> None:
    """At least 150 terms, the ones that the issue names among them."""
    trade = load()

    assert len(trade.jargon) + len(trade.standard) >= 150
    assert {
        "OS&Y",
        "FDC",
        "PIV",
        "PRV",
        "RPZ",
        "NAC",
        "SLC",
        "IDC",
        "FACP",
        "AHJ",
        "tamper switch",
    } <= trade.jargon.keys()
    assert {"NFPA 25", "NFPA 72", "NFPA 10", "NFPA 2001", "UL 300", "FM-200"} <= trade.standard.keys()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("jargon = 3", "jargon"),
        ("[slang]\nx = []", "slang"),
        ("[jargon", "cannot read"),
        ('[jargon]\n"x" = [1]', "jargon.x"),
    ],
)
def test_a_wrong_file_is_refused_by_name(tmp_path: Path, text: str, complaint: str) -> None:
    """The message names the file and the place."""
    path = tmp_path / "jargon.toml"
    path.write_text(text)

    with pytest.raises(EarError, match=complaint) as refused:
        load(path)

    assert str(path) in str(refused.value)


def test_an_absent_file_is_refused() -> None:
    """So is a file that is not there."""
    with pytest.raises(EarError, match="cannot read jargon"):
        load(Path("/nowhere/jargon.toml"))
