"""What a check-in that the desk asked for makes of a row, and where one is offered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.domain.check_in_state import BUT_FOR_START, REFUSED, WAITS_FOR, CheckInState
from core.domain.status import Action, Group, LibCalState, PatronState, Source
from core.verdict import Rules, Verdict, undoable
from core.verdict.check_in import CheckIn
from tests.builders import NOON, a_config
from tests.core.verdict.cases import (
    LOCATIONS,
    NOW,
    Change,
    booking,
    cached,
    decided,
    facts_with,
    patron,
    sent,
    verdict_of,
)

RULES = Rules(a_config(LibCal={"locations": LOCATIONS, "check_in": True}))
CODES = booking(check_in_codes=("A", "B"), open_codes=("A", "B"), check_in="-")
ASKED = decided(Action.CHECK_IN, **{WAITS_FOR: "LibCal could not be reached."})
REFUSED_LATER = decided(Action.CHECK_IN, **{REFUSED: "Too late."})
OVER = NOON + timedelta(hours=3)


def seen(*changes: Change, **values: Any) -> Verdict:
    return verdict_of(CODES, *changes, **{"rules": RULES} | values)


def offered(verdict: Verdict) -> bool:
    return Action.CHECK_IN in (verdict.row.action, *verdict.row.offers)


def test_it_is_offered_last_and_changes_nothing_else() -> None:
    row, plain = seen(sent()).row, verdict_of(CODES, sent()).row
    assert row.offers == (*plain.offers, Action.CHECK_IN)
    assert (row.group, row.action, row.reason) == (plain.group, plain.action, plain.reason)
    assert (row.check_in, row.reason) == (CheckInState.NONE, None)


def test_its_words_stand_alone_where_nothing_else_is_said() -> None:
    assert CheckIn(next_step="It goes out.").with_step("") == "It goes out."
    assert CheckIn(reason="It waits.").with_reason(None) == "It waits."


NOT_OFFERED: dict[str, tuple[Change, ...]] = {
    "arrived": (booking(check_in="in", open_codes=()),),
    "no code": (booking(open_codes=()),),
    "cancelled": (booking(status="Cancelled by User"),),
    "tentative": (booking(status="Tentative"),),
    "gone": (cached(gone_at=NOW),),
    "an old visit": (cached(old_visit=True),),
    "made at the desk": (booking(source=Source.DESK),),
    "a companion": (booking(source=Source.COMPANION),),
    "forgotten": (lambda facts: facts._replace(is_forgotten=True),),
    "elsewhere": (booking(location_id="1"),),
}


@pytest.mark.parametrize("why", NOT_OFFERED)
def test_it_is_not_offered_where_nobody_can_be_checked_in(why: str) -> None:
    assert not offered(seen(*NOT_OFFERED[why]))


def test_it_is_not_offered_where_the_settings_do_not_or_the_booking_is_over() -> None:
    assert not offered(verdict_of(CODES))
    assert not offered(seen(now=OVER))
    assert offered(seen(now=NOON + timedelta(minutes=59)))


def test_whoever_has_arrived_at_one_of_the_seats_may_be_checked_in_at_the_others() -> None:
    verdict = seen(booking(check_in="in", open_codes=("B",)))
    assert offered(verdict)
    assert verdict.row.libcal_label == "Arrived"


@pytest.mark.parametrize("event", ["e1", None])
def test_it_is_offered_whatever_else_stands_in_the_way(event: str | None) -> None:
    verdict = seen(patron(PatronState.NOT_IN_ALMA), booking(event_id=event, location_id="999"))
    assert offered(verdict)


def test_one_that_waits_says_so_in_libcals_column_and_leaves_all_else() -> None:
    row, plain = seen(sent(), ASKED).row, verdict_of(CODES, sent()).row
    assert (row.check_in, row.libcal_label) == (CheckInState.WAITS, "Check-in waits")
    assert (row.group, row.action, row.label) == (plain.group, plain.action, plain.label)
    assert row.offers == (*plain.offers, Action.NOT_CHECKED_IN)
    assert not offered(seen(sent(), ASKED))
    assert (row.reason or "").startswith("The check-in waits since ")
    assert (row.reason or "").endswith(". LibCal could not be reached.")
    assert row.next_step.startswith("It goes out by itself.")
    assert row.libcal_state is LibCalState.LIVE


def test_what_stands_in_the_way_is_said_too() -> None:
    row = seen(patron(PatronState.NOT_IN_ALMA, reason="Alma doesn't know it."), ASKED).row
    assert "The check-in waits since" in (row.reason or "")
    assert (row.reason or "").endswith("Alma doesn't know it.")
    assert row.action is Action.CORRECT_ID
    assert row.next_step.startswith("It goes out by itself. ")
    assert row.next_step.endswith(PatronState.NOT_IN_ALMA.next_step)


MISSED: dict[str, tuple[tuple[Change, ...], str]] = {
    "refused": ((REFUSED_LATER,), "came to nothing. Too late."),
    "cancelled": (
        (ASKED, booking(status="Cancelled by System")),
        "didn't reach LibCal in time. LibCal says “Cancelled by System”.",
    ),
    "gone": ((ASKED, cached(gone_at=NOW)), "didn't reach LibCal in time. The booking is gone"),
    "no code any more": ((ASKED, booking(open_codes=())), "didn't reach LibCal in time."),
}


@pytest.mark.parametrize("how", MISSED)
@pytest.mark.parametrize("was_sent", [True, False])
def test_one_that_came_to_nothing_is_to_do(how: str, *, was_sent: bool) -> None:
    changes, words = MISSED[how]
    row = seen(*((sent(),) if was_sent else ()), *changes).row
    assert (row.check_in, row.group) == (CheckInState.MISSED, Group.NEEDS_PERSON)
    assert row.libcal_label == "Not checked in"
    assert words in (row.reason or "")
    assert Action.NOT_CHECKED_IN in (row.action, *row.offers)
    assert "Then press Leave without check-in." in row.next_step


def test_over_it_stays_to_do_with_its_own_button() -> None:
    row = seen(sent(), ASKED, now=OVER).row
    assert (row.group, row.action) == (Group.NEEDS_PERSON, Action.NOT_CHECKED_IN)
    assert "didn't reach LibCal in time. The booking is over." in (row.reason or "")
    assert Action.CHECK_IN not in row.offers


def test_the_button_that_helps_more_comes_first() -> None:
    row = seen(patron(PatronState.NOT_IN_ALMA), REFUSED_LATER).row
    assert row.action is Action.CORRECT_ID
    assert row.offers[-2:] == (Action.CHECK_IN, Action.NOT_CHECKED_IN)


def test_refused_it_may_be_asked_for_again_while_libcal_lets() -> None:
    row = seen(sent(), REFUSED_LATER).row
    assert row.action is Action.NOT_CHECKED_IN
    assert row.offers[-1] is Action.CHECK_IN
    off = verdict_of(CODES, sent(), REFUSED_LATER).row
    assert Action.CHECK_IN not in off.offers
    assert off.check_in is CheckInState.MISSED


@pytest.mark.parametrize("wish", [ASKED, REFUSED_LATER])
@pytest.mark.parametrize("why", ["arrived", "forgotten", "an old visit", "made at the desk"])
def test_where_libcal_knows_or_nobody_is_meant_nothing_is_left(wish: Change, why: str) -> None:
    row = seen(wish, *NOT_OFFERED[why]).row
    assert row.check_in is CheckInState.NONE
    assert "check-in" not in (row.reason or "")


def test_a_check_in_takes_back_nothing_and_is_not_taken_back() -> None:
    facts = facts_with(CODES, decided(Action.BY_HAND), ASKED)
    undone = undoable(facts)
    assert undone is not None
    assert undone.action is Action.BY_HAND
    assert undoable(facts_with(CODES, ASKED)) is None


HERE = booking(check_in="in")
LEFT = decided(Action.LEAVE, "then", **{BUT_FOR_START: "but for the start"})
LEFT_OTHERWISE = decided(Action.LEAVE, "then", **{BUT_FOR_START: "another end"})


@pytest.mark.parametrize(
    ("changes", "stands"),
    [
        ((), False),
        ((HERE,), False),
        ((decided(Action.LEAVE, "now"),), True),
        ((decided(Action.LEAVE, "then"),), False),
        ((decided(Action.LEAVE, "then"), HERE), False),
        ((LEFT,), False),
        ((LEFT, HERE), True),
        ((LEFT_OTHERWISE, HERE), False),
        ((LEFT, LEFT_OTHERWISE, HERE), False),
        ((LEFT_OTHERWISE, LEFT, HERE), True),
        ((decided(Action.COVERED, "now"), HERE), False),
    ],
)
def test_what_was_decided_stands_when_a_check_in_moves_the_start(
    changes: tuple[Change, ...], *, stands: bool
) -> None:
    def look(*, but_for_start: bool = False) -> str:
        return "but for the start" if but_for_start else "now"

    assert facts_with(*changes).stands(Action.LEAVE, look) is stands
