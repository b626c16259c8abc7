"""The group of a row and its one button: design's table of states, the first line that fits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from core.domain.status import Action, Group, LibCalState, PassState, PatronState
from core.verdict.card import shut_gate_proves_from
from core.verdict.facts import SOON, Facts, Rules
from core.verdict.person import Person
from core.verdict.standing import Standing

_STANDING = (PassState.REGISTERED, PassState.BY_HAND, PassState.BY_FILE)
_CHANGES = (PassState.CHANGED, PassState.CARD_CHANGED)

# What stands in the way of a booking whose visit is missing: button, what else is offered.
_PERSON_TROUBLE: dict[PatronState, tuple[Action, tuple[Action, ...]]] = {
    PatronState.NO_ID: (Action.CORRECT_ID, ()),
    PatronState.ID_NOT_VALID: (Action.CORRECT_ID, ()),
    PatronState.NOT_IN_ALMA: (Action.CORRECT_ID, (Action.BY_HAND, Action.REGISTER_NOW)),
    PatronState.NAME_DIFFERS: (Action.CORRECT_ID, (Action.SAME_PERSON,)),
    PatronState.TWO_PEOPLE: (Action.BY_HAND, ()),
    PatronState.NO_BARCODE: (Action.BY_HAND, (Action.CORRECT_ID, Action.REGISTER_NOW)),
    PatronState.INACTIVE: (Action.BY_HAND, (Action.CORRECT_ID, Action.REGISTER_NOW)),
}


class Place(NamedTuple):
    """Where a row counts, and what can be done with it."""

    group: Group
    action: Action | None = None
    offers: tuple[Action, ...] = ()


def find_place(
    facts: Facts, person: Person, standing: Standing, rules: Rules, now: datetime
) -> Place:
    """The first line of the table that fits."""
    code = standing.code
    if code is PassState.REGISTERING:
        return Place(Group.WAITING)
    if not standing.attended:
        return Place(Group.EXCLUDED)
    if code in _STANDING:
        return _place_of_standing(standing)
    if standing.is_over:
        return Place(Group.EXCLUDED)
    if code is PassState.UNCLEAR:
        second = Action.REGISTER_AGAIN if standing.is_wanted else Action.IT_IS_NOT
        return Place(Group.NEEDS_PERSON, Action.RESOLVE, (Action.IT_IS_THERE, second))
    if code is PassState.CANCELLED_AFTER:
        return _place_of_cancelled(facts, now)
    if code in _CHANGES:
        button = Action.REGISTER_ANEW if standing.destination else Action.BY_HAND
        return Place(Group.NEEDS_PERSON, button, (Action.LEAVE, Action.CORRECT_ID))
    if standing.is_cancelled or standing.left:
        return Place(Group.EXCLUDED)
    if standing.destination is None:
        return Place(Group.EXCLUDED, Action.BY_HAND)
    if standing.libcal is not LibCalState.LIVE and not standing.forced:
        return Place(Group.EXCLUDED, Action.REGISTER_NOW, (Action.BY_HAND,))
    return _place_of_missing(facts, person, standing, rules, now)


def turning_points(facts: Facts, rules: Rules) -> tuple[datetime, ...]:
    """The moments at which the verdict changes by the passing of time alone."""
    booking, cached = facts.booking, facts.cached
    soon = booking.starts_at - SOON
    patience = cached.first_seen_at + timedelta(seconds=rules.config.sync.every_seconds)
    cards = [shut_gate_proves_from(facts, send, rules) for send in (*facts.sends, None)]
    known = [moment for moment in cards if moment is not None]
    return (soon, patience, booking.starts_at, booking.ends_at, *known)


def _place_of_standing(standing: Standing) -> Place:
    if standing.handled:
        return Place(Group.EXCLUDED)
    if standing.is_over or standing.is_cancelled:
        return Place(Group.REGISTERED)
    return Place(Group.REGISTERED, None, (Action.CORRECT_ID,))


def _place_of_cancelled(facts: Facts, now: datetime) -> Place:
    booking = facts.booking
    # LibCal itself cancels a booking whose reader doesn't check in: nobody removes the visit then.
    begun = now >= booking.starts_at
    if begun and booking.status.casefold() == "cancelled by system" and not facts.cached.old_visit:
        return Place(Group.EXCLUDED)
    return Place(Group.NEEDS_PERSON, Action.HANDLED)


def _place_of_missing(
    facts: Facts, person: Person, standing: Standing, rules: Rules, now: datetime
) -> Place:
    if standing.code is PassState.CHOOSE_PERSON:
        return Place(Group.NEEDS_PERSON, Action.CHOOSE, (Action.BY_HAND, Action.CORRECT_ID))
    if standing.code is PassState.REFUSED:
        return Place(Group.NEEDS_PERSON, Action.BY_HAND, (Action.REGISTER_NOW, Action.CORRECT_ID))
    if person.state in _PERSON_TROUBLE:
        button, offers = _PERSON_TROUBLE[person.state]
        return Place(Group.NEEDS_PERSON, button, offers)
    late = _is_late(facts, rules, now)
    group = Group.NEEDS_PERSON if late else Group.WAITING
    if facts.hold is not None and facts.hold.by_hand:
        return Place(group, Action.BY_HAND, (Action.CORRECT_ID,))
    return Place(group, Action.REGISTER_NOW, (Action.BY_HAND, Action.CORRECT_ID))


def _is_late(facts: Facts, rules: Rules, now: datetime) -> bool:
    if now < facts.booking.starts_at - SOON:
        return False
    patience = timedelta(seconds=rules.config.sync.every_seconds)
    return facts.cached.tries.count > 0 or now >= facts.cached.first_seen_at + patience
