"""The way around: files for PassagePoint's own import."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from core.domain.status import Action, Group, PassState, PatronState
from gui.dialogs.import_files import ExportForImport
from gui.files.import_files import import_files
from tests.builders import NOON
from tests.gui.conftest import Show, british
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_row

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
WAITING: dict[str, Any] = {
    "group": Group.WAITING,
    "passagepoint": PassState.WAITING,
    "registered_at": None,
}


def test_one_file_for_each_destination_and_start() -> None:
    later = NOON + timedelta(hours=1)
    rows = [
        a_row("r1", first_name="Ana", last_name="Ruiz", barcode="0012", **WAITING),
        a_row("r2", first_name="Bo\tB", last_name="Ek", barcode="0013", **WAITING),
        a_row("r3", destination="Annex Desk", **WAITING),
        a_row("r4", later, **WAITING),
    ]
    files = import_files(rows)
    names = [one.name(british()) for one in files]
    assert names == [
        "Annex Desk 2026-11-23 12.00.txt",
        "Main Desk 2026-11-23 12.00.txt",
        "Main Desk 2026-11-23 13.00.txt",
    ]
    assert files[1].text() == "first\tlast\tuniqueId\r\nAna\tRuiz\t0012\r\nBo B\tEk\t0013\r\n"


def test_only_what_waits_and_is_known_is_exported() -> None:
    rows = [
        a_row("registered"),
        a_row("unclear", passagepoint=PassState.UNCLEAR, group=Group.NEEDS_PERSON),
        a_row("unknown", patron=PatronState.NOT_IN_ALMA, barcode=None, **WAITING),
        a_row("over", is_over=True, **WAITING),
        a_row("nowhere", destination=None, **WAITING),
    ]
    assert import_files(rows) == []


def test_nothing_counts_as_uploaded_before_staff_say_so(
    qtbot: QtBot, show: Show, tmp_path: Path
) -> None:
    shown = show(FakeEngine([a_row("r1", **WAITING)]))
    shown.window.menus.file.export_for_import()
    [dialog] = shown.window.findChildren(ExportForImport)
    assert not dialog.confirm.isEnabled()
    qtbot.waitUntil(dialog.save.isEnabled)
    assert [one.action for one in shown.engine.done] == [Action.IN_FILE]
    dialog.write(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["Main Desk 2026-11-23 12.00.txt"]
    with qtbot.waitSignal(shown.worker.action_done):
        dialog.confirm.click()
    assert shown.engine.done[1].action is Action.BY_FILE


def test_who_didnt_upload_them_lets_the_bookings_go(
    qtbot: QtBot, show: Show, tmp_path: Path
) -> None:
    shown = show(FakeEngine([a_row("r1", **WAITING)]))
    shown.window.menus.file.export_for_import()
    [dialog] = shown.window.findChildren(ExportForImport)
    qtbot.waitUntil(dialog.save.isEnabled)
    dialog.write(tmp_path)
    with qtbot.waitSignal(shown.worker.action_done):
        dialog.deny.click()
    assert [one.action for one in shown.engine.done] == [Action.IN_FILE, Action.NOT_UPLOADED]


def test_before_it_is_sure_that_nothing_is_sent_no_file_can_be_saved(
    qtbot: QtBot, show: Show
) -> None:
    shown = show(FakeEngine([a_row("r1", **WAITING)]))
    shown.engine.queues = True  # a desk whose database is away
    shown.window.menus.file.export_for_import()
    [dialog] = shown.window.findChildren(ExportForImport)
    qtbot.waitUntil(lambda: bool(shown.engine.done))
    assert not dialog.save.isEnabled()
    assert "look in PassagePoint" in dialog.text.text()


def test_cancelled_without_a_file_the_bookings_go_on(qtbot: QtBot, show: Show) -> None:
    shown = show(FakeEngine([a_row("r1", **WAITING)]))
    shown.window.menus.file.export_for_import()
    [dialog] = shown.window.findChildren(ExportForImport)
    qtbot.waitUntil(dialog.save.isEnabled)
    dialog.cancel.click()
    wanted = [Action.IN_FILE, Action.NOT_UPLOADED]
    qtbot.waitUntil(lambda: [one.action for one in shown.engine.done] == wanted)


def test_later_keeps_what_was_saved(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    shown = show(FakeEngine([a_row("r1", **WAITING)]))
    shown.window.menus.file.export_for_import()
    [dialog] = shown.window.findChildren(ExportForImport)
    qtbot.waitUntil(dialog.save.isEnabled)
    dialog.write(tmp_path)
    dialog.cancel.click()
    qtbot.waitUntil(lambda: not shown.window.findChildren(ExportForImport))
    assert [one.action for one in shown.engine.done] == [Action.IN_FILE]


def test_what_was_sent_meanwhile_is_in_no_file(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    shown = show(FakeEngine([a_row("r1", **WAITING), a_row("r2", **WAITING)]))
    shown.engine.action_error = "It isn't waiting any more: the booking says “Registered 12:00”."
    shown.window.menus.file.export_for_import()
    [dialog] = shown.window.findChildren(ExportForImport)
    qtbot.waitUntil(lambda: "2 bookings that went out meanwhile" in dialog.text.text())
    assert dialog.list.count() == 0
    assert not dialog.save.isEnabled()


def test_what_somebody_enters_by_hand_is_put_into_no_file() -> None:
    in_hand = WAITING | {"action": Action.BY_HAND, "offers": (Action.NOT_BY_HAND,)}
    assert import_files([a_row("r1", **in_hand)]) == []


def test_with_nothing_to_export_there_is_nothing_to_press(show: Show) -> None:
    shown = show(FakeEngine([a_row("r1")]))
    shown.window.menus.file.export_for_import()
    [dialog] = shown.window.findChildren(ExportForImport)
    assert not dialog.save.isVisible()
    assert "nothing to export" in dialog.text.text()
