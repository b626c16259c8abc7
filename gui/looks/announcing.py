"""Says aloud what changed on the screen without being asked for."""

from __future__ import annotations

import sys

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

_SAME_AGAIN = "\N{NO-BREAK SPACE}"
"""Behind words that were the last ones, too: Orca takes the same description for no news."""
_HELD_MS = 5000
"""Older words are no news any more to whoever comes back from another program."""


def announce(widget: QWidget, words: str) -> None:
    """Let a screen reader say ``words``, which are about ``widget``.

    Orca 43 (Debian 12) knows no announcements, but every Orca reads a new description of what has
    the focus; other systems' screen readers would say it twice, and they know announcements.
    """
    if not words:
        return
    focused = _focused()
    if focused is None or not sys.platform.startswith("linux"):
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, words))
        if sys.platform.startswith("linux"):
            _Held(widget.window(), words)
    elif isinstance(focused, QAbstractItemView):
        _describe_item(focused, words)
    else:
        _Description.of(focused).say(words)


def _focused() -> QWidget | None:
    """What has the keys; a dialog that just closed still seems to, but says nothing any more."""
    focused = QApplication.focusWidget()
    return focused if focused is not None and focused.isVisible() else None


def _describe_item(view: QAbstractItemView, words: str) -> None:
    """For as long as it takes to be told: afterwards the item describes itself again."""
    index, role = view.currentIndex(), Qt.ItemDataRole.AccessibleDescriptionRole
    spoken = QAccessible.queryAccessibleInterface(view)
    item = spoken.focusChild() if index.isValid() else None
    event = QAccessibleEvent(view, QAccessible.Event.DescriptionChanged)
    if item is None:
        _Description.of(view).say(words)
        return
    event.setChild(spoken.indexOfChild(item))
    again = view.property("lastSaid") == words
    view.setProperty("lastSaid", "" if again else words)
    view.model().setData(index, words + _SAME_AGAIN * again, role)
    QAccessible.updateAccessibility(event)
    view.model().setData(index, None, role)


class _Held(QObject):
    """Said while a dialog had just closed, and its window had not yet got the keys back."""

    _came_back = Signal()

    def __init__(self, window: QWidget, words: str) -> None:
        super().__init__(window)
        for older in window.findChildren(_Held, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if older is not self:
                older.deleteLater()
        self._window, self._words = window, words
        self._came_back.connect(self._say, Qt.ConnectionType.QueuedConnection)
        window.installEventFilter(self)
        QTimer.singleShot(_HELD_MS, self, self.deleteLater)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() is QEvent.Type.WindowActivate:
            self._came_back.emit()  # what has the focus is told only after this
        return False

    def _say(self) -> None:
        words, self._words = self._words, ""
        if _focused() is not None:
            announce(self._window, words)
        self.deleteLater()


def say_current(view: QAbstractItemView) -> None:
    """The keys came to ``view``: say where in it they are, and not only its own name."""
    item = QAccessible.queryAccessibleInterface(view).focusChild() if view.hasFocus() else None
    if item is not None:
        event = QAccessibleEvent(view, QAccessible.Event.Focus)
        event.setChild(QAccessible.queryAccessibleInterface(view).indexOfChild(item))
        QAccessible.updateAccessibility(event)


def fall_silent(widget: QWidget, own: str) -> None:
    """Let ``widget`` say nothing of itself while one types into it; then its ``own`` words."""
    _Description.of(widget).fall_silent(own)


class _Description(QObject):
    """What a widget says of itself until the focus leaves it; then it has its own words again."""

    _lost_focus = Signal()
    _next_is_told = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget, self._said = widget, ""
        self._own = widget.accessibleDescription()
        # Queued twice: its own words would be said once more until the focus is told to be
        # elsewhere, and of a table that is its item, which is queued itself.
        self._lost_focus.connect(self._next_is_told, Qt.ConnectionType.QueuedConnection)
        self._next_is_told.connect(self._be_quiet, Qt.ConnectionType.QueuedConnection)
        widget.installEventFilter(self)

    @classmethod
    def of(cls, widget: QWidget) -> _Description:
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        return widget.findChild(cls, options=direct) or cls(widget)

    def say(self, words: str) -> None:
        now = self._widget.accessibleDescription()
        if now != self._said:  # somebody else described it anew meanwhile
            self._own = now
            if now.startswith(words):  # and so it was said
                self._said = now
                return
        self._said = words + _SAME_AGAIN * (words == self._said)
        self._widget.setAccessibleDescription(self._said)

    def fall_silent(self, own: str) -> None:
        self._own, self._said = own, ""
        self._widget.setAccessibleDescription("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FocusOut:
            self._lost_focus.emit()
        return False

    def _be_quiet(self) -> None:
        if self._widget.hasFocus():
            return
        if self._widget.accessibleDescription() == self._said:
            self._widget.setAccessibleDescription(self._own)
        self._said = self._widget.accessibleDescription()
        self._own = self._said
