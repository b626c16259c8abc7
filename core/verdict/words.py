"""What staff read about a row: the cell's label and tone, what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.domain.status import (
    NOT_KNOWN_HERE,
    Action,
    Group,
    LibCalState,
    PassState,
    PatronState,
    Source,
    Tone,
)
from core.domain.text import SEAT_DOT
from core.verdict.card import shut_gate_proves_from, try_the_card, which_gate
from core.verdict.facts import Facts, Rules
from core.verdict.person import Booker
from core.verdict.place import Place
from core.verdict.standing import Standing
from core.verdict.visit import LedgerReading

_STATUS_LABELS = {"mediated approved": "Approved", "confirmed": "Confirmed"}


def seats_in_words(seats: Sequence[str]) -> str:
    """``Study Room 139``, ``Zone 7 · Seat 68, 69``: what all have in common is said once."""
    by_space: dict[str, list[str]] = {}
    for seat in seats:
        space, dot, place = seat.partition(SEAT_DOT)
        by_space.setdefault(space, []).extend([place] if dot else [])
    between = "; " if any(by_space.values()) else SEAT_DOT
    return between.join(
        SEAT_DOT.join([space, _numbers_in_words(places)]) if places else space
        for space, places in by_space.items()
    )


def _numbers_in_words(places: Sequence[str]) -> str:
    """``Seat 50, 51``"""
    kind, _, number = places[0].rpartition(" ")
    alike = number.isdigit() and all(one.startswith(f"{kind} ") for one in places)
    shorter = [one.removeprefix(f"{kind} ") for one in places[1:]] if alike else places[1:]
    return ", ".join([places[0], *shorter])


def libcal_label(facts: Facts, standing: Standing) -> str:
    """LibCal's cell: its own word, or what happened to the booking."""
    booking = facts.booking
    if facts.cached.old_visit:
        return "Replaced"
    if facts.is_taken_back:
        return "Taken back"
    if booking.source is Source.DESK:
        return booking.status
    if booking.source is Source.COMPANION and not standing.is_cancelled:
        return "Companion"
    if facts.cached.gone_at is not None:
        return "Gone from LibCal"
    if standing.libcal is LibCalState.LIVE and booking.has_arrived:
        return "Arrived" if booking.check_in == "in" else "Checked out"
    word = booking.status.strip()
    if standing.libcal is LibCalState.CANCELLED:
        return "Cancelled"  # by whom stands in the detail
    plain = _STATUS_LABELS.get(word.casefold())
    return plain or word.removeprefix("Mediated ") or "No status"


def visit_label(standing: Standing, person: Booker, ledger: LedgerReading, rules: Rules) -> str:
    """PassagePoint's cell."""
    code = standing.code
    if standing.handled:
        return "Removed"
    if code.stands and ledger.visit is not None and ledger.visit.at is not None:
        return f"{code.label} {rules.day.clock_time(ledger.visit.at)}"
    if standing.is_over and code is not PassState.REGISTERING:
        return _ended_label(standing, rules)
    if code is PassState.WAITING and person.state not in (PatronState.FOUND, PatronState.NOT_ASKED):
        return person.state.label
    if code is PassState.WAITING and rules.config.is_beside_others:
        return NOT_KNOWN_HERE
    if code is PassState.NOT_NEEDED:
        return _unneeded_label(standing)
    return code.label


def _ended_label(standing: Standing, rules: Rules) -> str:
    if standing.code is PassState.UNCLEAR:
        return "Ended unclear"
    if _was_expected(standing):
        return NOT_KNOWN_HERE if rules.config.is_beside_others else "Ended, not registered"
    return _unneeded_label(standing)


def _was_expected(standing: Standing) -> bool:
    """Whether a visit should have been made."""
    is_for_reader = not standing.for_event or standing.forced
    return (
        is_for_reader and standing.libcal is LibCalState.LIVE and standing.destination is not None
    )


def _unneeded_label(standing: Standing) -> str:
    if not standing.attended:
        return "Not looked after"
    if standing.left:
        return "Left as it is"
    if standing.is_cancelled:
        return "Not needed"
    if standing.destination is None:
        return "No destination"
    if standing.for_event:
        return "For an event"
    return "Not confirmed" if standing.libcal is LibCalState.TENTATIVE else "Other status"


def visit_tone(standing: Standing, person: Booker, place: Place) -> Tone:
    """How loud the PassagePoint cell is: only what needs a person is."""
    if standing.code.stands and not standing.handled:
        return Tone.GOOD
    if place.group is Group.EXCLUDED:
        return Tone.NEUTRAL
    if standing.code is PassState.WAITING and place.group is Group.NEEDS_PERSON:
        return person.state.tone if person.state is not PatronState.FOUND else Tone.WARN
    return standing.code.tone


