"""What is copied about somebody doesn't stay."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from gui.looks.clipboard import SecretClipboard, secret_marks
from tests.gui.conftest import Show
from tests.gui.fake_engine import FakeEngine
from tests.gui.rows import a_row

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def copied() -> str:
    return QGuiApplication.clipboard().text()


def test_it_goes_after_its_time(qtbot: QtBot) -> None:
    held = SecretClipboard(None)
    assert held._timer.interval() == 60_000
    held._timer.setInterval(10)
    held.copy("22820001")
    assert copied() == "22820001"
    qtbot.waitUntil(lambda: copied() == "")


def test_what_was_copied_meanwhile_stays(qtbot: QtBot) -> None:
    held = SecretClipboard(None)
    held.copy("22820001")
    QGuiApplication.clipboard().setText("something else")
    held.clear()
    assert copied() == "something else"


@pytest.mark.parametrize(
    ("platform", "marks"),
    [
        ("linux", {"x-kde-passwordManagerHint": b"secret"}),
        (
            "win32",
            {
                f'application/x-qt-windows-mime;value="{name}"': b"\0\0\0\0"
                for name in (
                    "ExcludeClipboardContentFromMonitorProcessing",
                    "CanIncludeInClipboardHistory",
                    "CanUploadToCloudClipboard",
                )
            },
        ),
        ("darwin", {}),
    ],
)
def test_histories_are_told_that_it_is_secret(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, platform: str, marks: dict[str, bytes]
) -> None:
    assert secret_marks(platform) == marks
    monkeypatch.setattr(sys, "platform", platform)
    SecretClipboard(None).copy("22820001")
    data = QGuiApplication.clipboard().mimeData()
    assert {kind: data.data(kind).data() for kind in marks} == marks


def test_f8_takes_back_what_was_copied(qtbot: QtBot, show: Show) -> None:
    shown = show(FakeEngine([a_row("a", barcode="22820001")]))
    shown.window.view._copy("a", "barcode")
    assert copied() == "22820001"
    shown.window.privacy.switch(True)
    assert copied() == ""
