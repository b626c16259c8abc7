"""Cache: where what was registered is kept, for how long, and whether computers share it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QLineEdit

from core.cache.own_cache import CACHE_NAME
from core.setup.cache_access import cache_path
from core.setup.secrets import SecretName
from gui.looks.parts import button, label
from gui.looks.theme import Theme
from gui.settings.fields import ChoiceField, Field, NumberField, TextField
from gui.settings.page import SettingsPage
from gui.settings.secret_field import SecretField
from gui.settings.state import SettingsState
from gui.settings.trial_panel import TrialPanel

_FOLDER = (
    "On this computer's own disk, never on a network drive. What is kept elsewhere already isn't "
    "moved: copy cache.db first, with the program closed."
)
_ROLES = {
    "registrar": "It registers, or stands by",
    "desk": "It only shows the day, and asks the others to register",
}


class CachePage(SettingsPage):
    name = "Cache"
    title = "What is kept"
    intro = "The program remembers on this computer what it registered, so that nobody is "
    intro += "registered twice."

    def __init__(self, state: SettingsState, theme: Theme) -> None:
        super().__init__(state, theme)
        self.folder = QLineEdit(str(cache_path(state.draft).parent))
        self.folder.setReadOnly(True)
        self.choose = button("Choose a folder…")
        self.choose.clicked.connect(self._choose)
        self.trial = TrialPanel(state, theme, "the cache", state.setup.trials.cache)
        self.place = Field("Folder", self.folder, _FOLDER)
        self.add(self.place, self.choose)
        self._add_sharing()
        self.add(self.trial)
        self._add_retention()
        self.finish()
        self._show_place()

    def _add_retention(self) -> None:
        self.add_heading("For how long", "What is older is removed by itself, at night.")
        self.retention = (
            NumberField(
                self.state,
                "Cache",
                "keep_days",
                "Past bookings",
                "With what was registered, and who did what. Three days are usual.",
                least=1,
                most=400,
                unit="day",
            ),
            NumberField(
                self.state,
                "Cache",
                "keep_people_days",
                "People without a booking",
                "Their barcode is then asked for again. 60 days are usual.",
                least=1,
                most=4000,
                unit="day",
            ),
            NumberField(
                self.state,
                "Cache",
                "keep_decisions_days",
                "Who let whom in",
                "Also after the booking itself is gone. 30 days are usual.",
                least=1,
                most=4000,
                unit="day",
            ),
        )
        self.said_elsewhere = label("The computers that register say for how long.", "muted")
        self.add(*self.retention, self.said_elsewhere)

    def _add_sharing(self) -> None:
        state = self.state
        self.add_heading(
            "Several computers", "Only where others register too. IT sets up their common database."
        )
        self.url = TextField(
            state,
            "Cache",
            "url",
            "Shared database",
            "Leave it empty on a computer of its own. IT has the address.",
            "postgresql://libcal2pp@db.library.example.edu/libcal2pp",
        )
        self.url.edit.textEdited.connect(self._show_place)
        self.secret = SecretField(
            state,
            SecretName("Cache"),
            "The database's password",
            "IT has it, with the address.",
            self.theme,
            only_if_needed=True,
        )
        self.role = ChoiceField("This computer", _ROLES, state.draft.text("Desk", "role"))
        self.role.chosen.connect(self._choose_role)
        self.add(self.url, self.secret, self.role)

    def _show_place(self) -> None:
        """A shared database takes the place of the folder."""
        shared = bool(self.state.draft.text("Cache", "url"))
        if shared:
            self.state.set("Cache", "path", None)
            self.folder.setText(str(cache_path(self.state.draft).parent))
        self.place.setVisible(not shared)
        self.choose.setVisible(not shared)
        self.role.setVisible(shared)
        only_asks = self.state.draft.only_asks
        for field in self.retention:
            field.setVisible(not only_asks)
        self.said_elsewhere.setVisible(only_asks)

    def _choose_role(self, role: str) -> None:
        self.state.set("Desk", "role", role)
        self._show_place()

    def _choose(self) -> None:
        title = "A folder for what is kept"
        folder = QFileDialog.getExistingDirectory(self, title, self.folder.text())
        if folder:
            self.use(Path(folder))

    def use(self, folder: Path) -> None:
        """Keep the cache there; one that is elsewhere is not moved."""
        self.state.set("Cache", "path", str(folder / CACHE_NAME))
        self.folder.setText(str(folder))
        self.trial.run()
