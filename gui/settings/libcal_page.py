"""LibCal: its address, the application's credentials, the locations, the ID question."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from core.settings.config import Location
from core.setup.secrets import SecretName
from core.setup.trials import FormQuestion, Trial
from gui.looks.parts import clear, label
from gui.looks.theme import Theme
from gui.settings.fields import (
    AddressField,
    CheckField,
    Field,
    ListField,
    TextField,
    ZoneField,
    focused_in,
)
from gui.settings.page import SettingsPage
from gui.settings.question_field import QuestionField, listed
from gui.settings.secret_field import SecretField
from gui.settings.state import SettingsState
from gui.settings.trial_panel import TrialPanel


class LibCalPage(SettingsPage):
    name = "LibCal"
    title = "LibCal"
    intro = "Where the bookings come from."

    def __init__(self, state: SettingsState, theme: Theme) -> None:
        super().__init__(state, theme)
        self._add_connection()
        self.add_heading("Locations", "Tick those whose bookings this program looks after.")
        self._places, self._questions = QVBoxLayout(), QVBoxLayout()
        self.column.addLayout(self._places)
        self._add_questions()
        self.finish()
        self.boxes: dict[str, QCheckBox] = {}
        self.names: dict[str, QLineEdit] = {}
        self.choices: dict[str, QuestionField] = {}
        state.offers_changed.connect(self.show_offers)
        self.pattern.edit.editingFinished.connect(self._count_again)
        self.show_offers()

    def _add_connection(self) -> None:
        state = self.state
        self.url = AddressField(
            state,
            "LibCal",
            "url",
            "Address",
            "Where you open LibCal in a browser, up to the host.",
            "https://booking.library.example.edu",
        )
        self.client = TextField(
            state,
            "LibCal",
            "client_id",
            "Client ID",
            "In LibCal: Admin, API, API Authentication. The application needs “spaces read”.",
            "123",
        )
        self.secret = SecretField(
            state, SecretName("LibCal"), "Client secret", "Stands beside the client ID.", self.theme
        )
        self.trial = TrialPanel(state, self.theme, "LibCal", state.setup.trials.libcal)
        self.trial.ended.connect(self._ask_questions)
        self.connection = self.trial
        self.add(self.url, self.client, self.secret, self.trial)

    def _add_questions(self) -> None:
        state = self.state
        self.add_heading(
            "Who is it?", "The question in LibCal's booking form that asks for the university ID."
        )
        self.column.addLayout(self._questions)
        self.pattern = TextField(
            state,
            "LibCal",
            "primary_id_pattern",
            "What a university ID looks like",
            r"G\d{8} is a G and eight digits. IT knows this notation: a regular expression.",
        )
        self.zone = ZoneField(
            state,
            "LibCal",
            "time_zone",
            "The library's time zone",
            "Type a part of it, such as the city. Empty: this computer's.",
            "America/New_York",
        )
        self.statuses = ListField(
            state,
            "LibCal",
            "register_statuses",
            "Bookings that are registered",
            "LibCal's own words, with commas between. All others are shown only.",
            "Confirmed, Mediated Approved",
        )
        self.check_in = CheckField(
            state,
            "LibCal",
            "check_in",
            "Offer to check readers in in LibCal, too",
            "The application then needs “spaces write” as well.",
        )
        self.add(self.pattern, self.zone, self.statuses, self.check_in)
        self.add_heading("Short names", "Where there is little room, such as in the table.")
        self._names = QVBoxLayout()
        self.column.addLayout(self._names)

    @property
    def is_filled_in(self) -> bool:
        return bool(self.state.draft.locations)

    def show_offers(self) -> None:
        """The locations to tick, and a question for each ticked one."""
        chosen = {one.id: one for one in self.state.draft.locations}
        known = (*chosen.values(), *self.state.draft.unticked)
        offered = dict(self.state.locations) | {one.id: one.name for one in known}
        if list(self.boxes) != list(offered) or not offered:
            self._offer_places(offered)
        for location_id, box in self.boxes.items():
            box.setChecked(location_id in chosen)
        focused = focused_in(self.choices)
        clear(self._questions)
        self.choices = {}
        if not chosen:
            self._questions.addWidget(label("Tick a location first.", "muted"))
        for location in chosen.values():
            self._questions.addWidget(self._question_field(location))
        if focused in self.choices:
            self.choices[focused].combo.setFocus()
        self._show_names()

    def _show_names(self) -> None:
        """A short name for each ticked location."""
        locations = self.state.draft.locations
        if [one.id for one in locations] == list(self.names) and locations:
            return
        clear(self._names)
        self.names = {}
        if not locations:
            self._names.addWidget(label("Tick a location first.", "muted"))
        for location in locations:
            edit = QLineEdit(location.short_name or "")
            edit.setPlaceholderText(location.name)
            edit.textEdited.connect(partial(self._name, location.id))
            self.names[location.id] = edit
            self._names.addWidget(Field(location.name, edit))

    def _name(self, location_id: str, text: str) -> None:
        self.state.draft.set_locations(
            replace(one, short_name=text.strip() or None) if one.id == location_id else one
            for one in self.state.draft.locations
        )
        self.state.note_change()

    def _offer_places(self, offered: dict[str, str]) -> None:
        clear(self._places)
        self.boxes = {}
        for location_id, name in offered.items():
            box = QCheckBox(name.replace("&", "&&"))
            self._connect(box, location_id, name)
            self.boxes[location_id] = box
            self._places.addWidget(box)
        if not offered:
            words = "Press Test connection: LibCal then lists them here."
            self._places.addWidget(label(words, "muted", wrap=True))

    def _connect(self, box: QCheckBox, location_id: str, name: str) -> None:
        # A partial would be called without the new state.
        box.clicked.connect(lambda ticked: self._tick(location_id, name, ticked=ticked))

    def _tick(self, location_id: str, name: str, *, ticked: bool) -> None:
        if ticked:
            self.state.draft.tick(Location(id=location_id, name=name))
        else:
            self.state.draft.untick(location_id)
        self.state.set_locations(self.state.draft.locations)
        if ticked and location_id not in self.state.questions:
            self.state.look_for_questions(location_id)

    def _ask_questions(self, trial: Trial) -> None:
        if trial.locations:  # it answered, whatever else is to be put right
            for location in self.state.draft.locations:
                self.state.look_for_questions(location.id)

    def _count_again(self) -> None:
        for location_id in list(self.state.questions):
            self.state.look_for_questions(location_id)

    def _question_field(self, location: Location) -> QWidget:
        usual = self.state.draft.value("LibCal", "primary_id_question")
        current = listed(location.primary_id_question or usual)
        found = self.state.questions.get(location.id, ())
        field = QuestionField(
            location.name,
            {one.question_id: words_for(one) for one in found},
            current,
            "" if found else "Test the connection: the questions of the form then stand here.",
        )
        field.chosen.connect(partial(self._choose, location.id))
        self.choices[location.id] = field
        ids = [one.question_id for one in found]
        if found and found[0].matching and (not current or current == usual not in ids):
            # Another form than the first location's, or nothing chosen yet: the likely one.
            field.offer({one.question_id: words_for(one) for one in found}, ids[0])
            self._keep(location.id, found[0].question_id)
        return field

    def _choose(self, location_id: str, question_id: str) -> None:
        self._keep(location_id, question_id)
        self.state.note_change()

    def _keep(self, location_id: str, question_id: str) -> None:
        """The first location's question is the usual one; others name theirs if it differs."""
        draft = self.state.draft
        usual = draft.value("LibCal", "primary_id_question")
        asked = {one.id: one.primary_id_question or usual for one in draft.locations}
        asked[location_id] = question_id if ", " not in question_id else question_id.split(", ")
        usual = next(iter(asked.values()))
        draft.set("LibCal", "primary_id_question", usual)
        draft.set_locations(
            replace(one, primary_id_question=own if own != usual else None)
            for one in draft.locations
            for own in (asked[one.id] or None,)
        )


def words_for(question: FormQuestion) -> str:
    """``University ID: 34 of 41 answers today look right``"""
    if not question.answered:
        return f"{question.label}: no answer today"
    return f"{question.label}: {question.matching} of {question.answered} answers today look right"
