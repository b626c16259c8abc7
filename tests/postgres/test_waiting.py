"""What a desk asked for while no computer registers: shown, taken back, or done by hand, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from core.domain.errors import AppError, CacheAway
from core.domain.models import ActionDone, BookingRow, DeskRequest
from core.domain.status import Action, Group, PassState, SendState
from core.sharing.engine import SharedEngine
from tests.builders import a_send
from tests.e2e.library import Library
from tests.postgres.cluster import Cluster
from tests.postgres.computers import Computers


@pytest.fixture
def computers(library: Library, url: str) -> Iterator[Computers]:
    with Computers(library, url) as computers:
        yield computers


def a_desk(computers: Computers, *, automatic: bool) -> SharedEngine:
    """With one booking that waits; the only registrar has gone home."""
    sync = {"register_automatically": automatic}
    registrar = computers.open("first", Sync=sync)
    computers.library.book(start=timedelta(hours=5))
    computers.library.services.faults.add("createPreReg", "429")
    registrar.log_new_bookings()
    computers.library.services.faults.clear()
    registrar.close()
    desk = computers.open("desk", "desk")
    with suppress(AppError):
        computers.a_second_later(desk)
    return desk


@pytest.fixture
def desk(computers: Computers) -> SharedEngine:
    """What waits is registered by itself, too."""
    return a_desk(computers, automatic=True)


@pytest.fixture
def quiet_desk(computers: Computers) -> SharedEngine:
    """Of a library that registers only what is asked for."""
    return a_desk(computers, automatic=False)


def press(computers: Computers, desk: SharedEngine, action: Action) -> ActionDone | None:
    """A button of the only booking, and what is said of it within two seconds."""
    asked = computers.ask(desk, action, desk.rows()[0])
    for _ in range(2):
        with suppress(AppError):
            computers.a_second_later(desk)
    told = [one for one in computers.told["desk"] if isinstance(one, ActionDone)]
    return next((one for one in reversed(told) if one.request_id == asked), None)


def again(computers: Computers) -> SharedEngine:
    """The first one comes back, which knows its ledger and has nothing to ask."""
    automatic = computers.engines["first"].config.sync.register_automatically
    sync = {"register_automatically": automatic}
    computers.engines["again"] = computers.open("first", Sync=sync)
    return computers.engines["again"]


def registrar_comes(computers: Computers) -> SharedEngine:
    """Another one, which does all that waits and a pass, and the desk sees it."""
    registrar = computers.engines.get("again") or again(computers)
    computers.library.clock.advance(minutes=20)
    for _ in range(3):
        with suppress(AppError):
            registrar.attend()
        registrar.log_new_bookings()
        with suppress(AppError):
            computers.a_second_later(computers.engines["desk"])
    return registrar


def actions(row: BookingRow) -> tuple[Action, ...]:
    return (*((row.action,) if row.action else ()), *row.offers)


def test_what_waits_for_a_registrar_says_so_and_since_when(
    computers: Computers, desk: SharedEngine
) -> None:
    told = press(computers, desk, Action.REGISTER_NOW)
    assert told is not None
    assert (told.queued, told.error) == (True, None)
    [row] = desk.rows()
    assert row.reason == "Waits for a computer that registers, since 12:00: Register now."
    assert row.label == "Waits since 12:00"
    assert actions(row) == (Action.WITHDRAW, Action.BY_HAND)
    registrar_comes(computers)
    assert [one.group for one in desk.rows()] == [Group.REGISTERED]
    assert computers.library.visits == 1


def test_it_waits_visibly_after_the_desk_was_started_again(
    computers: Computers, desk: SharedEngine
) -> None:
    press(computers, desk, Action.REGISTER_NOW)
    desk.close()
    again = computers.open("desk", "desk")
    with suppress(AppError):
        computers.a_second_later(again)
    assert again.rows()[0].offers[0] is Action.WITHDRAW


@pytest.mark.parametrize("automatic", [False, True])
def test_what_is_withdrawn_is_not_done(computers: Computers, *, automatic: bool) -> None:
    desk = a_desk(computers, automatic=automatic)
    press(computers, desk, Action.REGISTER_NOW)
    told = press(computers, desk, Action.WITHDRAW)
    assert told is not None
    assert told.error is None
    assert "press By hand" in told.text  # for by itself it may still be registered
    assert desk.rows()[0].action is Action.REGISTER_NOW
    registrar_comes(computers)
    assert computers.library.visits == int(automatic)


def test_what_is_entered_by_hand_is_not_sent_as_well(
    computers: Computers, desk: SharedEngine
) -> None:
    press(computers, desk, Action.REGISTER_NOW)
    told = press(computers, desk, Action.IN_HAND)
    assert told is not None
    assert (told.text, told.error) == (
        "Nothing is sent for it until you say what became of it.",
        None,
    )
    [row] = desk.rows()
    assert str(row.reason).startswith("jo enters it in PassagePoint by hand, since 12:00")
    assert actions(row) == (Action.BY_HAND, Action.NOT_BY_HAND)
    registrar_comes(computers)
    assert computers.library.visits == 0
    [row] = desk.rows()
    assert actions(row) == (Action.BY_HAND, Action.NOT_BY_HAND)
    press(computers, desk, Action.BY_HAND)
    registrar_comes(computers)
    assert [one.passagepoint for one in desk.rows()] == [PassState.BY_HAND]
    assert computers.library.visits == 0


def test_all_of_it_may_be_said_before_a_registrar_comes(
    computers: Computers, desk: SharedEngine
) -> None:
    press(computers, desk, Action.REGISTER_NOW)
    press(computers, desk, Action.IN_HAND)
    press(computers, desk, Action.BY_HAND)
    [row] = desk.rows()
    assert "By hand" in str(row.reason)
    assert row.next_step == "Nothing is sent for it."
    assert (row.passagepoint, row.label) == (PassState.BY_HAND, "By hand 12:00")
    assert actions(row) == (Action.WITHDRAW,)
    registrar_comes(computers)
    assert [one.passagepoint for one in desk.rows()] == [PassState.BY_HAND]
    assert computers.library.visits == 0


def test_the_word_that_it_was_entered_is_taken_back_alone(
    computers: Computers, desk: SharedEngine
) -> None:
    for action in (Action.REGISTER_NOW, Action.IN_HAND, Action.BY_HAND, Action.WITHDRAW):
        press(computers, desk, action)
    assert actions(desk.rows()[0]) == (Action.BY_HAND, Action.NOT_BY_HAND)
    registrar_comes(computers)
    assert computers.library.visits == 0
    press(computers, desk, Action.NOT_BY_HAND)
    registrar_comes(computers)
    assert computers.library.visits == 1


def test_what_came_of_it_is_told_although_it_was_said_to_wait(
    computers: Computers, quiet_desk: SharedEngine
) -> None:
    waits = press(computers, quiet_desk, Action.REGISTER_NOW)
    assert waits is not None
    registrar_comes(computers)
    told = [one for one in computers.told["desk"] if isinstance(one, ActionDone)]
    said = [one.queued for one in told if one.request_id == waits.request_id]
    assert said == [True, False]


def test_a_file_holds_its_booking_before_a_registrar_has_read_it(
    computers: Computers, desk: SharedEngine
) -> None:
    press(computers, desk, Action.REGISTER_NOW)
    told = press(computers, desk, Action.IN_FILE)
    assert told is not None
    assert (told.queued, told.error) == (False, None)  # now the file may be written
    assert actions(desk.rows()[0]) == (Action.BY_FILE, Action.NOT_UPLOADED)
    registrar_comes(computers)
    assert computers.library.visits == 0


def test_two_desks_dont_enter_the_same_visit(computers: Computers, desk: SharedEngine) -> None:
    press(computers, desk, Action.IN_HAND)
    told = press(computers, desk, Action.IN_HAND)
    assert told is not None
    assert str(told.error).startswith("jo enters it in PassagePoint by hand")
    registrar_comes(computers)
    assert computers.library.visits == 0


def test_who_was_refused_lets_go_of_nothing(computers: Computers, desk: SharedEngine) -> None:
    press(computers, desk, Action.IN_HAND)
    told = press(computers, desk, Action.IN_HAND)
    assert told is not None
    computers.ask(desk, Action.NOT_BY_HAND, desk.rows()[0], decision_id=told.request_id)
    with suppress(AppError):
        computers.a_second_later(desk)
    assert actions(desk.rows()[0]) == (Action.BY_HAND, Action.NOT_BY_HAND)
    registrar_comes(computers)
    assert computers.library.visits == 0


# A registrar that comes at the same moment: whoever commits first, it is done once


def after_storing(
    computers: Computers, then: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """``then`` happens once the desk's next request is committed, and before it looks again."""
    store = computers.caches["desk"].requests
    looked = store.waiting

    def look(row_ids: list[str]) -> object:
        monkeypatch.setattr(store, "waiting", looked)
        then()
        return looked(row_ids)

    monkeypatch.setattr(store, "waiting", look)


