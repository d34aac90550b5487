"""Passages in a pack: they come back as they were, as the pack's own, and a bad line is named."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from corpora.errors import PackError
from corpora.packs import passages
from corpora.passage import Passage
from tests.corpora.packs.making import PASSAGE


def test_passages_come_back_as_they_were(tmp_path: Path) -> None:
    """Every field survives the file."""
    plain = Passage("acme/x/2", "acme", "X", "", (), "", None, "", "Text “quoted”.", parent="acme/x")
    passages.write(tmp_path / "a.jsonl", [PASSAGE, plain], "acme")

    assert list(passages.read_all(tmp_path, "acme")) == [PASSAGE, plain]


def test_passages_of_a_box_become_the_packs_own(tmp_path: Path) -> None:
    """What a manager ingested under one name ships under the pack's."""
    kept = replace(PASSAGE, pack="mine", id="mine/t-100/1", parent="mine/t-100")
    assert passages.write(tmp_path / "a.jsonl", [kept], "acme") == 1

    (found,) = passages.read_all(tmp_path, "acme")

    assert (found.pack, found.id, found.parent) == ("acme", "acme/t-100/1", "acme/t-100")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"pack": "other"}, "is a passage of pack 'other'"),
        ({"id": "other/1"}, "an id that opens with it"),
        ({"text": " "}, "has no text"),
        ({"system": "bath tub"}, "no known system"),
        ({"page": 0}, "count from 1"),
        ({"page": "12"}, "page: Input should be a valid integer"),
        ({"box": [1, 2]}, "box"),
        ({"colour": "red"}, "colour"),
        ({"text": "x" * (passages.MAX_LINE + 1)}, "is longer than"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, change: dict[str, object], told: str) -> None:
    """File, line and fault stand in the message."""
    path = tmp_path / "a.jsonl"
    rows = [asdict(PASSAGE), asdict(PASSAGE) | change]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")

    with pytest.raises(PackError, match=rf"a\.jsonl: line 2: .*{told}"):
        list(passages.read(path, "acme"))
