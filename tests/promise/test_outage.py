"""Services that are down, flapping or resetting, for many passes."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise

import pytest

import core.services.libcal.requests as libcal_requests
from core.domain.models import BookingRow
from core.domain.status import Group, PassState
from core.engine.own import LibCal2PP
from core.http.session import HttpSession, TimeOuts
from core.practice.faults import Fault, Faults
from tests.e2e.library import Library

PASSES = 8
PARALLEL_CALLS = 4
CALLS = {
    "LibCal": ("token", "bookings"),
    "Alma": ("user",),
    "PassagePoint": ("login", "createVisitor", "byUniqueId", "createPreReg", "getDestinations"),
}
DOWN = ["503", "html", "cut_before", "cut_within", "empty"]


def a_day(library: Library) -> LibCal2PP:
    for number in range(8):
        library.book(start=timedelta(hours=3, minutes=number))
    return library.open()


def passes(library: Library, program: LibCal2PP, count: int = PASSES) -> None:
    for _ in range(count):
        program.log_new_bookings()
        library.clock.advance(minutes=5)


def recovered(library: Library, program: LibCal2PP) -> list[BookingRow]:
    """The rows some passes after the service is back; nobody does anything."""
    library.services.faults.clear()
    passes(library, program, 6)
    return program.rows()


def check(library: Library, rows: Iterable[BookingRow], *, most_unclear: int) -> None:
    assert library.services.duplicates() == []
    states = [row.passagepoint for row in rows]
    assert set(states) <= {PassState.REGISTERED, PassState.UNCLEAR}
    assert states.count(PassState.UNCLEAR) <= most_unclear
    assert len(states) == 8


@pytest.mark.parametrize("kind", DOWN)
@pytest.mark.parametrize("service", CALLS)
def test_a_service_that_is_down_from_the_start(library: Library, service: str, kind: str) -> None:
    program = a_day(library)
    library.services.faults.add(service, kind, processed=True)
    passes(library, program)
    asked = sum(library.calls(name) for name in CALLS[service])
    assert asked <= PASSES * 20
    assert library.calls("createPreReg") == 0
    check(library, recovered(library, program), most_unclear=0)


@pytest.mark.parametrize("kind", DOWN)
def test_passagepoint_goes_down_in_the_middle(library: Library, kind: str) -> None:
    program = a_day(library)
    library.services.faults.add("createPreReg", kind, after=2, processed=True)
    library.services.faults.add("getDestinations", kind)
    program.log_new_bookings()
    begun = unclear(program)
    assert 1 <= begun <= PARALLEL_CALLS + 1
    passes(library, program)
    assert unclear(program) == begun
    check(library, recovered(library, program), most_unclear=begun)


def test_each_probe_of_a_service_that_only_seems_well_leaves_one_unclear(
    library: Library,
) -> None:
    program = a_day(library)
    library.services.faults.add("createPreReg", "503")
    program.log_new_bookings()
    begun, before = unclear(program), library.calls("getDestinations")
    passes(library, program)
    probes = library.calls("getDestinations") - before
    assert probes >= 1
    assert unclear(program) <= begun + probes
    check(library, recovered(library, program), most_unclear=begun + probes)


def unclear(program: LibCal2PP) -> int:
    return sum(row.passagepoint is PassState.UNCLEAR for row in program.rows())


def test_probes_pause_longer_each_time_up_to_three_minutes(
    library: Library,
) -> None:
    program = a_day(library)
    library.services.faults.add("createPreReg", "503", times=1)
    library.services.faults.add("getDestinations", "503")
    for _ in range(90):
        program.log_new_bookings()
        library.clock.advance(minutes=1)
    times = [call.at for call in library.services.calls if call.name == "getDestinations"]
    pauses = [(later - earlier) // timedelta(minutes=1) for earlier, later in pairwise(times)]
    assert pauses[0] == 1
    assert set(pauses[1:]) == {2}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("service", CALLS)
def test_half_of_all_connections_are_reset(
    library: Library, monkeypatch: pytest.MonkeyPatch, service: str, seed: int
) -> None:
    """Sometimes after the service acted on what it read, sometimes before."""
    dice, whole = random.Random(seed), Faults.take

    def taking(faults: Faults, names: Iterable[str], values: Iterable[str]) -> Fault | None:
        if service in names and is_bad:
            return (
                Fault("*", "cut_before", processed=dice.random() < 0.5)
                if dice.random() < 0.5
                else None
            )
        return whole(faults, names, values)

    monkeypatch.setattr(Faults, "take", taking)
    program, is_bad = a_day(library), True
    passes(library, program)
    doubts = library.calls("createPreReg")
    is_bad = False
    check(library, recovered(library, program), most_unclear=doubts)


@pytest.mark.parametrize("service", CALLS)
def test_a_service_that_flaps(library: Library, service: str) -> None:
    program = a_day(library)
    for number in range(PASSES):
        if number % 2 == 0:
            library.services.faults.add(service, "503", processed=True)
        else:
            library.services.faults.clear()
        passes(library, program, 1)
    check(library, recovered(library, program), most_unclear=PARALLEL_CALLS + PASSES)


def wait_at_most(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """For an answer, instead of half a minute."""
    usual = HttpSession.__init__.__kwdefaults__ or {}
    monkeypatch.setitem(usual, "time_outs", TimeOuts(read=seconds, total=2 * seconds))


@pytest.mark.parametrize("service", CALLS)
def test_a_service_that_is_slow_delays_and_spoils_nothing(
    library: Library, monkeypatch: pytest.MonkeyPatch, service: str
) -> None:
    """But not more than is waited for; the soak takes ten whole seconds."""
    wait_at_most(monkeypatch, 20)
    library.services.latency[service] = 0.3
    program = a_day(library)
    report = program.log_new_bookings()
    assert {row.passagepoint for row in report.rows} == {PassState.REGISTERED}
    assert all(status.ok for status in report.services.values())
    assert library.services.duplicates() == []


@pytest.mark.parametrize("call", [*CALLS, "createPreReg"])
def test_a_service_that_answers_after_the_time_out(
    library: Library, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """It does what it was asked all the same."""
    wait_at_most(monkeypatch, 0.2)
    program = a_day(library)
    library.services.faults.add(call, "slow:0.5")
    passes(library, program, 3)
    doubts = unclear(program)
    assert doubts <= PARALLEL_CALLS + 3 if call == "createPreReg" else doubts == 0
    wait_at_most(monkeypatch, 10)
    check(library, recovered(library, library.restart(program)), most_unclear=doubts)


def test_while_one_service_is_down_the_others_work_goes_on(library: Library) -> None:
    program = a_day(library)
    library.services.faults.add("PassagePoint", "503")
    report = program.log_new_bookings()
    assert report.services["LibCal"].ok
    assert report.services["Alma"].ok
    assert library.calls("user") == 8
    library.services.faults.clear()
    library.services.faults.add("LibCal", "503")
    library.services.faults.add("Alma", "503")
    library.clock.advance(minutes=16)
    rows = program.log_new_bookings().rows
    assert {row.group for row in rows} == {Group.REGISTERED}


@pytest.mark.parametrize(
    ("call", "kind"), [("token", "401"), ("user", "403"), ("login", "401"), ("login", "error_200")]
)
def test_a_refused_secret_is_tried_once_across_restarts(
    library: Library, call: str, kind: str
) -> None:
    library.settings["Alma"] = {"url": library.services.url, "zones": ["Main"]}
    program = a_day(library)
    library.services.faults.add(call, kind)
    program.log_new_bookings()
    asked = library.calls(call)
    for _ in range(3):
        program = library.restart(program)
        passes(library, program, 3)
    assert library.calls(call) == asked
    program.forgive()
    check(library, recovered(library, program), most_unclear=0)


@pytest.mark.parametrize("page", range(4))
def test_a_page_loop_that_was_cut_ends_in_the_same_table(
    library: Library, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    monkeypatch.setitem(libcal_requests._BOOKING_OPTIONS, "limit", "20")
    library.settings["Sync"] = {"register_automatically": False}
    books = [library.book(start=timedelta(hours=2, minutes=number)) for number in range(70)]
    program = library.open()
    library.services.faults.add("bookings", "cut_within", after=page, match=books[0].lid)
    program.log_new_bookings()
    assert not [row for row in program.rows() if row.libcal_label == "Gone"]
    library.services.faults.clear()
    table = [(row.book_id, row.starts_at) for row in program.log_new_bookings().rows]
    assert table == [(row.book_id, row.starts_at) for row in books]
    library.services.faults.add("bookings", "cut_within", after=page, match=books[0].lid)
    cut = [(row.book_id, row.starts_at) for row in program.log_new_bookings().rows]
    assert cut == table
