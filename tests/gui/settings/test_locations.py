"""The list of locations: what was chosen for one is kept while it isn't looked after."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from core.settings.config import load_config
from tests.gui.settings.conftest import Open
from tests.gui.settings.test_settings import libcal, passagepoint, question, type_into

pytestmark = pytest.mark.qt_log_ignore(
    "propagateSizeHints", "does not support raise", "grabbing the keyboard"
)


def test_an_unticked_location_keeps_its_name_and_destination_over_a_restart(
    qtbot: QtBot, open_settings: Open
) -> None:
    opened = open_settings()
    window = opened.window
    [annex] = [one for one in window.state.draft.locations if one.name == "Annex"]
    libcal(window).boxes[annex.id].click()
    assert libcal(window).boxes[annex.id].text() == "Annex"
    window.save.click()
    asked = question(qtbot, window)
    assert "Annex is no longer looked after here" in asked.text.text()
    with qtbot.waitSignal(window.saved):
        asked.choices["save"].click()
    saved = load_config(opened.setup.config_file).libcal
    assert not saved.looks_after(annex.id)
    assert saved.unticked == (annex,)
    again = open_settings(keep_file=True).window
    box = libcal(again).boxes[annex.id]
    assert (box.text(), box.isChecked()) == ("Annex", False)
    box.click()
    assert [one for one in again.state.draft.locations if one.id == annex.id] == [annex]
    assert again.state.draft.unticked == ()


def test_several_questions_can_be_typed_before_libcal_has_listed_any(open_settings: Open) -> None:
    window = open_settings().window
    page = libcal(window)
    first = window.state.draft.locations[0].id
    field = page.choices[first]
    field.combo.setCurrentIndex(field.combo.findData("typed"))
    field.combo.activated.emit(field.combo.currentIndex())
    assert field.typed.isVisibleTo(page)
    type_into(field.typed, "what?")
    assert "such as q12505" in field.problem.text()
    type_into(field.typed, "12505 Q777, account")
    assert field.problem.text() == ""
    assert window.state.draft.config().libcal.questions_of(first) == ("q12505", "q777", "account")


def test_the_sign_on_name_can_be_chosen_as_it_is(open_settings: Open) -> None:
    window = open_settings().window
    first = window.state.draft.locations[0].id
    field = libcal(window).choices[first]
    field.combo.setCurrentIndex(field.combo.findText("The name with which readers sign on"))
    field.combo.activated.emit(field.combo.currentIndex())
    assert window.state.draft.config().libcal.questions_of(first) == ("account",)


def test_a_short_name_is_kept_with_its_location(open_settings: Open) -> None:
    window = open_settings().window
    first = window.state.draft.locations[0]
    type_into(libcal(window).names[first.id], "Mn")
    assert window.state.draft.config().libcal.short_name_of(first.id) == "Mn"
    passagepoint(window).places[first.id].chosen.emit("Annex Desk")
    assert window.state.draft.config().libcal.short_name_of(first.id) == "Mn"
