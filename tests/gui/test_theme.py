"""The colours keep their contrast, the style sheet knows them all."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from core.status import PassState, Tone
from gui.theme import DARK, LIGHT, Appearance, Theme, Tokens, icon_of_pass
from tests.gui.rows import a_row

BOTH = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])


def _luminance(color: str) -> float:
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@BOTH
@pytest.mark.parametrize("ground", ["ground", "surface", "raised", "selection"])
@pytest.mark.parametrize("text", ["text", "muted", "accent"])
def test_text_is_readable_on_every_ground(tokens: Tokens, ground: str, text: str) -> None:
    names = tokens.by_name()
    assert contrast(names[text], names[ground]) >= 4.5


@BOTH
@pytest.mark.parametrize("tone", list(Tone))
def test_tones_are_readable_on_their_box_and_in_the_table(tokens: Tokens, tone: Tone) -> None:
    pair = tokens.tones[tone]
    for ground in (pair.ground, tokens.surface, tokens.selection, tokens.raised):
        assert contrast(pair.text, ground) >= 4.5
    assert contrast(tokens.text, pair.ground) >= 4.5


@BOTH
def test_control_borders_and_the_primary_button_stand_out(tokens: Tokens) -> None:
    assert contrast(tokens.control_border, tokens.surface) >= 3
    assert contrast(tokens.control_border, tokens.ground) >= 3
    assert contrast(tokens.on_accent, tokens.accent) >= 4.5


def test_style_sheet_has_no_name_left_and_scales_its_sizes(qtbot: QtBot) -> None:
    theme = Theme()
    window = QWidget()
    qtbot.addWidget(window)
    theme.apply(window, Appearance.DARK, 200)
    sheet = theme.style_sheet()
    assert "$" not in sheet
    assert not re.search(r"\ddp", sheet)
    assert "font-size: 42px" in sheet
    assert QGuiApplication.palette().window().color().name() == DARK.ground.lower()


def test_icons_are_empty_until_they_are_loaded(qtbot: QtBot) -> None:
    theme = Theme()
    assert theme.icon("check", "#000000").isNull()
    with qtbot.waitSignal(theme.changed):
        theme.load_icons()
    assert not theme.icon("check", "#000000").isNull()


def test_waiting_has_a_clock_unless_something_else_is_wrong() -> None:
    waiting = a_row(passagepoint=PassState.WAITING, tone=PassState.WAITING.tone)
    assert icon_of_pass(waiting) == "clock-outline"
    assert icon_of_pass(replace(waiting, tone=Tone.BAD)) == "close"


def test_system_appearance_follows_the_desktop(qtbot: QtBot) -> None:
    theme = Theme()
    window = QWidget()
    qtbot.addWidget(window)
    theme.apply(window, Appearance.SYSTEM, 100)
    dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    assert theme.tokens is (DARK if dark else LIGHT)
