"""Which rows of the day are shown."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from core.domain.models import BookingRow
from core.domain.searching import Wanted, has_all, searchable
from core.domain.status import Group

HALF_HOUR = timedelta(minutes=30)
_SOON = timedelta(minutes=15)
_HOUR = timedelta(hours=1)


NO_BOOKING = "desk-"
"""Chosen like a place: visits without a booking, wherever they are; their ids begin so."""


def is_at(row: BookingRow, place: str | None) -> bool:
    """Whether it is at this place; None: at all of them."""
    if place == NO_BOOKING:
        return row.book_id.startswith(NO_BOOKING)
    return place is None or row.location_id == place


class Span(Enum):
    """The time filters."""

    ALL_DAY = "All day"
    NOW = "Now"
    NEXT_HOUR = "Next hour"

    def holds(self, row: BookingRow, now: datetime) -> bool:
        """NOW is who may stand at the desk: there already, or starting within 15 minutes."""
        if self is Span.NOW:
            return row.starts_at <= now + _SOON and row.ends_at > now
        if self is Span.NEXT_HOUR:
            return now <= row.starts_at < now + _HOUR
        return True


class Stretch(NamedTuple):
    """A part of the day's arrivals: one half hour, or several."""

    start: datetime
    end: datetime

    def holds(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


class RowFilter(NamedTuple):
    """All of its parts must fit; the default shows everything."""

    group: Group | None = None
    span: Span = Span.ALL_DAY
    location_id: str | None = None
    words: Wanted = ()
    stretch: Stretch | None = None
    beside: frozenset[str] = frozenset()
    """Rows that are shown although they lack the words: the reader's others, after a scan."""

    def accepts(self, row: BookingRow, haystack: str, now: datetime) -> bool:
        """``haystack`` is ``text_of_row(row)``, kept by the caller because folding is slow."""
        return (
            (has_all(haystack, self.words) or row.row_id in self.beside)
            and (self.group is None or row.group is self.group)
            and is_at(row, self.location_id)
            and (self.stretch is None or self.stretch.holds(row.starts_at))
            and self.span.holds(row, now)
        )

    @property
    def is_open(self) -> bool:
        """Whether it shows everything."""
        return self == RowFilter()


def half_hour_of(moment: datetime) -> datetime:
    """The full or half hour at or before ``moment``."""
    return moment.replace(minute=moment.minute // 30 * 30, second=0, microsecond=0)


def text_of_row(row: BookingRow) -> str:
    """Everything of ``row`` that a search looks at."""
    return searchable(
        row.name,
        row.name.replace("-", " "),
        row.sort_name,
        row.primary_id,
        row.id_answer,
        row.barcode,
        row.seats.replace("·", " "),  # plain letters take a shorter way
        row.location,
        row.email,
    )
