"""What stands in PassagePoint: the ledger's sends and the desk's decisions, read together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple, assert_never

from core.domain.models import Booking, Decision, Personal, PreRegistration
from core.domain.status import Action, PassState, SendState
from core.verdict.facts import Facts, Rules, fingerprint
from core.verdict.person import Booker


@dataclass(frozen=True, slots=True, repr=False)
class Visit(Personal):
    """A visit that stands in PassagePoint as far as is known, and what was sent for it."""

    kind: PassState
    """REGISTERED, BY_HAND or BY_FILE."""
    ref: str
    """The send or the decision it comes from."""
    at: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    destination: str | None
    primary_id: str | None
    barcode: str | None
    prereg_id: str | None = None


class LedgerReading(NamedTuple):
    """The newest of what the ledger and the desk say; at most one of them is set."""

    visit: Visit | None = None
    unclear: PreRegistration | None = None
    refused: PreRegistration | None = None
    intent: PreRegistration | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Outgoing(Personal):
    """What would be sent for a booking now."""

    starts_at: datetime
    ends_at: datetime
    destination: str | None
    category: str
    primary_id: str | None
    barcode: str | None


def read_ledger(facts: Facts) -> LedgerReading:
    """The newest send or decision that hasn't been replaced by a later one."""
    voided = {one.seen for one in facts.decisions if one.action.voids}
    latest = LedgerReading()
    for event in _in_order(facts):
        if isinstance(event, Decision):
            if event.decision_id not in voided:
                latest = LedgerReading(visit=_visit_by_staff(event))
        elif event.send_id not in voided:
            latest = _read_send(event, facts)
    return latest


def outgoing(facts: Facts, person: Booker, rules: Rules) -> Outgoing:
    """What would be sent for this booking now."""
    starts_at, ends_at = rules.visit_times(facts.booking)
    patron = person.patron
    groups = (patron.group_code, patron.user_group) if patron else ()
    return Outgoing(
        starts_at=starts_at,
        ends_at=ends_at,
        destination=rules.destination(facts.booking),
        category=rules.config.passagepoint.category_of(*groups),
        primary_id=person.primary_id,
        barcode=person.barcode,
    )


def still_refused(ledger: LedgerReading, now_sent: Outgoing) -> bool:
    """Whether exactly what PassagePoint refused would be sent again."""
    refused = ledger.refused
    return refused is not None and now_sent == Outgoing(
        starts_at=refused.starts_at or now_sent.starts_at,
        ends_at=refused.ends_at or now_sent.ends_at,
        destination=refused.destination,
        category=refused.category or now_sent.category,
        primary_id=refused.primary_id,
        barcode=refused.barcode,
    )


def seen_change(
    booking: Booking, person: Booker, rules: Rules, *, but_for_start: bool = False
) -> str:
    """What a decision about a change is bound to."""
    return fingerprint(
        [
            "change",
            None if but_for_start else booking.starts_at.astimezone(UTC),
            booking.ends_at.astimezone(UTC),
            rules.destination(booking),
            person.primary_id,
        ]
    )


def seen_card(person: Booker) -> str:
    """What a decision about a new card is bound to."""
    return fingerprint(["card", person.barcode])


def what_changed(visit: Visit, booking: Booking, person: Booker, rules: Rules) -> list[str]:
    """Why the visit no longer covers the booking, in plain words; empty where it does."""
    changes = []
    time_of = rules.day.clock_time
    if _starts_outside(visit, booking):
        changes.append(f"it now starts at {time_of(booking.starts_at)}")
    if visit.ends_at is not None and booking.ends_at > visit.ends_at:
        changes.append(f"it now ends at {time_of(booking.ends_at)}")
    destination = rules.destination(booking)
    if visit.destination is not None and destination != visit.destination:
        changes.append(f"it is now for {destination or 'a place without destination'}")
    if _is_other_person(visit, person):
        changes.append("it is now for another university ID")
    return changes


def _starts_outside(visit: Visit, booking: Booking) -> bool:
    if visit.starts_at is None or visit.ends_at is None:
        return False
    # LibCal moves the start to the minute of arrival when people check in.
    if booking.has_arrived:
        return False
    return not visit.starts_at <= booking.starts_at < visit.ends_at


def _is_other_person(visit: Visit, person: Booker) -> bool:
    if visit.primary_id is None or person.primary_id is None:
        return False
    return visit.primary_id.upper() != person.primary_id.upper()


def has_new_card(visit: Visit, person: Booker) -> bool:
    """Whether Alma has another barcode than the one the visit was made for."""
    return bool(visit.barcode and person.barcode and visit.barcode != person.barcode)


def _in_order(facts: Facts) -> Iterator[PreRegistration | Decision]:
    """By their place in the ledger: a clock may have been put right in between."""
    by_staff = [one for one in facts.decisions if one.action.made]
    events: list[PreRegistration | Decision] = [*facts.sends, *by_staff]
    yield from sorted(events, key=lambda event: event.sequence)


def _read_send(send: PreRegistration, facts: Facts) -> LedgerReading:
    match send.state:
        case SendState.INTENT:
            return LedgerReading(intent=send)
        case SendState.REFUSED:
            return LedgerReading(refused=send)
        case SendState.REGISTERED:
            return LedgerReading(visit=_visit_sent(send))
        case SendState.UNCLEAR:
            is_there = facts.decided(Action.IT_IS_THERE, lambda: send.send_id) is not None
            return (
                LedgerReading(visit=_visit_sent(send)) if is_there else LedgerReading(unclear=send)
            )
        case SendState.WITHDRAWN:
            return LedgerReading()
        case _:
            assert_never(send.state)


def _visit_sent(send: PreRegistration) -> Visit:
    return Visit(
        kind=PassState.REGISTERED,
        ref=send.send_id,
        at=send.settled_at or send.intended_at,
        starts_at=send.starts_at,
        ends_at=send.ends_at,
        destination=send.destination,
        primary_id=send.primary_id,
        barcode=send.barcode,
        prereg_id=send.prereg_id,
    )


def _visit_by_staff(decision: Decision) -> Visit:
    detail = decision.detail
    starts_at, ends_at = detail.get("starts_at"), detail.get("ends_at")
    return Visit(
        kind=decision.action.made or PassState.BY_HAND,
        ref=decision.decision_id,
        at=decision.at,
        starts_at=datetime.fromisoformat(starts_at) if starts_at else None,
        ends_at=datetime.fromisoformat(ends_at) if ends_at else None,
        destination=detail.get("destination"),
        primary_id=detail.get("primary_id"),
        barcode=detail.get("barcode"),
    )
