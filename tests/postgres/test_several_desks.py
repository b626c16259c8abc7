"""Roles on one ledger: one registers, the others show, ask, and take over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest

from core.computer.identity import computer
from core.domain.errors import CacheAway, CacheReadOnly, NoRegistrar
from core.domain.models import ActionDone, RowsChanged
from core.domain.status import Action, Group
from tests.e2e.library import Library
from tests.postgres.cluster import Cluster
from tests.postgres.computers import Computers


@pytest.fixture
def computers(library: Library, url: str) -> Iterator[Computers]:
    with Computers(library, url) as computers:
        yield computers


def test_the_registrar_registers_and_everybody_sees_it(
    computers: Computers, library: Library
) -> None:
    library.books(3)
    registrar, desk = computers.open("registrar"), computers.open("desk", "desk")
    assert registrar.log_new_bookings().counts.registered == 3
    computers.a_second_later(registrar, desk)
    assert {row.group for row in desk.rows()} == {Group.REGISTERED}
    assert desk.rows() == registrar.rows()
    assert library.visits == 3


def test_a_desk_is_told_what_changed(computers: Computers, library: Library) -> None:
    registrar, desk = computers.open("registrar"), computers.open("desk", "desk")
    library.book()
    registrar.log_new_bookings()
    computers.a_second_later(desk)
    [told] = [event for event in computers.told["desk"] if isinstance(event, RowsChanged)]
    assert [row.group for row in told.rows] == [Group.REGISTERED]


def test_only_one_registrar_does_the_passes(computers: Computers, library: Library) -> None:
    first, second = computers.open("first"), computers.open("second")
    library.book()
    assert (first.registers, second.registers) == (True, False)
    second.log_new_bookings()
    assert library.visits == 0
    first.log_new_bookings()
    second.log_new_bookings()
    assert library.visits == 1


def test_a_computer_that_the_file_doesnt_name_looks_on(
    computers: Computers, library: Library
) -> None:
    elsewhere = {"role": "registrar", "registers_on": ["another-computer"]}
    here = {"role": "registrar", "registers_on": [computer().upper()]}
    first = computers.open("first", Desk=elsewhere)
    second = computers.open("second", Desk=here)
    assert (first.registers, second.registers) == (False, True)
    library.book()
    first.log_new_bookings()
    assert library.visits == 0
    second.log_new_bookings()
    computers.a_second_later(first)
    assert [row.group for row in first.rows()] == [Group.REGISTERED]


def test_another_registrar_takes_over(computers: Computers, library: Library) -> None:
    first, second = computers.open("first"), computers.open("second")
    library.book()
    first.log_new_bookings()
    first.close()
    library.clock.advance(seconds=2)
    assert second.attend()
    assert second.registers
    library.book()
    assert second.log_new_bookings().counts.registered == 2
    assert library.visits == 2


def test_a_desks_request_is_carried_out_by_the_registrar(
    computers: Computers, library: Library
) -> None:
    registrar = computers.open("registrar", Sync={"register_automatically": False})
    desk = computers.open("desk", "desk", Sync={"register_automatically": False})
    library.book()
    registrar.log_new_bookings()
    computers.a_second_later(desk)
    asked = computers.ask(desk, Action.REGISTER_NOW, desk.rows()[0])
    assert library.visits == 0
    computers.a_second_later(registrar, desk)
    assert library.visits == 1
    [done] = [event for event in computers.told["desk"] if isinstance(event, ActionDone)]
    assert (done.request_id, done.error) == (asked, None)
    [entry] = [one for one in desk.history(desk.rows()[0].row_id) if "Registered in" in one.text]
    assert entry.who == "jo"


def test_a_refused_wish_comes_back_to_the_desk(computers: Computers, library: Library) -> None:
    registrar, desk = computers.open("registrar"), computers.open("desk", "desk")
    library.book()
    registrar.log_new_bookings()
    computers.a_second_later(desk)
    computers.ask(desk, Action.REGISTER_NOW, desk.rows()[0])
    computers.a_second_later(registrar, desk)
    [done] = [event for event in computers.told["desk"] if isinstance(event, ActionDone)]
    assert done.error == "It is registered already."


def test_a_desk_alone_says_so_within_a_minute(computers: Computers, library: Library) -> None:
    computers.open("first").close()
    desk = computers.open("desk", "desk")
    with pytest.raises(NoRegistrar) as caught:
        computers.attend_for(60, desk)
    # Who enters it in PassagePoint too makes a second visit: what waits goes out later.
    assert "press By hand… on the booking" in caught.value.hint
    computers.open("second")
    library.clock.advance(seconds=2)
    assert desk.attend()


def test_a_registrar_that_hangs_counts_as_none(computers: Computers, library: Library) -> None:
    registrar, desk = computers.open("registrar"), computers.open("desk", "desk")
    computers.a_second_later(registrar, desk)
    with computers.cache(library.folder) as cache:
        cache.database.execute("UPDATE registrar SET seen_at = seen_at - INTERVAL '31 seconds'")
    with pytest.raises(NoRegistrar):
        computers.attend_for(15, desk)


def test_what_only_the_registrar_may_is_refused_elsewhere(computers: Computers) -> None:
    computers.open("registrar")
    desk = computers.open("desk", "desk")
    with pytest.raises(CacheReadOnly):
        desk.clean_up()


def test_the_registrars_settings_hold_everywhere(computers: Computers) -> None:
    first = computers.open("first", Sync={"ahead_hours": 3})
    second = computers.open("second", Sync={"ahead_hours": 5})
    assert first.config.sync.ahead_hours == second.config.sync.ahead_hours == 3
    assert second.config.desk.role == "registrar"


def test_settings_edited_on_a_registrar_hold_everywhere(
    computers: Computers, library: Library
) -> None:
    first, desk = computers.open("first"), computers.open("desk", "desk")
    computers.open("second").close()
    computers.open("second", Sync={"ahead_hours": 5})
    library.clock.advance(seconds=3)
    for engine in (first, desk, first, desk):
        engine.attend()
    assert (first.config.sync.ahead_hours, desk.config.sync.ahead_hours) == (5, 5)


def test_the_last_copy_stands_while_the_server_is_away(
    computers: Computers, library: Library, cluster: Cluster
) -> None:
    registrar, desk = computers.open("registrar"), computers.open("desk", "desk")
    library.book()
    registrar.log_new_bookings()
    computers.a_second_later(registrar, desk)
    shown = desk.rows()
    cluster.stop()
    try:
        library.book()
        with pytest.raises(CacheAway, match="since 12:00"):
            computers.a_second_later(desk)
        assert desk.rows() == shown
        with pytest.raises(CacheAway):
            registrar.log_new_bookings()
        assert library.visits == 1
    finally:
        cluster.start()
    library.clock.advance(seconds=3)
    assert registrar.attend()
    assert registrar.log_new_bookings().counts.registered == 2
    assert desk.attend()
    computers.a_second_later(desk)
    assert len(desk.rows()) == 2


def test_a_wish_made_while_the_server_is_away_is_kept(
    computers: Computers, library: Library, cluster: Cluster
) -> None:
    registrar = computers.open("registrar", Sync={"register_automatically": False})
    desk = computers.open("desk", "desk")
    library.book()
    registrar.log_new_bookings()
    computers.a_second_later(registrar, desk)
    cluster.stop()
    try:
        computers.ask(desk, Action.REGISTER_NOW, desk.rows()[0])
    finally:
        cluster.start()
    for _ in range(5):
        library.clock.advance(seconds=2)
        for engine in (registrar, desk):
            with suppress(CacheAway):
                engine.attend()
    assert library.visits == 1


def test_it_starts_although_the_server_is_away(
    computers: Computers, library: Library, cluster: Cluster
) -> None:
    cluster.stop()
    try:
        desk = computers.open("desk", "desk")
        assert desk.rows() == []
    finally:
        cluster.start()
    computers.open("registrar")
    library.clock.advance(seconds=3)
    assert desk.attend()
