"""Datasheets as makers set them, made for the tests: every way of ruling a table, and what stands around one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fpdf import FPDF
from fpdf.fonts import FontFace

LOREM = (
    "The control valve shall be inspected for leakage and the gauge shall be read before the pump is returned to "
    "service. Where the reading differs from the nameplate the cause shall be found and corrected without delay. "
)
Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Question:
    """What a table answers."""

    page: int
    row: str
    """What stands in one of the row's cells."""
    column: str
    """The column's name; empty for a list of names and values."""
    answer: str
    also: str = ""
    """What another cell of the row must say, where rows share a name."""


def fresh(orientation: str = "portrait") -> FPDF:
    """A document with a first page in Letter format."""
    pdf = FPDF(orientation, "pt", "letter")
    pdf.set_margin(54)
    pdf.set_auto_page_break(auto=True, margin=60)
    pdf.add_page()
    pdf.set_font("helvetica", size=10)
    return pdf


def heading(pdf: FPDF, text: str, size: float = 14) -> None:
    """A bold line."""
    pdf.set_font("helvetica", style="B", size=size)
    pdf.multi_cell(0, size * 1.4, text, new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("helvetica", size=10)


def prose(pdf: FPDF, times: int = 2) -> None:
    """A paragraph."""
    pdf.multi_cell(0, 12.5, LOREM * times, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(8)


def caption(pdf: FPDF, text: str) -> None:
    """A line in italics over or under a table."""
    pdf.set_font("helvetica", style="I", size=9)
    pdf.multi_cell(0, 13, text, new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("helvetica", size=10)


def placed(pdf: FPDF, rows: Rows, lefts: Sequence[float], step: float = 14, right: Sequence[int] = ()) -> None:
    """Rows of words without a line; the columns named in `right` end at their places instead of beginning there."""
    for row in rows:
        y = pdf.get_y() + step
        for column, (cell, left) in enumerate(zip(row, lefts, strict=True)):
            pdf.text(left - pdf.get_string_width(cell) if column in right else left, y, cell)
        pdf.set_y(y)
    pdf.ln(step)


def electrical(path: Path) -> list[Question]:
    """All borders; a header of two rows whose first spans; the model spans the rows of its voltages; notes below."""
    pdf = fresh()
    heading(pdf, "Electrical Data")
    prose(pdf)
    caption(pdf, "Table 3. Electrical data, 50TCQ units")
    models = {
        "50TCQA04": [("208/230-1-60", "18.6", "25", "19.9", "30"), ("460-3-60", "8.9", "15", "9.4", "15")],
        "50TCQA05": [("208/230-1-60", "24.1", "35", "25.6", "40"), ("460-3-60", "10.2", "15", "10.8", "15")],
        "50TCQA06": [("208/230-1-60", "29.5", "45", "31.0", "50"), ("460-3-60", "12.7", "20", "13.3", "20")],
    }
    with pdf.table(
        borders_layout="ALL", num_heading_rows=2, text_align="CENTER", col_widths=(3, 3, 2, 2, 2, 2)
    ) as table:
        row = table.row()
        row.cell("Model", rowspan=2)
        row.cell("Voltage", rowspan=2)
        row.cell("Standard motor", colspan=2)
        row.cell("High static motor", colspan=2)
        row = table.row()
        for name in ("MCA", "MOCP", "MCA", "MOCP"):
            row.cell(name)
        for model, lines in models.items():
            for place, line in enumerate(lines):
                row = table.row()
                if place == 0:
                    row.cell(model, rowspan=len(lines))
                for cell in line:
                    row.cell(cell)
    pdf.set_font("helvetica", size=8)
    pdf.multi_cell(0, 11, "* MCA is the minimum circuit ampacity.", new_x="LMARGIN", new_y="NEXT")
    pdf.multi_cell(0, 11, "(1) Values at 80% of rated load.", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("helvetica", size=10)
    pdf.ln(10)
    prose(pdf)
    pdf.output(str(path))
    return [
        Question(1, "50TCQA04", "Standard motor / MCA", "18.6", "208/230-1-60"),
        Question(1, "50TCQA04", "High static motor / MOCP", "15", "460-3-60"),
        Question(1, "50TCQA05", "Standard motor / MOCP", "35", "208/230-1-60"),
        Question(1, "50TCQA05", "High static motor / MCA", "10.8", "460-3-60"),
        Question(1, "50TCQA06", "Standard motor / MCA", "29.5", "208/230-1-60"),
        Question(1, "50TCQA06", "High static motor / MOCP", "20", "460-3-60"),
    ]


def troubleshooting(path: Path, *, ruled: bool) -> list[Question]:
    """Every cell wraps; level lines between the rows, or blanks alone."""
    pdf = fresh()
    heading(pdf, "Troubleshooting")
    prose(pdf)
    rows = (
        ("Fault", "Probable cause", "Remedy"),
        ("Ground fault LED on", "Conductor touches the conduit or the enclosure", "Meter each loop to earth and lift "
         "the conductors one pair at a time until the fault clears"),
        ("Pump fails to start", "Controller switch stands in the off position or a fuse has blown", "Turn the selector "
         "to automatic and replace the fuse with one of the same rating"),
        ("Low suction pressure", "Strainer is clogged or the suction valve is throttled", "Clean the strainer and open "
         "the valve fully"),
        ("Trouble buzzer sounds", "Batteries are below 20.4 V under load", "Charge the batteries for 48 hours and test "
         "again, and replace them where they fail a second time"),
        ("Pump does not stop", "Pressure switch is set above what the pump reaches at churn", "Set the stop pressure "
         "below churn and verify the minimum run timer"),
    )  # fmt: skip
    with pdf.table(
        rows, borders_layout="HORIZONTAL_LINES" if ruled else "NONE", text_align="LEFT", v_align="TOP", line_height=12,
        col_widths=(2, 3, 4), padding=0 if ruled else (0, 0, 6, 0),
    ):  # fmt: skip
        pass
    pdf.output(str(path))
    return [Question(1, row[0], rows[0][column], row[column]) for row in rows[1:] for column in (1, 2)]


def friction(path: Path) -> list[Question]:
    """Three level lines, figures set to the right, many rows."""
    pdf = fresh()
    heading(pdf, "2.4 Friction loss", 12)
    caption(pdf, "Table 7 Friction loss in psi per 100 ft, C = 120")
    sizes = ("1", "1-1/4", "1-1/2", "2", "2-1/2", "3")
    rows = [
        (f"{flow}", *(f"{flow * flow / (2 + 3 * place) ** 3:.2f}" for place in range(6))) for flow in range(10, 110, 10)
    ]
    with pdf.table(borders_layout="SINGLE_TOP_LINE", text_align="RIGHT", col_widths=(2, 1, 1, 1, 1, 1, 1)) as table:
        table.row(("Flow (gpm)", *(f"{size} in" for size in sizes)))
        for row in rows:
            table.row(row)
    pdf.output(str(path))
    return [
        Question(1, row[0], f"{sizes[column]} in", row[column + 1])
        for row, column in zip(rows, (0, 1, 2, 3, 4, 5, 0, 2, 4, 1), strict=True)
    ]


def zebra(path: Path) -> list[Question]:
    """No line at all: a shaded header and every other row shaded."""
    pdf = fresh()
    heading(pdf, "Specifications")
    prose(pdf, 1)
    rows = (
        ("Part number", "Description", "Standby current", "Alarm current"),
        ("SD355", "Photoelectric smoke detector", "300 µA", "6.5 mA"),
        ("SD355T", "Photoelectric with thermal element", "300 µA", "6.5 mA"),
        ("H355", "Fixed temperature heat detector", "200 µA", "5.6 mA"),
        ("H355R", "Rate-of-rise heat detector", "200 µA", "5.6 mA"),
        ("MMF-300", "Addressable monitor module", "375 µA", "5.0 mA"),
        ("CMF-300", "Addressable control module", "390 µA", "6.8 mA"),
    )
    with pdf.table(
        rows, borders_layout="NONE", cell_fill_color=(224, 235, 255), cell_fill_mode="ROWS", text_align="LEFT",
        headings_style=FontFace(emphasis="BOLD", color=255, fill_color=(30, 60, 120)), col_widths=(2, 4, 2, 2),
    ):  # fmt: skip
        pass
    pdf.output(str(path))
    return [
        Question(1, "SD355", "Alarm current", "6.5 mA"),
        Question(1, "H355R", "Standby current", "200 µA"),
        Question(1, "MMF-300", "Standby current", "375 µA"),
        Question(1, "CMF-300", "Alarm current", "6.8 mA"),
        Question(1, "SD355T", "Description", "Photoelectric with thermal element"),
    ]


def general(path: Path) -> list[Question]:
    """A list of names and values without lines, between paragraphs; one value wraps."""
    pdf = fresh()
    heading(pdf, "Fire Pump Controller FTA1000", 18)
    prose(pdf)
    heading(pdf, "General Specifications", 11)
    rows = (
        ("Supply voltage", "208-600 VAC, 3 phase"), ("Control circuit", "24 VDC"),
        ("Operating temperature", "4 to 40 °C"),
        ("Enclosure", "NEMA 2, drip proof, with a locked door and"), ("", "a window over the disconnect"),
        ("Withstand rating", "100 kA at 480 V"), ("Weight", "186 lb"),
    )  # fmt: skip
    placed(pdf, rows, (60, 230), 13)
    prose(pdf)
    pdf.output(str(path))
    return [
        Question(1, "Supply voltage", "", "208-600 VAC, 3 phase"),
        Question(1, "Operating temperature", "", "4 to 40 °C"),
        Question(1, "Enclosure", "", "NEMA 2, drip proof, with a locked door and a window over the disconnect"),
        Question(1, "Weight", "", "186 lb"),
    ]


def columns(path: Path) -> list[Question]:
    """Two columns of text, a ruled table in the left and one without lines in the right."""
    pdf = fresh()
    heading(pdf, "Sprinkler Model TY-B")
    top = pdf.get_y()
    pdf.multi_cell(240, 12, LOREM * 3, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(6)
    left = (
        ("Temperature", "Bulb colour"),
        ("135 °F", "Orange"),
        ("155 °F", "Red"),
        ("175 °F", "Yellow"),
        ("200 °F", "Green"),
    )
    with pdf.table(left, width=240, align="LEFT", text_align="LEFT"):
        pass
    pdf.ln(6)
    pdf.multi_cell(240, 12, LOREM * 2, new_x="LMARGIN", new_y="NEXT")
    pdf.set_xy(318, top)
    pdf.multi_cell(240, 12, LOREM * 2, new_x="LEFT", new_y="NEXT")
    pdf.ln(6)
    pdf.set_font("helvetica", style="B", size=9)
    placed(pdf, (("K-factor", "Pressure", "Flow"),), (318, 400, 480))
    pdf.set_y(pdf.get_y() - 14)
    pdf.set_font("helvetica", size=9)
    right = (
        ("5.6", "7 psi", "14.8 gpm"),
        ("8.0", "7 psi", "21.2 gpm"),
        ("11.2", "9 psi", "33.6 gpm"),
        ("14.0", "10 psi", "44.3 gpm"),
    )
    placed(pdf, right, (318, 400, 480))
    pdf.set_xy(318, pdf.get_y() + 6)
    pdf.set_font("helvetica", size=10)
    pdf.multi_cell(240, 12, LOREM * 3)
    pdf.output(str(path))
    return [
        Question(1, "155 °F", "Bulb colour", "Red"),
        Question(1, "200 °F", "Bulb colour", "Green"),
        Question(1, "8.0", "Flow", "21.2 gpm"),
        Question(1, "11.2", "Pressure", "9 psi"),
        Question(1, "14.0", "Flow", "44.3 gpm"),
    ]


SCHEDULE = (
    ("Component", "Weekly", "Monthly", "Annually"),
    ("Control valves", "Inspect seal", "Inspect lock", "Operate"),
    ("Fire pump, diesel", "Run 30 min", "Check battery", "Flow test"),
    ("Fire pump, electric", "Run 10 min", "Check relay", "Flow test"),
    ("Dry pipe valve", "Read gauges", "Inspect exterior", "Trip test"),
)


def turned(path: Path) -> list[Question]:
    """A page turned by its own rotation, one whose text runs up the page, and an upright one."""
    pdf = fresh()
    pdf.page = 1
    heading(pdf, "Inspection Schedule")
    for row in range(len(SCHEDULE)):
        for column, cell in enumerate(SCHEDULE[row]):
            pdf.rect(60 + 120 * column, 120 + 20 * row, 120, 20)
            pdf.text(64 + 120 * column, 134 + 20 * row, cell)
    pdf.add_page()
    with pdf.rotation(90, 306, 396):
        for row in range(len(SCHEDULE)):
            for column, cell in enumerate((f"{SCHEDULE[row][0]} B" if row else "Component", *SCHEDULE[row][1:])):
                pdf.rect(60 + 120 * column, 220 + 20 * row, 120, 20)
                pdf.text(64 + 120 * column, 234 + 20 * row, cell)
    pdf.output(str(path))
    _rotate(path, 0, 90)
    return [
        Question(page, f"{row} B" if page == 2 else row, column, answer)
        for page in (1, 2)
        for row, column, answer in (
            ("Fire pump, diesel", "Weekly", "Run 30 min"),
            ("Fire pump, electric", "Monthly", "Check relay"),
            ("Dry pipe valve", "Annually", "Trip test"),
        )
    ]


def _rotate(path: Path, index: int, degrees: int) -> None:
    import pypdfium2

    with pypdfium2.PdfDocument(path.read_bytes()) as document:
        document[index].set_rotation(degrees)
        document.save(str(path))


def continued(path: Path, *, repeat: bool) -> list[Question]:
    """A table of eighty rows over three pages, its header said again on each or only once."""
    pdf = fresh()
    caption(pdf, "Table 12 Device addresses")
    rows = [
        (f"L1D{place:03d}", f"Zone {place // 8 + 1}", f"{100 + place * 3} ft", "Yes" if place % 3 else "No")
        for place in range(1, 81)
    ]
    with pdf.table(
        [("Address", "Zone", "Distance", "Supervised"), *rows],
        repeat_headings=int(repeat),
        text_align="LEFT",
        line_height=19,
    ):
        pass
    pdf.output(str(path))
    return [
        Question(page, rows[place][0], "Distance", rows[place][2])
        for page, place in ((1, 3), (1, 20), (2, 40), (2, 50), (3, 79))
    ]


def grouped(path: Path) -> list[Question]:
    """Only the columns are ruled and a line stands below the header; bold rows name groups; a note is marked."""
    pdf = fresh()
    heading(pdf, "Battery Calculations")
    widths, left, top, step = (150, 90, 90, 90), 60, 140, 15
    rows = (
        ("Device", "Quantity", "Standby (A)", "Alarm (A)"),
        ("Main board", "1", "0.120", "0.200"), ("Display", "1", "0.064", "0.100"), ("Loop card", "2", "0.100", "0.100"),
        ("Horn strobe 15 cd*", "12", "0", "0.948"), ("Horn strobe 75 cd", "4", "0", "0.704"),
        ("Relay module", "6", "0.0015", "0.039"),
    )  # fmt: skip
    for place, row in enumerate(rows):
        pdf.set_font("helvetica", style="B" if place == 0 else "", size=10)
        for column, cell in enumerate(row):
            pdf.text(left + sum(widths[:column]) + 5, top + step * place + 11, cell)
    bottom = top + step * len(rows)
    for column in range(5):
        pdf.line(left + sum(widths[:column]), top, left + sum(widths[:column]), bottom)
    for y in (top, top + step, bottom):
        pdf.line(left, y, left + sum(widths), y)
    pdf.set_font("helvetica", size=8)
    pdf.text(left, bottom + 12, "* At 24 VDC, temporal three.")
    pdf.output(str(path))
    return [
        Question(1, "Main board", "Alarm (A)", "0.200"),
        Question(1, "Loop card", "Quantity", "2"),
        Question(1, "Horn strobe 75 cd", "Alarm (A)", "0.704"),
        Question(1, "Relay module", "Standby (A)", "0.0015"),
        Question(1, "Display", "Standby (A)", "0.064"),
    ]


def torque(path: Path) -> list[Question]:
    """Narrow columns of figures without lines under a header of two rows, the upper one spanning."""
    pdf = fresh()
    heading(pdf, "Torque")
    pdf.set_font("helvetica", style="B", size=9)
    pdf.text(150, 110, "Torque (ft-lb)")
    pdf.set_y(110)
    lefts = (60, 175, 235, 300)
    placed(pdf, (("Bolt size", "Grade 2", "Grade 5", "Grade 8"),), lefts, 12, (1, 2, 3))
    pdf.set_y(pdf.get_y() - 12)
    pdf.set_font("helvetica", size=9)
    rows = (
        ("1/4", "4", "8", "12"),
        ("5/16", "9", "17", "24"),
        ("3/8", "16", "31", "44"),
        ("1/2", "39", "75", "110"),
        ("5/8", "83", "150", "210"),
    )
    placed(pdf, rows, lefts, 12, (1, 2, 3))
    prose(pdf)
    pdf.output(str(path))
    return [
        Question(1, "3/8", "Grade 5", "31"),
        Question(1, "1/2", "Grade 8", "110"),
        Question(1, "5/8", "Grade 2", "83"),
    ]


MAKERS: dict[str, Callable[[Path], list[Question]]] = {
    "electrical": electrical, "friction": friction, "zebra": zebra,
    "general": general, "columns": columns, "turned": turned, "grouped": grouped, "torque": torque,
    "troubleshooting": lambda path: troubleshooting(path, ruled=True),
    "faults": lambda path: troubleshooting(path, ruled=False),
    "continued": lambda path: continued(path, repeat=True), "unrepeated": lambda path: continued(path, repeat=False),
}  # fmt: skip
"""Name of a datasheet to what writes it and says what it answers."""
