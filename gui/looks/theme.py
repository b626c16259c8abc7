"""Colours, sizes, icons and the style sheet; nothing else knows a resource path.

QtAwesome takes a quarter of a second to import, so it is imported by ``load_icons`` after the
first paint; until then every icon is empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from string import Template
from typing import NamedTuple

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from core.domain.models import BookingRow
from core.domain.status import LibCalState, PassState, Tone
from gui.looks.rescale import rescale
from gui.looks.system_looks import SystemLooks

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
_HALF_BRIGHT = 127


class Appearance(StrEnum):
    """Which of the two colour sets is used."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class TonePair(NamedTuple):
    """How a tone is written, and the ground of its boxes."""

    text: str
    ground: str


class Tokens(NamedTuple):
    """One set of colours."""

    ground: str
    surface: str
    raised: str
    line: str
    control_border: str
    text: str
    muted: str
    disabled: str
    """The words of what can't be pressed now."""
    accent: str
    on_accent: str
    selection: str
    tones: Mapping[Tone, TonePair]

    def by_name(self) -> dict[str, str]:
        """Every colour under the name that the style sheet uses."""
        names = {name: color for name, color in self._asdict().items() if name != "tones"}
        for tone, pair in self.tones.items():
            names |= {f"{tone}_text": pair.text, f"{tone}_ground": pair.ground}
        return names


LIGHT = Tokens(
    ground="#F5F6F8",
    surface="#FFFFFF",
    raised="#FAFBFC",
    line="#DDE2E8",
    control_border="#7D8794",
    text="#18212D",
    muted="#586576",
    disabled="#586576",
    accent="#1F5FBF",
    on_accent="#FFFFFF",
    selection="#E6EFFB",
    tones={
        Tone.GOOD: TonePair("#1B7042", "#E4F3EA"),
        Tone.WARN: TonePair("#8A5200", "#FFF1D6"),
        Tone.BAD: TonePair("#B3261E", "#FCE8E6"),
        Tone.BUSY: TonePair("#1F5FBF", "#E6EFFB"),
        Tone.NEUTRAL: TonePair("#586576", "#ECEFF3"),
    },
)
DARK = Tokens(
    ground="#13171D",
    surface="#1B2129",
    raised="#20272F",
    line="#2E3742",
    control_border="#76818F",
    text="#E7ECF3",
    muted="#9DAABA",
    disabled="#9DAABA",
    accent="#7FB2FF",
    on_accent="#0E1624",
    selection="#1F3350",
    tones={
        Tone.GOOD: TonePair("#6CCB95", "#173226"),
        Tone.WARN: TonePair("#F1BC63", "#392B12"),
        Tone.BAD: TonePair("#FF8F86", "#3E1E1C"),
        Tone.BUSY: TonePair("#7FB2FF", "#1A2D49"),
        Tone.NEUTRAL: TonePair("#9DAABA", "#28303A"),
    },
)

TONE_ICONS: Mapping[Tone, str] = {
    Tone.GOOD: "check",
    Tone.WARN: "alert-outline",
    Tone.BAD: "close",
    Tone.BUSY: "refresh",
    Tone.NEUTRAL: "minus",
}
OLD_ICON = "history"
"""The last known answer: its service could not be asked again."""
STATE_ICONS: Mapping[str, str] = {
    PassState.UNCLEAR: "help-circle-outline",
    PassState.WAITING: "clock-outline",
    LibCalState.TENTATIVE: "clock-outline",
    LibCalState.CANCELLED: "close",
}


def program_icon() -> QIcon:
    """What stands in the task bar and the tray."""
    return QIcon(str(RESOURCES / "icon.png"))


def icon_of_pass(row: BookingRow) -> str:
    """The icon of the PassagePoint cell; another state's trouble has its tone's icon."""
    if row.tone is row.passagepoint.tone:
        return STATE_ICONS.get(row.passagepoint, TONE_ICONS[row.tone])
    return TONE_ICONS[row.tone]


