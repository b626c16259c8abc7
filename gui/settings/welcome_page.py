"""The assistant's first page: what is needed, and the replaced script's files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLabel

from core.domain.errors import AppError, CredentialsError
from core.setup.old_script import OldScript, read_old_script
from gui.looks.parts import button, clear, label
from gui.looks.theme import Theme
from gui.settings.page import SettingsPage
from gui.settings.state import SettingsState

_NEEDED = (
    "You need: LibCal's client ID and secret, a key for each Alma zone, and an account in "
    "PassagePoint. IT or Security has them. You can stop at any page; going back loses nothing. "
    "Card reader and Alerts, in the list on the left, can wait: Next passes them by."
)
_LEFT_ALONE = (
    "The old files stay where they are; which to delete is said after the first good pass. "
    "Everything can still be changed on the next pages."
)


class WelcomePage(SettingsPage):
    name = "Welcome"
    title = "Welcome to LibCal2PP"
    intro = "It registers today's LibCal bookings in PassagePoint, so that readers' cards open "
    intro += "the gate. Setting it up takes about ten minutes."

    practice_pressed = Signal()
    taken_over = Signal()
    """The old script's settings are in the draft now."""

    def __init__(self, state: SettingsState, theme: Theme) -> None:
        super().__init__(state, theme)
        self.old: OldScript | None = None
        self.add(label(_NEEDED, wrap=True))
        self.store = label("", wrap=True)
        self.store.setProperty("tone", "warn")
        self.store.hide()
        self.add(self.store)
        self.practice = button("Look around first, with a made-up day")
        self.practice.clicked.connect(self.practice_pressed)
        self.add(self.practice)
        self.add_heading("Does a script do this until now?")
        self.choose = button("Choose the script's config.yml…")
        self.choose.clicked.connect(self._choose)
        self.said: QLabel = label("", wrap=True)
        self.said.hide()
        self.add(self.said, self.choose)
        self._box = self.add_box("busy")
        self._shown = False
        self._hide_box(hidden=True)
        self.finish()

    def on_shown(self) -> None:
        if not self._shown:
            self._shown = True
            setup = self.state.setup
            self.state.background.run(
                self, lambda _stop: setup.store_trouble(), self._show_store, self._show_error
            )
            self.state.background.run(
                self, lambda _stop: setup.find_old_script(), self._show_found, self._show_error
            )

    def _show_store(self, trouble: CredentialsError | None) -> None:
        """Whoever has no password store should know before ten minutes of typing."""
        if trouble is not None:
            words = f"{trouble} Without it the secrets are kept only until you close LibCal2PP."
            self.store.setText(words)
            self.store.show()

    def _choose(self) -> None:
        title = "The old script's config.yml"
        file, _ = QFileDialog.getOpenFileName(self, title, "", "Settings (*.yml *.yaml)")
        if file:
            self.read(Path(file))

    def read(self, file: Path) -> None:
        """Look at a file that a person has chosen."""
        self.state.background.run(
            self, lambda _stop: read_old_script(file), self._show_found, self._show_error
        )

    def _show_found(self, old: OldScript | None) -> None:
        if old is None:
            self._say("None was found. If there is one, choose its config.yml.")
            return
        self._say("")
        self.old = old
        self._hide_box(hidden=False)
        clear(self._box)
        self._box.addWidget(label(f"Found: {old.config_file}", "heading", wrap=True))
        self.take = QCheckBox("Take these over")
        self.take.clicked.connect(self._take)
        self._box.addWidget(self.take)
        for what, value in old.lines():
            self._box.addWidget(label(f"{what}: {value}", wrap=True))
        for text in old.not_taken:
            self._box.addWidget(label(f"Not taken over: {text}", "small", wrap=True))
        if old.cache is not None and old.cache.appts:
            self._box.addWidget(label(self._words_for_visits(old), wrap=True))
        self._box.addWidget(label(_LEFT_ALONE, "small", wrap=True))

    def _words_for_visits(self, old: OldScript) -> str:
        if self.state.setup.is_todays(old):
            return "What it registered today is taken over as well: nobody is registered twice."
        return "Its record of registrations isn't of today and is left out."

    def _take(self, on: bool) -> None:
        if self.old is None:
            return
        self.state.draft = self.old.draft.copy() if on else self.state.before.copy()
        for name, secret in self.old.secrets.items():
            self.state.enter(name, secret if on else "")
        self.taken_over.emit()
        self.state.look_up()

    @property
    def taken(self) -> OldScript | None:
        """What is taken over when the settings are saved."""
        return self.old if self.old is not None and self.take.isChecked() else None

    def _show_error(self, error: AppError) -> None:
        self._say(str(error))

    def _say(self, text: str) -> None:
        self.said.setText(text)
        self.said.setVisible(bool(text))

    def _hide_box(self, *, hidden: bool) -> None:
        box = self._box.parentWidget()
        if box is not None:
            box.setHidden(hidden)
