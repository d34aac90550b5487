"""More datasheets for the tests, made after the reader was, in the ways in which the first ones are not ruled."""

from collections.abc import Callable
from pathlib import Path

from tests.fakes.datasheets import LOREM, Question, caption, fresh, heading, placed, prose


def inner(path: Path) -> list[Question]:
    """Lines between cells only, no rim; a second table follows at once."""
    pdf = fresh()
    heading(pdf, "Hydraulic Data")
    caption(pdf, "Table 1 - Nominal pressure drop")
    first = (
        ("Valve size", "Flow 500 gpm", "Flow 1,000 gpm", "Flow 1,500 gpm"),
        ("4 in (100 mm)", "2.1 psi", "8.4 psi", "18.9 psi"),
        ("6 in (150 mm)", "0.6 psi", "2.2 psi", "5.0 psi"),
        ("8 in (200 mm)", "0.2 psi", "0.7 psi", "1.6 psi"),
    )
    with pdf.table(first, borders_layout="INTERNAL", text_align="CENTER"):
        pass
    pdf.ln(8)
    caption(pdf, "Table 2 - Trim settings")
    second = (
        ("Valve size", "Air pressure", "Trip ratio"),
        ("4 in (100 mm)", "30 psi", "5.5:1"),
        ("6 in (150 mm)", "35 psi", "6.0:1"),
    )
    with pdf.table(second, borders_layout="MINIMAL", text_align="LEFT"):
        pass
    pdf.output(str(path))
    return [
        Question(1, "4 in (100 mm)", "Flow 1,000 gpm", "8.4 psi"),
        Question(1, "8 in (200 mm)", "Flow 1,500 gpm", "1.6 psi"),
        Question(1, "6 in (150 mm)", "Air pressure", "35 psi"),
        Question(1, "4 in (100 mm)", "Trip ratio", "5.5:1"),
    ]


def wide(path: Path) -> list[Question]:
    """Landscape, nine columns in small type, names of columns in up to three lines, many rows, only columns ruled."""
    pdf = fresh("landscape")
    pdf.set_font("helvetica", size=7)
    names = (
        "Catalog number", "Motor horse-power", "Full load current (A)", "Locked rotor current (A)",
        "Short circuit rating (kA)", "Breaker trip (A)", "Weight (lb)", "Shipping volume (cu ft)", "Drawing",
    )  # fmt: skip
    rows = [
        (f"FTA-{100 + place}", f"{place * 5}", f"{place * 6.4:.1f}", f"{place * 36}", "100" if place < 9 else "65",
         f"{place * 8 + 15}", f"{170 + place * 4}", f"{4.2 + place / 10:.1f}", f"DR-{3000 + place}")
        for place in range(1, 19)
    ]  # fmt: skip
    with pdf.table([names, *rows], borders_layout="NO_HORIZONTAL_LINES", text_align="CENTER", line_height=10):
        pass
    pdf.output(str(path))
    return [
        Question(1, "FTA-103", "Locked rotor current (A)", "108"),
        Question(1, "FTA-110", "Short circuit rating (kA)", "65"),
        Question(1, "FTA-118", "Shipping volume (cu ft)", "6.0"),
        Question(1, "FTA-101", "Drawing", "DR-3001"),
        Question(1, "FTA-107", "Full load current (A)", "44.8"),
    ]


def catalogue(path: Path) -> list[Question]:
    """No lines; bold rows name groups, some cells are empty, figures are set to the right."""
    pdf = fresh()
    heading(pdf, "Ordering Information")
    prose(pdf, 1)
    lefts, right = (60, 150, 400, 470, 540), (2, 3, 4)
    pdf.set_font("helvetica", style="B", size=9)
    placed(pdf, (("Part No.", "Description", "Volts", "Candela", "Current"),), lefts, 13, right)
    pdf.set_y(pdf.get_y() - 13)
    groups = {
        "Indoor": (
            ("P2RL", "2-wire horn strobe, wall, red", "24", "15-185", "0.069"),
            ("P2WL", "2-wire horn strobe, wall, white", "24", "15-185", "0.069"),
            ("HRL", "Horn, red", "24", "", "0.027"),
        ),
        "Outdoor": (
            ("P2RHK", "Horn strobe, wall, high candela", "24", "135-185", "0.116"),
            ("HRK", "Horn, red, sealed", "12", "", "0.031"),
        ),
    }  # fmt: skip
    for name, rows in groups.items():
        pdf.set_font("helvetica", style="B", size=9)
        placed(pdf, ((name,),), lefts[:1], 13)
        pdf.set_y(pdf.get_y() - 13)
        pdf.set_font("helvetica", size=9)
        placed(pdf, rows, lefts, 13, right)
        pdf.set_y(pdf.get_y() - 13)
    pdf.ln(30)
    prose(pdf)
    pdf.output(str(path))
    return [
        Question(1, "P2WL", "Current", "0.069"),
        Question(1, "HRL", "Volts", "24"),
        Question(1, "HRL", "Candela", ""),
        Question(1, "P2RHK", "Candela", "135-185"),
        Question(1, "HRK", "Description", "Horn, red, sealed"),
    ]


