"""heartbeat.json, diagnostics, start at login."""

from __future__ import annotations

import json
import plistlib
import sys
from contextlib import closing
from pathlib import Path

import pytest

from core.cache.sqlite_cache import SQLiteCache
from core.computer.autostart import (
    FileAutostart,
    desktop_entry,
    launch_agent,
    start_command,
    this_computers_autostart,
)
from core.computer.heartbeat import HEARTBEAT_NAME, write_heartbeat
from core.domain.errors import AppError
from core.domain.models import ServiceStatus, SyncReport
from core.engine.assembly import default_cache
from core.services.check import CheckResult
from core.setup.diagnostics import diagnostics, masked
from core.setup.draft import Draft
from tests.builders import NOON, FakeClock, a_config, a_patron


def a_report() -> SyncReport:
    statuses = {
        "LibCal": ServiceStatus("LibCal", ok=True, last_good_at=NOON),
        "Alma": ServiceStatus("Alma", ok=False, error="Priya Patel"),
    }
    return SyncReport(NOON.date(), statuses, ())


def test_heartbeat_tells_times_and_counts_and_no_names(tmp_path: Path) -> None:
    write_heartbeat(a_report(), "1.2.3", FakeClock(), tmp_path)
    text = (tmp_path / HEARTBEAT_NAME).read_text()
    content = json.loads(text)
    assert content["version"] == "1.2.3"
    assert content["complete"] is False
    assert content["services"]["LibCal"]["ok"] is True
    assert content["counts"]["total"] == 0
    assert "Patel" not in text
    assert [one.name for one in tmp_path.iterdir()] == [HEARTBEAT_NAME]


def test_a_heartbeat_that_can_not_be_written_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    write_heartbeat(a_report(), "1", FakeClock(), tmp_path / "file")
    assert "heartbeat" in caplog.text


def diagnosed(folder: Path, draft: Draft | None = None) -> str:
    draft = draft or Draft.of(a_config(Cache={"path": str(folder / "cache.db")}))
    results = [CheckResult("LibCal", ok=False, message="no.", hint="Ask it@lib.example.edu.")]
    return diagnostics(
        draft,
        results,
        open_cache=lambda: SQLiteCache(folder / "cache.db", read_only=True),
        version="1.2.3",
        now=NOON,
        log_folder=folder,
        home=Path("/home/jsmith"),
    )


def test_diagnostics_hold_what_helps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.computer.paths.config_folder", lambda: tmp_path)
    config = a_config(Cache={"path": str(tmp_path / "cache.db")})
    with closing(default_cache(config, FakeClock())) as cache:
        cache.people.remember(a_patron())
    (tmp_path / "libcal2pp.log").write_text("x\n" * 1000 + "the end\n")
    text = diagnosed(tmp_path)
    assert "LibCal2PP 1.2.3" in text
    assert "booking.library.example.edu" in text
    assert "PROBLEM LibCal: no." in text
    assert "schema version" in text
    assert "patrons: 1" in text
    assert "the end" in text
    assert text.count("x\n") < 500


def test_diagnostics_name_nobody_who_stands_in_the_settings(tmp_path: Path) -> None:
    config = a_config(
        Desk={"contacts": {"IT": "Anna Meyer, 4-6111"}}, PassagePoint={"username": "ameyer"}
    )
    text = diagnosed(tmp_path, Draft.of(config))
    assert "IT: (given)" in text
    assert "username: (given)" in text
    assert "meyer" not in text.casefold()


def test_diagnostics_without_cache_and_log_say_so(tmp_path: Path) -> None:
    text = diagnosed(tmp_path)
    assert "There is no cache" in text
    assert "There is no log." in text


def test_diagnostics_mask_whatever_slipped_through() -> None:
    said = (
        "priya@example.edu G12345678 22820001123 /home/jsmith/x l8xx9f2a7b3c4d5e6f7a8b9c0d1e 2026"
    )
    shown = masked(said, Path("/home/jsmith"))
    assert shown == "[e-mail] [number] [number] ~/x [key] 2026"


def test_start_at_login_is_a_file_that_comes_and_goes(tmp_path: Path) -> None:
    autostart = FileAutostart(tmp_path / "deep" / "x.desktop", desktop_entry(["/opt/a b/run"]))
    assert not autostart.is_on()
    autostart.switch(on=True)
    assert autostart.is_on()
    assert 'Exec="/opt/a b/run"' in (tmp_path / "deep" / "x.desktop").read_text()
    autostart.switch(on=False)
    autostart.switch(on=False)
    assert not autostart.is_on()


def test_start_at_login_that_is_locked_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AppError, match="could not be changed"):
        FileAutostart(tmp_path / "file" / "x", "").switch(on=True)


@pytest.mark.parametrize(
    ("platform", "ending"),
    [("linux", "libcal2pp.desktop"), ("win32", "LibCal2PP.cmd"), ("darwin", "edu.libcal2pp.plist")],
)
def test_each_system_has_its_own_place(
    monkeypatch: pytest.MonkeyPatch, platform: str, ending: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    autostart = this_computers_autostart(["run"])
    assert isinstance(autostart, FileAutostart)
    assert autostart._file.name == ending


def test_commands_are_written_as_each_system_reads_them() -> None:
    assert 'Exec="a\\\\b" "100%%" "\\$x"' in desktop_entry(["a\\b", "100%", "$x"])
    assert start_command(["C:\\a b\\x.exe"]) == '@start "" "C:\\a b\\x.exe"\r\n'
    assert plistlib.loads(launch_agent(["x", "<"]).encode())["ProgramArguments"] == ["x", "<"]
