"""Who has booked: the university ID in use, and what Alma says about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.domain.models import Booking, Patron, Personal
from core.domain.same_person import FullName, Likeness, full_name_from, likeness
from core.domain.status import Action, PatronState
from core.domain.text import clean, fold, name_or_none
from core.domain.university_id import is_blank, valid_id, why_not_valid
from core.verdict.facts import Facts, Rules, fingerprint


@dataclass(frozen=True, slots=True, repr=False)
class Booker(Personal):
    """The booker: ``state`` FOUND means that nothing stands in the way."""

    state: PatronState
    primary_id: str | None
    """The ID in use; None where there is no valid one."""
    reason: str = ""
    barcode: str | None = None
    patron: Patron | None = None


def primary_id_of(booking: Booking, pattern: str) -> str | None:
    """The whole university ID that the reader's answer means, if it is one."""
    return valid_id(booking.id_answer, pattern)


def seen_answer(booking: Booking) -> str:
    """What a correction is bound to: it holds until the reader's own answer changes."""
    # As it was first written, not as ``meant``: corrections of earlier versions hold on.
    return fingerprint(["answer", clean(booking.id_answer or "").strip().upper()])


def seen_names(booking: Booking, primary_id: str | None) -> str:
    """What "Same person" is bound to: the booking's name and the ID."""
    return fingerprint(["names", booking.first_name, booking.last_name, primary_id])


def id_in_use(facts: Facts, rules: Rules) -> str | None:
    """The desk's correction, else the reader's valid answer."""
    correction = facts.decided(Action.CORRECT_ID, lambda: seen_answer(facts.booking))
    if correction is not None:
        return correction.detail.get("primary_id")
    if not facts.booking.is_booked:
        return facts.booking.id_answer  # Alma's own, whatever readers type into LibCal
    return primary_id_of(facts.booking, rules.config.libcal.primary_id_pattern)


def judge_person(facts: Facts, rules: Rules) -> Booker:
    """What is known of the booker, the first trouble first."""
    person = _judge_one(facts, rules)
    if not facts.booking.person:
        return person
    reason = "LibCal has two people under this booking, and nobody can tell whose it is."
    return replace(person, state=PatronState.TWO_PEOPLE, reason=reason)


def _judge_one(facts: Facts, rules: Rules) -> Booker:
    primary_id = id_in_use(facts, rules)
    if primary_id is None:
        return _without_id(facts, rules.config.libcal.primary_id_pattern)
    patron = facts.patron
    if patron is None:
        return Booker(PatronState.NOT_ASKED, primary_id, "Alma has not been asked yet.")
    if patron.state in (PatronState.COULD_NOT_ASK, PatronState.NOT_IN_ALMA):
        return Booker(patron.state, primary_id, patron.reason, patron=patron)
    differs = _name_differs(facts, rules, patron, primary_id)
    if differs:
        return Booker(PatronState.NAME_DIFFERS, primary_id, differs, patron.barcode, patron)
    return _judge_account(patron, primary_id, rules, is_booked=facts.booking.is_booked)


def _without_id(facts: Facts, pattern: str) -> Booker:
    answer = facts.booking.id_answer
    if is_blank(answer):
        return Booker(PatronState.NO_ID, None, "The booking has no university ID.")
    return Booker(PatronState.ID_NOT_VALID, None, why_not_valid(answer, pattern))


def known_names(patron: Patron) -> tuple[FullName, ...]:
    """Every name that Alma knows somebody by.

    A single word without its comma says nothing: earlier versions kept names word by word.
    """
    others = [name for name in patron.names if "," in name or " " in name.strip()]
    official = FullName(patron.first_name, patron.last_name)
    return tuple(dict.fromkeys((official, *map(full_name_from, others))))


def name_in_alma(booking: Booking, patron: Patron | None) -> str:
    """Alma's name, where it isn't the booking's: sisters share a family name, and an ID mistyped
    for hers is seen by nobody else."""
    theirs = f"{patron.first_name} {patron.last_name}".strip() if patron else ""
    return theirs if fold(theirs) != fold(booking.name) else ""


def _name_differs(facts: Facts, rules: Rules, patron: Patron, primary_id: str) -> str:
    """Why the booking's name can't be that of Alma's person; empty where it can."""
    booking = facts.booking
    if not rules.config.sync.check_names:
        return ""
    found = likeness(FullName(booking.first_name, booking.last_name), known_names(patron))
    if found is Likeness.SAME or facts.shares_email():
        return ""
    if facts.decided(Action.SAME_PERSON, lambda: seen_names(booking, primary_id)) is not None:
        return ""
    theirs = f"{patron.first_name} {patron.last_name}".strip() or " ".join(patron.names)
    ours = name_or_none(booking.name)
    said = f"In Alma this ID belongs to {name_or_none(theirs)}"
    if found is Likeness.NO_NAME:
        return f"{said}; the booking is for {ours}: nothing to compare."
    if found is Likeness.OTHER_SCRIPT:
        return f"{said}; the booking is for {ours}, in another script."
    return f"{said}; the booking is for {ours}."


def _heeds_blocks(rules: Rules) -> bool:
    return rules.config.alma.active_block == "needs_person"


def _judge_account(patron: Patron, primary_id: str, rules: Rules, *, is_booked: bool) -> Booker:
    """Without a booking only an active account that nothing blocks, whatever the settings say."""
    state = patron.state
    tolerated = rules.config.alma.inactive_account == "register" and not patron.deleted
    tolerated &= is_booked
    if state is PatronState.INACTIVE and tolerated:
        state = PatronState.FOUND if patron.barcode else PatronState.NO_BARCODE
    if (
        state is PatronState.FOUND
        and patron.active_block
        and (_heeds_blocks(rules) or not is_booked)
    ):
        reason = f"The account in Alma is blocked: {patron.active_block}."
        return Booker(PatronState.INACTIVE, primary_id, reason, patron.barcode, patron)
    reason = "" if state is PatronState.FOUND else patron.reason or f"{state.label} in Alma."
    return Booker(state, primary_id, reason, patron.barcode, patron)


def people_of(bookings: Iterable[Booking], pattern: str) -> list[str]:
    """The valid university IDs of these bookings, each once."""
    found = (primary_id_of(booking, pattern) for booking in bookings)
    return list(dict.fromkeys(one for one in found if one is not None))
