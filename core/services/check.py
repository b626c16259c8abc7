"""--check: settings, secrets, and each service with its own cause, one result after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import Protocol

from core.domain.clock import Clock, ClockCompared
from core.domain.errors import AppError, SecretMissing, ServiceError
from core.domain.library_day import LibraryDay
from core.domain.models import Booking
from core.domain.text import counted
from core.http.session import proxy_in_words, tls_context
from core.services.day_findings import (
    about_check_in,
    about_destinations,
    about_the_day,
    unknown_locations,
)
from core.services.findings import Finding, failed, wrong
from core.services.libcal.changes import lacks_list
from core.services.libcal.rows import PartlyRead
from core.settings.config import Config, Location
from core.settings.credentials import Credentials


class _Client(Protocol):
    @property
    def clock_offset(self) -> timedelta | None: ...
    def close(self) -> None: ...


class LibCalClient(_Client, Protocol):
    """What the check asks of LibCal."""

    def all_locations(self) -> list[tuple[str, str]]: ...
    def location_bookings(self, location_id: str, day: date, days: int = 0) -> list[Booking]: ...
    def changed_since(self, location_id: str, since: datetime) -> list[Booking]: ...
    @property
    def may_check_in(self) -> bool | None: ...


class AlmaClient(_Client, Protocol):
    """What the check asks of Alma."""

    def check_zone(self, zone: str) -> None: ...


class PassagePointClient(_Client, Protocol):
    """What the check asks of PassagePoint."""

    def log_in(self) -> None: ...
    def get_destinations(self) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class ClientMakers:
    """How the three clients are made; LibCal's logs in at once."""

    libcal: Callable[[], LibCalClient]
    alma: Callable[[], AlmaClient]
    passagepoint: Callable[[], PassagePointClient]


def real_clients(config: Config, credentials: Credentials, clock: Clock) -> ClientMakers:
    """The clients of the program itself."""
    from core.services.alma.requests import AlmaRequests
    from core.services.libcal.requests import LibCalRequests
    from core.services.passagepoint.requests import PassagePointRequests

    return ClientMakers(
        lambda: LibCalRequests(config, credentials=credentials, clock=clock),
        lambda: AlmaRequests(config, credentials=credentials, clock=clock),
        lambda: PassagePointRequests(config, credentials=credentials, clock=clock),
    )


def check_connections(
    config: Config, credentials: Credentials, clock: Clock, makers: ClientMakers | None = None
) -> Iterator[Finding]:
    """Try everything that a pass needs; nothing is registered."""
    yield Finding("Settings", ok=True, text="They can be used.")
    network = network_finding(config)
    yield network
    secrets = _check_store(config, credentials)
    yield secrets
    if not (network.ok and secrets.ok):
        return
    check = Check(config, clock, makers or real_clients(config, credentials, clock))
    yield from check.libcal()
    yield from check.alma()
    yield from check.passagepoint()
    yield from check.clock()


def network_finding(config: Config) -> Finding:
    """Through which proxy the services are reached, and the library's own certificates."""
    try:
        tls_context(config.network)
    except AppError as error:
        return failed("Network", error)
    return Finding("Network", True, *proxy_in_words(config.libcal.url, config.network.proxy))


