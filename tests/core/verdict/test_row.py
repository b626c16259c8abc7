"""What a row says of itself beside its state: undo, age, names, the people to choose from."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from core.domain.models import BookingRow, Decision
from core.domain.status import Action, PassState, PatronState, SendState
from core.verdict import Hold, decide, undoable
from core.verdict.facts import Facts
from core.verdict.standing import seen_status
from tests.builders import NOON, a_send
from tests.core.verdict.cases import (
    NOW,
    RULES,
    Change,
    booking,
    facts_with,
    patron,
    sent,
    several_people,
    tried,
    verdict_of,
)


def decided_at(action: Action, sequence: int, **values: Any) -> Change:
    decision = Decision(f"d{sequence}", "r1", action, NOW, "anna", sequence=sequence, **values)
    return lambda facts: facts._replace(decisions=(*facts.decisions, decision))


def sent_at(sequence: int) -> Change:
    send = a_send(state=SendState.UNCLEAR, send_id=f"s{sequence}", sequence=sequence)
    return lambda facts: facts._replace(sends=(*facts.sends, send))


@pytest.mark.parametrize(
    ("changes", "newest"),
    [
        ([], None),
        ([sent_at(1)], None),
        ([decided_at(Action.BY_HAND, 1)], "d1"),
        ([decided_at(Action.BY_HAND, 1), decided_at(Action.LEAVE, 2)], "d2"),
        ([sent_at(1), decided_at(Action.IT_IS_THERE, 2)], "d2"),
        ([decided_at(Action.CORRECT_ID, 1), sent_at(2)], None),
        ([decided_at(Action.CORRECT_ID, 2), sent_at(1)], "d2"),
        ([sent_at(1), decided_at(Action.CORRECT_ID, 2), sent_at(3)], None),
        ([decided_at(Action.REGISTER_ANEW, 1)], None),
        ([decided_at(Action.BY_HAND, 1), decided_at(Action.REGISTER_AGAIN, 2)], None),
    ],
)
def test_the_newest_decision_can_be_undone_unless_something_was_sent_since(
    changes: list[Change], newest: str | None
) -> None:
    found = undoable(facts_with(*changes))
    assert (found.decision_id if found else None) == newest
    offers = verdict_of(*changes).row.offers
    assert (Action.UNDO in offers) is (newest is not None)


def test_nothing_is_undone_once_it_is_over() -> None:
    later = NOON + timedelta(hours=2)
    assert Action.UNDO not in verdict_of(decided_at(Action.BY_HAND, 1), now=later).row.offers


@pytest.mark.parametrize(
    ("changes", "is_old"),
    [
        ([], False),
        ([lambda facts: facts._replace(is_old=True)], True),
        ([patron(failed_at=NOW)], True),
        ([lambda facts: facts._replace(patron=None)], False),
        ([lambda facts: facts._replace(patron=None, is_old=True)], True),
    ],
)
def test_either_services_old_answer_makes_the_row_old(changes: list[Change], is_old: bool) -> None:
    assert verdict_of(*changes).row.is_old is is_old


@pytest.mark.parametrize(
    ("first", "last", "sort_name"),
    [
        ("Priya", "Patel", "Patel, Priya"),
        ("", "Patel", "Patel"),
        ("Priya", "", "Priya"),
        ("", "", ""),
    ],
)
def test_names_sort_by_the_family_name(first: str, last: str, sort_name: str) -> None:
    row = verdict_of(booking(first_name=first, last_name=last)).row
    assert row.sort_name == sort_name


@pytest.mark.parametrize(
    ("status", "is_live"),
    [("Confirmed", True), ("Tentative", False), ("Cancelled by User", False), ("Odd", False)],
)
def test_a_row_is_live_while_libcal_says_so(status: str, is_live: bool) -> None:
    assert verdict_of(booking(status=status)).row.is_live is is_live


def test_what_is_booked_for_an_event_is_live_once_the_desk_wants_it() -> None:
    event = booking(event_id="7")
    assert not verdict_of(event).row.is_live
    wanted = decided_at(Action.REGISTER_NOW, 1, seen=seen_status("Confirmed"))
    assert verdict_of(event, wanted).row.is_live
    assert not verdict_of(event, wanted, booking(status="Tentative")).row.is_live


ASKED = Hold("Not sent: new ledger.", is_asked_about=True)


@pytest.mark.parametrize(
    ("changes", "hold", "is_asked_about"),
    [
        ([], ASKED, True),
        ([tried()], ASKED, True),
        ([], Hold("PassagePoint is away."), False),
        ([], None, False),
        ([sent(SendState.UNCLEAR)], ASKED, False),
        ([sent()], ASKED, False),
        ([booking(status="Cancelled by User")], ASKED, False),
        ([lambda facts: facts._replace(is_forgotten=True)], ASKED, False),
    ],
)
def test_the_ledgers_question_is_about_what_would_be_sent_but_for_it(
    changes: list[Change], hold: Hold | None, is_asked_about: bool
) -> None:
    row = verdict_of(*changes, lambda facts: facts._replace(hold=hold)).row
    assert row.is_asked_about is is_asked_about


def test_the_last_decision_of_a_kind_is_found_whatever_came_after_it() -> None:
    kinds = [Action.BY_HAND, Action.LEAVE, Action.BY_HAND, Action.CORRECT_ID]
    facts = facts_with(*(decided_at(one, at) for at, one in enumerate(kinds)))
    found = facts.last(Action.BY_HAND)
    assert found is not None
    assert found.decision_id == "d2"
    assert facts.last(Action.HANDLED) is None


def test_the_people_to_choose_from_are_told_only_while_there_is_a_choice() -> None:
    choosing = verdict_of(several_people).row
    assert (choosing.passagepoint, choosing.candidates) == (PassState.CHOOSE_PERSON, ("1", "2"))
    assert verdict_of(several_people, patron(PatronState.NOT_IN_ALMA)).row.candidates == ()
    assert verdict_of().row.candidates == ()
    registered = verdict_of(several_people, sent()).row
    assert registered.candidates == ()


@pytest.mark.parametrize(
    ("changes", "state", "is_ready"),
    [
        ([], PassState.WAITING, True),
        (
            [tried()],
            PassState.FAILED,
            True,
        ),
        ([patron(PatronState.NO_BARCODE)], PassState.WAITING, False),
        ([booking(status="Tentative")], PassState.NOT_NEEDED, False),
        ([sent()], PassState.REGISTERED, False),
        ([sent(SendState.UNCLEAR)], PassState.UNCLEAR, False),
        ([several_people], PassState.CHOOSE_PERSON, False),
        ([booking(person="1")], PassState.WAITING, False),
        ([lambda facts: facts._replace(lacks_destination=True)], PassState.REFUSED, False),
        ([lambda facts: facts._replace(is_forgotten=True)], PassState.NOT_NEEDED, False),
    ],
)
def test_only_what_misses_nothing_but_its_visit_is_ready(
    changes: list[Change], state: PassState, is_ready: bool
) -> None:
    verdict = verdict_of(*changes)
    assert (verdict.row.passagepoint, verdict.is_ready) == (state, is_ready)


def test_two_people_under_one_booking_say_so_and_keep_their_ids() -> None:
    row = verdict_of(booking(person="2")).row
    assert (row.patron, row.action, row.person) == (PatronState.TWO_PEOPLE, Action.BY_HAND, "2")
    assert (row.primary_id, row.barcode) == ("G12345678", "22820001")
    assert "two people" in (row.reason or "")


def test_what_was_registered_before_the_second_came_stays_registered() -> None:
    row = verdict_of(booking(person="1"), sent()).row
    assert row.passagepoint is PassState.REGISTERED


@pytest.mark.parametrize("field", ["registered_at", "prereg_id"])
def test_only_a_visit_has_its_time_and_id(field: str) -> None:
    def value(row: BookingRow) -> object:
        return getattr(row, field)

    assert value(verdict_of(sent()).row) is not None
    assert value(verdict_of(sent(SendState.UNCLEAR)).row) is None
    assert value(verdict_of().row) is None


def test_the_same_facts_hold_until_the_next_turning_point() -> None:
    facts: Facts = facts_with()
    moments: list[datetime] = []
    now = NOW
    while len(moments) < 9:
        verdict = decide(facts, RULES, now)
        moments.append(verdict.valid_until)
        if verdict.valid_until.year == 9999:
            break
        now = verdict.valid_until
    assert moments[-1].year == 9999
    assert moments[:-1] == sorted(set(moments[:-1]))
    assert NOON in moments
    assert NOON + timedelta(hours=1) in moments
    assert NOON - timedelta(minutes=15) in moments
