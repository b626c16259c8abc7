"""What goes wrong between a computer and the shared database, and how it comes back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.cache.postgres.schema import MIGRATIONS
from core.domain.errors import (
    AppError,
    CacheAway,
    CacheError,
    CacheNewer,
    CacheOlder,
    CacheReadOnly,
    CredentialsRefused,
)
from core.domain.models import ActionDone, RowsChanged
from core.domain.status import Action, Group
from core.sharing.engine import SharedEngine
from tests.e2e.library import Library
from tests.postgres.cluster import Cluster
from tests.postgres.computers import Computers


@pytest.fixture
def computers(library: Library, url: str) -> Iterator[Computers]:
    with Computers(library, url) as computers:
        yield computers


def set_version(computers: Computers, version: int) -> None:
    """As if a program of another version had brought the tables up to date."""
    with computers.cache(computers.library.folder) as cache:
        cache.meta.set("schema_version", str(version))


def registered_day(computers: Computers) -> SharedEngine:
    registrar = computers.open("registrar")
    computers.library.book()
    registrar.log_new_bookings()
    return registrar


@pytest.mark.parametrize(
    ("version", "error"), [(len(MIGRATIONS) + 1, CacheNewer), (len(MIGRATIONS) - 1, CacheOlder)]
)
def test_another_versions_tables_are_shown_and_left_alone(
    computers: Computers,
    library: Library,
    version: int,
    error: type[AppError],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    registrar = registered_day(computers)
    library.book(answer="")
    registrar.log_new_bookings()
    registrar.close()
    if error is CacheOlder:  # there is no version before the first one yet
        monkeypatch.setattr("core.cache.postgres.opening.MIGRATIONS", (*MIGRATIONS, ()))
    else:
        set_version(computers, version)
    late = computers.open("late")
    assert {row.group for row in late.rows()} == {Group.REGISTERED, Group.NEEDS_PERSON}
    assert {row.action for row in late.rows()} == {None}
    assert not late.registers
    with pytest.raises(error):
        late.log_new_bookings()
    assert library.visits == 1


def test_a_wish_beside_another_version_is_refused_at_once(computers: Computers) -> None:
    registered_day(computers).close()
    set_version(computers, len(MIGRATIONS) + 1)
    desk = computers.open("desk", "desk")
    computers.ask(desk, Action.REGISTER_NOW, desk.rows()[0])
    [done] = [event for event in computers.told["desk"] if isinstance(event, ActionDone)]
    assert "newer version" in (done.error or "")


def test_a_computer_notices_that_the_tables_were_brought_up_to_date(
    computers: Computers, library: Library
) -> None:
    registrar = registered_day(computers)
    set_version(computers, len(MIGRATIONS) + 1)
    with pytest.raises(CacheNewer):
        computers.attend_for(3, registrar)
    assert not registrar.registers
    with computers.cache_of_any_version() as cache:
        cache.database.execute("SET default_transaction_read_only = off")
        cache.meta.set("schema_version", str(len(MIGRATIONS)))
    computers.attend_for(3, registrar)
    assert registrar.registers


def test_tables_that_cannot_be_read_at_all_are_told_too(
    computers: Computers, library: Library
) -> None:
    registered_day(computers).close()
    set_version(computers, len(MIGRATIONS) + 1)
    with computers.cache_of_any_version() as cache:
        cache.database.execute("SET default_transaction_read_only = off")
        cache.database.execute("ALTER TABLE bookings RENAME COLUMN email TO mail")
    desk = computers.open("desk", "desk")
    assert desk.rows() == []
    with pytest.raises(CacheNewer):
        desk.log_new_bookings()


def test_a_refused_password_is_not_tried_again_by_itself(
    computers: Computers, library: Library
) -> None:
    computers.open("registrar")
    desk = computers.open("desk", "desk")
    tries: list[str] = []

    def refuse() -> AppError:
        tries.append("refused")
        return CredentialsRefused("Cache", "The shared database refused the password.")

    computers.lose("desk", refuse)
    with pytest.raises(CredentialsRefused):
        computers.attend_for(60, desk)
    computers.attend_for(60, desk)
    assert len(tries) == 1
    with pytest.raises(CredentialsRefused):
        desk.forgive()
    assert len(tries) == 2
    computers.refusing.clear()
    desk.forgive()
    desk.log_new_bookings()


def test_an_unusable_database_is_tried_again_seldom(computers: Computers) -> None:
    desk = computers.open("desk", "desk")
    tries: list[str] = []

    def refuse() -> AppError:
        tries.append("refused")
        return CacheError("The server has no such database.")

    computers.lose("desk", refuse)
    with pytest.raises(CacheError, match="no such database"):
        computers.attend_for(29, desk)
    computers.attend_for(60, desk)
    assert 2 <= len(tries) <= 4


def test_a_computer_without_the_right_to_register_keeps_nobody_from_it(
    computers: Computers, cluster: Cluster
) -> None:
    name = computers.url.split("/")[3].partition("?")[0]
    with cluster.session(name) as session:
        session.execute("CREATE ROLE onlooker LOGIN")
        session.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO onlooker")
    try:
        with pytest.raises(CacheReadOnly, match="may not"):
            computers.open("wrong", user="onlooker")
        with pytest.raises(CacheAway):  # nothing was left open
            computers.caches["wrong"].meta.get("anything")
        assert computers.open("right").registers
    finally:
        with cluster.session(name) as session:
            session.execute("DROP OWNED BY onlooker")
            session.execute("DROP ROLE onlooker")


def test_it_says_so_where_there_is_no_list_yet(computers: Computers, cluster: Cluster) -> None:
    cluster.stop()
    try:
        desk = computers.open("desk", "desk")
        with pytest.raises(CacheAway, match="no list to show yet"):
            desk.log_new_bookings()
    finally:
        cluster.start()


def test_settings_edited_in_the_middle_of_a_pass_end_it(
    computers: Computers, library: Library
) -> None:
    registrar = computers.open("registrar")
    computers.open("second").close()
    library.books(3)

    def edit(event: object) -> None:
        if library.visits == 1 and not edited:
            edited.append(computers.open("second", Sync={"ahead_hours": 5}))
            library.clock.advance(seconds=2)

    edited: list[SharedEngine] = []
    computers.listeners["registrar"] = edit
    assert registrar.log_new_bookings().stopped
    computers.attend_for(2, registrar)
    assert registrar.config.sync.ahead_hours == 5


def test_the_next_registrar_leaves_alma_a_second(computers: Computers, library: Library) -> None:
    first = registered_day(computers)
    second = computers.open("second")
    first.close()
    library.clock.advance(seconds=2)
    library.clock.slept.clear()
    second.attend()
    assert second.registers
    assert library.clock.slept == [1.0]


def test_refused_credentials_are_known_to_all_at_once(
    computers: Computers, library: Library
) -> None:
    library.services.faults.add("login", "401")
    registrar, desk = computers.open("registrar"), computers.open("desk", "desk")
    library.books(3)
    seen: list[bool] = []

    def look(event: object) -> None:
        """In the middle of the pass."""
        if isinstance(event, RowsChanged):
            computers.a_second_later(desk)
            seen.append(desk.statuses()["PassagePoint"].needs_credentials)

    computers.listeners["registrar"] = look
    registrar.log_new_bookings()
    assert seen[-1]
    registrar.close()
    after = computers.open("after")
    library.clock.advance(seconds=2)
    logins = library.calls("login")
    after.log_new_bookings()
    assert after.registers
    assert library.calls("login") == logins
