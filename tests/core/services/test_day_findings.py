"""What ruins the day although every service answers, over the practice services."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from core.domain.errors import ExitCode
from core.practice.day import make_day
from core.practice.services import PracticeServices
from core.services.check import check_connections
from core.services.findings import Finding
from core.settings.credentials import Credentials
from tests.builders import NOON, ZONE, FakeClock


@pytest.fixture(scope="module")
def services() -> Iterator[PracticeServices]:
    with PracticeServices(make_day(NOON, ZONE), clock=FakeClock()) as services:
        yield services


def findings(services: PracticeServices, **sections: dict[str, Any]) -> list[Finding]:
    config = services.config(**sections)
    return list(check_connections(config, Credentials(config, services.store()), FakeClock()))


def problems(services: PracticeServices, **sections: dict[str, Any]) -> list[Finding]:
    found = [one for one in findings(services, **sections) if not one.ok]
    assert {one.exit_code for one in found} <= {ExitCode.CANNOT_START}
    return found


def notes(services: PracticeServices, **sections: dict[str, Any]) -> list[str]:
    assert not problems(services, **sections)
    return [one.text for one in findings(services, **sections)]


def test_nothing_is_wrong_with_the_practice_day(services: PracticeServices) -> None:
    assert not problems(services)


def test_a_location_id_that_libcal_does_not_have_is_told(services: PracticeServices) -> None:
    known = services.config().libcal.locations[0]
    listed = [
        {"id": known.id, "name": known.name, "destination": known.destination},
        {"id": "999", "name": known.name, "destination": known.destination},
        {"id": "998", "name": "Cellar", "destination": known.destination},
    ]
    mistyped, gone = problems(services, LibCal={"locations": listed})
    assert mistyped.text == f"LibCal has no location {known.name} (id 999)."
    assert mistyped.hint == f"LibCal's {known.name} has the id {known.id}."
    assert gone.hint == "Untick it in Settings."


def test_a_status_that_libcal_does_not_have_registers_nothing(services: PracticeServices) -> None:
    [problem] = problems(services, LibCal={"register_statuses": ["Confirmd"]})
    assert problem.text == "Nothing would be registered: LibCal has no status Confirmd."
    assert problem.hint == "Is it Confirmed?"


def test_one_unknown_status_among_known_ones_is_a_note(services: PracticeServices) -> None:
    said = notes(services, LibCal={"register_statuses": ["confirmed", "Arrived"]})
    assert "LibCal has no status Arrived." in said


def test_statuses_that_none_of_todays_bookings_has_are_told(services: PracticeServices) -> None:
    [problem] = problems(services, LibCal={"register_statuses": ["Mediated Pending"]})
    assert problem.text.startswith("None of today's bookings has a status that registers")
    assert "Confirmed" in problem.hint


@pytest.mark.parametrize("pattern", [r"(?-i:g)\d{8}", r"G \d{8}"])
def test_a_pattern_that_can_never_fit_is_told(services: PracticeServices, pattern: str) -> None:
    [problem] = problems(services, LibCal={"primary_id_pattern": pattern})
    assert problem.text.startswith(f"No ID can ever fit the pattern {pattern}:")


def test_a_pattern_that_no_answer_fits_is_told_without_an_answer(
    services: PracticeServices,
) -> None:
    [problem] = problems(services, LibCal={"primary_id_pattern": r"K\d{6}"})
    assert "fits the pattern K" in problem.text
    assert "One like K123456 would." in problem.hint
    assert "G" not in problem.text + problem.hint


@pytest.mark.parametrize("pattern", [r"g\d{8}", r"^G\d{8}$", r"[a-z]\d{8}"])
def test_case_and_anchors_are_no_matter(services: PracticeServices, pattern: str) -> None:
    assert not problems(services, LibCal={"primary_id_pattern": pattern})


def test_a_location_without_a_destination_is_a_note(services: PracticeServices) -> None:
    known = services.config().libcal.locations[0]
    said = notes(services, LibCal={"locations": [{"id": known.id, "name": known.name}]})
    assert f"Nothing is registered for {known.name}: no destination is chosen." in said


def test_a_ca_file_that_is_not_there_is_told_once(services: PracticeServices) -> None:
    [problem] = problems(services, Network={"ca_bundle": "/nowhere/campus.pem"})
    assert (problem.subject, problem.exit_code) == ("Network", ExitCode.CANNOT_START)
    assert problem.text.startswith("There is no file")
