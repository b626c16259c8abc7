"""Copies what is personal so that it doesn't stay: marked as secret, and cleared after a minute."""

from __future__ import annotations

import sys

from PySide6.QtCore import QCoreApplication, QMimeData, QObject, QTimer
from PySide6.QtGui import QGuiApplication

_MINUTE_MS = 60_000
_NO = b"\0\0\0\0"
_OF_WINDOWS = (
    "ExcludeClipboardContentFromMonitorProcessing",
    "CanIncludeInClipboardHistory",
    "CanUploadToCloudClipboard",
)


def secret_marks(platform: str) -> dict[str, bytes]:
    """What clipboard histories heed, by Microsoft's "Clipboard formats" (a DWORD of 0) and by
    KDE's Klipper, which others on Linux follow; macOS' needs a converter that Qt doesn't have."""
    if platform == "win32":
        return {f'application/x-qt-windows-mime;value="{name}"': _NO for name in _OF_WINDOWS}
    return {"x-kde-passwordManagerHint": b"secret"} if platform != "darwin" else {}


class SecretClipboard(QObject):
    """The one that the whole program copies with."""

    def __init__(self, parent: QObject | None) -> None:
        super().__init__(parent)
        self._copied = ""
        self._timer = QTimer(self, singleShot=True, interval=_MINUTE_MS)
        self._timer.timeout.connect(self.clear)
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.clear)

    def copy(self, text: str) -> None:
        """Keep ``text`` for a minute."""
        data = QMimeData()
        data.setText(text)
        for kind, value in secret_marks(sys.platform).items():
            data.setData(kind, value)
        self._copied = text
        QGuiApplication.clipboard().setMimeData(data)
        self._timer.start()

    def clear(self) -> None:
        """Take it back, unless something else was copied meanwhile."""
        self._timer.stop()
        clipboard, copied, self._copied = QGuiApplication.clipboard(), self._copied, ""
        if copied and clipboard.text() == copied:
            clipboard.clear()


def copy_for_a_minute(text: str) -> None:
    """Copy what names somebody."""
    _the_one().copy(text)


def forget_copied() -> None:
    """Take back what names somebody, at once."""
    _the_one().clear()


def _the_one() -> SecretClipboard:
    app = QCoreApplication.instance()
    return (app.findChild(SecretClipboard) if app else None) or SecretClipboard(app)
