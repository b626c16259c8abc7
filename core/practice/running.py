"""The day while it runs: what LibCal and Alma hold now, and what people change in it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from core.domain.clock import Clock
from core.practice.maker import MAIN, DayMaker
from core.practice.records import Card, Event, IdAnswer, LibCalRow, Person, PracticeDay, later


class RunningDay:
    """A day that changes, safe to use from any thread."""

    def __init__(self, day: PracticeDay, clock: Clock, *, trickle: bool) -> None:
        self.day = day
        self._clock = clock
        self._lock = threading.RLock()
        self._rows = [*day.rows, *day.other_days]
        self._replaced: list[tuple[datetime, LibCalRow]] = []
        """What rows were until then, oldest first."""
        self._people = list(day.people)
        self._events = deque(day.events if trickle else ())
        self._maker = DayMaker(day.now, day.zone, seed=len(self._rows), first_number=90_000)

    def rows(self) -> list[LibCalRow]:
        """LibCal's rows at this moment, soonest first."""
        with self._lock:
            self._catch_up()
            return sorted(self._rows, key=lambda row: (row.starts_at, row.number))

    def rows_at(self, moment: datetime) -> list[LibCalRow]:
        """The rows as they were then, as an answer that lags behind has them."""
        with self._lock:
            then = {row.number: row for row in self.rows()}
            then |= {row.number: row for at, row in reversed(self._replaced) if at > moment}
        return [row for row in then.values() if row.created_at is None or row.created_at <= moment]

    def people(self) -> list[Person]:
        """Everybody Alma knows."""
        with self._lock:
            return list(self._people)

    def find_person(self, zone: str, identifier: str) -> Person | None:
        """Who has this ID or barcode in an institution zone; case doesn't matter to Alma."""
        wanted = identifier.casefold()
        with self._lock:
            for person in self._people:
                if person.zone == zone and _is_known_as(person, wanted):
                    return person
        return None

    def add_person(self, person: Person | None = None) -> Person:
        """Let Alma know ``person``, or somebody new with an ACTIVE barcode."""
        with self._lock:
            person = person or self._maker.draw_person()
            self._people.append(person)
            return person

    def add_booking(
        self,
        starts_at: datetime,
        *,
        person: Person | None = None,
        minutes: int = 60,
        lid: str = MAIN,
        **changes: Any,
    ) -> LibCalRow:
        """Book a place; without ``person`` by somebody new whom Alma knows.

        ``changes`` are fields of ``LibCalRow``, such as ``status`` or ``answer``.
        """
        with self._lock:
            person = person or self.add_person()
            local = starts_at.astimezone(self.day.zone)
            row = self._maker.row(person, local, minutes=minutes, lid=lid)
            row = replace(row, **{"created_at": self._clock.now(), **changes})
            self._rows.append(row)
            return row

    def cancel(self, book_id: str, status: str = "Cancelled by User") -> None:
        """Cancel a booking; its rows stay, with the new status."""
        now = self._clock.now()
        self._change(book_id, lambda row: replace(row, status=status, cancelled_at=now))

    def cancel_seats(self, numbers: Collection[int], status: str = "Cancelled by User") -> None:
        """Cancel single rows: some seats of a booking, by LibCal's own number of each."""
        now = self._clock.now()
        for book_id in {row.book_id for row in self.rows() if row.number in numbers}:
            self._change(
                book_id,
                lambda row: (
                    replace(row, status=status, cancelled_at=now) if row.number in numbers else row
                ),
            )

    def revive(self, book_id: str) -> None:
        """Let a cancelled booking be there again."""
        self._change(book_id, lambda row: replace(row, status="Confirmed", cancelled_at=None))

    def move(self, book_id: str, starts_at: datetime) -> None:
        """Move a booking to another start; it keeps its length and its ``bookId``."""
        self._change(book_id, lambda row: _moved(row, starts_at.astimezone(self.day.zone)))

    def check_in(self, book_id: str, *, moves_start: bool = False) -> None:
        """Let the reader arrive; some libraries' LibCal then moves the start to this minute."""
        minute = self._clock.now().astimezone(self.day.zone).replace(second=0, microsecond=0)
        self._arrive(book_id, minute if moves_start else None)

    def seat_of(self, book_id: str, code: str) -> LibCalRow | None:
        """The one seat that this code checks in."""
        rows = (row for row in self.rows() if row.book_id == book_id)
        return next((row for row in rows if row.check_in_code == code), None)

    def arrive_at_seat(self, row: LibCalRow, *, moves_start: bool = False) -> None:
        """The same as ``check_in`` for one seat of a booking."""
        minute = self._clock.now().astimezone(self.day.zone).replace(second=0, microsecond=0)
        with self._lock:
            self._rows = [
                replace(
                    one,
                    check_in="in",
                    starts_at=minute if moves_start else one.starts_at,
                    changed_at=self._clock.now(),
                )
                if one.number == row.number
                else one
                for one in self._rows
            ]

    def undo_arrival(self, book_id: str) -> None:
        """Somebody took a check-in back in LibCal itself."""
        self._change(book_id, lambda row: replace(row, check_in="-"))

    def extend(self, book_id: str, ends_at: datetime) -> None:
        """Let a booking end at another time."""
        end = ends_at.astimezone(self.day.zone)
        self._change(book_id, lambda row: replace(row, ends_at=end))

    def set_answer(self, book_id: str, answer: IdAnswer) -> None:
        """Change the reader's own answer to the ID question."""
        self._change(book_id, lambda row: replace(row, answer=answer))

    def remove(self, book_id: str) -> None:
        """Let a booking vanish from LibCal."""
        with self._lock:
            gone = self._rows_today(book_id)
            self._rows = [row for row in self._rows if row not in gone]

    def new_card(self, primary_id: str) -> str:
        """Give a person a new card; the old one becomes INACTIVE. The new barcode."""
        with self._lock:
            index = next(
                (i for i, one in enumerate(self._people) if one.primary_id == primary_id), None
            )
            if index is None:
                raise LookupError("nobody in Alma has this ID")
            card = self._maker.card()
            person = self._people[index]
            old = tuple(Card(one.barcode, "INACTIVE") for one in person.cards)
            self._people[index] = replace(person, cards=(*old, card))
            return card.barcode

    def rename(self, primary_id: str, first_name: str, last_name: str) -> None:
        """Let Alma know a person by another name."""
        with self._lock:
            self._people = [
                replace(one, first_name=first_name, last_name=last_name)
                if one.primary_id == primary_id
                else one
                for one in self._people
            ]

    def _arrive(self, book_id: str, starts_at: datetime | None) -> None:
        self._change(
            book_id,
            lambda row: replace(row, check_in="in", starts_at=starts_at or row.starts_at),
        )

    def _change(self, book_id: str, change: Callable[[LibCalRow], LibCalRow]) -> None:
        with self._lock:
            changing = self._rows_today(book_id)
            now = self._clock.now()
            changed = {row.number: change(row) for row in changing}
            changed = {key: new for key, new in changed.items() if new not in changing}
            self._replaced += [(now, row) for row in changing if row.number in changed]
            self._rows = [
                replace(changed[row.number], changed_at=now) if row.number in changed else row
                for row in self._rows
            ]

    def _rows_today(self, book_id: str) -> list[LibCalRow]:
        """A booking's rows on the day itself: the rest of a series is left alone.

        Where it has none, it is a booking of another day.
        """
        rows = [row for row in self._rows if row.book_id == book_id]
        if not rows:
            raise LookupError(f"no booking {book_id}")
        return [row for row in rows if row.starts_at.date() == self.day.date] or rows

    def _catch_up(self) -> None:
        now = self._clock.now()
        while self._events and self._events[0].at <= now:
            self._happen(self._events.popleft())

    def _happen(self, event: Event) -> None:
        if event.person is not None:
            self._people.append(event.person)
        if event.row is not None:
            self._rows.append(event.row)
        elif event.kind == "cancelled":
            self.cancel(event.book_id)
        elif event.kind == "checked_in":
            self._arrive(event.book_id, event.starts_at)
        elif event.kind == "new_card":
            self.new_card(event.primary_id)
        elif event.starts_at is not None:
            self.move(event.book_id, event.starts_at)


def _moved(row: LibCalRow, starts_at: datetime) -> LibCalRow:
    minutes = (row.ends_at - row.starts_at).total_seconds() / 60
    return replace(row, starts_at=starts_at, ends_at=later(starts_at, minutes))


def _is_known_as(person: Person, identifier: str) -> bool:
    is_id = person.primary_id.casefold() == identifier
    return is_id or any(card.barcode == identifier for card in person.cards)
