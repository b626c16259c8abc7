"""A shared database put back, or fallen back to an older copy, whoever registers then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

from core.domain.errors import CacheAway, OpenQuestion
from core.sharing.engine import SharedEngine
from tests.e2e.library import Library
from tests.postgres.cluster import Cluster, find_programs, running_cluster
from tests.postgres.computers import Computers
from tests.postgres.restoring import a_dump, a_lagging_copy
from tests.postgres.test_engine import Seconds

BOOKINGS = 4


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    """A server of its own, whose files can be put back."""
    programs = find_programs()
    if programs is None:
        pytest.fail("PostgreSQL isn't installed; .ci/system-packages tests does it")
    with running_cluster(programs) as cluster:
        yield cluster


@pytest.fixture
def computers(library: Library, url: str) -> Iterator[Computers]:
    with Computers(library, url) as computers:
        yield computers


@pytest.fixture
def fallible(library: Library, own_cluster: Cluster) -> Iterator[Computers]:
    """Computers whose server falls back to an older copy of itself."""
    with Computers(library, own_cluster.make_database()) as computers:
        yield computers


def come_back(computers: Computers, *engines: SharedEngine) -> None:
    """The server was away; everybody finds it again."""
    for engine in engines:
        with suppress(CacheAway):
            computers.a_second_later(engine)
    computers.attend_for(30, *engines)


def register_the_day(computers: Computers, engine: SharedEngine) -> None:
    computers.library.books(BOOKINGS)
    engine.log_new_bookings()
    assert computers.library.visits == BOOKINGS
    computers.library.clock.advance(minutes=1)


def check_asks(computers: Computers, engine: SharedEngine) -> None:
    assert engine.registers
    assert engine.question() is not None
    engine.log_new_bookings()
    assert computers.library.visits == BOOKINGS
    assert computers.library.services.duplicates() == []


def test_a_dump_put_back_under_the_one_that_registered_asks(
    computers: Computers, cluster: Cluster
) -> None:
    first = computers.open("first")
    restore = a_dump(cluster, computers)
    register_the_day(computers, first)
    first.close()
    restore()
    check_asks(computers, computers.open("first"))


def test_a_dump_put_back_and_a_computer_that_never_registered_leads(
    computers: Computers, cluster: Cluster
) -> None:
    first = computers.open("first")
    computers.library.book(status="Tentative")  # seen, and never sent
    first.log_new_bookings()
    restore = a_dump(cluster, computers)
    register_the_day(computers, first)
    first.close()
    restore()
    check_asks(computers, computers.open("another"))


def test_a_dump_put_back_and_the_one_that_led_yesterday_leads(
    computers: Computers, cluster: Cluster
) -> None:
    """What it noted yesterday is what the dump has; that it is a dump is what tells."""
    yesterday = computers.open("yesterday")
    yesterday.log_new_bookings()
    yesterday.close()
    restore = a_dump(cluster, computers)
    first = computers.open("first")
    assert first.question() is None
    register_the_day(computers, first)
    first.close()
    restore()
    check_asks(computers, computers.open("yesterday"))


def test_what_two_asked_about_is_answered_once(computers: Computers, cluster: Cluster) -> None:
    first, second = computers.open("first"), computers.open("second")
    restore = a_dump(cluster, computers)
    register_the_day(computers, first)
    first.close()
    second.close()
    restore()
    first, second = computers.open("first"), computers.open("second")
    computers.attend_for(2, first, second)
    first.answer_question("all")
    first.log_new_bookings()
    computers.attend_for(2, second)
    first.close()
    computers.attend_for(3, second)
    assert second.registers
    assert second.question() is None
    second.log_new_bookings()
    assert computers.library.visits == BOOKINGS


def test_a_server_that_falls_back_under_a_running_registrar_asks(
    fallible: Computers, own_cluster: Cluster
) -> None:
    first = fallible.open("first")
    fallible.library.book()
    first.log_new_bookings()
    fall_back = a_lagging_copy(own_cluster)
    come_back(fallible, first)
    fallible.library.books(BOOKINGS - 1)
    first.log_new_bookings()
    assert fallible.library.visits == BOOKINGS
    fall_back()
    with pytest.raises(OpenQuestion):
        first.run_at_intervals(10, Seconds(fallible.library.clock, 20))
    check_asks(fallible, first)


def test_a_server_that_falls_back_is_noticed_by_the_one_that_looked_on(
    fallible: Computers, own_cluster: Cluster
) -> None:
    first, second = fallible.open("first"), fallible.open("second")
    fall_back = a_lagging_copy(own_cluster)
    come_back(fallible, first, second)
    register_the_day(fallible, first)
    fallible.attend_for(2, first, second)
    first.close()
    fall_back()
    come_back(fallible, second)
    check_asks(fallible, second)


def test_a_registrar_that_knows_more_asks_while_another_one_registers(
    fallible: Computers, own_cluster: Cluster
) -> None:
    """The one that leads after the fall knows nothing of the last seconds; the other one does."""
    late = fallible.open("late")
    late.close()
    fall_back = a_lagging_copy(own_cluster)
    first = fallible.open("first")
    register_the_day(fallible, first)
    first.close()
    fall_back()
    late = fallible.open("late")
    assert late.registers
    assert late.question() is None
    first = fallible.open("first")
    fallible.attend_for(2, first)
    assert not first.registers
    late.log_new_bookings()
    assert late.question() is not None
    assert fallible.library.visits == BOOKINGS


def test_a_first_lead_without_a_note_asks_and_a_look_beside_a_registrar_is_enough(
    computers: Computers,
) -> None:
    first = computers.open("first")
    register_the_day(computers, first)
    beside = computers.open("beside")
    computers.attend_for(2, first, beside)
    first.close()
    computers.attend_for(3, beside)
    assert beside.registers
    assert beside.question() is None
    beside.close()
    check_asks(computers, computers.open("alone"))


def test_a_desk_has_no_note(computers: Computers) -> None:
    first, desk = computers.open("first"), computers.open("desk", "desk")
    register_the_day(computers, first)
    computers.attend_for(2, first, desk)
    assert list((computers.library.folder / "desk").glob("*.note")) == []


def test_a_server_that_keeps_its_number_to_itself_is_known_by_its_tables(
    fallible: Computers, own_cluster: Cluster
) -> None:
    """As a database that is somebody else's service may."""
    name = urlsplit(fallible.url).path.strip("/")
    with own_cluster.session(name) as session:
        session.execute("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC")
        session.execute("CREATE ROLE guest LOGIN")
        session.execute("GRANT ALL ON SCHEMA public TO guest")
    first = fallible.open("first", user="guest")
    register_the_day(fallible, first)
    first.close()
    again = fallible.open("first", user="guest")
    assert again.question() is None
    again.close()
    with fallible.cache(fallible.library.folder, user="guest") as cache:
        assert len(cache.place().split()) == 2
