"""Saving the settings: what is missing is named first, a store that fails offers a way on."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog

from core.computer.autostart import Autostart
from core.day.new_ledger import LedgerAnswer
from core.domain.errors import AppError, CredentialsError
from core.settings.config import Config
from core.setup.edits import EditedMeanwhile
from core.setup.facade import Review
from core.setup.gaps import Gap
from core.setup.old_script import OldScript
from gui.dialogs.base import Notice, Question
from gui.settings.state import SettingsState
from gui.work.background import Stop

_STOP_THE_SCRIPT = (
    "All of it was taken over. Stop the old script now, before both of them register. Keep its "
    "files until the first pass went well: LibCal2PP then says which to delete."
)


class Saving(QObject):
    """From the button to the file; ``state`` stays as it is until all of it worked."""

    saved = Signal(object)
    """``Config``"""
    page_wanted = Signal(str)
    busy = Signal(bool)

    def __init__(self, window: QDialog, state: SettingsState, autostart: Autostart) -> None:
        super().__init__(window)
        self._window, self._state, self._autostart = window, state, autostart
        self._earlier: LedgerAnswer | None = None
        self._old: OldScript | None = None
        self._done = False

    def start(self, *, earlier: LedgerAnswer | None, old: OldScript | None) -> None:
        """Look first whether anything is missing."""
        self._earlier, self._old = earlier, old
        draft = self._state.draft.copy()
        self.busy.emit(True)
        self._state.background.run(
            self, lambda _stop: self._state.setup.review(draft), self._on_reviewed, self._on_failed
        )

    def may_close(self) -> bool:
        """Whether nothing would be lost; otherwise a question is asked, and the answer closes."""
        if self._done or not self._state.is_changed:
            return True
        question = Question(
            self._window,
            "Close without saving?",
            "What you changed here is not saved yet.",
            {"stay": "Keep editing", "close": "Close without saving"},
            cancel="",
        )
        question.answered.connect(self._on_close_answer)
        question.open()
        return False

    def _on_close_answer(self, answer: str) -> None:
        if answer == "close":
            self.close_unsaved()

    def close_unsaved(self) -> None:
        """Close, and lose what was changed."""
        self._done = True
        self._window.reject()

    def _on_reviewed(self, review: Review) -> None:
        self.busy.emit(False)
        blocking = [gap for gap in review.gaps if gap.blocks]
        if blocking:
            first = next(gap for gap in review.gaps if gap.blocks or gap.is_empty)
            self.page_wanted.emit(first.page)
            Notice(self._window, "Something is still missing", _listed(review.gaps)).open()
        elif review.gaps:
            text = _listed(review.gaps)
            answers = {"save": "Save anyway"}
            question = Question(
                self._window, "Save although something is missing?", text, answers, "Go back"
            )
            question.answered.connect(lambda _answer: self._ask_about_keys())
            question.open()
        else:
            self._ask_about_keys()

    def _ask_about_keys(self) -> None:
        """Alma's zones have a key each: the same one twice was probably pasted twice."""
        twice = self._state.setup.secrets.typed_twice(self._state.draft)
        if not twice:
            self._save()
            return
        first, second = twice
        question = Question(
            self._window,
            "Is the same key meant for both?",
            f"{first} and {second} were given the same key. Each institution zone has its own.",
            {"save": "Save both"},
            "Go back",
        )
        question.answered.connect(lambda _answer: self._save())
        question.open()

    def _save(self, *, until_close: bool = False, edited: bool = False) -> None:
        setup, draft = self._state.setup, self._state.draft.copy()
        earlier, old = self._earlier, self._old

        def work(_stop: Stop) -> Config:
            config = setup.save(draft, until_close=until_close, edited=edited)
            if old is not None:
                setup.take_over(old, config)
            if earlier is not None:
                setup.note_earlier(config, earlier)
            return config

        self.busy.emit(True)
        self._state.background.run(self, work, self._on_saved, self._on_failed)

    def _on_saved(self, config: Config) -> None:
        self.busy.emit(False)
        self._done = True
        told = [text for text in (self._switch_at_login(), self._old_files()) if text]
        if not told:
            self.saved.emit(config)
            return
        title = "Stop the old script" if self._old else "Saved, but for one thing"
        notice = Notice(self._window, title, "\n\n".join(told))
        notice.finished.connect(lambda _code: self.saved.emit(config))
        notice.open()

    def _switch_at_login(self) -> str:
        """Start at login from now on, or no more; returns why that couldn't be changed."""
        try:
            if self._state.at_login is not None:
                self._autostart.switch(on=self._state.at_login)
        except AppError as error:
            return str(error)
        return ""

    def _old_files(self) -> str:
        return _STOP_THE_SCRIPT if self._old is not None else ""

    def _on_failed(self, error: AppError) -> None:
        self.busy.emit(False)
        if isinstance(error, EditedMeanwhile):
            self._ask_about_edits(error)
            return
        if not isinstance(error, CredentialsError):
            Notice(self._window, "The settings were not saved", str(error)).open()
            return
        question = Question(
            self._window,
            "The password store didn't keep the secrets",
            f"{error} Until you close LibCal2PP it can also keep them without the store.",
            {"again": "Try again", "memory": "Keep until I close"},
        )
        question.answered.connect(lambda answer: self._save(until_close=answer == "memory"))
        question.open()

    def _ask_about_edits(self, error: EditedMeanwhile) -> None:
        question = Question(
            self._window,
            "Somebody else changed the settings meanwhile",
            "\n".join(f"• {one}" for one in error.problems)
            + "\n\nSave mine keeps their changes too, but where you chose otherwise.",
            {"mine": "Save mine", "theirs": "Keep theirs and close"},
            "Go back",
        )
        question.answered.connect(self._on_edits_answer)
        question.open()

    def _on_edits_answer(self, answer: str) -> None:
        if answer == "mine":
            self._save(edited=True)
        else:
            self.close_unsaved()


def _listed(gaps: list[Gap] | tuple[Gap, ...]) -> str:
    return "\n".join(f"• {gap.text}" for gap in gaps)
