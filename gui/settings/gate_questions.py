"""When a visit begins and when its card opens the gate: asked at the first time, never preset."""

from __future__ import annotations

from core.domain.text import counted
from gui.settings.fields import ChoiceField, NumberField
from gui.settings.state import SettingsState

_EARLY, _CARD = "minutes_early", "card_works_minutes_before"
_EARLIER = (0, 5, 10, 15, 30)
_USUAL = (0, 5, 10, 15, 20, 30, 45, 60)
_ANOTHER = "another"
_BY_HAND = {"guard": "A guard signs people in", "not known": "Not known"}


class GateQuestions:
    """Two questions about the site's gate; who doesn't know says so."""

    def __init__(self, state: SettingsState, *, first_time: bool) -> None:
        self._state = state
        self._open = [_EARLY, _CARD] if first_time else []
        self.early, self.card = self._early_field(), self._card_field()
        self.fields = (self.early, self.card)
        self.minutes = NumberField(
            state, "PassagePoint", _CARD, "Minutes before the visit", least=0, most=24 * 60
        )
        self.minutes.hide()
        self.early.chosen.connect(lambda chosen: self._answer(_EARLY, int(chosen)))
        self.card.chosen.connect(self._choose_card)

    @property
    def unanswered(self) -> str:
        """What is still to be answered; "" where nothing is."""
        words = {
            _EARLY: "how long before a booking its visit begins",
            _CARD: "from when a card opens the gate",
        }
        asked = " and ".join(words[name] for name in self._open)
        return f"{asked}." if asked else ""

    def _choose_card(self, chosen: str) -> None:
        self.minutes.setVisible(chosen == _ANOTHER)
        if chosen == _ANOTHER:
            self._answer(_CARD, self.minutes.spin.value())
            self.minutes.spin.selectAll()
        else:
            self._answer(_CARD, int(chosen) if chosen.isdigit() else None)

    def _answer(self, name: str, value: int | None) -> None:
        if name in self._open:
            self._open.remove(name)
        self._state.set("PassagePoint", name, value)

    def _early_field(self) -> ChoiceField:
        known = int(self._state.draft.value("PassagePoint", _EARLY))
        choices = {
            str(one): f"{counted(one, 'minute')} earlier" if one else "At the booking's start"
            for one in sorted({*_EARLIER, known})
        }
        return ChoiceField(
            "The visit begins",
            choices,
            "" if self._open else str(known),
            "Earlier lets the gate open for who comes early.",
        )

    def _card_field(self) -> ChoiceField:
        """When a card that stays shut proves something; a guard's gate never does."""
        known = self._state.draft.value("PassagePoint", _CARD)
        minutes = sorted({*_USUAL, *([known] if known is not None else [])})
        choices = {str(one): f"{counted(one, 'minute')} before the visit" for one in minutes}
        choices |= {_ANOTHER: "Another number of minutes", **_BY_HAND}
        return ChoiceField(
            "A card opens the gate by itself from",
            choices,
            "" if self._open else "not known" if known is None else str(known),
            "Security knows. Before that, a card that stays shut doesn't prove that there is no "
            "visit, and the desk is told so.",
        )
