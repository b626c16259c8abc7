"""Rows of one key are a booking's seats, or two people's bookings (docs/promise.md, Identity)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from core.domain.models import Booking
from core.domain.status import LibCalState, libcal_state
from core.domain.university_id import meant

_LIVELIEST_FIRST = tuple(LibCalState)
_CHECK_INS = ("in", "out", "-")


def fold_bookings(bookings: Iterable[Booking], register_statuses: Collection[str]) -> list[Booking]:
    """One booking a key and person, in the order they came; several rows of one are its seats.

    The liveliest row speaks for all of them: a booking is live if any seat is. Where two people
    have one ``bookId`` and start, each booking has a ``person``.
    """
    by_key: dict[tuple[object, ...], list[Booking]] = {}
    for booking in bookings:
        by_key.setdefault((booking.book_id, booking.starts_at), []).append(booking)
    return [
        one
        for rows in by_key.values()
        for one in (rows if len(rows) == 1 else _of_one_key(rows, register_statuses))
    ]


def are_two_people(one: Booking, other: Booking) -> bool:
    """Whether both say who they are, and it isn't the same."""
    return _differ(meant(one.id_answer), meant(other.id_answer)) or _differ(
        one.email.strip().casefold(), other.email.strip().casefold()
    )


def _differ(one: str, other: str) -> bool:
    return bool(one and other) and one != other


def _of_one_key(rows: list[Booking], register_statuses: Collection[str]) -> list[Booking]:
    people: list[list[Booking]] = []
    # Who says most is placed first: a row that says nothing belongs to whoever is there.
    for row in sorted(rows, key=lambda one: not (meant(one.id_answer) and one.email)):
        theirs = next((one for one in people if not _is_strange(row, one)), None)
        if theirs is None:
            people.append([row])
        else:
            theirs.append(row)
    folded = [_folded(theirs, register_statuses) for theirs in people]
    if len(folded) == 1:
        return folded
    return [replace(one, person=str(number)) for number, one in enumerate(folded, 1)]


def _is_strange(row: Booking, people: Iterable[Booking]) -> bool:
    return any(are_two_people(row, one) for one in people)


def _folded(rows: list[Booking], register_statuses: Collection[str]) -> Booking:
    if len(rows) == 1:
        return rows[0]
    ranks = [_LIVELIEST_FIRST.index(libcal_state(row.status, register_statuses)) for row in rows]
    liveliest = [row for row, rank in zip(rows, ranks, strict=True) if rank == min(ranks)]
    answers = [row.id_answer for row in (*liveliest, *rows) if (row.id_answer or "").strip()]
    check_ins = {row.check_in for row in rows}
    created = [row.created_at for row in rows if row.created_at is not None]
    return replace(
        liveliest[0],
        ends_at=max(row.ends_at for row in liveliest),
        seats=tuple(dict.fromkeys(seat for row in liveliest for seat in row.seats)),
        check_in_codes=tuple(dict.fromkeys(one for row in liveliest for one in row.check_in_codes)),
        open_codes=tuple(dict.fromkeys(one for row in liveliest for one in row.open_codes)),
        account=next((row.account for row in (*liveliest, *rows) if row.account), None),
        id_answer=answers[0] if answers else liveliest[0].id_answer,
        check_in=next((one for one in _CHECK_INS if one in check_ins), liveliest[0].check_in),
        created_at=min(created, default=None),
    )
