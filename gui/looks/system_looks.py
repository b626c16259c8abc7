"""What the operating system says about colours, and that it says something else now."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from gui.looks.frames import Frames

_USUAL_PIXELS = {"win32": 12.0, "darwin": 13.0}
_USUAL_ELSEWHERE = 14.7
"""GNOME's 11 points; others have less."""
_NOTICED = 1.1
"""A font that is a little larger is another font, not larger text."""


class SystemLooks(QObject):
    """The one place that asks; tests hand in their own."""

    changed = Signal()
    """Dark for light, a contrast theme was switched on or off, or text is larger now."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Kept: PySide takes the object that Qt owns for deleted once its wrapper was let go.
        self._hints = QGuiApplication.styleHints()
        self._accessibility = self._hints.accessibility()
        self._frames = Frames(self)
        self._told = None
        if QGuiApplication.platformName() == "wayland":  # X tells it as the screen's dots per inch
            from gui.looks.portal_text import PortalText

            self._told = PortalText(self)
            self._told.changed.connect(self.changed)
        self._hints.colorSchemeChanged.connect(self.changed)
        self._accessibility.contrastPreferenceChanged.connect(self.changed)

    def text_factor(self) -> float:
        """How much larger than usual somebody has set the system's text; 1.0 where it is usual."""
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
        screen = QGuiApplication.primaryScreen()
        points = font.pointSizeF() * (screen.logicalDotsPerInch() if screen else 96) / 72
        pixels = font.pixelSize() if font.pixelSize() > 0 else points
        usual = _USUAL_PIXELS.get(sys.platform, _USUAL_ELSEWHERE)
        factor = round(pixels / usual * (self._told.factor if self._told else 1), 2)
        return factor if factor >= _NOTICED else 1.0

    def dress_frames(self, *, dark: bool | None) -> None:
        """Title bars and the system's own dialogs follow what was chosen; None: the system."""
        schemes = {None: Qt.ColorScheme.Unknown, True: Qt.ColorScheme.Dark}
        self._hints.setColorScheme(schemes.get(dark, Qt.ColorScheme.Light))
        self._frames.dress(dark=self.is_dark() if dark is None else dark, chosen=dark is not None)

    def is_dark(self) -> bool:
        return self._hints.colorScheme() is Qt.ColorScheme.Dark

    def wants_contrast(self) -> bool:
        """A contrast theme is on: Windows' own, or a desktop's high contrast."""
        preference = self._accessibility.contrastPreference()
        return preference is Qt.ContrastPreference.HighContrast

    def palette(self) -> QPalette:
        """The system's colours, not those that we set before."""
        QApplication.setPalette(QPalette())
        return QGuiApplication.palette()