def reason_of(facts: Facts, standing: Standing, person: Booker, rules: Rules) -> str | None:
    """What is wrong, in plain words; None where nothing is."""
    code = standing.code
    if not standing.attended and code is not PassState.REGISTERING:
        return _why_unattended(standing)
    if code.stands or code is PassState.REGISTERING:
        return None
    if standing.is_over:
        return _why_ended(facts, standing, person, rules)
    if facts.in_hand is not None and facts.hold is not None and standing.is_wanted:
        return facts.hold.reason
    if code is PassState.NOT_NEEDED:
        return _why_unneeded(standing, facts, rules)
    if code is PassState.CANCELLED_AFTER:
        until = rules.day.clock_time(facts.booking.ends_at)
        return f"{standing.reason} It opens the gate until {until}."
    if code.is_missing and facts.hold is not None and not person.state.helps:
        return facts.hold.reason
    return standing.reason or None


def next_step_of(
    facts: Facts,
    standing: Standing,
    person: Booker,
    place: Place,
    ledger: LedgerReading,
    rules: Rules,
    now: datetime,
) -> str:
    """What to do about it."""
    if standing.is_over or not standing.attended:
        return ""
    if facts.party.leader:
        is_booking = facts.party.leader == facts.booking.parent_row_id
        where = "the booking that it came with" if is_booking else "the row with the button"
        return f"One press at {where} decides for the whole group."
    if place.group is Group.REGISTERED:
        return "" if standing.is_cancelled else which_gate(ledger.visit, rules)
    if place.group is Group.EXCLUDED:
        return _step_for_excluded(standing)
    if standing.code is PassState.UNCLEAR:
        second = Action.REGISTER_AGAIN if standing.is_wanted else Action.IT_IS_NOT
        proves_from = shut_gate_proves_from(facts, ledger.unclear, rules)
        return _try_the_card(proves_from, rules, now, Action.IT_IS_THERE, second)
    if facts.in_hand is not None and facts.hold is not None:
        return facts.hold.next_step
    if not standing.code.is_missing:
        return _step_for_party(standing.code, facts.party.led)
    if person.state.helps:
        return person.state.next_step
    if facts.hold is not None and facts.hold.may_be_registered:
        proves_from = shut_gate_proves_from(facts, None, rules)
        return _try_the_card(proves_from, rules, now, Action.BY_HAND, Action.REGISTER_NOW)
    if facts.hold is not None:
        return facts.hold.next_step
    if place.group is Group.NEEDS_PERSON:
        return "Press Register now. If that fails, register the visit in PassagePoint by hand."
    return standing.code.next_step


def _step_for_party(code: PassState, led: int) -> str:
    """One decision is about all visits of a booking and its companions."""
    if not led:
        return code.next_step
    if code is PassState.CANCELLED_AFTER:
        return (
            f"Remove the {led + 1} visits of this group in PassagePoint, then press "
            f"{Action.HANDLED.label}: it counts for all of them."
        )
    return f"{code.next_step} It is decided for all {led + 1} visits of the group."


def _try_the_card(
    proves_from: datetime | None, rules: Rules, now: datetime, opens: Action, shut: Action
) -> str:
    names = [action.label.rstrip("…") for action in (opens, shut)]
    return try_the_card(proves_from, rules, now, *names)


def _why_unattended(standing: Standing) -> str:
    said = "This place is no longer looked after here"
    if standing.code.stands:
        return f"{said}; the visit stands in PassagePoint."
    if standing.code is PassState.UNCLEAR:
        return f"{said}, and whether the visit was registered is not known."
    return f"{said}."


def _why_ended(facts: Facts, standing: Standing, person: Booker, rules: Rules) -> str | None:
    if standing.code is PassState.UNCLEAR:
        return "It ended, and whether the visit was registered is not known."
    if not _was_expected(standing):
        return None
    if rules.config.is_beside_others:
        return "It ended, and whether another computer registered it is not known here."
    if facts.cached.first_seen_at >= facts.booking.ends_at:
        return "It was over before this program first saw it."
    why = person.reason or facts.cached.tries.reason or (facts.hold.reason if facts.hold else "")
    return f"It ended without registration. {why}".strip()


def _why_unneeded(standing: Standing, facts: Facts, rules: Rules) -> str | None:
    if facts.is_forgotten:
        return "This person was forgotten here: nothing is sent."
    if standing.left:
        return "The desk left it as it is."
    if standing.is_cancelled:
        return None
    if standing.destination is None:
        return "This place has no destination in PassagePoint."
    if standing.for_event:
        title = f" ({facts.booking.event_title})" if facts.booking.event_title else ""
        return f"Booked for an event{title}: nobody need have given an ID."
    wanted = " or ".join(f"“{one}”" for one in rules.config.libcal.register_statuses)
    return f"LibCal says “{facts.booking.status}”: registered is what is {wanted}."


def _step_for_excluded(standing: Standing) -> str:
    if standing.is_cancelled or standing.left:
        return ""
    if standing.destination is None:
        return "If the reader needs the gate, register the visit in PassagePoint by hand."
    if standing.for_event:
        return "If somebody comes for it who needs the gate, register them."
    return "Register it only if you know that the booking holds."
