"""What is held about a person is shown whole, and forgotten whole."""

from __future__ import annotations

from datetime import UTC, timedelta
from pathlib import Path

import pytest

from core.cache.base import Cache
from core.cache.schema import copy_before
from core.cache.sqlite_cache import SQLiteCache
from core.domain.check_in_state import BUT_FOR_START
from core.domain.errors import CacheReadOnly
from core.domain.models import (
    Booking,
    CachedBooking,
    Decision,
    DeskRequest,
    HistoryEntry,
    Tries,
    Visitor,
)
from core.domain.status import Action, SendState
from core.settings.config import CacheSettings
from tests.builders import NOON, FakeClock, a_booking, a_patron, a_send

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ID, BARCODE = "G99999901", "22829999"
HERS = ("Zaphodine", "Beeblebrox", "zaphodine@", ID, BARCODE, "1375999")


def _her_booking(book_id: str = "cs_1", days: float = 0, **changes: object) -> Booking:
    values: dict[str, object] = {
        "first_name": "Zaphodine",
        "last_name": "Beeblebrox",
        "email": "zaphodine@example.edu",
        "id_answer": ID.lower(),
        "seats": ("Room 7",),
    }
    return a_booking(book_id, NOON + timedelta(days=days), **(values | changes))


def _add(cache: Cache, booking: Booking) -> CachedBooking:
    return cache.bookings.add(booking, first_seen_at=NOON)


def _know_her(cache: Cache) -> None:
    names = {"names": HERS[:2], "first_name": HERS[0], "last_name": HERS[1]}
    cache.people.remember(a_patron(ID, barcode=BARCODE, **names))
    cache.people.remember_visitor(Visitor(ID, BARCODE, "1375999"))


def _register(cache: Cache, row: CachedBooking, **changes: object) -> None:
    hers = {"primary_id": ID, "barcode": BARCODE, "visitor_id": "1375999", "send_id": row.row_id}
    cache.ledger.record(a_send(row.row_id, **(hers | changes)))


def _correct(cache: Cache, row: CachedBooking, primary_id: str) -> None:
    detail = {"primary_id": primary_id}
    cache.decisions.add(
        Decision(f"d{row.row_id}", row.row_id, Action.CORRECT_ID, NOON, "jo", detail=detail)
    )


def _booking(cache: Cache, row: CachedBooking) -> Booking:
    kept = cache.bookings.get(row.row_id)
    assert kept is not None
    return kept.booking


def _traces(path: Path) -> set[str]:
    content = b"".join(file.read_bytes() for file in path.parent.iterdir()).lower()
    return {text for text in HERS if text.lower().encode() in content}


@pytest.fixture
def full(cache: Cache) -> Cache:
    """Her, with a booking long over and one to come, and somebody else's booking."""
    _know_her(cache)
    past, to_come = _add(cache, _her_booking(days=-2)), _add(cache, _her_booking(days=1))
    other = _add(cache, a_booking("cs_2"))
    for row in (past, to_come):
        _register(cache, row)
        cache.requests.store(
            DeskRequest(
                f"q{row.row_id}", Action.CORRECT_ID, row.row_id, "jo", NOON, detail={"id": ID}
            )
        )
        cache.log.add(HistoryEntry(NOON, "Registered.", "jo", row_id=row.row_id))
    _correct(cache, to_come, ID)
    cache.bookings.set_tries(to_come.row_id, Tries(1, NOON, f"{ID} failed"))
    cache.log.add(HistoryEntry(NOON, "Looked for Zaphodine BEEBLEBROX."))
    cache.log.add(HistoryEntry(NOON, f"Looked for {BARCODE}."))
    cache.log.add(HistoryEntry(NOON, "Looked for Priya Patel.", row_id=other.row_id))
    cache.requests.store(
        DeskRequest("q", Action.CORRECT_ID, other.row_id, "jo", NOON, detail={"id": BARCODE})
    )
    return cache


@pytest.mark.parametrize("text", [ID, ID.lower(), BARCODE, "beeblebrox zaphodíne"])
def test_everything_held_is_shown(full: Cache, text: str) -> None:
    held = full.retention.person.held_about(text)
    shown = " ".join(value for _, value in held)
    assert all(text in shown for text in HERS)
    assert {what for what, _ in held} == {
        "University ID",
        "Names in Alma",
        "Barcode",
        "User group",
        "Alma answered",
        "Visitor in PassagePoint",
        "Booking",
        "Visit sent",
        "Decision",
        "Request of the desk",
        "Activity log",
    }
    assert "Patel" not in shown


