"""The list of locations: what was chosen for one is kept while it isn't looked after."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from core.settings.config import load_config
from tests.gui.settings.conftest import Open
from tests.gui.settings.test_settings import libcal, question

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
