"""The state of the visit (``passagepoint`` in the output), and why."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import NamedTuple

from core.domain.models import Booking
from core.domain.status import Action, LibCalState, PassState, PatronState
from core.verdict.facts import Facts, Rules, fingerprint
from core.verdict.person import Booker
from core.verdict.visit import (
    LedgerReading,
    Visit,
    has_new_card,
    outgoing,
    seen_card,
    seen_change,
    still_refused,
    what_changed,
)


class Standing(NamedTuple):
    """The visit's state with what it was derived from."""

    code: PassState
    libcal: LibCalState
    is_over: bool
    destination: str | None
    reason: str = ""
    handled: bool = False
    """Its visit was removed in PassagePoint, the desk says."""
    left: bool = False
    """The desk decided to leave it as it is, with no visit."""
    forced: bool = False
    """The desk registers it although LibCal hasn't confirmed it, or it is for an event."""
    for_event: bool = False
    """It is booked for an event of the library: nobody need have filled in a form."""
    attended: bool = True
    """Its location is one of those that are looked after here."""

    @property
    def is_cancelled(self) -> bool:
        return self.libcal.is_off

    @property
    def is_live(self) -> bool:
        """It holds in LibCal, for somebody who needs the gate."""
        return self.libcal is LibCalState.LIVE and (self.forced or not self.for_event)

    @property
    def ended_open(self) -> bool:
        """It is over, unclear or without the visit that it should have had."""
        missing = self.code is PassState.NOT_NEEDED and self.libcal is LibCalState.LIVE
        missing &= not self.for_event or self.forced
        had_to_be = missing and self.destination is not None and not self.left
        return self.is_over and (self.code is PassState.UNCLEAR or had_to_be)

    @property
    def is_wanted(self) -> bool:
        """Whether a visit is to be made for it."""
        live = self.libcal is LibCalState.LIVE and not self.for_event
        live |= self.forced and not self.is_cancelled
        stands = self.attended and self.destination is not None and not self.left
        return live and stands and not self.is_over


def seen_status(status: str) -> str:
    """What "Register now" of an unconfirmed booking is bound to: LibCal's status word."""
    return fingerprint(["status", status])


def seen_times(booking: Booking, *, but_for_start: bool = False) -> str:
    """What "It covers this" is bound to: when and where the booking is."""
    starts_at = None if but_for_start else booking.starts_at
    return fingerprint(["times", starts_at, booking.ends_at, booking.location_id])


def judge_standing(
    facts: Facts, person: Booker, ledger: LedgerReading, rules: Rules, now: datetime
) -> Standing:
    """The visit's state: an open question first, then what stands, then what is missing."""
    booking = facts.booking
    base = Standing(
        code=PassState.NOT_NEEDED,
        libcal=LibCalState.CANCELLED
        if facts.cached.old_visit or facts.is_taken_back
        else rules.libcal_state(facts.cached),
        is_over=now >= booking.ends_at,
        destination=rules.destination(booking),
        left=facts.is_forgotten or facts.stands(Action.COVERED, partial(seen_times, booking)),
        forced=facts.decided(Action.REGISTER_NOW, lambda: seen_status(booking.status)) is not None,
        for_event=booking.event_id is not None,
        attended=rules.config.libcal.looks_after(booking.location_id),
    )
    if ledger.intent is not None:
        return _with(base, PassState.REGISTERING)
    if ledger.unclear is not None:
        return _with(base, PassState.UNCLEAR, ledger.unclear.reason)
    if ledger.visit is not None:
        return _judge_visit(facts, person, ledger.visit, base, rules)
    if not base.is_wanted:
        return base
    return _judge_missing(facts, person, ledger, base, rules)


def _judge_visit(
    facts: Facts, person: Booker, visit: Visit, base: Standing, rules: Rules
) -> Standing:
    if not base.attended:
        return _with(base, visit.kind)  # nobody asks LibCal any more: what was made stands
    handled = facts.decided(Action.HANDLED, lambda: visit.ref) is not None
    if base.is_over or (base.is_cancelled and handled):
        return _with(base, visit.kind, handled=handled and base.is_cancelled)
    if base.is_cancelled:
        return _with(base, PassState.CANCELLED_AFTER, _why_cancelled(facts))
    left = _is_left(facts, person, rules)
    if handled:
        reason = "It was cancelled and its visit removed, and now it is booked again."
        return _with(base, PassState.NOT_NEEDED if left else PassState.CHANGED, reason, left=left)
    if base.libcal is not LibCalState.LIVE:
        return _with(base, visit.kind)
    changes = what_changed(visit, facts.booking, person, rules)
    if changes and not left:
        reason = f"The booking changed after it was registered: {' and '.join(changes)}."
        return _with(base, PassState.CHANGED, reason)
    if has_new_card(visit, person) and not facts.decided(Action.LEAVE, lambda: seen_card(person)):
        reason = "Alma has a new barcode for this reader; the visit is for the old card."
        return _with(base, PassState.CARD_CHANGED, reason)
    return _with(base, visit.kind)


def _is_left(facts: Facts, person: Booker, rules: Rules) -> bool:
    """The desk saw this very change, and leaves the visit as it is."""
    return facts.stands(Action.LEAVE, partial(seen_change, facts.booking, person, rules))


def _judge_missing(
    facts: Facts, person: Booker, ledger: LedgerReading, base: Standing, rules: Rules
) -> Standing:
    if facts.cached.held:
        if _is_left(facts, person, rules):
            return _with(base, PassState.NOT_NEEDED, left=True)
        reason = "LibCal moved this booking about after a visit had been registered for it."
        return _with(base, PassState.CHANGED, reason)
    if person.state is not PatronState.FOUND:
        return _with(base, PassState.WAITING, person.reason)
    visitor = facts.visitor
    if visitor and visitor.barcode == person.barcode and visitor.visitor_id is None:
        number = str(len(visitor.candidates)) if len(visitor.candidates) > 1 else "Several"
        reason = f"{number} people in PassagePoint have this barcode."
        return _with(base, PassState.CHOOSE_PERSON, reason)
    if facts.lacks_destination:
        return _with(
            base, PassState.REFUSED, f"{base.destination} isn't a destination in PassagePoint."
        )
    if ledger.refused is not None and still_refused(ledger, outgoing(facts, person, rules)):
        return _with(base, PassState.REFUSED, ledger.refused.reason)
    tries = facts.cached.tries
    if tries.count:
        return _with(base, PassState.FAILED, tries.reason)
    return _with(base, PassState.WAITING)


def _why_cancelled(facts: Facts) -> str:
    if facts.cached.old_visit:
        return "This visit was replaced by another one, but it still stands in PassagePoint."
    if facts.cached.gone_at is not None:
        return "The booking is gone from LibCal, but its visit still stands in PassagePoint."
    word = "denied" if "denied" in facts.booking.status.casefold() else "cancelled"
    return f"The booking was {word}, but its visit still stands in PassagePoint."


def _with(
    base: Standing,
    code: PassState,
    reason: str = "",
    *,
    handled: bool = False,
    left: bool = False,
) -> Standing:
    return base._replace(code=code, reason=reason, handled=handled, left=left)
