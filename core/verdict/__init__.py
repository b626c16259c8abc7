"""The decision table: everything known about a booking → what the desk sees. Pure.

``decide`` is the only place where a booking's states, group, button and words are made.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from core.domain.models import BookingRow, Decision
from core.domain.status import Action, PassState, PatronState
from core.verdict.check_in import CheckIn, but_for_check_ins, judge_check_in
from core.verdict.facts import Facts, Hold, Rules
from core.verdict.person import Booker, judge_person, name_in_alma
from core.verdict.place import Place, find_place, turning_points
from core.verdict.standing import Standing, judge_standing
from core.verdict.visit import LedgerReading, Outgoing, outgoing, read_ledger
from core.verdict.words import (
    libcal_label,
    next_step_of,
    reason_of,
    seats_in_words,
    visit_label,
    visit_tone,
)

__all__ = ["Facts", "Hold", "Rules", "Verdict", "decide", "read_ledger", "undoable"]

_FOR_EVER = datetime.max.replace(tzinfo=UTC)


class Verdict(NamedTuple):
    """What ``decide`` found: the row, and what the pipeline needs to go on."""

    row: BookingRow
    person: Booker
    standing: Standing
    ledger: LedgerReading
    outgoing: Outgoing
    is_ready: bool
    """Only the visit is missing: person and barcode are known, nobody has to decide."""
    valid_until: datetime
    """When the passing of time alone makes another verdict."""


def decide(facts: Facts, rules: Rules, now: datetime) -> Verdict:
    """The verdict on one booking at ``now``; the same facts always give the same."""
    person = judge_person(facts, rules)
    ledger = read_ledger(facts)
    standing = judge_standing(facts, person, ledger, rules, now)
    check_in = judge_check_in(facts, standing, rules)
    place = find_place(facts, person, standing, rules, now)
    return Verdict(
        row=_row(facts, person, ledger, standing, place, check_in, rules, now),
        person=person,
        standing=standing,
        ledger=ledger,
        outgoing=outgoing(facts, person, rules),
        is_ready=standing.code.is_missing and person.state is PatronState.FOUND,
        valid_until=min(
            (moment for moment in turning_points(facts, rules) if moment > now), default=_FOR_EVER
        ),
    )


def undoable(facts: Facts) -> Decision | None:
    """The newest decision, if nothing was sent since it was made."""
    decisions = but_for_check_ins(facts.decisions)
    if not decisions:
        return None
    newest = decisions[-1]
    if not newest.action.can_be_undone:
        return None
    sent_since = any(send.sequence > newest.sequence for send in facts.sends)
    return None if sent_since else newest


def _row(
    facts: Facts,
    person: Booker,
    ledger: LedgerReading,
    standing: Standing,
    place: Place,
    check_in: CheckIn,
    rules: Rules,
    now: datetime,
) -> BookingRow:
    booking, cached = facts.booking, facts.cached
    visit = ledger.visit
    starts_at, ends_at = rules.day.local(booking.starts_at), rules.day.local(booking.ends_at)
    shown = check_in.placed(place)
    offers = shown.offers
    if not standing.is_over and undoable(facts):
        offers = (*offers, Action.UNDO)
    names = [part for part in (booking.last_name, booking.first_name) if part]
    return BookingRow(
        row_id=cached.row_id,
        book_id=booking.book_id,
        starts_at=starts_at,
        ends_at=ends_at,
        name=booking.name,
        sort_name=", ".join(names),
        primary_id=person.primary_id,
        id_answer=booking.id_answer,
        location_id=booking.location_id,
        location=booking.location_name,
        seats=seats_in_words(booking.seats),
        destination=standing.destination,
        email=booking.email,
        libcal=booking.status,
        libcal_state=standing.libcal,
        libcal_label=check_in.state.label or libcal_label(facts, standing),
        patron=person.state,
        block=person.patron.active_block if person.patron else None,
        alma_name=name_in_alma(booking, person.patron),
        passagepoint=standing.code,
        group=shown.group,
        label=visit_label(standing, person, ledger, rules),
        tone=visit_tone(standing, person, place),
        action=shown.action,
        offers=offers,
        reason=check_in.with_reason(reason_of(facts, standing, person, rules)),
        next_step=check_in.with_step(
            next_step_of(facts, standing, person, place, ledger, rules, now)
        ),
        prereg_id=visit.prereg_id if visit else None,
        registered_at=visit.at if visit else None,
        barcode=person.barcode,
        is_over=standing.is_over,
        is_live=standing.is_live,
        has_arrived=booking.has_arrived,
        is_old=facts.is_old or bool(person.patron and person.patron.is_old),
        day=starts_at.date(),
        first_seen_at=cached.first_seen_at,
        seen_in_libcal_at=facts.seen_in_libcal_at,
        asked_alma_at=person.patron.answered_at if person.patron else None,
        first_name=booking.first_name,
        last_name=booking.last_name,
        candidates=_candidates(facts, standing),
        person=booking.person,
        is_asked_about=_is_asked_about(facts, standing),
        parent_row_id=booking.parent_row_id,
        companions=facts.party.companions,
        companions_allowed=rules.config.passagepoint.companions_per_booking or 0,
        place=rules.config.libcal.short_name_of(booking.location_id),
        check_in=check_in.state,
    )


def _is_asked_about(facts: Facts, standing: Standing) -> bool:
    is_missing = standing.is_wanted and standing.code.is_missing
    return is_missing and facts.hold is not None and facts.hold.is_asked_about


def _candidates(facts: Facts, standing: Standing) -> tuple[str, ...]:
    visitor = facts.visitor if standing.code is PassState.CHOOSE_PERSON else None
    return visitor.candidates if visitor is not None else ()
