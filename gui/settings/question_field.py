"""Which question of a location's form asks for the university ID: one, several, or none of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QLineEdit

from core.settings.config import ACCOUNT
from gui.looks.parts import hide_unless
from gui.settings.fields import ChoiceField

_TYPED = "typed"
_KNOWN_BY_NUMBER = re.compile(r"q?([0-9]+)")
_WORDS = {
    ACCOUNT: "The name with which readers sign on",
    _TYPED: "Several, or by number: type them…",
}


class QuestionField(ChoiceField):
    """``chosen`` gives one question, or several with commas between: the first answered counts."""

    def __init__(
        self, title: str, found: Mapping[str, str], current: str, help_text: str = ""
    ) -> None:
        """``found``: LibCal's questions, by id, with their words."""
        super().__init__(title, found, current, help_text)
        self.typed = QLineEdit(current)
        self.typed.setPlaceholderText("q12505, q777")
        self.typed.setAccessibleName(f"Questions of {title}")
        self.typed.editingFinished.connect(self._take_typed)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(self.typed)
        hide_unless("", self.typed)
        self.combo.activated.disconnect()
        self.combo.activated.connect(lambda _at: self._on_activated())

    def offer(self, choices: Mapping[str, str], current: str) -> None:
        """Beside LibCal's questions there are always the other two ways."""
        super().offer(dict(choices) | _without(choices), current)

    def _on_activated(self) -> None:
        question = self.combo.currentData()
        self.typed.setVisible(question == _TYPED)
        if question == _TYPED:
            self.typed.setFocus()
        else:
            self.chosen.emit(question)

    def _take_typed(self) -> None:
        asked = [one for one in re.split(r"[,;\s]+", self.typed.text().casefold()) if one]
        known = [_readable(one) for one in asked]
        if not asked:
            return
        if None in known:
            self.show_problem("Give questions such as q12505, with commas between, or account.")
            return
        self.show_problem("")
        self.typed.setText(", ".join(filter(None, known)))
        self.chosen.emit(self.typed.text())


def _without(found: Mapping[str, str]) -> dict[str, str]:
    return {code: words for code, words in _WORDS.items() if code not in found}


def _readable(question: str) -> str | None:
    """``q12505`` for its bare number, too; None where it is no question."""
    number = _KNOWN_BY_NUMBER.fullmatch(question)
    if number is not None:
        return f"q{number[1]}"
    return question if question == ACCOUNT else None


def listed(questions: str | Sequence[str] | None) -> str:
    """One question, or several of a config.yml, as the field shows them."""
    return questions if isinstance(questions, str) else ", ".join(questions or ())
