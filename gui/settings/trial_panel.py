"""Test connection: off the GUI thread, cancellable, each cause in its own words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from core.domain.errors import AppError
from core.domain.status import Tone
from core.services.findings import Finding
from core.setup.draft import Draft
from core.setup.trials import Trial
from gui.dialogs.base import Notice
from gui.looks.announcing import announce
from gui.looks.parts import IconMark, button, clear, label
from gui.looks.theme import Theme
from gui.settings.state import SettingsState
from gui.work.background import Stop, Task

_SLOW_MS = 6000
_SLOW = "Still waiting. A window of the password store may be open behind this one."
Try = Callable[[Draft, Stop], Trial]


class TrialPanel(QWidget):
    """The button, and what came out."""

    ended = Signal(object)
    """``Trial``"""

    def __init__(self, state: SettingsState, theme: Theme, service: str, attempt: Try) -> None:
        super().__init__()
        self._state, self._theme, self._service, self._attempt = state, theme, service, attempt
        self._task: Task | None = None
        self._tried_with: object = None
        self.trial: Trial | None = None
        """What came out for what stands on the page now; None where nothing was tried for it."""
        self.texts: list[str] = []
        """What came out, from top to bottom."""
        self.choose: QPushButton | None = None
        self.start = button("Test connection", "primary")
        self.start.clicked.connect(self.run)
        self.stop = button("Cancel")
        self.stop.clicked.connect(self.cancel)
        self.stop.hide()
        self.words = label("", "small", wrap=True)
        self._slow = QTimer(self, singleShot=True, interval=_SLOW_MS)
        self._slow.timeout.connect(lambda: self.words.setText(_SLOW))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        row = QHBoxLayout()
        column.addLayout(row)
        row.addWidget(self.start)
        row.addWidget(self.stop)
        row.addWidget(self.words, 1)
        self._findings = QVBoxLayout()
        self._findings.setSpacing(6)
        column.addLayout(self._findings)
        state.draft_changed.connect(self._forget_what_no_longer_fits)
        state.reviewed.connect(self._forget_what_no_longer_fits)

    @property
    def is_running(self) -> bool:
        return self._task is not None

    def run(self) -> None:
        """Try the draft as it is now."""
        self.cancel()
        self._forget()
        draft = self._state.draft.copy()
        self._tried_with = self._state.access(self._service)
        self._set_running(f"Asking {self._service}…")
        self._task = self._state.background.run(
            self, lambda stop: self._attempt(draft, stop), self._on_done, self._on_failed
        )
        self._slow.start()

    def cancel(self) -> None:
        """Stop waiting; what still comes is dropped."""
        if self._task is not None:
            self._task.cancel()
            self._end("Cancelled. Nothing was changed.")

    def _forget(self) -> None:
        self.trial = None
        self.choose = None
        clear(self._findings)
        self.texts.clear()

    def _forget_what_no_longer_fits(self) -> None:
        """Another address, user or secret: what came out before says nothing about it."""
        if self.texts and self._tried_with != self._state.access(self._service):
            self._forget()

    def _on_done(self, trial: Trial) -> None:
        self._end("")
        self.trial = trial
        for finding in trial.findings:
            self._say(finding)
        if any(one.wants_certificate for one in trial.findings):
            self.choose = button("Choose a certificate file…")
            self.choose.clicked.connect(self.choose_certificate)
            self._findings.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignLeft)
        announce(self, " ".join(self.texts))
        self._state.take(trial)
        self._state.look_up()
        self.ended.emit(trial)

    def _on_failed(self, error: AppError) -> None:
        self._end("")
        self._say(Finding(self._service, False, str(error)))
        announce(self, str(error))

    def choose_certificate(self) -> None:
        """A file of the library's own certificate authority, then the same again."""
        if ask_for_certificate(self, self._state):
            self.start.setFocus()  # its own button goes with what came out before
            self.run()

    def _say(self, finding: Finding) -> None:
        self.texts.append(f"{finding.text} {finding.hint}".strip())
        self._findings.addWidget(self._line(finding))

    def _line(self, finding: Finding) -> QWidget:
        tone = Tone.GOOD if finding.ok else Tone.BAD
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(IconMark(self._theme, tone))
        text = label(self.texts[-1], wrap=True)
        text.setProperty("tone", tone.value)
        text.setAccessibleName(("Works: " if finding.ok else "Problem: ") + text.text())
        row.addWidget(text, 1)
        return line

    def _set_running(self, words: str) -> None:
        self.stop.show()
        if self.start.hasFocus():  # else Qt would move it somewhere down the page
            self.stop.setFocus()
        self.start.setEnabled(False)
        self.words.setText(words)

    def _end(self, words: str) -> None:
        self._task = None
        self._slow.stop()
        had_focus = self.stop.hasFocus()
        self.start.setEnabled(True)
        self.stop.hide()
        if had_focus:
            self.start.setFocus()
        self.words.setText(words)


def ask_for_certificate(parent: QWidget, state: SettingsState) -> bool:
    """Let a person choose the file of the library's own certificate authority."""
    title = "The library's certificate authority"
    file, _ = QFileDialog.getOpenFileName(parent, title, "", "Certificates (*.pem *.crt *.cer)")
    if not file:
        return False
    try:
        kept = state.setup.keep_certificate(Path(file))
    except AppError as error:
        Notice(parent, "This file can't be used", str(error)).open()
        return False
    state.set("Network", "ca_bundle", str(kept))
    return True