def between_intent_and_look(
    computers: Computers, then: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """``then`` happens once the registrar's next intent is committed."""
    store = computers.caches["first"].requests
    looked = store.lets_send

    def look(row_id: str, *, by_itself: bool) -> bool:
        monkeypatch.setattr(store, "lets_send", looked)
        then()
        return looked(row_id, by_itself=by_itself)

    monkeypatch.setattr(store, "lets_send", look)


def test_a_registrar_that_comes_after_a_desk_took_it_over_sends_nothing(
    computers: Computers, desk: SharedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    registrar = again(computers)
    after_storing(computers, lambda: registrar.log_new_bookings(), monkeypatch)
    told = press(computers, desk, Action.IN_HAND)
    assert computers.library.visits == 0
    assert told is not None
    # It is in force by now, so to the desk's own look somebody enters it already: this very desk.
    computers.a_second_later(registrar, desk)
    assert actions(desk.rows()[0]) == (Action.BY_HAND, Action.NOT_BY_HAND)


@pytest.mark.parametrize("action", [Action.IN_HAND, Action.WITHDRAW])
def test_a_desk_that_comes_after_the_intent_is_told_that_it_is_too_late(
    computers: Computers,
    quiet_desk: SharedEngine,
    monkeypatch: pytest.MonkeyPatch,
    action: Action,
) -> None:
    registrar = again(computers)
    told: list[ActionDone | None] = []
    between_intent_and_look(
        computers, lambda: told.append(press(computers, quiet_desk, action)), monkeypatch
    )
    asked = computers.ask(quiet_desk, Action.REGISTER_NOW, quiet_desk.rows()[0])
    for _ in range(3):
        computers.a_second_later(registrar, quiet_desk)
    [done] = told
    assert done is not None
    assert done.error == "Too late: it is being registered now."
    # The registrar looked after the withdrawal, so it took its intent back all the same.
    assert computers.library.visits == (1 if action is Action.IN_HAND else 0)
    last = [one for one in computers.told["desk"] if isinstance(one, ActionDone)][-1]
    assert last.request_id in (asked, done.request_id)


@pytest.mark.parametrize("action", [Action.IN_HAND, Action.WITHDRAW])
def test_a_registrar_sees_what_was_committed_before_its_look(
    computers: Computers,
    quiet_desk: SharedEngine,
    monkeypatch: pytest.MonkeyPatch,
    action: Action,
) -> None:
    """Both see each other: neither goes on, and the row says what is to do."""
    registrar = again(computers)
    [row] = quiet_desk.rows()
    now = computers.library.clock.now()
    with computers.cache(computers.library.folder) as beside:

        def commit() -> None:
            request = DeskRequest("q9", action, row.row_id, "jo", now, "desk")
            if action is Action.IN_HAND:
                beside.requests.store(request)
            else:
                ids = [one.request_id for one in beside.requests.waiting([row.row_id])]
                beside.requests.withdraw(ids, request)

        between_intent_and_look(computers, commit, monkeypatch)
        computers.ask(quiet_desk, Action.REGISTER_NOW, row)
        for _ in range(3):
            computers.a_second_later(registrar, quiet_desk)
    assert computers.library.visits == 0
    assert quiet_desk.rows()[0].passagepoint.is_missing


def test_what_goes_out_by_itself_stops_for_a_desk_that_took_it_over(
    computers: Computers, desk: SharedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    registrar = again(computers)
    [row] = desk.rows()
    now = computers.library.clock.now()
    with computers.cache(computers.library.folder) as beside:
        request = DeskRequest("q9", Action.IN_HAND, row.row_id, "jo", now, "desk")
        between_intent_and_look(computers, lambda: beside.requests.store(request), monkeypatch)
        computers.library.clock.advance(minutes=20)
        registrar.attend()
        registrar.log_new_bookings()
    registrar_comes(computers)
    assert computers.library.visits == 0
    assert actions(desk.rows()[0]) == (Action.BY_HAND, Action.NOT_BY_HAND)


def test_a_registrar_that_died_with_its_intent_leaves_it_unclear(
    computers: Computers, desk: SharedEngine
) -> None:
    press(computers, desk, Action.REGISTER_NOW)
    [row] = desk.rows()
    with computers.cache(computers.library.folder) as dying:
        left = a_send(row.row_id, appt_id=row.book_id, state=SendState.INTENT, owner="dead")
        dying.ledger.intend(replace(left, prereg_id=None, settled_at=None))
    told = press(computers, desk, Action.WITHDRAW)
    assert told is not None
    assert told.error == "Too late: it is being registered now."
    registrar_comes(computers)
    assert [one.passagepoint for one in desk.rows()] == [PassState.UNCLEAR]
    assert computers.library.visits == 0


# Who may take back what


def forge(cluster: Cluster, url: str, statement: str, *values: object) -> None:
    with cluster.session(urlsplit(url).path.strip("/")) as session:
        session.execute(statement.encode(), list(values))


ANOTHER = "libcal2pp_desk at 10.0.0.66"
TAKE_BACK = (
    "INSERT INTO withdrawals (request_id, who, at, computer, asked_by)"
    " SELECT request_id, 'x', '2026-11-23T17:00:00.000000Z', 'x', %s FROM requests"
)
ASK = (
    "INSERT INTO requests (request_id, action, row_id, who, at, computer, detail, asked_by)"
    " VALUES ('f1', 'register_now', %s, 'x', '2026-11-23T17:00:00.000000Z', 'x', '{}', %s)"
)


def test_another_desk_takes_back_nothing_of_ours_nor_keeps_us_from_it(
    cluster: Cluster, computers: Computers, quiet_desk: SharedEngine, url: str
) -> None:
    press(computers, quiet_desk, Action.REGISTER_NOW)
    forge(cluster, url, TAKE_BACK, ANOTHER)
    with suppress(AppError):
        computers.a_second_later(quiet_desk)
    assert quiet_desk.rows()[0].offers[0] is Action.WITHDRAW
    told = press(computers, quiet_desk, Action.WITHDRAW)
    assert told is not None
    assert told.error is None
    registrar_comes(computers)
    assert computers.library.visits == 0


def test_what_another_desk_asked_for_as_well_stands(
    cluster: Cluster, computers: Computers, quiet_desk: SharedEngine, url: str
) -> None:
    forge(cluster, url, ASK, quiet_desk.rows()[0].row_id, ANOTHER)
    with suppress(AppError):
        computers.a_second_later(quiet_desk)
    assert Action.WITHDRAW not in actions(quiet_desk.rows()[0])
    for _ in range(2):
        computers.ask(quiet_desk, Action.REGISTER_NOW, quiet_desk.rows()[0])
    press(computers, quiet_desk, Action.WITHDRAW)
    assert Action.WITHDRAW not in actions(quiet_desk.rows()[0])
    assert "Waits for a computer" in str(quiet_desk.rows()[0].reason)
    registrar_comes(computers)
    assert computers.library.visits == 1


@pytest.mark.parametrize("at", ["yesterday", "2026-11-23T12:00:00", "9999-12-31T23:59:59.999999Z"])
def test_a_forged_request_hides_no_row_and_stops_no_desk(
    cluster: Cluster, computers: Computers, desk: SharedEngine, url: str, at: str
) -> None:
    forged = ASK.replace("2026-11-23T17:00:00.000000Z", at).replace("'x', '2", "repeat('x', 9), '2")
    forge(cluster, url, forged, desk.rows()[0].row_id, ANOTHER)
    press(computers, desk, Action.REGISTER_NOW)
    assert desk.rows()[0].offers[0] is Action.WITHDRAW


# The connection is lost


def test_what_never_reached_the_database_can_be_withdrawn_too(
    cluster: Cluster, computers: Computers, quiet_desk: SharedEngine
) -> None:
    cluster.stop()
    with suppress(AppError):
        computers.a_second_later(quiet_desk)
    try:
        told = press(computers, quiet_desk, Action.REGISTER_NOW)
        assert told is not None
        assert told.queued
        assert quiet_desk.rows()[0].offers[0] is Action.WITHDRAW
        told = press(computers, quiet_desk, Action.WITHDRAW)
        assert told is not None
        assert (told.queued, told.error) == (False, None)
        assert quiet_desk.rows()[0].action is Action.REGISTER_NOW
    finally:
        cluster.start()
    registrar_comes(computers)
    assert computers.library.visits == 0


def test_what_perhaps_reached_the_database_is_withdrawn_there_too(
    cluster: Cluster,
    computers: Computers,
    quiet_desk: SharedEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    requests = computers.caches["desk"].requests
    store = requests.store

    def store_and_lose(request: DeskRequest) -> None:
        store(request)
        cluster.stop()
        raise CacheAway("gone")

    monkeypatch.setattr(requests, "store", store_and_lose)
    try:
        press(computers, quiet_desk, Action.REGISTER_NOW)
        told = press(computers, quiet_desk, Action.WITHDRAW)
        assert told is not None
        assert told.queued
    finally:
        cluster.start()
    computers.library.clock.advance(seconds=3)
    with suppress(AppError):
        computers.a_second_later(quiet_desk)
    told = [one for one in computers.told["desk"] if isinstance(one, ActionDone)][-1]
    assert "Withdrawn" in told.text
    registrar_comes(computers)
    assert computers.library.visits == 0


def test_taking_over_without_the_database_says_what_isnt_known(
    cluster: Cluster, computers: Computers, desk: SharedEngine
) -> None:
    cluster.stop()
    try:
        told = press(computers, desk, Action.IN_HAND)
        assert told is not None
        assert told.queued
        assert "look in PassagePoint first" in told.text
        assert actions(desk.rows()[0]) == (Action.BY_HAND, Action.NOT_BY_HAND)
        press(computers, desk, Action.BY_HAND)
    finally:
        cluster.start()
    computers.library.clock.advance(seconds=3)
    with suppress(AppError):
        computers.a_second_later(desk)
    registrar_comes(computers)
    assert computers.library.visits == 0
    assert [one.passagepoint for one in desk.rows()] == [PassState.BY_HAND]


def test_what_was_said_while_the_database_was_away_outlives_the_program(
    cluster: Cluster, computers: Computers, desk: SharedEngine
) -> None:
    cluster.stop()
    try:
        press(computers, desk, Action.IN_HAND)
        press(computers, desk, Action.BY_HAND)
        desk.close()
        later = computers.open("desk", "desk")
        later.close()
    finally:
        cluster.start()
    last = computers.open("desk", "desk")
    with suppress(AppError):
        computers.a_second_later(last)
    registrar_comes(computers)
    assert computers.library.visits == 0
    assert [one.passagepoint for one in last.rows()] == [PassState.BY_HAND]
    assert not list(computers.library.folder.rglob("kept-requests.json"))


@pytest.mark.parametrize("content", ["", "{", "[]", '{"database": 1}', '{"requests": [{}]}'])
def test_what_was_kept_and_cant_be_read_stops_nobody(
    computers: Computers, desk: SharedEngine, content: str
) -> None:
    desk.close()
    file = computers.library.folder / "desk" / "kept-requests.json"
    file.write_text(
        content.replace('{"requests', f'{{"database": "{desk.config.cache.url}", "requests')
    )
    again = computers.open("desk", "desk")
    with suppress(AppError):
        computers.a_second_later(again)
    assert len(again.rows()) == 1
