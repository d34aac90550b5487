"""Web pages: headings, lists and tables in order, merged cells repeated, nothing that is not seen on the page."""

from pathlib import Path

import pytest

from corpora.errors import IngestError
from corpora.ingest.html import Html
from corpora.ingest.page import About, Block, Table


def read(source: str | bytes, tmp_path: Path) -> list[Block]:
    """The blocks of a page, whose body is given."""
    path = tmp_path / "page.html"
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    return [block for page in Html().pages(path) for block in page.blocks]


def said(source: str | bytes, tmp_path: Path) -> list[str]:
    """The texts of the blocks."""
    return [block.text for block in read(source, tmp_path)]


def test_headings_paragraphs_and_lists_stand_in_order_with_their_levels(tmp_path: Path) -> None:
    """Numbers of ordered lists are kept, also those that start late."""
    blocks = read(
        """<h1>Panel <em>FC-72</em></h1>intro<p>First<br>line.</p>
        <ol start=3><li>Close the valve.<li>Open<ul><li>the drain</ul>and wait</ol>
        <h2>Battery<a href="#battery">\u00b6</a></h2><dl><dt>Voltage<dd>24 VDC</dl><pre>RUN  1
        END</pre>""",
        tmp_path,
    )

    assert blocks == [
        Block("heading", "Panel FC-72", 1),
        Block("paragraph", "intro"),
        Block("paragraph", "First line."),
        Block("item", "3. Close the valve.", 1),
        Block("item", "4. Open", 1),
        Block("item", "the drain", 2),
        Block("item", "and wait", 1),
        Block("heading", "Battery", 2),
        Block("item", "Voltage: 24 VDC", 1),
        Block("code", "RUN 1\nEND"),
    ]


def test_merged_cells_are_repeated_and_header_rows_joined(tmp_path: Path) -> None:
    """A row can be read without the ones above it."""
    blocks = read(
        """<table><caption>Table 3. Electrical data</caption>
        <thead><tr><th rowspan=2>Model<th colspan=2>Electrical<tr><th>MCA<th>MOP</thead>
        <tr><td rowspan=2>A-1<td>12<td>20<tr><td>14<td>25<tr><td>B<td colspan=2>not rated</table>
        <p>1 At 25 degrees.</p>""",
        tmp_path,
    )

    assert [block.table for block in blocks] == [
        Table(
            header=("Model", "Electrical / MCA", "Electrical / MOP"),
            rows=(("A-1", "12", "20"), ("A-1", "14", "25"), ("B", "not rated", "not rated")),
            title="Table 3. Electrical data",
            notes=("1 At 25 degrees.",),
        )
    ]


def test_a_table_without_marked_header_has_the_one_it_looks_to_have(tmp_path: Path) -> None:
    """Names above figures are a header; a list of names and values has none."""
    header, keyed = read(
        """<table><tr><td>Model<td>Amps<td>Volts<tr><td>A<td>0.3<td>24<tr><td>B<td>0.5<td>24</table>
        <table><tr><td>Model<td>FC-72<tr><td>Voltage<td>24 VDC<tr><td>Colour<td>red</table>""",
        tmp_path,
    )

    assert header.table is not None
    assert header.table.header == ("Model", "Amps", "Volts")
    assert keyed.table is not None
    assert keyed.table.header == ()
    assert keyed.table.rows[0] == ("Model", "FC-72")


def test_a_table_that_only_places_things_is_walked(tmp_path: Path) -> None:
    """Old pages are tables from edge to edge; the data within still is a table."""
    blocks = read(
        "<table><tr><td><h2>Wiring</h2></td><td><p>Use class B.</p>"
        "<table><tr><th>Wire<th>Ohm<tr><td>14 AWG<td>2.5</table></td></tr></table>",
        tmp_path,
    )

    assert [block.kind for block in blocks] == ["heading", "paragraph", "table"]


