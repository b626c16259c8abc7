"""IDs and names as they come in at a real desk, through the whole program."""

from __future__ import annotations

import pytest

from core.domain.status import Action, Group, PatronState
from core.practice.records import Card, Person
from tests.e2e.library import Library, act, row_of

READER = Person("G10432266", "Jörg", "Müller", cards=(Card("22820000004711"),))
WRITTEN = {
    "full width": "Ｇ１０４３２２６６",
    "invisible characters": "\u200bG1043\u00ad2266\ufeff",
    "blanks and hyphens": "g 1043-2266",
    "Arabic digits": "G١٠٤٣٢٢٦٦",
}


@pytest.fixture
def reader(library: Library) -> Person:
    return library.services.add_person(READER)


@pytest.mark.parametrize("answer", WRITTEN.values(), ids=WRITTEN)
def test_an_id_written_oddly_registers_by_itself(
    library: Library, reader: Person, answer: str
) -> None:
    booking = library.book(person=reader, answer=answer)
    row = row_of(library.open().log_new_bookings(), booking.book_id)
    assert (row.group, row.primary_id) == (Group.REGISTERED, reader.primary_id)


@pytest.mark.parametrize("typed", [*WRITTEN.values(), "2282 0000 0047 11"], ids=[*WRITTEN, "card"])
def test_correct_id_and_alma_take_the_same(library: Library, reader: Person, typed: str) -> None:
    booking = library.book(person=reader, answer=None)
    program = library.open()
    program.log_new_bookings()
    assert program.ask_alma(typed).primary_id == reader.primary_id
    assert act(program, Action.CORRECT_ID, booking.book_id, id=typed).startswith("Registered")


def test_an_id_with_a_slip_says_which_and_shows_a_whole_one(
    library: Library, reader: Person
) -> None:
    booking = library.book(person=reader, answer="G1O432266")
    program = library.open()
    row = row_of(program.log_new_bookings(), booking.book_id)
    assert row.patron is PatronState.ID_NOT_VALID
    assert row.reason == (
        "“G1O432266” contains the letter O where a digit belongs."
        " A university ID looks like G12345678."
    )
    said = act(program, Action.CORRECT_ID, booking.book_id, id="G104322")
    assert "“G104322” is too short. A university ID looks like G12345678." in said


@pytest.mark.parametrize(
    ("first", "last"),
    [("JOERG", "MUELLER"), ("Jorg", "Muller"), ("Müller", "Jörg"), ("Dr. Jörg", "Müller Jr.")],
)
def test_a_name_written_otherwise_registers_by_itself(
    library: Library, reader: Person, first: str, last: str
) -> None:
    booking = library.book(person=reader, first_name=first, last_name=last)
    assert row_of(library.open().log_new_bookings(), booking.book_id).group is Group.REGISTERED


@pytest.mark.parametrize(
    ("booked", "known"),
    [
        (("Maria", "de Souza"), ("Pedro", "de Oliveira")),
        (("Dr. Helen", "Marsh"), ("Dr. Peter", "Quill")),
        (("小明", "王"), ("Xiaoming", "Wang")),
        (("FNU", "-"), ("Priya", "Patel")),
    ],
)
def test_a_name_that_shares_no_evidence_is_never_sent_by_itself(
    library: Library, booked: tuple[str, str], known: tuple[str, str]
) -> None:
    reader = library.services.add_person(Person("G10432267", *known, cards=(Card("2282999"),)))
    booking = library.book(person=reader, first_name=booked[0], last_name=booked[1])
    row = row_of(library.open().log_new_bookings(), booking.book_id)
    assert (row.patron, row.group) == (PatronState.NAME_DIFFERS, Group.NEEDS_PERSON)
    assert library.visits == 0
