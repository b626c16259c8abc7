"""Which columns are shown, and in which order; by buttons too."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidgetItem, QWidget

from gui.dialogs.base import Dialog
from gui.looks.item_list import ItemList
from gui.looks.parts import button
from gui.table.columns import COLUMNS

_NAME = 256
"""Qt.ItemDataRole.UserRole as the number that items take."""


class ChooseColumns(Dialog):
    """Ticked columns are shown, from top to bottom as from left to right."""

    chosen = Signal(object)
    """``tuple[str, ...]``: the names of the shown columns."""

    def __init__(self, parent: QWidget, shown: tuple[str, ...]) -> None:
        super().__init__(
            parent,
            "Columns",
            "Tick what is shown; move it up to have it further left. In a narrow window some make "
            "room for the others.",
        )
        self.list = ItemList()
        self.list.setAccessibleName("Columns")
        others = [column.name for column in COLUMNS if column.name not in shown]
        titles = {column.name: column.said for column in COLUMNS}
        for name in [*shown, *others]:
            item = QListWidgetItem(titles[name])
            item.setData(_NAME, name)
            state = Qt.CheckState.Checked if name in shown else Qt.CheckState.Unchecked
            item.setCheckState(state)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        third = self.screen().availableSize().height() // 3
        self.list.setMinimumHeight(min(self.px(len(COLUMNS) * 31), third))
        self.column.addWidget(self.list)
        moves = QHBoxLayout()
        self.column.addLayout(moves)
        for words, step in (("Up", -1), ("Down", 1)):
            made = button(words)
            made.clicked.connect(lambda _on=False, step=step: self._move(step))
            moves.addWidget(made)
        moves.addStretch(1)
        self.add_cancel()
        self.take = self.add_button("Show these columns", "primary")
        self.take.clicked.connect(self._choose)

    def _move(self, step: int) -> None:
        place = self.list.currentRow()
        if 0 <= place + step < self.list.count():
            item = self.list.takeItem(place)
            self.list.insertItem(place + step, item)
            self.list.setCurrentRow(place + step)

    def _choose(self) -> None:
        items = [self.list.item(at) for at in range(self.list.count())]
        ticked = [one for one in items if one.checkState() is Qt.CheckState.Checked]
        if ticked:
            self.chosen.emit(tuple(one.data(_NAME) for one in ticked))
            self.accept()
