"""The upper part of the window: date, place, search, Sync now, services, chips, arrivals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from gui.looks.choice_button import ChoiceButton
from gui.looks.parts import IconButton, button, label, set_look
from gui.looks.theme import Theme
from gui.looks.words import Times
from gui.top.arrivals import Arrivals
from gui.top.filter_chips import FilterChips
from gui.top.search_field import SearchField
from gui.top.service_line import ServiceLine

# What there is room for, in pixels of the design: at 200 % text a window has half as many.
_HEIGHT_FOR_ARRIVALS = 720
_WIDTH_FOR_LONG_DATE, _WIDTH_FOR_DATE = 880, 560
_WIDTH_FOR_PINNED_ABOVE = 1100
_WIDTH_FOR_SPANS, _WIDTH_FOR_GROUPS = 800, 660
_WIDTH_FOR_SYNC_WORDS = 560
_HEIGHT_FOR_MARGINS = 500


_SIDE = 16


class SyncButton(IconButton):
    """Described when the keys come to it, and not with each pass: that would be read aloud."""

    def __init__(self, theme: Theme, services: ServiceLine) -> None:
        super().__init__(theme, " Sync now", "refresh", "on_accent")
        self._services = services
        self.setAccessibleName("Sync now")
        self.setToolTip("Ask LibCal, Alma and PassagePoint now (F5)")
        self.setProperty("primary", True)

    def show_busy(self, *, busy: bool) -> None:
        """It can't be pressed during a pass, but with the keys on it: they would be moved on."""
        self.setEnabled(not busy or self.hasFocus())

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.setAccessibleDescription(self._services.words())
        super().focusInEvent(event)


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
        self._theme, self._times = theme, times
        self._day: date | None = None
        self._spaced: tuple[bool, float] | None = None
        self.date = label("", "date")
        self.places = ChoiceButton(theme, "Place")
        self.places.chosen.connect(self.place_chosen)
        self.set_places({})
        self.pinned = button("", "flat", "loud")
        self.pinned.clicked.connect(self.pinned_pressed)
        self.search = SearchField(theme)
        self.search.textChanged.connect(self.searched)
        self.services = ServiceLine(theme, times)
        self.sync = SyncButton(theme, self.services)
        self.sync.clicked.connect(self.sync_pressed)
        self.chips = FilterChips(theme)
        self.arrivals = Arrivals(theme, times)
        self._arrange()
        theme.changed.connect(self._fit)

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setColumnStretch(0, 1)
        first, second, rest = QHBoxLayout(), QHBoxLayout(), QVBoxLayout()
        grid.addLayout(first, 0, 0, 1, 2)
        grid.addLayout(rest, 1, 0)
        rest.addLayout(second)
        first.addWidget(self.date)
        first.addWidget(self.places)
        first.addWidget(self.pinned)
        first.addStretch(1)
        first.addWidget(self.search, 2)
        first.addWidget(self.sync)
        second.addWidget(self.services, 1, Qt.AlignmentFlag.AlignVCenter)
        rest.addWidget(self.chips)
        grid.addWidget(self.arrivals, 1, 1, Qt.AlignmentFlag.AlignBottom)
        self._grid, self._first, self._second, self._rest = grid, first, second, rest

    def show_day(self, day: date) -> None:
        """Which day it is, in as many words as there is room for."""
        self._day = day
        self._fit()

    def set_places(self, places: Mapping[str, str]) -> None:
        """The locations that staff can choose from, by id."""
        everywhere: dict[object, str] = {None: "All places"}
        self.places.set_choices(everywhere | dict(places))
        self.places.setVisible(len(places) > 1)

    def show_place(self, place_id: str | None) -> None:
        """Show which place is chosen."""
        self.places.show_chosen(place_id)

    def show_unknown(self, now: datetime) -> None:
        """LibCal wasn't asked about this day: what is known of it is no count."""
        self.chips.show_unknown()
        self.arrivals.show_bars((), now)
        self.show_pinned("")

    def show_pinned(self, words: str) -> None:
        """``6 to do, 2 start within 30 min``; nothing where nothing is to do."""
        self.pinned.setText(words)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        # A service's words became longer, for instance.
        if event.type() is QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        if self.parentWidget() is None:
            return  # not in its place yet, so there is no width to fit into
        px, width, height = self._theme.px, self.width(), self.window().height()
        if self._day is not None:
            long = width >= px(_WIDTH_FOR_LONG_DATE)
            write = self._times.day if long else self._times.shorter_day
            self.date.setText(write(self._day))
        self.date.setVisible(width >= px(_WIDTH_FOR_DATE))
        self._fit_pinned()
        self.chips.fit(
            spans_apart=width >= px(_WIDTH_FOR_SPANS),
            groups_apart=width >= px(_WIDTH_FOR_GROUPS),
        )
        room = width - self.chips.one_line() - px(3 * _SIDE)  # they come first: none may wrap
        self.arrivals.setVisible(
            self.arrivals.has_enough(room) and height >= px(_HEIGHT_FOR_ARRIVALS)
        )
        self.arrivals.give_room(room)
        self.sync.setText(" Sync now" if width >= px(_WIDTH_FOR_SYNC_WORDS) else "")
        self._space_out(airy=height >= px(_HEIGHT_FOR_MARGINS))

    def _fit_pinned(self) -> None:
        """Beside the place, or in the next line, where it matters more than the next sync."""
        width, px = self.width(), self._theme.px
        above = width >= px(_WIDTH_FOR_PINNED_ABOVE)
        if above and self._first.indexOf(self.pinned) < 0:
            self._first.insertWidget(2, self.pinned)
        elif not above and self._second.indexOf(self.pinned) < 0:
            self._second.addWidget(self.pinned)
        set_look(self.pinned, "small", not above)
        room = width - px(2 * _SIDE) - self.services.least_width()
        pinned = self.pinned.sizeHint().width() + px(_SIDE)
        wanted = bool(self.pinned.text()) and (above or pinned <= room)
        self.pinned.setVisible(wanted)
        taken = pinned if wanted and not above else 0
        self.services.show_next_if(wanted=self.services.next_width() <= room - taken)

    def _space_out(self, *, airy: bool) -> None:
        if self._spaced == (airy, self._theme.scale):
            return  # a layout that is told the same again asks for itself to be laid out again
        self._spaced = airy, self._theme.scale
        px = self._theme.px
        self._first.setSpacing(px(14))
        self._second.setSpacing(px(14))
        self._grid.setHorizontalSpacing(px(14))
        self._rest.setSpacing(px(14 if airy else 8))
        self._grid.setVerticalSpacing(px(9 if airy else 6))
        self._grid.setContentsMargins(
            px(_SIDE), px(12 if airy else 8), px(_SIDE), px(14 if airy else 8)
        )
