"""What the operating system says about colours, and that it says something else now."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication


class SystemLooks(QObject):
    """The one place that asks; tests hand in their own."""

    changed = Signal()
    """Dark for light, or a contrast theme was switched on or off."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Kept: PySide takes the object that Qt owns for deleted once its wrapper was let go.
        self._hints = QGuiApplication.styleHints()
        self._accessibility = self._hints.accessibility()
        self._hints.colorSchemeChanged.connect(self.changed)
        self._accessibility.contrastPreferenceChanged.connect(self.changed)

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
