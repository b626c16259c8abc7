"""Whose row a booking is where two people have one ``bookId`` and start."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from core.day.same_key import keyed_as_known
from core.domain.models import Booking, BookingKey, CachedBooking
from tests.builders import NOON, a_booking


def person(name: str, part: str = "") -> Booking:
    """``a`` … is who it is; ``-`` says nothing of who, ``a?`` no ID; ``a+`` has a new ID, ``a*`` a
    new e-mail."""
    who = name.rstrip("+*?")
    if who == "-":
        return a_booking(id_answer="", email="", person=part)
    answer = "" if "?" in name else f"G-{who}{'9' if '+' in name else ''}"
    email = f"{who}{'9' if '*' in name else ''}@example.edu"
    return a_booking(id_answer=answer, email=email, person=part)


def rows(*names: str) -> list[CachedBooking]:
    """``a``, or ``a1`` with its number in the key."""
    found = []
    for name in names:
        part = name[-1] if name[-1].isdigit() else ""
        found.append(CachedBooking(name, person(name.removesuffix(part), part), NOON))
    return found


def came(*names: str) -> list[Booking]:
    """Numbered as they are folded: nobody who is alone."""
    parts = [str(number) for number, _ in enumerate(names, 1)] if len(names) > 1 else [""]
    return [person(name, part) for name, part in zip(names, parts, strict=True)]


@pytest.mark.parametrize(
    ("known", "answer", "after"),
    [
        # Alone, whoever it is: the key alone decides.
        ((), ("a",), {"": ("a", "")}),
        (("a",), ("a",), {"": ("a", "")}),
        (("a",), ("b",), {"": ("b", "")}),
        # Two for the first time.
        ((), ("a", "b"), {"1": ("a", "1"), "2": ("b", "2")}),
        (("a",), ("a", "b"), {"": ("a", "1"), "2": ("b", "2")}),
        (("a",), ("b", "a"), {"": ("a", "1"), "2": ("b", "2")}),
        # Two, in either order.
        (("a1", "b2"), ("a", "b"), {"1": ("a", "1"), "2": ("b", "2")}),
        (("a1", "b2"), ("b", "a"), {"1": ("a", "1"), "2": ("b", "2")}),
        # One of them says something else now; both can't be told then.
        (("a1", "b2"), ("b", "a+"), {"1": ("a+", "1"), "2": ("b", "2")}),
        (("a1", "b2"), ("b", "c"), {"1": ("c", "1"), "2": ("b", "2")}),
        (("a1", "b2"), ("c", "d"), {"3": ("c", "3"), "4": ("d", "4")}),
        (("a1", "b2"), ("b", "-"), {"1": ("-", "1"), "2": ("b", "2")}),
        # A third.
        (
            ("a1", "b2"),
            ("c", "b", "a"),
            {"1": ("a", "1"), "2": ("b", "2"), "3": ("c", "3")},
        ),
        # One is left, and the other comes back.
        (("a1", "b2"), ("a",), {"1": ("a", "")}),
        (("a1", "b2"), ("b",), {"2": ("b", "")}),
        (("a", "b2"), ("a", "b"), {"": ("a", "1"), "2": ("b", "2")}),
        (("a1", "b2"), ("c",), {"": ("c", "")}),
        (("b2",), ("c",), {"2": ("c", "")}),
        # Who says it is whom goes before who says nothing.
        (("a1", "b2"), ("-", "a"), {"1": ("a", "1"), "2": ("-", "2")}),
        (("a?1", "b2"), ("-", "a"), {"1": ("a", "1"), "2": ("-", "2")}),
        (("-1", "a2"), ("a", "b"), {"2": ("a", "2"), "1": ("b", "1")}),
        (("-1", "b2"), ("c", "-"), {"1": ("c", "1"), "2": ("-", "2")}),
        (("-1", "d2"), ("a", "c"), {"1": ("a", "1"), "2": ("c", "2")}),
        (("a1", "b2"), ("a*", "c"), {"3": ("a*", "3"), "4": ("c", "4")}),
    ],
)
def test_each_booking_has_the_key_of_its_row(
    known: Sequence[str], answer: Sequence[str], after: dict[str, tuple[str, str]]
) -> None:
    by_key = {row.booking.key: row for row in rows(*known)}
    keyed = keyed_as_known(came(*answer), by_key)
    assert keyed == {
        BookingKey("cs_1", NOON, part): person(name, number)
        for part, (name, number) in after.items()
    }


def test_other_bookings_are_left_alone() -> None:
    other = a_booking("cs_2")
    keyed = keyed_as_known([*came("a", "b"), other], {})
    assert keyed[BookingKey("cs_2", NOON)] is other
    assert len(keyed) == 3


def test_what_has_the_other_start_is_another_booking() -> None:
    known = {row.booking.key: row for row in rows("a1", "b2")}
    later = a_booking("cs_1", NOON.replace(hour=15), id_answer="G-a", email="a@example.edu")
    assert keyed_as_known([later], known) == {later.key: later}


def test_the_same_persons_other_booking_is_no_row_of_this_one() -> None:
    elsewhere = CachedBooking("x", a_booking("cs_2", id_answer="G-a", email="a@example.edu"), NOON)
    known = {row.booking.key: row for row in (elsewhere, *rows("a1", "b2"))}
    keyed = keyed_as_known(came("a", "b"), known)
    assert [key.person for key in keyed] == ["1", "2"]
    assert {key.book_id for key in keyed} == {"cs_1"}
