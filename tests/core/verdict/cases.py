"""Facts for the decision table, built from one good booking by changing what a test is about."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from core.domain.models import CachedBooking, Decision, Tries, Visitor
from core.domain.status import Action, PatronState, SendState
from core.verdict import Facts, Rules, Verdict, decide
from tests.builders import NOON, a_booking, a_config, a_patron, a_send

LOCATIONS = [
    {"id": 8827, "name": "Main Library", "destination": "Main Desk"},
    {"id": 10332, "name": "Annex", "destination": "Annex Desk"},
    {"id": 999, "name": "Study Hall"},
]
RULES = Rules(a_config(LibCal={"locations": LOCATIONS}))
NOW = NOON - timedelta(hours=2)

Change = Callable[[Facts], Facts]


def good_facts() -> Facts:
    """A confirmed booking at noon of somebody Alma knows; nothing was sent."""
    cached = CachedBooking("r1", a_booking(), first_seen_at=NOW - timedelta(minutes=1))
    return Facts(cached=cached, patron=a_patron())


def facts_with(*changes: Change) -> Facts:
    facts = good_facts()
    for change in changes:
        facts = change(facts)
    return facts


def verdict_of(*changes: Change, now: datetime = NOW, rules: Rules = RULES) -> Verdict:
    return decide(facts_with(*changes), rules, now)


def booking(**values: Any) -> Change:
    def change(facts: Facts) -> Facts:
        changed = dataclasses.replace(facts.cached.booking, **values)
        return facts._replace(cached=dataclasses.replace(facts.cached, booking=changed))

    return change


def cached(**values: Any) -> Change:
    def change(facts: Facts) -> Facts:
        return facts._replace(cached=dataclasses.replace(facts.cached, **values))

    return change


def patron(state: PatronState = PatronState.FOUND, **values: Any) -> Change:
    return lambda facts: facts._replace(patron=a_patron(state=state, **values))


def named(first: str, last: str, *others: str) -> Change:
    """Alma knows the reader by this name."""
    return patron(first_name=first, last_name=last, names=(f"{last}, {first}", *others))


def sent(state: SendState = SendState.REGISTERED, **values: Any) -> Change:
    def change(facts: Facts) -> Facts:
        send = a_send(state=state, sequence=_next(facts), **values)
        return facts._replace(sends=(*facts.sends, send))

    return change


def _next(facts: Facts) -> int:
    """What the ledger would count this event as."""
    return len(facts.sends) + len(facts.decisions) + 1


def decided(action: Action, seen: str = "", **detail: str) -> Change:
    def change(facts: Facts) -> Facts:
        number = len(facts.decisions)
        one = Decision(
            decision_id=f"d{number}",
            row_id="r1",
            action=action,
            at=NOW + timedelta(seconds=number),
            who="AS",
            seen=seen,
            detail=detail,
            sequence=_next(facts),
        )
        return facts._replace(decisions=(*facts.decisions, one))

    return change


def several_people(facts: Facts) -> Facts:
    visitor = Visitor("G12345678", "22820001", None, candidates=("1", "2"))
    return facts._replace(visitor=visitor)


def over(facts: Facts) -> Facts:
    """Its time is over."""
    times = {"starts_at": NOW - timedelta(hours=2), "ends_at": NOW - timedelta(hours=1)}
    return booking(**times)(facts)


def unticked(facts: Facts) -> Facts:
    """Its location is no longer one of the settings'."""
    return booking(location_id="555", location_name="Old Hall")(facts)


def no_destination(facts: Facts) -> Facts:
    return booking(location_id="999", location_name="Study Hall")(facts)


def tried(count: int = 1) -> Change:
    return cached(tries=Tries(count, failed_at=NOW, reason="PassagePoint could not be reached."))
