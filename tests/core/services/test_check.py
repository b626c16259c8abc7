"""--check: each part is told with its own cause."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import NoReturn

import pytest

from core.domain.errors import (
    AppError,
    CertificateProblem,
    CredentialsRefused,
    ExitCode,
    KeyringLocked,
    MissingPermission,
    NameNotFound,
    NetworkDown,
    UnexpectedAnswer,
    WrongAddress,
)
from core.domain.models import Booking
from core.practice.day import make_big_day
from core.practice.services import PracticeServices
from core.services.check import ClientMakers, check_connections
from core.services.findings import Finding, failed
from core.settings.config import Config
from core.settings.credentials import Credentials, MemoryStore
from tests.builders import NOON, ZONE, FakeClock, a_booking, a_config, some_credentials

FAILURES = [
    NetworkDown("S", "S could not be reached: this computer seems to be offline."),
    NameNotFound("S", "S could not be reached: its name has no address."),
    CertificateProblem("S", "S's certificate has expired."),
    WrongAddress("S", "S answered with a web page instead of data."),
    UnexpectedAnswer("S", "S answered something unexpected."),
    MissingPermission("S", "S doesn't permit this."),
    CredentialsRefused("S", "S refused our credentials."),
]


class FakeServices:
    """All three clients in one; each answer can be replaced by a failure."""

    def __init__(self) -> None:
        self.clock_offset: timedelta | None = timedelta(seconds=1)
        self.bookings: dict[str, list[Booking]] = {"8827": [a_booking()], "10332": []}
        self.locations = [("8827", "Main Library"), ("10332", "Annex")]
        self.destinations = ["Main Desk", "Annex Desk"]
        self.failures: dict[str, AppError] = {}
        self.closed = 0
        self.may_check_in: bool | None = True

    def all_locations(self) -> list[tuple[str, str]]:
        self._fail("locations")
        return self.locations

    def location_bookings(self, location_id: str, day: date, days: int = 0) -> list[Booking]:
        self._fail("bookings")
        return self.bookings[location_id]

    def changed_since(self, location_id: str, since: datetime) -> list[Booking]:
        self._fail("changes")
        return []

    def check_zone(self, zone: str) -> None:
        self._fail(zone)

    def log_in(self) -> None:
        self._fail("log_in")

    def get_destinations(self) -> list[str]:
        self._fail("destinations")
        return self.destinations

    def close(self) -> None:
        self.closed += 1

    def made(self, name: str) -> Callable[[], FakeServices]:
        def make() -> FakeServices:
            self._fail(name)
            return self

        return make

    def _fail(self, name: str) -> None:
        if name in self.failures:
            raise self.failures[name]


class LockedStore(MemoryStore):
    def get(self, address: str, user: str) -> NoReturn:
        raise KeyringLocked("The password store is locked.", "Unlock it.")


NO_LIST = [
    UnexpectedAnswer("LibCal", "LibCal answered something unexpected.", http_status=400),
    WrongAddress("LibCal", "LibCal answered with a web page instead of data.", http_status=404),
    MissingPermission("LibCal", "LibCal doesn't permit this.", http_status=403),
]


@pytest.fixture
def services() -> FakeServices:
    return FakeServices()


def checked(
    services: FakeServices, config: Config | None = None, credentials: Credentials | None = None
) -> list[Finding]:
    config = config or a_config()
    makers = ClientMakers(
        services.made("LibCal"), services.made("Alma"), services.made("PassagePoint")
    )
    used = credentials or some_credentials(config)
    return list(check_connections(config, used, FakeClock(), makers))


def problems(services: FakeServices, config: Config | None = None) -> list[Finding]:
    return [result for result in checked(services, config) if not result.ok]


def test_all_is_well(services: FakeServices) -> None:
    results = checked(services)
    assert [result.subject for result in results] == [
        "Settings",
        "Network",
        "Password store",
        "LibCal",
        "Alma Main",
        "Alma Law",
        "PassagePoint",
        "Clock",
    ]
    assert {result.exit_code for result in results} == {ExitCode.DONE}


@pytest.mark.parametrize("error", NO_LIST)
def test_a_libcal_that_does_not_tell_its_changes_is_said_once(
    services: FakeServices, error: AppError
) -> None:
    services.failures["changes"] = error
    said = [one.text for one in checked(services) if one.subject == "LibCal"][1:]
    assert said == [
        "This LibCal doesn't tell what has changed: who books at the entrance is seen at the next "
        "whole pass, within 5 minutes."
    ]
    assert problems(services) == []
    assert problems(services, config := a_config(Sync={"news_seconds": None})) == []
    assert len([one for one in checked(services, config) if one.subject == "LibCal"]) == 1


def test_the_proxy_is_named_without_its_password(
    services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    def said(proxy: str) -> tuple[str, str]:
        results = checked(services, a_config(Network={"proxy": proxy}))
        network = next(one for one in results if one.subject == "Network")
        return network.text, network.hint

    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert said("none") == ("No proxy is used.", "")
    message, hint = said("system")
    assert message == "No proxy is used."
    assert "no Linux desktop's setting and no proxy script (PAC, WPAD)" in hint
    monkeypatch.setenv("https_proxy", "http://me:secret@proxy.example.edu:3128")
    assert said("system") == (
        "Through the proxy proxy.example.edu:3128, from the variable https_proxy.",
        "",
    )
    set_proxy = "http://other.example.edu:8080"
    assert said(set_proxy) == (
        "Through the proxy other.example.edu:8080, as set in Network.proxy.",
        "",
    )


def test_every_client_is_closed(services: FakeServices) -> None:
    services.failures["bookings"] = services.failures["log_in"] = FAILURES[0]
    checked(services)
    assert services.closed == 3


@pytest.mark.parametrize("error", FAILURES, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize(
    ("where", "subject"),
    [
        ("LibCal", "LibCal"),
        ("locations", "LibCal"),
        ("bookings", "LibCal"),
        ("Law", "Alma Law"),
        ("Alma", "Alma"),
        ("log_in", "PassagePoint"),
        ("destinations", "PassagePoint"),
    ],
)
def test_failure_is_told_with_its_own_cause(
    services: FakeServices, where: str, subject: str, error: AppError
) -> None:
    services.failures[where] = error
    (problem,) = problems(services)
    assert problem == failed(subject, error)


def test_other_services_are_asked_although_one_fails(services: FakeServices) -> None:
    services.failures["LibCal"] = FAILURES[0]
    well = [result.subject for result in checked(services) if result.ok]
    assert {"Alma Main", "Alma Law", "PassagePoint"} <= set(well)


def test_locked_store_ends_the_check(services: FakeServices) -> None:
    config = a_config()
    results = checked(services, config, Credentials(config, LockedStore()))
    assert results[-1].text == "The password store is locked."
    assert results[-1].exit_code == ExitCode.CREDENTIALS


def test_missing_secret_is_left_to_its_service(services: FakeServices) -> None:
    config = a_config()
    results = checked(services, config, Credentials(config, MemoryStore()))
    assert results[2] == Finding("Password store", ok=True, text="It can be read.")


def test_unknown_destination_is_told_with_the_nearest(services: FakeServices) -> None:
    services.destinations = ["Main Desk", "Annex Desk 2"]
    (problem,) = problems(services)
    assert problem.text == "PassagePoint has no destination Annex Desk."
    assert problem.hint.startswith("Is it Annex Desk 2?")
    assert problem.exit_code == ExitCode.CANNOT_START


def test_unknown_destination_is_told_with_all_there_are(services: FakeServices) -> None:
    services.destinations = ["Gate 9", "Dock"]
    assert "It has: Dock, Gate 9." in problems(services)[0].hint


def test_location_without_destination_is_fine(services: FakeServices) -> None:
    config = a_config(LibCal={"locations": [{"id": 8827, "name": "Main Library"}]})
    services.destinations = []
    assert not problems(services, config)


def test_question_that_no_booking_carries_is_told(services: FakeServices) -> None:
    services.bookings["8827"] = [a_booking(id_answer=None), a_booking("cs_2", id_answer=None)]
    (problem,) = problems(services)
    assert problem.text == "No booking of today carries the ID question q12505."
    assert problem.exit_code == ExitCode.CANNOT_START


def test_each_question_is_looked_for_in_its_own_locations(services: FakeServices) -> None:
    config = a_config(
        LibCal={
            "locations": [
                {"id": 8827, "name": "Main Library"},
                {"id": 10332, "name": "Annex", "primary_id_question": "q7"},
            ]
        }
    )
    services.bookings["10332"] = [a_booking("cs_9", id_answer=None)]
    (problem,) = problems(services, config)
    assert "question q7" in problem.text


def test_of_several_questions_each_is_looked_for(services: FakeServices) -> None:
    config = a_config(LibCal={"primary_id_question": ["q1", "account"]})
    services.bookings["8827"] = [a_booking(str(one), id_answer=None) for one in range(12)]
    services.bookings["10332"] = [a_booking("cs_9"), a_booking("e", id_answer=None, event_id="7")]
    said = [one.text for one in checked(services, config) if one.subject == "LibCal"]
    assert said[1:] == ["12 bookings of today answer none of the ID questions q1, account."]
    services.bookings["10332"] = []
    (problem,) = problems(services, config)
    assert problem.text == "No booking of today carries the ID question q1, account."


def test_one_answer_is_enough(services: FakeServices) -> None:
    services.bookings["8827"] = [a_booking(id_answer=None), a_booking("cs_2")]
    assert not problems(services)


def test_day_without_bookings_says_nothing_about_the_question(services: FakeServices) -> None:
    services.bookings = {"8827": [], "10332": []}
    assert not problems(services)


@pytest.mark.parametrize(
    ("offset", "words"),
    [(timedelta(minutes=4), "4 minutes behind"), (timedelta(hours=-1), "ahead")],
)
def test_clock_that_is_off_is_told(services: FakeServices, offset: timedelta, words: str) -> None:
    services.clock_offset = offset
    told = problems(services)
    assert {result.subject for result in told} == {"Clock"}
    assert words in told[0].text


def test_clock_within_two_minutes_is_fine(services: FakeServices) -> None:
    services.clock_offset = timedelta(minutes=-2)
    assert not problems(services)


def test_nothing_is_said_of_the_clock_when_no_service_told_the_time(
    services: FakeServices,
) -> None:
    services.clock_offset = None
    assert "Clock" not in {result.subject for result in checked(services)}


@pytest.fixture
def practice() -> Iterator[PracticeServices]:
    with PracticeServices(make_big_day(NOON, ZONE, 5), clock=FakeClock()) as services:
        yield services


def test_real_clients_are_tried_over_http(practice: PracticeServices) -> None:
    config = practice.config()
    credentials = Credentials(config, practice.store())
    results = list(check_connections(config, credentials, FakeClock()))
    assert all(result.ok for result in results)
    assert not practice.visits


def test_web_page_instead_of_libcal_is_a_wrong_address(practice: PracticeServices) -> None:
    practice.faults.add("LibCal", "html")
    config = practice.config()
    credentials = Credentials(config, practice.store())
    (problem,) = [one for one in check_connections(config, credentials, FakeClock()) if not one.ok]
    assert problem.subject == "LibCal"
    assert "web page" in problem.text
    assert problem.exit_code == ExitCode.INCOMPLETE


def check_in_findings(services: FakeServices) -> list[Finding]:
    config = a_config(LibCal={"check_in": True})
    return [one for one in checked(services, config) if one.subject == "LibCal"][1:]


def test_a_client_that_may_not_check_in_is_told_without_checking_anybody_in() -> None:
    services = FakeServices()
    services.may_check_in = False
    services.bookings["8827"] = [a_booking(check_in_codes=("A",))]
    [finding] = check_in_findings(services)
    assert (finding.ok, finding.exit_code) == (False, ExitCode.INCOMPLETE)
    assert "spaces write" in finding.hint


def test_where_libcal_does_not_say_it_the_first_check_in_shows_it() -> None:
    services = FakeServices()
    services.may_check_in = None
    services.bookings["8827"] = [a_booking(check_in_codes=("A",))]
    [finding] = check_in_findings(services)
    assert finding.ok
    assert "the first check-in shows it" in finding.text


def test_bookings_without_a_code_are_told() -> None:
    [finding] = check_in_findings(FakeServices())
    assert "None of today's bookings has a check-in code" in finding.text


def test_all_is_well_is_no_news() -> None:
    services = FakeServices()
    services.bookings["8827"] = [a_booking(check_in_codes=("A",))]
    assert check_in_findings(services) == []
