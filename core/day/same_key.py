"""Whose row a booking is, where two people have one ``bookId`` and start.

What tells them apart in the key is only a number: it stays with the row, and the row with the
person as long as LibCal says who that is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import count

from core.domain.models import Booking, BookingKey, CachedBooking
from core.domain.university_id import meant
from core.services.libcal.folding import are_two_people


def keyed_as_known(
    new: Iterable[Booking], known: Mapping[BookingKey, CachedBooking]
) -> dict[BookingKey, Booking]:
    """Each booking under the key of the row that it belongs to, or under a new one of its own."""
    bookings = list(new)
    shared = {(one.book_id, one.starts_at) for one in bookings if one.person}
    shared |= {(key.book_id, key.starts_at) for key in known if key.person}
    if not shared:
        return {one.key: one for one in bookings}
    keyed = {one.key: one for one in bookings if (one.book_id, one.starts_at) not in shared}
    come: defaultdict[object, list[Booking]] = defaultdict(list)
    for one in bookings:
        come[one.book_id, one.starts_at].append(one)
    for place in shared:
        rows = [row for key, row in known.items() if (key.book_id, key.starts_at) == place]
        keyed |= _paired(come[place], rows)
    return keyed


def _paired(come: list[Booking], rows: list[CachedBooking]) -> dict[BookingKey, Booking]:
    pairs: list[tuple[Booking, CachedBooking]] = []
    left, free = list(come), list(rows)
    for fits in (_is_same_person, _says_nothing_else):
        for booking in list(left):
            row = next((one for one in free if fits(booking, one.booking)), None)
            if row is not None:
                pairs.append((booking, row))
                left.remove(booking)
                free.remove(row)
    if len(left) == len(free) == 1:
        pairs.append((left.pop(), free.pop()))  # the reader's own answer has changed
    return _numbered(pairs, left, rows)


def _numbered(
    pairs: list[tuple[Booking, CachedBooking]], left: list[Booking], rows: list[CachedBooking]
) -> dict[BookingKey, Booking]:
    """A number stays with its row; whoever is alone in the answer needs none."""
    taken = {row.booking.person for row in rows}
    unused = (str(number) for number in count(1) if str(number) not in taken)
    is_one = len(pairs) + len(left) == 1

    def part(row: CachedBooking | None) -> str:
        if is_one:
            return ""
        return (row.booking.person if row is not None else "") or next(unused)

    keyed = {row.booking.key: replace(one, person=part(row)) for one, row in pairs}
    for one in left:
        alone = replace(one, person=part(None))
        keyed[alone.key] = alone
    return keyed


def _is_same_person(booking: Booking, known: Booking) -> bool:
    return not are_two_people(booking, known) and any(_agree(booking, known))


def _agree(one: Booking, other: Booking) -> Iterable[bool]:
    parts: tuple[Callable[[Booking], str], ...] = (
        lambda booking: meant(booking.id_answer),
        lambda booking: booking.email.strip().casefold(),
    )
    return (bool(part(one)) and part(one) == part(other) for part in parts)


def _says_nothing_else(booking: Booking, known: Booking) -> bool:
    return not are_two_people(booking, known)
