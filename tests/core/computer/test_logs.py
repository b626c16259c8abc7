"""What is logged, where, and who can read it."""

from __future__ import annotations

import io
import logging
import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from core.computer.logs import LOG_NAME, logging_to

log = logging.getLogger("core.somewhere")


def logged(folder: Path) -> str:
    return (folder / LOG_NAME).read_text(encoding="utf-8")


def fail_with(value: str) -> None:
    raise KeyError(value)


def test_level_decides_what_the_file_gets(tmp_path: Path) -> None:
    with logging_to(tmp_path, level="info", stderr=io.StringIO()):
        log.info("pass begun")
        log.debug("too much")
    assert "pass begun" in logged(tmp_path)
    assert "too much" not in logged(tmp_path)


def test_log_is_continued_in_a_new_file_and_the_oldest_goes(tmp_path: Path) -> None:
    with logging_to(tmp_path, level="info", stderr=io.StringIO()):
        for number in range(8):
            log.info("%d %s", number, "x" * 990_000)
    files = sorted(file.name for file in tmp_path.iterdir())
    assert files == [LOG_NAME, *(f"{LOG_NAME}.{number}" for number in range(1, 6))]
    assert logged(tmp_path).split(": ")[1].startswith("7 ")
    assert all(file.stat().st_size < 1_000_100 for file in tmp_path.iterdir())
    if os.name == "posix":
        assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}


def test_standard_error_gets_warnings_only(tmp_path: Path) -> None:
    stderr = io.StringIO()
    with logging_to(tmp_path, level="debug", stderr=stderr):
        log.info("pass begun")
        log.warning("clock is off")
    assert stderr.getvalue() == "WARNING: clock is off\n"


@pytest.mark.skipif(os.name != "posix", reason="Windows protects the folder instead")
def test_only_the_owner_can_read_the_log(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    with logging_to(folder, level="info", stderr=io.StringIO()):
        log.info("x")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / LOG_NAME).stat().st_mode) == 0o600


def test_bug_is_logged_with_its_place_but_without_its_text(tmp_path: Path) -> None:
    stderr = io.StringIO()
    with logging_to(tmp_path, level="info", stderr=stderr):
        try:
            try:
                fail_with("G1234" + "5678")
            except KeyError as error:
                raise ValueError("priya@" + "example.edu") from error
        except ValueError:
            log.exception("A fault")
    text = logged(tmp_path)
    assert "in fail_with" in text
    assert "builtins.KeyError\nwhich led to:" in text
    assert "G12345678" not in text
    assert "priya@example" not in text
    assert stderr.getvalue() == ""


def test_without_a_file_the_traceback_goes_to_standard_error() -> None:
    stderr = io.StringIO()
    with logging_to(None, level="info", stderr=stderr):
        try:
            fail_with("G1234" + "5678")
        except KeyError:
            log.exception("A fault")
    assert "in fail_with" in stderr.getvalue()
    assert "G12345678" not in stderr.getvalue()


def test_other_libraries_loggers_are_not_connected(tmp_path: Path) -> None:
    with logging_to(tmp_path, level="debug", stderr=io.StringIO()):
        logging.getLogger("urllib3.connectionpool").warning("GET /almaws/v1/users/G12345678")
    assert "G12345678" not in logged(tmp_path)


def test_folder_that_cannot_be_written_is_said_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    stderr = io.StringIO()
    with logging_to(tmp_path / "file", level="info", stderr=stderr):
        log.info("goes on")
    assert "log can't be written" in stderr.getvalue()


def test_uncaught_bug_is_logged(tmp_path: Path) -> None:
    with logging_to(tmp_path, level="info", stderr=io.StringIO()):
        try:
            fail_with("x")
        except KeyError as error:
            sys.excepthook(KeyError, error, error.__traceback__)
    assert "A fault in the program" in logged(tmp_path)


def test_uncaught_bug_in_a_thread_is_logged(tmp_path: Path) -> None:
    with logging_to(tmp_path, level="info", stderr=io.StringIO()):
        thread = threading.Thread(target=fail_with, args=("x",))
        thread.start()
        thread.join()
    assert "in fail_with" in logged(tmp_path)


def test_ctrl_c_is_no_bug(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with logging_to(tmp_path, level="info", stderr=io.StringIO()):
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert logged(tmp_path) == ""
    assert "KeyboardInterrupt" in capsys.readouterr().err


def test_hooks_and_handlers_are_put_back(tmp_path: Path) -> None:
    before = sys.excepthook, list(logging.getLogger("core").handlers)
    with logging_to(tmp_path, level="info", stderr=io.StringIO()):
        pass
    assert (sys.excepthook, list(logging.getLogger("core").handlers)) == before


def test_a_full_log_that_another_program_holds_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(*_names: str) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(os, "rename", held)
    with logging_to(tmp_path, level="info", stderr=io.StringIO()):
        for number in range(3):
            log.info("%d %s", number, "x" * 990_000)
    numbers = [line.split(": ")[1].split()[0] for line in logged(tmp_path).splitlines()]
    assert numbers == ["0", "1", "2"]
