"""Alma: the region, the institution zones, and a key for each."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout

from core.setup.secrets import SecretName
from gui.looks.theme import Theme
from gui.settings.fields import AddressField, CheckField, ChoiceField, Field
from gui.settings.page import SettingsPage
from gui.settings.secret_field import SecretField
from gui.settings.state import SettingsState
from gui.settings.trial_panel import TrialPanel

_HOST = "https://api-{}.hosted.exlibrisgroup.com"
_REGIONS = {
    _HOST.format("na"): "North America",
    _HOST.format("eu"): "Europe",
    _HOST.format("ap"): "Asia Pacific",
    _HOST.format("aps"): "Asia Pacific South",
    _HOST.format("ca"): "Canada",
}


class AlmaPage(SettingsPage):
    name = "Alma"
    title = "Alma"
    intro = "Where a reader's barcode comes from."

    def __init__(self, state: SettingsState, theme: Theme) -> None:
        super().__init__(state, theme)
        self.region = ChoiceField("Region", _REGIONS, state.draft.text("Alma", "url"))
        self.region.chosen.connect(self._choose_region)
        self.url = AddressField(
            state, "Alma", "url", "Address", "Only another one if Ex Libris told you so."
        )
        self.zones = QLineEdit(", ".join(state.draft.zones))
        self.zones.editingFinished.connect(self._divide)
        self.zones_field = Field(
            "Institution zones",
            self.zones,
            "Names of your own, with commas between. They are asked in this order.",
        )
        self.url.edit.editingFinished.connect(self._show_region)
        self._keys = QVBoxLayout()
        self.keys: dict[str, SecretField] = {}
        self.trial = TrialPanel(state, theme, "Alma", state.setup.trials.alma)
        self.connection = self.trial
        self.add(self.region, self.url, self.zones_field)
        self.column.addLayout(self._keys)
        self.add(self.trial)
        self.add_heading("Inactive and blocked accounts")
        self.inactive = CheckField(
            state,
            "Alma",
            "inactive_account",
            "Also register people whose account is inactive or has expired",
            "Otherwise they stand under To do.",
            values=("register", "needs_person"),
        )
        self.blocked = CheckField(
            state,
            "Alma",
            "active_block",
            "People whose account is blocked need a person",
            "Otherwise they are registered, and the block stands in the detail.",
            values=("needs_person", "show"),
        )
        self.add(self.inactive, self.blocked)
        self.finish()
        self._show_keys()

    def _choose_region(self, url: str) -> None:
        self.state.set("Alma", "url", url)
        self.url.show_again()

    def _show_region(self) -> None:
        """The region follows an address that was typed or pasted."""
        self.region.offer(_REGIONS, self.state.draft.text("Alma", "url"))

    def _divide(self) -> None:
        parts = [part.strip() for part in self.zones.text().split(",")]
        zones = list(dict.fromkeys(part for part in parts if part))
        if tuple(zones) != self.state.draft.zones:
            self.state.set("Alma", "zones", zones)
            self._show_keys()
            self.state.look_up()

    def _show_keys(self) -> None:
        """A field for each zone; those that stay are kept, for Tab may be on its way there."""
        zones = self.state.draft.zones
        # Tab out of the zones went to a key whose place or name is another now; a click means it.
        by_tab = QApplication.mouseButtons() == Qt.MouseButton.NoButton
        goes_on = by_tab and any(field.edit.hasFocus() for field in self.keys.values())
        for zone in [one for one in self.keys if one not in zones]:
            self.keys.pop(zone).deleteLater()
        for at, zone in enumerate(zones):
            if zone not in self.keys:
                self.keys[zone] = self._key_field(zone)
            if self._keys.indexOf(self.keys[zone]) != at:
                self._keys.insertWidget(at, self.keys[zone])
        if goes_on:
            self.keys[zones[0]].edit.setFocus(Qt.FocusReason.TabFocusReason)

    def _key_field(self, zone: str) -> SecretField:
        return SecretField(
            self.state,
            SecretName("Alma", zone),
            f"Key for {zone}",
            "In the Ex Libris Developer Network: Build my APIs. It needs Users, read-only.",
            self.theme,
        )
