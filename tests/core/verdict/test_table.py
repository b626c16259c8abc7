"""The table of states (docs/states.md): every row, and every pair that can hold at once."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import timedelta

import pytest

from core.domain.status import Action, Group, PatronState, SendState
from core.verdict import Rules
from core.verdict.person import seen_answer
from core.verdict.standing import seen_status
from tests.builders import NOON, a_booking, a_config
from tests.core.verdict.cases import (
    NOW,
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


@dataclass(frozen=True)
class Row:
    """A row of the table: what makes it hold, along which axes, and what it says."""

    name: str
    axes: frozenset[str]
    change: Change
    group: Group
    button: Action | None


def row(name: str, axes: str, change: Change, group: Group, button: Action | None = None) -> Row:
    return Row(name, frozenset(axes.split()), change, group, button)


# In the order of the table. Two rows that share an axis can't hold at once.
TABLE = (
    row("registering", "ledger", sent(SendState.INTENT), Group.WAITING),
    row("unticked", "place", unticked, Group.EXCLUDED),
    row("registered", "ledger", sent(), Group.REGISTERED),
    row("by hand", "ledger", decided(Action.BY_HAND), Group.REGISTERED),
    row("by file", "ledger", decided(Action.BY_FILE), Group.REGISTERED),
    row("over", "time", over, Group.EXCLUDED),
    row("unclear", "ledger", sent(SendState.UNCLEAR), Group.NEEDS_PERSON, Action.RESOLVE),
    row(
        "cancelled after",
        "ledger libcal",
        lambda facts: sent()(booking(status="Cancelled by User")(facts)),
        Group.NEEDS_PERSON,
        Action.HANDLED,
    ),
    row(
        "changed",
        "ledger place",
        sent(destination="Another Desk"),
        Group.NEEDS_PERSON,
        Action.REGISTER_ANEW,
    ),
    row(
        "card changed",
        "ledger place person",
        sent(barcode="an older card"),
        Group.NEEDS_PERSON,
        Action.REGISTER_ANEW,
    ),
    row("cancelled", "libcal", booking(status="Cancelled"), Group.EXCLUDED),
    row("denied", "libcal", booking(status="Mediated Denied"), Group.EXCLUDED),
    row("gone from LibCal", "libcal", cached(gone_at=NOW), Group.EXCLUDED),
    row("no destination", "place", no_destination, Group.EXCLUDED, Action.BY_HAND),
    row(
        "tentative",
        "libcal",
        booking(status="Mediated Tentative"),
        Group.EXCLUDED,
        Action.REGISTER_NOW,
    ),
    row("unknown status", "libcal", booking(status="New!"), Group.EXCLUDED, Action.REGISTER_NOW),
    row(
        "choose person",
        "person visitor",
        several_people,
        Group.NEEDS_PERSON,
        Action.CHOOSE,
    ),
    row(
        "refused",
        "ledger person",
        sent(SendState.REFUSED),
        Group.NEEDS_PERSON,
        Action.BY_HAND,
    ),
    row("no id", "person", booking(id_answer=None), Group.NEEDS_PERSON, Action.CORRECT_ID),
    row(
        "id not valid", "person", booking(id_answer="12345"), Group.NEEDS_PERSON, Action.CORRECT_ID
    ),
    row(
        "not in Alma",
        "person",
        patron(PatronState.NOT_IN_ALMA),
        Group.NEEDS_PERSON,
        Action.CORRECT_ID,
    ),
    row(
        "name differs",
        "person",
        named("Zoe", "Quill"),
        Group.NEEDS_PERSON,
        Action.CORRECT_ID,
    ),
    row(
        "no barcode",
        "person",
        patron(PatronState.NO_BARCODE, barcode=None),
        Group.NEEDS_PERSON,
        Action.BY_HAND,
    ),
    row("inactive", "person", patron(PatronState.INACTIVE), Group.NEEDS_PERSON, Action.BY_HAND),
    row("failed", "tries", tried(), Group.WAITING, Action.REGISTER_NOW),
    row(
        "could not ask",
        "person",
        patron(PatronState.COULD_NOT_ASK, barcode=None),
        Group.WAITING,
        Action.REGISTER_NOW,
    ),
)

# Together these make another row of the table than the first of the two.
TOGETHER = {
    ("registered", "cancelled"): "cancelled after",
    ("registered", "denied"): "cancelled after",
    ("registered", "gone from LibCal"): "cancelled after",
    ("by hand", "cancelled"): "cancelled after",
    ("by hand", "denied"): "cancelled after",
    ("by hand", "gone from LibCal"): "cancelled after",
    ("by file", "cancelled"): "cancelled after",
    ("by file", "denied"): "cancelled after",
    ("by file", "gone from LibCal"): "cancelled after",
    ("changed", "cancelled"): "cancelled after",
    ("changed", "denied"): "cancelled after",
    ("changed", "gone from LibCal"): "cancelled after",
    ("card changed", "cancelled"): "cancelled after",
    ("card changed", "denied"): "cancelled after",
    ("card changed", "gone from LibCal"): "cancelled after",
    # What stands in PassagePoint stands, whatever LibCal's word for the booking becomes.
    ("changed", "tentative"): "registered",
    ("changed", "unknown status"): "registered",
    ("card changed", "tentative"): "registered",
    ("card changed", "unknown status"): "registered",
    # A visit that was sent, and is over, stays registered.
    ("over", "cancelled after"): "registered",
    ("over", "changed"): "registered",
    ("over", "card changed"): "registered",
}
# A registered row of a place that has no destination any more is a changed one, without the
# button that would send it: it has a test of its own below.
OWN_TEST = {("registered", "no destination"), ("cancelled after", "no destination")}
NAMED = {one.name: one for one in TABLE}


def pairs() -> list[tuple[Row, Row]]:
    found = []
    for first, second in itertools.combinations(TABLE, 2):
        if first.axes & second.axes or (first.name, second.name) in OWN_TEST:
            continue
        found.append((first, second))
    return found


@pytest.mark.parametrize("one", TABLE, ids=lambda one: one.name)
def test_each_row_of_the_table(one: Row) -> None:
    seen = verdict_of(one.change).row
    assert (seen.group, seen.action) == (one.group, one.button)


@pytest.mark.parametrize(
    ("first", "second"), pairs(), ids=lambda one: one.name if isinstance(one, Row) else ""
)
def test_the_first_row_that_fits_wins(first: Row, second: Row) -> None:
    expected = NAMED[TOGETHER.get((first.name, second.name), first.name)]
    seen = verdict_of(second.change, first.change).row
    assert (seen.group, seen.action) == (expected.group, expected.button)


def test_a_plain_good_booking_waits_for_its_turn() -> None:
    verdict = verdict_of()
    assert (verdict.row.group, verdict.row.action) == (Group.WAITING, Action.REGISTER_NOW)
    assert verdict.is_ready


def test_a_registered_booking_whose_place_lost_its_destination_is_done_by_hand() -> None:
    seen = verdict_of(sent(), no_destination).row
    assert (seen.group, seen.action) == (Group.NEEDS_PERSON, Action.BY_HAND)
    assert Action.LEAVE in seen.offers


def test_an_unclear_visit_offers_to_register_again_only_while_that_makes_sense() -> None:
    assert Action.REGISTER_AGAIN in verdict_of(sent(SendState.UNCLEAR)).row.offers
    cancelled = verdict_of(sent(SendState.UNCLEAR), booking(status="Cancelled")).row
    assert Action.REGISTER_AGAIN not in cancelled.offers
    assert Action.IT_IS_NOT in cancelled.offers


def test_cancelled_by_system_once_begun_needs_nobody_and_says_until_when_it_opens() -> None:
    change = booking(status="Cancelled by System")
    before = verdict_of(sent(), change, now=NOON - timedelta(minutes=1)).row
    begun = verdict_of(sent(), change, now=NOON + timedelta(minutes=1)).row
    assert (before.group, before.action) == (Group.NEEDS_PERSON, Action.HANDLED)
    assert (begun.group, begun.action) == (Group.EXCLUDED, None)
    assert "until 13:00" in (begun.reason or "")


def test_a_handled_cancellation_is_excluded_and_registered_again_as_code() -> None:
    seen = verdict_of(sent(), booking(status="Cancelled"), decided(Action.HANDLED, "s1")).row
    assert (seen.group, seen.passagepoint.value, seen.label) == (
        Group.EXCLUDED,
        "registered",
        "Removed",
    )


def test_live_again_before_it_was_handled_is_registered_and_after_it_changed() -> None:
    assert verdict_of(sent()).row.group is Group.REGISTERED
    after = verdict_of(sent(), decided(Action.HANDLED, "s1")).row
    assert (after.passagepoint.value, after.action) == ("changed", Action.REGISTER_ANEW)


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (tried(), Group.WAITING, Group.NEEDS_PERSON),
        (cached(first_seen_at=NOON - timedelta(hours=1)), Group.WAITING, Group.NEEDS_PERSON),
        (cached(first_seen_at=NOON - timedelta(minutes=14)), Group.WAITING, Group.WAITING),
    ],
    ids=["a try failed", "an interval has passed", "just seen"],
)
def test_a_waiting_booking_needs_a_person_shortly_before_its_start(
    change: Change, before: Group, after: Group
) -> None:
    assert verdict_of(change, now=NOON - timedelta(minutes=16)).row.group is before
    assert verdict_of(change, now=NOON - timedelta(minutes=14)).row.group is after


def test_ended_without_registration_says_why() -> None:
    early = cached(first_seen_at=NOW - timedelta(hours=5))
    seen = verdict_of(over, early, booking(id_answer="")).row
    assert seen.group is Group.EXCLUDED
    assert seen.reason == "It ended without registration. The booking has no university ID."


def test_over_before_it_was_first_seen_is_nobodys_fault() -> None:
    assert verdict_of(over).row.reason == "It was over before this program first saw it."


@pytest.mark.parametrize(
    ("change", "label"),
    [
        (booking(check_in="in"), "Arrived"),
        (booking(check_in="out"), "Checked out"),
        (booking(status="Mediated Approved"), "Approved"),
        (booking(status="Mediated Denied"), "Denied"),
        (booking(status=""), "No status"),
        (cached(gone_at=NOW), "Gone from LibCal"),
        (cached(old_visit=True), "Replaced"),
    ],
)
def test_libcals_cell(change: Change, label: str) -> None:
    assert verdict_of(change).row.libcal_label == label


@pytest.mark.parametrize(
    ("changes", "label"),
    [
        ((sent(),), "Registered 11:00"),
        ((booking(id_answer=""),), "No ID"),
        ((no_destination,), "No destination"),
        ((unticked,), "Not looked after"),
        ((unticked, sent()), "Registered 11:00"),
        ((booking(status="Tentative"),), "Not confirmed"),
        ((booking(status="Arranged"),), "Other status"),
        ((booking(status="Cancelled"),), "Not needed"),
        ((sent(SendState.UNCLEAR), over), "Ended unclear"),
        ((over,), "Ended, not registered"),
        ((over, no_destination), "No destination"),
        ((tried(),), "Failed"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_passagepoints_cell(changes: tuple[Change, ...], label: str) -> None:
    assert verdict_of(*changes).row.label == label


def test_a_confirmed_booking_that_isnt_registered_here_is_not_called_unconfirmed() -> None:
    rules = Rules(a_config(LibCal={"register_statuses": ["Mediated Approved"]}))
    row = verdict_of(rules=rules).row
    assert (row.libcal_label, row.label) == ("Confirmed", "Other status")
    assert row.reason == "LibCal says “Confirmed”: registered is what is “Mediated Approved”."


def test_an_unclear_one_that_ended_says_so() -> None:
    row = verdict_of(sent(SendState.UNCLEAR), over).row
    assert row.reason == "It ended, and whether the visit was registered is not known."


def test_a_refused_visit_waits_again_when_something_else_would_be_sent() -> None:
    refused = sent(SendState.REFUSED)
    assert verdict_of(refused).row.passagepoint.value == "refused"
    for change in (
        booking(ends_at=NOON + timedelta(hours=2)),
        booking(location_id="10332"),
        patron(user_group="gw fac"),
        patron(barcode="another card"),
    ):
        assert verdict_of(refused, change).row.passagepoint.value == "waiting"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (booking(starts_at=NOON + timedelta(minutes=30)), "registered"),
        (booking(starts_at=NOON - timedelta(minutes=30)), "changed"),
        (booking(starts_at=NOON - timedelta(minutes=30), check_in="in"), "registered"),
        (booking(ends_at=NOON + timedelta(minutes=50)), "registered"),
        (booking(ends_at=NOON + timedelta(minutes=70)), "changed"),
        (booking(location_id="10332"), "changed"),
        (booking(id_answer="G87654321"), "changed"),
        (booking(id_answer="gone"), "registered"),
        (patron(barcode="a new card"), "card_changed"),
    ],
)
def test_what_was_sent_has_to_cover_the_booking(change: Change, code: str) -> None:
    assert verdict_of(change, sent()).row.passagepoint.value == code


def test_a_deleted_account_always_needs_a_person() -> None:
    rules = Rules(a_config(Alma={"inactive_account": "register"}))
    inactive = verdict_of(patron(PatronState.INACTIVE), rules=rules)
    deleted = verdict_of(patron(PatronState.INACTIVE, deleted=True), rules=rules)
    bare = verdict_of(patron(PatronState.INACTIVE, barcode=None), rules=rules)
    assert inactive.is_ready
    assert (deleted.row.group, bare.row.group) == (Group.NEEDS_PERSON, Group.NEEDS_PERSON)
    assert bare.row.patron is PatronState.NO_BARCODE


@pytest.mark.parametrize(
    ("first", "last"),
    [("Preeti", "Patel"), ("Patel", "Priyá"), ("", "PRIYA"), ("Anna", "Patel-Sen")],
)
def test_a_name_that_can_be_the_same_persons_is_enough(first: str, last: str) -> None:
    assert verdict_of(named(first, last)).is_ready


def test_another_name_that_registers_is_told() -> None:
    sister = verdict_of(named("Anjali", "Patel"))
    assert sister.is_ready
    assert sister.row.alma_name == "Anjali Patel"
    assert verdict_of(named("PRIYÁ", "Patel")).row.alma_name == ""


def test_any_name_that_alma_knows_is_enough() -> None:
    assert verdict_of(named("Zoe", "Quill", "Patel, Shiv")).is_ready
    assert not verdict_of(named("Zoe", "Quill", "Priya", "Patel")).is_ready  # single words


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ([named("Zoe", "Quill")], "belongs to Zoe Quill; the booking is for Priya Patel."),
        ([named("小明", "王")], "the booking is for Priya Patel, in another script."),
        ([named("-", "")], "belongs to (no name); the booking is for Priya Patel: nothing"),
        ([booking(first_name="FNU", last_name="")], "is for FNU: nothing to compare."),
    ],
)
def test_a_name_that_differs_says_how(changes: list[Change], says: str) -> None:
    verdict = verdict_of(*changes)
    assert verdict.person.state is PatronState.NAME_DIFFERS
    assert says in verdict.person.reason


@pytest.mark.parametrize(
    ("seats", "words"),
    [
        (("Study Room 139",), "Study Room 139"),
        (("Zone 7 · Seat 68",), "Zone 7 · Seat 68"),
        (("Zone 7 · Seat 68", "Zone 7 · Seat 69"), "Zone 7 · Seat 68, 69"),
        (("Zone 7 · Seat A", "Zone 7 · Desk B"), "Zone 7 · Seat A, Desk B"),
        (("Zone 7 · Seat 1", "Zone 8 · Seat 2"), "Zone 7 · Seat 1; Zone 8 · Seat 2"),
        ((), ""),
    ],
)
def test_rooms_and_seats_read_well(seats: tuple[str, ...], words: str) -> None:
    assert verdict_of(booking(seats=seats)).row.seats == words


def test_names_are_compared_only_where_the_library_wants_it() -> None:
    rules = Rules(a_config(Sync={"check_names": False}))
    assert verdict_of(named("Zoe", "Quill"), rules=rules).is_ready


def test_the_verdict_says_when_time_alone_changes_it() -> None:
    fresh = cached(first_seen_at=NOW)
    moments = []
    now = NOW
    for _ in range(5):
        verdict = verdict_of(fresh, now=now)
        now = verdict.valid_until
        if now.year == 9999:
            break
        moments.append(now)
    assert moments == [
        NOW + timedelta(minutes=5),
        NOON - timedelta(minutes=15),
        NOON,
        NOON + timedelta(hours=1),
    ]


def test_a_correction_holds_until_the_readers_own_answer_changes() -> None:
    wrong = booking(id_answer="oops")
    seen = seen_answer(a_booking(id_answer="oops"))
    correction = decided(Action.CORRECT_ID, seen, primary_id="G12345678")
    assert verdict_of(wrong, correction).row.primary_id == "G12345678"
    assert verdict_of(booking(id_answer="G87654321"), correction).row.primary_id == "G87654321"


def test_a_row_has_its_places_short_name() -> None:
    place = {"id": 8827, "name": "Main Library", "short_name": "Main", "destination": "Main Desk"}
    rules = Rules(a_config(LibCal={"locations": [place]}))
    assert verdict_of(rules=rules).row.place == "Main"
    assert verdict_of().row.place == ""


def test_what_the_desk_wanted_registered_is_not_once_it_is_gone_from_libcal() -> None:
    pressed = decided(Action.REGISTER_NOW, seen_status("Mediated Tentative"))
    changes = (booking(status="Mediated Tentative"), pressed)
    assert verdict_of(*changes).is_ready
    gone = verdict_of(*changes, cached(gone_at=NOW))
    assert (gone.is_ready, gone.row.group) == (False, Group.EXCLUDED)


def test_a_registered_row_says_for_which_gate_when_and_with_which_card() -> None:
    said = verdict_of(sent()).row.next_step
    assert said == (
        "Opens Main Desk from 12:00 to 13:00 with card 22820001. "
        "If the gate stays shut, compare gate, time and card."
    )
    known = Rules(a_config(PassagePoint={"card_works_minutes_before": 15}))
    assert "The card works from 11:45." in verdict_of(sent(), rules=known).row.next_step
    assert verdict_of(decided(Action.BY_HAND)).row.next_step == ""
    assert verdict_of(sent(), over).row.next_step == ""


def test_only_what_was_sent_and_still_holds_can_be_sent_a_second_time() -> None:
    assert Action.REGISTER_AGAIN in verdict_of(sent()).row.offers
    for changes in ((decided(Action.BY_HAND),), (sent(), over), (booking(status="Tentative"),)):
        assert Action.REGISTER_AGAIN not in verdict_of(*changes).row.offers