class Theme(QObject):
    """The looks in use; ``changed`` is emitted when anything painted by hand must repaint."""

    changed = Signal()
    outdated = Signal()
    """The system has other colours now: whoever called ``apply`` should do it again."""

    def __init__(self, parent: QObject | None = None, system: SystemLooks | None = None) -> None:
        super().__init__(parent)
        self._system = system or SystemLooks(self)
        self._system.changed.connect(self.outdated)
        self.tokens = LIGHT
        self.scale = 1.0
        self._family = QApplication.font().family()
        self._fonts: dict[tuple[float, QFont.Weight], QFont] = {}
        self._colors: dict[str, QColor] = {}
        self._icons: dict[tuple[str, str], QIcon] = {}
        self._drawn: dict[tuple[str, str, int, float], QPixmap] = {}
        self._icons_loaded = False
        nothing = QPixmap(64, 64)
        nothing.fill(Qt.GlobalColor.transparent)
        self._blank = QIcon(nothing)

    def apply(self, window: QWidget, appearance: Appearance, percent: int) -> None:
        """Dress ``window`` and all its dialogs; ``percent``, 100 to 200, is the text size next to
        the system's."""
        own = {Appearance.DARK: True, Appearance.LIGHT: False}
        self._system.dress_frames(dark=own.get(appearance))
        self.tokens = self._tokens_for(appearance)
        before, self.scale = self.scale, self._system.text_factor() * percent / 100
        if before != self.scale:
            rescale(window, before, self.scale)
        self._fonts.clear()
        self._drawn.clear()
        QApplication.setFont(self.font())
        QApplication.setPalette(self._palette())
        window.setStyleSheet(self.style_sheet())
        self.changed.emit()

    def px(self, size: float) -> int:
        """A length of the design in pixels of this text size."""
        return round(size * self.scale)

    def font(self, size: float = 14, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """The system's font with figures of equal width, so that times stand in columns."""
        if (size, weight) not in self._fonts:  # a table asks for some with every cell
            font = QFont(self._family)
            font.setPixelSize(self.px(size))
            font.setWeight(weight)
            font.setFeature(QFont.Tag("tnum"), 1)
            self._fonts[size, weight] = font
        return QFont(self._fonts[size, weight])

    def color(self, css: str) -> QColor:
        """A colour from its name in ``tokens``; made once, for a table asks with every cell."""
        return self._colors.get(css) or self._colors.setdefault(css, QColor(css))

    def tone(self, tone: Tone) -> str:
        """The colour in which ``tone`` is written."""
        return self.tokens.tones[tone].text

    def icon(self, name: str, color: str) -> QIcon:
        """One of QtAwesome's icons, in a colour; before ``load_icons`` one that shows nothing."""
        if not self._icons_loaded:
            return self._blank  # which takes its room: nothing jumps when the others come
        return self._icons.get((name, color)) or self._make_icon(name, color)

    def paint_icon(self, painter: QPainter, place: QRect, name: str, color: str) -> None:
        """One of many in a list: drawn once and kept, for QtAwesome sets its type each time."""
        if not self._icons_loaded:
            return
        sharpness = painter.device().devicePixelRatio()
        key = (name, color, place.width(), sharpness)
        if key not in self._drawn:
            self._drawn[key] = self.icon(name, color).pixmap(place.size(), sharpness)
        painter.drawPixmap(place, self._drawn[key])

    def load_icons(self) -> None:
        """Import QtAwesome; call it after the first paint."""
        self._icons_loaded = True
        self.icon("check", self.tokens.text)
        self.changed.emit()

    def style_sheet(self) -> str:
        """resources/style.qss with this theme's colours and sizes."""
        text = (RESOURCES / "style.qss").read_text(encoding="utf-8")
        bright = QColor(self.tokens.on_accent).lightness() > _HALF_BRIGHT
        named = {
            "resources": RESOURCES.as_posix(),
            "tick": "tick-white" if bright else "tick-black",
            "beside_title": "0 14dp 0 2dp" if QApplication.isRightToLeft() else "0 2dp 0 14dp",
        }
        coloured = Template(text).substitute(self.tokens.by_name() | named)
        return re.sub(r"(\d+)dp\b", lambda found: f"{self.px(int(found[1]))}px", coloured)

    def _make_icon(self, name: str, color: str) -> QIcon:
        from gui.looks.icons import icon

        made = icon(name, color)
        self._icons[name, color] = made
        return made

    def _tokens_for(self, appearance: Appearance) -> Tokens:
        if self._system.wants_contrast():
            return _contrast_tokens(self._system.palette())
        if appearance is Appearance.SYSTEM:
            return DARK if self._system.is_dark() else LIGHT
        return DARK if appearance is Appearance.DARK else LIGHT

    def _palette(self) -> QPalette:
        tokens, role = self.tokens, QPalette.ColorRole
        palette = QPalette(QColor(tokens.surface), QColor(tokens.ground))
        for part, color in {
            role.Base: tokens.surface,
            role.AlternateBase: tokens.raised,
            role.Text: tokens.text,
            role.WindowText: tokens.text,
            role.ButtonText: tokens.text,
            role.PlaceholderText: tokens.muted,
            role.Highlight: tokens.accent,
            role.HighlightedText: tokens.on_accent,
            role.Link: tokens.accent,
            role.ToolTipBase: tokens.raised,
            role.ToolTipText: tokens.text,
            role.Mid: tokens.control_border,
        }.items():
            palette.setColor(part, QColor(color))
        for part in (role.Text, role.WindowText, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, part, QColor(tokens.disabled))
        return palette


def _contrast_tokens(palette: QPalette) -> Tokens:
    """The colours of the operating system's contrast theme; tones differ by icon and word."""

    def named(role: QPalette.ColorRole) -> str:
        return palette.color(role).name()

    base, text = named(QPalette.ColorRole.Base), named(QPalette.ColorRole.Text)
    accent = named(QPalette.ColorRole.Highlight)
    return Tokens(
        ground=base,
        surface=base,
        raised=base,
        line=text,
        control_border=text,
        text=text,
        muted=text,
        disabled=palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text).name(),
        accent=accent,
        on_accent=named(QPalette.ColorRole.HighlightedText),
        selection=base,
        tones={tone: TonePair(text, base) for tone in Tone},
    )
