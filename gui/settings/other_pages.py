"""This desk, and appearance."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit

from core.computer.autostart import Autostart
from core.computer.identity import computer
from core.setup.secrets import SecretName
from gui.looks.parts import button
from gui.looks.theme import Appearance, Theme
from gui.preferences.file import TEXT_SIZES, PreferencesFile
from gui.settings.fields import ChoiceField, Field, ListField, TextField
from gui.settings.page import SettingsPage
from gui.settings.secret_field import SecretField
from gui.settings.state import SettingsState
from gui.settings.trial_panel import TrialPanel, ask_for_certificate

_LOOKS = {Appearance.SYSTEM: "As the system", Appearance.LIGHT: "Light", Appearance.DARK: "Dark"}
_CONTACTS = {
    "PassagePoint": ("About PassagePoint", "Security, 4-6111"),
    "Alma": ("About Alma", "Circulation, 4-6222"),
    "IT": ("About anything else", "IT, 4-6333"),
}


class DeskPage(SettingsPage):
    name = "Desk"
    title = "This desk"

    remove_pressed = Signal()

    def __init__(self, state: SettingsState, theme: Theme, autostart: Autostart) -> None:
        super().__init__(state, theme)
        self._autostart = autostart
        self.add(
            TextField(
                state,
                "Desk",
                "name",
                "Name",
                "Stands in the window, so that a picture of it says which desk it was.",
                "Main desk",
            ),
        )
        self.registers = ListField(
            state,
            "Desk",
            "registers_on",
            "Computers that register",
            f"For a file that several computers read: their names, with commas between. This one "
            f"is {computer()}. The others look on.",
        )
        self.add(self.registers)
        self._add_contacts()
        self._add_network()
        self._add_account()
        self.finish()

    def _add_contacts(self) -> None:
        self.add_heading("Whom to call", "Shown where something is wrong that the desk can't mend.")
        for office, (words, example) in _CONTACTS.items():
            edit = QLineEdit(self._contact(office))
            edit.setPlaceholderText(example)
            edit.textEdited.connect(partial(self._set_contact, office))
            self.add(Field(words, edit))

    def _add_network(self) -> None:
        state = self.state
        self.add_heading("Network", "Leave it as it is, unless IT says otherwise.")
        self.proxy = TextField(
            state,
            "Network",
            "proxy",
            "Proxy",
            "system, none, or an address such as http://proxy.example.edu:3128. “system” is the "
            "variable https_proxy, on Windows and macOS also the computer's fixed proxy; a Linux "
            "desktop's setting and a proxy script (PAC) aren't read.",
        )
        self.proxy_secret = SecretField(
            state,
            SecretName("Proxy"),
            "The proxy's password",
            "For the user in the proxy's address.",
            self.theme,
            only_if_needed=True,
        )
        self.bundle = TextField(
            state,
            "Network",
            "ca_bundle",
            "Certificate file",
            "Only where the library has a certificate authority of its own that this computer "
            "doesn't know: a PEM file from IT.",
        )
        choose = button("Choose a certificate file…")
        choose.clicked.connect(self._choose_certificate)
        trials = state.setup.trials
        self.trial = TrialPanel(state, self.theme, "all three services", trials.everything)
        self.add(self.proxy, self.proxy_secret, self.bundle, choose, self.trial)

    def _add_account(self) -> None:
        self.add_heading("This account")
        self.at_login = QCheckBox("Start LibCal2PP when I log in")
        self.at_login.setChecked(self._autostart.is_on())
        self.at_login.clicked.connect(self._switch)
        self.remove = button("Remove everything from this computer…")
        self.remove.clicked.connect(self.remove_pressed)
        self.add(self.at_login, self.remove)

    def on_shown(self) -> None:
        self.bundle.show_again()

    def _choose_certificate(self) -> None:
        if ask_for_certificate(self, self.state):
            self.bundle.show_again()

    def _contact(self, office: str) -> str:
        return str(self.state.draft.value("Desk", "contacts").get(office) or "")

    def _set_contact(self, office: str, text: str) -> None:
        contacts = dict(self.state.draft.value("Desk", "contacts"))
        contacts[office] = text.strip() or None
        self.state.set("Desk", "contacts", {k: v for k, v in contacts.items() if v})

    def _switch(self, on: bool) -> None:
        self.state.at_login = on


class AppearancePage(SettingsPage):
    name = "Appearance"
    title = "Appearance"
    intro = "Yours alone. It changes at once, without Save."

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