def front(path: Path) -> list[Question]:
    """The front of a datasheet: two lists of names and values side by side."""
    pdf = fresh()
    heading(pdf, "MS-9200UDLS Fire Alarm Control Panel", 18)
    prose(pdf, 1)
    top = pdf.get_y()
    electrical = (
        ("AC power", "120 VAC, 3.66 A"),
        ("Output", "24 VDC, 6 A"),
        ("Battery", "7 to 18 AH"),
        ("SLC", "24 V"),
    )
    mechanical = (
        ("Height", "20.00 in"), ("Width", "16.65 in"), ("Depth", "5.25 in"), ("Weight", "29 lb"), ("Colour", "Red")
    )  # fmt: skip
    for left, title, rows in ((54, "Electrical", electrical), (320, "Mechanical", mechanical)):
        pdf.set_xy(left, top)
        pdf.set_font("helvetica", style="B", size=11)
        pdf.text(left, top + 10, title)
        pdf.set_y(top + 14)
        pdf.set_font("helvetica", size=9)
        placed(pdf, rows, (left, left + 90), 13)
    pdf.set_y(top + 120)
    prose(pdf)
    pdf.output(str(path))
    return [
        Question(1, "AC power", "", "120 VAC, 3.66 A"),
        Question(1, "Battery", "", "7 to 18 AH"),
        Question(1, "Height", "", "20.00 in"),
        Question(1, "Weight", "", "29 lb"),
        Question(1, "Colour", "", "Red"),
    ]


def narrow(path: Path) -> list[Question]:
    """Three columns of text, a ruled table in the middle one; the header is plain and unshaded."""
    pdf = fresh()
    heading(pdf, "Installation")
    top = pdf.get_y()
    rows = (("Pipe", "Hanger"), ("1 in", "12 ft"), ("2 in", "15 ft"), ("3 in", "15 ft"))
    for place in range(3):
        left = 54 + place * 172
        pdf.set_xy(left, top)
        pdf.set_left_margin(left)
        pdf.set_font("helvetica", size=9)
        pdf.multi_cell(158, 11, LOREM * 2, new_x="LMARGIN", new_y="NEXT")
        if place == 1:
            pdf.ln(4)
            with pdf.table(rows, width=158, align="LEFT", text_align="LEFT", first_row_as_headings=False):
                pass
            pdf.ln(6)
        pdf.multi_cell(158, 11, LOREM * 2, new_x="LMARGIN", new_y="NEXT")
    pdf.output(str(path))
    return [Question(1, "2 in", "Hanger", "15 ft"), Question(1, "1 in", "Hanger", "12 ft")]


def compared(path: Path) -> list[Question]:
    """Level lines only, one-line rows, a column of words that wraps in some of them, a unit column."""
    pdf = fresh()
    heading(pdf, "4.2 Performance")
    rows = (
        ("Characteristic", "Condition", "Min", "Max", "Unit"),
        ("Supply voltage", "All modes", "15", "32", "VDC"),
        (
            "Standby current",
            "No communication, LED off, and with the relay base fitted to the detector",
            "200",
            "350",
            "µA",
        ),
        ("Alarm current", "LED on", "", "6.5", "mA"),
        ("Air velocity", "", "0", "4,000", "ft/min"),
        ("Humidity", "Without condensation", "10", "93", "%"),
    )
    with pdf.table(rows, borders_layout="HORIZONTAL_LINES", text_align="LEFT", col_widths=(3, 4, 1, 1, 1)):
        pass
    pdf.output(str(path))
    return [
        Question(1, "Supply voltage", "Max", "32"),
        Question(1, "Standby current", "Min", "200"),
        Question(1, "Standby current", "Condition", rows[2][1]),
        Question(1, "Alarm current", "Max", "6.5"),
        Question(1, "Alarm current", "Min", ""),
        Question(1, "Air velocity", "Unit", "ft/min"),
    ]


def broken(path: Path) -> list[Question]:
    """A table without lines that goes on over a page, its header once; and a row of two lines."""
    pdf = fresh()
    prose(pdf, 8)
    pdf.set_font("helvetica", style="B", size=10)
    placed(pdf, (("Event code", "Meaning", "Action"),), (60, 150, 360))
    pdf.set_y(pdf.get_y() - 14)
    pdf.set_font("helvetica", size=10)
    for place in range(1, 56):
        if pdf.get_y() > 700:
            pdf.add_page()
        placed(pdf, ((f"E{place:02d}", f"Fault in loop {place}", f"Check card {place % 7 + 1}"),), (60, 150, 360))
        pdf.set_y(pdf.get_y() - 14)
    pdf.output(str(path))
    return [
        Question(1, "E05", "Action", "Check card 6"),
        Question(1, "E20", "Meaning", "Fault in loop 20"),
        Question(2, "E45", "Action", "Check card 4"),
        Question(2, "E55", "Meaning", "Fault in loop 55"),
    ]


MAKERS: dict[str, Callable[[Path], list[Question]]] = {
    "inner": inner, "wide": wide, "catalogue": catalogue, "front": front, "narrow": narrow, "compared": compared,
    "broken": broken,
}  # fmt: skip
"""Name of a datasheet to what writes it and says what it answers."""