class Check:
    """The trials of the services, the same for a draft and for settings that are in use.

    What they answered stands in ``locations`` and ``destinations`` afterwards.
    """

    def __init__(
        self,
        config: Config,
        clock: Clock,
        makers: ClientMakers,
        *,
        chosen: Sequence[Location] | None = None,
        stop: Callable[[], bool] = lambda: False,
    ) -> None:
        """``chosen``: a draft's locations, where ``config`` has a stand-in for them."""
        self._config = config
        self._clock = clock
        self._makers = makers
        self._chosen = config.libcal.locations if chosen is None else tuple(chosen)
        self._stop = stop
        self._offsets: dict[str, timedelta] = {}
        self.locations: tuple[tuple[str, str], ...] = ()
        """(id, name) of each location that LibCal has."""
        self.destinations: tuple[str, ...] = ()

    def libcal(self) -> Iterator[Finding]:
        """Log in, list the locations, read the chosen locations' bookings of today."""
        settings, partly = self._config.libcal, list[Finding]()
        try:
            with closing(self._makers.libcal()) as client:
                self.locations = tuple(client.all_locations())
                found = dict(self._bookings_of_today(client, partly))
                partly += self._about_news(client, found)
                self._note_clock("LibCal", client)
                may_check_in = client.may_check_in
        except AppError as error:
            yield failed("LibCal", error)
            return
        there = counted(len(self.locations), "location")
        rows = counted(sum(map(len, found.values())), "booking row")
        yield Finding("LibCal", ok=True, text=f"LibCal answers: {there}, {rows} for today.")
        yield from partly
        if settings.check_in:
            yield from about_check_in(found, may_check_in=may_check_in)
        yield from unknown_locations(self._chosen, self.locations)
        yield from about_the_day(settings, found)

    def _bookings_of_today(
        self, client: LibCalClient, partly: list[Finding]
    ) -> Iterator[tuple[str, list[Booking]]]:
        day = LibraryDay(self._config.libcal.time_zone).day_of(self._clock.now())
        chosen = [one.id for one in self._chosen] or [place for place, _ in self.locations[:1]]
        for location_id in chosen:
            if self._stop():
                return
            try:
                yield location_id, client.location_bookings(location_id, day)
            except PartlyRead as error:
                partly.append(failed("LibCal", error))
                yield location_id, error.bookings

    def _about_news(self, client: LibCalClient, asked: Iterable[str]) -> Iterator[Finding]:
        """Only where LibCal doesn't tell what has changed."""
        if self._config.sync.news_seconds is None:
            return
        try:
            for location_id in asked:
                client.changed_since(location_id, self._clock.now())
        except ServiceError as error:
            if lacks_list(error):
                minutes = ceil(self._config.sync.every_seconds / 60)
                yield Finding(
                    "LibCal",
                    ok=True,
                    text="This LibCal doesn't tell what has changed: who books at the entrance is "
                    f"seen at the next whole pass, within {counted(minutes, 'minute')}.",
                )

    def alma(self) -> Iterator[Finding]:
        """Each zone's key."""
        try:
            with closing(self._makers.alma()) as client:
                for zone in self._config.alma.zones:
                    if self._stop():
                        return
                    yield _check_zone(client, zone)
                self._note_clock("Alma", client)
        except AppError as error:
            yield failed("Alma", error)

    def passagepoint(self) -> Iterator[Finding]:
        """Log in, list the destinations, look for the chosen ones among them."""
        try:
            with closing(self._makers.passagepoint()) as client:
                client.log_in()
                self.destinations = tuple(sorted(client.get_destinations()))
                self._note_clock("PassagePoint", client)
        except AppError as error:
            yield failed("PassagePoint", error)
            return
        there = counted(len(self.destinations), "destination")
        yield Finding("PassagePoint", ok=True, text=f"PassagePoint accepts the login: {there}.")
        yield from about_destinations(self._chosen, self.destinations)

    def clock(self) -> Iterator[Finding]:
        """How this computer's clock stands to theirs, by what they answered."""
        off = list(self.clock_off())
        yield from off
        if self._offsets and not off:
            yield Finding("Clock", ok=True, text="It agrees with the services.")

    def clock_off(self) -> Iterator[Finding]:
        """The same, only where it is wrong."""
        for name, by in self._offsets.items():
            compared = ClockCompared(name, by)
            if compared.is_off:
                hint = "Set this computer's date, time and time zone."
                yield wrong("Clock", f"This computer is {compared}.", hint)

    def _note_clock(self, service: str, client: _Client) -> None:
        if client.clock_offset is not None:
            self._offsets[service] = client.clock_offset


def _check_store(config: Config, credentials: Credentials) -> Finding:
    """Whether the password store opens; what is missing in it is told with its service."""
    wanted = [("LibCal", None), ("PassagePoint", None)]
    zones = [("Alma", zone) for zone in config.alma.zones]
    for service, zone in [*wanted, *zones]:
        try:
            credentials.secret(service, zone)
        except SecretMissing:
            continue
        except AppError as error:
            return failed("Password store", error)
    return Finding("Password store", ok=True, text="It can be read.")


def _check_zone(client: AlmaClient, zone: str) -> Finding:
    try:
        client.check_zone(zone)
    except AppError as error:
        return failed(f"Alma {zone}", error)
    return Finding(f"Alma {zone}", ok=True, text=f"{zone}: the key is accepted.")
