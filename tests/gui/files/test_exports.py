"""What leaves the window: on paper it can be read, in files it is its owner's alone."""

from __future__ import annotations

import os
import re
import zlib
from pathlib import Path

import pytest
from PySide6.QtGui import QPageSize, QPainter, QPdfWriter
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from core.domain.models import BookingRow
from core.domain.status import Group
from gui.dialogs.export import ExportDay
from gui.dialogs.import_files import ExportForImport
from gui.dialogs.printing import PrintDay
from gui.files.pdf import save_pdf, with_language
from gui.files.printing import PrintedDay, _Sheets
from gui.preferences.file import PreferencesFile
from tests.builders import NOON
from tests.gui.conftest import Show, british
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_row, a_troubled_row, a_waiting_row

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
LETTER = QPageSize(QPageSize.PageSizeId.Letter)
POSIX = os.name == "posix"


def a_day(rows: list[BookingRow]) -> PrintedDay:
    return PrintedDay("Monday 23 November 2026", "LibCal was asked at 12:00 · All places", rows)


def saved(folder: Path, rows: list[BookingRow]) -> tuple[bytes, int]:
    file = folder / "day.pdf"
    pages = save_pdf(file, a_day(rows), british(), LETTER)
    return file.read_bytes(), pages


def streams(pdf: bytes) -> list[bytes]:
    """What is drawn on the pages."""
    found = re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    unpacked = []
    for one in found:
        try:
            unpacked.append(zlib.decompress(one.strip(b"\r\n")))
        except zlib.error:
            continue
    return [one for one in unpacked if b" Tf" in one]


def points_of_letters(page: bytes) -> list[float]:
    """The sizes of type on a page, in points of paper."""
    scale = max(float(found) for found in re.findall(rb"^([0-9.]+) 0 0 -[0-9.]+ ", page, re.M))
    return [float(size) * scale for size in re.findall(rb"/F\d+ ([0-9.]+) Tf", page)]


def test_no_letter_on_paper_is_smaller_than_nine_points(qtbot: QtBot, tmp_path: Path) -> None:
    pdf, _ = saved(tmp_path, [a_row(f"r{at}") for at in range(60)])
    sizes = [size for page in streams(pdf) for size in points_of_letters(page)]
    assert len(sizes) > 60
    assert min(sizes) >= 8.9


def test_each_page_has_its_header_and_says_which_of_how_many_it_is(
    qtbot: QtBot, tmp_path: Path
) -> None:
    pdf, pages = saved(tmp_path, [a_row(f"r{at}") for at in range(60)])
    assert pages > 1
    assert re.search(rb"/Count (\d+)", pdf)[1] == str(pages).encode()  # type: ignore[index]
    assert len(streams(pdf)) == pages
    most = max(max(points_of_letters(page)) for page in streams(pdf))
    assert all(max(points_of_letters(page)) == most for page in streams(pdf))  # the title


@pytest.mark.parametrize(
    "name",
    ["Papadopoulou-Featherstonehaugh, Maximiliana", "Llanfairpwllgwyngyllgogery" * 2, "王" * 60],
)
def test_of_a_name_that_is_wider_than_its_column_nothing_is_cut(
    qtbot: QtBot, tmp_path: Path, name: str
) -> None:
    writer = QPdfWriter(str(tmp_path / "day.pdf"))
    painter = QPainter(writer)
    seats = " · ".join(f"Seat {number}" for number in range(1, 9))
    day = PrintedDay("Monday", "", [a_row("r1", name=name, sort_name=name, seats=seats)])
    sheets = _Sheets(painter, writer.width(), writer.height(), day, british())
    [[line]] = sheets._pages
    for at, text in enumerate(line.cells):
        parts = re.split("[ \u200b]|(?<=-)", text)
        widest = max(map(sheets._metrics[at].horizontalAdvance, parts))
        assert widest <= sheets._columns[at] - sheets._gap + 1, (at, text)
    assert line.cells[1].replace("\u200b", "") == name
    painter.end()


