"""A pass as a table, as JSON and as an exit code."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.day.report_text import (
    ProgressLine,
    counts_line,
    log_line,
    pass_line,
    report_exit_code,
    report_json,
    report_text,
)
from core.domain.errors import ExitCode
from core.domain.models import BookingRow, Progress, RowsRemoved, ServiceStatus, SyncReport
from core.domain.service_status import Trouble
from core.domain.status import Action, Group, LibCalState, PassState, PatronState, Tone
from tests.builders import NOON

DAY = NOON.date()


def a_row(**changes: Any) -> BookingRow:
    values: dict[str, Any] = {
        "row_id": "r1",
        "book_id": "cs_x",
        "starts_at": NOON,
        "ends_at": NOON + timedelta(hours=1),
        "name": "Priya Patel",
        "sort_name": "Patel, Priya",
        "primary_id": "G12345678",
        "id_answer": "g12345678",
        "location_id": "8827",
        "location": "Main Library",
        "seats": "Room 1",
        "destination": "Main Desk",
        "email": "priya@example.edu",
        "libcal": "Confirmed",
        "libcal_state": LibCalState.LIVE,
        "libcal_label": "Confirmed",
        "patron": PatronState.FOUND,
        "passagepoint": PassState.REGISTERED,
        "group": Group.REGISTERED,
        "label": "Registered 10:42",
        "tone": Tone.GOOD,
        "action": None,
        "offers": (),
        "reason": None,
        "next_step": "",
        "prereg_id": "137505764541148",
        "registered_at": NOON - timedelta(hours=1),
        "barcode": "22820001",
        "is_over": False,
        "is_live": True,
        "has_arrived": False,
        "is_old": False,
        "day": DAY,
        "first_seen_at": NOON,
    }
    return BookingRow(**(values | changes))


def a_report(*rows: BookingRow, **changes: Any) -> SyncReport:
    services = {name: ServiceStatus(name, ok=True) for name in ("LibCal", "Alma", "PassagePoint")}
    values: dict[str, Any] = {"day": DAY, "services": services, "rows": rows}
    return SyncReport(**(values | changes))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_table_has_a_line_for_each_booking() -> None:
    lines = report_text(a_report(a_row())).splitlines()
    assert lines[0].split("  ")[0] == "Time"
    assert lines[2] == (
        "12:00–13:00  Priya Patel  G12345678      Main Library · Room 1  "
        "Confirmed  Registered 10:42"
    )


def test_booking_that_needs_a_person_says_what_is_wrong_and_what_to_do() -> None:
    row = a_row(
        group=Group.NEEDS_PERSON,
        primary_id=None,
        id_answer=None,
        reason="No university ID was given.",
        next_step="Ask for the card.",
        action=Action.CORRECT_ID,
    )
    assert "No university ID was given. Ask for the card." in report_text(a_report(row))


def test_no_line_is_wider_than_a_terminal_and_what_to_do_stands_below_its_row() -> None:
    long = a_row(
        name="N" * 60,
        id_answer="G" * 40,
        primary_id=None,
        seats="Zone " * 20,
        group=Group.NEEDS_PERSON,
        label="Choose person",
        reason="2 people in PassagePoint have this barcode. " * 3,
        next_step="Press Choose and take the one that is the reader. " * 3,
    )
    down = ServiceStatus("Alma", ok=False, error="It did not answer. " * 30)
    lines = report_text(a_report(long, a_row(), services={"Alma": down})).splitlines()
    assert max(map(len, lines)) <= 131
    assert lines[3].strip().startswith("2 people in PassagePoint have this barcode.")
    assert [line[:11] for line in lines].count("12:00–13:00") == 2


def test_who_gave_no_id_has_a_dash() -> None:
    for answer in (None, "", "  "):
        line = report_text(a_report(a_row(primary_id=None, id_answer=answer))).splitlines()[2]
        assert line.startswith("12:00–13:00  Priya Patel  –")


def test_columns_stay_in_line_after_wide_and_combining_characters() -> None:
    rows = [a_row(name="王小明"), a_row(name="Zoe\u0301 Ng"), a_row(name="Priya Patel")]
    lines = report_text(a_report(*rows)).splitlines()[2:5]
    assert lines[0].startswith("12:00–13:00  王小明       G12345678")
    assert lines[1].startswith("12:00–13:00  Zoe\u0301 Ng       G12345678")


def test_long_names_are_cut() -> None:
    assert "王" * 13 + "…" in report_text(a_report(a_row(name="王" * 40)))


def test_control_characters_of_a_public_form_do_not_reach_the_terminal() -> None:
    assert "\x1b" not in report_text(a_report(a_row(name="\x1b[2J\r\nPriya")))


def test_tomorrows_bookings_are_listed_apart() -> None:
    text = report_text(a_report(a_row(), a_row(name="Late Bird", day=DAY + timedelta(days=1))))
    assert text.index("Priya") < text.index("Tomorrow\n") < text.index("Late Bird")


def test_counts_are_one_line_that_adds_up() -> None:
    rows = [
        a_row(group=group)
        for group in [Group.NEEDS_PERSON] * 2 + [Group.REGISTERED] * 3 + [Group.EXCLUDED]
    ]
    assert counts_line(a_report(*rows)) == (
        "6 bookings today: 2 to do, 0 waiting, 3 registered, 1 not registering"
    )


def test_day_without_bookings_says_so() -> None:
    assert report_text(a_report()).startswith("No bookings today.")


def test_failed_service_has_its_line_with_a_hint() -> None:
    down = ServiceStatus("Alma", ok=False, error="Alma did not answer.", hint="It is tried again.")
    text = report_text(a_report(services={"Alma": down}))
    assert "Alma: Alma did not answer. It is tried again." in text


def test_json_is_one_object_with_every_key() -> None:
    down = ServiceStatus("Alma", ok=False, error="Alma did not answer.")
    content = json.loads(report_json(a_report(a_row(), services={"Alma": down})))
    assert content == {
        "day": "2026-11-23",
        "services": {
            "LibCal": {"ok": True, "error": None},
            "Alma": {"ok": False, "error": "Alma did not answer."},
            "PassagePoint": {"ok": True, "error": None},
        },
        "counts": {"registered": 1, "waiting": 0, "needs_person": 0, "excluded": 0, "total": 1},
        "bookings": [
            {
                "book_id": "cs_x",
                "starts_at": "2026-11-23T12:00:00-05:00",
                "ends_at": "2026-11-23T13:00:00-05:00",
                "name": "Priya Patel",
                "primary_id": "G12345678",
                "location": "Main Library",
                "libcal": "Confirmed",
                "patron": "found",
                "passagepoint": "registered",
                "group": "registered",
                "reason": None,
                "prereg_id": "137505764541148",
            }
        ],
    }


@pytest.mark.parametrize(
    ("services", "code"),
    [
        ([ServiceStatus("Alma", ok=True)], ExitCode.DONE),
        ([ServiceStatus("Alma", ok=False, error="x")], ExitCode.INCOMPLETE),
        (
            [
                ServiceStatus("LibCal", ok=False, error="x"),
                ServiceStatus("Alma", ok=False, error="y", trouble=Trouble.REFUSED),
            ],
            ExitCode.CREDENTIALS,
        ),
    ],
)
def test_worst_service_decides_the_exit_code(services: list[ServiceStatus], code: ExitCode) -> None:
    report = a_report(services={status.service: status for status in services})
    assert report_exit_code(report) == code


def test_pass_that_was_stopped_is_incomplete_and_says_so() -> None:
    report = replace(a_report(a_row()), stopped=True)
    assert report_exit_code(report) == ExitCode.INCOMPLETE
    assert "stopped before its end" in report_text(report)
    assert "stopped" not in report_text(a_report(a_row()))


def test_pass_is_one_line_with_its_failures() -> None:
    down = ServiceStatus("Alma", ok=False, error="Alma did not answer.")
    line = pass_line(a_report(a_row(), services={"Alma": down}, new_visits=1), NOON)
    assert "1 booking today" in line
    assert "1 new visit ·" in line
    assert "Alma did not answer." in line
    assert line.count("\n") == 1


def test_log_line_leaves_a_services_own_words_out() -> None:
    refused = ServiceStatus("PassagePoint", ok=False, error="It refused: “Jo Doe is barred”.")
    line = log_line(a_report(a_row(), services={"PassagePoint": refused}))
    assert "It refused: “…”." in line
    assert "Jo" not in line


def test_progress_rewrites_one_line_on_a_terminal() -> None:
    terminal = Terminal()
    line = ProgressLine(terminal)
    line.report(Progress(3, 14))
    line.clear()
    assert terminal.getvalue().startswith("\r3 of 14 …")
    assert terminal.getvalue().endswith("\r" + " " * 30 + "\r")


def test_progress_is_not_written_into_a_file() -> None:
    stream = io.StringIO()
    line = ProgressLine(stream)
    line.report(Progress(3, 14))
    line.clear()
    assert stream.getvalue() == ""


def test_progress_line_passes_other_events_over() -> None:
    terminal = Terminal()
    ProgressLine(terminal).report(RowsRemoved(("r1",)))
    assert terminal.getvalue() == ""


def test_day_of_the_report_is_the_librarys() -> None:
    assert json.loads(report_json(a_report(day=date(2026, 1, 2))))["day"] == "2026-01-02"


def test_a_day_that_libcal_could_not_be_asked_about_is_not_empty() -> None:
    asked = datetime(2026, 11, 19, 23, 55, tzinfo=UTC)
    report = replace(a_report(), is_known=False, last_asked_at=asked)
    said = "Today isn't known yet. LibCal was last asked on Thursday, 23:55."
    assert counts_line(report) == said
    assert "No bookings today" not in report_text(report)
