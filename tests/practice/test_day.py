"""The made-up day: everything that can happen, the same each time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from core.domain.same_person import FullName, Likeness, likeness
from core.domain.status import LibCalState, libcal_state
from core.practice.day import PracticeDay, make_big_day, make_day
from core.practice.maker import CATEGORIES, MAIN
from core.practice.records import FIELD_MISSING, Person
from tests.builders import NOON, ZONE, a_config
from tests.practice.examples import person_of, row_of, rows_of

LATE = NOON.replace(hour=23, minute=30)
EARLY = NOON.replace(hour=2)


def test_the_same_seed_makes_the_same_day() -> None:
    assert make_day(NOON, ZONE, seed=3) == make_day(NOON, ZONE, seed=3)


def test_another_seed_makes_another_day(day: PracticeDay) -> None:
    assert make_day(NOON, ZONE, seed=8).keys != day.keys


def test_a_day_has_as_many_bookings_as_asked_for(day: PracticeDay) -> None:
    assert len(day.keys) == 140


def test_every_trouble_is_there_however_few_bookings_are_asked_for(day: PracticeDay) -> None:
    assert make_day(NOON, ZONE, bookings=0).kinds.keys() == day.kinds.keys() - {"plain"}


@pytest.mark.parametrize("now", [EARLY, NOON, LATE])
def test_every_booking_starts_on_the_day(now: datetime) -> None:
    day = make_day(now, ZONE)
    assert {row.starts_at.astimezone(ZONE).date() for row in day.rows} == {NOON.date()}
    assert all(row.ends_at > row.starts_at for row in day.rows)


def test_at_noon_bookings_are_over_running_and_coming(day: PracticeDay) -> None:
    over = sum(row.ends_at <= NOON for row in day.rows)
    coming = sum(row.starts_at > NOON for row in day.rows)
    assert over > 10
    assert coming > 50
    assert len(day.rows) - over - coming > 10


def test_most_bookings_can_be_registered(day: PracticeDay) -> None:
    settings = a_config().libcal
    blocked = {"no_destination", "not_in_alma", "no_active_barcode", "no_barcode", "name_differs"}
    blocked |= {kind for kind in day.kinds if kind.startswith(("answer_", "account_"))}
    blocked |= {"category_refused", "barcode_refused", "two_people_one_barcode"}
    blocked -= {"answer_lower_case", "answer_padded", "answer_list", "account_without_status"}
    bad_ids = {book_id for kind in blocked for book_id in day.kinds[kind]}
    good = {
        row.key
        for row in day.rows
        if libcal_state(row.status, settings.register_statuses) is LibCalState.LIVE
        and row.book_id not in bad_ids
    }
    assert 105 <= len(good) <= 125


def test_answers_to_the_id_question_come_in_every_odd_shape(day: PracticeDay) -> None:
    answers = {kind: row_of(day, f"answer_{kind}").answer for kind in ("missing", "null", "blank")}
    assert answers == {"missing": FIELD_MISSING, "null": None, "blank": ""}
    for kind in ("lower_case", "too_short", "padded"):
        answer = row_of(day, f"answer_{kind}").answer
        assert isinstance(answer, str)
        assert not is_whole_id(answer)
    assert isinstance(row_of(day, "answer_list").answer, tuple)


def is_whole_id(answer: str) -> bool:
    return re.fullmatch(a_config().libcal.primary_id_pattern, answer) is not None


def test_a_person_may_be_unknown_to_alma(day: PracticeDay) -> None:
    with pytest.raises(LookupError):
        person_of(day, "not_in_alma")


def test_a_person_may_be_known_in_the_second_zone_only(day: PracticeDay) -> None:
    assert person_of(day, "in_law_only").zone == "Law"


def test_barcodes_may_be_missing_inactive_or_second(day: PracticeDay) -> None:
    assert person_of(day, "no_barcode").cards == ()
    assert person_of(day, "no_active_barcode").barcode is None
    assert person_of(day, "no_active_barcode").cards
    second = person_of(day, "first_barcode_inactive")
    assert second.cards[0].status == "INACTIVE"
    assert second.barcode == second.cards[1].barcode
    assert (person_of(day, "leading_zeros").barcode or "").startswith("00")


def test_accounts_may_be_inactive_deleted_expired_or_silent(day: PracticeDay) -> None:
    assert person_of(day, "account_inactive").status == "INACTIVE"
    assert person_of(day, "account_deleted").status == "DELETED"
    assert person_of(day, "account_without_status").status is None
    expires_on = person_of(day, "account_expired").expires_on
    assert expires_on is not None
    assert expires_on < day.date


def test_only_the_name_that_differs_disagrees_with_alma(day: PracticeDay) -> None:
    disagreeing = set()
    for row in day.rows:
        known = [one for one in day.people if one.primary_id == row.answer]
        for one in known:
            names = (official_name(one), preferred_name(one))
            if likeness(FullName(row.first_name, row.last_name), names) is not Likeness.SAME:
                disagreeing.add(row.book_id)
    assert disagreeing == {book_id for kind in DIFFERENT for book_id in day.kinds[kind]}


DIFFERENT = (
    *("name_differs", "name_particle_only", "name_title_only", "name_missing"),
    *("name_other_script", "name_by_email"),
)


def official_name(person: Person) -> FullName:
    return FullName(person.first_name, person.last_name)


def preferred_name(person: Person) -> FullName:
    return FullName(person.preferred_first, person.preferred_last)


def test_the_preferred_name_is_needed_to_recognise_somebody(day: PracticeDay) -> None:
    row, person = row_of(day, "name_preferred"), person_of(day, "name_preferred")
    booked = FullName(row.first_name, row.last_name)
    assert likeness(booked, (official_name(person),)) is Likeness.DIFFERENT
    assert likeness(booked, (preferred_name(person),)) is Likeness.SAME


@pytest.mark.parametrize(
    ("kind", "sign"),
    [("chinese", "王"), ("arabic", "ل"), ("cyrillic", "С"), ("html", "<b>"), ("formula", "=")],
)
def test_names_come_in_other_scripts_and_with_code(day: PracticeDay, kind: str, sign: str) -> None:
    row = row_of(day, f"name_{kind}")
    assert sign in row.first_name + row.last_name


def test_a_name_is_very_long(day: PracticeDay) -> None:
    assert len(row_of(day, "name_very_long").last_name) > 60


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("mediated_approved", LibCalState.LIVE),
        ("cancelled", LibCalState.CANCELLED),
        ("cancelled_by_user", LibCalState.CANCELLED),
        ("cancelled_by_system", LibCalState.CANCELLED),
        ("denied", LibCalState.DENIED),
        ("tentative", LibCalState.TENTATIVE),
        ("mediated_tentative", LibCalState.TENTATIVE),
        ("unknown_status", LibCalState.UNKNOWN),
    ],
)
def test_every_state_of_libcal_occurs(day: PracticeDay, kind: str, state: LibCalState) -> None:
    statuses = a_config().libcal.register_statuses
    assert libcal_state(row_of(day, kind).status, statuses) is state


def test_one_booking_has_several_seats(day: PracticeDay) -> None:
    rows = rows_of(day, "several_seats")
    assert len({row.key for row in rows}) == 1
    assert len({row.seat_name for row in rows}) == len(rows) == 3


def test_one_booking_comes_back_under_two_locations(day: PracticeDay) -> None:
    rows = rows_of(day, "two_locations")
    assert len({row.key for row in rows}) == 1
    assert len({row.lid for row in rows}) == 2


def test_a_series_has_the_same_id_on_other_days(day: PracticeDay) -> None:
    row = row_of(day, "series")
    others = [one for one in day.other_days if one.book_id == row.book_id]
    assert {one.starts_at - row.starts_at for one in others} == {
        timedelta(days=1),
        timedelta(days=7),
    }


def test_one_booking_crosses_midnight(day: PracticeDay) -> None:
    row = row_of(day, "over_midnight")
    assert row.ends_at.date() > row.starts_at.date()


def test_some_people_have_arrived_already(day: PracticeDay) -> None:
    assert row_of(day, "checked_in").check_in == "in"
    assert row_of(day, "checked_out").check_in == "out"


def test_nobody_has_arrived_for_a_plain_booking_that_lies_ahead(day: PracticeDay) -> None:
    ahead = [row for row in rows_of(day, "plain") if row.starts_at > NOON]
    assert {row.check_in for row in ahead} == {"-"}


def test_passagepoint_knows_one_barcode_once_and_one_twice(day: PracticeDay) -> None:
    known = person_of(day, "known_visitor").barcode
    twice = person_of(day, "two_people_one_barcode").barcode
    assert {barcode: len(ids) for barcode, ids in day.visitors.items()} == {known: 1, twice: 2}


def test_passagepoint_refuses_one_barcode(day: PracticeDay) -> None:
    assert day.refused_barcodes == {person_of(day, "barcode_refused").barcode}


def test_one_group_leads_to_a_category_that_passagepoint_refuses(day: PracticeDay) -> None:
    assert CATEGORIES[person_of(day, "category_refused").user_group] == "Affiliate"


def test_one_person_has_several_bookings(day: PracticeDay) -> None:
    rows = rows_of(day, "several_bookings")
    assert len({row.answer for row in rows}) == 1
    assert len({row.book_id for row in rows}) == 3


def test_one_location_has_no_destination(day: PracticeDay) -> None:
    lids = {row.lid for row in rows_of(day, "no_destination")}
    assert [place.destination for place in day.places if place.lid in lids] == [None]


def test_a_series_keeps_its_time_of_day_over_a_clock_change() -> None:
    before_change = datetime(2026, 10, 31, 12, tzinfo=ZONE)
    day = make_day(before_change, ZONE)
    row = row_of(day, "series")
    tomorrow = next(one for one in day.other_days if one.book_id == row.book_id)
    assert tomorrow.starts_at.time() == row.starts_at.time()
    assert tomorrow.starts_at.utcoffset() != row.starts_at.utcoffset()


def test_a_booking_lasts_real_hours_over_a_clock_change() -> None:
    day = make_day(datetime(2026, 10, 31, 12, tzinfo=ZONE), ZONE)
    row = row_of(day, "over_midnight")
    assert row.ends_at.astimezone(UTC) - row.starts_at.astimezone(UTC) == timedelta(hours=2)


def test_a_big_day_is_plain_and_has_fewer_people_than_bookings() -> None:
    big = make_big_day(NOON, ZONE, 500)
    assert len(big.keys) == 500
    assert len(big.people) == 300
    assert big.kinds.keys() == {"plain"}


def test_a_big_day_of_nothing_is_empty() -> None:
    assert make_big_day(NOON, ZONE, 0).rows == ()


def test_most_bookings_are_in_the_main_library(day: PracticeDay) -> None:
    assert sum(row.lid == MAIN for row in day.rows) > 70
