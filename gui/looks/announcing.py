"""Says aloud what changed on the screen without being asked for."""

from __future__ import annotations

import sys

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

_SAME_AGAIN = "\N{NO-BREAK SPACE}"
"""Behind words that were the last ones, too: Orca takes the same description for no news."""


def announce(widget: QWidget, words: str) -> None:
    """Let a screen reader say ``words``, which are about ``widget``.

    Orca 43 (Debian 12) knows no announcements, but every Orca reads a new description of what has
    the focus; other systems' screen readers would say it twice, and they know announcements.
    """
    if not words:
        return
    focused = QApplication.focusWidget()
    if focused is None or not sys.platform.startswith("linux"):
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, words))
    elif isinstance(focused, QAbstractItemView):
        _describe_item(focused, words)
    else:
        _Description.of(focused).say(words)


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


class _Description(QObject):
    """What a widget says of itself until the focus leaves it; then it has its own words again."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget, self._said = widget, ""
        self._own = widget.accessibleDescription()
        widget.installEventFilter(self)

    @classmethod
    def of(cls, widget: QWidget) -> _Description:
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        return widget.findChild(cls, options=direct) or cls(widget)

    def say(self, words: str) -> None:
        now = self._widget.accessibleDescription()
        if now != self._said:  # somebody else described it anew meanwhile
            self._own = now
        self._said = words + _SAME_AGAIN * (words == self._said)
        self._widget.setAccessibleDescription(self._said)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FocusOut:
            if self._widget.accessibleDescription() == self._said:
                self._widget.setAccessibleDescription(self._own)
            self._said = self._widget.accessibleDescription()
            self._own = self._said
        return False