def test_scripts_hidden_text_and_forms_are_never_read(tmp_path: Path) -> None:
    """What a reader of the page cannot see may be written to steer whoever quotes it."""
    texts = said(
        """<p>Seen<script>alert('no')</script></p><style>p{no}</style><noscript>no</noscript><template>no</template>
        <div hidden>no</div><div style="display: none">no</div><p aria-hidden=true>no</p><!-- no -->
        <iframe src="http://no"></iframe><button>no</button><svg><text>no</text></svg>""",
        tmp_path,
    )

    assert texts == ["Seen"]


def test_what_stands_around_the_main_text_is_dropped(tmp_path: Path) -> None:
    """Ways through the site are no part of the manual; a manual's own menus are."""
    texts = said(
        """<body><header><a href=/>Home</a><a href=/p>Products</a></header><nav>Manuals</nav>
        <div class="side-menu"><a href=1>One</a><a href=2>Two</a><a href=3>Three</a></div>
        <div id="cookie-notice">We use cookies. Accept?</div>
        <div class="menu-tree"><h2>Menu 3: Program</h2><p>Press ENTER to open the program menu.</p></div>
        <aside>Read also</aside><footer>Copyright</footer></body>""",
        tmp_path,
    )

    assert texts == ["Menu 3: Program", "Press ENTER to open the program menu."]


def test_a_page_that_names_its_main_text_is_believed(tmp_path: Path) -> None:
    """Unless hardly anything stands in what it names."""
    main = "<p>The battery is replaced every four years.</p>"

    assert said(f"<div>Around</div><main>{main}</main>", tmp_path) == ["The battery is replaced every four years."]
    assert len(said(f"<div>{main * 9}</div><main>x</main>", tmp_path)) == 10


def test_powers_fractions_and_ligatures_mean_what_they_meant(tmp_path: Path) -> None:
    """Ten squared must not become 102, nor one and a half eleven halves."""
    texts = said(
        "<p>10<sup>2</sup> ft<sup>2</sup>, 1\u00bd in, years<sup>1</sup>, \ufb01re\u00a0pump, so\u00adlid", tmp_path
    )

    assert texts == ["10^2 ft2, 1 1/2 in, years [1], fire pump, solid"]


@pytest.mark.parametrize(
    "source",
    [
        "<meta charset=windows-1252><p>Pr\u00fcfung".encode("cp1252"),
        "<p>Pr\u00fcfung".encode(),
        "<p>Pr\u00fcfung".encode("utf-16"),
        "<meta charset=nonsense><p>Pr\u00fcfung".encode(),
    ],
)
def test_the_encoding_is_found(source: bytes, tmp_path: Path) -> None:
    """By what the page says, by its mark, by what fits."""
    assert said(source, tmp_path) == ["Pr\u00fcfung"]


def test_the_head_says_what_the_page_is(tmp_path: Path) -> None:
    """Title, author, date and language, as far as they are given."""
    path = tmp_path / "page.html"
    path.write_text(
        "<html lang=en-US><head><title> FC-72 &amp; co </title><meta name=author content=Acme>"
        '<meta property="article:published_time" content="2024-03-05T10:00"></head><body>x</body></html>'
    )

    assert Html().about(path) == About("FC-72 & co", "Acme", "2024-03-05", "en-US")


def test_external_entities_are_not_fetched(tmp_path: Path) -> None:
    """A declaration in a page does nothing."""
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    texts = said(f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{secret}">]><html><body><p>a &x; b</p>', tmp_path)

    assert "the secret" not in " ".join(texts)


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 20_000 + "deep",
        "<b>" * 20_000 + "deep",
        "<table><tr>" + "<td rowspan=9999 colspan=9999>x" * 300 + "</table>",
        "<ul>" * 5000 + "<li>deep",
        "<p>" + "&#xd800;\ufffe" * 10,
    ],
    ids=["divs", "inline", "spans", "lists", "surrogates"],
)
def test_hostile_shapes_are_bounded(source: str, tmp_path: Path) -> None:
    """Depth and spans are what an attacker can write cheaply."""
    try:
        blocks = read(source, tmp_path)
    except IngestError:
        return
    assert len(blocks) < 10_000
    for block in blocks:
        assert block.table is None or len(block.table.rows) * len(block.table.rows[0]) < 100_000
