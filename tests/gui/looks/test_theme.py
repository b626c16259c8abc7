"""The colours keep their contrast, the style sheet knows them all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations

import pytest
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPalette
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from core.domain.status import PassState, Tone
from gui.looks.system_looks import SystemLooks
from gui.looks.theme import DARK, LIGHT, Appearance, Theme, Tokens, icon_of_pass
from tests.gui.conftest import Show
from tests.gui.fake_engine import FakeEngine
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


WORDS_ON_GROUNDS = [
    ("on_accent", "accent"),  # primary buttons, the word "now", selected text
    ("on_accent", "muted"),  # the word "Tomorrow"
    ("surface", "text"),  # what just happened, over the table
    ("muted", "surface"),  # what a field is for, before anything is typed
    ("disabled", "neutral_ground"),  # a button that can't be pressed yet
    ("muted", "good_ground"),
    ("muted", "warn_ground"),  # whom to call
    ("muted", "bad_ground"),
    ("muted", "busy_ground"),
    ("bad_text", "ground"),  # what is to do, a service without an answer
    ("warn_text", "ground"),
    ("accent", "busy_ground"),  # practice
]
SHAPES_ON_GROUNDS = [
    ("control_border", "surface"),
    ("control_border", "ground"),
    ("control_border", "raised"),
    ("accent", "ground"),  # the focus, the arrivals, the line "now"
    ("accent", "surface"),
    ("accent", "raised"),
    ("accent", "selection"),  # the bar and the focus in a selected row
    ("accent", "line"),  # the progress
    ("text", "ground"),  # "now" among the arrivals
    ("bad_text", "surface"),  # trouble among the arrivals
    ("on_accent", "accent"),  # the focus of a primary button
]


@BOTH
@pytest.mark.parametrize(("words", "ground"), WORDS_ON_GROUNDS)
def test_words_are_readable_where_they_stand(tokens: Tokens, words: str, ground: str) -> None:
    names = tokens.by_name()
    assert contrast(names[words], names[ground]) >= 4.5


@BOTH
@pytest.mark.parametrize(("shape", "ground"), SHAPES_ON_GROUNDS)
def test_controls_and_shapes_stand_out(tokens: Tokens, shape: str, ground: str) -> None:
    names = tokens.by_name()
    assert contrast(names[shape], names[ground]) >= 3


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


def test_icons_show_nothing_until_they_are_loaded(qtbot: QtBot) -> None:
    theme = Theme()
    image = theme.icon("check", "#000000").pixmap(16).toImage()
    assert {image.pixelColor(x, x).alpha() for x in range(16)} == {0}
    with qtbot.waitSignal(theme.changed):
        theme.load_icons()
    assert not theme.icon("check", "#000000").isNull()


def painted_icon(theme: Theme, name: str, color: str) -> QImage:
    image = QImage(16, 16, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    theme.paint_icon(painter, image.rect(), name, color)
    painter.end()
    return image


def test_each_painted_icon_is_its_own(qtbot: QtBot) -> None:
    theme = Theme()
    assert painted_icon(theme, "check", "#112233") == painted_icon(theme, "close", "#112233")
    theme.load_icons()
    kinds = [("check", "#112233"), ("close", "#112233"), ("check", "#aa0000")]
    first, again = ([painted_icon(theme, *kind) for kind in kinds] for _ in range(2))
    assert first == again
    assert all(one != other for one, other in combinations(first, 2))


def test_a_changed_copy_leaves_the_fonts_of_others_alone(qtbot: QtBot) -> None:
    theme = Theme()
    theme.font().setStrikeOut(True)
    assert not theme.font().strikeOut()


def test_a_larger_text_size_reaches_every_font(qtbot: QtBot) -> None:
    theme, widget = Theme(), QWidget()
    qtbot.addWidget(widget)
    for percent, size in ((100, 14), (200, 28)):
        theme.apply(widget, Appearance.LIGHT, percent)
        assert theme.font().pixelSize() == size


def test_waiting_has_a_clock_unless_something_else_is_wrong() -> None:
    waiting = a_row(passagepoint=PassState.WAITING, tone=PassState.WAITING.tone)
    assert icon_of_pass(waiting) == "clock-outline"
    assert icon_of_pass(replace(waiting, tone=Tone.BAD)) == "close"


class FakeSystem(SystemLooks):
    """Says what it is told to say."""

    dark = False
    contrast = False
    colors: Mapping[QPalette.ColorRole, str] = {}

    def is_dark(self) -> bool:
        return self.dark

    def wants_contrast(self) -> bool:
        return self.contrast

    def palette(self) -> QPalette:
        palette = QPalette()
        for role, color in self.colors.items():
            palette.setColor(role, QColor(color))
        disabled = QPalette.ColorGroup.Disabled
        palette.setColor(disabled, QPalette.ColorRole.Text, QColor(GRAY_TEXT))
        return palette


GRAY_TEXT = "#a6a6a6"
NIGHT_SKY = {
    QPalette.ColorRole.Base: "#000000",
    QPalette.ColorRole.Text: "#ffffff",
    QPalette.ColorRole.Highlight: "#d6b4fd",
    QPalette.ColorRole.HighlightedText: "#2b2b2b",
}


def test_system_appearance_follows_the_desktop(qtbot: QtBot) -> None:
    system = FakeSystem()
    theme, window = Theme(system=system), QWidget()
    qtbot.addWidget(window)
    theme.apply(window, Appearance.SYSTEM, 100)
    assert theme.tokens is LIGHT
    system.dark = True
    with qtbot.waitSignal(theme.outdated):
        system.changed.emit()
    theme.apply(window, Appearance.SYSTEM, 100)
    assert theme.tokens is DARK


@pytest.mark.parametrize("appearance", [Appearance.LIGHT, Appearance.DARK])
def test_what_a_field_is_for_is_readable_before_anything_is_typed(
    qtbot: QtBot, show: Show, appearance: Appearance
) -> None:
    window = show(FakeEngine()).window
    theme, field = window.theme, window.header.search
    theme.apply(window, appearance, 100)
    words = field.palette().placeholderText().color()
    assert words.alpha() == 255, "half of the text's colour is too faint"
    assert contrast(words.name(), theme.tokens.surface) >= 4.5


def test_in_a_contrast_theme_disabled_looks_disabled(qtbot: QtBot) -> None:
    system = FakeSystem()
    system.contrast, system.colors = True, NIGHT_SKY
    theme, window = Theme(system=system), QWidget()
    qtbot.addWidget(window)
    made = QPushButton(window)
    made.setEnabled(False)
    theme.apply(window, Appearance.SYSTEM, 100)
    made.ensurePolished()
    assert made.palette().buttonText().color().name() == GRAY_TEXT
    assert theme.tokens.text != GRAY_TEXT


@pytest.mark.parametrize("appearance", list(Appearance))
def test_a_contrast_theme_goes_before_every_appearance(
    qtbot: QtBot, appearance: Appearance
) -> None:
    system = FakeSystem()
    system.contrast, system.colors = True, NIGHT_SKY
    theme, window = Theme(system=system), QWidget()
    qtbot.addWidget(window)
    theme.apply(window, appearance, 100)
    used = set(theme.tokens.by_name().values())
    assert used <= {*NIGHT_SKY.values(), GRAY_TEXT}
    names = theme.tokens.by_name()
    assert contrast(names["text"], names["surface"]) >= 7
    assert contrast(names["accent"], names["surface"]) >= 4.5
    for tone in Tone:
        assert contrast(names[f"{tone}_text"], names[f"{tone}_ground"]) >= 7


def test_the_window_changes_with_the_system_while_it_is_open(qtbot: QtBot, show: Show) -> None:
    window = show(FakeEngine()).window
    before = window.theme.tokens
    window.theme._system.is_dark = lambda: before is LIGHT  # type: ignore[method-assign]
    window.theme._system.changed.emit()
    assert window.theme.tokens is not before
