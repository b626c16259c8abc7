"""The promise: at most once by itself, never silently not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.domain.errors import KeyringLocked
from core.domain.status import Action, Group, PassState
from core.engine.own import LibCal2PP
from core.practice.maker import MAIN
from core.settings.credentials import Credentials, MemoryStore
from tests.e2e.library import Library, act, row_of

PERHAPS = ["408", "409", "500", "502", "503", "504", "error_200", "without_id", "empty", "html"]
PERHAPS += ["truncated", "wrong_type", "cut_before", "cut_within"]
SURELY_NOT = ["redirect", "403", "429"]


@pytest.mark.parametrize("fault", PERHAPS)
@pytest.mark.parametrize("processed", [True, False], ids=["processed", "not processed"])
def test_a_doubtful_answer_is_unclear_and_never_sent_again_by_itself(
    library: Library, fault: str, processed: bool
) -> None:
    booking = library.book()
    program = library.open()
    library.services.faults.add("createPreReg", fault, times=1, processed=processed)
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert row.passagepoint is PassState.UNCLEAR
    assert (row.group, row.action) == (Group.NEEDS_PERSON, Action.RESOLVE)
    library.clock.advance(minutes=20)
    program.log_new_bookings()
    assert library.calls("createPreReg") == 1
    assert library.visits == int(processed)


@pytest.mark.parametrize("fault", SURELY_NOT)
def test_what_was_surely_not_processed_is_tried_again_by_itself(
    library: Library, fault: str
) -> None:
    booking = library.book(start=timedelta(hours=3))
    program = library.open()
    library.services.faults.add("createPreReg", fault, times=1)
    assert row_of(program.log_new_bookings(), booking.book_id).passagepoint is PassState.FAILED
    library.clock.advance(minutes=16)
    assert row_of(program.log_new_bookings(), booking.book_id).group is Group.REGISTERED
    assert library.visits == 1


@pytest.mark.parametrize(
    ("call", "pauses"),
    [
        # A good answer to a harmless question ends the pauses, but for a little one.
        ("createPreReg", [0, 1, *range(3, 55, 2)]),
        ("PassagePoint", [0, 1, 3, 7, 15, 30, 45]),
    ],
)
def test_tries_pause_twice_as_long_each_time_until_the_reader_may_be_here(
    library: Library, call: str, pauses: list[int]
) -> None:
    library.book(start=timedelta(minutes=70))
    program = library.open()
    library.services.faults.add("createPreReg", "429")
    if call == "PassagePoint":
        library.services.faults.add("getDestinations", "503")
    begun = library.clock.now()
    for _ in range(75):
        program.log_new_bookings()
        library.clock.advance(minutes=1)
    tried = [call.at for call in library.services.calls if call.name == "createPreReg"]
    minutes = [(at - begun) // timedelta(minutes=1) for at in tried]
    assert minutes == [*pauses, *range(55, 75)]


def test_an_expired_session_is_renewed_once_and_the_repeated_answer_is_kept(
    library: Library,
) -> None:
    first, second = library.books(2)
    library.settings["PassagePoint"] = {"parallel_calls": 1}
    program = library.open()
    library.services.faults.add("createPreReg", "expired_session", after=1, times=1)
    report = program.log_new_bookings()
    ids = {row_of(report, one.book_id).prereg_id for one in (first, second)}
    assert ids == {visit.visit_id for visit in library.services.visits}
    assert library.calls("login") == 2


def test_wrong_data_is_refused_until_something_else_would_be_sent(library: Library) -> None:
    booking = library.book()
    program = library.open()
    library.services.faults.add("createPreReg", "422", times=1)
    assert row_of(program.log_new_bookings(), booking.book_id).passagepoint is PassState.REFUSED
    program.log_new_bookings()
    assert library.calls("createPreReg") == 1
    library.services.move(booking.book_id, library.clock.now() + timedelta(hours=2))
    assert row_of(program.log_new_bookings(), booking.book_id).group is Group.REGISTERED


def test_where_there_is_one_place_only_three_refusals_of_different_people_stop_sending(
    library: Library,
) -> None:
    library.settings["PassagePoint"] = {"parallel_calls": 1}
    only = {"id": MAIN, "name": "Main Library", "destination": "Main Desk"}
    library.settings["LibCal"] = {"locations": [only]}
    bookings = library.books(5)
    program = library.open()
    library.services.faults.add("createPreReg", "400")
    report = program.log_new_bookings()
    states = [row_of(report, one.book_id).passagepoint for one in bookings]
    assert states[:3] == [PassState.REFUSED, PassState.REFUSED, PassState.FAILED]
    assert library.calls("createPreReg") == 3
    assert report.services["PassagePoint"].sending_stopped


def test_refusals_at_one_of_several_places_are_the_datas_fault(library: Library) -> None:
    bookings = library.books(5)
    library.services.faults.add("createPreReg", "400")
    report = library.open().log_new_bookings()
    states = {row_of(report, one.book_id).passagepoint for one in bookings}
    assert states == {PassState.REFUSED}
    assert not report.services["PassagePoint"].sending_stopped


def test_the_first_doubt_stops_sending_and_the_next_pass_probes(library: Library) -> None:
    bookings = library.books(12)
    program = library.open()
    library.services.faults.add("createPreReg", "500", times=1)
    report = program.log_new_bookings()
    unclear = [row for row in report.rows if row.passagepoint is PassState.UNCLEAR]
    assert len(unclear) == 1
    assert library.calls("createPreReg") <= 4
    assert library.calls("getDestinations") == 0
    report = program.log_new_bookings()
    assert library.calls("getDestinations") == 1
    assert report.counts.registered == len(bookings) - 1


def test_the_stop_outlives_a_restart_and_a_failed_probe_waits_longer(library: Library) -> None:
    library.books(6)
    program = library.open()
    library.services.faults.add("createPreReg", "500", times=1)
    program.log_new_bookings()
    sent = library.calls("createPreReg")
    program = library.restart(program)
    library.services.faults.add("getDestinations", "503")
    program.log_new_bookings()
    program.log_new_bookings()
    assert library.calls("getDestinations") == 1  # the second pass came before its pause was over
    library.clock.advance(minutes=2)
    program.log_new_bookings()
    assert library.calls("getDestinations") == 2
    assert library.calls("createPreReg") == sent
    library.services.faults.clear()
    library.clock.advance(minutes=5)
    program.log_new_bookings()
    assert library.calls("createPreReg") == 6


def test_a_person_who_presses_sync_now_doesnt_wait_for_the_next_probe(library: Library) -> None:
    library.books(6)
    program = library.open()
    library.services.faults.add("createPreReg", "500", times=1)
    program.log_new_bookings()
    library.services.faults.add("getDestinations", "503", times=1)
    program.log_new_bookings()
    program.forgive()
    report = program.log_new_bookings()
    assert library.calls("getDestinations") == 2
    assert report.counts.registered == 5


def test_register_now_may_always_send(library: Library) -> None:
    first, second = library.book(), library.book(start=timedelta(hours=5))
    library.settings["PassagePoint"] = {"parallel_calls": 1}
    program = library.open()
    library.services.faults.add("createPreReg", "500", times=1)
    program.log_new_bookings()
    assert row_of(program, first.book_id).passagepoint is PassState.UNCLEAR
    assert act(program, Action.REGISTER_NOW, second.book_id).startswith("Registered")


def test_an_unclear_row_is_resolved_by_a_person(library: Library) -> None:
    there, not_there = library.book(), library.book(start=timedelta(hours=2))
    program = library.open()
    library.services.faults.add("createPreReg", "cut_before", match=None, times=2)
    program.log_new_bookings()
    library.clock.advance(minutes=16)  # the first doubt may have stopped the second send
    program.log_new_bookings()
    act(program, Action.IT_IS_THERE, there.book_id)
    assert row_of(program, there.book_id).group is Group.REGISTERED
    assert act(program, Action.REGISTER_AGAIN, not_there.book_id).startswith("Registered")
    assert library.calls("createPreReg") == 3


def test_a_visit_that_was_killed_on_its_way_is_unclear_at_the_next_start(
    library: Library,
) -> None:
    booking = library.book()
    program = library.open()
    library.services.faults.add("createPreReg", "hang", processed=True)
    sent = iter([False] * 10_000)

    def stop() -> bool:
        return library.calls("createPreReg") > 0 or next(sent)

    report = program.log_new_bookings(stop)
    assert report.stopped
    library.services.faults.release()
    program = library.restart(program)
    assert row_of(program, booking.book_id).passagepoint is PassState.UNCLEAR
    program.log_new_bookings()
    assert library.calls("createPreReg") == 1


def test_one_person_is_asked_and_created_once_however_many_bookings_they_have(
    library: Library,
) -> None:
    person = library.services.add_person()
    for hour in range(1, 5):
        library.book(start=timedelta(hours=hour), person=person)
    report = library.open().log_new_bookings()
    assert report.counts.registered == 4
    assert library.calls("user") == 1
    assert library.calls("createVisitor") == 1


def test_refused_credentials_are_tried_once_across_restarts_until_a_person_acts(
    library: Library,
) -> None:
    booking = library.book()
    library.services.faults.add("login", "401")
    program = library.open()
    report = program.log_new_bookings()
    assert report.services["PassagePoint"].needs_credentials
    assert row_of(report, booking.book_id).action is Action.BY_HAND
    program = library.restart(program)
    program.log_new_bookings()
    library.clock.advance(hours=0.1)
    program.log_new_bookings()
    assert library.calls("login") == 1
    library.services.faults.clear()
    program.forgive()
    report = program.log_new_bookings()
    assert row_of(report, booking.book_id).group is Group.REGISTERED


def test_a_password_store_that_locks_itself_meanwhile_stops_no_pass(library: Library) -> None:
    class LocksItself(MemoryStore):
        def get(self, address: str, user: str) -> str | None:
            if library.calls("login"):
                raise KeyringLocked("The password store is locked.", "Unlock it.")
            return super().get(address, user)

    booking = library.book()
    secrets = library.store
    library.store = LocksItself()
    library.store.__dict__.update(secrets.__dict__)
    library.services.faults.add("login", "401")
    report = library.open().log_new_bookings()
    assert report.services["PassagePoint"].needs_credentials
    assert row_of(report, booking.book_id).action is Action.BY_HAND


def test_a_new_secret_is_tried_without_a_person(library: Library) -> None:
    booking = library.book()
    program = library.open()
    entry = Credentials(library.services.config(), library.store).entry("PassagePoint")
    right = library.store.get(*entry)
    assert right is not None
    library.store.set(*entry, "wrong")
    assert row_of(program.log_new_bookings(), booking.book_id).group is Group.WAITING
    library.store.set(*entry, right)
    assert row_of(program.log_new_bookings(), booking.book_id).group is Group.REGISTERED


def test_a_replaced_ledger_sends_nothing_for_earlier_bookings_until_a_person_answers(
    library: Library,
) -> None:
    booking = library.book()
    library.close(_after_a_pass(library))
    for file in library.folder.glob("cache.db*"):
        file.unlink()
    library.clock.advance(minutes=1)
    program = library.open()
    report = program.log_new_bookings()
    row = row_of(report, booking.book_id)
    assert (row.group, row.reason) == (Group.WAITING, "Not sent: new ledger.")
    assert program.question() is not None
    assert library.visits == 1
    program.answer_question("all")
    program.log_new_bookings()
    assert row_of(program, booking.book_id).passagepoint is PassState.BY_HAND
    assert library.visits == 1


def test_a_replaced_ledger_of_which_nothing_was_registered_goes_on(library: Library) -> None:
    library.close(_after_a_pass(library))
    for file in library.folder.glob("cache.db*"):
        file.unlink()
    booking = library.book()
    program = library.open(assume="none")
    assert row_of(program.log_new_bookings(), booking.book_id).group is Group.REGISTERED


def _after_a_pass(library: Library) -> LibCal2PP:
    program = library.open()
    program.log_new_bookings()
    return program


def test_what_is_still_out_at_a_stop_is_unclear_until_its_answer_comes(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.sync.sync_pass._STOP_PATIENCE", 0.1)
    library.settings["PassagePoint"] = {"parallel_calls": 1}
    sent, waiting = library.books(2)
    library.services.faults.add("createPreReg", "hang", times=1)
    program = library.open()
    report = program.log_new_bookings(lambda: library.calls("createPreReg") > 0)
    assert report.stopped
    row = row_of(program, sent.book_id)
    assert (row.passagepoint, row.action) == (PassState.UNCLEAR, Action.RESOLVE)
    assert "closed before PassagePoint answered" in (row.reason or "")
    assert row_of(program, waiting.book_id).passagepoint is PassState.WAITING
    library.services.faults.clear()
    report = program.log_new_bookings()
    assert {one.group for one in report.rows} == {Group.REGISTERED}
    assert library.visits == 2
    assert library.services.duplicates() == []


def test_three_failures_in_a_row_end_the_sending_for_this_pass(library: Library) -> None:
    library.settings["PassagePoint"] = {"parallel_calls": 1}
    for number in range(8):
        library.book(start=timedelta(hours=5, minutes=number))
    program = library.open()
    library.services.faults.add("createPreReg", "429")
    program.log_new_bookings()  # the people are made
    before = library.calls("createPreReg")
    library.clock.advance(minutes=16)
    program.log_new_bookings()
    assert library.calls("createPreReg") == before + 3
