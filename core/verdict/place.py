"""The group of a row and its one button: docs/states.md, Group and button."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple, assert_never

from core.domain.status import Action, Group, PassState
from core.verdict.card import shut_gate_proves_from
from core.verdict.facts import SOON, Facts, Rules
from core.verdict.person import Booker
from core.verdict.standing import Standing

OF_ANOTHER = frozenset({Action.CORRECT_ID, Action.SAME_PERSON})
"""Who it is may be another person than the booking says."""


class Place(NamedTuple):
    """Where a row counts, and what can be done with it."""

    group: Group
    action: Action | None = None
    offers: tuple[Action, ...] = ()


def find_place(
    facts: Facts, person: Booker, standing: Standing, rules: Rules, now: datetime
) -> Place:
    """Of a visit without a booking Alma has said who it is: another person is another visit.

    LibCal cancels or moves a booking with its companions: one of them asks, for all.
    """
    if facts.party.leader:
        return Place(Group.EXCLUDED)
    place = _first_that_fits(facts, person, standing, rules, now)
    if _takes_companions(facts, standing, rules):
        place = place._replace(offers=(*place.offers, Action.ADD_COMPANION))
    if facts.booking.is_booked or place.action is None:
        return place._replace(offers=_but_for_others(facts, place.offers))
    first, *others = _but_for_others(facts, (place.action, *place.offers)) or (None,)
    return place._replace(action=first, offers=tuple(others))


def _but_for_others(facts: Facts, offers: tuple[Action, ...]) -> tuple[Action, ...]:
    if facts.booking.is_booked:
        return offers
    return tuple(one for one in offers if one not in OF_ANOTHER)


def _takes_companions(facts: Facts, standing: Standing, rules: Rules) -> bool:
    """Whether one more may come with this booking now."""
    allowed = rules.config.passagepoint.companions_per_booking or 0
    has_gate = standing.destination is not None and not facts.lacks_destination
    comes = standing.is_live and standing.attended and not standing.is_over
    is_known = facts.booking.is_booked and not facts.cached.is_damaged
    return comes and has_gate and is_known and facts.party.companions < allowed


def _first_that_fits(
    facts: Facts, person: Booker, standing: Standing, rules: Rules, now: datetime
) -> Place:
    """The first line of the table that fits; a state that has none fails the type check."""
    code = standing.code
    match code:
        case PassState.REGISTERING:
            return Place(Group.WAITING)
        case _ if not standing.attended:
            return Place(Group.EXCLUDED)
        case PassState.REGISTERED | PassState.BY_HAND | PassState.BY_FILE:
            return _place_of_standing(standing)
        case _ if standing.is_over:
            return Place(Group.EXCLUDED)
        case PassState.UNCLEAR:
            second = Action.REGISTER_AGAIN if standing.is_wanted else Action.IT_IS_NOT
            return Place(Group.NEEDS_PERSON, Action.RESOLVE, (Action.IT_IS_THERE, second))
        case PassState.CANCELLED_AFTER:
            return _place_of_cancelled(facts, now)
        case PassState.CHANGED | PassState.CARD_CHANGED:
            button = Action.REGISTER_ANEW if standing.destination else Action.BY_HAND
            return Place(Group.NEEDS_PERSON, button, (Action.LEAVE, Action.CORRECT_ID))
        case _ if facts.in_hand is not None and standing.is_wanted:
            return Place(Group.NEEDS_PERSON, Action.BY_HAND, (Action.NOT_BY_HAND,))
        case PassState.NOT_NEEDED:
            return _place_of_unneeded(standing)
        case PassState.CHOOSE_PERSON:
            return Place(Group.NEEDS_PERSON, Action.CHOOSE, (Action.BY_HAND, Action.CORRECT_ID))
        case PassState.REFUSED:
            offers = (Action.REGISTER_NOW, Action.CORRECT_ID)
            return Place(Group.NEEDS_PERSON, Action.BY_HAND, offers)
        case PassState.WAITING | PassState.FAILED:
            return _place_of_missing(facts, person, rules, now)
        case _:
            assert_never(code)


def turning_points(facts: Facts, rules: Rules) -> tuple[datetime, ...]:
    """The moments at which the verdict changes by the passing of time alone."""
    booking, cached = facts.booking, facts.cached
    soon = booking.starts_at - SOON
    patience = cached.first_seen_at + timedelta(seconds=rules.config.sync.every_seconds)
    cards = [shut_gate_proves_from(facts, send, rules) for send in (*facts.sends, None)]
    known = [moment for moment in cards if moment is not None]
    return (soon, patience, booking.starts_at, booking.ends_at, *known, *facts.party.until)


def _place_of_standing(standing: Standing) -> Place:
    if standing.handled:
        return Place(Group.EXCLUDED)
    if standing.is_over:
        return Place(Group.REGISTERED)
    if standing.code is PassState.REGISTERED and standing.is_wanted:
        return Place(Group.REGISTERED, None, (Action.CORRECT_ID, Action.REGISTER_AGAIN))
    return Place(Group.REGISTERED, None, (Action.CORRECT_ID,))


def _place_of_cancelled(facts: Facts, now: datetime) -> Place:
    booking = facts.booking
    # LibCal itself cancels a booking whose reader doesn't check in: nobody removes the visit then.
    begun = now >= booking.starts_at
    if begun and booking.status.casefold() == "cancelled by system" and not facts.cached.old_visit:
        return Place(Group.EXCLUDED)
    return Place(Group.NEEDS_PERSON, Action.HANDLED)


def _place_of_unneeded(standing: Standing) -> Place:
    if standing.is_cancelled or standing.left:
        return Place(Group.EXCLUDED)
    if standing.destination is None:
        return Place(Group.EXCLUDED, Action.BY_HAND)
    return Place(Group.EXCLUDED, Action.REGISTER_NOW, (Action.BY_HAND,))


def _place_of_missing(facts: Facts, person: Booker, rules: Rules, now: datetime) -> Place:
    if person.state.helps:
        button, *offers = person.state.helps
        return Place(Group.NEEDS_PERSON, button, tuple(offers))
    if facts.in_file is not None:
        in_hand = (Action.NOT_UPLOADED, Action.REGISTER_NOW)
        return Place(Group.NEEDS_PERSON, Action.BY_FILE, in_hand)
    if facts.hold is not None and facts.hold.is_covered:
        return Place(Group.NEEDS_PERSON, Action.COVERED, (Action.REGISTER_NOW, Action.BY_HAND))
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
