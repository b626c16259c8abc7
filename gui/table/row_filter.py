"""Which rows of the day are shown."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from core.domain.models import BookingRow
from core.domain.status import Group
from core.domain.text import fold

HALF_HOUR = timedelta(minutes=30)
_SOON = timedelta(minutes=15)
_HOUR = timedelta(hours=1)
_FEW = 2


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


class RowFilter(NamedTuple):
    """All of its parts must fit; the default shows everything."""

    group: Group | None = None
    span: Span = Span.ALL_DAY
    location_id: str | None = None
    words: tuple[str, ...] = ()
    half_hour: datetime | None = None

    def accepts(self, row: BookingRow, haystack: str, now: datetime) -> bool:
        """``haystack`` is ``searchable(row)``, kept by the caller because folding is slow."""
        for word in self.words:  # most rows end here, and a key asks thousands of them
            if word not in haystack:
                return False
        return (
            (self.group is None or row.group is self.group)
            and (self.location_id is None or row.location_id == self.location_id)
            and (self.half_hour is None or half_hour_of(row.starts_at) == self.half_hour)
            and self.span.holds(row, now)
        )

    @property
    def is_open(self) -> bool:
        """Whether it shows everything."""
        return self == RowFilter()


def half_hour_of(moment: datetime) -> datetime:
    """The full or half hour at or before ``moment``."""
    return moment.replace(minute=moment.minute // 30 * 30, second=0, microsecond=0)


def words_of(text: str) -> tuple[str, ...]:
    """What is typed into the search field, as it is compared.

    One or two letters must begin a word: "zeller d" is about Delphine, not about a Study Room.
    """
    words = fold(text).split()
    return tuple(f" {one}" if len(one) <= _FEW and one.isascii() else one for one in words)


def searchable(row: BookingRow) -> str:
    """Everything of ``row`` that a search looks at, folded; a blank stands before each word."""
    parts = (
        row.name,
        row.name.replace("-", " "),
        row.sort_name,
        row.primary_id,
        row.id_answer,
        row.barcode,
        row.seats,
        row.location,
        row.email,
    )
    return " " + fold(" ".join(part for part in parts if part))
