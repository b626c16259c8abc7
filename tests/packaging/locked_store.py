"""A password store that is locked while a desktop is there: its own window asks, ours goes on."""

from __future__ import annotations

import os
import subprocess

import secretstorage

from tests.packaging.first_morning import registered_so_far
from tests.packaging.keyboard import Keyboard
from tests.packaging.package import Package, enter_secrets, served, settings_file
from tests.packaging.screen import take_picture

_STORES_PASSWORD = "test-password"  # as .ci/with-keyring has it
_ITS_WINDOW = "Unlock"


def goes_on_while_the_store_asks_for_its_password(package: Package) -> None:
    """A locked store opens a window of its own; ours is there meanwhile, and registers after it."""
    with served(package) as services, settings_file(services.settings) as config:
        enter_secrets(package, config, services)
        _lock()
        program = subprocess.Popen([package.windowed, "--config", config])
        try:
            keyboard = Keyboard()
            keyboard.wait_for("LibCal2PP")
            keyboard.wait_for(_ITS_WINDOW)
            take_picture(package.folder.parent / "locked-store.png")
            keyboard.write(_STORES_PASSWORD)
            keyboard.press("Return")
            assert registered_so_far() > 0
        finally:
            program.kill()
            program.communicate()


def _lock() -> None:
    """As after the computer slept; and let the session's programs find the screen."""
    screen = [name for name in ("DISPLAY", "XAUTHORITY") if name in os.environ]
    subprocess.run(["dbus-update-activation-environment", *screen], check=True)
    bus = secretstorage.dbus_init()
    secretstorage.get_default_collection(bus).lock()
    bus.close()
