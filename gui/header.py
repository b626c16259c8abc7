"""The upper part of the window: date, place, search, Sync now, services, chips, arrivals."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from core.status import Tone
from gui.arrivals import Arrivals
from gui.filter_chips import FilterChips
from gui.parts import IconButton, IconMark, button, label
from gui.service_line import ServiceLine
from gui.theme import Theme
from gui.words import Times

_ALL_PLACES = "All places"
_ROOM_FOR_ARRIVALS = 1180
_ROOM_FOR_PINNED = 1100
_HEIGHT_FOR_ARRIVALS = 720


class Header(QWidget):
    """Arranges its parts for the room there is."""

    place_chosen = Signal(object)
    """``str | None``: a location's id."""
    searched = Signal(str)
    sync_pressed = Signal()
    pinned_pressed = Signal()

    def __init__(self, theme: Theme, times: Times) -> None:
        super().__init__()
        self.setObjectName("header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self.date = label("", "date")
        self.places = IconButton(theme, f"{_ALL_PLACES} ", "chevron-down")
        self.places.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.places.setAccessibleName(f"Place: {_ALL_PLACES}")
        self.pinned = button("", "flat", "loud")
        self.pinned.clicked.connect(self.pinned_pressed)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Name, ID, barcode or seat")
        self.search.setAccessibleName("Search by name, ID, barcode or seat")
        self.search.setClearButtonEnabled(True)
        self.search.setText(" ")
        self.search.clear()  # else Qt shows the button that clears an empty field
        self.search.textChanged.connect(self.searched)
        self._glass = IconMark(theme, Tone.NEUTRAL, "magnify", 18)
        glass = QHBoxLayout(self.search)
        glass.setContentsMargins(theme.px(10), 0, 0, 0)
        glass.addWidget(self._glass)
        glass.addStretch(1)
        self.sync = IconButton(theme, " Sync now", "refresh", "on_accent")
        self.sync.setProperty("primary", True)
        self.sync.clicked.connect(self.sync_pressed)
        self.services = ServiceLine(theme, times)
        self.chips = FilterChips(theme)
        self.arrivals = Arrivals(theme, times)
        self._menu = QMenu(self)
        self._group = QActionGroup(self)
        self.places.setMenu(self._menu)
        self._arrange()
        self._look_again()
        theme.changed.connect(self._look_again)

    def _arrange(self) -> None:
        px = self._theme.px
        first = QHBoxLayout()
        first.setSpacing(px(14))
        first.addWidget(self.date)
        first.addWidget(self.places)
        first.addWidget(self.pinned)
        first.addStretch(1)
        first.addWidget(self.search, 2)
        first.addWidget(self.sync)
        rest = QVBoxLayout()
        rest.setSpacing(px(14))
        rest.addWidget(self.services)
        rest.addWidget(self.chips)
        grid = QGridLayout(self)
        grid.setContentsMargins(px(16), px(12), px(16), px(14))
        grid.setVerticalSpacing(px(9))
        grid.setColumnStretch(0, 1)
        grid.addLayout(first, 0, 0, 1, 2)
        grid.addLayout(rest, 1, 0)
        grid.addWidget(self.arrivals, 1, 1, Qt.AlignmentFlag.AlignBottom)

    def set_places(self, places: dict[str, str]) -> None:
        """The locations that staff can choose from, by id."""
        chosen = self._group.checkedAction()
        chosen_id = chosen.data() if chosen else None
        self._menu.clear()
        for old in self._group.actions():
            self._group.removeAction(old)
        for place_id, name in [(None, _ALL_PLACES), *places.items()]:
            action = QAction(name.replace("&", "&&"), self._menu)
            action.setCheckable(True)
            action.setData(place_id)
            action.setChecked(place_id == chosen_id)
            action.triggered.connect(self._choose_place)
            self._group.addAction(action)
            self._menu.addAction(action)
        self.places.setVisible(len(places) > 1)

    def show_place(self, place_id: str | None) -> None:
        """Show which place is chosen."""
        for action in self._group.actions():
            if action.data() == place_id:
                action.setChecked(True)
                self.places.setText(f"{action.text()} ")
                self.places.setAccessibleName(f"Place: {action.text()}")

    def show_pinned(self, words: str) -> None:
        """``6 to do, 2 start within 30 min``; nothing where nothing is to do."""
        self.pinned.setText(words)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        px = self._theme.px
        height = self.window().height()
        self.arrivals.setVisible(
            self.width() >= px(_ROOM_FOR_ARRIVALS) and height >= px(_HEIGHT_FOR_ARRIVALS)
        )
        self.pinned.setVisible(bool(self.pinned.text()) and self.width() >= px(_ROOM_FOR_PINNED))
        self.search.setMaximumWidth(px(330))
        self.search.setMinimumWidth(px(150))

    def _choose_place(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.place_chosen.emit(action.data())

    def _look_again(self) -> None:
        clear = self.search.findChild(QAction, "_q_qlineeditclearaction")
        if isinstance(clear, QAction):
            # Qt's own cross is black, in the dark too.
            clear.setIcon(self._theme.icon("close-circle", self._theme.tokens.muted))
        self.search.setTextMargins(self._theme.px(25), 0, 0, 0)
        self._fit()
