"""What the public types into a form, and what nobody asked for: it stays data."""

from __future__ import annotations

import dataclasses
import logging
import unicodedata
from pathlib import Path

import pytest

import core.practice.alma as practice_alma
import core.practice.libcal as practice_libcal
from core.day.report_text import report_json, report_text
from core.domain.status import Action, Group, PassState
from core.domain.text import clean, shortened
from core.domain.university_id import meant
from core.practice.records import Card, LibCalRow, Person, PracticePlace
from core.settings.as_plain import content_of
from tests.e2e.library import Library, act, row_of

IDS = {
    "another path": "../conf/test",
    "a parameter": "G1?apikey=x",
    "encoded dots": "%2e%2e/",
    "dots": "..",
    "dots and a slash": "../",
    "many slashes": "//evil.example.edu/x",
    "a whole address": "http://evil.example.edu/",
    "a fragment": "G1#x",
    "a backslash": "..\\conf",
    "a semicolon": "G1;view=full",
    "a line break": "G1\r\nX-Evil: 1",
    "a NUL": "G1\x00",
    "a lone surrogate": "G1\ud800",
    "right to left": "G1\u202e54321",
    "SQL": "'; DROP TABLE appts; --",
    "a formula": "=HYPERLINK(1)",
    "HTML": "<img src=x onerror=alert(1)>",
    "a template": "{0.__class__} %s %(x)s",
    "only blanks": " \t ",
    "a long one": "G" + "1" * 5_000,
    "another script": "Ｇ１２３４５６７８",
}
NAMES = {
    "a megabyte": "N" * 1_000_000,
    "control characters": "\x1b]0;evil\x07\x1b[2J\x08",
    "line breaks": "Eve\r\nRegistered 14:06",
    "right to left": "\u202eevE\u2066",
    "HTML": "<b>Eve</b><script>alert(1)</script>",
    "a formula": '=cmd|"/c calc"!A1',
    "SQL": "Robert'); DROP TABLE bookings;--",
    "a lone surrogate": "Eve\udfff",
    "a NUL": "E\x00ve",
    "a format": "%s{}{0!r}%n",
}


