"""Starts the window when this account logs in: off until somebody switches it on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Protocol

import platformdirs

from core.domain.errors import AppError

_NAME = "LibCal2PP"


class Autostart(Protocol):
    """This account's list of programs to start. Every method raises ``AppError``."""

    def is_on(self) -> bool:
        """Whether this program is on it."""

    def switch(self, *, on: bool) -> None:
        """Put it there, or take it away."""


class FileAutostart:
    """A file in a folder that the desktop looks into at login: XDG on Linux, launchd on macOS."""

    def __init__(self, file: Path, text: str) -> None:
        self._file = file
        self._text = text

    def is_on(self) -> bool:
        return self._file.is_file()

    def switch(self, *, on: bool) -> None:
        try:
            if on:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                self._file.write_text(self._text, encoding="utf-8")
            else:
                self._file.unlink(missing_ok=True)
        except OSError as error:
            raise _not_changed(error) from None


class RunKey(Protocol):
    """This account's commands that Windows runs at login. Every method may raise OSError."""

    def get(self, name: str) -> str | None:
        """The command of that name."""

    def put(self, name: str, command: str) -> None:
        """Put it there; not expanded, so a ``%`` is a ``%``."""

    def remove(self, name: str) -> None:
        """Take it away; one that isn't there is no trouble."""


class RunEntry:
    """A value under Windows' Run key: any path, where a .cmd file breaks with ``é`` or ``%`` in it.

    ``before`` is that file of earlier versions: it still counts, and the next switch removes it.
    """

    def __init__(self, key: RunKey, command: list[str], *, before: Path) -> None:
        self._key = key
        self._command = subprocess.list2cmdline(command)
        self._before = before

    def is_on(self) -> bool:
        try:
            return self._key.get(_NAME) is not None or self._before.is_file()
        except OSError:
            return False

    def switch(self, *, on: bool) -> None:
        try:
            if on:
                self._key.put(_NAME, self._command)
            else:
                self._key.remove(_NAME)
            self._before.unlink(missing_ok=True)
        except OSError as error:
            raise _not_changed(error) from None


def this_computers_autostart(command: list[str]) -> Autostart:
    """The one of this operating system; ``command`` starts the window."""
    if sys.platform == "darwin":
        file = Path.home() / "Library" / "LaunchAgents" / f"edu.{_NAME.lower()}.plist"
        return FileAutostart(file, launch_agent(command))
    if sys.platform == "win32":
        roaming = platformdirs.user_data_path(appauthor=False, roaming=True)
        startup = roaming / "Microsoft" / "Windows" / "Start Menu" / "Programs" / "Startup"
        return RunEntry(windows_run_key(), command, before=startup / f"{_NAME}.cmd")
    file = platformdirs.user_config_path() / "autostart" / f"{_NAME.lower()}.desktop"
    return FileAutostart(file, desktop_entry(command))


def desktop_entry(command: list[str]) -> str:
    """The XDG autostart entry (Desktop Entry Specification)."""
    quoted = " ".join(f'"{_escaped(part)}"' for part in command)
    return (
        "[Desktop Entry]\nType=Application\n"
        f"Name={_NAME}\nExec={quoted}\nTerminal=false\nX-GNOME-Autostart-enabled=true\n"
    )


def launch_agent(command: list[str]) -> str:
    """The property list that launchd reads."""
    import plistlib

    agent = {"Label": f"edu.{_NAME.lower()}", "ProgramArguments": command, "RunAtLoad": True}
    return plistlib.dumps(agent).decode("utf-8")


def _escaped(part: str) -> str:
    for special in ("\\", '"', "`", "$"):
        part = part.replace(special, f"\\{special}")
    return part.replace("%", "%%")


def _not_changed(error: OSError) -> AppError:
    return AppError(
        f"Starting at login could not be changed: {error.strerror or 'unknown'}.",
        "IT may have locked it.",
    )


if sys.platform == "win32":  # not tried: by the documentation of winreg and of the Run key
    import winreg

    _RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"

    class _AccountsRunKey:
        def get(self, name: str) -> str | None:
            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN) as key:
                    return str(winreg.QueryValueEx(key, name)[0])
            except FileNotFoundError:
                return None

        def put(self, name: str, command: str) -> None:
            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN) as key:
                winreg.SetValueEx(key, name, 0, winreg.REG_SZ, command)

        def remove(self, name: str) -> None:
            access = winreg.KEY_SET_VALUE
            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN, access=access) as key:
                    winreg.DeleteValue(key, name)
            except FileNotFoundError:
                return

    def windows_run_key() -> RunKey:
        """The one of the account that is logged in."""
        return _AccountsRunKey()
