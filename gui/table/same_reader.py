"""Which bookings of the day are the same reader's."""

from __future__ import annotations

from collections.abc import Iterable

from core.domain.models import BookingRow
from core.domain.status import Group


def others_of(row: BookingRow, rows: Iterable[BookingRow]) -> list[BookingRow]:
    """The reader's other bookings, soonest first: of the same university ID, or of the same e-mail
    address where one of the two has no valid ID."""
    others = [one for one in rows if one.row_id != row.row_id and _is_same(row, one)]
    return sorted(others, key=lambda one: one.starts_at)


def faulty_first(rows: Iterable[BookingRow]) -> list[BookingRow]:
    """What needs a person before what is well, then as time goes."""
    return sorted(rows, key=lambda one: (one.group is not Group.NEEDS_PERSON, one.starts_at))


def _is_same(one: BookingRow, other: BookingRow) -> bool:
    if one.primary_id and other.primary_id:
        return one.primary_id.casefold() == other.primary_id.casefold()
    address = one.email.strip().casefold()
    return bool(address) and address == other.email.strip().casefold()