@pytest.fixture
def no_bugs(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Whatever is logged as a bug fails ``check_no_bugs``."""
    caplog.set_level(logging.DEBUG)
    return caplog


def check_no_bugs(log: pytest.LogCaptureFixture) -> None:
    ours = [one for one in log.records if one.name.startswith("core.")]
    assert [one.getMessage() for one in ours if one.levelno >= logging.WARNING] == []


def everyone_may_book(library: Library) -> None:
    """A pattern so wide that every text goes to Alma."""
    pattern = {"primary_id_pattern": r"(?s).+"}
    library.settings["LibCal"] = content_of(library.services.config().libcal) | pattern


@pytest.mark.parametrize("hostile", IDS.values(), ids=IDS)
def test_an_id_from_the_form_reaches_no_other_address(
    library: Library, no_bugs: pytest.LogCaptureFixture, hostile: str
) -> None:
    everyone_may_book(library)
    good = library.book()
    bad = library.book(answer=hostile)
    report = library.open().log_new_bookings()
    assert row_of(report, good.book_id).group is Group.REGISTERED
    assert row_of(report, bad.book_id).group is Group.NEEDS_PERSON
    check_calls(library, hostile)
    check_no_bugs(no_bugs)
    report_json(report).encode()


@pytest.mark.parametrize("hostile", IDS.values(), ids=IDS)
def test_an_id_typed_or_scanned_at_the_desk_reaches_no_other_address(
    library: Library, no_bugs: pytest.LogCaptureFixture, hostile: str
) -> None:
    booking = library.book(answer=None)
    program = library.open()
    program.log_new_bookings()
    said = act(program, Action.CORRECT_ID, booking.book_id, id=hostile)
    assert said
    assert row_of(program, booking.book_id).group is Group.NEEDS_PERSON
    check_calls(library, hostile)
    check_no_bugs(no_bugs)


def check_calls(library: Library, hostile: str) -> None:
    """Only the calls of the program came in, and the ID whole, as one part of the path."""
    names = {call.name for call in library.services.calls}
    assert "elsewhere" not in names
    asked = {call.params["id"] for call in library.services.calls if call.name == "user"}
    good = {row.answer for row in library.services.running.rows()}
    assert {one for one in asked if one not in good} <= {
        meant(hostile),
        meant(clean(hostile)),
        meant(clean(shortened(hostile))),
    }


@pytest.mark.parametrize("hostile", NAMES.values(), ids=NAMES)
def test_a_name_from_the_form_is_only_text(
    library: Library, no_bugs: pytest.LogCaptureFixture, hostile: str
) -> None:
    library.settings["Sync"] = {"check_names": False}
    good = library.book()
    nameless = Person("G10000009", "", "", cards=(Card("2282990"),))
    library.services.add_person(nameless)
    bad = library.book(person=nameless, first_name=hostile, last_name=hostile, email=hostile)
    report = library.open().log_new_bookings()
    assert row_of(report, good.book_id).group is Group.REGISTERED
    assert row_of(report, bad.book_id).passagepoint in (PassState.REGISTERED, PassState.FAILED)
    check_no_bugs(no_bugs)
    check_terminal(report_text(report))


def check_terminal(text: str) -> None:
    """Nothing that a terminal would obey, or that turns the writing around."""
    kinds = {unicodedata.category(char) for char in text.replace("\n", "")}
    assert not kinds & {"Cc", "Cf", "Cs", "Co"}


def test_a_name_of_a_megabyte_is_kept_short_and_goes_out(library: Library) -> None:
    library.settings["Sync"] = {"check_names": False}
    nameless = Person("G10000009", "", "", cards=(Card("2282990"),))
    library.services.add_person(nameless)
    bad = library.book(person=nameless, first_name="N" * 1_000_000, last_name="M")
    row = row_of(library.open().log_new_bookings(), bad.book_id)
    assert len(row.name) < 500
    assert row.group is Group.REGISTERED


def test_an_answer_that_was_cut_short_is_no_id(library: Library) -> None:
    bad = library.book(answer="G12345678" + " " * 5_000 + "x")
    row = row_of(library.open().log_new_bookings(), bad.book_id)
    assert row.primary_id is None
    assert library.calls("user") == 0


CANARY = "kanarienvogel"


def test_what_nobody_asked_for_is_kept_nowhere(
    library: Library, monkeypatch: pytest.MonkeyPatch, no_bugs: pytest.LogCaptureFixture
) -> None:
    usual, user = practice_libcal._usual_fields, practice_alma._as_json

    def chatty_libcal(row: LibCalRow, place: PracticePlace) -> dict[str, object]:
        extra = {"q99": CANARY, "internal_notes": CANARY, "phone": [CANARY], "nickname": CANARY}
        return usual(row, place) | extra

    def chatty_alma(person: Person) -> dict[str, object]:
        contact = {"address": [{"line1": CANARY}], "phone": [{"phone_number": CANARY}]}
        notes = [{"note_text": CANARY, "user_viewable": False}]
        extra: dict[str, object] = {"contact_info": contact, "user_note": notes, "pin": CANARY}
        return user(person) | extra

    monkeypatch.setattr(practice_libcal, "_usual_fields", chatty_libcal)
    monkeypatch.setattr(practice_alma, "_as_json", chatty_alma)
    booking = library.book()
    program = library.open()
    report = program.log_new_bookings()
    assert row_of(report, booking.book_id).group is Group.REGISTERED
    shown = [repr(dataclasses.asdict(one)) for one in (report, *library.events)]
    shown += [repr(dataclasses.asdict(one)) for one in program.activity()]
    shown += [report_text(report), repr(program.held_about(str(booking.answer))), no_bugs.text]
    assert any(booking.last_name in text for text in shown)
    assert not [text for text in shown if CANARY in text]
    assert files_with(library.folder, CANARY) == []
    assert not any(CANARY in str(call.params) for call in library.services.calls)


def files_with(folder: Path, text: str) -> list[str]:
    """The files whose bytes hold ``text``."""
    files = [one for one in folder.rglob("*") if one.is_file()]
    assert files
    return [one.name for one in files if text.encode() in one.read_bytes()]
