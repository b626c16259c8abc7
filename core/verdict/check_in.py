"""What the desk wants LibCal to be told of a reader's arrival, and what became of that."""

from __future__ import annotations

from typing import NamedTuple

from core.domain.check_in_state import REFUSED, WAITS_FOR, CheckInState
from core.domain.models import Decision
from core.domain.status import Action, Group, LibCalState
from core.verdict.facts import Facts, Rules
from core.verdict.place import Place
from core.verdict.standing import Standing

ABOUT_CHECK_IN = frozenset({Action.CHECK_IN, Action.NOT_CHECKED_IN})


class CheckIn(NamedTuple):
    """Where it stands, and what staff read of it."""

    state: CheckInState = CheckInState.NONE
    can_be_asked: bool = False
    """The desk may check the reader in now."""
    reason: str = ""
    next_step: str = ""

    def with_reason(self, reason: str | None) -> str | None:
        return " ".join(part for part in (self.reason, reason) if part) or None

    def with_step(self, next_step: str) -> str:
        return " ".join(part for part in (self.next_step, next_step) if part)

    def placed(self, place: Place) -> Place:
        """What the row offers; one that came to nothing is to do, whatever else is well."""
        offers = (*place.offers, Action.CHECK_IN) if self.can_be_asked else place.offers
        if self.state is CheckInState.WAITS:
            return place._replace(offers=(*offers, Action.NOT_CHECKED_IN))
        if self.state is not CheckInState.MISSED:
            return place._replace(offers=offers)
        if place.action is None:
            return Place(Group.NEEDS_PERSON, Action.NOT_CHECKED_IN, offers)
        return Place(Group.NEEDS_PERSON, place.action, (*offers, Action.NOT_CHECKED_IN))


def judge_check_in(facts: Facts, standing: Standing, rules: Rules) -> CheckIn:
    """Of LibCal's own bookings only, and only while they live there."""
    booking, cached = facts.booking, facts.cached
    if not booking.is_booked or cached.old_visit or facts.is_forgotten:
        return CheckIn()
    wish = facts.last(Action.CHECK_IN)
    if booking.has_arrived and not booking.open_codes:
        return CheckIn()  # LibCal knows, whoever told it
    is_open = not standing.is_over and standing.attended and bool(booking.open_codes)
    is_open &= standing.libcal is LibCalState.LIVE
    can_be_asked = is_open and rules.config.libcal.check_in
    if wish is None:
        return CheckIn(can_be_asked=can_be_asked)
    since = rules.day.clock_time(wish.at)
    refused = wish.detail.get(REFUSED, "")
    if is_open and not refused:
        why = wish.detail.get(WAITS_FOR, "")
        reason = f"The check-in waits since {since}. {why}".strip()
        return CheckIn(CheckInState.WAITS, reason=reason, next_step="It goes out by itself.")
    step = "If the reader is here, look in LibCal. Then press Leave without check-in."
    if refused:
        reason = f"The check-in of {since} came to nothing. {refused}"
    else:
        why = _why_missed(facts, standing)
        reason = f"The check-in of {since} didn't reach LibCal in time. {why}".strip()
    return CheckIn(CheckInState.MISSED, can_be_asked, reason, step)


def _why_missed(facts: Facts, standing: Standing) -> str:
    if facts.cached.gone_at is not None:
        return "The booking is gone from LibCal."
    if standing.libcal is not LibCalState.LIVE:
        return f"LibCal says “{facts.booking.status}”."
    return "The booking is over." if standing.is_over else ""


def but_for_check_ins(decisions: tuple[Decision, ...]) -> tuple[Decision, ...]:
    """A check-in takes back nothing, and nothing takes it back."""
    return tuple(one for one in decisions if one.action not in ABOUT_CHECK_IN)
