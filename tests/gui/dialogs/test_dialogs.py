"""The dialogs, each with a real worker thread where it asks the engine."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from core import VERSION
from core.domain.models import CleanUpPlan, HistoryEntry
from core.domain.status import Action, PassState
from core.services.findings import Finding
from gui.dialogs.about import About
from gui.dialogs.activity import ActivityDialog
from gui.dialogs.cache import CleanUp, ForgetPerson, HeldAbout
from gui.dialogs.columns import ChooseColumns
from gui.dialogs.elsewhere import LookElsewhere, WhoIsThis
from gui.dialogs.ended import EndedUnregistered
from gui.dialogs.export import ExportDay
from gui.dialogs.persons import ByHand, ChoosePerson
from gui.dialogs.report import CheckList
from gui.dialogs.saving import ExportFolder
from gui.looks.theme import Theme
from gui.preferences.file import PreferencesFile
from gui.preferences.geometry import keep_geometry, restore_geometry
from tests.builders import NOON, a_booking, a_patron
from tests.gui.conftest import Show, Shown, british
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_pass_row, a_row

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

FOLDER = ExportFolder(PreferencesFile(None))


def button(dialog: QWidget, text: str) -> QPushButton:
    return next(one for one in dialog.findChildren(QPushButton) if one.text() == text)


def test_clean_up_shows_first_what_will_go(qtbot: QtBot, show: Show) -> None:
    shown = show(FakeEngine())
    dialog = CleanUp(shown.window, shown.worker, british())
    dialog.open()
    qtbot.waitUntil(lambda: "3 past bookings" in dialog.text.text())
    assert shown.engine.plan.bookings == 3
    dialog.remove.click()
    qtbot.waitUntil(lambda: "Removed: 3 past bookings and 2 people" in dialog.text.text())


def test_clean_up_with_nothing_to_remove_has_no_button_to_press(qtbot: QtBot, show: Show) -> None:
    engine = FakeEngine()
    engine.plan = CleanUpPlan(kept_waiting=1)
    shown = show(engine)
    dialog = CleanUp(shown.window, shown.worker, british())
    dialog.open()
    qtbot.waitUntil(lambda: "nothing to remove" in dialog.text.text())
    assert "1 past booking" in dialog.text.text()
    assert not dialog.remove.isEnabled()


def test_forgetting_names_the_person_and_what_goes_before_anything_does(
    qtbot: QtBot, show: Show
) -> None:
    shown = show(FakeEngine())
    dialog = ForgetPerson(shown.window, shown.worker, "G12345678")
    dialog.open()
    qtbot.waitUntil(dialog.go.isEnabled)
    assert dialog.text.text().startswith("Priya Patel. This will go: 2 bookings, 1 visit that was")
    assert dialog.go.text() == "Forget Priya Patel"
    assert dialog.cancel.hasFocus()
    assert shown.engine.forgotten == []
    dialog.person.setText("G1234567")
    assert not dialog.go.isEnabled()
    dialog.person.setText("G12345678")
    dialog.look.click()
    qtbot.waitUntil(dialog.go.isEnabled)
    dialog.go.click()
    qtbot.waitUntil(lambda: "not reached" in dialog.text.text())
    assert shown.engine.forgotten == ["G12345678"]


def test_somebody_unknown_cannot_be_forgotten(qtbot: QtBot, show: Show) -> None:
    shown = show(FakeEngine())
    dialog = ForgetPerson(shown.window, shown.worker, "G99999999")
    dialog.open()
    qtbot.waitUntil(lambda: "Nothing is held" in dialog.text.text())
    assert not dialog.go.isEnabled()


def test_nobody_is_forgotten_without_being_named(show: Show) -> None:
    shown = show(FakeEngine())
    dialog = ForgetPerson(shown.window, shown.worker)
    assert not dialog.go.isEnabled()
    dialog.deleteLater()


def test_what_is_held_is_in_local_time_and_can_be_copied_saved_and_printed(
    qtbot: QtBot, show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = show(FakeEngine())
    dialog = HeldAbout(shown.window, shown.worker, british(), FOLDER, "Priya Patel")
    dialog.open()
    qtbot.waitUntil(lambda: "University ID: Priya Patel" in dialog.body.toPlainText())
    assert "Alma answered: Mon, 23 Nov 12:00" in dialog.body.toPlainText()
    assert "UTC" not in dialog.body.toPlainText()
    assert dialog.body.width() >= 600
    dialog.copy.click()
    assert QGuiApplication.clipboard().text() == dialog.body.toPlainText()
    dialog.write(tmp_path / "held.txt")
    assert "Bookings: 2" in (tmp_path / "held.txt").read_text("utf-8")
    assert str(tmp_path / "held.txt") in dialog.text.text()
    titles: list[str] = []

    def accept(asked: QPrintDialog) -> QDialog.DialogCode:
        asked.printer().setOutputFileName(str(tmp_path / "held.pdf"))
        titles.append(asked.printer().docName())
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(QPrintDialog, "exec", accept)
    dialog.to_paper.click()
    assert (tmp_path / "held.pdf").read_bytes().startswith(b"%PDF")
    assert titles == [dialog.windowTitle()]


def activity(shown: Shown, *, hides: bool = False) -> ActivityDialog:
    dialog = ActivityDialog(shown.window, shown.worker, british(), FOLDER, hides=hides)
    dialog.open()
    return dialog


def test_the_activity_log_says_about_whom_and_is_filtered_by_person_and_kind(
    qtbot: QtBot, show: Show
) -> None:
    engine = FakeEngine([a_row("r1")])
    engine.log = [
        HistoryEntry(NOON, "Registered.", who="anna", row_id="r1"),
        HistoryEntry(NOON, "Clean-up removed 1 past booking.", who="LibCal2PP"),
    ]
    dialog = activity(show(engine))
    qtbot.waitUntil(lambda: "Priya Patel  Registered.  (anna)" in dialog.body.toPlainText())
    dialog.who.setCurrentText("anna")
    assert "Clean-up" not in dialog.body.toPlainText()
    dialog.who.setCurrentIndex(0)
    dialog.kind.setCurrentText("About the program")
    assert dialog.body.toPlainText().endswith("Clean-up removed 1 past booking.  (LibCal2PP)")
    assert "Priya" not in dialog.body.toPlainText()
    dialog.kind.setCurrentIndex(0)
    dialog.filter.setText("patel")
    assert dialog.body.toPlainText().count("\n") == 0
    assert dialog.save.isVisible()


def test_the_activity_log_names_nobody_while_personal_data_is_hidden(
    qtbot: QtBot, show: Show
) -> None:
    engine = FakeEngine([a_row("r1")])
    engine.log = [HistoryEntry(NOON, "Registered for Priya Patel.", row_id="r1")]
    dialog = activity(show(engine), hides=True)
    qtbot.waitUntil(lambda: "P. P.  Registered for P. P." in dialog.body.toPlainText())
    assert "Priya" not in dialog.body.toPlainText()


def test_about_says_which_version_it_is(show: Show) -> None:
    window = show(FakeEngine()).window
    notice = About(window)
    assert notice.text.text().startswith(f"LibCal2PP {VERSION} ")
    notice.deleteLater()


def test_a_person_is_chosen_from_the_list_or_by_number(qtbot: QtBot, show: Show) -> None:
    row = a_pass_row(PassState.CHOOSE_PERSON, Action.CHOOSE)
    dialog = ChoosePerson(show(FakeEngine()).window, row, [("1375", "Student")])
    dialog.open()
    assert not dialog.take.isEnabled()
    dialog.list.setCurrentRow(0)
    with qtbot.waitSignal(dialog.chosen) as chosen:
        dialog.take.click()
    assert chosen.args == ["1375"]


def test_by_hand_is_done_only_when_staff_say_so(qtbot: QtBot, show: Show) -> None:
    dialog = ByHand(show(FakeEngine()).window, a_row(), british())
    dialog.open()
    with qtbot.assertNotEmitted(dialog.confirmed):
        button(dialog, "Cancel").click()


def test_export_is_written_as_utf8(show: Show, tmp_path: Path) -> None:
    dialog = ExportDay(
        show(FakeEngine()).window, [a_row(name="Łukasz")], NOON.date(), british(), FOLDER
    )
    dialog.write(tmp_path / "day.csv")
    assert "Łukasz" in (tmp_path / "day.csv").read_text(encoding="utf-8-sig")
    dialog.deleteLater()


def test_export_that_cannot_be_written_says_so(show: Show, tmp_path: Path) -> None:
    dialog = ExportDay(show(FakeEngine()).window, [], NOON.date(), british(), FOLDER)
    dialog.write(tmp_path / "no" / "day.csv")
    assert "can't be written" in dialog.text.text()
    dialog.deleteLater()


def test_columns_are_hidden_moved_and_remembered(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    file = tmp_path / "window.json"
    window = show(FakeEngine(), preferences=file).window
    dialog = ChooseColumns(window, window.table.columns())
    dialog.chosen.connect(window.menus._set_columns)
    dialog.list.setCurrentRow(1)
    button(dialog, "Up").click()
    dialog.take.click()
    assert window.table.columns()[:2] == ("person", "time")
    again = show(FakeEngine(), preferences=file).window
    assert again.table.columns() == window.table.columns()


def test_columns_have_one_word_in_the_table_and_where_they_are_chosen(show: Show) -> None:
    window = show(FakeEngine()).window
    dialog = ChooseColumns(window, window.table.columns())
    offered = {dialog.list.item(at).text() for at in range(dialog.list.count())}
    said, across = Qt.ItemDataRole.AccessibleTextRole, Qt.Orientation.Horizontal
    shown = range(window.model.columnCount())
    heads = {window.model.headerData(at, across, said).partition(",")[0] for at in shown}
    assert "What to do" in heads
    assert heads <= offered
    dialog.deleteLater()


def test_columns_moved_by_mouse_are_remembered(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    file = tmp_path / "window.json"
    window = show(FakeEngine(), preferences=file).window
    window.table.horizontalHeader().moveSection(1, 0)
    again = show(FakeEngine(), preferences=file).window
    assert again.table.columns()[:2] == ("person", "time")


def test_the_window_opens_where_it_was_and_as_large(
    qtbot: QtBot, show: Show, tmp_path: Path
) -> None:
    file = tmp_path / "window.json"
    assert show(FakeEngine(), preferences=file).window.close()
    assert PreferencesFile(file).current.geometry
    # A small one: Qt keeps what it restores on the screen, and this one has 800 x 800.
    first, again = QWidget(), QWidget()
    first.resize(555, 333)
    keep_geometry(first, PreferencesFile(file))
    restore_geometry(again, PreferencesFile(file))
    assert again.size() == QSize(555, 333)


def test_at_the_first_start_the_window_fits_the_screen(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    restore_geometry(window, PreferencesFile(None))
    assert window.isMaximized()  # this screen has 800 x 800
    room = window.screen().availableSize()
    assert room.width() > window.width()
    assert room.height() > window.height()


def test_nobody_found_today_may_be_found_at_another_place_or_day(qtbot: QtBot, show: Show) -> None:
    engine = FakeEngine([a_row()])
    engine.elsewhere = [a_booking(location_name="Science Library", seats=("Room 7",))]
    window = show(engine).window
    window.header.search.setText("quill")
    qtbot.waitUntil(lambda: window.view.empty.elsewhere.isVisible())
    window.view.empty.elsewhere.click()
    [dialog] = window.findChildren(LookElsewhere)
    qtbot.waitUntil(lambda: dialog.list.count() == 1)
    said = dialog.list.item(0).text()
    assert "Priya Patel" in said
    assert "Science Library · Room 7" in said
    assert engine.looked_for == ["quill"]


def test_a_barcode_that_nobody_booked_with_is_offered_to_alma(qtbot: QtBot, show: Show) -> None:
    engine = FakeEngine([a_row()])
    engine.patron = a_patron("22829999")
    window = show(engine).window
    window.header.search.setText("zzz")
    qtbot.waitUntil(lambda: window.view.empty.isVisible())
    assert not window.view.empty.alma.isVisible()
    window.header.search.setText("22829999")
    qtbot.waitUntil(lambda: window.view.empty.alma.isVisible())
    window.view.empty.alma.click()
    [dialog] = window.findChildren(WhoIsThis)
    qtbot.waitUntil(lambda: "Priya Patel" in dialog.text.text())
    assert engine.looked_for == ["22829999"]


def test_lines_that_come_later_are_not_cut_off(qtbot: QtBot, show: Show) -> None:
    dialog = CheckList(show(FakeEngine()).window, Theme())
    dialog.open()
    low = dialog.height()
    long = "Alma refuses the key of the zone Main. Ask IT for a key that may read users. " * 3
    dialog.show_results([Finding("Alma", False, long)] * 4)
    qtbot.waitUntil(lambda: dialog.height() > low)
    lines = [one for one in dialog.findChildren(QLabel) if one.text().startswith("Alma")]
    qtbot.waitUntil(lambda: all(one.height() >= one.heightForWidth(one.width()) for one in lines))


def test_what_is_higher_than_the_screen_scrolls_with_the_buttons_in_sight(
    qtbot: QtBot, show: Show
) -> None:
    dialog = CheckList(show(FakeEngine()).window, Theme())
    dialog.open()
    dialog.show_results([Finding("Alma", False, "It does not answer. " * 20)] * 20)
    qtbot.waitUntil(lambda: dialog._area.area.verticalScrollBar().maximum() > 0)
    assert dialog.height() <= dialog.screen().availableSize().height()
    assert dialog.rect().contains(button(dialog, "Close").geometry())


def test_what_ended_without_registration_is_listed_until_seen(qtbot: QtBot, show: Show) -> None:
    engine = FakeEngine()
    engine.ended = [a_row("e1", NOON - timedelta(days=1), label="Ended, not registered")]
    engine.days = {(NOON - timedelta(days=40)).date(): 2}
    shown = show(engine)
    window = shown.window
    words = "3 bookings of earlier days ended without registration."
    qtbot.waitUntil(lambda: window.strips.texts() == (words,))
    button(window.strips, "Look…").click()
    qtbot.waitUntil(lambda: bool(window.findChildren(EndedUnregistered)))
    [dialog] = window.findChildren(EndedUnregistered)
    number, said = (dialog.list.item(at).text() for at in range(2))
    assert number == "Wed, 14 Oct  2 bookings; who it was isn't kept so long"
    assert said.startswith("Sun, 22 Nov 12:00–13:00  Patel, Priya, Main Library")
    dialog.confirm.click()
    qtbot.waitUntil(lambda: window.strips.texts() == ())
    assert (engine.seen, engine.days) == (["e1"], {})


def test_a_dialog_that_fits_the_screen_does_not_scroll(qtbot: QtBot, show: Show) -> None:
    window = show(FakeEngine()).window
    dialogs = [
        ByHand(window, a_row(name="Priya Patel " * 8), british()),
        ExportDay(window, [], NOON.date(), british(), FOLDER),
        ChoosePerson(window, a_row(), []),
    ]
    for dialog in dialogs:
        dialog.open()
        qtbot.waitExposed(dialog)
        assert dialog._area.area.verticalScrollBar().maximum() == 0
        assert dialog.focusWidget() is not dialog._area
        dialog.close()
