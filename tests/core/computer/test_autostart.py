"""Start at login, on each system in its own way."""

from __future__ import annotations

import plistlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

from core.computer import autostart
from core.computer.autostart import (
    Autostart,
    FileAutostart,
    desktop_entry,
    launch_agent,
    this_computers_autostart,
)
from core.domain.errors import AppError
from tests.core.on_windows import load_on_windows


def test_start_at_login_is_a_file_that_comes_and_goes(tmp_path: Path) -> None:
    entry = FileAutostart(tmp_path / "deep" / "x.desktop", desktop_entry(["/opt/a b/run"]))
    assert not entry.is_on()
    entry.switch(on=True)
    assert entry.is_on()
    assert 'Exec="/opt/a b/run"' in (tmp_path / "deep" / "x.desktop").read_text()
    entry.switch(on=False)
    entry.switch(on=False)
    assert not entry.is_on()


def test_start_at_login_that_is_locked_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AppError, match="could not be changed"):
        FileAutostart(tmp_path / "file" / "x", "").switch(on=True)


@pytest.mark.parametrize(
    ("platform", "ending"),
    [("linux", "libcal2pp.desktop"), ("darwin", "edu.libcal2pp.plist")],
)
def test_each_system_has_its_own_place(
    monkeypatch: pytest.MonkeyPatch, platform: str, ending: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    entry = this_computers_autostart(["run"])
    assert isinstance(entry, FileAutostart)
    assert entry._file.name == ending


def test_commands_are_written_as_each_system_reads_them() -> None:
    assert 'Exec="a\\\\b" "100%%" "\\$x"' in desktop_entry(["a\\b", "100%", "$x"])
    assert plistlib.loads(launch_agent(["x", "<"]).encode())["ProgramArguments"] == ["x", "<"]


# Windows, with a stand-in for its registry


class Registry(ModuleType):
    """As much of ``winreg`` as the Run key needs; the values are under the key's own name."""

    HKEY_CURRENT_USER, REG_SZ, KEY_SET_VALUE = "HKCU", 1, 2

    def __init__(self) -> None:
        super().__init__("winreg")
        self.values: dict[tuple[str, str], str] = {}
        self.locked = False

    @contextmanager
    def OpenKey(self, root: str, name: str, access: int = 0) -> Iterator[str]:  # noqa: N802
        if self.locked:
            raise PermissionError(13, "Access is denied")
        yield f"{root}\\{name}"

    CreateKey = OpenKey

    def QueryValueEx(self, key: str, name: str) -> tuple[str, int]:  # noqa: N802
        if (key, name) not in self.values:
            raise FileNotFoundError(2, name)
        return self.values[key, name], self.REG_SZ

    def SetValueEx(self, key: str, name: str, _zero: int, kind: int, text: str) -> None:  # noqa: N802
        assert kind == self.REG_SZ, "another kind would take %x% for a variable"
        self.values[key, name] = text

    def DeleteValue(self, key: str, name: str) -> None:  # noqa: N802
        if self.values.pop((key, name), None) is None:
            raise FileNotFoundError(2, name)


@pytest.fixture
def registry() -> Registry:
    return Registry()


@pytest.fixture
def run_entry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, registry: Registry) -> Autostart:
    on_windows = load_on_windows(monkeypatch, autostart, winreg=registry)
    monkeypatch.setattr("platformdirs.user_data_path", lambda **_where: tmp_path)
    command = ["C:\\Benutzer\\Zoé 100%\\LibCal2PP.exe", "--config", "D:\\a b\\c.yml"]
    made: Autostart = on_windows.this_computers_autostart(command)
    return made


def test_on_windows_start_at_login_takes_any_path(run_entry: Autostart, registry: Registry) -> None:
    assert not run_entry.is_on()
    run_entry.switch(on=True)
    assert run_entry.is_on()
    ((key, name),) = registry.values
    assert key == "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run"
    assert registry.values[key, name] == (
        '"C:\\Benutzer\\Zoé 100%\\LibCal2PP.exe" --config "D:\\a b\\c.yml"'
    )
    run_entry.switch(on=False)
    run_entry.switch(on=False)
    assert not run_entry.is_on()


def test_on_windows_the_file_of_an_earlier_version_counts_and_goes(
    run_entry: Autostart, tmp_path: Path
) -> None:
    startup = tmp_path / "Microsoft" / "Windows" / "Start Menu" / "Programs" / "Startup"
    startup.mkdir(parents=True)
    (startup / "LibCal2PP.cmd").write_text("@start")
    assert run_entry.is_on()
    run_entry.switch(on=True)
    assert list(startup.iterdir()) == []
    assert run_entry.is_on()


def test_on_windows_a_locked_registry_is_told(run_entry: Autostart, registry: Registry) -> None:
    registry.locked = True
    assert not run_entry.is_on()
    with pytest.raises(AppError, match="could not be changed"):
        run_entry.switch(on=True)
