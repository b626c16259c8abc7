"""Builders of what flows through the program, so that a test names only what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from core.cache.ledger_note import LedgerNote
from core.domain.models import Booking, Patron, PreRegistration
from core.domain.status import PatronState, SendState
from core.settings.config import Config, check_config
from core.settings.credentials import Credentials, MemoryStore

ZONE = ZoneInfo("America/New_York")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=ZONE)


class FakeClock:
    """A clock that stands still until a test moves it; ``sleep`` moves it too."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now.astimezone(UTC)
        self._monotonic = 1000.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(seconds=seconds)

    def advance(self, **by: float) -> None:
        # Less than a microsecond is one: else who waits for the rest of a float waits for ever.
        step = timedelta(**by) or timedelta(microseconds=any(by.values()))
        self._now += step
        self._monotonic += step.total_seconds()


def a_config(**sections: Mapping[str, Any]) -> Config:
    """A whole config; a keyword such as ``Alma={"zones": [...]}`` changes single settings."""
    content: dict[str, dict[str, Any]] = {
        "LibCal": {
            "url": "https://booking.library.example.edu",
            "client_id": "123",
            "primary_id_question": "q12505",
            "locations": [
                {"id": 8827, "name": "Main Library", "destination": "Main Desk"},
                {"id": 10332, "name": "Annex", "destination": "Annex Desk"},
            ],
            "time_zone": "America/New_York",
        },
        "Alma": {"url": "https://alma.example.edu", "zones": ["Main", "Law"]},
        "PassagePoint": {
            "url": "https://passagepoint.example.edu:2444",
            "username": "libcal",
            "categories": {"gw und": "Student", "gw fac": "Faculty"},
        },
    }
    for name, changes in sections.items():
        content.setdefault(name, {}).update(changes)
    return check_config(content)


def some_credentials(config: Config) -> Credentials:
    """Every secret that ``config`` needs, in memory."""
    credentials = Credentials(config, MemoryStore())
    store = MemoryStore()
    store.set(*credentials.entry("LibCal"), "libcal-secret")
    store.set(*credentials.entry("PassagePoint"), "passagepoint-secret")
    for zone in config.alma.zones:
        store.set(*credentials.entry("Alma", zone), f"alma-key-{zone}")
    return Credentials(config, store)


def a_note(folder: Path, account: str = "me") -> LedgerNote:
    """A computer's note of its ledger, in ``folder``."""
    return LedgerNote(folder / f"ledger.{account}.note")


def a_booking(book_id: str = "cs_1", starts_at: datetime = NOON, **changes: Any) -> Booking:
    """A confirmed booking of one hour in the Main Library."""
    values: dict[str, Any] = {
        "book_id": book_id,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=1),
        "first_name": "Priya",
        "last_name": "Patel",
        "email": "priya@example.edu",
        "status": "Confirmed",
        "location_id": "8827",
        "location_name": "Main Library",
        "seats": ("Room 1",),
        "id_answer": "G12345678",
        "created_at": NOON - timedelta(days=2),
    }
    return Booking(**(values | changes))


def a_patron(asked_id: str = "G12345678", **changes: Any) -> Patron:
    """Somebody Alma knows, with an ACTIVE barcode."""
    values: dict[str, Any] = {
        "asked_id": asked_id,
        "state": PatronState.FOUND,
        "primary_id": asked_id,
        "names": ("Patel, Priya",),
        "first_name": "Priya",
        "last_name": "Patel",
        "barcode": "22820001",
        "user_group": "gw und",
        "zone": "Main",
        "answered_at": NOON - timedelta(hours=1),
    }
    return Patron(**(values | changes))


def a_send(row_id: str | None = "r1", **changes: Any) -> PreRegistration:
    """A visit that PassagePoint confirmed."""
    values: dict[str, Any] = {
        "send_id": "s1",
        "row_id": row_id,
        "appt_id": "cs_1",
        "state": SendState.REGISTERED,
        "starts_at": NOON,
        "ends_at": NOON + timedelta(hours=1),
        "prereg_id": "137505764541148",
        "visitor_id": "137505764541000",
        "primary_id": "G12345678",
        "barcode": "22820001",
        "destination": "Main Desk",
        "category": "Student",
        "intended_at": NOON - timedelta(hours=1),
        "settled_at": NOON - timedelta(hours=1),
    }
    return PreRegistration(**(values | changes))