def test_a_day_without_bookings_is_a_page_too(qtbot: QtBot, tmp_path: Path) -> None:
    assert saved(tmp_path, [])[1] == 1


def test_the_pdf_has_a_title_and_a_language_and_is_whole(qtbot: QtBot, tmp_path: Path) -> None:
    pdf, _ = saved(tmp_path, [a_row()])
    title = "Monday 23 November 2026".encode("utf-16-be")
    assert title in pdf.replace(b"\\", b"") or b"Monday 23 November 2026" in pdf
    assert pdf.count(b"/Lang (en)") == 1
    table = int(re.findall(rb"startxref\n(\d+)", pdf)[-1])
    assert pdf[table:].startswith(b"xref\n")
    number, at = re.search(rb"xref\n(\d+) 1\n(\d+) ", pdf[table:]).groups()  # type: ignore[union-attr]
    assert pdf[int(at) :].startswith(number + b" 0 obj")
    assert b"/Type /Catalog" in pdf[int(at) :]
    assert with_language(b"something else") == b"something else"


def test_what_was_saved_is_said_with_its_place_and_is_its_owners_alone(
    qtbot: QtBot, show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = show(FakeEngine([a_row("r1"), a_troubled_row("r2"), a_waiting_row("r3")]))
    asked: list[str] = []

    def choose(_parent: object, _title: str, suggested: str, _kind: str) -> tuple[str, str]:
        asked.append(suggested)
        return str(tmp_path / Path(suggested).name), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    shown.window.menus.file.export()
    [csv] = shown.window.findChildren(ExportDay)
    csv.save.click()
    file = tmp_path / "LibCal2PP 2026-11-23.csv"
    assert csv.text.text() == f"Saved: {file}"
    if POSIX:
        assert file.stat().st_mode & 0o777 == 0o600
    shown.window.menus.file.print()
    [pdf] = shown.window.findChildren(PrintDay)
    pdf.save.click()
    assert Path(asked[1]) == tmp_path / "LibCal2PP 2026-11-23.pdf"  # in the last folder
    assert pdf.text.text() == f"Saved: {tmp_path / 'LibCal2PP 2026-11-23.pdf'}"


def test_what_is_printed_says_as_of_when_which_place_and_which_filter(show: Show) -> None:
    shown = show(FakeEngine([a_row("r1"), a_troubled_row("r2")]))
    window = shown.window
    window.finder.show_todo()
    window.menus.file.print()
    [dialog] = window.findChildren(PrintDay)
    assert dialog._day.title == "Monday, 23 November 2026"
    assert dialog._day.about == (
        "LibCal was asked at 12:00 · All places · To do · All day · 1 of 2 bookings"
    )
    assert [row.group for row in dialog._day.rows] == [Group.NEEDS_PERSON]


def test_files_that_were_open_to_all_are_closed(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    shown = show(FakeEngine([a_waiting_row("r1")]))
    old = tmp_path / "Main Desk 2026-11-23 12.00.txt"
    old.write_text("old")
    old.chmod(0o644)
    shown.window.menus.file.export_for_import()
    [dialog] = shown.window.findChildren(ExportForImport)
    qtbot.waitUntil(dialog.save.isEnabled)
    dialog.write(tmp_path)
    assert f"in {tmp_path}" in dialog.text.text()
    if POSIX:
        assert old.stat().st_mode & 0o777 == 0o600


def test_the_last_folder_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "window.json"
    PreferencesFile(file).change(export_folder=str(tmp_path))
    assert PreferencesFile(file).current.export_folder == str(tmp_path)


def test_a_folder_that_cannot_be_written_to_is_said(show: Show, tmp_path: Path) -> None:
    shown = show(FakeEngine([a_row()]))
    shown.window.menus.file.export()
    [dialog] = shown.window.findChildren(ExportDay)
    dialog.write(tmp_path / "missing" / f"{NOON:%Y}.csv")
    assert dialog.text.text().startswith("It can't be written there: ")
