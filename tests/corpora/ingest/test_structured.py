"""JSON: like objects are a table, others are headings and items."""

import json
from pathlib import Path

import pytest

from corpora.errors import IngestError
from corpora.ingest.page import Block, Table
from corpora.ingest.structured import Json

CHECKLIST = Path(__file__).parents[4] / "shared" / "data" / "regulation" / "sprinkler_inspection_checklist.json"


def read(source: str, tmp_path: Path) -> list[Block]:
    """The blocks of a file."""
    path = tmp_path / "manual.json"
    path.write_text(source)
    return [block for page in Json().pages(path) for block in page.blocks]


def test_a_list_of_like_objects_is_a_table(tmp_path: Path) -> None:
    """A key that one of them lacks is an empty cell; a short list is one cell."""
    blocks = read('[{"model": "A", "volts": 24}, {"model": "B", "ul": true, "zones": [1, 2]}]', tmp_path)

    assert [block.table for block in blocks] == [
        Table(("model", "volts", "ul", "zones"), (("A", "24", "", ""), ("B", "", "yes", "1, 2")))
    ]


def test_nested_objects_are_headings_and_items(tmp_path: Path) -> None:
    """An object that names itself is headed by its name."""
    blocks = read(
        json.dumps(
            {
                "title": "FC-72",
                "power": {"volts": 24, "battery": {"ah": 7}},
                "parts": [{"name": "Lid", "notes": ["x", {"a": 1}]}, "loose"],
            }
        ),
        tmp_path,
    )

    assert [(block.kind, block.text, block.level) for block in blocks] == [
        ("item", "title: FC-72", 1),
        ("heading", "power", 1),
        ("item", "volts: 24", 1),
        ("heading", "battery", 2),
        ("item", "ah: 7", 1),
        ("heading", "parts", 1),
        ("heading", "Lid", 2),
        ("heading", "notes", 3),
        ("item", "x", 1),
        ("item", "a: 1", 1),
        ("item", "loose", 1),
    ]


def test_long_texts_are_paragraphs_not_cells(tmp_path: Path) -> None:
    """A corpus of articles is no table."""
    text = "The valve shall be inspected. " * 20
    blocks = read("\n".join(json.dumps({"_id": n, "title": f"T{n}", "text": text}) for n in range(3)), tmp_path)

    assert [block.kind for block in blocks] == ["heading", "item", "paragraph"] * 3
    assert blocks[0].text == "T0"


def test_json_lines_are_read_one_after_another(tmp_path: Path) -> None:
    """Ten thousand lines come in parts, each a table under the same names."""
    path = tmp_path / "manual.jsonl"
    path.write_text("".join(json.dumps({"n": n, "note": "x" * 80}) + "\n" for n in range(10_000)))

    pages = list(Json().pages(path))
    tables = [block.table for page in pages for block in page.blocks if block.table]

    assert len(pages) > 2
    assert [row[0] for table in tables for row in table.rows] == [str(n) for n in range(10_000)]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ('{"a": 1', "no valid JSON"),
        ("[1, 2,]", "no valid JSON"),
        ('{"a": 1}\n{"b": \n', "in line 2"),
        ("[" * 100_000, "nests too deep"),
    ],
    ids=["cut", "comma", "line", "deep"],
)
def test_what_is_no_json_is_refused_by_name(source: str, reason: str, tmp_path: Path) -> None:
    """With the place, when it is known."""
    with pytest.raises(IngestError, match=rf"manual\.json: .*{reason}"):
        read(source, tmp_path)


def test_objects_within_objects_are_bounded(tmp_path: Path) -> None:
    """What is deeper than anyone reads stands as it is written."""
    assert len(read('{"a":' * 300 + "1" + "}" * 300, tmp_path)) < 100


@pytest.mark.skipif(not CHECKLIST.exists(), reason="the shared regulation texts are not here")
def test_a_real_checklist_is_read_form_by_form() -> None:
    """Each form is a heading, its questions a table."""
    (page,) = Json().pages(CHECKLIST)
    forms = [form["name"] for form in json.loads(CHECKLIST.read_text())]
    questions = [question["text"] for form in json.loads(CHECKLIST.read_text()) for question in form["questions"]]
    cells = {cell for block in page.blocks if block.table for row in block.table.rows for cell in row}

    assert [block.text for block in page.blocks if block.kind == "heading" and block.level == 1] == forms
    assert len([text for text in questions if " ".join(text.split()) in cells]) > 0.9 * len(questions)
