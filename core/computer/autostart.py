"""Starts the window when this account logs in: off until somebody switches it on."""

from __future__ import annotations

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
            raise AppError(
                f"Starting at login could not be changed: {error.strerror or 'unknown'}.",
                "IT may have locked it.",
            ) from None


def this_computers_autostart(command: list[str]) -> Autostart:
    """The one of this operating system; ``command`` starts the window."""
    if sys.platform == "darwin":
        file = Path.home() / "Library" / "LaunchAgents" / f"edu.{_NAME.lower()}.plist"
        return FileAutostart(file, launch_agent(command))
    if sys.platform == "win32":
        # A .cmd in the Startup folder: no registry, and IT can see and remove it.
        roaming = platformdirs.user_data_path(appauthor=False, roaming=True)
        startup = roaming / "Microsoft" / "Windows" / "Start Menu" / "Programs" / "Startup"
        return FileAutostart(startup / f"{_NAME}.cmd", start_command(command))
    file = platformdirs.user_config_path() / "autostart" / f"{_NAME.lower()}.desktop"
    return FileAutostart(file, desktop_entry(command))


def desktop_entry(command: list[str]) -> str:
    """The XDG autostart entry (Desktop Entry Specification)."""
    quoted = " ".join(f'"{_escaped(part)}"' for part in command)
    return (
        "[Desktop Entry]\nType=Application\n"
        f"Name={_NAME}\nExec={quoted}\nTerminal=false\nX-GNOME-Autostart-enabled=true\n"
    )


def start_command(command: list[str]) -> str:
    """What Windows runs at login."""
    quoted = " ".join(f'"{part}"' for part in command)
    return f'@start "" {quoted}\r\n'


def launch_agent(command: list[str]) -> str:
    """The property list that launchd reads."""
    import plistlib

    agent = {"Label": f"edu.{_NAME.lower()}", "ProgramArguments": command, "RunAtLoad": True}
    return plistlib.dumps(agent).decode("utf-8")


def _escaped(part: str) -> str:
    for special in ("\\", '"', "`", "$"):
        part = part.replace(special, f"\\{special}")
    return part.replace("%", "%%")