@pytest.mark.parametrize("text", ["", " ", "G0", "Nobody"])
def test_about_a_stranger_nothing_is_held(full: Cache, text: str) -> None:
    assert full.retention.person.held_about(text) == []


def test_a_booking_without_an_id_is_found_by_its_name(cache: Cache) -> None:
    _add(cache, _her_booking(id_answer=None))
    assert [what for what, _ in cache.retention.person.held_about("Zaphodine Beeblebrox")] == [
        "Booking"
    ]


def test_what_checks_them_in_is_shown_and_marks_of_what_was_seen_are_not(cache: Cache) -> None:
    row = _add(cache, _her_booking(check_in_codes=("7QX",), open_codes=("7QX",)))
    seen = {BUT_FOR_START: "c0ffee"}
    cache.decisions.add(Decision("d1", row.row_id, Action.LEAVE, NOON, "jo", detail=seen))
    held = " ".join(value for _, value in cache.retention.person.held_about(ID))
    assert "check-in code 7QX" in held
    assert "c0ffee" not in held


def test_times_are_for_the_edge_to_write(full: Cache) -> None:
    held = " ".join(value for _, value in full.retention.person.held_about(ID))
    assert f"{NOON.astimezone(UTC):%Y-%m-%dT%H:%M}+00:00, Registered." in held


def test_what_would_be_forgotten_is_named_and_counted(full: Cache) -> None:
    plan = full.retention.person.forget_plan(BARCODE)
    assert [name.casefold() for name in plan.names] == ["zaphodine beeblebrox"]
    assert (plan.bookings, plan.visits, plan.is_empty) == (2, 2, False)
    assert plan.log_entries == 4 + 3
    assert full.retention.person.forget_plan("G0").is_empty
    assert full.retention.person.held_about(ID)


def test_showing_changes_nothing(full: Cache) -> None:
    assert full.retention.person.held_about(ID) == full.retention.person.held_about(ID)


@pytest.mark.parametrize("identifier", [ID, f" {ID.lower()}", BARCODE])
def test_a_forgotten_person_is_in_no_file(full: Cache, path: Path, identifier: str) -> None:
    assert _traces(path) == set(HERS)
    copy_before(path, 2).write_text(ID)
    counts = full.retention.forget(identifier, now=NOON)
    assert _traces(path) == set()
    assert counts == {
        "people": 1,
        "bookings": 1,
        "bookings_reduced": 1,
        "log_entries": 4,
        "requests": 3,
    }


def test_others_are_not_touched(full: Cache) -> None:
    full.people.remember(a_patron())
    [before] = full.bookings.by_book_id("cs_2")
    full.retention.forget(ID, now=NOON)
    assert full.bookings.by_book_id("cs_2") == [before]
    assert list(full.people.patrons()) == ["G12345678"]
    assert [entry.text for entry in full.log.latest(9)] == ["Looked for Priya Patel."]


def test_a_booking_to_come_keeps_what_the_ledger_needs(cache: Cache) -> None:
    row = _add(cache, _her_booking(days=1))
    _register(cache, row)
    cache.retention.forget(ID, now=NOON)
    kept = _booking(cache, row)
    assert (kept.key, kept.ends_at, kept.status) == (
        row.booking.key,
        row.booking.ends_at,
        row.booking.status,
    )
    [send] = cache.ledger.of_rows([row.row_id])[row.row_id]
    assert (send.state, send.prereg_id) == (SendState.REGISTERED, a_send().prereg_id)


def test_libcals_next_answer_does_not_bring_a_name_back(cache: Cache) -> None:
    row = _add(cache, _her_booking())
    cache.retention.forget(ID, now=NOON + 2 * HOUR)
    cache.bookings.update(row.row_id, _her_booking(status="Cancelled by User"))
    kept = _booking(cache, row)
    assert (kept.name, kept.email, kept.id_answer, kept.seats) == ("", "", None, ())
    assert kept.status == "Cancelled by User"


def test_nothing_is_sent_for_a_forgotten_person(full: Cache) -> None:
    [row] = [one for one in full.bookings.by_book_id("cs_1") if one.booking.starts_at > NOON]
    full.retention.forget(ID, now=NOON)
    asked = {ID, ID.lower(), BARCODE, row.row_id, "G12345678"}
    assert full.forgotten.among(asked) == asked - {"G12345678"}
    assert full.forgotten.among([ID])


def test_after_the_last_booking_a_person_may_come_back(cache: Cache, clock: FakeClock) -> None:
    for days in (1, 2):
        _add(cache, _her_booking(days=days))
    cache.retention.forget(ID, now=NOON)
    clock.advance(days=2)
    assert cache.forgotten.among([ID])
    clock.advance(hours=1)
    assert not cache.forgotten.among([ID])


