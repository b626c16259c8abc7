"""Start at login, on each system in its own way."""

from __future__ import annotations

import plistlib
import sys
from pathlib import Path

import pytest

from core.computer.autostart import (
    FileAutostart,
    desktop_entry,
    launch_agent,
    start_command,
    this_computers_autostart,
)
from core.domain.errors import AppError


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
