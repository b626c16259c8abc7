"""Decisions, requests, the services' state and the log."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.cache.base import Cache
from core.domain.models import Decision, DeskRequest, GateState, HistoryEntry, ServiceStatus
from core.domain.service_status import Trouble
from core.domain.status import Action
from tests.builders import NOON, a_booking

LATER = NOON + timedelta(minutes=1)
ALMA = ServiceStatus("Alma", False, "No answer.", "Wait.", NOON, LATER, trouble=Trouble.QUOTA_SPENT)
PASSAGEPOINT = ServiceStatus("PassagePoint", True, sending_stopped=True)


@pytest.fixture
def row_id(cache: Cache) -> str:
    return cache.bookings.add(a_booking(), first_seen_at=NOON).row_id


def _decision(row_id: str, decision_id: str = "d1") -> Decision:
    detail = {"primary_id": "G87654321"}
    return Decision(
        decision_id, row_id, Action.CORRECT_ID, NOON, "jo (JP)", "desk-1", detail, "seen"
    )


def _request(request_id: str = "q1") -> DeskRequest:
    detail = {"id": "G87654321"}
    return DeskRequest(request_id, Action.CORRECT_ID, "r1", "jo", NOON, "desk-1", detail)


def test_every_field_of_a_decision_survives(cache: Cache, row_id: str) -> None:
    cache.decisions.add(_decision(row_id))
    assert cache.decisions.get("d1") == _decision(row_id)
    assert cache.decisions.of_rows([row_id]) == {row_id: [_decision(row_id)]}


def test_an_unknown_decision_is_none(cache: Cache) -> None:
    assert cache.decisions.get("d1") is None


def test_decisions_come_oldest_first_and_undone_ones_too(cache: Cache, row_id: str) -> None:
    for decision_id in ("d2", "d1"):
        cache.decisions.add(_decision(row_id, decision_id))
    cache.decisions.undo("d2", LATER, "al")
    decisions = cache.decisions.of_rows([row_id])[row_id]
    assert [(one.decision_id, one.undone_at) for one in decisions] == [("d2", LATER), ("d1", None)]


def test_who_undid_it_first_stays(cache: Cache, row_id: str) -> None:
    cache.decisions.add(_decision(row_id))
    cache.decisions.undo("d1", NOON, "al")
    cache.decisions.undo("d1", LATER, "jo")
    assert cache.decisions.get("d1") == replace(_decision(row_id), undone_at=NOON)


def test_every_field_of_a_request_survives(cache: Cache) -> None:
    cache.requests.store(_request())
    assert cache.requests.pending() == [_request()]


def test_requests_come_oldest_first(cache: Cache) -> None:
    for request_id in ("q2", "q1"):
        cache.requests.store(_request(request_id))
    assert [one.request_id for one in cache.requests.pending()] == ["q2", "q1"]


def test_a_request_stored_twice_is_one(cache: Cache) -> None:
    cache.requests.store(_request())
    cache.requests.store(_request())
    assert cache.requests.pending() == [_request()]


def test_a_request_that_is_done_waits_no_more(cache: Cache) -> None:
    cache.requests.store(_request("q1"))
    cache.requests.store(_request("q2"))
    cache.requests.done("q1", LATER, "The booking is over.")
    assert cache.requests.pending() == [_request("q2")]


@pytest.mark.parametrize(
    "spoil",
    [
        "detail = 'not JSON'",
        "detail = '[]'",
        "detail = '{}'".format("[" * 1500 + "]" * 1500),
        "detail = '{}'".format('{"id": "' + "9" * 5000 + '"}'),
        "action = 'no such thing'",
        "at = 'yesterday'",
        "at = ''",
        "who = '{}'".format("x" * 5000),
    ],
)
def test_a_request_that_cant_be_read_is_finished_and_the_others_go_on(
    cache: Cache, spoil: str
) -> None:
    for request_id in ("q1", "q2"):
        cache.requests.store(_request(request_id))
    cache.database.execute(f"UPDATE requests SET {spoil} WHERE request_id = 'q1'")
    assert [one.request_id for one in cache.requests.pending()] == ["q2"]
    why = "This request can't be read, so nothing was done."
    assert cache.requests.outcomes(["q1", "q2"]) == {"q1": why}


def test_of_one_asker_no_more_are_taken_than_are_due(cache: Cache) -> None:
    for number in range(20):
        cache.requests.store(_request(f"many{number:02}"))
    cache.requests.store(_request("one"))
    cache.database.execute("UPDATE requests SET asked_by = 'a desk' WHERE request_id <> 'one'")
    cache.database.execute("UPDATE requests SET asked_by = 'another' WHERE request_id = 'one'")
    taken = [one.request_id for one in cache.requests.pending(each=3)]
    assert taken == ["many00", "one", "many01", "many02"]
    next_ones = [one.request_id for one in cache.requests.pending(taken, each=3)]
    assert next_ones == ["many03", "many04", "many05"]


def test_the_services_last_states_survive(cache: Cache) -> None:
    cache.services.note_all([ServiceStatus("Alma", True), PASSAGEPOINT])
    cache.services.note_all([ALMA])
    assert cache.services.statuses() == {"Alma": ALMA, "PassagePoint": PASSAGEPOINT}


def test_a_refusal_holds_until_it_is_forgiven(cache: Cache) -> None:
    cache.services.refuse("Alma Main", "mark", "refused")
    cache.services.refuse("PassagePoint", "old", "refused")
    cache.services.refuse("PassagePoint", "new", "refused")
    assert cache.services.refusals() == {"Alma Main": "mark", "PassagePoint": "new"}
    cache.services.forgive()
    assert cache.services.refusals() == {}


def test_the_gate_is_open_at_first(cache: Cache) -> None:
    assert cache.services.gate() == GateState()


def test_the_gate_survives(cache: Cache) -> None:
    narrow = GateState(1, LATER, 30.0, "No answer.")
    cache.services.set_gate(GateState(2))
    cache.services.set_gate(narrow)
    assert cache.services.gate() == narrow


def test_a_booking_has_its_own_history(cache: Cache) -> None:
    mine = HistoryEntry(NOON, "Registered.", "jo", "desk-1", "r1")
    cache.log.add(mine)
    cache.log.add(HistoryEntry(NOON, "Registered.", row_id="r2"))
    assert cache.log.of_row("r1") == [mine]


def test_the_log_comes_newest_first(cache: Cache) -> None:
    for minute in range(3):
        cache.log.add(HistoryEntry(NOON + timedelta(minutes=minute), f"line {minute}"))
    assert [entry.text for entry in cache.log.latest(2)] == ["line 2", "line 1"]