def test_without_a_booking_to_come_no_hash_is_left(cache: Cache) -> None:
    _know_her(cache)
    _add(cache, _her_booking())
    cache.retention.forget(ID, now=NOON + 2 * HOUR)
    assert not cache.forgotten.among([ID])


def test_nobody_is_forgotten_at_first(cache: Cache) -> None:
    assert not cache.forgotten.among([ID])


def test_clean_up_drops_the_hashes(cache: Cache) -> None:
    row = _add(cache, _her_booking(days=1))
    cache.retention.forget(ID, now=NOON)
    cache.retention.run(CacheSettings(), today_start=NOON + 9 * DAY, keep_rows=())
    assert cache.database.all(dict, "SELECT * FROM forgotten") == []
    assert cache.bookings.get(row.row_id) is None


def test_what_is_just_being_sent_is_not_taken_away(cache: Cache) -> None:
    row = _add(cache, _her_booking(days=-2))
    _register(cache, row, state=SendState.INTENT)
    cache.retention.forget(ID, now=NOON)
    cache.ledger.registered(row.row_id, "77", NOON)
    assert cache.ledger.of_rows([row.row_id])[row.row_id][0].primary_id is None


def test_a_corrected_id_makes_the_booking_that_persons(cache: Cache) -> None:
    row = _add(cache, _her_booking(days=-2, id_answer="G1234"))
    _correct(cache, row, ID)
    cache.retention.forget(ID, now=NOON)
    assert cache.bookings.get(row.row_id) is None


def test_a_mistyped_id_does_not_take_somebody_elses_booking_away(cache: Cache) -> None:
    row = _add(cache, a_booking(id_answer=ID))
    _correct(cache, row, "G12345678")
    cache.retention.forget(ID, now=NOON)
    assert _booking(cache, row) == row.booking
    assert cache.forgotten.among([row.row_id]) == set()


def test_a_mistyped_id_goes_once_the_booking_is_over(cache: Cache, path: Path) -> None:
    row = _add(cache, a_booking(id_answer=ID))
    _correct(cache, row, "G12345678")
    cache.retention.forget(ID, now=NOON + HOUR)
    assert _booking(cache, row).id_answer is None
    assert _traces(path) == set()


def test_an_old_visit_belongs_to_whom_it_was_sent_for(cache: Cache) -> None:
    row = _add(cache, a_booking(id_answer="G12345678"))
    _register(cache, row)
    old = cache.bookings.split_old_visit(row.row_id, at=NOON)
    cache.retention.forget(ID, now=NOON)
    assert _booking(cache, row) == row.booking
    assert _booking(cache, old).name == ""


def test_a_booking_without_an_id_goes_by_the_same_email(cache: Cache) -> None:
    _add(cache, _her_booking(days=-2))
    row = _add(cache, _her_booking(days=-3, id_answer=" ", first_name="Z."))
    cache.retention.forget(ID, now=NOON)
    assert cache.bookings.get(row.row_id) is None


def test_the_hash_needs_the_caches_own_key(cache: Cache, tmp_path: Path) -> None:
    def hashes(one: Cache) -> list[str]:
        _add(one, _her_booking(days=1))
        one.retention.forget(ID, now=NOON)
        return one.database.all(lambda row: str(row["hash"]), "SELECT hash FROM forgotten")

    with SQLiteCache(tmp_path / "other.db", clock=FakeClock()) as other:
        assert not set(hashes(cache)) & set(hashes(other))


def test_a_copy_that_cannot_be_deleted_is_told(cache: Cache, path: Path) -> None:
    copy_before(path, 2).mkdir()
    with pytest.raises(CacheReadOnly):
        cache.retention.forget(ID, now=NOON)


def test_what_she_was_let_in_for_is_forgotten_too(cache: Cache) -> None:
    row = _add(cache, _her_booking(days=-5))
    _correct(cache, row, ID)
    cache.retention.run(CacheSettings(), today_start=NOON, keep_rows=())
    assert [what for what, _ in cache.retention.person.held_about(ID)] == ["Decision"]
    cache.retention.forget(ID, now=NOON)
    assert cache.retention.person.held_about(ID) == []


def test_a_booking_without_an_answer_is_hers_by_her_sign_on_name(cache: Cache) -> None:
    _know_her(cache)
    row = _add(cache, _her_booking(days=-5, id_answer=None, email="", account=BARCODE))
    assert row.row_id in {one.row_id for one in cache.bookings.by_book_id("cs_1")}
    cache.retention.forget(ID, now=NOON)
    assert cache.bookings.by_book_id("cs_1") == []
