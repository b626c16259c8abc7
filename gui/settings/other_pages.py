"""Cache, this desk, and appearance."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLineEdit

from core.assembly import CACHE_NAME
from core.autostart import Autostart
from core.errors import AppError
from core.setup.facade import cache_path
from gui.parts import button, label
from gui.preferences import TEXT_SIZES, PreferencesFile
from gui.settings.fields import ChoiceField, Field, NumberField, TextField
from gui.settings.page import Page
from gui.settings.state import SettingsState
from gui.theme import Appearance, Theme

_LOOKS = {Appearance.SYSTEM: "As the system", Appearance.LIGHT: "Light", Appearance.DARK: "Dark"}
_CONTACTS = {"PassagePoint": "PassagePoint", "Alma": "Alma", "IT": "IT"}


class CachePage(Page):
    name = "Cache"
    title = "What is kept"
    intro = "The program remembers on this computer what it registered, so that nobody is "
    intro += "registered twice."

    def __init__(self, state: SettingsState, theme: Theme) -> None:
        super().__init__(state, theme)
        self.folder = QLineEdit(str(cache_path(state.draft).parent))
        self.folder.setReadOnly(True)
        self.field = Field(
            "Folder", self.folder, "On this computer's own disk, never on a network drive."
        )
        self.choose = button("Choose a folder…")
        self.choose.clicked.connect(self._choose)
        self.add(self.field, self.choose)
        self.add_heading("For how long")
        self.add(
            NumberField(
                state, "Cache", "keep_days", "Past bookings", least=1, most=400, unit="days"
            ),
            NumberField(
                state,
                "Cache",
                "keep_people_days",
                "People without a booking",
                "Then their barcode is asked for again.",
                least=1,
                most=4000,
                unit="days",
            ),
        )
        self.finish()

    def _choose(self) -> None:
        title = "A folder for what is kept"
        folder = QFileDialog.getExistingDirectory(self, title, self.folder.text())
        if folder:
            self.use(Path(folder))

    def use(self, folder: Path) -> None:
        """Keep the cache there; one that is elsewhere is not moved."""
        self.state.set("Cache", "path", str(folder / CACHE_NAME))
        self.folder.setText(str(folder))
        draft = self.state.draft.copy()
        self.state.background.run(
            self,
            lambda _stop: self.state.setup.check_cache(draft),
            self.field.show_problem,
            lambda error: self.field.show_problem(str(error)),
        )


class DeskPage(Page):
    name = "Desk"
    title = "This desk"

    remove_pressed = Signal()

    def __init__(self, state: SettingsState, theme: Theme, autostart: Autostart) -> None:
        super().__init__(state, theme)
        self._autostart = autostart
        self.add(
            TextField(state, "Desk", "name", "Name", "Stands in the window.", "Main desk"),
        )
        self.add_heading("Whom to call", "Shown where something is wrong that the desk can't mend.")
        for office, words in _CONTACTS.items():
            edit = QLineEdit(self._contact(office))
            edit.setPlaceholderText("Security, 4-6111")
            edit.textEdited.connect(partial(self._set_contact, office))
            self.add(Field(f"About {words}", edit))
        self.add_heading("Network")
        self.proxy = TextField(
            state,
            "Network",
            "proxy",
            "Proxy",
            "system, none, or an address such as http://proxy.example.edu:3128",
        )
        self.bundle = TextField(
            state,
            "Network",
            "ca_bundle",
            "Certificate file",
            "Only where the library has a certificate authority of its own that this computer "
            "doesn't know: a PEM file from IT.",
        )
        self.add(self.proxy, self.bundle)
        self.add_heading("This account")
        self.at_login = QCheckBox("Start LibCal2PP when I log in")
        self.at_login.setChecked(autostart.is_on())
        self.at_login.clicked.connect(self._switch)
        self.login_problem = label("", wrap=True)
        self.login_problem.setProperty("tone", "bad")
        self.remove = button("Remove everything from this computer…")
        self.remove.clicked.connect(self.remove_pressed)
        self.add(self.at_login, self.login_problem, self.remove)
        self.login_problem.hide()
        self.finish()

    def on_shown(self) -> None:
        self.bundle.show_again()

    def _contact(self, office: str) -> str:
        return str(self.state.draft.value("Desk", "contacts").get(office) or "")

    def _set_contact(self, office: str, text: str) -> None:
        contacts = dict(self.state.draft.value("Desk", "contacts"))
        contacts[office] = text.strip() or None
        self.state.set("Desk", "contacts", {k: v for k, v in contacts.items() if v})

    def _switch(self, on: bool) -> None:
        try:
            self._autostart.switch(on=on)
        except AppError as error:
            self.login_problem.setText(str(error))
            self.login_problem.show()
            self.at_login.setChecked(not on)


class AppearancePage(Page):
    name = "Appearance"
    title = "Appearance"
    intro = "Yours alone, and at once."

    def __init__(
        self,
        state: SettingsState,
        theme: Theme,
        preferences: PreferencesFile,
        dress: Callable[[], None],
    ) -> None:
        super().__init__(state, theme)
        self._preferences, self._dress = preferences, dress
        liked = preferences.current
        looks = {look.value: words for look, words in _LOOKS.items()}
        sizes = {str(percent): f"{percent} %" for percent in TEXT_SIZES}
        self.colours = ChoiceField("Colours", looks, liked.appearance.value)
        self.colours.chosen.connect(lambda value: self._change(appearance=Appearance(value)))
        self.text_size = ChoiceField("Text size", sizes, str(liked.text_percent))
        self.text_size.chosen.connect(lambda value: self._change(text_percent=int(value)))
        self.add(self.colours, self.text_size)
        self.finish()

    def _change(self, **changes: object) -> None:
        self._preferences.change(**changes)
        self._dress()
