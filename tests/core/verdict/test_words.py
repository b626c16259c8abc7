"""Everything that the desk reads of a row, as it stands in ``what_the_desk_reads.txt``: its state,
group, tone, label, button, what else is offered, the reason and the next step."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.domain.models import BookingRow, Visitor
from core.domain.status import Action, PatronState, SendState
from core.verdict import Hold, Rules
from core.verdict.person import Booker
from core.verdict.standing import seen_status
from core.verdict.visit import seen_card, seen_change
from tests.builders import NOON, a_booking, a_config
from tests.core.verdict.cases import (
    LOCATIONS,
    NOW,
    RULES,
    Change,
    booking,
    cached,
    decided,
    named,
    no_destination,
    over,
    patron,
    sent,
    several_people,
    tried,
    unticked,
    verdict_of,
)

BESIDE_OTHERS = Rules(
    a_config(LibCal={"locations": LOCATIONS}, Sync={"register_automatically": False})
)
HEEDS_BLOCKS = Rules(
    a_config(LibCal={"locations": LOCATIONS}, Alma={"active_block": "needs_person"})
)
LATE = NOON - timedelta(minutes=14)
AFTER = NOON + timedelta(hours=1)
LONG_KNOWN = cached(first_seen_at=NOW - timedelta(days=1))
FOUND = Booker(PatronState.FOUND, "G12345678", barcode="22820001")
ANOTHER_CARD = Booker(PatronState.FOUND, None, barcode="2")


def hold(**values: Any) -> Change:
    one = Hold("PassagePoint is away.", **values)
    return lambda facts: facts._replace(hold=one)


def facts(**values: Any) -> Change:
    return lambda facts: facts._replace(**values)


def in_passagepoint(
    *candidates: str, barcode: str = "22820001", chosen: str | None = None
) -> Change:
    return facts(visitor=Visitor("G12345678", barcode, chosen, candidates=candidates))


def left(**changes: Any) -> Change:
    """The desk saw the booking so, and left its visit as it is."""
    return decided(Action.LEAVE, seen_change(a_booking(**changes), FOUND, RULES))


EVENT, TITLED = booking(event_id="7"), booking(event_id="7", event_title="Reading")
FORCED = decided(Action.REGISTER_NOW, seen_status("Confirmed"))
OFF, DENIED = booking(status="Cancelled by User"), booking(status="Mediated Denied")
LATER = {"starts_at": NOON + timedelta(hours=2), "ends_at": NOON + timedelta(hours=3)}
BY_HAND_AT_NOON = decided(
    Action.BY_HAND,
    destination="Main Desk",
    starts_at=NOON.isoformat(),
    ends_at=AFTER.isoformat(),
)
CARD_2_LEFT = decided(Action.LEAVE, seen_card(ANOTHER_CARD))
UPLOAD = hold(next_step="Upload it.")

CASES: dict[str, tuple[Change, ...]] = {
    "a good one": (),
    "a try failed": (tried(),),
    "being sent": (sent(SendState.INTENT),),
    "being sent, over": (over, sent(SendState.INTENT)),
    "being sent, unticked": (unticked, sent(SendState.INTENT)),
    "registered": (sent(),),
    "registered at once": (sent(settled_at=None),),
    "registered, unticked": (unticked, sent()),
    "registered, over": (over, sent()),
    "registered, over and cancelled": (over, OFF, sent()),
    "registered, over, cancelled and removed": (over, OFF, sent(), decided(Action.HANDLED, "s1")),
    "registered, over, live and removed": (over, sent(), decided(Action.HANDLED, "s1")),
    "by hand": (decided(Action.BY_HAND),),
    "by hand with its times": (BY_HAND_AT_NOON,),
    "by hand and moved": (booking(**LATER), BY_HAND_AT_NOON),
    "by hand for another place": (decided(Action.BY_HAND, destination="Annex Desk"),),
    "by hand with another ID": (decided(Action.BY_HAND, primary_id="G2"),),
    "by hand with another card": (decided(Action.BY_HAND, barcode="9"),),
    "by hand, then sent": (decided(Action.BY_HAND), sent(SendState.UNCLEAR)),
    "sent, then by hand": (sent(SendState.UNCLEAR), decided(Action.BY_HAND)),
    "by file": (decided(Action.BY_FILE),),
    "in a file": (decided(Action.IN_FILE), UPLOAD),
    "in a file, something else decided": (decided(Action.IN_FILE), decided(Action.LEAVE), UPLOAD),
    "not uploaded": (decided(Action.IN_FILE), decided(Action.NOT_UPLOADED)),
    "not uploaded, in a file again": (
        decided(Action.NOT_UPLOADED),
        decided(Action.IN_FILE),
        UPLOAD,
    ),
    "unclear": (sent(SendState.UNCLEAR, reason="No answer."),),
    "unclear, it is there": (sent(SendState.UNCLEAR), decided(Action.IT_IS_THERE, "s1")),
    "unclear, another is there": (sent(SendState.UNCLEAR), decided(Action.IT_IS_THERE, "s9")),
    "unclear, it is not": (sent(SendState.UNCLEAR), decided(Action.IT_IS_NOT, "s1")),
    "unclear, unticked": (unticked, sent(SendState.UNCLEAR)),
    "unclear and cancelled": (OFF, sent(SendState.UNCLEAR)),
    "unclear, over": (over, sent(SendState.UNCLEAR)),
    "cancelled": (OFF,),
    "cancelled after": (OFF, sent()),
    "denied after": (DENIED, sent()),
    "gone after": (cached(gone_at=NOW), sent()),
    "replaced": (cached(old_visit=True), sent()),
    "removed": (OFF, sent(), decided(Action.HANDLED, "s1")),
    "another one removed": (OFF, sent(), decided(Action.HANDLED, "s9")),
    "removed and booked again": (sent(), decided(Action.HANDLED, "s1")),
    "removed, booked again and left": (sent(), decided(Action.HANDLED, "s1"), left()),
    "starts later": (
        booking(starts_at=NOON + timedelta(hours=1), ends_at=NOON + timedelta(hours=1)),
        sent(),
    ),
    "starts earlier": (booking(starts_at=NOON - timedelta(minutes=1)), sent()),
    "ends later": (booking(ends_at=NOON + timedelta(hours=2)), sent()),
    "starts and ends later": (booking(**LATER), sent()),
    "left as it is": (booking(**LATER), sent(), left(**LATER)),
    "left, and then moved again": (booking(**LATER), sent(), left()),
    "for another place": (booking(location_id="10332"), sent()),
    "for a place without destination": (no_destination, sent()),
    "for another ID": (booking(id_answer="G87654321"), patron(asked_id="G87654321"), sent()),
    "for the same ID, written small": (sent(primary_id="g12345678"),),
    "sent before IDs were kept": (sent(primary_id=None),),
    "sent before times were kept": (sent(starts_at=None, ends_at=None),),
    "sent before starts were kept": (sent(starts_at=None),),
    "sent before ends were kept": (sent(ends_at=None),),
    "sent before places were kept": (sent(destination=None),),
    "sent before cards were kept": (sent(barcode=None),),
    "moved by a check-in": (booking(starts_at=NOON - timedelta(minutes=9), check_in="in"), sent()),
    "tentative after": (
        booking(status="Tentative"),
        booking(ends_at=NOON + timedelta(hours=2)),
        sent(),
    ),
    "a new card": (patron(barcode="2"), sent()),
    "a new card, left": (patron(barcode="2"), sent(), CARD_2_LEFT),
    "another new card": (patron(barcode="3"), sent(), CARD_2_LEFT),
    "no card any more": (patron(PatronState.NO_BARCODE, barcode=None), sent()),
    "moved about": (cached(held=True),),
    "moved about, left": (cached(held=True), left()),
    "moved about, without destination": (no_destination, cached(held=True)),
    "several people": (several_people,),
    "several people, how many isn't known": (in_passagepoint(),),
    "several people, one of them told": (in_passagepoint("1"),),
    "several people of an older card": (in_passagepoint("1", "2", barcode="9"),),
    "several people, one chosen": (in_passagepoint("1", "2", chosen="2"),),
    "several people, refused": (sent(SendState.REFUSED), several_people),
    "destination unknown to PassagePoint": (facts(lacks_destination=True),),
    "refused": (sent(SendState.REFUSED, reason="No."),),
    "refused, in a category that wasn't kept": (sent(SendState.REFUSED, category=""),),
    "refused at a time that wasn't kept": (sent(SendState.REFUSED, starts_at=None, ends_at=None),),
    "refused with another ID": (sent(SendState.REFUSED, primary_id="G2"),),
    "refused, over": (over, sent(SendState.REFUSED)),
    "refused, tried and free again": (tried(), sent(SendState.REFUSED, destination="Another Desk")),
    "nobody asked yet": (facts(patron=None),),
    "could not ask": (patron(PatronState.COULD_NOT_ASK, reason="Alma is away."),),
    "no ID": (booking(id_answer=" "),),
    "ID not valid": (booking(id_answer="12345"),),
    "not in Alma": (patron(PatronState.NOT_IN_ALMA, reason="No zone knows it."),),
    "no barcode": (patron(PatronState.NO_BARCODE, barcode=None),),
    "inactive": (patron(PatronState.INACTIVE, reason="It expired."),),
    "inactive, Alma says no more": (patron(PatronState.INACTIVE),),
    "name differs": (named("Zoe", "Quill"),),
    "name differs, shares the e-mail": (named("Zoe", "Quill"), facts(shares_email=lambda: True)),
    "two people": (booking(person="1"),),
    "blocked, shown only": (patron(active_block="Fines"),),
    "held back": (hold(),),
    "held back, with a step": (hold(next_step="Wait."),),
    "held back, by hand only": (hold(by_hand=True),),
    "held back, perhaps registered": (hold(may_be_registered=True),),
    "held back, without ID": (booking(id_answer=""), hold(may_be_registered=True)),
    "held back, registered": (hold(), sent()),
    "held back and refused": (hold(), sent(SendState.REFUSED, reason="No.")),
    "held back, a try failed": (tried(), hold()),
    "forgotten": (facts(is_forgotten=True),),
    "unticked": (unticked,),
    "unticked, over": (unticked, over),
    "unticked, left": (unticked, facts(is_forgotten=True)),
    "no destination": (no_destination,),
    "no destination, over": (no_destination, over),
    "an event": (EVENT,),
    "an event with its title": (TITLED,),
    "an event, wanted all the same": (EVENT, FORCED),
    "an event, cancelled, was wanted": (
        EVENT,
        booking(status="Cancelled"),
        decided(Action.REGISTER_NOW, seen_status("Cancelled")),
    ),
    "an event, over": (EVENT, over),
    "an event, wanted and over": (EVENT, FORCED, over),
    "an event, registered": (EVENT, sent()),
    "an event, not confirmed": (EVENT, booking(status="Tentative")),
    "tentative": (booking(status="Mediated Tentative"),),
    "tentative, over": (over, booking(status="Tentative")),
    "unknown status": (booking(status="Arranged"),),
    "over, unseen": (over,),
    "over, seen just at its end": (over, cached(first_seen_at=NOW - timedelta(hours=1))),
    "over, seen": (over, LONG_KNOWN),
    "over, a try failed": (over, LONG_KNOWN, tried()),
    "over, held back": (over, LONG_KNOWN, hold()),
    "over, tried and held back": (over, LONG_KNOWN, tried(), hold()),
    "over, not in Alma": (
        over,
        LONG_KNOWN,
        patron(PatronState.NOT_IN_ALMA, reason="No zone knows it."),
        tried(),
    ),
    "over, left": (over, LONG_KNOWN, facts(is_forgotten=True)),
}
AT_ANOTHER_TIME_OR_LIBRARY: dict[str, tuple[tuple[Change, ...], datetime, Rules]] = {
    "late": ((LONG_KNOWN,), LATE, RULES),
    "just seen and late": ((), LATE, RULES),
    "a try failed, late": ((tried(),), LATE, RULES),
    "cancelled by LibCal once begun": (
        (booking(status="Cancelled by System"), sent()),
        NOON,
        RULES,
    ),
    "cancelled by LibCal before": (
        (booking(status="Cancelled by System"), sent()),
        NOON - timedelta(seconds=1),
        RULES,
    ),
    "replaced once begun": (
        (booking(status="Cancelled by System"), cached(old_visit=True), sent()),
        NOON,
        RULES,
    ),
    "cancelled by a reader once begun": ((OFF, sent()), NOON, RULES),
    "nobody asked yet, late": ((LONG_KNOWN, facts(patron=None)), LATE, RULES),
    "could not ask, late": ((LONG_KNOWN, patron(PatronState.COULD_NOT_ASK)), LATE, RULES),
    "not in Alma, no button helps in time": (
        (LONG_KNOWN, patron(PatronState.NOT_IN_ALMA)),
        LATE,
        RULES,
    ),
    "blocked": ((patron(active_block="Fines"),), NOW, HEEDS_BLOCKS),
    "not blocked": ((), NOW, HEEDS_BLOCKS),
    "held back, late": ((LONG_KNOWN, hold()), LATE, RULES),
    "held back, by hand only, late": ((LONG_KNOWN, hold(by_hand=True)), LATE, RULES),
    "just over": ((LONG_KNOWN,), NOON + timedelta(hours=1), RULES),
    "nearly over": ((LONG_KNOWN,), NOON + timedelta(minutes=59), RULES),
    "beside others": ((), NOW, BESIDE_OTHERS),
    "beside others, without ID": ((booking(id_answer=""),), NOW, BESIDE_OTHERS),
    "beside others, nobody asked yet": ((facts(patron=None),), NOW, BESIDE_OTHERS),
    "beside others, cancelled": ((OFF,), NOW, BESIDE_OTHERS),
    "beside others, over": ((over, LONG_KNOWN), NOW, BESIDE_OTHERS),
}
EACH = {name: (changes, NOW, RULES) for name, changes in CASES.items()} | AT_ANOTHER_TIME_OR_LIBRARY
READS = {
    name: said
    for name, *said in (
        part.splitlines()
        for part in Path(__file__)
        .with_name("what_the_desk_reads.txt")
        .read_text(encoding="utf-8")
        .strip()
        .split("\n\n")
    )
}


def said_of(row: BookingRow) -> list[str]:
    """Without the lines that say nothing."""
    states = f"{row.passagepoint} {row.group} {row.tone}: {row.label}"
    offers = ", ".join(one.label for one in row.offers)
    buttons = f"[{row.action.label if row.action else '-'}] {offers}".rstrip()
    said = [f"= {states}", f"= {buttons}", f"? {row.reason}", f"> {row.next_step}"]
    return [line for line in said if line not in ("? None", "> ", "= [-]")]


def test_each_case_has_its_words() -> None:
    assert list(READS) == list(EACH)


@pytest.mark.parametrize("name", EACH)
def test_what_the_desk_reads(name: str) -> None:
    changes, now, rules = EACH[name]
    assert said_of(verdict_of(*changes, now=now, rules=rules).row) == READS[name]
