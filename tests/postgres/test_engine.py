"""What the window and ``--watch`` ask of one of several computers, registrar or not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from core.cache.inquiries import Inquired
from core.domain.errors import AppError, CacheAway, CacheReadOnly, NoRegistrar, OpenQuestion
from core.domain.models import DeskRequest, SyncReport
from core.domain.status import Action, Group, PatronState
from core.engine.pass_loop import PassLoop
from core.engine.told import Told
from core.sharing.engine import SharedEngine
from tests.builders import FakeClock
from tests.e2e.library import Library
from tests.postgres.cluster import Cluster
from tests.postgres.computers import Computers


@pytest.fixture
def computers(library: Library, url: str) -> Iterator[Computers]:
    with Computers(library, url) as computers:
        yield computers


class Seconds(threading.Event):
    """Stops after so many seconds of the library's clock."""

    def __init__(self, clock: FakeClock, count: int) -> None:
        super().__init__()
        self._clock, self._until = clock, clock.monotonic() + count

    def wait(self, timeout: float | None = None) -> bool:
        self._clock.advance(seconds=timeout or 0)
        if self._clock.monotonic() >= self._until:
            self.set()
        return self.is_set()


ONLY_THERE: list[Callable[[SharedEngine], object]] = [
    lambda engine: engine.answer_question("none"),
    lambda engine: engine.clean_up_plan(),
    lambda engine: engine.clean_up(),
    lambda engine: engine.forget("G12345678"),
]


@pytest.mark.parametrize("ask", ONLY_THERE)
def test_some_things_are_done_where_it_is_registered(
    computers: Computers, library: Library, ask: Callable[[SharedEngine], object]
) -> None:
    registrar, desk = computers.open("registrar"), computers.open("desk", "desk")
    library.book()
    registrar.log_new_bookings()
    ask(registrar)
    with pytest.raises(CacheReadOnly, match="at the computer that registers"):
        ask(desk)


def attending(computers: Computers, *engines: SharedEngine) -> Callable[[], bool]:
    """A desk waits in its own thread: the others go on whenever it looks whether to stop."""

    def look() -> bool:
        computers.a_second_later(*engines)
        return False

    return look


def test_a_desk_asks_libcal_and_alma_through_the_registrar(
    computers: Computers, library: Library
) -> None:
    registrar, desk = computers.open("registrar"), computers.open("desk", "desk")
    person = library.services.add_person()
    elsewhere = library.book(person=person, lid="11200")
    stop = attending(computers, registrar)
    found = desk.look_everywhere(person.last_name, stop)
    assert found == registrar.look_everywhere(person.last_name)
    assert elsewhere.book_id in [one.book_id for one in found]
    known = desk.ask_alma(person.primary_id, stop)
    assert (known.primary_id, known.last_name) == (person.primary_id, person.last_name)
    nobody = desk.ask_alma("G00000000", stop)
    assert nobody.state is PatronState.NOT_IN_ALMA


def test_a_desk_is_told_why_there_is_no_answer(computers: Computers, library: Library) -> None:
    registrar, desk = computers.open("registrar"), computers.open("desk", "desk")
    library.services.faults.add("locations", "503")
    with pytest.raises(AppError, match="LibCal"):
        desk.look_everywhere("patel", attending(computers, registrar))


def test_a_desk_asks_in_the_middle_of_a_pass_too(computers: Computers, library: Library) -> None:
    registrar, desk = computers.open("registrar"), computers.open("desk", "desk")
    person = library.services.add_person()
    library.books(2)
    with computers.cache(library.folder) as cache:
        cache.inquiries.ask(Inquired("i", "alma", person.primary_id))
        library.clock.advance(seconds=1)
        registrar.log_new_bookings()
        assert cache.inquiries.reply_to("i") is not None
    assert desk.registers is False
    assert library.visits == 2


def test_an_inquiry_without_a_registrar_is_not_waited_for(computers: Computers) -> None:
    desk = computers.open("desk", "desk")
    with pytest.raises(NoRegistrar):
        desk.ask_alma("G12345678")


