"""Practice in a program of its own: nothing of the real day is in the same process."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QProcess
from PySide6.QtWidgets import QWidget

from gui.window.doorbell import bring_to_front


class PracticeRun(QObject):
    """Takes the place of the real window, which goes on working unseen and comes back after."""

    def __init__(self, command: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = list(command)
        self._replaced: QWidget | None = None
        self._process = QProcess(self)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedChannels)
        self._process.finished.connect(self._come_back)
        self._process.errorOccurred.connect(self._come_back)

    def start(self, window: QWidget) -> None:
        """Practise instead of ``window``."""
        if self._process.state() is not QProcess.ProcessState.NotRunning:
            return
        self._replaced = window
        window.hide()
        program, *arguments = self._command
        self._process.start(program, arguments)

    def stop(self) -> None:
        """The program ends, and practice with it."""
        self._replaced = None
        self._process.kill()
        self._process.waitForFinished()

    def _come_back(self) -> None:
        window, self._replaced = self._replaced, None
        if window is not None:
            bring_to_front(window)
