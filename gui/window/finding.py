"""Chips, times, place, half hour and search: one filter, shown everywhere the same."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from PySide6.QtCore import QObject, Signal

from core.domain.clock import Clock
from core.domain.models import BookingRow, Counts
from core.domain.searching import wanted_words
from core.domain.status import Group
from gui.looks.words import Times, counted, number
from gui.table.booking_model import BookingModel
from gui.table.collation import Collated, collated
from gui.table.row_filter import NO_BOOKING, RowFilter, Span, Stretch, is_at
from gui.table.same_reader import faulty_first, others_of
from gui.top.arrivals import bars_of
from gui.top.header import Header

_FEW = 5
"""A scan that finds more isn't about one reader."""
_SOON = timedelta(minutes=30)


class Finder(QObject):
    """Holds the filter, keeps the header in step with it, and the header's numbers right."""

    counted = Signal(object)
    """``Counts`` of the chosen place."""
    filtered = Signal()
    """By a key, a click or a scan: another part of the day is shown."""
    search_begins = Signal()
    """The first letter was typed; the rows are still those before it."""
    search_ended = Signal()
    """Nothing is searched for any more; the rows are there again."""

    def __init__(self, model: BookingModel, header: Header, times: Times, clock: Clock) -> None:
        super().__init__(header)
        self._model, self._header, self._times, self._clock = model, header, times, clock
        self._filter = RowFilter()
        self._places: dict[str, str] = {}
        header.searched.connect(self._search)
        header.place_chosen.connect(self._choose_place)
        header.pinned_pressed.connect(self.show_todo)
        header.chips.group_chosen.connect(self._choose_group)
        header.chips.span_chosen.connect(self._choose_span)
        header.arrivals.chosen.connect(self._choose_stretch)
        model.counted.connect(self.count)

    @property
    def typed(self) -> str:
        return self._header.search.text().strip()

    @property
    def place(self) -> str:
        """The chosen place's name; empty where all are shown."""
        return self._places.get(self._filter.location_id or "", "")

    @property
    def is_open(self) -> bool:
        """Whether the whole day is shown."""
        return self._filter.is_open

    @property
    def shows_only_todo(self) -> bool:
        """Whether the table is the list of all that is to do at the chosen place."""
        only = RowFilter(group=Group.NEEDS_PERSON, location_id=self._filter.location_id)
        return self._filter == only

    def words(self) -> str:
        """What is shown: ``Main Library · To do · 10:30–11:00 · 6 of 140 bookings``."""
        chosen, shown, day = self._filter, self._model.rowCount(), len(self._model.day_rows())
        number_shown = "" if shown == day else f"{number(shown)} of "
        parts = (
            self.place or "All places",
            chosen.group.label if chosen.group else "",
            self._times.span(*chosen.stretch) if chosen.stretch else chosen.span.value,
            "searched" if chosen.words else "",  # for whom stands in no header
            f"{number_shown}{counted(day, 'booking')}",
        )
        return " · ".join(part for part in parts if part)

    def show_all(self) -> None:
        """Take every filter away."""
        self._header.search.clear()
        self._change(RowFilter())

    def begin_day(self) -> None:
        """Nothing of yesterday hides anything of today."""
        self._places = {}
        self._header.set_places({})
        self.show_all()

    def show_found(self) -> None:
        """Keep the search, take the other filters away."""
        self._change(RowFilter(words=self._filter.words, beside=self._filter.beside))

    def hidden_by_filters(self) -> int:
        """How many bookings of the day the search alone would find."""
        alone = RowFilter(words=self._filter.words, beside=self._filter.beside)
        shown = self._filter == alone  # as mostly: then they have just been counted
        return self._model.rowCount() if shown else self._model.number_of(alone)

    def show_todo(self) -> None:
        """Only what needs a person."""
        self._change(self._filter._replace(group=Group.NEEDS_PERSON, stretch=None))

    def look_for(self, text: str) -> None:
        """A scan: search the whole day for it."""
        self._filter = RowFilter()
        self._header.search.setText(text)
        found = RowFilter(words=wanted_words(text))
        self._change(found)
        rows = self._shown()
        day = self._model.day_rows()
        beside = {other.row_id for row in rows[:_FEW] for other in others_of(row, day)}
        if beside:
            self._change(found._replace(beside=frozenset(beside)))

    def is_one_reader(self) -> bool:
        """Whether all rows that are shown are bookings of one person."""
        rows = self._shown()
        return bool(rows) and len(others_of(rows[0], rows)) == len(rows) - 1

    def first_faulty(self) -> str:
        """The row, of those shown, that the desk has to look at first."""
        return faulty_first(self._shown())[0].row_id

    def _shown(self) -> list[BookingRow]:
        ids = (self._model.row_id_at(place) for place in range(self._model.rowCount()))
        rows = (self._model.row(row_id) for row_id in ids)
        return [row for row in rows if row is not None]

    def todo(self) -> list[BookingRow]:
        """What needs a person at the chosen place, the soonest first, as it is shown."""
        rows = [row for row in self.here() if row.group is Group.NEEDS_PERSON]
        rows.sort(key=lambda row: row.starts_at)
        shown = (self._model.shown_row(row.row_id) for row in rows)
        return [row for row in shown if row is not None]

    def count(self) -> None:
        """The day's rows changed, or time went on."""
        if not self._model.is_whole:
            return
        rows = self._model.day_rows()
        places = {row.location_id: row.location for row in rows}
        if any(is_at(row, NO_BOOKING) for row in rows):
            places[NO_BOOKING] = "No booking"
        if places.keys() - self._places.keys():
            self._places |= places
            in_order = sorted(self._places.items(), key=_place_in_list)
            self._header.set_places(dict(in_order))
        here = self.here()
        by_group = Counter(row.group for row in here)
        counts = {group: by_group[group] for group in Group}
        self._header.chips.set_counts(counts)
        self._header.show_pinned(self._pinned(here))
        now = self._times.local(self._clock.now())
        self._header.arrivals.show_bars(bars_of(here, now.date()), now)
        self.counted.emit(Counts(**{group.value: count for group, count in counts.items()}))

    def here(self) -> list[BookingRow]:
        """Every row of the day at the chosen place."""
        place = self._filter.location_id
        rows = self._model.day_rows()
        return [row for row in rows if is_at(row, place)]

    def _pinned(self, rows: list[BookingRow]) -> str:
        now = self._clock.now()
        todo = [row for row in rows if row.group is Group.NEEDS_PERSON]
        soon = sum(now <= row.starts_at <= now + _SOON for row in todo)
        if not todo:
            return ""
        starts = f", {soon} {'starts' if soon == 1 else 'start'} within 30 min" if soon else ""
        return f"{number(len(todo))} to do{starts}"

    # What was pressed

    def _search(self, text: str) -> None:
        before, words = self._filter.words, wanted_words(text)
        if words and not before:
            self.search_begins.emit()
        self._change(self._filter._replace(words=words, beside=frozenset()))
        if before and not words:
            self.search_ended.emit()

    def _choose_place(self, location_id: str | None) -> None:
        self._change(self._filter._replace(location_id=location_id))
        self.count()

    def _choose_group(self, group: Group | None) -> None:
        self._change(self._filter._replace(group=group))

    def _choose_span(self, span: Span) -> None:
        self._change(self._filter._replace(span=span, stretch=None))

    def _choose_stretch(self, stretch: Stretch | None) -> None:
        self._change(self._filter._replace(stretch=stretch, span=Span.ALL_DAY))

    def _change(self, wanted: RowFilter) -> None:
        self._filter = wanted
        header = self._header
        header.chips.show_group(wanted.group)
        header.chips.show_span(
            wanted.span, self._times.span(*wanted.stretch) if wanted.stretch else ""
        )
        header.arrivals.show_chosen(wanted.stretch)
        header.show_place(wanted.location_id)
        self._model.set_filter(wanted)
        self.filtered.emit()


def _place_in_list(place: tuple[str, str]) -> tuple[bool, Collated]:
    """The places as the system sorts them, and then what is none."""
    location_id, name = place
    return location_id == NO_BOOKING, collated(name)
