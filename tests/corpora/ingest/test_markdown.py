"""Markdown: headings, lists, tables and code in order."""

from pathlib import Path

from corpora.ingest.markdown import Markdown
from corpora.ingest.page import About, Block, Table


def read(source: str, tmp_path: Path) -> list[Block]:
    """The blocks of a text."""
    path = tmp_path / "page.md"
    path.write_text(source)
    return [block for page in Markdown().pages(path) for block in page.blocks]


def test_a_text_is_read_in_order(tmp_path: Path) -> None:
    """Front matter is none of the text; numbers of lists are counted on as a viewer does."""
    blocks = read(
        """---
title: Panel
---
Panel FC-72
===========

See [the *sheet*](http://a.example/x.pdf) and ![wiring of zone 1](w.png),
then `RESET`.

1. Close
2. Open
   - the drain

     and wait
7. Done

## Code

```
RUN  1
```
""",
        tmp_path,
    )

    assert blocks == [
        Block("heading", "Panel FC-72", 1),
        Block("paragraph", "See the sheet and wiring of zone 1, then RESET."),
        Block("item", "1. Close", 1),
        Block("item", "2. Open", 1),
        Block("item", "the drain", 2),
        Block("item", "and wait", 2),
        Block("item", "3. Done", 1),
        Block("heading", "Code", 2),
        Block("code", "RUN 1"),
    ]


def test_tables_take_their_caption(tmp_path: Path) -> None:
    """A bar within a cell stays in it."""
    blocks = read("Table 2: Currents\n\n| Model | Amps |\n|---|:-:|\n| A \\| B | 0.3 |\n| C | |\n", tmp_path)

    assert [block.table for block in blocks] == [
        Table(("Model", "Amps"), (("A | B", "0.3"), ("C", "")), "Table 2: Currents")
    ]


def test_html_within_is_read_and_its_scripts_are_not(tmp_path: Path) -> None:
    """Manuals in Markdown write merged cells in HTML."""
    blocks = read(
        "a <b>b</b><script>no()</script> c<br>d\n\n<script>no()</script>\n\n"
        "<table><tr><th>K<th>V<tr><td rowspan=2>a<td>1<tr><td>2</table>\n",
        tmp_path,
    )

    assert blocks[0].text == "a b c d"
    assert [block.table for block in blocks[1:]] == [Table(("K", "V"), (("a", "1"), ("a", "2")))]


def test_the_front_matter_says_what_the_text_is(tmp_path: Path) -> None:
    """In YAML or TOML; else the first heading is the title."""
    path = tmp_path / "page.md"
    path.write_text('+++\ntitle = "FC-72"\nauthor = "Acme"\ndate = 2024-03-05\nlang = "en"\n+++\n# Other\n')
    assert Markdown().about(path) == About("FC-72", "Acme", "2024-03-05", "en")

    path.write_text("# FC-72\n\ntext")
    assert Markdown().about(path) == About("FC-72")


def test_depth_is_bounded(tmp_path: Path) -> None:
    """Quotes within quotes without end are cheap to write."""
    assert len(read(">" * 5000 + " deep\n\n" + "- " * 3000 + "deep", tmp_path)) < 100
