"""What happens while the day runs: new bookings, cancellations, moves, arrivals, new cards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import cycle

from core.practice.maker import DayMaker
from core.practice.records import Event, EventKind, LibCalRow, later

_MINUTES_APART = 2
_CHECK_INS_THAT_MOVE = 0.3
_ORDER: tuple[EventKind, ...] = (
    "booked",
    "checked_in",
    "cancelled",
    "checked_in",
    "moved",
    "booked",
    "checked_in",
    "new_card",
)


def coming_events(maker: DayMaker) -> tuple[Event, ...]:
    """One event every two minutes from now until the library closes."""
    return tuple(_events(maker, {row.book_id: row for row in _plain(maker)}))


def _plain(maker: DayMaker) -> list[LibCalRow]:
    plain = set(maker.kinds.get("plain", ()))
    coming = [row for row in maker.rows if row.book_id in plain and row.starts_at > maker.now]
    return sorted(coming, key=lambda row: (row.starts_at, row.number))


def _events(maker: DayMaker, untouched: dict[str, LibCalRow]) -> Iterator[Event]:
    at = later(maker.now, _MINUTES_APART)
    for kind in cycle(_ORDER):
        if at >= later(maker.closes_at, -60):
            return
        event = _booked(maker, at) if kind == "booked" else _touched(maker, kind, at, untouched)
        if event is not None:
            yield event
        at = later(at, _MINUTES_APART)


def _booked(maker: DayMaker, at: datetime) -> Event | None:
    starts = [slot for slot in maker.slots if slot > at]
    if not starts:
        return None
    person = maker.draw_person()
    row = replace(maker.row(person, maker.random.choice(starts[:12])), created_at=at)
    return Event(at, "booked", book_id=row.book_id, row=row, person=person)


def _touched(
    maker: DayMaker, kind: EventKind, at: datetime, untouched: dict[str, LibCalRow]
) -> Event | None:
    """An event of a plain booking that nothing else happens to."""
    row = _fitting(kind, at, untouched)
    if row is None:
        return None
    del untouched[row.book_id]
    if kind == "moved":
        return Event(at, kind, book_id=row.book_id, starts_at=later(row.starts_at, 30))
    if kind == "checked_in" and maker.random.random() < _CHECK_INS_THAT_MOVE:
        minute = at.replace(second=0, microsecond=0)
        return Event(at, kind, book_id=row.book_id, starts_at=minute)
    primary_id = row.answer if kind == "new_card" and isinstance(row.answer, str) else ""
    return Event(at, kind, book_id=row.book_id, primary_id=primary_id)


def _fitting(kind: EventKind, at: datetime, rows: dict[str, LibCalRow]) -> LibCalRow | None:
    """People arrive around their start; everything else happens well before it."""
    if kind == "checked_in":
        first, last = later(at, -15), later(at, 5)
    else:
        first, last = later(at, 45), later(at, 8 * 60)
    return next((row for row in rows.values() if first <= row.starts_at <= last), None)