def test_answers_about_people_are_soon_forgotten(computers: Computers, library: Library) -> None:
    registrar = computers.open("registrar")
    with computers.cache(library.folder) as cache:
        cache.inquiries.ask(Inquired("i", "alma", "G12345678"))
        computers.attend_for(2, registrar)
        cache.database.execute("UPDATE inquiries SET asked_at = asked_at - INTERVAL '3 minutes'")
        computers.attend_for(6, registrar)
        assert cache.inquiries.reply_to("i") is None


def test_everybody_can_look(computers: Computers, library: Library) -> None:
    registrar, desk = computers.open("registrar"), computers.open("desk", "desk")
    library.book()
    registrar.log_new_bookings()
    computers.a_second_later(desk)
    [row] = desk.rows()
    assert desk.activity() == registrar.activity()
    assert desk.held_about(row.primary_id or "") == registrar.held_about(row.primary_id or "")
    assert desk.known_of(["1"]) == {"1": "Not used from here before."}
    assert desk.corrected_on_other_day(row.row_id) is None
    assert desk.statuses().keys() == registrar.statuses().keys()
    library.clock.advance(hours=9)
    assert desk.ended_unseen() == registrar.ended_unseen()


def test_nothing_can_be_looked_up_while_the_server_is_away(
    computers: Computers, cluster: Cluster
) -> None:
    cluster.stop()
    try:
        desk = computers.open("desk", "desk")
        with pytest.raises(CacheAway, match="can't be reached"):
            desk.activity()
        with pytest.raises(CacheAway, match="can't be reached"):
            desk.forgive()
    finally:
        cluster.start()


def test_the_new_ledgers_question_is_asked_at_the_registrar_alone(
    computers: Computers, library: Library
) -> None:
    computers.open("registrar").close()
    with computers.cache(library.folder) as cache:
        cache.meta.set("ledger_id", "another")
    registrar, desk = computers.open("registrar"), computers.open("desk", "desk")
    assert registrar.question() is not None
    assert desk.question() is None
    desk.require_answer()
    with pytest.raises(OpenQuestion):
        registrar.require_answer()
    registrar.answer_question("none")
    registrar.require_answer()


def test_questions_are_answered_between_two_steps_of_a_pass(
    computers: Computers, library: Library
) -> None:
    registrar = computers.open("registrar")
    library.book()
    asked: list[int] = []
    registrar.between_steps = lambda: asked.append(library.visits)
    registrar.log_new_bookings()
    assert len(asked) > 1
    assert registrar.between_steps() is None


def test_sync_now_at_a_desk_is_a_pass_of_the_registrar(
    computers: Computers, library: Library
) -> None:
    registrar, desk = computers.open("registrar"), computers.open("desk", "desk")
    registrar.log_new_bookings()
    library.services.faults.add("login", "401", times=1)
    library.book()
    registrar.log_new_bookings()
    assert registrar.statuses()["PassagePoint"].needs_credentials
    desk.forgive()
    library.clock.advance(seconds=1)
    assert registrar.attend()
    registrar.log_new_bookings()
    assert library.visits == 1
    library.clock.advance(seconds=1)
    assert not registrar.attend()


def test_somebody_scanned_at_a_desk_is_looked_for_by_the_registrar(
    computers: Computers, library: Library
) -> None:
    registrar, desk = computers.open("registrar"), computers.open("desk", "desk")
    registrar.log_new_bookings()
    library.clock.advance(minutes=1)
    library.services.clear_calls()
    library.book()
    desk.ask_news()
    library.clock.advance(seconds=1)
    registrar.attend()
    assert library.calls("updates") == 0
    desk.ask_news(for_somebody=True)
    library.clock.advance(seconds=1)
    assert not registrar.attend()
    assert library.visits == 1
    asked = library.calls("updates")
    desk.ask_news(for_somebody=True)
    library.clock.advance(seconds=1)
    registrar.attend()
    assert library.calls("updates") == asked  # not for each card
    registrar.ask_news()
    assert library.calls("updates") > asked
    library.clock.advance(seconds=1)
    desk.attend()
    assert [row.group for row in desk.rows()] == [Group.REGISTERED]


