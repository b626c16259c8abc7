"""Companions as rows: what follows a booking, what stays, and what is told with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.day.companions import booking_with, follow_bookings
from core.day.effects import Refusal
from core.domain.models import CachedBooking, Decision, DeskRequest, RowsChanged
from core.domain.status import Action, SendState, Source
from tests.builders import NOON, a_booking
from tests.core.parts import Parts, parts_in

LATER = NOON + timedelta(hours=2)


def a_party(parts: Parts) -> tuple[CachedBooking, CachedBooking]:
    """A booking and somebody who came with it, both registered."""
    parts.take_in(a_booking("cs_1", LATER))
    parent = parts.row("cs_1")
    visit = a_booking(
        "desk-1",
        LATER,
        id_answer="G22222222",
        source=Source.COMPANION,
        parent_row_id=parent.row_id,
        destination=parts.config.libcal.destination_of("8827"),
    )
    cached = parts.cache.bookings.add(visit, first_seen_at=NOON, row_id="c1")
    let_in = Decision("d1", "c1", Action.REGISTER_VISIT, NOON, "anna")
    parts.cache.decisions.add(let_in)
    parts.book.add([cached])
    parts.sent(parent, primary_id="G12345678")
    parts.sent(cached, primary_id="G22222222", prereg_id="2")
    return parent, cached


def follow(parts: Parts) -> set[str]:
    return follow_bookings(parts.cache, parts.book, parts.clock.now())


def test_nothing_is_written_where_nothing_changed(parts: Parts) -> None:
    a_party(parts)
    assert follow(parts) == set()


def test_a_companion_follows_and_its_history_says_why(parts: Parts) -> None:
    a_party(parts)
    parts.take_in(a_booking("cs_1", LATER + timedelta(hours=1), status="Cancelled by User"))
    booking = parts.row("desk-1").booking
    assert (booking.starts_at, booking.status) == (
        LATER + timedelta(hours=1),
        "Cancelled by User",
    )
    said = " ".join(parts.texts("c1"))
    assert "moved the booking that it came with" in said
    assert "Cancelled by User" in said
    assert follow(parts) == set()


def test_one_that_was_forgotten_is_written_once(parts: Parts) -> None:
    a_party(parts)
    parts.cache.forgotten.add(["c1"], None)
    parts.book.refresh_forgotten()
    parts.take_in(a_booking("cs_1", LATER, ends_at=LATER + timedelta(hours=3)))
    assert parts.row("desk-1").booking.ends_at == LATER + timedelta(hours=3)
    assert parts.row("desk-1").booking.name == ""
    assert follow(parts) == set()


def test_one_that_was_taken_back_follows_nothing(parts: Parts) -> None:
    a_party(parts)
    parts.cache.decisions.undo("d1", NOON, "anna")
    parts.cache.bookings.set_gone("c1", NOON)
    parts.book.reload(["c1"])
    parts.take_in(a_booking("cs_1", LATER, ends_at=LATER + timedelta(hours=3)))
    assert parts.row("desk-1").gone_at == NOON
    assert parts.row("desk-1").booking.ends_at == LATER + timedelta(hours=1)


def test_who_came_with_a_booking_is_told_with_it(parts: Parts) -> None:
    """Once the booking asks for both, the companion has no button, although nobody touched it."""
    parent, companion = a_party(parts)
    parts.take_in(a_booking("cs_1", LATER, status="Cancelled by User"))
    list(parts.book.changes())
    handled = Decision("d2", parent.row_id, Action.HANDLED, NOON, "anna", seen=f"s-{parent.row_id}")
    parts.cache.decisions.add(handled)
    parts.book.reload([parent.row_id])
    [told] = parts.book.changes_of([parent.row_id])
    assert isinstance(told, RowsChanged)
    assert {row.row_id: row.action for row in told.rows} == {
        parent.row_id: None,
        companion.row_id: Action.HANDLED,
    }


def test_what_is_only_read_ahead_takes_nobody(tmp_path: Path) -> None:
    with parts_in(tmp_path, PassagePoint={"companions_per_booking": 2}) as parts:
        parts.take_in(a_booking("cs_1", LATER), a_booking("cs_2", LATER + timedelta(days=1)))
        today, tomorrow = (parts.row(name) for name in ("cs_1", "cs_2"))
        assert booking_with(parts.book, wish(today)) == today
        with pytest.raises(Refusal, match="no longer in the list"):
            booking_with(parts.book, wish(tomorrow))


def wish(parent: CachedBooking) -> DeskRequest:
    detail = {
        "parent_row_id": parent.row_id,
        "location_id": parent.booking.location_id,
        "ends_at": parent.booking.ends_at.isoformat(),
    }
    return DeskRequest("q", Action.REGISTER_VISIT, "c9", "anna", NOON, detail=detail)


def test_an_unclear_companion_counts(parts: Parts) -> None:
    parent, companion = a_party(parts)
    parts.sent(companion, send_id="s2", state=SendState.UNCLEAR, prereg_id=None)
    assert parts.book.verdict(parent.row_id).row.companions == 1


def test_gone_with_its_booking_and_back_with_it_is_said_each_time(parts: Parts) -> None:
    a_party(parts)
    parts.take_in()
    assert parts.row("desk-1").gone_at == NOON
    assert parts.texts("c1")[-1] == "The booking that it came with is gone from LibCal."
    parts.take_in(a_booking("cs_1", LATER))
    assert parts.row("desk-1").gone_at is None
    assert parts.texts("c1")[-1] == "LibCal has the booking again."


@pytest.mark.parametrize(
    ("detail", "why"),
    [
        ({"location_id": "8828"}, "at another place"),
        ({"ends_at": (LATER + timedelta(hours=2)).isoformat()}, "lasts until 15:00"),
        ({"ends_at": "soon"}, "lasts until 15:00"),
    ],
)
def test_what_the_desk_saw_has_to_be_what_is_there(
    tmp_path: Path, detail: dict[str, str], why: str
) -> None:
    with parts_in(tmp_path, PassagePoint={"companions_per_booking": 2}) as parts:
        parts.take_in(a_booking("cs_1", LATER))
        asked = wish(parts.row("cs_1"))
        with pytest.raises(Refusal, match=why):
            booking_with(parts.book, replace(asked, detail={**asked.detail, **detail}))


@pytest.mark.parametrize(("allowed", "why"), [(None, "switched off"), (1, "1 companion already")])
def test_no_more_come_than_the_settings_allow(
    tmp_path: Path, allowed: int | None, why: str
) -> None:
    with parts_in(tmp_path, PassagePoint={"companions_per_booking": allowed}) as parts:
        parent, _ = a_party(parts)
        with pytest.raises(Refusal, match=why):
            booking_with(parts.book, wish(parent))


def test_with_a_cancelled_booking_nobody_comes(tmp_path: Path) -> None:
    with parts_in(tmp_path, PassagePoint={"companions_per_booking": 2}) as parts:
        parts.take_in(a_booking("cs_1", LATER, status="Cancelled by User"))
        with pytest.raises(Refusal, match="it says “Cancelled"):
            booking_with(parts.book, wish(parts.row("cs_1")))
