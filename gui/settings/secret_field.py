"""A field for a secret: typed, never shown again."""

from __future__ import annotations

from PySide6.QtCore import QDate, QLocale, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit

from core.setup.secrets import (
    SecretName,
    SecretState,
    needed_secrets,
    remark_on_secret,
    tidy_secret,
)
from gui.looks.parts import hide_unless, label
from gui.looks.theme import Theme
from gui.settings.fields import Field
from gui.settings.state import SettingsState


class SecretField(Field):
    """A secret: typed, never shown again. Another address asks for it anew."""

    def __init__(
        self,
        state: SettingsState,
        name: SecretName,
        title: str,
        help_text: str,
        theme: Theme,
        *,
        only_if_needed: bool = False,
    ) -> None:
        """``only_if_needed``: not shown while the settings name nobody whose secret it could be."""
        self.edit = QLineEdit()
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        super().__init__(title, self.edit, help_text)
        self.known = label("", "small", wrap=True)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(self.known)
        self.eye = self._make_eye(theme)
        self._state, self._name = state, name
        self._only_if_needed = only_if_needed
        self.edit.textEdited.connect(self._on_edited)
        self.edit.editingFinished.connect(self._on_finished)
        state.draft_changed.connect(self._on_draft_changed)
        state.reviewed.connect(self._show_known)
        self._show_known()
        hide_unless(self._is_needed(), self)

    def _on_edited(self, text: str) -> None:
        self.show_problem("")
        self._state.enter(self._name, tidy_secret(self._name.service, text))

    def _on_finished(self) -> None:
        self.say(remark_on_secret(self._name.service, self.edit.text()))

    def _make_eye(self, theme: Theme) -> QAction:
        """Shows what was typed; what is kept never comes back into the field."""
        eye = QAction("Show what was typed", self)
        eye.setCheckable(True)
        eye.setShortcut("Alt+V")
        eye.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        eye.setToolTip("Show what was typed (Alt+V)")
        eye.toggled.connect(
            lambda shown: self.edit.setEchoMode(
                QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
            )
        )
        self.edit.addAction(eye, QLineEdit.ActionPosition.TrailingPosition)

        def dress() -> None:
            eye.setIcon(theme.icon("eye-outline", theme.tokens.muted))

        theme.changed.connect(dress)
        dress()
        return eye

    def _is_needed(self) -> bool:
        return not self._only_if_needed or self._name in needed_secrets(self._state.draft)

    def _on_draft_changed(self) -> None:
        self.setVisible(self._is_needed())
        typed = self._state.setup.secrets.typed(self._state.draft, self._name)
        if self.edit.text() and not typed:
            self.edit.clear()
            self.show_problem("The address or user changed: please enter this once more.")
            self._state.look_up()

    def _show_known(self) -> None:
        known = self._state.secret(self._name)
        self.edit.setPlaceholderText("●●●●●●●●" if known is not None and known.is_set else "")
        self.known.setText(words_for_secret(known, self._state.review is not None))
        self.edit.setAccessibleDescription(f"{self.help.text()} {self.known.text()}".strip())


def words_for_secret(state: SecretState | None, asked: bool) -> str:
    """What staff are told of a secret that is never shown."""
    if state is None:
        return "" if asked else "Asking this computer's password store…"
    if state.trouble is not None:
        return f"{state.trouble.message} {state.trouble.hint}"
    if state.is_new:
        return "Typed just now; kept when you save."
    if state.until_close:
        return "Set, until LibCal2PP is closed."
    if state.is_set and state.changed_at is not None:
        local = state.changed_at.astimezone()
        date = QDate(local.year, local.month, local.day)
        day = QLocale.system().toString(date, QLocale.FormatType.ShortFormat)
        return f"Set, last changed {day}. Type here to replace it."
    return "Set. Type here to replace it." if state.is_set else "Not entered yet."
