"""What trying the card says: each place that mentions it, at each time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from core.domain.status import Action, SendState
from core.verdict import Hold, Rules
from tests.builders import NOON, a_config
from tests.core.verdict.cases import LOCATIONS, Change, booking, sent, verdict_of

OPENS = "Ask the reader to try the card. If the gate opens, press The visit exists."
NOTHING = f"{OPENS} If it stays shut, that proves nothing"


def rules(minutes: int | None, early: int = 0, whom: str | None = None) -> Rules:
    return Rules(
        a_config(
            LibCal={"locations": LOCATIONS},
            PassagePoint={"card_works_minutes_before": minutes, "minutes_early": early},
            Desk={"contacts": {"PassagePoint": whom}},
        )
    )


def unclear(**values: Any) -> Change:
    return sent(SendState.UNCLEAR, **values)


def step(minutes: int | None, before: int, *changes: Change, early: int = 0) -> str:
    """What staff read so many minutes before the booking's start."""
    now = NOON - timedelta(minutes=before)
    return verdict_of(
        *(changes or (unclear(),)), now=now, rules=rules(minutes, early)
    ).row.next_step


@pytest.mark.parametrize(
    ("minutes", "before", "says"),
    [
        (15, 15, f"{OPENS} If it stays shut, press Send a second time."),
        (15, -10, f"{OPENS} If it stays shut, press Send a second time."),
        (0, 0, f"{OPENS} If it stays shut, press Send a second time."),
        (15, 16, f"{NOTHING} before 11:45: until then look in PassagePoint or call Security."),
        (30, 180, f"{NOTHING} before 11:30: until then look in PassagePoint or call Security."),
        (None, 180, f"{NOTHING} here: look in PassagePoint or call Security."),
        (None, -10, f"{NOTHING} here: look in PassagePoint or call Security."),
    ],
)
def test_a_card_that_stays_shut_proves_something_only_from_then_on(
    minutes: int | None, before: int, says: str
) -> None:
    assert step(minutes, before) == says


def test_the_visits_own_start_counts_and_not_the_bookings() -> None:
    earlier = unclear(starts_at=NOON - timedelta(minutes=30))
    assert "before 11:15" in step(15, 180, earlier)
    assert step(15, 45, earlier) == f"{OPENS} If it stays shut, press Send a second time."


def test_what_isnt_wanted_any_more_offers_that_no_visit_exists() -> None:
    row = verdict_of(
        unclear(),
        booking(status="Cancelled by User"),
        now=NOON - timedelta(minutes=5),
        rules=rules(15),
    ).row
    assert row.next_step == f"{OPENS} If it stays shut, press No visit exists."


def test_whom_to_call_is_the_librarys() -> None:
    now = NOON - timedelta(hours=3)
    row = verdict_of(unclear(), now=now, rules=rules(None, whom="the gate, 4-6111")).row
    assert row.next_step.endswith("look in PassagePoint or call the gate, 4-6111.")


@pytest.mark.parametrize("minutes", [15, None])
def test_a_visit_that_may_be_there_says_the_same_with_its_own_buttons(minutes: int | None) -> None:
    hold = Hold("Not sent: new ledger.", may_be_registered=True)

    def held(before: int) -> str:
        return step(minutes, before, lambda facts: facts._replace(hold=hold), early=10)

    asks = "Ask the reader to try the card. If the gate opens, press By hand."
    late = "press Register now." if minutes else "that proves nothing here"
    assert held(25).startswith(f"{asks} If it stays shut, {late}")
    assert held(26).startswith(f"{asks} If it stays shut, that proves nothing")


def test_the_words_change_when_the_card_begins_to_work() -> None:
    verdict = verdict_of(unclear(), now=NOON - timedelta(hours=1), rules=rules(40))
    assert verdict.valid_until == NOON - timedelta(minutes=40)


@pytest.mark.parametrize("minutes", [0, 15, None])
def test_no_words_of_an_unclear_visit_are_without_the_card(minutes: int | None) -> None:
    moments = [NOON - timedelta(minutes=one) for one in range(-50, 200, 5)]
    assert all("try the card" in _step_at(minutes, now) for now in moments)


def _step_at(minutes: int | None, now: datetime) -> str:
    row = verdict_of(unclear(), now=now, rules=rules(minutes)).row
    assert row.action is Action.RESOLVE
    return row.next_step
