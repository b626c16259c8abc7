"""When nobody looks: the program beside its practice services, mail and web hook for real."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from email import message_from_bytes

import pytest

from core.engine.own import LibCal2PP
from core.practice.records import Person
from core.services.alerts.lookout import channel_troubles
from tests.e2e.library import Library


@pytest.fixture
def told(library: Library) -> Library:
    """The same library, which has somebody to tell."""
    library.settings["Alerts"] = library.services.alerts()
    return library


def go_on(library: Library, program: LibCal2PP, minutes: int, *, used: bool = False) -> None:
    """A pass every five minutes, and a look after each that waits for what it sends."""
    touched: datetime = library.clock.now()
    for _ in range(minutes // 5):
        library.clock.advance(minutes=5)
        program.log_new_bookings()
        program.look_after(library.clock.now() if used else touched, is_ending=True)


def _hours(count: float) -> timedelta:
    return timedelta(hours=count)


def _texts(person: Person) -> list[str]:
    cards = [card.barcode for card in person.cards]
    return [person.primary_id, person.first_name, person.last_name, *cards]


def subjects(library: Library) -> list[str]:
    return [message_from_bytes(one.content)["Subject"] for one in library.services.mail.taken]


def kinds(library: Library) -> list[object]:
    return [one["kind"] for one in library.services.hook.taken]


def test_a_service_that_is_down_is_told_by_mail_and_hook_and_so_is_its_end(told: Library) -> None:
    program = told.open()
    for row in range(3):
        told.book(start=_hours(2 + row))
    told.services.faults.add("PassagePoint", "500")
    go_on(told, program, 60, used=True)
    assert subjects(told) == ["LibCal2PP: bookings are not registered"]
    [hooked] = told.services.hook.taken
    assert (hooked["kind"], hooked["waiting"]) == ("alarm", 3)
    [mail] = told.services.mail.taken
    assert mail.logged_in
    assert b"3 bookings wait to be registered.\r\n" in mail.content
    told.services.faults.clear()
    go_on(told, program, 90, used=True)
    assert subjects(told)[1:] == ["LibCal2PP: all is well again"]
    assert kinds(told) == ["alarm", "well"]


@pytest.mark.parametrize("kind", ["teams", "slack"])
def test_teams_and_slack_get_what_they_read(library: Library, kind: str) -> None:
    library.settings["Alerts"] = library.services.alerts(webhook=kind)
    program = library.open()
    library.book(start=_hours(2))
    library.services.faults.add("PassagePoint", "500")
    go_on(library, program, 60, used=True)
    [hooked] = library.services.hook.taken
    said = json.dumps(hooked)
    assert set(hooked) == ({"text"} if kind == "slack" else {"type", "attachments"})
    assert "LibCal2PP: bookings are not registered" in said
    assert "1 booking waits to be registered." in said


def test_nothing_personal_is_in_what_leaves(told: Library) -> None:
    """Everything that is known of the readers is looked for in every byte."""
    people = [told.services.add_person() for _ in range(3)]
    program = told.open()
    for number, person in enumerate(people):
        told.book(start=_hours(1 + number), person=person)
    told.services.faults.add("Alma", "401")
    go_on(told, program, 30, used=True)
    left = b"".join(one.content for one in told.services.mail.taken).decode()
    left += json.dumps(told.services.hook.taken)
    assert "3 bookings" in left
    known = {text for person in people for text in _texts(person)}
    known |= {text for row in program.rows() for text in (row.name, row.email, row.book_id)}
    assert [text for text in known if text and text in left] == []


def test_readers_near_their_start_are_told_where_nobody_works(told: Library) -> None:
    program = told.open()
    row = told.book(start=_hours(0.4))
    told.services.set_answer(row.book_id, None)
    go_on(told, program, 20, used=True)
    assert subjects(told) == []
    go_on(told, program, 15)
    assert subjects(told) == ["LibCal2PP: readers need a person"]


def test_what_could_not_be_sent_is_kept_told_and_sent_later(told: Library) -> None:
    program = told.open()
    told.book(start=_hours(3))
    told.services.faults.add("PassagePoint", "500")
    told.services.faults.add("mail", "401")
    told.services.faults.add("hook", "500")
    go_on(told, program, 30, used=True)
    assert (subjects(told), kinds(told)) == ([], [])
    notes = channel_troubles(program._readable().alerts, program.config)
    assert [note.name for note in notes] == ["mail", "webhook"]
    assert "refused our user name or password" in notes[0].error
    assert "fault of its own" in notes[1].error
    told.services.faults.clear()
    told.services.faults.add("PassagePoint", "500")
    go_on(told, program, 10, used=True)
    assert (subjects(told), kinds(told)) == (["LibCal2PP: bookings are not registered"], ["alarm"])
    assert channel_troubles(program._readable().alerts, program.config) == []


def test_one_way_that_works_is_enough_and_the_other_is_told(told: Library) -> None:
    program = told.open()
    told.book(start=_hours(3))
    told.services.faults.add("PassagePoint", "500")
    told.services.faults.add("mail", "cut_before")
    go_on(told, program, 60, used=True)
    assert (subjects(told), kinds(told)) == ([], ["alarm"])
    [note] = channel_troubles(program._readable().alerts, program.config)
    assert note.name == "mail"


def test_a_restart_tells_nothing_twice(told: Library) -> None:
    program = told.open()
    told.book(start=_hours(5))
    told.services.faults.add("PassagePoint", "500")
    go_on(told, program, 30, used=True)
    program = told.restart(program)
    go_on(told, program, 90, used=True)
    assert kinds(told) == ["alarm"]


def test_without_anybody_to_tell_nothing_is_noted(library: Library) -> None:
    program = library.open()
    library.book(start=_hours(3))
    library.services.faults.add("PassagePoint", "500")
    go_on(library, program, 60)
    assert program._readable().alerts.all() == {}


def test_a_hook_that_sends_elsewhere_is_not_followed(told: Library) -> None:
    program = told.open()
    told.book(start=_hours(3))
    told.services.faults.add("PassagePoint", "500")
    told.services.faults.add("hook", "redirect")
    go_on(told, program, 20, used=True)
    notes = channel_troubles(program._readable().alerts, program.config)
    assert ["points to another address" in note.error for note in notes] == [True]
    assert kinds(told) == []
