"""Who has booked: the university ID in use, and what Alma says about it."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from core.domain.models import Booking, Patron, Personal
from core.domain.status import Action, PatronState
from core.domain.text import clean, names_agree
from core.verdict.facts import Facts, Rules, fingerprint


@dataclass(frozen=True, slots=True, repr=False)
class Person(Personal):
    """The booker: ``state`` FOUND means that nothing stands in the way."""

    state: PatronState
    primary_id: str | None
    """The ID in use; None where there is no valid one."""
    reason: str = ""
    barcode: str | None = None
    patron: Patron | None = None


def primary_id_of(booking: Booking, pattern: str) -> str | None:
    """The reader's answer, trimmed and upper-cased, if it is a whole university ID."""
    answer = normal_id(booking.id_answer)
    return answer if answer and _compiled(pattern).fullmatch(answer) else None


def normal_id(answer: str | None) -> str:
    """An ID as it is compared: trimmed, upper-case."""
    return clean(answer or "").strip().upper()


def seen_answer(booking: Booking) -> str:
    """What a correction is bound to: it holds until the reader's own answer changes."""
    return fingerprint(["answer", normal_id(booking.id_answer)])


def seen_names(booking: Booking, primary_id: str | None) -> str:
    """What "Same person" is bound to: the booking's name and the ID."""
    return fingerprint(["names", booking.first_name, booking.last_name, primary_id])


def id_in_use(facts: Facts, rules: Rules) -> str | None:
    """The desk's correction, else the reader's valid answer."""
    correction = facts.decided(Action.CORRECT_ID, lambda: seen_answer(facts.booking))
    if correction is not None:
        return correction.detail.get("primary_id")
    return primary_id_of(facts.booking, rules.config.libcal.primary_id_pattern)


def judge_person(facts: Facts, rules: Rules) -> Person:
    """What is known of the booker, the first trouble first."""
    primary_id = id_in_use(facts, rules)
    if primary_id is None:
        return _without_id(facts)
    patron = facts.patron
    if patron is None:
        return Person(PatronState.NOT_ASKED, primary_id, "Alma has not been asked yet.")
    if patron.state in (PatronState.COULD_NOT_ASK, PatronState.NOT_IN_ALMA):
        return Person(patron.state, primary_id, patron.reason, patron=patron)
    if _name_differs(facts, rules, patron, primary_id):
        theirs = f"{patron.first_name} {patron.last_name}".strip() or " ".join(patron.names)
        reason = f"In Alma this ID belongs to {theirs}; the booking is for {facts.booking.name}."
        return Person(PatronState.NAME_DIFFERS, primary_id, reason, patron.barcode, patron)
    return _judge_account(patron, primary_id, rules)


def _without_id(facts: Facts) -> Person:
    if not normal_id(facts.booking.id_answer):
        return Person(PatronState.NO_ID, None, "The booking has no university ID.")
    reason = f"“{facts.booking.id_answer}” is not a whole university ID."
    return Person(PatronState.ID_NOT_VALID, None, reason)


def _name_differs(facts: Facts, rules: Rules, patron: Patron, primary_id: str) -> bool:
    booking = facts.booking
    if not rules.config.sync.check_names:
        return False
    if names_agree((booking.first_name, booking.last_name), patron.names):
        return False
    same = facts.decided(Action.SAME_PERSON, lambda: seen_names(booking, primary_id))
    return same is None


def _judge_account(patron: Patron, primary_id: str, rules: Rules) -> Person:
    state = patron.state
    tolerated = rules.config.alma.inactive_account == "register" and not patron.deleted
    if state is PatronState.INACTIVE and tolerated:
        state = PatronState.FOUND if patron.barcode else PatronState.NO_BARCODE
    reason = "" if state is PatronState.FOUND else patron.reason or f"{state.label} in Alma."
    return Person(state, primary_id, reason, patron.barcode, patron)


@functools.lru_cache(maxsize=8)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
