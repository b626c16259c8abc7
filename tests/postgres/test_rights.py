"""The SQL of the README, word for word: with it a desk can do all it needs, and no more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from core.cache.base import Cache
from core.domain.errors import CacheReadOnly
from core.domain.models import ActionDone, Decision, HistoryEntry
from core.domain.status import Action, Group
from core.sharing.engine import SharedEngine
from tests.builders import NOON, a_booking, a_send
from tests.e2e.library import Library
from tests.postgres.cluster import Cluster, find_programs, running_cluster
from tests.postgres.computers import Computers

README = Path(__file__).parents[2] / "README.md"
ADMIN, REGISTRAR, DESK = "app", "libcal2pp", "libcal2pp_desk"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A server of its own: roles belong to a whole server."""
    programs = find_programs()
    if programs is None:
        pytest.fail("PostgreSQL isn't installed; .ci/system-packages tests does it")
    with running_cluster(programs) as cluster:
        yield cluster


def run(cluster: Cluster, database: str, block: str) -> None:
    """As psql does it: one statement after the other, and a body in dollars is one."""
    text = re.sub(r"--.*", "", block)
    with cluster.session(database) as session:
        for statement in re.findall(r"(?:\$\$.*?\$\$|[^;])+", text, re.S):
            if statement.strip():
                session.execute(statement.encode())


def blocks() -> list[str]:
    """What the README has the administrator do: once, and after each update."""
    return re.findall(r"```sql\n(.*?)```", README.read_text(encoding="utf-8"), re.S)


@pytest.fixture
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library(tmp_path_factory.mktemp("library")) as library:
        yield library


@pytest.fixture
def computers(cluster: Cluster, library: Library) -> Iterator[Computers]:
    before, after = blocks()
    run(cluster, "postgres", before)
    try:
        with Computers(library, cluster.url("libcal2pp", user=ADMIN)) as computers:
            computers.open("first", user=REGISTRAR, Sync={"register_automatically": False})
            run(cluster, "libcal2pp", after)
            yield computers
    finally:
        clean_up = "DROP DATABASE libcal2pp WITH (FORCE); DROP ROLE libcal2pp, libcal2pp_desk"
        run(cluster, "postgres", clean_up)


@pytest.fixture
def desk(computers: Computers) -> SharedEngine:
    """Beside a registrar that has one booking, not registered yet."""
    computers.library.book()
    computers.engines["first"].log_new_bookings()
    desk = computers.open("desk", "desk", user=DESK)
    computers.a_second_later(desk)
    return desk


def test_a_desk_shows_asks_and_is_answered(computers: Computers, desk: SharedEngine) -> None:
    [row] = desk.rows()
    assert row.group is Group.WAITING
    computers.ask(desk, Action.REGISTER_NOW, row)
    computers.a_second_later(computers.engines["first"], desk)
    assert [one.group for one in desk.rows()] == [Group.REGISTERED]
    assert desk.history(row.row_id)[-1].who == "jo"
    desk.mark_seen([row.row_id])
    assert desk.held_about(row.primary_id or "")


def test_a_desk_takes_back_what_it_asked_for_and_takes_a_booking_over(
    computers: Computers, desk: SharedEngine
) -> None:
    registrar = computers.engines["first"]
    computers.ask(desk, Action.REGISTER_NOW, desk.rows()[0])
    computers.ask(desk, Action.WITHDRAW, desk.rows()[0])
    computers.a_second_later(registrar, desk)
    told = [one for one in computers.told["desk"] if isinstance(one, ActionDone)]
    assert [one.error for one in told] == [None, None]
    assert computers.library.visits == 0
    computers.ask(desk, Action.IN_HAND, desk.rows()[0])
    computers.a_second_later(registrar, desk)
    assert desk.rows()[0].action is Action.BY_HAND


