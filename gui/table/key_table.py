"""A table whose selection goes with the keys, and that takes what an input method composes."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QTableView

from gui.looks.announcing import say_current

_Index = QModelIndex | QPersistentModelIndex
_CTRL = Qt.KeyboardModifier.ControlModifier
_TO_AN_END = (Qt.Key.Key_Home, Qt.Key.Key_End)
_BY_ROWS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class KeyTable(QTableView):
    """What is read aloud, and what is selected, is the same row."""

    composed = Signal(object)
    """``QInputMethodEvent``: typed by an input method (the first CJK letter, a dead key)."""

    _has_keys = Signal()

    def __init__(self) -> None:
        super().__init__()
        # Queued: Qt says the table itself only after the table was told of the focus.
        self._has_keys.connect(self._say_current, Qt.ConnectionType.QueuedConnection)

    def selectionCommand(
        self, index: _Index, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        """With Ctrl Qt moves the keys alone: what is read aloud, and what the detail shows, would
        be two people. Only where several are selected may they go to a further one.
        """
        if isinstance(event, QKeyEvent) and event.modifiers() == _CTRL:
            several = len(self.selectionModel().selectedRows()) > 1
            if event.key() in _TO_AN_END or (event.key() in _BY_ROWS and not several):
                flags = QItemSelectionModel.SelectionFlag
                return flags.ClearAndSelect | flags.Rows
        return super().selectionCommand(index, event)

    # Qt switches input methods off wherever a cell can't be edited.

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self._has_keys.emit()

    def _say_current(self) -> None:
        say_current(self)

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        super().currentChanged(current, previous)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> object:
        if query is Qt.InputMethodQuery.ImEnabled:
            return True
        return super().inputMethodQuery(query)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self.composed.emit(event)
