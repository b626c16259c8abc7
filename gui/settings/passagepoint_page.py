"""PassagePoint: its address and account, a destination for each location, categories."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QVBoxLayout

from core.settings.config import Location
from core.setup.secrets import SecretName
from gui.looks.parts import clear, label
from gui.looks.theme import Theme
from gui.settings.category_fields import CategoryFields
from gui.settings.fields import (
    AddressField,
    CheckField,
    ChoiceField,
    NumberField,
    TextField,
    focused_in,
)
from gui.settings.gate_questions import GateQuestions
from gui.settings.page import SettingsPage
from gui.settings.secret_field import SecretField
from gui.settings.state import SettingsState
from gui.settings.trial_panel import TrialPanel

_CATEGORIES = "As PassagePoint writes its categories; Security knows them."
_NONE = "None: show the bookings, never register"


class PassagePointPage(SettingsPage):
    name = "PassagePoint"
    title = "PassagePoint"
    intro = "Where readers are registered, so that their card opens the gate."

    def __init__(self, state: SettingsState, theme: Theme, *, first_time: bool) -> None:
        super().__init__(state, theme)
        self.url = AddressField(
            state,
            "PassagePoint",
            "url",
            "Address",
            "The server with its port, as IT or Security has it.",
            "https://passagepoint.example.edu:2444",
        )
        self.user = TextField(
            state,
            "PassagePoint",
            "username",
            "User name",
            "An account of this program's own: a shared one ends each other's sessions.",
            "libcal",
        )
        self.secret = SecretField(
            state,
            SecretName("PassagePoint"),
            "Password",
            "Of this account. Security has it.",
            theme,
        )
        self.trial = TrialPanel(state, theme, "PassagePoint", state.setup.trials.passagepoint)
        self.connection = self.trial
        self.add(self.url, self.user, self.secret, self.trial)
        self.add_heading("Destinations", "Where each location's readers are let in.")
        self._places = QVBoxLayout()
        self.column.addLayout(self._places)
        self.places: dict[str, ChoiceField] = {}
        self.gate = GateQuestions(state, first_time=first_time)
        self.add_heading("At the gate", "When a visit begins, and when its card opens.")
        self.add(*self.gate.fields, self.gate.minutes)
        self._add_categories()
        self._add_what_is_sent()
        self.finish()
        state.offers_changed.connect(self.show_offers)
        self.show_offers()

    def _add_categories(self) -> None:
        self.add_heading("Categories", "The kind of visitor, by the user group in Alma.")
        self.usual = TextField(
            self.state, "PassagePoint", "default_category", "Everybody else", _CATEGORIES, "Visitor"
        )
        self.categories = CategoryFields(self.state, self.theme)
        self.add(self.categories, self.usual)

    def _add_what_is_sent(self) -> None:
        state = self.state
        self.add_heading(
            "What is sent about a person",
            "Name, barcode and category always. What is sent stays in PassagePoint, where "
            "Security sees it, until it is removed there.",
        )
        self.add(
            CheckField(state, "PassagePoint", "send_email", "Also the e-mail address"),
            CheckField(
                state,
                "PassagePoint",
                "university_id_field",
                "Also the university ID",
                "It is put into the field “mobile phone”, as the old script did.",
                values=("mobilePhoneNo", None),
            ),
        )
        self.add_heading("Made at the desk", "Off until you choose a number.")
        self.add(
            NumberField(
                state,
                "PassagePoint",
                "walk_in_hours",
                "A visit without a booking lasts at most",
                "For readers whom Alma knows, with the initials of who lets them in.",
                least=1,
                most=24,
                unit="hour",
                none="None are made here",
            ),
            NumberField(
                state,
                "PassagePoint",
                "companions_per_booking",
                "Companions of one booking",
                "Who comes with somebody's booking, each with a card or ID that Alma knows.",
                least=1,
                most=100,
                unit="companion",
                none="None",
            ),
        )

    @property
    def unanswered(self) -> str:
        return self.gate.unanswered

    @property
    def is_filled_in(self) -> bool:
        return all(one.destination for one in self.state.draft.locations)

    def on_shown(self) -> None:
        self.state.look_for_groups()

    def show_offers(self) -> None:
        """A destination for each location, a category for each user group."""
        focused = focused_in(self.places)
        clear(self._places)
        self.places = {}
        locations = self.state.draft.locations
        if not locations:
            self._places.addWidget(label("Tick locations on the page LibCal first.", "muted"))
        for location in locations:
            offered = dict.fromkeys(self.state.destinations)
            if location.destination:
                offered.setdefault(location.destination)
            choices = {one: one for one in offered} | {"": _NONE}
            note = "" if self.state.destinations else "Test the connection to get the list."
            field = ChoiceField(location.name, choices, location.destination or "", note)
            field.chosen.connect(partial(self._map, location.id))
            self.places[location.id] = field
            self._places.addWidget(field)
        if focused in self.places:
            self.places[focused].combo.setFocus()
        self.categories.show_groups()

    def _map(self, location_id: str, destination: str) -> None:
        self.state.draft.set_locations(
            _with_destination(one, destination) if one.id == location_id else one
            for one in self.state.draft.locations
        )
        self.state.note_change()


def _with_destination(location: Location, destination: str) -> Location:
    return replace(location, destination=destination or None)