FORBIDDEN: dict[str, Callable[[Cache], object]] = {
    "a line in the log": lambda cache: cache.log.add(HistoryEntry(NOON, "never happened")),
    "another log": lambda cache: cache.database.execute("UPDATE log SET who = 'somebody else'"),
    "no log": lambda cache: cache.database.execute("DELETE FROM log"),
    "other settings": lambda cache: cache.meta.set("shared_settings", "{}"),
    "a booking": lambda cache: cache.bookings.add(a_booking(), first_seen_at=NOON),
    "a visit": lambda cache: cache.ledger.record(a_send(None)),
    "a decision": lambda cache: cache.decisions.add(
        Decision("d", "r", Action.LEAVE, NOON, "jo", "desk")
    ),
    "forgiveness": lambda cache: cache.services.forgive(),
    "marks of secrets": lambda cache: cache.services.refusals(),
    "a locked booking": lambda cache: cache.database.all(dict, "SELECT 1 FROM bookings FOR UPDATE"),
    "a booking held": lambda cache: cache.database.all(
        dict, "SELECT 1 FROM bookings FOR KEY SHARE"
    ),
    "a locked request": lambda cache: cache.database.all(dict, "SELECT 1 FROM requests FOR SHARE"),
    "a locked table": lambda cache: cache.database.execute(
        "DO 'BEGIN LOCK TABLE bookings IN ROW EXCLUSIVE MODE; END'"
    ),
    "something ticked off by another": lambda cache: cache.database.execute(
        "INSERT INTO ticked_off (row_id, asked_by) VALUES ('r', 'somebody')"
    ),
    "all ticked off": lambda cache: cache.database.execute("DELETE FROM ticked_off"),
    "something taken back in another's name": lambda cache: cache.database.execute(
        "INSERT INTO withdrawals (request_id, who, at, computer, asked_by)"
        " VALUES ('q', 'x', '', 'x', 'somebody')"
    ),
    "what another took back": lambda cache: cache.database.execute("DELETE FROM withdrawals"),
    "another's request": lambda cache: cache.database.execute("UPDATE requests SET who = 'x'"),
    "an outcome": lambda cache: cache.requests.done("q", NOON),
    "the registrar's place": lambda cache: cache.claim_writer("jo", "desk"),
    "a table": lambda cache: cache.database.execute("CREATE TABLE notes (text TEXT)"),
    "a wiped table": lambda cache: cache.database.execute("TRUNCATE log"),
}


def test_a_desk_can_do_no_more(computers: Computers, desk: SharedEngine) -> None:
    computers.engines["first"].close()
    with computers.cache(computers.library.folder, user=DESK) as cache:
        allowed = []
        for what, act in FORBIDDEN.items():
            try:
                act(cache)
            except CacheReadOnly:
                continue
            allowed.append(what)
    assert allowed == []


def test_nobody_but_a_registrar_can_take_the_lock_that_makes_one(
    cluster: Cluster, computers: Computers
) -> None:
    with cluster.session("libcal2pp") as admin:
        functions = admin.execute(
            "SELECT proname, pronargs FROM pg_proc WHERE proname ~ 'advisory' AND pronargs > 0"
        ).fetchall()
    assert len(functions) > 15
    with psycopg.connect(cluster.url("libcal2pp", user=DESK), autocommit=True) as session:
        for name, count in functions:
            call = f"SELECT {name}({', '.join(['1279414352'] * count)})"
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(call.encode())


def test_the_statements_can_be_repeated_after_an_update(
    cluster: Cluster, computers: Computers, desk: SharedEngine
) -> None:
    run(cluster, "libcal2pp", blocks()[1])
    test_a_desk_shows_asks_and_is_answered(computers, desk)
    test_a_desk_can_do_no_more(computers, desk)


def test_an_older_versions_rights_give_no_more_after_the_update(
    cluster: Cluster, computers: Computers, desk: SharedEngine
) -> None:
    """What a version before this one had granted: a desk could lock bookings by it."""
    run(cluster, "libcal2pp", "GRANT UPDATE (status) ON bookings TO libcal2pp_desk")
    run(cluster, "libcal2pp", blocks()[1])
    test_a_desk_can_do_no_more(computers, desk)


def test_whoever_isnt_named_is_not_let_in(cluster: Cluster, computers: Computers) -> None:
    run(cluster, "postgres", "CREATE ROLE stranger LOGIN")
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(cluster.url("libcal2pp", user="stranger"))
    run(cluster, "postgres", "DROP ROLE stranger")


def test_the_registrars_role_needs_no_more_than_its_database(computers: Computers) -> None:
    first = computers.engines["first"]
    computers.library.book()
    first.log_new_bookings()
    computers.library.clock.advance(days=100)
    first.clean_up()  # which rewrites the tables
    assert first.registers


def test_who_asked_is_what_the_server_knows_whatever_a_desk_says(
    cluster: Cluster, desk: SharedEngine
) -> None:
    [row] = desk.rows()
    with psycopg.connect(cluster.url("libcal2pp", user=DESK), autocommit=True) as session:
        ask = (
            "INSERT INTO requests (request_id, action, row_id, who, at, computer, detail{})"
            " VALUES ('q1', 'register_now', %s, 'the director', '2026-11-23T17:00:00.000000Z',"
            " 'somewhere else', '{{}}'{})"
        )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(ask.format(", asked_by", ", 'nobody'").encode(), [row.row_id])
        session.execute(ask.format("", "").encode(), [row.row_id])
        asked_by = session.execute("SELECT asked_by FROM requests WHERE request_id = 'q1'")
        assert asked_by.fetchone() == (f"{DESK} at the server itself",)
