"""Everything that a debug-level run leaves behind, searched for secrets and personal data."""

from __future__ import annotations

import io
import logging
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from core.cache.sqlite_cache import SQLiteCache
from core.computer.logs import LOG_NAME, logging_to
from core.day.report_text import report_text
from core.domain.errors import AppError
from core.domain.status import Action
from core.engine.own import LibCal2PP
from core.practice.records import LibCalRow
from core.services.check import check_connections
from core.services.clients import mark_of
from core.services.passagepoint.requests import PassagePointRequests
from core.settings.credentials import Credentials
from core.setup.diagnostics import diagnostics
from core.setup.draft import Draft
from tests.builders import a_booking, a_patron, a_send
from tests.e2e.library import Library
from tests.promise.matrix import CELLS, SERVICE_OF, fault_of
from tests.promise.test_outcome_matrix import spoil
from tests.promise.wire import ENDINGS, Wire

ENDINGS_TRIED = sorted({cell.ending for cell in CELLS if not cell.ending.startswith("killed")})


def secrets_of(library: Library) -> list[str]:
    """Every key and password, and the tokens that the services gave out."""
    passagepoint, libcal = library.services.passagepoint, library.services.libcal
    return [
        *(secret for _, secret in library.services.secrets()),
        *passagepoint._sessions,
        *libcal._tokens,
    ]


def personal_data(rows: Iterable[LibCalRow], library: Library) -> list[str]:
    """Names, addresses, university IDs and barcodes of everybody who booked."""
    found = [part for row in rows for part in (row.first_name, row.last_name, row.email)]
    found += [str(row.answer) for row in rows]
    return [one for one in [*found, *library.services.visitors] if len(one) > 3]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """The program's own log, at its most talkative, with standard error beside it."""
    stderr = io.StringIO()
    with logging_to(tmp_path / "logs", level="debug", stderr=stderr):
        yield tmp_path / "logs" / LOG_NAME
    (tmp_path / "logs" / "stderr").write_text(stderr.getvalue())


@pytest.mark.parametrize("ending", ENDINGS_TRIED)
def test_no_log_line_of_a_debug_run_names_a_secret_or_a_person(
    library: Library, wire: Wire, log: Path, ending: str
) -> None:
    rows = library.books(3)
    program = library.open()
    for service in ("PassagePoint", "Alma", "LibCal"):
        for cell in CELLS:
            if cell.ending == ending and SERVICE_OF[cell.call] == service:
                spoil(library, wire, cell)
        program.log_new_bookings()
        library.clock.advance(minutes=16)
    for row in program.rows():
        program.act(Action.REGISTER_NOW, row.row_id)
    assert "answered" in log.read_text()
    check_clean(log.read_text(), library, rows)


def check_clean(text: str, library: Library, rows: Iterable[LibCalRow]) -> None:
    found = [one for one in [*secrets_of(library), *personal_data(rows, library)] if one in text]
    assert found == []


def test_the_diagnostics_of_a_debug_run_name_neither(library: Library, log: Path) -> None:
    rows = library.books(3)
    library.services.faults.add("createPreReg", "500", times=1)
    program = library.open()
    program.log_new_bookings()
    credentials = Credentials(program.config, library.store)
    text = diagnostics(
        Draft.of(program.config),
        check_connections(program.config, credentials, library.clock),
        open_cache=lambda: SQLiteCache(library.path, read_only=True),
        version="1",
        now=library.clock.now(),
        log_folder=log.parent,
        home=library.folder,
    )
    assert "Pass done." in text
    assert "bookings: 3" in text
    check_clean(text, library, rows)


def test_a_bug_in_a_call_is_logged_without_what_it_was_about(
    library: Library, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = library.books(2)
    program = library.open()

    def broken(_: object, **given: str) -> str:
        raise KeyError(given)

    monkeypatch.setattr(PassagePointRequests, "create_visitor", broken)
    program.log_new_bookings()
    assert "in broken" in log.read_text()
    check_clean(log.read_text(), library, rows)


def test_no_repr_shows_a_secret_or_a_person(library: Library) -> None:
    rows = library.books(2)
    program = library.open()
    report = program.log_new_bookings()
    config = program.config
    things = [
        program,
        report,
        config,
        library.store,
        library.events,
        library.services.config(),
        Credentials(config, library.store),
        program.rows(),
        program.history(report.rows[0].row_id),
        program.activity(),
        program.clean_up_plan(),
        *vars(program).values(),
    ]
    check_clean(" ".join(map(repr, things)), library, rows)


@pytest.mark.parametrize("thing", [a_booking(), a_patron(), a_send()])
def test_what_holds_personal_data_shows_its_kind_only(thing: object) -> None:
    assert repr(thing) == f"<{type(thing).__name__}>"


def test_no_error_says_a_secret_or_a_person(library: Library, wire: Wire) -> None:
    rows = library.books(2)
    program = library.open()
    for ending in ENDINGS_TRIED:
        errors = [*_errors_of(program, library, wire, ending)]
        check_clean(" ".join([*map(str, errors), *map(repr, errors)]), library, rows)


def _errors_of(program: LibCal2PP, library: Library, wire: Wire, ending: str) -> Iterator[AppError]:
    person = library.services.add_person()
    calls = program._clients.passagepoint()
    for call in ("login", "createVisitor", "createPreReg"):
        if ending in ENDINGS:
            wire.spoil(call, ending)
        elif ending != "good":
            library.services.faults.add(call, fault_of(ending))
        try:
            calls.create_visitor(
                first_name=person.first_name,
                last_name=person.last_name,
                barcode=person.barcode or "",
                category="Visitor",
            )
        except AppError as error:
            yield error
        library.services.faults.clear()
        wire.mend()
        calls.forgive()


def test_the_database_holds_no_secret(library: Library) -> None:
    library.books(2)
    program = library.open()
    library.services.faults.add("login", "401")
    program.log_new_bookings()
    content = b"".join(one.read_bytes() for one in library.folder.rglob("*") if one.is_file())
    assert [one for one in secrets_of(library) if one.encode() in content] == []


def test_the_mark_of_a_refused_secret_does_not_give_it_away() -> None:
    assert "hunter2-hunter2" not in mark_of("hunter2-hunter2")
    assert mark_of("hunter2-hunter2") != mark_of("hunter2-hunter2")


def test_neither_arguments_nor_environment_of_a_process_hold_a_secret(library: Library) -> None:
    library.books(1)
    program = library.open()
    before = dict(os.environ)
    program.log_new_bookings()
    assert dict(os.environ) == before
    said = Path("/proc/self/cmdline").read_bytes() if sys.platform == "linux" else b""
    assert [one for one in secrets_of(library) if one.encode() in said] == []


def test_a_secret_is_read_from_standard_input_and_never_an_argument() -> None:
    asked = subprocess.run(
        [sys.executable, "main.py", "--set-secret", "LibCal", "a-name", "a-secret"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 2
    assert "a-secret" not in asked.stdout


def test_the_table_for_staff_names_no_secret(library: Library) -> None:
    library.books(2)
    program = library.open()
    library.services.faults.add("createPreReg", "401")
    text = report_text(program.log_new_bookings())
    assert [one for one in secrets_of(library) if one in text] == []


def test_other_libraries_stay_silent_at_debug_level(
    library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    rows = library.books(2)
    library.open().log_new_bookings()
    lines = [one for one in caplog.records if not one.name.startswith("werkzeug")]
    check_clean(" ".join(one.getMessage() for one in lines), library, rows)
