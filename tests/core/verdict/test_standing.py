"""Which bookings want a visit, and which of those that are over should have had one."""

from __future__ import annotations

import pytest

from core.domain.status import Action, LibCalState, PassState, SendState
from core.verdict.facts import Facts, Hold
from core.verdict.standing import Standing, seen_status
from tests.core.verdict.cases import (
    Change,
    booking,
    decided,
    no_destination,
    over,
    sent,
    unticked,
    verdict_of,
)

EVENT = booking(event_id="7")
WANTED = decided(Action.REGISTER_NOW, seen_status("Confirmed"))


def forgotten(facts: Facts) -> Facts:
    return facts._replace(is_forgotten=True)


@pytest.mark.parametrize(
    ("changes", "ended_open"),
    [
        ((), True),
        ((sent(SendState.UNCLEAR),), True),
        ((sent(SendState.REFUSED),), True),
        ((sent(),), False),
        ((decided(Action.BY_HAND),), False),
        ((booking(status="Tentative"),), False),
        ((booking(status="Cancelled by User"),), False),
        ((booking(status="Cancelled by User"), sent()), False),
        ((no_destination,), False),
        ((no_destination, sent(SendState.UNCLEAR)), True),
        ((forgotten,), False),
        ((EVENT,), False),
        ((EVENT, WANTED), True),
    ],
)
def test_what_ended_without_a_visit_that_it_should_have_had(
    changes: tuple[Change, ...], ended_open: bool
) -> None:
    assert verdict_of(over, *changes).standing.ended_open is ended_open
    assert not verdict_of(*changes).standing.ended_open  # nothing is, while it lasts


@pytest.mark.parametrize(
    ("changes", "is_wanted"),
    [
        ((), True),
        ((sent(),), True),
        ((sent(SendState.UNCLEAR),), True),
        ((over,), False),
        ((no_destination,), False),
        ((unticked,), False),
        ((forgotten,), False),
        ((booking(status="Tentative"),), False),
        (
            (booking(status="Tentative"), decided(Action.REGISTER_NOW, seen_status("Tentative"))),
            True,
        ),
        ((booking(status="Tentative"), WANTED), False),
        (
            (booking(status="Cancelled"), decided(Action.REGISTER_NOW, seen_status("Cancelled"))),
            False,
        ),
        ((EVENT,), False),
        ((EVENT, WANTED), True),
    ],
)
def test_what_wants_a_visit(changes: tuple[Change, ...], is_wanted: bool) -> None:
    assert verdict_of(*changes).standing.is_wanted is is_wanted


def test_a_place_that_lost_both_its_tick_and_its_destination_wants_nothing() -> None:
    """A place may have a destination still and not be looked after."""
    standing = Standing(PassState.WAITING, LibCalState.LIVE, is_over=False, destination="Desk")
    assert standing.is_wanted
    assert not standing._replace(attended=False).is_wanted
    assert not standing._replace(destination=None).is_wanted


def test_what_nothing_is_said_of_is_an_ordinary_booking() -> None:
    """Neither decided about nor booked for an event, and nothing asked about it."""
    standing = Standing(PassState.NOT_NEEDED, LibCalState.LIVE, is_over=True, destination="Desk")
    assert standing.ended_open
    assert not standing.is_cancelled
    assert not standing._replace(libcal=LibCalState.TENTATIVE).ended_open
    assert not standing._replace(libcal=LibCalState.TENTATIVE, is_over=False).is_wanted
    assert not Hold("PassagePoint is away.").is_asked_about
