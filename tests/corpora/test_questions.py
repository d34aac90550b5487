"""Questions that packs say they answer: the shipped ones hang on things that exist, and bad files are named."""

from pathlib import Path

import pytest

from corpora import digest, questions, requirements
from corpora.errors import PackError
from corpora.property import PROPERTIES
from corpora.questions import Questions


def test_every_shipped_row_and_passage_says_what_it_answers() -> None:
    """Each has several questions, and no question hangs on something that is not there."""
    shipped = questions.shipped()

    assert shipped.requirements.keys() == {row.id for row in requirements.shipped().rows}
    assert shipped.passages.keys() == {passage.id for passage in digest.read_all(digest.shipped(), "starter")}
    assert shipped.properties.keys() >= PROPERTIES.keys()
    assert min(map(len, [*shipped.requirements.values(), *shipped.passages.values()])) >= 5
    assert min(len(shipped.properties[name]) for name in PROPERTIES) >= 5


def test_no_shipped_question_has_two_different_owners() -> None:
    """The same words cannot lead to two rows."""
    shipped = questions.shipped()
    every = [
        text.lower() for table in (shipped.requirements, shipped.passages) for all_ in table.values() for text in all_
    ]

    assert len(every) - len(set(every)) <= 2


def test_the_revision_changes_with_a_question(tmp_path: Path) -> None:
    """Vectors and answers kept from before are then made anew."""
    (tmp_path / "requirements").mkdir()
    file = tmp_path / "requirements" / "a.toml"
    file.write_text('row = ["How often?"]')
    before = Questions.load(tmp_path, "mine")
    file.write_text('row = ["How often is it?"]')

    after = Questions.load(tmp_path, "mine")

    assert before.requirements == {"row": ("How often?",)}
    assert before.revision != after.revision


def test_passages_are_named_with_their_pack(tmp_path: Path) -> None:
    """As their ids are everywhere else."""
    (tmp_path / "passages").mkdir()
    (tmp_path / "passages" / "a.toml").write_text('"doc/heading/1" = ["What is it?"]')

    assert Questions.load(tmp_path, "mine").passages == {"mine/doc/heading/1": ("What is it?",)}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("row = [", "is no table"),
        ('row = "How often?"', "is no table"),
        ("row = [3]", "is no table"),
        ("row = []", "row: has no questions"),
        ('row = ["  "]', "row: has no questions, or an empty one"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, text: str, named: str) -> None:
    """File and fault stand in the message."""
    (tmp_path / "properties.toml").write_text(text)

    with pytest.raises(PackError, match=named) as caught:
        Questions.load(tmp_path, "mine")

    assert "properties.toml" in str(caught.value)


def test_two_files_about_one_row_are_refused(tmp_path: Path) -> None:
    """Or one would silently win."""
    (tmp_path / "requirements").mkdir()
    for name in ("a.toml", "b.toml"):
        (tmp_path / "requirements" / name).write_text('row = ["How often?"]')

    with pytest.raises(PackError, match="join the two"):
        Questions.load(tmp_path, "mine")
