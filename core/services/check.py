"""--check: settings, secrets, and each service with its own cause, one result after the other."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeVar

from core.domain.clock import Clock, ClockCompared
from core.domain.errors import AppError, ExitCode, SecretMissing
from core.domain.library_day import LibraryDay
from core.domain.models import Booking
from core.domain.text import counted
from core.http.session import proxy_in_words
from core.settings.config import Config, LibCalSettings
from core.settings.credentials import Credentials


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What was tried, whether it is well, and what to do where it isn't."""

    subject: str
    """Such as ``LibCal``, ``Alma Law`` or ``Clock``."""
    ok: bool
    message: str
    hint: str = ""
    exit_code: ExitCode = ExitCode.DONE


class _Client(Protocol):
    @property
    def clock_offset(self) -> timedelta | None: ...
    def close(self) -> None: ...


class LibCalClient(_Client, Protocol):
    """What the check asks of LibCal."""

    def location_bookings(self, location_id: str, day: date, days: int = 0) -> list[Booking]: ...


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
) -> Iterator[CheckResult]:
    """Try everything that a pass needs; nothing is registered."""
    yield CheckResult("Settings", ok=True, message="they can be used.")
    yield CheckResult("Network", True, *proxy_in_words(config.libcal.url, config.network.proxy))
    secrets = _check_store(config, credentials)
    yield secrets
    if not secrets.ok:
        return
    check = _Check(config, clock, makers or real_clients(config, credentials, clock))
    yield from check.libcal()
    yield from check.alma()
    yield from check.passagepoint()
    yield from check.clock()


class _Check:
    """The services, and what their answers told of this computer's clock."""

    def __init__(self, config: Config, clock: Clock, makers: ClientMakers) -> None:
        self._config = config
        self._clock = clock
        self._makers = makers
        self._offsets: dict[str, timedelta] = {}

    def libcal(self) -> Iterator[CheckResult]:
        settings = self._config.libcal
        day = LibraryDay(settings.time_zone).day_of(self._clock.now())
        try:
            with closing(self._makers.libcal()) as client:
                found = {
                    location.id: client.location_bookings(location.id, day)
                    for location in settings.locations
                }
                self._note_clock("LibCal", client)
        except AppError as error:
            yield _failed("LibCal", error)
            return
        rows = counted(sum(map(len, found.values())), "row for today", "rows for today")
        yield CheckResult("LibCal", ok=True, message=f"it answers, with {rows}.")
        yield from _unanswered_questions(settings, found)

    def alma(self) -> Iterator[CheckResult]:
        try:
            with closing(self._makers.alma()) as client:
                for zone in self._config.alma.zones:
                    yield _tried(f"Alma {zone}", "its key is accepted.", client.check_zone, zone)
                self._note_clock("Alma", client)
        except AppError as error:
            yield _failed("Alma", error)

    def passagepoint(self) -> Iterator[CheckResult]:
        try:
            with closing(self._makers.passagepoint()) as client:
                client.log_in()
                there = client.get_destinations()
                self._note_clock("PassagePoint", client)
        except AppError as error:
            yield _failed("PassagePoint", error)
            return
        yield CheckResult("PassagePoint", ok=True, message="the login is accepted.")
        yield from _unknown_destinations(self._config, there)

    def clock(self) -> Iterator[CheckResult]:
        compared = [ClockCompared(name, by) for name, by in self._offsets.items()]
        off = [one for one in compared if one.is_off]
        for one in off:
            yield CheckResult(
                "Clock",
                ok=False,
                message=f"this computer is {one}.",
                hint="Set this computer's date, time and time zone.",
                exit_code=ExitCode.CANNOT_START,
            )
        if self._offsets and not off:
            yield CheckResult("Clock", ok=True, message="it agrees with the services.")

    def _note_clock(self, service: str, client: _Client) -> None:
        if client.clock_offset is not None:
            self._offsets[service] = client.clock_offset


def _check_store(config: Config, credentials: Credentials) -> CheckResult:
    """Whether the password store opens; what is missing in it is told with its service."""
    wanted = [("LibCal", None), ("PassagePoint", None)]
    zones = [("Alma", zone) for zone in config.alma.zones]
    for service, zone in [*wanted, *zones]:
        try:
            credentials.secret(service, zone)
        except SecretMissing:
            continue
        except AppError as error:
            return _failed("Password store", error)
    return CheckResult("Password store", ok=True, message="it can be read.")


def _failed(subject: str, error: AppError) -> CheckResult:
    return CheckResult(subject, False, error.message, error.hint, error.exit_code)


Argument = TypeVar("Argument")


def _tried(
    subject: str, well: str, check: Callable[[Argument], None], argument: Argument
) -> CheckResult:
    try:
        check(argument)
    except AppError as error:
        return _failed(subject, error)
    return CheckResult(subject, ok=True, message=well)


def _unanswered_questions(
    settings: LibCalSettings, found: dict[str, list[Booking]]
) -> Iterator[CheckResult]:
    """Questions that no booking of today carries: another form, or a mistyped ``q####``."""
    answers: dict[str, list[bool]] = {}
    for location_id, bookings in found.items():
        question = ", ".join(settings.questions_of(location_id))
        bookings = [one for one in bookings if one.event_id is None]  # nobody filled in a form
        answers.setdefault(question, []).extend(one.id_answer is not None for one in bookings)
    for question, given in answers.items():
        if given and not any(given):
            yield CheckResult(
                "LibCal",
                ok=False,
                message=f"no booking of today carries the ID question {question}.",
                hint="Check primary_id_question in Settings against the booking form.",
                exit_code=ExitCode.CANNOT_START,
            )
        elif not all(given):
            count = counted(
                given.count(False), "booking of today answers", "bookings of today answer"
            )
            several = ", " in question
            words = (
                f"none of the ID questions {question}"
                if several
                else f"the ID question {question} with nothing"
            )
            yield CheckResult("LibCal", ok=True, message=f"{count} {words}.")


def _unknown_destinations(config: Config, there: Sequence[str]) -> Iterator[CheckResult]:
    mapped = {one.destination for one in config.libcal.locations if one.destination}
    for name in sorted(mapped - set(there)):
        close = difflib.get_close_matches(name, there, n=1)
        advice = f"Is it {close[0]}?" if close else f"It has: {', '.join(sorted(there))}."
        yield CheckResult(
            "PassagePoint",
            ok=False,
            message=f"it has no destination {name}.",
            hint=f"{advice} Correct the location's destination in Settings.",
            exit_code=ExitCode.CANNOT_START,
        )


def group_results(groups: dict[str, int], default_category: str) -> list[CheckResult]:
    """One line of a check for each; nothing is wrong with being in the default category."""
    return [
        CheckResult(
            "Categories",
            ok=True,
            message=f"{counted(count, 'reader')} of today {'is' if count == 1 else 'are'} in Alma's"
            f" group {group}, which no category names: registered as {default_category}.",
            hint="Name it in Settings, PassagePoint, if that is wrong.",
        )
        for group, count in groups.items()
    ]
