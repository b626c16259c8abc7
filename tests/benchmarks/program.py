"""The program on practice services of another process, and a cache that knows the day already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from core.cache.sqlite_cache import SQLiteCache
from core.domain.models import Booking, Event, Patron, PreRegistration, Visitor
from core.domain.status import PatronState, SendState
from core.engine.own import LibCal2PP
from core.services.libcal.requests import LibCalRequests
from core.settings.config import Config
from tests.benchmarks.services import Services


def open_cache(folder: Path) -> SQLiteCache:
    return SQLiteCache(folder / "cache.db")


@contextmanager
def program_on(
    services: Services,
    config: Config,
    cache: SQLiteCache,
    report: Callable[[Event], None] | None = None,
) -> Iterator[LibCal2PP]:
    """The engine; it closes the cache at its end."""
    credentials = services.credentials(config)
    with closing(LibCal2PP(config, credentials=credentials, cache=cache, report=report)) as engine:
        yield engine


def bookings_of(services: Services, config: Config) -> list[Booking]:
    """The day as LibCal has it."""
    with closing(LibCalRequests(config, credentials=services.credentials(config))) as libcal:
        return libcal.retrieve_bookings()


def keep_registered(
    cache: SQLiteCache,
    config: Config,
    bookings: Iterable[Booking],
    *,
    now: datetime,
    days_ago: int = 0,
    copy: int = 0,
) -> None:
    """Let the cache know these bookings and their people, each with its visit.

    Another ``copy`` of a day has other ``bookId``.
    """
    destinations = {one.id: one.destination for one in config.libcal.locations}
    with cache.transaction():
        for booking in bookings:
            then = _earlier(booking, timedelta(days=days_ago), copy)
            _keep(cache, then, destinations[booking.location_id], now)
            if days_ago == 0:
                _keep_person(cache, booking, now)


def _keep(cache: SQLiteCache, booking: Booking, destination: str | None, now: datetime) -> None:
    number = str(booking.id_answer)[1:]
    cached = cache.bookings.add(booking, first_seen_at=now)
    cache.ledger.record(
        PreRegistration(
            send_id=uuid4().hex,
            row_id=cached.row_id,
            appt_id=booking.book_id,
            state=SendState.REGISTERED,
            starts_at=booking.starts_at,
            ends_at=booking.ends_at,
            prereg_id=f"7{number}",
            visitor_id=f"9{number}",
            primary_id=booking.id_answer,
            barcode=f"2282{number}",
            destination=destination,
            category="Student",
            intended_at=now,
            settled_at=now,
        )
    )


def _keep_person(cache: SQLiteCache, booking: Booking, now: datetime) -> None:
    primary_id = str(booking.id_answer)
    number = primary_id[1:]
    cache.people.remember(_patron(booking, primary_id, f"2282{number}", now))
    cache.people.remember_visitor(Visitor(primary_id, f"2282{number}", f"9{number}"))


def _earlier(booking: Booking, by: timedelta, copy: int) -> Booking:
    return replace(
        booking,
        book_id=f"{booking.book_id}{copy or ''}",
        starts_at=booking.starts_at - by,
        ends_at=booking.ends_at - by,
    )


def _patron(booking: Booking, primary_id: str, barcode: str, now: datetime) -> Patron:
    return Patron(
        asked_id=primary_id,
        state=PatronState.FOUND,
        primary_id=primary_id,
        names=(f"{booking.last_name}, {booking.first_name}",),
        first_name=booking.first_name,
        last_name=booking.last_name,
        barcode=barcode,
        user_group="gw und",
        zone="Main",
        answered_at=now,
    )
