"""SIGTERM, and the end of the session, close the window in order: exit 0, nothing cut off."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Qt
from PySide6.QtWidgets import QApplication


class OrderlyEnd(QObject):
    """Whoever ends the session or the process has decided: nobody is asked whether it is meant."""

    def __init__(self, app: QApplication, leave: Callable[[], None]) -> None:
        super().__init__(app)
        self._leave = leave
        app.commitDataRequest.connect(self._on_session_end, Qt.ConnectionType.DirectConnection)
        self._notifier: QSocketNotifier | None = None
        if os.name == "posix":  # elsewhere nobody sends it
            self._listen()

    def _listen(self) -> None:
        """Python's handlers run between two of its own steps; this wakes Qt's loop for one."""
        self._read, self._write = socket.socketpair()
        for one in (self._read, self._write):
            one.setblocking(False)
        self._fd_before = signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        self._handler_before = signal.signal(signal.SIGTERM, self._on_signal)
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._drain)

    def stop(self) -> None:
        """As it was before."""
        if self._notifier is None:
            return
        self._notifier.setEnabled(False)
        self._notifier = None
        signal.set_wakeup_fd(self._fd_before)
        signal.signal(signal.SIGTERM, self._handler_before)
        for one in (self._read, self._write):
            one.close()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._leave()

    def _drain(self) -> None:
        self._read.recv(64)

    def _on_session_end(self, _manager: object) -> None:
        self._leave()
