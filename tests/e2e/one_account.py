"""The program in an account of its own: ``python -m tests.e2e.one_account ORDERS``, as root.

It gives root up for good before the program begins. What it needs is read before that, for the
Python that runs the tests may lie where only root may look. A window tells what its strips say, a
line of JSON each time that it changes, and does what a line on standard input says.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import select
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import core
from core.cli.command_line import Surroundings, run
from core.computer import paths
from core.settings import credentials
from core.settings.credentials import MemoryStore

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

_LATE = (
    *(f"encodings.{name}" for name in ("utf_8_sig", "idna", "ascii", "latin_1", "cp1252")),
    *("requests", "truststore", "idna", "charset_normalizer", "sqlite3", "zoneinfo._tzpath"),
    *("stringprep", "getpass", "pwd", "uuid", "logging.handlers", "tracemalloc", "linecache"),
)
_TELL_MS = 50


@dataclass(frozen=True)
class Orders:
    """Who starts what, and where this computer's folders are."""

    name: str
    uid: int
    group: int
    home: str
    machine_config: str
    machine_data: str
    argv: list[str]
    secrets: list[tuple[str, str, str]]
    window: bool = False


def main(orders: Orders) -> int:
    _read_what_is_needed(window=orders.window)
    _become(orders)
    paths.machine_config_folder = lambda: Path(orders.machine_config)
    paths.machine_data_folder = lambda: Path(orders.machine_data)
    store = MemoryStore()
    for address, user, secret in orders.secrets:
        store.set(address, user, secret)
    credentials.default_store = lambda: store
    around = Surroundings(sys.stdin, sys.stdout, sys.stderr, _open_window, store=lambda: store)
    return run(orders.argv, around)


def _read_what_is_needed(*, window: bool) -> None:
    packages = [core]
    if window:
        packages.append(importlib.import_module("gui"))
    for package in packages:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.startswith("core.practice"):
                importlib.import_module(module.name)
    for name in _LATE:
        importlib.import_module(name)


def _become(orders: Orders) -> None:
    """An account as Debian makes them: its own group is the first, the shared one another."""
    os.setgroups([orders.group])
    os.setgid(orders.uid)
    os.setuid(orders.uid)
    os.umask(0o022)
    for name in [one for one in os.environ if one.startswith(("XDG_", "DBUS_"))]:
        del os.environ[name]
    os.environ |= {"HOME": orders.home, "USER": orders.name, "LOGNAME": orders.name}
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.chdir(orders.home)


def _open_window(options: object) -> int:
    from gui.start import app

    until_closed = app._until_closed

    def told_until_closed(running: QApplication) -> int:
        teller = _Teller(running)
        code = until_closed(running)
        teller.timer.stop()
        return code

    setattr(app, "_until_closed", told_until_closed)  # noqa: B010
    return app.run_window(options)  # type: ignore[arg-type]


class _Teller:
    """Reads the strips as staff do, and presses what it is told to."""

    def __init__(self, app: QApplication) -> None:
        from PySide6.QtCore import QTimer

        self._app = app
        self._told: list[str] = []
        self.timer = QTimer()
        self.timer.timeout.connect(self.look)
        self.timer.start(_TELL_MS)

    def look(self) -> None:
        from gui.top.strips import Strips

        windows = self._app.topLevelWidgets()
        texts = [
            text
            for one in windows
            for strips in one.findChildren(Strips)
            for text in strips.texts()
        ]
        if texts != self._told:
            self._told = texts
            print(json.dumps(texts), flush=True)
        while select.select([sys.stdin], [], [], 0)[0]:
            line = sys.stdin.readline().strip()
            if line in ("", "close"):
                self._app.exit(0)  # closing asks whether to, while bookings wait
                return
            self._press(line)

    def _press(self, words: str) -> None:
        from PySide6.QtWidgets import QPushButton

        for window in self._app.topLevelWidgets():
            for button in window.findChildren(QPushButton):
                if button.text() == words:
                    button.click()
                    return
        print(json.dumps([f"There is no button {words}."]), flush=True)


if __name__ == "__main__":
    sys.exit(main(Orders(**json.loads(sys.argv[1]))))