def test_a_registrar_that_is_paused_lets_nobody_in_for_a_desk(
    computers: Computers, library: Library
) -> None:
    registrar, desk = computers.open("registrar"), computers.open("desk", "desk")
    loop = PassLoop(
        lambda: registrar,
        Told(),
        library.clock,
        threading.Event(),
        seconds=300,
        attended=True,
    )
    loop.begin_with(registrar)
    loop.turn()
    loop.pause(True)
    library.clock.advance(minutes=1)
    library.book()
    desk.ask_news(for_somebody=True)
    for _ in range(3):
        library.clock.advance(seconds=2)
        loop.turn()
    assert library.visits == 0
    loop.pause(False)
    loop.turn()
    assert library.visits == 1


def test_a_key_at_any_desk_says_that_somebody_looks_and_the_registrar_alone_sends(
    computers: Computers, library: Library
) -> None:
    alerts = library.services.alerts()
    registrar = computers.open("registrar", Alerts=alerts)
    desk = computers.open("desk", "desk")
    row = library.book(start=timedelta(minutes=50))
    library.services.set_answer(row.book_id, None)
    opened = library.clock.now()
    for used in (True, True, False):
        for engine in (desk, registrar):
            touched = library.clock.now() if used and engine is desk else opened
            engine.look_after(touched, is_ending=True)
        library.clock.advance(minutes=14)
        registrar.log_new_bookings()
        registrar.attend()
        registrar.look_after(opened, is_ending=True)
        assert library.services.mail.taken == []
    library.clock.advance(minutes=2)
    desk.look_after(opened, is_ending=True)
    registrar.look_after(opened, is_ending=True)
    assert len(library.services.mail.taken) == 1


def test_a_watch_whose_ledger_was_replaced_gives_way_to_a_window_that_asks(
    computers: Computers, library: Library
) -> None:
    watch = computers.open("watch")
    with computers.cache(library.folder) as cache:
        cache.meta.set("ledger_id", "another")
    library.clock.advance(seconds=1)
    with pytest.raises(OpenQuestion):
        watch.run_at_intervals(10, Seconds(library.clock, 10))


def test_a_watch_without_a_window_passes_at_intervals(
    computers: Computers, library: Library
) -> None:
    registrar = computers.open("registrar")
    library.book()
    passes: list[SyncReport] = []
    registrar.run_at_intervals(30, Seconds(library.clock, 65), after_pass=passes.append)
    assert [one.counts.registered for one in passes] == [1, 1, 1]


def test_a_watch_that_stands_by_passes_as_soon_as_it_leads(
    computers: Computers, library: Library
) -> None:
    first, second = computers.open("first"), computers.open("second")
    second.run_at_intervals(300, Seconds(library.clock, 5))
    library.book()
    first.close()
    second.run_at_intervals(300, Seconds(library.clock, 5))
    assert library.visits == 1


def test_a_watch_outlives_the_server(
    computers: Computers, library: Library, cluster: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    registrar = computers.open("registrar")
    library.book()
    cluster.stop()
    try:
        registrar.run_at_intervals(10, Seconds(library.clock, 20))
        assert library.visits == 0
        assert "can't be reached since 12:00" in caplog.text
    finally:
        cluster.start()
    registrar.run_at_intervals(10, Seconds(library.clock, 5))
    assert library.visits == 1


def test_what_was_pressed_last_is_kept_when_a_desk_closes(
    computers: Computers, library: Library
) -> None:
    registrar = computers.open("registrar", Sync={"register_automatically": False})
    desk = computers.open("desk", "desk")
    library.book()
    registrar.log_new_bookings()
    computers.a_second_later(desk)
    [row] = desk.rows()
    now = library.clock.now()
    desk.submit(DeskRequest("q", Action.REGISTER_NOW, row.row_id, "jo", now, "desk"))
    desk.close()
    computers.attend_for(2, registrar)
    assert [one.group for one in registrar.rows()] == [Group.REGISTERED]
