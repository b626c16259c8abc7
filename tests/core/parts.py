"""The parts of an engine that need no network, on a cache of their own and a clock that stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from core.cache.sqlite_cache import SQLiteCache
from core.day.day_book import DayBook
from core.day.doubt import DayAnswer
from core.day.intake import Intake
from core.day.new_ledger import NewLedgerQuestion
from core.day.sending_gate import SendingGate
from core.day.service_board import ServiceBoard
from core.domain.models import Booking, CachedBooking, Event, PreRegistration
from core.sync.sending import Sender, Sending
from core.verdict import Facts, Hold, Rules
from tests.builders import NOON, FakeClock, a_config, a_note, a_patron, a_send

PARALLEL = 4
LOCATIONS = ("8827", "10332")


class Parts:
    """A day book with all that hangs on it; what is held back is up to the test."""

    def __init__(
        self, folder: Path, *, now: datetime = NOON, **sections: Mapping[str, Any]
    ) -> None:
        self.clock = FakeClock(now)
        self.events: list[Event] = []
        self.config = a_config(**sections)
        self.hold: Hold | None = None
        self.cache = SQLiteCache(
            folder / "cache.db", clock=self.clock, note=a_note(folder / "elsewhere")
        )
        self.start()

    def start(self) -> None:
        """Make everything anew on the same cache, as a restart does."""
        self.board = ServiceBoard(self.cache, self.clock, self.events.append)
        self.gate = SendingGate(self.cache, PARALLEL)
        self.book = DayBook(self.cache, Rules(self.config), self.clock, self._hold_of)
        self.book.open()
        sender = Sender(owner="me", who="anna", computer="desk-1")
        self.question = NewLedgerQuestion(self.cache, self.clock)
        self.question.look()
        self.sending = Sending(
            self.cache, self.book, self.board, self.gate, self.question, self.clock, sender
        )
        self.intake = Intake(self.cache, self.book)

    def _hold_of(self, _facts: Facts) -> Hold | None:
        return self.hold

    def take_in(self, *bookings: Booking, **answer: Any) -> None:
        """A whole answer of LibCal's, unless ``answer`` says otherwise."""
        whole = DayAnswer(bookings, **({"failed": {}} | answer))
        self.intake.take_in(whole, LOCATIONS, self.clock.now(), lambda: None)

    def rows(self) -> list[CachedBooking]:
        """Every row of the day, old visits too, by start."""
        return sorted(
            self.book.bookings(), key=lambda one: (one.booking.starts_at, one.booking.book_id)
        )

    def row(self, book_id: str) -> CachedBooking:
        [row] = [one for one in self.rows() if one.booking.book_id == book_id]
        return row

    def sent(self, row: CachedBooking, **changes: Any) -> PreRegistration:
        """A visit that was made for this row, or perhaps was."""
        booking = row.booking
        send = a_send(
            row.row_id,
            **{
                "send_id": f"s-{row.row_id}",
                "appt_id": booking.book_id,
                "starts_at": booking.starts_at,
                "ends_at": booking.ends_at,
            }
            | changes,
        )
        self.cache.ledger.record(send)
        self.book.reload([row.row_id])
        return send

    def known(self, primary_id: str = "G12345678") -> None:
        """Alma knows this person."""
        self.book.put_patron(a_patron(primary_id, answered_at=self.clock.now()))

    def texts(self, row_id: str | None = None) -> list[str]:
        """What the history of a row says, or the log of all, oldest first."""
        if row_id is not None:
            return [entry.text for entry in self.cache.log.of_row(row_id)]
        return [entry.text for entry in reversed(self.cache.log.latest(100))]


@contextmanager
def parts_in(folder: Path, **sections: Any) -> Iterator[Parts]:
    parts = Parts(folder, **sections)
    try:
        yield parts
    finally:
        parts.cache.close()
